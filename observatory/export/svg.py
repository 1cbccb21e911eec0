"""Figures as SVG, with title and description within."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from observatory.export.captions import Caption, figures
from observatory.export.graph import Content
from observatory.export.letters import for_xml
from observatory.report.pictures import Picture


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Write a file a figure."""
    return figures(content, "svg", _drawn)


def _drawn(picture: Picture, caption: Caption) -> bytes:
    return described(for_xml(picture.svg), caption).encode()


def described(svg: str, caption: Caption) -> str:
    """Put the words of a figure into its drawing, for screen readers and catalogues.

    Examples
    --------
    >>> described("<svg><g/></svg>", Caption("A & B", "Bars.", "me")).partition(">")[2]
    '<title id="title">A &amp; B</title><desc id="desc">Bars. Source: me</desc><g/></svg>'
    """
    head, end, body = svg.partition(">")
    title, told = (escape(for_xml(text)) for text in (caption.title, f"{caption.alt} Source: {caption.source}"))
    opened = head.replace("<svg", '<svg role="img" aria-labelledby="title desc"', 1)
    return f'{opened}{end}<title id="title">{title}</title><desc id="desc">{told}</desc>{body}'
