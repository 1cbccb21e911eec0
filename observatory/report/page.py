"""The page: one HTML file that asks nothing of the network, written from the document alone."""

from __future__ import annotations

from typing import Any

from observatory.figures.palette import ink
from observatory.report.document import Document
from observatory.report.pictures import framed, inline


def render(document: Document, *, short: bool = False) -> str:
    """Write the page; text from data is escaped, drawings are put in as they are.

    Parameters
    ----------
    document
        The report.
    short
        Whether the page opens in its short form; the reader switches between both without any script.

    Examples
    --------
    >>> data = {"title": "<b>", "subtitle": "s", "language": "en", "sections": []}
    >>> "<h1>&lt;b&gt;</h1>" in render(Document(data, {}))
    True
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    house = Environment(
        loader=PackageLoader("observatory.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def drawing(one: dict[str, Any]) -> Markup:
        return Markup(framed(inline(document.drawings[one["file"]], one["name"], one["alt"])))

    house.filters["drawing"] = drawing
    house.filters["ink"] = ink
    return house.get_template("index.html.j2").render(document.data, opens_short=short)
