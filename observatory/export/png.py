"""Figures as PNG at 300 dots an inch, with title and description in the file."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from observatory.export.captions import Caption, figures
from observatory.export.graph import Content
from observatory.figures.output import to_png
from observatory.report.pictures import Picture

#: Dots an inch; a figure has 72 of its own.
DOTS = 300
#: Bytes of the signature and of the first chunk, after which texts may stand.
HEAD = 8 + 25


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Write a file a figure."""
    return figures(content, "png", _drawn)


def _drawn(picture: Picture, caption: Caption) -> bytes:
    return described(to_png(picture.chart, dots=DOTS), caption)


def described(picture: bytes, caption: Caption) -> bytes:
    """Put the words of a figure into the picture, as international text (PNG 1.2, 4.2.3.3)."""
    told = {"Title": caption.title, "Description": caption.alt, "Source": caption.source, "Software": "linkages"}
    chunks = b"".join(_chunk(b"iTXt", key.encode() + b"\0\0\0\0\0" + text.encode()) for key, text in told.items())
    return picture[:HEAD] + chunks + picture[HEAD:]


def _chunk(kind: bytes, held: bytes) -> bytes:
    return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))
