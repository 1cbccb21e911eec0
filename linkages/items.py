"""What an event holds of one kind: its facets in their sectors, its participants in their regions.

Shares become integers before they are multiplied or added, so that no result depends on the order in which an
engine adds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

from ingest.engine import collect, distinct
from ingest.faults import BadInput, Fault
from ingest.levels import sectors_at
from ingest.records import VENDOR_LEVELS, Records

if TYPE_CHECKING:
    import pandas as pd

SECTOR_LEVELS = ("naics2", "naics3", "naics4", "naics5", "naics6", "industry", "emerging", *VENDOR_LEVELS)
REGION_LEVELS = ("nuts0", "nuts1", "nuts2", "nuts3")
#: Levels whose sectors overlap: an industry may belong to several emerging ones.
OVERLAPPING = ("emerging",)
#: An item's share is counted in 2**20ths.
SHARE_UNIT = 2**20

Groups = Mapping[str, Sequence[str]]


def facet_items(records: Records, level: str, groups: Groups | None = None) -> nw.LazyFrame[Any]:
    """List each event's facets with their sectors at a level.

    Returns
    -------
    LazyFrame
        ``event, kind, year, item, side, node, share``: one row a facet and sector; `share` in
        2**20ths; `side` is acquirer or target for deals and null elsewhere.

    Raises
    ------
    ValueError
        For a level that is not one of :data:`SECTOR_LEVELS`, and for a vendor's level of which no record has a
        class.
    """
    if level in VENDOR_LEVELS:
        return _class_items(records, level, groups)
    if level not in SECTOR_LEVELS:
        raise ValueError(f"a sector level is one of {', '.join(SECTOR_LEVELS)}; got {level!r}")
    import pandas as pd

    codes = _distinct(records.facets, "naics")
    table = sectors_at(codes["naics"].tolist(), level, groups)
    sectors = records.engine.table(
        pd.DataFrame({"naics": table["naics"], "node": table["sector"], "part": table["share"].astype(float)})
    )
    items = records.facets.join(sectors, on="naics").select(
        "event",
        nw.col("facet").alias("item"),
        side(),
        "node",
        _share(nw.col("share") * nw.col("part")),
    )
    return _dated(records, items)


def participant_items(records: Records, level: str, groups: Groups | None = None) -> nw.LazyFrame[Any]:
    """List each event's participants with their regions at a level.

    Returns
    -------
    LazyFrame
        ``event, kind, year, item, side, node, share`` as in :func:`facet_items`; participants without a
        region are absent.

    Raises
    ------
    ValueError
        For a level that is not one of :data:`REGION_LEVELS`.
    """
    if level not in REGION_LEVELS:
        raise ValueError(f"a region level is one of {', '.join(REGION_LEVELS)}; got {level!r}")
    from ingest.regions import region_at

    places = _distinct(records.participants, "region", "nuts3")
    units = region_at(places, level, groups, nuts=records.versions["nuts"])
    table = places.assign(node=units).astype(object)
    regions = records.engine.table(table.where(table.notna(), "").astype(str))
    items = (
        records.participants.with_columns(nw.col("region").fill_null(""), nw.col("nuts3").fill_null(""))
        .join(regions, on=["region", "nuts3"])
        .filter(nw.col("node") != "")
        .select("event", nw.col("participant").alias("item"), side(), "node", _share(nw.col("share")))
    )
    return _dated(records, items)


def _class_items(records: Records, level: str, groups: Groups | None) -> nw.LazyFrame[Any]:
    """List each event's participants with the vendor's class at a level, or the group that it is in."""
    import pandas as pd

    found = classes_at(records, level)
    if records.classes is None or not found:
        raise ValueError(
            f"no record has a class at the level {level!r}: no file has a column of the vendor's {level} industry"
        )
    if faults := class_faults(groups or {}):
        raise BadInput(faults)
    grouped = {member: name for name, members in (groups or {}).items() for member in members}
    table = pd.DataFrame({"class": found, "node": [grouped.get(name, name) for name in found]}).astype(str)
    held = records.classes.filter(nw.col("level") == level)
    items = held.join(records.engine.table(table), on="class").select(
        "event",
        nw.col("participant").alias("item"),
        side(),
        "node",
        nw.lit(SHARE_UNIT).cast(nw.Int64()).alias("share"),
    )
    return _dated(records, items)


def classes_at(records: Records, level: str) -> list[str]:
    """List the vendor's classes that records hold at a level, each once, sorted."""
    if records.classes is None:
        return []
    names = _distinct(records.classes.filter(nw.col("level") == level), "class")["class"]
    return sorted({str(name) for name in names})


def class_faults(
    groups: Groups, level: str = "", known: Collection[str] | None = None, where: str = "groups"
) -> list[Fault]:
    """Name what in groups of a vendor's classes stands in two of them, or is not among those that are known.

    Parameters
    ----------
    groups
        Name → classes, in the vendor's words.
    level, known
        The level, and the classes that there are; what is unknown is not asked for when None.
    where
        What is said to hold the groups.

    Examples
    --------
    >>> for fault in class_faults({"A": ["Media"], "B": ["Media", "Moon"]}, "macro", ["Health", "Media"]):
    ...     print(fault)
    groups: 'Media'; expected one group; 'A' has it. To mend: leave it in one
    groups: 'Moon'; expected a macro class in 'B': Health, Media. To mend: correct it
    """
    faults = []
    first: dict[str, str] = {}
    for name, members in sorted(groups.items()):
        for one in members:
            if known is not None and one not in known:
                expected = f"a {level} class in {name!r}: {', '.join(sorted(known))}"
                faults.append(Fault(where, None, one, expected, "correct it"))
            elif first.setdefault(one, name) != name:
                faults.append(Fault(where, None, one, f"one group; {first[one]!r} has it", "leave it in one"))
    return faults


def _distinct(frame: nw.LazyFrame[Any], *columns: str) -> pd.DataFrame:
    return collect(distinct(frame, *columns).sort(*columns))


def side() -> nw.Expr:
    """Name the side of a deal that a role is on, acquirer or target; null for all other roles."""
    role = nw.col("role")
    return nw.when((role == "acquirer") | (role == "target")).then(role).alias("side")


def _share(share: nw.Expr) -> nw.Expr:
    fixed = (share * SHARE_UNIT).round().cast(nw.Int64())
    return nw.max_horizontal(fixed, nw.lit(1).cast(nw.Int64())).alias("share")


def _dated(records: Records, items: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    dates = records.events.select("event", "kind", "year")
    return items.join(dates, on="event").select("event", "kind", "year", "item", "side", "node", "share")
