"""Sectors and regions: the list of each, and everything that the run knows of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from observatory.explorer.holdings import FOLDERS, OF_SPACE, Holdings
from observatory.explorer.paths import safe
from observatory.explorer.payload import Payload
from observatory.regions import OpenProfiles, RegionProfile, open_profiles
from observatory.report.maps import strongest
from observatory.report.regions import foremost

#: Rows of each table of one node that JSON holds.
MOST = 2_000
#: Pairs of sectors that meet in a region, and regions in which a sector meets others, that JSON holds.
MEETING = 500
#: Names of columns that are called otherwise in the profiles.
LABELS = {f"{name}_name": f"{name}_label" for name in ("space", "partner", "other")}
#: Where a reader of the explorer, who has no files of the program, finds the rules.
TOLD = "“Methods and downloads”"
COUNTED = f"How links are counted and how strong they are: {TOLD}."
SPACED = f"How spaces are found and how sure they are: {TOLD}."


def listed(holdings: Holdings, level: str) -> Payload:
    """List the sectors or regions: one row a node, period and kind of event.

    Parameters
    ----------
    holdings
        The run.
    level
        ``sector`` or ``region``.
    """
    parts = []
    for network in filter(holdings.is_plain, holdings.networks):
        kind, source, period = network.split("__")
        if kind == level:
            parts.append(holdings.nodes(network).assign(period=period, source=source))
    table = pd.concat([part for part in parts if len(part)], ignore_index=True) if parts else pd.DataFrame()
    if len(table):
        table = table.merge(_crossing(holdings, level), on=[level, "period", "source"], how="left")
        # Halves there are only where the year that periods share counts half in each.
        whole = (table["cross_sectoral"].dropna() % 1 == 0).all()
        table["cross_sectoral"] = table["cross_sectoral"].astype("Int64" if whole else "Float64")
        first = [level, f"{level}_label", "period", "source"]
        table = table[[*first, *(name for name in table if name not in first)]]
    if level == "region":
        table = _with_spaces(holdings, table)
    fields = {"level": holdings.material.settings[f"{level}_level"], "periods": holdings.material.periods}
    fields |= {"foremost": _foremost(holdings)} if level == "region" else {}
    return Payload(
        what=f"Every {level} of the networks, in each period and for each kind of event.",
        method=f"{COUNTED} {SPACED}",
        source=f"{holdings.title}: networks/, communities/",
        fields=fields | {"sources": holdings.sources},
        tables={"nodes": table},
    )


def _crossing(holdings: Holdings, level: str) -> pd.DataFrame:
    """Count the cross-sectoral events of each node, an event of many links once; of sectors the run tells two periods.

    Of a sector the first and the last period's are in ``trends/areas.parquet``, of a region all are in
    ``concentration.parquet``; what is in neither is left empty.
    """
    keys = [level, "period", "source"]
    if level == "region":
        table = holdings.table("concentration.parquet")
        if len(table):
            table = table[(table["side"] == "either") & (table["focal"].fillna("") == "")]
    else:
        table = holdings.table("trends/areas.parquet")
        if len(table):
            here = table[table["kind"] == level].rename(columns={"node": level, "of": "source"})
            ends = {"n1": holdings.material.periods[0], "n2": holdings.material.last}
            table = pd.concat([here.assign(period=p, cross_sectoral=here[n]) for n, p in ends.items()])
    if table.empty:
        return pd.DataFrame(columns=[*keys, "cross_sectoral"]).astype(dict.fromkeys(keys, str))
    return table[[*keys, "cross_sectoral"]].astype(dict.fromkeys(keys, str))


def _with_spaces(holdings: Holdings, table: pd.DataFrame) -> pd.DataFrame:
    """Name the space that has most linkages in each region, by period; regions form no spaces of their own."""
    if table.empty or holdings.joint.empty:
        return table
    spaces = [_strongest(holdings, period) for period in holdings.material.periods]
    found = pd.concat(spaces, ignore_index=True)
    rest = table.drop(columns=["space", "space_label", "letter"])
    return rest.merge(found, on=["region", "period"], how="left")


def _strongest(holdings: Holdings, period: str) -> pd.DataFrame:
    from observatory.report.lines import lines_of

    network = f"sector__all__{period}"
    lines = {holdings.material.lineages.get((network, c)): told for c, told in holdings.of_community(network).items()}
    here = holdings.joint[holdings.joint["period"] == period]
    best = strongest(here, lines_of(holdings.material, network))
    told = [lines.get(None if pd.isna(line) else int(line), (None,) * 4) for line in best["group"]]
    cells = {name: [one[place] for one in told] for place, name in enumerate(OF_SPACE[:3])}
    return pd.DataFrame({"region": best["region"].astype(str), "period": period, **cells})


def _foremost(holdings: Holdings) -> list[str]:
    return foremost(_profiles(holdings)[holdings.material.last]) if _profiles(holdings) else []


def _profiles(holdings: Holdings) -> dict[str, OpenProfiles]:
    """Open the profiles of regions, by period; none where the run has none."""
    if not holdings.material.profiles_about:
        return {}
    kept = holdings.__dict__.setdefault("opened_profiles", {})
    if not kept:
        kept |= {period: open_profiles(holdings.run, period) for period in holdings.material.periods}
    return dict(kept)


def sector(holdings: Holdings, code: str) -> Payload:
    """Tell everything of a sector: its links, spaces, change, and the regions where it meets others."""
    return Payload(
        what=f"Everything that the run knows of the sector {_named(holdings, 'sector', code)}.",
        method=f"{COUNTED} {SPACED}",
        source=f"{holdings.title}: networks/, communities/, change/, joint.parquet",
        fields=_about(holdings, "sector", code) | {"joint": f"joint/sectors/{safe(code)}"},
        tables={
            "linkages": holdings.links_of("sector", code),
            "spaces": _places(holdings, "sector", code),
            "change": _change(holdings, "sector", code),
            "moves": _moves(holdings, code),
            "meets": _regions_of(holdings, code),
        },
        most=MOST,
        ends="sectors",
    )


def region(holdings: Holdings, code: str) -> Payload:
    """Tell everything of a region: its links, industries and stars, what it lacks, and who could be its partners."""
    profiles = {period: opened.profile(code) for period, opened in _profiles(holdings).items()}
    stars = holdings.stars
    more = {"joint": f"joint/regions/{safe(code)}", "stars_path": f"stars/{safe(code)}"}
    said = {period: {"sentence": one.sentence(), "notes": one.notes} for period, one in profiles.items()}
    return Payload(
        what=f"Everything that the run knows of the region {_named(holdings, 'region', code)}.",
        method=f"{COUNTED} Stars and partners as in docs/stars.md.",
        source=f"{holdings.title}: networks/, stars.parquet, stars/, profiles/, joint.parquet, concentration.parquet",
        fields=_about(holdings, "region", code) | more | {"profile": said},
        tables={
            "linkages": holdings.links_of("region", code),
            "spaces": _places(holdings, "region", code),
            "change": _change(holdings, "region", code),
            **_parts(profiles),
            "stars": stars[stars["region"] == code] if len(stars) else pd.DataFrame(),
            "meets": _sectors_of(holdings, code),
            "concentration": _concentration(holdings, code),
        },
        most=MOST,
        ends="regions",
    )


def _named(holdings: Holdings, level: str, code: str) -> str:
    label = holdings.labels[level][code]
    return label if label == code else f"{label} ({code})"


def _about(holdings: Holdings, level: str, code: str) -> dict[str, Any]:
    label = holdings.labels[level][code]
    return {"level": level, "code": code, "label": label, "path": f"{FOLDERS[level]}/{safe(code)}"}


def _places(holdings: Holdings, level: str, code: str) -> pd.DataFrame:
    """Say what a node is in each network: its strength, its space, how sure, its role."""
    table = _every_node(holdings, level)
    return table[table[level] == code].drop(columns=[level, f"{level}_label", "path"]).reset_index(drop=True)


def _every_node(holdings: Holdings, level: str) -> pd.DataFrame:
    kept = holdings.__dict__.setdefault("listed_nodes", {})
    if level not in kept:
        kept[level] = listed(holdings, level).tables["nodes"]
    table: pd.DataFrame = kept[level]
    return table


def _change(holdings: Holdings, level: str, code: str) -> pd.DataFrame:
    """Say how a node's own share of all events changed, by kind of event."""
    table = holdings.table("trends/areas.parquet")
    if table.empty:
        return table
    here = table[(table["kind"] == level) & (table["node"].astype(str) == code)]
    return here.rename(columns={"of": "source"}).drop(columns=["kind", "node", "label"]).reset_index(drop=True)


def _moves(holdings: Holdings, code: str) -> pd.DataFrame:
    """Say from which space to which a sector went, by kind of event."""
    return pd.concat(_moved(holdings, code), ignore_index=True)


def _moved(holdings: Holdings, code: str) -> Iterator[pd.DataFrame]:
    for source in holdings.sources:
        table = holdings.material.matched("members", source)
        here = table[table["node"].astype(str) == code]
        here = here[["since", "period", "kind", "from", "to", "stable"]].astype(object)
        yield here.assign(source=source)


def _parts(profiles: Mapping[str, RegionProfile]) -> dict[str, pd.DataFrame]:
    """Give the parts of a region's profile, each over all periods."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for period, profile in profiles.items():
        for name, table in profile.tables.items():
            parts.setdefault(name, []).append(table.astype(object).assign(period=period))
    return {name: _together(tables) for name, tables in parts.items()}


def _together(tables: list[pd.DataFrame]) -> pd.DataFrame:
    table = pd.concat(tables, ignore_index=True)
    table = table.drop(columns="region", errors="ignore").rename(columns=LABELS)
    return table[["period", *(name for name in table if name != "period")]].infer_objects()


def _regions_of(holdings: Holdings, code: str) -> pd.DataFrame:
    """Sum the linkages of a sector by region, those with most first."""
    table = holdings.joint_of("sector", code)
    if table.empty:
        return pd.DataFrame()
    ends = [
        table[["period", "source", f"region_{end}", "events"]].set_axis(
            ["period", "source", "region", "linkages"], axis=1
        )
        for end in "ab"
    ]
    # A linkage within one region is one of it, not two.
    ends[1] = ends[1][(table["region_a"] != table["region_b"]).to_numpy()]
    found = pd.concat(ends, ignore_index=True)
    found = _all_sources(found[found["region"] != ""], ["period", "source", "region"])
    names = holdings.labels["region"]
    found.insert(3, "region_label", [names.get(region, region) for region in found["region"]])
    order = ["period", "source", "linkages", "region"]
    return _first(found.sort_values(order, ascending=[False, True, False, True], ignore_index=True))


def _sectors_of(holdings: Holdings, code: str) -> pd.DataFrame:
    """Sum what sectors meet in a region, within it or across its border, those with most linkages first."""
    table = holdings.joint_of("region", code)
    if table.empty:
        return pd.DataFrame()
    both = ((table["region_a"] == code) & (table["region_b"] == code)).to_numpy()
    keys = ["period", "source", "where", "sector_a", "sector_a_label", "sector_b", "sector_b_label"]
    told = table.assign(where=pd.Series(both, index=table.index).map({True: "within", False: "between"}))
    found = _all_sources(told.rename(columns={"events": "linkages"})[[*keys, "linkages"]], keys)
    order = ["period", "source", "linkages", "sector_a", "sector_b", "where"]
    return _first(found.sort_values(order, ascending=[False, True, False, True, True, True], ignore_index=True))


def _all_sources(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sum whole numbers by key, for each kind of event and for all of them."""
    both = pd.concat([table.assign(source="all"), table], ignore_index=True)
    return both.groupby(keys, sort=True)["linkages"].sum().reset_index()


def _first(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the first rows of each period and kind of event."""
    return table.groupby(["period", "source"], sort=False).head(MEETING).reset_index(drop=True)


def _concentration(holdings: Holdings, code: str) -> pd.DataFrame:
    table = holdings.table("concentration.parquet")
    if table.empty:
        return table
    here = table[table["region"].astype(str) == code].drop(columns="region")
    return here.sort_values(["period", "source", "side", "focal"], ignore_index=True)
