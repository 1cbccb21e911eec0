"""Columns are found by name, whatever their order and however a vendor spells them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from ingest.faults import BadInput, Fault

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Layout:
    """What a vendor's table looks like.

    Attributes
    ----------
    name
        As a person calls it, for example ``"Thomson ONE M&A"``.
    spellings
        Our column → the headings that may stand for it, the likeliest first. Case, blanks, punctuation and
        Acquirer/Acquiror make no difference.
    required
        Our columns that a file must have.
    delimiter
        The sign between cells; detected among ``, ; tab |`` when None.
    quoted
        False where a quotation mark is text and not a bracket around a cell (REGPAT).
    either
        Groups of our columns of which a file must have at least one, the likeliest first.

    Examples
    --------
    >>> Layout("deals", {"event": ("Deal Number", "SDC Deal No")}, frozenset({"event"})).required
    frozenset({'event'})
    """

    name: str
    spellings: Mapping[str, tuple[str, ...]]
    required: frozenset[str] = frozenset()
    delimiter: str | None = None
    quoted: bool = True
    either: tuple[tuple[str, ...], ...] = ()


#: Signs of money in the words of ISO 4217: a value in euros must not be taken for one in dollars.
_MONEY = (("US$", "usd"), ("$", "usd"), ("€", "eur"), ("£", "gbp"), ("¥", "jpy"))


@lru_cache(maxsize=65_536)
def fold(heading: str) -> str:
    r"""Reduce a heading to what tells it from others: small letters and digits.

    Examples
    --------
    >>> fold("  Acquiror  Primary\nNAIC Code") == fold("acquirer_primary_naic_code")
    True
    >>> fold("Deal Value (€ mil)"), fold("Deal Value ($mil)")
    ('dealvalueeurmil', 'dealvalueusdmil')
    """
    for sign, word in _MONEY:
        heading = heading.replace(sign, word)
    plain = "".join(c for c in unicodedata.normalize("NFKD", heading) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", plain.casefold()).replace("acquiror", "acquirer")


def meanings(layout: Layout, columns: Mapping[str, str] = _NONE) -> dict[str, set[str]]:
    """Return which of our columns each folded heading may stand for.

    Examples
    --------
    >>> meanings(Layout("deals", {"event": ("Deal No", "Deal ID")}), {"city": "Deal no."}) == {
    ...     "dealno": {"event", "city"},
    ...     "dealid": {"event"},
    ... }
    True
    """
    meant: dict[str, set[str]] = {}
    for ours, spellings in {**layout.spellings, **{ours: (theirs,) for ours, theirs in columns.items()}}.items():
        for spelling in spellings:
            meant.setdefault(fold(spelling), set()).add(ours)
    meant.pop("", None)
    return meant


def positions(headings: Sequence[str], layout: Layout, columns: Mapping[str, str] = _NONE) -> dict[str, int]:
    """Return where each of our columns stands among the headings; those that are absent are left out.

    A heading that stands twice counts where it stands first.

    Examples
    --------
    >>> layout = Layout("deals", {"event": ("Deal Number",), "city": ("Target City",)})
    >>> positions(["target city", "DEAL NUMBER"], layout)
    {'event': 1, 'city': 0}
    """
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        places.setdefault(fold(heading), place)
    places.pop("", None)
    wanted = {**layout.spellings, **{ours: (theirs,) for ours, theirs in columns.items()}}
    found = {
        ours: next((places[fold(s)] for s in spellings if fold(s) in places), None)
        for ours, spellings in wanted.items()
    }
    return {ours: place for ours, place in found.items() if place is not None}


def match(
    headings: Sequence[str],
    layout: Layout,
    columns: Mapping[str, str] = _NONE,
    *,
    file: str = "headings",
    line: int | None = None,
) -> dict[str, int]:
    """Return our column → position, and refuse headings that lack what is required.

    Parameters
    ----------
    headings
        The file's headings in order.
    layout
        The spellings to look for.
    columns
        The user's own map, our column → heading; it wins over the layout, and what it names must be there.
    file, line
        Where the headings stand, for the message.

    Raises
    ------
    BadInput
        Names every missing column, the headings found, the nearest of them and the line to paste.

    Examples
    --------
    >>> layout = Layout("deals", {"event": ("Deal Number",)}, frozenset({"event"}))
    >>> match(["Name", "Deal no."], layout, {"event": "Deal No"})
    {'event': 1}
    >>> match(["Name", "Deal Nmber"], layout)
    Traceback (most recent call last):
    ...
    ingest.faults.BadInput: headings: 'Name, Deal Nmber'; expected a column for event, such as 'Deal Number' \
(nearest: 'Deal Nmber', 'Name'). To mend: add to the source in study.toml: columns.event = "Deal Nmber"
    """
    found = positions(headings, layout, columns)
    missing = sorted((layout.required | set(columns)) - set(found))
    faults = [_missing(column, headings, layout, columns, file, line) for column in missing]
    for group in layout.either:
        if not set(group) & (set(found) | set(missing)):
            fault = _missing(group[0], headings, layout, columns, file, line)
            others = f" or {', '.join(group[1:])}" if group[1:] else ""
            faults.append(replace(fault, expected=fault.expected.replace(",", f"{others},", 1)))
    if faults:
        raise BadInput(faults)
    return found


def _missing(
    column: str,
    headings: Sequence[str],
    layout: Layout,
    columns: Mapping[str, str],
    file: str,
    line: int | None,
) -> Fault:
    """Say which column is missing, what there is instead, and what to write."""
    spellings = (columns[column],) if column in columns else layout.spellings.get(column, (column,))
    near = nearest(spellings, headings)
    hint = f" (nearest: {', '.join(map(repr, near))})" if near else ""
    return Fault(
        file,
        line,
        ", ".join(" ".join(heading.split()) for heading in headings if heading.strip())[:500],
        f"a column for {column}, such as {spellings[0]!r}{hint}",
        f'add to the source in study.toml: columns.{column} = "{near[0] if near else "its heading"}"',
    )


def nearest(spellings: Sequence[str], headings: Sequence[str], limit: int = 3) -> list[str]:
    """Return the headings that look most like one of the spellings, the nearest first.

    Examples
    --------
    >>> nearest(["Deal Number"], ["City", "Deal Nr", "Number of deals"], limit=2)
    ['Deal Nr', 'Number of deals']
    """
    from rapidfuzz import fuzz

    names = dict.fromkeys(" ".join(heading.split()) for heading in headings if heading.strip())
    score = {name: max(fuzz.WRatio(name.casefold(), s.casefold()) for s in spellings) for name in names}
    return sorted(names, key=lambda name: (-score[name], name))[:limit]
