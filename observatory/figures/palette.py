"""Colours: the same hue for the same space in every figure, told apart by colour-blind eyes.

Seven hues are those of Okabe & Ito (2008), "Color Universal Design", five are of Tol (2021), "Colour Schemes",
muted. Those that resemble a paler tone of an earlier one (sky, yellow) come late, since paler means unsure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

#: Hues in the order of use: space 0, the largest, is blue.
HUES = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#882255", "#D55E00",
    "#332288", "#999933", "#56B4E9", "#F0E442", "#AA4499", "#44AA99",
)  # fmt: skip
#: Regions or sectors in no space; countries that are not studied; the sea; ink for words and for faint lines.
NONE, NEIGHBOUR, SEA, INK, FAINT = "#D9D9D9", "#F4F2EC", "#E9F0F5", "#333333", "#8A8A8A"
#: What stands in a legend for members of no space.
NO_SPACE = "in no space"


def hue(space: int | None) -> str:
    """Return the colour of a space, by its position; grey for no space.

    The thirteenth space and those after it take the same hues again, half way to white.

    Examples
    --------
    >>> hue(0), hue(None)
    ('#0072B2', '#D9D9D9')
    >>> hue(12)
    '#7fb8d8'
    """
    if space is None:
        return NONE
    turn, position = divmod(space, len(HUES))
    return HUES[position] if turn == 0 else paler(HUES[position], 1 - 0.5**turn)


def ink(colour: str) -> str:
    """Return the ink, white or dark, that is read better on a colour (WCAG 2.2, relative luminance).

    Examples
    --------
    >>> ink("#0072B2"), ink("#E69F00")
    ('#ffffff', '#111111')
    """
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    # 0.0056 is the luminance of the dark ink.
    return "#ffffff" if 1.05 / (light + 0.05) >= (light + 0.05) / 0.0556 else "#111111"


def paler(colour: str, share: float) -> str:
    """Mix a colour with white: 0 leaves it, 1 is white.

    Examples
    --------
    >>> paler("#000000", 0.5)
    '#7f7f7f'
    """
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{int(part + (255 - part) * share):02x}" for part in parts)


def space_name(space: int | None, names: Mapping[int, str] | None = None) -> str:
    """Return a space's name as given, or its number counted from 1.

    Examples
    --------
    >>> space_name(0), space_name(0, {0: "Health"}), space_name(None)
    ('Space 1', 'Health', 'in no space')
    """
    if space is None:
        return NO_SPACE
    return (names or {}).get(space, f"Space {space + 1}")


def legend(spaces: Iterable[int | None], names: Mapping[int, str] | None = None) -> tuple[Sequence[str], Sequence[str]]:
    """Return the names and the colours of the spaces present, in order, no space last.

    Examples
    --------
    >>> legend([1, None, 0])
    (['Space 1', 'Space 2', 'in no space'], ['#0072B2', '#E69F00', '#D9D9D9'])
    """
    present = set(spaces)
    ordered: list[int | None] = [*sorted(space for space in present if space is not None)]
    ordered += [None] if None in present else []
    return [space_name(space, names) for space in ordered], [hue(space) for space in ordered]
