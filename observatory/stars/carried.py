"""Tiers of one version of NUTS carried to another: renamed exactly; what was divided or merged is said."""

from __future__ import annotations

import pandas as pd

from ingest.nuts import STUDY_VERSIONS, bridge
from observatory.stars.tiers import TIERS

#: How a region went over, in the order in which it is told.
KINDS = ("renamed", "divided", "merged", "moved", "absent")


def region_moves(old: int, new: int) -> pd.DataFrame:
    """Pair the NUTS2 regions of two versions, one of them a version that a study may use.

    Returns
    -------
    pandas.DataFrame
        ``region`` (old), ``carried`` (new), ``kind``: ``same``; ``renamed``; ``divided`` (several new regions lie
        mostly in the old one); ``merged`` (the new one holds most of several old ones); ``moved`` (one for
        one, but some of the people are elsewhere). Sorted; a region that went nowhere is absent.

    Examples
    --------
    >>> moves = region_moves(2013, 2016)
    >>> moves[moves["region"].isin(["FR24", "HU10"])].to_numpy().tolist()
    [['FR24', 'FRB0', 'renamed'], ['HU10', 'HU11', 'divided'], ['HU10', 'HU12', 'divided']]
    """
    parts = []
    if new in STUDY_VERSIONS:
        parts.append(bridge(old, new))
    if old in STUDY_VERSIONS:
        parts.append(bridge(new, old).rename(columns={"region": "carried", "carried": "region"}))
    if not parts:
        raise ValueError(f"neither NUTS {old} nor {new} is among the versions a study may use: {STUDY_VERSIONS}")
    table = pd.concat(parts, ignore_index=True)
    table = table[(table["region"].str.len() == 4) & (table["carried"].str.len() == 4)]
    table = table.groupby(["region", "carried"])["spread"].max().reset_index()
    whole = table.groupby("carried")["region"].transform("size") > 1
    parted = table.groupby("region")["carried"].transform("size") > 1
    kind = pd.Series("same", index=table.index)
    kind = kind.mask(table["region"] != table["carried"], "renamed").mask(table["spread"], "moved")
    kind = kind.mask(whole, "merged").mask(parted, "divided")
    return table.assign(kind=kind)[["region", "carried", "kind"]].sort_values(["region", "carried"], ignore_index=True)


def carry_tiers(tiers: pd.DataFrame, old: int, new: int) -> pd.DataFrame:
    r"""Carry tiers of NUTS2 regions from one version to another.

    Each part of a divided region bears the tier of the whole; of regions that were merged the better tier
    stands; a region that the new version does not have keeps its code. All but plain renaming is said.

    Parameters
    ----------
    tiers
        ``industry, region, tier`` with tiers of :data:`observatory.stars.TIERS`.
    old, new
        Versions of NUTS, 2003 to 2024, one of them a version that a study may use.

    Returns
    -------
    pandas.DataFrame
        The same columns, one row an industry and region, sorted; ``attrs["notes"]`` says in sentences what
        became of the regions that the table names, after the notes that it had.

    Examples
    --------
    >>> table = pd.DataFrame({"industry": "Automotive", "region": ["HU10", "FR24"], "tier": ["high", "medium"]})
    >>> carried = carry_tiers(table, 2013, 2016)
    >>> carried["region"].to_list()
    ['FRB0', 'HU11', 'HU12']
    >>> print(*carried.attrs["notes"], sep="\n")
    Carried from NUTS 2013 to 2016: 1 region is renamed (FR24 = FRB0).
    Divided, and each part bears the tier of the whole: HU10 into HU11, HU12.
    """
    if old == new:
        return tiers.copy()
    named = set(tiers["region"])
    moves = region_moves(old, new)
    moves = moves[moves["region"].isin(named)]
    absent = sorted(named - set(moves["region"]))
    stay = pd.DataFrame({"region": absent, "carried": absent, "kind": "absent"})
    moves = pd.concat([moves, stay], ignore_index=True)
    rank = tiers["tier"].map({tier: rank for rank, tier in enumerate(TIERS)})
    moved = tiers.assign(rank=rank).merge(moves[["region", "carried"]], on="region")
    moved = moved.sort_values(["industry", "carried", "rank", "region"])
    best = moved.drop_duplicates(["industry", "carried"]).assign(region=lambda table: table["carried"])
    result = best[list(tiers.columns)].reset_index(drop=True)
    result.attrs = {**tiers.attrs, "nuts": new}
    result.attrs["notes"] = [*tiers.attrs.get("notes", []), *_said(moves, old, new)]
    return result


def _said(moves: pd.DataFrame, old: int, new: int) -> list[str]:
    """Say what became of the regions, a sentence a kind."""
    rows = {kind: moves[moves["kind"] == kind] for kind in KINDS}
    one = rows["renamed"]
    names = ", ".join(f"{a} = {b}" for a, b in zip(one["region"], one["carried"], strict=True))
    verb = "region is" if len(one) == 1 else "regions are"
    first = f"Carried from NUTS {old} to {new}: {len(one) or 'no'} {verb} renamed{f' ({names})' if names else ''}."
    divided = _several(moves, "region", "carried")
    merged = _several(moves, "carried", "region")
    ends = zip(rows["moved"]["region"], rows["moved"]["carried"], strict=True)
    moved = [a if a == b else f"{a} to {b}" for a, b in ends]
    told: list[tuple[str, list[str]]] = [
        ("Divided, and each part bears the tier of the whole", [f"{a} into {b}" for a, b in divided.items()]),
        ("Merged, and the better tier stands", [f"{b} into {a}" for a, b in merged.items()]),
        ("Carried to the region with most of the people, as borders moved", moved),
        (f"Not in NUTS {new}, and kept under the code of {old}", rows["absent"]["region"].to_list()),
    ]
    return [first, *(f"{what}: {'; '.join(which)}." for what, which in told if which)]


def _several(moves: pd.DataFrame, by: str, other: str) -> pd.Series[str]:
    """Join the regions of each one that has several on the other side."""
    many = moves[moves.duplicated(by, keep=False)].sort_values([by, other])
    return many.groupby(by)[other].agg(", ".join)
