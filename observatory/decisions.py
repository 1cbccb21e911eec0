"""What a person decided on doubtful matches: decisions.csv beside study.toml, replayed on every run."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.faults import BadInput, Fault
from ingest.matching import ANSWERS, DECISION, KINDS, Decision, in_force

if TYPE_CHECKING:
    from ingest import Records

FILE = "decisions.csv"
_MEND = "correct the line, or remove it"


@dataclass(frozen=True)
class Decisions:
    """The decisions of a study.

    Attributes
    ----------
    rows
        In the order of the file.
    sha256
        Of the file; None where there is none.
    contradictions
        Sentences: which records have two different answers, of which the last counts.
    """

    rows: Sequence[Decision] = ()
    sha256: str | None = None
    contradictions: Sequence[str] = ()


def read_decisions(folder: Path) -> Decisions:
    """Read the decisions of a study's folder; none where the file is not there.

    A last line without its end (a session that was killed while it wrote) is left out.

    Raises
    ------
    BadInput
        Every line that is no decision, at once.
    """
    path = folder / FILE
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Decisions()
    except OSError as error:
        raise BadInput(Fault(FILE, None, error.strerror or "", "a file that can be read", "check the path")) from None
    try:
        text = raw[: raw.rfind(b"\n") + 1].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(Fault(FILE, None, str(error), "UTF-8 text", "save the file as UTF-8")) from None
    reader = csv.reader(io.StringIO(text, newline=""))
    heading = next(reader, list(DECISION))
    if heading != list(DECISION):
        expected = f"the heading {','.join(DECISION)}"
        raise BadInput(Fault(FILE, 1, ",".join(heading), expected, "correct the heading"))
    rows, faults = [], []
    for cells in reader:
        fault = _fault(cells, reader.line_num)
        faults += fault
        if not fault:
            rows.append(Decision(*cells))
    if faults:
        raise BadInput(faults)
    return Decisions(rows, hashlib.sha256(raw).hexdigest(), _contradictions(rows))


def _fault(cells: Sequence[str], line: int) -> list[Fault]:
    if len(cells) != len(DECISION):
        return [Fault(FILE, line, ",".join(cells), f"{len(DECISION)} cells: {', '.join(DECISION)}", _MEND)]
    one = Decision(*cells)
    faults = []
    if one.kind not in KINDS:
        faults.append(Fault(FILE, line, one.kind, f"one of {', '.join(KINDS)}", _MEND))
    elif not (one.place if one.kind == "place" else one.name):
        faults.append(Fault(FILE, line, "", f"the {one.kind} that is decided on", _MEND))
    if one.answer not in ANSWERS:
        faults.append(Fault(FILE, line, one.answer, f"one of {', '.join(ANSWERS)}", _MEND))
    if not one.other and (one.answer == "accept" or one.kind == "name"):
        faults.append(Fault(FILE, line, "", "what was accepted, under other", _MEND))
    return faults


def _contradictions(rows: Sequence[Decision]) -> list[str]:
    said: dict[tuple[str, ...], set[tuple[str, str]]] = {}
    for one in rows:
        if one.answer == "undo":
            said.pop(one.key, None)
        else:
            said.setdefault(one.key, set()).add((one.answer, one.other if one.kind == "place" else ""))
    last = {one.key: one for one in rows}
    return [
        f"{FILE}: {_named(last[key])} was decided in {len(answers)} ways; the last counts: {_answered(last[key])}"
        for key, answers in sorted(said.items())
        if len(answers) > 1
    ]


def _named(one: Decision) -> str:
    what = one.place if one.kind == "place" else one.name
    return f"{what} ({one.country})" if one.country else what


def _answered(one: Decision) -> str:
    return f"{one.answer} {one.other}".strip()


def append_decision(folder: Path, one: Decision) -> None:
    """Write one decision behind the others and see it on the disk: a session that is killed loses none.

    Raises
    ------
    BadInput
        When the folder cannot be written in, or a cell holds a line break.
    """
    cells = [str(getattr(one, column)) for column in DECISION]
    if any(mark in cell for cell in cells for mark in "\r\n\0"):
        raise BadInput(Fault(FILE, None, " | ".join(cells), "cells without line breaks", "decide on the others"))
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    path = folder / FILE
    try:
        with path.open("ab+") as file:
            file.seek(0)
            before = file.read()
            if not before:
                file.write((",".join(DECISION) + "\n").encode())
            elif not before.endswith(b"\n"):  # a killed session's half line
                file.truncate(before.rfind(b"\n") + 1)
            file.write(line.getvalue().encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        mend = "make the study's folder writable"
        raise BadInput(Fault(str(path), None, error.strerror or "", "a file to write to", mend)) from None


def decide(folder: Path, row: Mapping[str, Any], answer: str, other: str = "", other_country: str = "") -> Decision:
    """Write down what a person says about a row of the queue.

    Parameters
    ----------
    folder
        The study's.
    row
        ``kind, name, place, country`` as :func:`observatory.review.queue` gives them.
    answer
        ``accept``, ``reject`` or ``undo``.
    other, other_country
        What is accepted: the region of a place, or the other name and its country.

    Raises
    ------
    ValueError
        When that is no decision, in words.
    """
    key = [str(row.get(column) or "") for column in DECISION[:4]]
    one = Decision(key[0], key[1], key[2], key[3], answer, other, other_country)
    if faults := _fault([getattr(one, column) for column in DECISION], 0):
        raise ValueError("; ".join(f"{fault.value!r}: expected {fault.expected}" for fault in faults))
    if one.kind == "place" and answer == "accept":
        from ingest.nuts import find_code

        if not any(find_code(other, nuts).region == other for nuts in (2013, 2006, 2010, 2016, 2021)):
            raise ValueError(f"{other!r}: expected a NUTS2 region or a country")
    append_decision(folder, one)
    return one


def told_of(decisions: Decisions, records: Records) -> dict[str, Any]:
    """Tell in the manifest what became of the decisions: how many are in force, which have no record any more."""
    active = in_force(decisions.rows)
    here = _present(active, records) if active else set()
    stale = [one for one in active if not _ends(one) <= here]
    return {
        "path": FILE,
        "rows": len(decisions.rows),
        "sha256": decisions.sha256,
        "used": len(active) - len(stale),
        "stale": [{"kind": one.kind, "record": _named(one), "answer": _answered(one)} for one in stale],
        "contradictions": list(decisions.contradictions),
    }


def _ends(one: Decision) -> set[tuple[str, str, str]]:
    if one.kind == "place":
        return {("place", one.place, one.country)}
    return {("name", one.name, one.country), ("name", one.other, one.other_country)}


def _present(active: Sequence[Decision], records: Records) -> set[tuple[str, str, str]]:
    """Find which of the records that were decided on are there."""
    import narwhals as nw

    from ingest.engine import collect

    people = records.participants.with_columns(nw.col(c).fill_null("") for c in ("name", "place", "country"))
    wanted = {end for one in active for end in _ends(one)}
    found: set[tuple[str, str, str]] = set()
    names = sorted({text for kind, text, _ in wanted if kind == "name"})
    if names:
        rows = collect(people.filter(nw.col("name").is_in(names)).select("name", "country").unique())
        found |= {("name", name, country) for name, country in rows.itertuples(index=False)}
    cities = {(text, country) for kind, text, country in wanted if kind == "place"}
    if cities:
        rows = collect(people.filter(nw.col("placed_by") != "region code").select("place", "country").unique())
        # A place as written has its postal code before the city.
        found |= {
            ("place", city, country)
            for written, country in rows.itertuples(index=False)
            for city in (written, *(written[at + 1 :] for at, mark in enumerate(written) if mark == " "))
            if (city, country) in cities
        }
    return found
