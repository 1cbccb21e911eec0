"""The sector or region that a reader means: by code, by name, by part of a name, by a name that others give it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

#: Code → its other names; asked for only where its own name does not tell.
Others = Callable[[], Mapping[str, Sequence[str]]]
#: Words that tell nothing.
EMPTY = frozenset({"and", "of", "the", "for", "in"})
#: How many are offered for one that is not known.
OFFERED = 3


def code_of(text: str, labels: Mapping[str, str], others: Others = dict) -> str | None:
    """Find the one code that a reader means; None where there is none, or more than one.

    Its code or its name, words of its name in any order, of one thing or of many; then the same of its other names.

    Parameters
    ----------
    text
        What was written.
    labels
        Code → name.
    others
        Gives the other names of each code.

    Examples
    --------
    >>> labels = {"325": "Chemical manufacturing", "621": "Ambulatory health care services", "ITC4": "Lombardia"}
    >>> [code_of(text, labels) for text in ("itc4", "Chemicals", "care, health", "services and", "Milano")]
    ['ITC4', '325', '621', '621', None]
    >>> code_of("Milano", labels, lambda: {"ITC4": ["Milan", "Milano"]})
    'ITC4'
    """
    word = text.strip().casefold()
    by_code = {code.casefold(): code for code in labels}
    if word in by_code:
        return by_code[word]
    if hits := {code for code, label in labels.items() if label.casefold() == word}:
        return _only(hits)
    from ingest.places import fold  # only now: it brings pandas, which an answer by code need not wait for

    if hits := {code for code, label in labels.items() if fold(label) == fold(text)}:
        return _only(hits)
    given = words_of(text)
    if not given:
        return None
    if hits := {code for code, label in labels.items() if given <= words_of(label)}:
        return _only(hits)
    named = [(code, name) for code, names in others().items() if code in labels for name in names]
    hits = {code for code, name in named if fold(name) == fold(text)}
    return _only(hits or {code for code, name in named if given <= words_of(name)})


def _only(hits: set[str]) -> str | None:
    return next(iter(hits)) if len(hits) == 1 else None


def words_of(text: str) -> frozenset[str]:
    """Take a name apart into words, without accents, of one thing rather than of many.

    Examples
    --------
    >>> sorted(words_of("Chemicals & the Utilities, Île-de-France; glass"))
    ['chemical', 'de', 'france', 'glass', 'ile', 'utility']
    """
    from ingest.places import fold

    return frozenset(_single(word) for word in fold(text).split()) - EMPTY


def _single(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


def nearest(text: str, labels: Mapping[str, str], others: Others = dict) -> list[str]:
    """List the codes that a reader may have meant, the likeliest first: word by word, for names differ in length.

    Examples
    --------
    >>> labels = {"621": "Ambulatory health care services", "623": "Nursing and residential care facilities",
    ...           "CN": "China", "DE21": "Oberbayern"}
    >>> nearest("Health care", labels)[:2], nearest("DE2X", labels)[0]
    (['621', '623'], 'DE21')
    """
    from rapidfuzz import fuzz

    from ingest.places import fold

    named = others()
    given = sorted(words_of(text))

    def like(name: str) -> float:
        words = words_of(name)
        each = [max((fuzz.ratio(one, other) for other in words), default=0.0) for one in given]
        return 0.9 * sum(each) / max(len(each), 1) + 0.1 * fuzz.ratio(fold(text), fold(name))

    def likeness(code: str) -> float:
        also = max((fuzz.ratio(fold(text), fold(name)) for name in named.get(code, ())), default=0.0)
        spelt = fuzz.ratio(text.strip().casefold(), code.casefold())
        return max(spelt, like(labels[code]), 0.9 * also)

    far = {code: likeness(code) for code in labels}
    return sorted(labels, key=lambda code: (-far[code], code))[:OFFERED]


def offered(text: str, labels: Mapping[str, str], others: Others = dict) -> str:
    """Write :func:`nearest` with their names."""
    return "; ".join(f"{code} ({labels[code]})" for code in nearest(text, labels, others))


def other_names(settings: Mapping[str, Any], kind: str, codes: Iterable[str]) -> dict[str, list[str]]:
    """Give the other names of sectors, the titles of their parts in NAICS, or of regions, their towns.

    What the study puts together under a name of its own is found under the codes that it holds, too.

    Parameters
    ----------
    settings
        Of the run.
    kind
        ``sector`` or ``region``.
    codes
        Those of the run.

    Examples
    --------
    >>> settings = {"nuts": 2013, "region_level": "nuts2", "sector_level": "naics3", "groups": {}}
    >>> "Milano" in other_names(settings, "region", ["ITC4"])["ITC4"]
    True
    >>> other_names(settings, "sector", ["322"])["322"][0]
    'Pulp, paper, and paperboard mills'
    """
    groups = (settings.get("groups") or {}).get(f"{kind}s", {})
    named = _towns if kind == "region" else _parts
    return {code: named(settings, code, [str(one) for one in groups.get(code, ())]) for code in codes}


def _parts(settings: Mapping[str, Any], sector: str, own: list[str]) -> list[str]:
    """Name the parts of a sector of NAICS, and what a group holds."""
    from ingest.concordance import naics_titles

    codes = own or ([sector] if str(settings["sector_level"]).startswith("naics") else [])
    starts = tuple(part for code in codes for part in _spread(code))
    found = [title for code, title in naics_titles().items() if code.startswith(starts) and code not in starts]
    return list(dict.fromkeys([*own, *found])) if starts else own


def _spread(code: str) -> list[str]:
    """Write the two-digit codes that a joined one stands for.

    Examples
    --------
    >>> _spread("31-33"), _spread("325")
    (['31', '32', '33'], ['325'])
    """
    first, _, last = code.partition("-")
    return [str(one) for one in range(int(first), int(last) + 1)] if last and first.isdigit() else [code]


def _towns(settings: Mapping[str, Any], region: str, own: list[str]) -> list[str]:
    """Name the towns of a region, and what a group holds."""
    from ingest.towns import towns
    from ingest.units import LEVELS

    known, width = towns(int(settings.get("nuts", 2013))), LEVELS.get(str(settings["region_level"]), 4)
    fits = [p for p in known if (p.startswith(tuple(own)) if own else region[:4] == p or p[:width] == region)]
    return [*own, *sorted({name for place in fits for name in known[place]})]
