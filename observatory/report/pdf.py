"""The report as PDF: tagged, with bookmarks and words for every figure, written from the document alone."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from ingest.faults import MissingExtraError
from observatory.report.document import Document

#: The day that stands in every PDF (2000-01-01), so that the same run gives the same bytes.
DAY = 946_684_800
#: What the file promises: accessible to those who cannot see it, ISO 14289-1.
STANDARD: Final = "ua-1"
TEMPLATE = "report.typ"
INSTALL = "pip install 'linkages[pdf]'"


def need_typst() -> None:
    """Make sure that what sets the pages is there.

    Raises
    ------
    MissingExtraError
        Where the extra ``pdf`` is not installed, with how to install it.
    """
    if find_spec("typst") is None:
        raise MissingExtraError(f"the report as PDF needs the extra `pdf`: {INSTALL}")


def write_pdf(document: Document, path: Path, *, short: bool = False) -> Path:
    """Write the report as PDF, the same bytes each time.

    Parameters
    ----------
    document
        The report.
    path
        The file; its folder is there.
    short
        Only the sections of the short form.

    Raises
    ------
    MissingExtraError
        Where the extra ``pdf`` is not installed.
    """
    need_typst()
    import typst

    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        shutil.copyfile(Path(__file__).parent / "templates" / TEMPLATE, folder / TEMPLATE)
        (folder / "document.json").write_text(json.dumps(in_print(document.data, short=short)), encoding="utf-8")
        for name, svg in document.drawings.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(svg, encoding="utf-8")
        # Typefaces that come with typst, and no others: those of the machine would change the pages.
        typst.compile(
            folder / TEMPLATE,
            output=path,
            root=folder,
            ignore_system_fonts=True,
            pdf_standards=[STANDARD],
            timestamp=DAY,
        )
    return path


def in_print(data: Mapping[str, Any], *, short: bool = False) -> dict[str, Any]:
    """Keep what is printed: the sections, without the sheets of the workbook.

    Examples
    --------
    >>> sections = [{"anchor": "a", "short": True}, {"anchor": "b", "short": False}]
    >>> in_print({"title": "T", "sections": sections, "sheets": [1]}, short=True)
    {'title': 'T', 'sections': [{'anchor': 'a', 'short': True}]}
    """
    kept = {key: value for key, value in data.items() if key not in ("sheets", "figures")}
    return {**kept, "sections": [one for one in data["sections"] if one["short"] or not short]}
