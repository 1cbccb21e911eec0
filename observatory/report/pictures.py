"""A figure as the report shows it: its drawing, its words, its data."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from observatory.figures.output import to_svg
from observatory.figures.sheet import headed

#: Rows of a figure's data that stand below it; the rest is in the workbook.
ROWS = 50
#: Drawings wider than this, in pixels, are kept wider on a narrow window than others.
BROAD = 800


@dataclass(frozen=True)
class Picture:
    """One figure.

    Attributes
    ----------
    name
        Its anchor, and the name of its sheet in the workbook.
    chart
        The chart: one specification serves the report, the exports and the explorer.
    alt
        The drawing in words.
    data
        What it was drawn from, in the words of its legend, units in the headings.
    """

    name: str
    chart: Any = field(repr=False, compare=False)
    alt: str
    data: pd.DataFrame = field(repr=False, compare=False)

    @cached_property
    def svg(self) -> str:
        """The drawing, a document of its own; drawn when first asked for."""
        return to_svg(self.chart)

    @property
    def sheet(self) -> str:
        """Name of its sheet in the workbook."""
        return f"fig_{self.name}"[:31]

    @property
    def file(self) -> str:
        """Its drawing's file, beside the page."""
        return f"figures/{self.name}.svg"

    def cells(self) -> list[list[str]]:
        """Write the first rows of its data as the page shows them."""
        from observatory.report.sheets import cell_of

        def said(value: Any) -> str:
            cell = cell_of(value)
            return "" if cell is None else f"{cell:,.6g}" if isinstance(cell, float) else str(cell)

        return [[said(value) for value in row] for row in self.data.head(ROWS).itertuples(index=False)]


def picture(name: str, chart: Any) -> Picture:
    """Draw a chart.

    Raises
    ------
    ValueError
        A name that cannot be an anchor.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,26}", name):
        raise ValueError(f"figure name {name!r}; expected at most 27 of a-z, 0-9 and -, a letter first")
    alt = str(chart.usermeta["alt"])
    return Picture(name, chart, alt, headed(chart))


class Drawings(Mapping[str, str]):
    """Each figure's file, as the document names it → its SVG, drawn when it is first asked for.

    Examples
    --------
    >>> len(Drawings([])), list(Drawings([]))
    (0, [])
    """

    def __init__(self, pictures: Iterable[Picture]) -> None:
        self._pictures = {one.file: one for one in pictures}

    def __getitem__(self, name: str) -> str:
        """Draw a figure, or give its drawing."""
        return self._pictures[name].svg

    def __iter__(self) -> Iterator[str]:
        """List the files' names."""
        return iter(self._pictures)

    def __len__(self) -> int:
        """Count the figures."""
        return len(self._pictures)


def inline(svg: str, name: str, alt: str) -> str:
    """Make a drawing fit for a page that holds others: ids of its own, words for those who cannot see it.

    What each mark says of itself becomes a ``<title>``, which browsers show under the pointer.

    Examples
    --------
    >>> inline('<svg width="9" height="5" viewBox="0 0 9 5"><path aria-label="Food: 3" d="M0,0"/></svg>', "f", "Bars.")
    '<svg viewBox="0 0 9 5" role="img" aria-label="Bars." style="max-width:9px"><path d="M0,0"><title>Food: 3</title></path></svg>'
    """  # noqa: E501
    bare = re.sub(r' (?:aria-roledescription|aria-hidden|class|role)="[^"]*"', "", svg)
    bare = re.sub(r' (?:xmlns(?::xlink)?|version)="[^"]*"', "", bare, count=3)
    bare = re.sub(r'(\bid="|url\(#)(i\d+)', rf"\1{name}-\2", bare)
    bare = re.sub(r'<(path|line) aria-label="([^"]*)"([^>]*)/>', _told, bare)
    bare = re.sub(r' aria-label="[^"]*"', "", bare)
    width = re.search(r'<svg[^>]* width="([\d.]+)"', bare)
    wide = width[1] if width else "900"
    bare = re.sub(r'(<svg[^>]*?) width="[\d.]+" height="[\d.]+"', r"\1", bare, count=1)
    words = html.escape(alt, quote=True)
    return bare.replace("<svg", "<svg", 1).replace(
        ">", f' role="img" aria-label="{words}" style="max-width:{wide}px">', 1
    )


def framed(svg: str) -> str:
    """Put a drawing of a page in a frame that scrolls sideways where the window is too narrow for its words.

    Examples
    --------
    >>> framed('<svg viewBox="0 0 9 5"></svg>')
    '<div class="drawing" tabindex="0" role="group" aria-label="Drawing"><svg viewBox="0 0 9 5"></svg></div>'
    """
    wide = re.search(r'viewBox="0 0 ([\d.]+)', svg)
    broad = " broad" if wide and float(wide[1]) > BROAD else ""
    return f'<div class="drawing{broad}" tabindex="0" role="group" aria-label="Drawing">{svg}</div>'


def _told(match: re.Match[str]) -> str:
    """Keep what is said under our own headings, which begin with a capital; drop what is not known."""
    mark, said, rest = match.groups()
    said = re.sub(r"^(?:[a-z][\w.]*: [^;]*(?:; |$))+", "", said)
    said = re.sub(r"(?:^|; )[A-Z][^:;]*: (?:null)?(?=;|$)", "", said)
    return f"<{mark}{rest}><title>{said}</title></{mark}>" if said else f"<{mark}{rest}/>"
