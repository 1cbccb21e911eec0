"""Figures as files: SVG and PNG for print, fragments for one HTML page that asks nothing of the network."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from observatory.figures.sheet import table
from observatory.figures.words import for_xml

#: What the reader may do with a figure on the screen: save it; nothing leads out of the page.
OPTIONS = {"actions": {"export": {"svg": True, "png": True}, "source": False, "compiled": False, "editor": False}}


#: What the page's figures call.
BUNDLE = "window.vega = vega; window.vegaLite = vegaLite; window.vegaEmbed = vegaEmbed;"
#: Tables of more characters than this are kept once a page.
COMMON = 2000


@dataclass(frozen=True)
class Embedded:
    """Charts ready for one HTML page.

    Attributes
    ----------
    script
        One ``<script>`` with everything that draws; to be put in once, before the figures.
    figures
        A ``<figure>`` for each chart, by name, with its words and its table.
    """

    script: str
    figures: Mapping[str, str]


def specification(chart: Any) -> dict[str, Any]:
    """Return a figure's Vega-Lite specification, the same for print and for the screen.

    The table kept beside the figure is left out (:func:`observatory.figures.sheet.table` gives it); what is
    drawn is put in last, unchecked, for it is large.

    Examples
    --------
    >>> from observatory.figures.funnel import funnel
    >>> ledger = pd.DataFrame({"source": ["deals"], "reason": ["read"], "rows": [3]})
    >>> specification(funnel(ledger, title="Rows", subtitle="rows", source="invented"))["description"]
    'Bars. Rows. deals: 3 rows read, 0 used.'
    """
    from altair import Undefined

    bare = chart.copy(deep=False)
    bare.usermeta, bare.datasets = Undefined, Undefined
    whole: dict[str, Any] = bare.to_dict()
    drawn = {} if chart.datasets is Undefined else chart.datasets
    sound: dict[str, Any] = _sound(whole | {"datasets": whole.get("datasets", {}) | drawn})
    return sound


def _sound(value: Any) -> Any:
    """Replace control signs in words: the drawing program ends the whole process on one of them."""
    if isinstance(value, str):
        return for_xml(value)
    if isinstance(value, dict):
        return {key: one if key == "coordinates" else _sound(one) for key, one in value.items()}
    return [_sound(one) for one in value] if isinstance(value, list) else value


def to_svg(chart: Any) -> str:
    """Return a figure as SVG, the same bytes each time.

    Examples
    --------
    >>> from observatory.figures.funnel import funnel
    >>> ledger = pd.DataFrame({"source": ["deals"], "reason": ["read"], "rows": [3]})
    >>> to_svg(funnel(ledger, title="Rows", subtitle="rows", source="invented"))[:4]
    '<svg'
    """
    import vl_convert

    return _renumbered(vl_convert.vegalite_to_svg(specification(chart)))


def to_png(chart: Any, scale: float = 2, dots: int | None = None) -> bytes:
    """Return a figure as PNG.

    Parameters
    ----------
    scale
        Pixels of the picture to one of the figure.
    dots
        Instead, dots an inch, of which a figure has 72; the picture says so to whoever prints it.
    """
    import vl_convert

    wanted = specification(chart)
    picture: bytes = (
        vl_convert.vegalite_to_png(wanted, scale=scale)
        if dots is None
        else vl_convert.vegalite_to_png(wanted, scale=1, ppi=dots)
    )
    return picture


def to_pdf(chart: Any) -> bytes:
    """Return a figure as PDF of one page, in lines and letters; its objects may stand in another order each time."""
    import vl_convert

    page: bytes = vl_convert.svg_to_pdf(to_svg(chart))
    return page


def embed(charts: Mapping[str, Any]) -> Embedded:
    """Return what one HTML page needs to draw all charts, the program that draws them only once.

    Parameters
    ----------
    charts
        Charts by name; a name becomes the figure's id and may hold letters, digits, ``-`` and ``_``.

    Raises
    ------
    ValueError
        A name that cannot be an id.
    """
    if wrong := [name for name in charts if not re.fullmatch(r"[A-Za-z][\w-]*", name)]:
        raise ValueError(f"figure names {wrong}; expected a letter, then letters, digits, - and _")
    specifications = {name: specification(chart) for name, chart in charts.items()}
    common = _common(specifications.values())
    store = f"window.figureData=[{','.join(common)}]"
    script = f"<script>{_bundle()}\n{_safe(store)};</script>"
    figures = {name: _figure(name, charts[name], spec, common) for name, spec in specifications.items()}
    return Embedded(script, figures)


@cache
def _bundle() -> str:
    """The program that draws, with all that it needs."""
    import vl_convert

    return _safe(vl_convert.javascript_bundle(BUNDLE))


def _common(specifications: Iterable[dict[str, Any]]) -> list[str]:
    """Tables that several figures draw, such as the regions' shapes: kept once a page."""
    count = Counter(
        _compact(rows) for specification in specifications for rows in specification.get("datasets", {}).values()
    )
    return [text for text, number in count.items() if number > 1 and len(text) > COMMON]


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _safe(script: str) -> str:
    """Keep words within a script from ending it."""
    return re.sub(r"<(?=/script|!--)", r"\\x3C", script, flags=re.IGNORECASE)


def _renumbered(svg: str) -> str:
    """Give ids their number of appearance: the drawing program counts on from figure to figure."""
    seen: dict[str, str] = {}
    for found in re.findall(r'\bid="([A-Za-z_]+\d+)"|url\(#([A-Za-z_]+\d+)\)', svg):
        name = found[0] or found[1]
        seen.setdefault(name, f"i{len(seen)}")
    return re.sub(
        r'(\bid="|url\(#)([A-Za-z_]+\d+)',
        lambda match: match[1] + seen[match[2]],
        svg,
    )


def _figure(name: str, chart: Any, specification: dict[str, Any], common: list[str]) -> str:
    about = chart.usermeta
    call = f'vegaEmbed("#{name}-drawing",{_script(specification, common)},{_compact(OPTIONS)})'
    return (
        f'<figure id="{name}" class="figure">'
        f'<div id="{name}-drawing" role="img" aria-label="{html.escape(about["alt"])}"></div>'
        f"<script>{_safe(call)};</script>"
        f"<details><summary>Data of this figure</summary>{_html(table(chart))}</details></figure>"
    )


def _script(specification: dict[str, Any], common: list[str]) -> str:
    """Return the specification as a script; a common table is copied, since drawing writes into it."""
    rest = {key: value for key, value in specification.items() if key != "datasets"}
    tables = {key: _compact(rows) for key, rows in specification.get("datasets", {}).items()}
    held = (
        f"{_compact(key)}:" + (f"structuredClone(window.figureData[{common.index(text)}])" if text in common else text)
        for key, text in tables.items()
    )
    return f'{_compact(rest)[:-1]},"datasets":{{{",".join(held)}}}}}'


def _html(data: pd.DataFrame) -> str:
    head = "".join(f'<th scope="col">{html.escape(str(column))}</th>' for column in data)
    rows = "".join(
        "<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in data.itertuples(index=False)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(value: Any) -> str:
    if pd.isna(value):
        return ""
    return html.escape(f"{value:,.6g}" if isinstance(value, float) else str(value))
