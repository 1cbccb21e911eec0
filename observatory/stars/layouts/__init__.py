"""The layouts in which regional figures are delivered: one module each, one line here."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module, util
from types import ModuleType

from ingest.faults import BadInput, Fault
from observatory.stars.layouts.opened import Opened

#: Layout → the module that reads it; the first whose headings fit a file takes it.
LAYOUTS = {
    "eurostat": "observatory.stars.layouts.eurostat",
    "cbp": "observatory.stars.layouts.cbp",
    "firms": "observatory.stars.layouts.firms",
    "table": "observatory.stars.layouts.table",
}
#: What a file must have that is said to be of a layout; the others say themselves which column is missing.
HEADINGS = {
    "eurostat": "headings of Eurostat: geo, with TIME_PERIOD, years or figures beside it, or a spreadsheet's",
    "cbp": "headings of County Business Patterns: fipstate, naics, emp and est",
}
#: What may be asked for: one of the layouts, or to be told by the headings.
CHOICES = ("auto", *LAYOUTS)


def layout(name: str) -> ModuleType:
    """Return the module that reads a layout.

    It has ``recognises(opened) -> bool`` and ``read(opened, options) -> Cells``; or, where files belong together
    (a panel of firms in parts), ``read_all(tables, options) -> Cells`` instead.

    Raises
    ------
    ValueError
        For a layout that is not known; the message names those that are.

    Examples
    --------
    >>> layout("cbp").__name__
    'observatory.stars.layouts.cbp'
    """
    if name not in LAYOUTS:
        raise ValueError(f"layout must be one of {', '.join(CHOICES)}, not {name!r}")
    return import_module(LAYOUTS[name])


def recognised(opened: Opened, chosen: str = "auto") -> str:
    """Say in which layout a file is, by its headings, unless it was chosen.

    Raises
    ------
    BadInput
        When no layout, or not the chosen one, has such headings.
    """
    if chosen != "auto":
        if chosen in HEADINGS and not layout(chosen).recognises(opened):
            mend = "name another layout, or leave it to the headings"
            raise BadInput(Fault(opened.file, opened.heading_line, _said(opened.headings), HEADINGS[chosen], mend))
        layout(chosen)
        return chosen
    fits = [name for name in LAYOUTS if _there(name) and layout(name).recognises(opened)]
    if not fits:
        expected = "headings of Eurostat, of County Business Patterns, of a table of firms, or region, industry, year"
        raise BadInput(Fault(opened.file, opened.heading_line, _said(opened.headings), expected, "name the columns so"))
    return fits[0]


def _there(name: str) -> bool:
    return util.find_spec(LAYOUTS[name]) is not None


def _said(headings: Sequence[str]) -> str:
    return ", ".join(headings)[:200]
