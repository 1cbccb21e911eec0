"""Figures as PDF of one page each, in lines and letters, with title, description and language in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from observatory.export.captions import Caption, figures
from observatory.export.graph import Content
from observatory.figures.output import to_pdf
from observatory.report.pictures import Picture

#: Entries of a dictionary that only refer to objects: a page's fonts and states, written in any order.
_FONTS = re.compile(rb"(<<\n)((?:[ \t]*/\S+ \d+ 0 R\n)+)")
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
#: Ends a file's head: four letters that tell programs that there are bytes, not only text (ISO 32000-1, 7.5.2).
_HEAD = b"%PDF-1.7\n%\x80\x80\x80\x80\n"


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Write a file a figure."""
    return figures(content, "pdf", _drawn)


def _drawn(picture: Picture, caption: Caption) -> bytes:
    return described(to_pdf(picture.chart), caption)


def described(page: bytes, caption: Caption) -> bytes:
    """Put the words of a figure into its PDF, and its objects in the order in which they are referred to.

    The program that draws numbers and writes them in another order each time.

    Raises
    ------
    ValueError
        When the PDF is not laid out as expected: a table of references, a catalogue and a document's information.
    """
    held, root, info = _objects(page)
    if root not in held or info not in held:
        raise ValueError("a PDF without a catalogue, or without information on itself")
    held = {number: _FONTS.sub(_in_order, one) for number, one in held.items()}
    words = b"  /Lang (en)\n  /ViewerPreferences << /DisplayDocTitle true >>\n"
    held[root] = held[root].removesuffix(b">>") + words + b">>"
    said = {"Title": caption.title, "Subject": f"{caption.alt} Source: {caption.source}", "Creator": "linkages"}
    held[info] = b"<<\n" + b"".join(b"  /%s %s\n" % (key.encode(), _text(told)) for key, told in said.items()) + b">>"
    number = _numbers(held, (root, info))
    renamed = {number[old]: _renamed(held[old], number) for old in number}
    return _file(renamed, number[root], number[info])


def _objects(page: bytes) -> tuple[dict[int, bytes], int, int]:
    """Take a PDF apart: its objects by number; the numbers that the trailer names (ISO 32000-1, 7.5.4 and 7.5.5)."""
    trailer = page[page.rindex(b"trailer") :] if b"trailer" in page else b""
    named = [re.search(rb"/%s (\d+)" % key, trailer) for key in (b"Root", b"Info")]
    start = re.search(rb"startxref\s+(\d+)", trailer)
    numbers = [int(one[1]) for one in named if one]
    if len(numbers) < 2 or not start:
        raise ValueError("a PDF without the table of references that it should have")
    places = [int(one) for one in re.findall(rb"(\d{10}) \d{5} n", page[int(start[1]) :])]
    ends = [*sorted(places)[1:], int(start[1])] if places else []
    held = {}
    for place, end in zip(sorted(places), ends, strict=True):
        number, _, rest = page[place:end].partition(b" 0 obj\n")
        held[int(number)] = rest[: rest.rindex(b"endobj")].strip(b"\n")
    return held, numbers[0], numbers[1]


def _numbers(held: Mapping[int, bytes], first: Sequence[int]) -> dict[int, int]:
    """Number objects anew, as one comes to them from the first ones; what nothing refers to is left out."""
    found: dict[int, int] = {}
    waiting = list(reversed(first))
    while waiting:
        old = waiting.pop()
        if old not in found and old in held:
            found[old] = len(found) + 1
            waiting += reversed([int(one) for one in _REFERENCE.findall(_words(held[old])[0])])
    return found


def _words(one: bytes) -> tuple[bytes, bytes]:
    """Part an object's words from its stream, whose bytes are nobody's to read."""
    head, mark, stream = one.partition(b"stream\n")
    return head, mark + stream


def _renamed(one: bytes, number: Mapping[int, int]) -> bytes:
    head, stream = _words(one)
    return _REFERENCE.sub(lambda match: b"%d 0 R" % number[int(match[1])], head) + stream


def _in_order(fonts: re.Match[bytes]) -> bytes:
    return fonts[1] + b"".join(sorted(fonts[2].splitlines(keepends=True)))


def _file(held: Mapping[int, bytes], root: int, info: int) -> bytes:
    """Put objects, numbered from 1 without a gap, together as a file."""
    made, rows = _HEAD, [b"0000000000 65535 f\r\n"]
    for number, one in sorted(held.items()):
        rows.append(b"%010d 00000 n\r\n" % len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\n" % (len(rows), root, info)
    return made + b"xref\n0 %d\n" % len(rows) + b"".join(rows) + trailer + b"startxref\n%d\n%%%%EOF\n" % len(made)


def _text(words: str) -> bytes:
    """Write a text as hexadecimal UTF-16 with its mark (ISO 32000-1, 7.9.2.2): no letter can end it early."""
    return b"<" + ("\ufeff" + words).encode("utf-16-be", "replace").hex().upper().encode() + b">"
