"""Labels beside points: each where it covers the least, or nowhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

#: Width of a letter and height of a line, in shares of the size of type.
LETTER, LINE = 0.53, 1.2
#: How bad it is to cover a point and another label, by their surface, and to stand one place further down the list:
#: of a label across another neither can be read, beneath a small point either can.
POINT, WORDS, FURTHER = 3.0, 12.0, 6.0
#: Where a label may stand, best first: to the side, above, below, then aslant (x, y of its near corner).
PLACES = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1))


@dataclass(frozen=True)
class Label:
    """A label's place in pixels: ``x`` is its left edge, middle or right edge, as ``align`` says."""

    text: str
    x: float
    y: float
    align: str


#: What XML 1.0 cannot hold, however it is written (its section 2.2).
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Box = tuple[float, float, float, float]


def place(
    spots: Sequence[tuple[str, float, float, float]],
    wanted: Sequence[str | None],
    frame: tuple[float, float],
    size: float = 11,
    bear: float = 0.33,
) -> list[Label]:
    """Place labels one after another, each where it covers least of points and of labels already there.

    Parameters
    ----------
    spots
        ``id, x, y, radius`` of every point, in pixels.
    wanted
        The label of each point, None where it needs none; the first have the first choice.
    frame
        Width and height that labels must stay in, in pixels.
    size
        Size of type in pixels.
    bear
        A label is left out where its best place is worse than this share of its own surface, in pixels.

    Returns
    -------
    list of Label
        In the order of the points.

    Examples
    --------
    >>> [label.text for label in place([("a", 50, 50, 5)], ["Food"], (200, 100))]
    ['Food']
    """
    taken: list[tuple[Box, float]] = [((x - r, y - r, x + r, y + r), POINT) for _, x, y, r in spots]
    placed: list[Label] = []
    for (_, x, y, radius), text in zip(spots, wanted, strict=True):
        if text is None:
            continue
        width, height = LETTER * size * len(text), LINE * size
        boxes = [_box(x, y, radius + 3, width, height, way) for way in PLACES]
        costs = [(_cost(box, taken, frame) + FURTHER * number, number) for number, box in enumerate(boxes)]
        cost, best = min(costs)
        if cost <= width * height * bear + FURTHER * len(PLACES):
            taken.append((boxes[best], WORDS))
            placed.append(_label(text, boxes[best], PLACES[best][0]))
    return placed


def _box(x: float, y: float, gap: float, width: float, height: float, way: tuple[int, int]) -> Box:
    aside, down = way
    slant = 0.7 if aside and down else 1.0
    left = x + aside * gap * slant - (width if aside < 0 else 0 if aside > 0 else width / 2)
    top = y + down * gap * slant - (height if down < 0 else 0 if down > 0 else height / 2)
    return left, top, left + width, top + height


def _label(text: str, box: Box, aside: int) -> Label:
    left, top, right, bottom = box
    x, align = {1: (left, "left"), 0: ((left + right) / 2, "center"), -1: (right, "right")}[aside]
    return Label(text, x, (top + bottom) / 2, align)


def _cost(box: Box, taken: Sequence[tuple[Box, float]], frame: tuple[float, float]) -> float:
    left, top, right, bottom = box
    outside = max(0.0, -left) + max(0.0, right - frame[0]) + max(0.0, -top) + max(0.0, bottom - frame[1])
    covered = (
        worth * max(0.0, min(right, r) - max(left, x)) * max(0.0, min(bottom, b) - max(top, y))
        for (x, y, r, b), worth in taken
    )
    return sum(covered) + 1000 * outside


def for_xml(text: str) -> str:
    r"""Replace what XML cannot hold by the sign for a letter not known; markup is the writer's to escape.

    Examples
    --------
    >>> for_xml("a\x00<b>") == "a\ufffd<b>"
    True
    """
    return _NOT_XML.sub("\ufffd", text)


def shorten(text: str, length: int = 24) -> str:
    """Cut a label at a word's end, with an ellipsis.

    Examples
    --------
    >>> shorten("Computer and Electronic Product Manufacturing", 24)
    'Computer and Electronic…'
    """
    if len(text) <= length:
        return text
    cut = text[:length]
    whole = cut if " " in text[length - 1 : length + 1] else cut.rsplit(" ", 1)[0]
    return whole.rstrip(",;:& ") + "…"
