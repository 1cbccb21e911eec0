"""Cities of nearly the same name: what a misspelt city may be, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice

from ingest.gazetteer import names_of, sorted_names
from ingest.places import variants

#: Shorter names are too near to each other.
SHORTEST = 5
#: Spellings of a city that are tried: as it stands, bare of codes, its parts.
TRIED = 6
#: What the next region's best name must lie below the best, or the two are in doubt.
GAP = 6.0


@dataclass(frozen=True)
class NearCity:
    """A known place whose name is near: its folded name, its region, its likeness 0 to 100."""

    name: str
    region: str
    score: float


@cache
def _by_letter(country: str, nuts: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in sorted_names(country, nuts):
        if len(name) >= SHORTEST:
            found.setdefault(name[0], []).append(name)
    return found


@lru_cache(maxsize=100_000)
def near_cities(
    city: str, country: str, nuts: int = 2013, *, least: float = 75.0, number: int = 5
) -> tuple[NearCity, ...]:
    """List the places of a country whose names are nearest to a city's, the nearest of each region.

    The likeness is told on the scale of names of organisations: 95 where one letter in ten slipped (lost,
    added, changed or swapped), 80 where one in four did; towns of 50,000 or more are given a fifth of a letter
    in ten. A first letter is taken not to slip. Where another region's best name is nearly as near, the best
    is left below 95.

    Parameters
    ----------
    least
        Likeness below which nothing is listed.
    number
        How many to list.

    Examples
    --------
    >>> near_cities("ULTRECHT", "NL")[0]
    NearCity(name='utrecht', region='NL31', score=94.5)
    """
    scored = [
        NearCity(name, region, _scaled(likeness + 2.0 * big))
        for name, likeness in _near(city, country, nuts, least - 5.0).items()
        for region, big in [names_of(country, nuts)[name]]
    ]
    best: dict[str, NearCity] = {}
    for one in sorted(scored, key=lambda near: (-near.score, near.name)):
        best.setdefault(one.region, one)
    found = list(best.values())[:number]
    if len(found) > 1 and found[0].score - found[1].score < GAP:
        found[0] = replace(found[0], score=min(found[0].score, 94.0))
    return tuple(replace(one, score=round(one.score, 1)) for one in found if one.score >= least)


def _scaled(similarity: float) -> float:
    """Turn a share of letters kept, 0 to 100, into a likeness: 75 is 80, 90 is 95."""
    return similarity + 5.0 if similarity < 90.0 else min(99.0, 95.0 + 0.4 * (similarity - 90.0))


def _near(city: str, country: str, nuts: int, least: float) -> dict[str, float]:
    """Likeness of the known names to the spellings of a city, the best of each name."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found: dict[str, float] = {}
    for written in islice(variants(city), TRIED):
        if len(written) < SHORTEST:
            continue
        choices = _by_letter(country, nuts).get(written[0], [])
        near = process.extract(written, choices, scorer=OSA.normalized_similarity, score_cutoff=least / 100, limit=20)
        for name, likeness, _ in near:
            found[name] = max(found.get(name, 0.0), 100.0 * likeness)
    return found
