"""Second stage, its further tables: years, the shared year, Table 1 of the Trends methodology, focal industries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import narwhals as nw
import numpy as np
import pandas as pd

from communities.stability import adjusted_mutual_information
from ingest.engine import collect, distinct, records_of
from ingest.levels import sector_label
from ingest.regions import region_name
from linkages import Network
from linkages.agreement import between_sources
from linkages.areas import areas, node_years
from linkages.composition import breadth, composition, geography, geography_of, reaches
from linkages.focal import encounters, partner_years, partners_of, region_years, regions_of
from linkages.periods import Period
from linkages.series import followed, series
from linkages.shared_year import shared_year_effect
from linkages.yearly import in_years
from observatory.stages.counting import Counts, Frame
from observatory.stages.finding import Found

#: How many links of each source and period have their strongest regions named.
NAMED = 200


def tables(
    counts: Counts, networks: Mapping[str, Network], changes: Mapping[str, pd.DataFrame], joint: pd.DataFrame
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give every table that follows from the counts alone, by its name in the run folder.

    Parameters
    ----------
    counts
        What :func:`observatory.stages.counting.count_records` returns.
    networks, changes, joint
        The study's networks, their changes and the joint table.
    """
    yield "series", years_table(counts)
    yield "series_links", followed_table(counts)
    yield "shared_year", shared_year_table(counts)
    yield "trends/composition", composition_table(counts, networks)
    yield "trends/breadth", breadth_table(counts)
    yield "trends/geography", geography_table(counts, joint)
    if changes:
        yield "trends/strength", strength_table(counts, changes)
        yield "trends/areas", areas_table(counts, networks)
    met = encounters(counts.focal, counts.facets, counts.records.engine)
    yield "levels", levels_table(counts)
    if counts.worth is not None:
        yield "worth", counts.worth.told.assign(currency=counts.worth.currency)
    yield "focal/partners", partners_table(counts, partner_years(met))
    yield "focal/regions", regions_table(counts, region_years(met, counts.participants, counts.records.engine))


def years_table(counts: Counts) -> pd.DataFrame:
    """Give ``kind, level, of, year, events, cross_sectoral, links, weight, unit``; `of` is a kind of event or all."""
    parts = [
        series(counts.years[kind], counts.sources).assign(kind=kind, level=level, unit=counts.unit)
        for kind, level in counts.levels.items()
    ]
    table = pd.concat(parts, ignore_index=True).rename(columns={"source": "of"})
    inside = table["year"].isin(sorted({year for period in counts.periods for year in _years(period)}))
    columns = ["kind", "level", "of", "year", "events", "cross_sectoral", "links", "weight", "unit"]
    return table.loc[inside, columns].reset_index(drop=True)


def followed_table(counts: Counts) -> pd.DataFrame:
    """Give ``kind, of, source, target, year, weight, events`` of the strongest links of each source."""
    parts = [
        followed(counts.years[kind], counts.records.engine, counts.sources).assign(kind=kind) for kind in counts.levels
    ]
    return _first(pd.concat(parts, ignore_index=True), "kind")


def shared_year_table(counts: Counts) -> pd.DataFrame:
    """Give ``kind, of, period, shared_year`` and what :func:`linkages.shared_year.shared_year_effect` tells."""
    own, periods = counts.settings.shared_year, counts.periods
    parts = [
        shared_year_effect(counts.years[kind], periods, counts.sources, own).assign(kind=kind) for kind in counts.levels
    ]
    return _first(pd.concat(parts, ignore_index=True).rename(columns={"source": "of"}), "kind")


def composition_table(counts: Counts, networks: Mapping[str, Network]) -> pd.DataFrame:
    """Give ``of, period`` and the configurations of every sector network of the study."""
    strong = counts.settings.strength.strong
    parts = [
        composition(networks[f"sector__{of}__{period}"], strong).assign(of=of, period=str(period))
        for of in counts.sources
        for period in counts.periods
    ]
    return _first(pd.concat(parts, ignore_index=True), "of", "period")


def breadth_table(counts: Counts) -> pd.DataFrame:
    """Give ``of, period, sectors, events``: events by the number of sectors that they join."""
    table = breadth(counts.sectors)
    parts = []
    for of in counts.sources:
        for period in counts.periods:
            here = in_years(table, counts.weights(period), of)
            parts.append(here.groupby("sectors", as_index=False)[["events"]].sum().assign(of=of, period=str(period)))
    return _first(pd.concat(parts, ignore_index=True), "of", "period")


def geography_table(counts: Counts, joint: pd.DataFrame) -> pd.DataFrame:
    """Give each pair of sectors by period: its events by how far their regions lie apart, and its foremost regions.

    Returns
    -------
    DataFrame
        ``of, period, source, target, within, country, abroad, unknown, events, top_within, top_between``: the
        region with most events within it, the pair of regions with most events, empty beyond the first
        :data:`NAMED` links of a source and period.
    """
    codes = {str(code) for end in ("region_a", "region_b") for code in joint[end].unique()} - {""}
    countries = {code: country_of(code, counts.settings.groups.regions) for code in sorted(codes)}
    found = geography(counts.sectors, reaches(counts.regions, countries, counts.records.engine))
    parts = []
    for of in counts.sources:
        for period in counts.periods:
            table = geography_of(found, counts.weights(period), of)
            here = joint[(joint["period"] == str(period)) & ((of == "all") | (joint["source"] == of))]
            named = _foremost(here, table.head(NAMED))
            parts.append(table.merge(named, on=["source", "target"], how="left").assign(of=of, period=str(period)))
    table = _first(pd.concat(parts, ignore_index=True), "of", "period")
    return table.fillna({"top_within": "", "top_between": ""})


def country_of(code: str, groups: Mapping[str, Sequence[str]]) -> str:
    """Tell the country of a region; a group of the study's own has the one of its members, or none but itself.

    Examples
    --------
    >>> groups = {"Oresund": ["DK01", "SE22"], "Rhine": ["DEA1", "DEB1"]}
    >>> [country_of(code, groups) for code in ("DE21", "US", "Oresund", "Rhine")]
    ['DE', 'US', 'Oresund', 'DE']
    """
    members = {member[:2] for member in groups.get(code, ())}
    return min(members) if len(members) == 1 else code if members else code[:2]


def _foremost(joint: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Name the region, and the pair of regions, with most events of each link."""
    keys = {"sector_a": "source", "sector_b": "target"}
    rows = joint.rename(columns={**keys, "source": "of"}).merge(links[["source", "target"]], on=["source", "target"])
    rows = rows[(rows["region_a"] != "")]
    regions = ["region_a", "region_b"]
    summed = rows.groupby(["source", "target", *regions], as_index=False)[["events"]].sum()
    summed = summed.sort_values(["events", *regions], ascending=[False, True, True])
    inside = summed["region_a"] == summed["region_b"]
    ends = ["source", "target"]
    within, between = summed[inside].drop_duplicates(ends), summed[~inside].drop_duplicates(ends)
    within = within.assign(top_within=within["region_a"].astype(str))
    between = between.assign(top_between=between["region_a"].astype(str) + " – " + between["region_b"].astype(str))
    return (
        links[ends]
        .merge(within[[*ends, "top_within"]], on=ends, how="left")
        .merge(between[[*ends, "top_between"]], on=ends, how="left")
    )


def strength_table(counts: Counts, changes: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Give the links of sectors of the first and the last period: how often, at which rank, and the trend.

    Returns
    -------
    DataFrame
        ``of, source, source_label, target, target_label, n1, n2, rank1, rank2, share1, share2, strong1, strong2``
        and ``log_odds, low, high, p, q, class`` of :func:`linkages.change.change`; `share` is of all events of
        the period, a rank is empty where there is no event.
    """
    spans, strong = (counts.periods[0], counts.periods[-1]), counts.settings.strength.strong
    parts = []
    for of in counts.sources:
        table = changes[f"sector__{of}"].copy()
        for end in ("source", "target"):
            table[f"{end}_label"] = [sector_label(counts.settings.sector_level, str(node)) for node in table[end]]
        for number, span in enumerate(spans, start=1):
            n = table[f"n{number}"]
            events = counts.events_of("sector", span, of)
            table[f"rank{number}"] = n.where(n > 0).rank(method="min", ascending=False).astype("Int64")
            table[f"share{number}"] = n / events if events else 0.0
            table[f"strong{number}"] = n >= strong
        parts.append(table.assign(of=of))
    table = pd.concat(parts, ignore_index=True)
    told = [f"{name}{number}" for name in ("n", "rank", "share", "strong") for number in (1, 2)]
    ends = ["source", "source_label", "target", "target_label"]
    return table[["of", *ends, *told, "log_odds", "low", "high", "p", "q", "class"]]


def areas_table(counts: Counts, networks: Mapping[str, Network]) -> pd.DataFrame:
    """Give ``kind, of, node, label`` and the growth of each sector and region between the first and last period."""
    first, last = counts.periods[0], counts.periods[-1]
    parts = []
    for kind, pairs in (("sector", counts.sectors), ("region", counts.regions)):
        # A region takes part in a cross-sectoral event whether it is the only one or not.
        nodes = node_years(pairs, within=kind == "region")
        for of in counts.sources:
            totals = tuple(counts.cross_sectoral_of(kind, span, of) for span in (first, last))
            table = areas(nodes, counts.weights(first), counts.weights(last), (totals[0], totals[1]), of)
            # Areas are of all events; a network may hold fewer, as where it is weighed by value.
            held = networks[f"{kind}__all__{last}"]
            nuts = int(held.settings["nuts"])
            names = [region_name(n, nuts) if kind == "region" else sector_label(held.level, n) for n in table["node"]]
            parts.append(table.assign(kind=kind, of=of, label=pd.Series(names, index=table.index, dtype="str")))
    return _first(pd.concat(parts, ignore_index=True), "kind", "of", "node", "label")


def partners_table(counts: Counts, years: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    """Give ``period, of`` and whom each focal industry acquires, is acquired by or is joined with."""
    table = _by_period(counts, years, partners_of)
    level = counts.settings.sector_level
    labels = {code: sector_label(level, code) for code in sorted(set(table["other"].astype(str)))}
    return table.assign(other_label=table["other"].map(labels).astype(str))


def regions_table(counts: Counts, years: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    """Give ``period, of`` and the regions whose events join each focal industry with others."""
    table = _by_period(counts, years, partial(regions_of, groups=counts.settings.groups.regions))
    names = {code: region_name(code, counts.settings.nuts) for code in sorted(set(table["region"].astype(str)))}
    return table.assign(region_label=table["region"].map(names).astype(str))


def _by_period(
    counts: Counts,
    years: tuple[pd.DataFrame, pd.DataFrame],
    rate: Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame],
) -> pd.DataFrame:
    """Rate what was counted year by year, in each period and source."""
    parts = []
    for period in counts.periods:
        for of in counts.sources:
            here = [in_years(table, counts.weights(period), of) for table in years]
            parts.append(rate(here[0], here[1]).assign(period=str(period), of=of))
    return _first(pd.concat(parts, ignore_index=True), "period", "of")


def agreement_table(counts: Counts, networks: Mapping[str, Network], found: Mapping[str, Found]) -> pd.DataFrame:
    """Compare the sources two by two: links, strongest links, and communities (adjusted mutual information)."""
    table = between_sources(networks, counts.kinds, [str(period) for period in counts.periods])
    ami = []
    for row in records_of(table):
        one, two = (found["{kind}__{}__{period}".format(row[end], **row)].partition.membership for end in "ab")
        both = one.index.intersection(two.index).sort_values()
        labels = [np.asarray(part.loc[both], dtype="int64") for part in (one, two)]
        ami.append(adjusted_mutual_information(*labels) if len(both) > 1 else float("nan"))
    return table.assign(ami=pd.Series(ami, dtype="float64", index=table.index))


def levels_table(counts: Counts) -> pd.DataFrame:
    """Tell, for every level that the study counts at, how many events of each kind have a code there.

    Returns
    -------
    DataFrame
        ``kind, level, of, events, coded, without, share``: `coded` are events that can be counted at the level
        (a deal of both sides, an alliance with two coded participants or one sector); for regions, cross-sectoral
        events with a region, of all cross-sectoral ones.
    """
    every = _kinds(counts.records.events)
    crossing = _kinds(counts.records.events.join(counts.crossing, on="event"))
    asked: list[tuple[str, str, Frame, dict[str, int]]] = [
        ("sector", counts.settings.sector_level, counts.sectors, every),
        ("sector", "industry", counts.industries, every),
        ("sector", "emerging", counts.focal, every),
        ("region", counts.settings.region_level, counts.regions, crossing),
    ]
    rows = []
    for kind, level, frame, events in {one[:2]: one for one in reversed(asked)}.values():
        coded = _kinds(frame)
        rows += [[kind, level, of, events.get(of, 0), coded.get(of, 0)] for of in counts.kinds]
    table = pd.DataFrame(rows, columns=["kind", "level", "of", "events", "coded"])
    table = table.sort_values(["kind", "level"], kind="stable", ignore_index=True)
    share = table["coded"] / table["events"].where(table["events"] > 0)
    return table.assign(without=table["events"] - table["coded"], share=share)


def _kinds(frame: Frame) -> dict[str, int]:
    """Count different events by kind."""
    table = collect(distinct(frame, "event", "kind").group_by("kind").agg(events=nw.len()))
    return {str(kind): int(number) for kind, number in zip(table["kind"], table["events"], strict=True)}


def _years(period: Period) -> range:
    return range(period.first, period.last + 1)


def _first(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Put columns before the others."""
    return table[[*columns, *(column for column in table.columns if column not in columns)]] if len(table) else table
