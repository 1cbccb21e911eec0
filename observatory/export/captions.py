"""What is said of each figure file: title, words for those who cannot see it, source and licence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import NamedTuple

from observatory.export.graph import Content
from observatory.report.pictures import Picture


class Caption(NamedTuple):
    """A figure in words.

    Attributes
    ----------
    title, alt, source
        What is seen; the figure for those who cannot see it; whose data, and the licence of the borders.
    """

    title: str
    alt: str
    source: str


def caption_of(picture: Picture) -> Caption:
    """Take the words of a figure."""
    about = picture.chart.usermeta
    return Caption(str(about["title"]), str(about["alt"]), str(about["source"]))


def figures(content: Content, ending: str, draw: Callable[[Picture, Caption], bytes]) -> Iterator[tuple[str, bytes]]:
    """Write every figure with `draw`, and ``captions.json`` with the words of each."""
    captions = {f"{name}.{ending}": caption_of(picture) for name, picture in content.pictures.items()}
    for (file, caption), picture in zip(captions.items(), content.pictures.values(), strict=True):
        yield file, draw(picture, caption)
    told = {file: caption._asdict() for file, caption in captions.items()}
    yield "captions.json", (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
