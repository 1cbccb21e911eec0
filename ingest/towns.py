"""Towns of a region: the names by which people know it who do not know its code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from ingest.nuts import check_version


@cache
def towns(nuts: int = 2013) -> Mapping[str, Sequence[str]]:
    """List the names of the towns of 50,000 people or more in each NUTS2 region, other languages' names too.

    Parameters
    ----------
    nuts
        Version of NUTS.

    Returns
    -------
    Mapping
        Region → names without accents, in order of the alphabet.

    Raises
    ------
    ValueError
        For a version that there is not.

    References
    ----------
    ``reference/regions/places.toml``: GeoNames, CC BY 4.0.

    Examples
    --------
    >>> [name for name in towns()["DE21"] if name.startswith("Mun")][:5]
    ['Munchen', 'Munegh', 'Munhen', 'Munic', 'Munich']
    """
    import pyarrow.compute as pc
    from pyarrow import parquet

    check_version(nuts)
    path = resources.files("ingest") / "reference" / "regions" / "places.parquet"
    with path.open("rb") as file:
        known = parquet.read_table(file, columns=["name", "big", f"nuts{nuts}"]).filter(pc.field("big"))
    found: dict[str, set[str]] = {}
    for name, region in zip(known["name"].to_pylist(), known[f"nuts{nuts}"].to_pylist(), strict=True):
        if region:
            found.setdefault(region, set()).add(name.title())
    return {region: sorted(names) for region, names in found.items()}
