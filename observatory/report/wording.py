"""Words and numbers as the report writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

SOURCES = {"copatent": "co-patents", "deal": "deals", "alliance": "alliances", "all": "all sources"}
KINDS = {"sector": "sectors", "region": "regions"}
ROLES = {
    "core": "core",
    "member": "member",
    "bridge": "bridge",
    "left out": "left out",
    "unknown": "not tested",
}
#: Rules by which the number of spaces was found.
RULES = {
    "infomap": "Infomap",
    "infomap on links above expectation": "Infomap on links above expectation",
    "leiden": "the best Leiden partition",
    "study": "the study's own number",
}
#: Ways in which stars are given.
METHODS = {
    "panorama": "stars as in the Panorama 2020",
    "observatory2009": "stars as in the first Cluster Observatory",
    "published tiers": "tiers as published",
}
#: Tiers of any method on the scale of four; the rest has no tier.
TIERS = {
    "high": "high",
    "medium": "medium",
    "basic": "basic",
    "three stars": "high",
    "two stars": "medium",
    "one star": "basic",
}
#: What says too little alone: 339 is "Miscellaneous manufacturing". ``words.js`` of the explorer has the same.
VAGUE = re.compile("^((all|other|general|miscellaneous|primary|metal) ?)+$", re.IGNORECASE)


def source_name(source: str) -> str:
    """Name a kind of event.

    Examples
    --------
    >>> source_name("copatent"), source_name("research")
    ('co-patents', 'research')
    """
    return SOURCES.get(source, source)


def network_name(network: str) -> str:
    """Name a network in words.

    Examples
    --------
    >>> network_name("sector__deal__2000-2007")
    'sectors, deals, 2000–2007'
    >>> network_name("sector__research__2002-2012")
    'research and technology across industries, 2002–2012'
    """
    kind, source, period = network.split("__", 2)
    special = {"research": "research and technology", "production": "production and services"}
    if source in special:
        return f"{special[source]} across industries, {years(period)}"
    return f"{KINDS.get(kind, kind)}, {source_name(source)}, {years(period)}"


def years(period: str) -> str:
    """Write a period.

    Examples
    --------
    >>> years("2000-2007"), years("2007-2007")
    ('2000–2007', '2007')
    """
    first, _, last = period.partition("-")
    return first if first == last or not last else f"{first}–{last}"


def number(value: Any, digits: int = 0) -> str:
    """Write a number with thousands; a dash for none.

    Examples
    --------
    >>> number(1234), number(0.256, 2), number(None), number(-1e-9, 3), number(-0.16, 2)
    ('1,234', '0.26', '–', '0.000', '−0.16')
    """
    return "–" if _absent(value) else _minus(f"{value:,.{digits}f}")


def figure(value: Any) -> str:
    """Write a weight: whole numbers whole, others with one decimal.

    Examples
    --------
    >>> figure(12.0), figure(12.25), figure(float("nan"))
    ('12', '12.2', '–')
    """
    return "–" if _absent(value) else number(value, 0 if float(value).is_integer() else 1)


def percent(share: Any) -> str:
    """Write a share.

    Examples
    --------
    >>> percent(0.256), percent(0.9996), percent(1.0), percent(None), percent(0.004), percent(0.005)
    ('26 %', 'over 99 %', '100 %', '–', 'under 1 %', 'under 1 %')
    """
    if _absent(share):
        return "–"
    if 0 < share <= 0.005:  # a half would be rounded to the even number, 0
        return "under 1 %"
    return "over 99 %" if 0.995 <= share < 1 else _minus(f"{share:.0%}".replace("%", " %"))


def fine(share: Any) -> str:
    """Write a share that is to be told from another: to a tenth of a per cent, and finer where it is small.

    Examples
    --------
    >>> fine(0.1795), fine(0.00368), fine(0.00048), fine(1e-9), fine(0.0), fine(None)
    ('17.9 %', '0.37 %', '0.048 %', 'under 0.001 %', '0.0 %', '–')
    """
    if _absent(share):
        return "–"
    digits = 1 if not share or share >= 0.01 else 2 if share >= 0.001 else 3
    return "under 0.001 %" if 0 < share < 0.00001 else f"{share:.{digits}%}".replace("%", " %")


def grown(share: Any) -> str:
    """Write growth, a share with its sign.

    Examples
    --------
    >>> grown(17.333), grown(-0.03), grown(float("nan")), grown(-0.001)
    ('+1,733 %', '−3 %', '–', '0 %')
    """
    if _absent(share):
        return "–"
    said = f"{share:+,.0%}".replace("%", " %")
    return "0 %" if said[1:] == "0 %" else said.replace("-", "−")


def small(value: Any) -> str:
    """Write a rate of error.

    Examples
    --------
    >>> small(0.2), small(1e-9), small(None)
    ('0.200', 'under 0.001', '–')
    """
    return "–" if _absent(value) else "under 0.001" if value < 0.001 else number(value, 3)


def counted(amount: int, noun: str, plural: str | None = None, none: str | None = None) -> str:
    """Write how many.

    Examples
    --------
    >>> counted(1, "space"), counted(2, "space"), counted(0, "industry", "industries")
    ('1 space', '2 spaces', 'no industries')
    >>> counted(0, "linkage", none="no linkage")
    'no linkage'
    """
    word = noun if amount == 1 else plural or f"{noun}s"
    return f"{amount:,} {word}" if amount else none or f"no {word}"


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"]), listed([])
    ('a, b and c', 'a', '')
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else list(words))


def plain(name: str) -> str:
    """Take the word that almost every sector bears off a name.

    Examples
    --------
    >>> plain("Chemical manufacturing + Food manufacturing")
    'Chemical + Food'
    >>> plain("Miscellaneous manufacturing")
    'Miscellaneous manufacturing'
    """
    bare = ((part, part.removesuffix(" manufacturing")) for part in name.split(" + "))
    return " + ".join(part if VAGUE.match(rest) else rest for part, rest in bare)


def short(name: str, length: int = 24) -> str:
    """Shorten the parts of a space's name for a legend.

    Examples
    --------
    >>> short("Chemical manufacturing + Food manufacturing")
    'Chemical + Food'
    >>> short("Computer and electronic product manufacturing + Utilities")
    'Computer and electronic… + Utilities'
    """
    from observatory.figures.words import shorten

    parts = [shorten(part, length) for part in plain(name).split(" + ")]
    return " + ".join(re.sub(r",? and…$", "…", part) for part in parts)


def signed(value: Any, digits: int = 2) -> str:
    """Write a number with its sign.

    Examples
    --------
    >>> signed(-0.5), signed(2), signed(-0.001)
    ('−0.50', '+2.00', '0.00')
    """
    if _absent(value):
        return "–"
    said = f"{value:+.{digits}f}"
    return said[1:] if _zero(said) else _minus(said)


def _zero(said: str) -> bool:
    return not re.search("[1-9]", said)


def _minus(said: str) -> str:
    """Write a minus sign for the hyphen, and none before zero."""
    return said.removeprefix("-") if _zero(said) else said.replace("-", "−")


def _absent(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value))
