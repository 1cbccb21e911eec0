"""The queue as a workbook, and the answers that come back in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.faults import BadInput, Fault
from ingest.matching import Decision, in_force

if TYPE_CHECKING:
    import pandas as pd

SHEET = "review"
#: Headings of the sheet; a person fills the first.
HEADINGS = ("answer", "kind", "name", "place", "country", "likeness", "weight in events", "effect", "candidates", "key")
_WIDTHS = (12, 8, 40, 30, 9, 9, 10, 10, 80, 4)
_HELP = "the number of a candidate, the code of a NUTS2 region, or reject"
_MEND = "write one of them, or leave the cell blank"


def write_sheet(path: Path, queue: pd.DataFrame) -> None:
    """Write the queue as an .xlsx file; text that looks like a formula stays text.

    Raises
    ------
    BadInput
        When the file cannot be written.
    """
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        with xlsxwriter.Workbook(str(path), options) as book:
            sheet = book.add_worksheet(SHEET)
            bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
            plain = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
            for column, (heading, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True)):
                sheet.set_column(column, column, width, None, {"hidden": heading == "key"})
                sheet.write_string(0, column, heading, bold)
            sheet.write_comment(0, 0, _HELP)
            sheet.freeze_panes(1, 1)
            for number, row in enumerate(queue.to_dict("records"), start=1):
                sheet.write_blank(number, 0, None, plain)
                for column, key in enumerate(("kind", "name", "place", "country"), start=1):
                    sheet.write_string(number, column, str(row[key]), plain)
                for column, key in enumerate(("score", "weight", "effect"), start=5):
                    sheet.write_number(number, column, float(row[key]))
                sheet.write_string(number, 8, "\n".join(told_candidates(row)), plain)
                sheet.write_string(number, 9, str(row["candidates"]), plain)
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as error:
        raise BadInput(Fault(str(path), None, str(error), "a file to write", "name another with --to")) from None


def told_candidates(row: Any) -> list[str]:
    """Write the candidates of a row of the queue, numbered from 1.

    Examples
    --------
    >>> told_candidates({"kind": "place", "candidates": '[["utrecht", "NL31", 94.5]]'})
    ['1: utrecht, NL31 Utrecht (94.5)']
    >>> told_candidates({"kind": "name", "candidates": '[["Siemens AG", "DE", 82.0]]'})
    ['1: the same as Siemens AG (DE) (82)']
    """
    from ingest.regions import region_name

    lines = []
    for number, (name, code, score) in enumerate(json.loads(row["candidates"]), start=1):
        place = f"{name}, {code} {region_name(code)}" if row["kind"] == "place" else ""
        same = f"the same as {name} ({code})" if code else f"the same as {name}"
        lines.append(f"{number}: {place or same} ({score:g})")
    return lines


def read_sheet(path: Path, known: list[Decision]) -> list[Decision]:
    """Read the answers of a workbook; those that are known already are left out.

    Raises
    ------
    BadInput
        Every answer that is none, at once, with its row.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(SHEET).to_python()
    except (CalamineError, OSError) as error:
        expected = f"a workbook with a sheet {SHEET}, as --to writes it"
        raise BadInput(Fault(str(path), None, str(error), expected, "name the file with --from")) from None
    heading = [str(cell) for cell in rows[0]] if rows else []
    if heading[: len(HEADINGS)] != list(HEADINGS):
        raise BadInput(Fault(path.name, 1, ", ".join(heading), f"the headings {', '.join(HEADINGS)}", "write it anew"))
    found, faults = [], []
    for number, cells in enumerate(rows[1:], start=2):
        row = dict(zip(HEADINGS, cells, strict=False))
        said = _plain(row["answer"])
        if not said:
            continue
        one = answered({**row, "candidates": row["key"]}, said)
        if one is None:
            faults.append(Fault(path.name, number, said, _HELP, _MEND))
        else:
            found.append(one)
    if faults:
        raise BadInput(faults)
    standing = set(in_force(known))
    return [one for one in found if one not in standing]


def _plain(cell: object) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell).strip()


def answered(row: Any, said: str) -> Decision | None:
    """Turn what a person typed for a row of the queue into a decision; None for what is no answer.

    Examples
    --------
    >>> row = {"kind": "place", "name": "", "place": "ULTRECHT", "country": "NL"}
    >>> row["candidates"] = '[["utrecht", "NL31", 94.5]]'
    >>> answered(row, "1").other, answered(row, "nl33").other, answered(row, "r").answer, answered(row, "7")
    ('NL31', 'NL33', 'reject', None)
    """
    from ingest.nuts import find_code

    try:
        candidates = json.loads(str(row["candidates"]))
    except ValueError:
        return None
    key = [str(row[column] or "") for column in ("kind", "name", "place", "country")]
    name = key[0] == "name"
    other, other_country = (candidates[0][0], candidates[0][1]) if name else ("", "")
    if said.casefold() in ("r", "reject", "no"):
        return Decision(key[0], key[1], key[2], key[3], "reject", other, other_country)
    if said.isdecimal() and 1 <= int(said) <= len(candidates):
        chosen = candidates[int(said) - 1]
        given = (chosen[0], chosen[1]) if name else (chosen[1], "")
        return Decision(key[0], key[1], key[2], key[3], "accept", *given)
    region = said.upper()
    if not name and any(find_code(region, nuts).region == region for nuts in (2006, 2010, 2013, 2016, 2021)):
        return Decision(key[0], key[1], key[2], key[3], "accept", region)
    return None
