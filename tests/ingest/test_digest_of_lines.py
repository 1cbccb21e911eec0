"""The digest of a text's lines: of any order, of either line end, and of every byte of them."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from ingest.digest import Digest

LINES = st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"").rstrip(b"\r")), max_size=8)


def of(text: bytes) -> str:
    digest = Digest(())
    digest.add_lines(io.BytesIO(text))
    return digest.sha256()


@given(LINES, st.randoms())
def test_neither_order_nor_line_ends_show(lines: list[bytes], dice) -> None:  # type: ignore[no-untyped-def]
    turned = list(lines)
    dice.shuffle(turned)
    assert of(b"".join(line + b"\n" for line in lines)) == of(b"".join(line + b"\r\n" for line in turned))


def test_every_byte_shows() -> None:
    text = b"region\tvalue\nDE21\t3\n"
    assert len({of(text), of(text.replace(b"3", b"4")), of(text + b"DE21\t3\n"), of(b"")}) == 4
