"""Second stage: records into pairs, networks, matrices, the joint table and concentrations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from ingest import Records
from ingest.engine import collect
from ingest.records import KINDS
from linkages import Network, change, counting
from linkages.concentration import concentration
from linkages.network import network_of
from linkages.periods import Period, year_weights
from observatory.settings import Settings

Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Counts:
    """Everything counted once: pairs of sectors and regions of every event, and the items behind them.

    Attributes
    ----------
    sectors, regions, region_deals
        ``event, kind, year, a, b, part``; `region_deals` run from acquirer to target.
    facets, participants, focal, industries
        Items by sector, by region, by emerging industry and by the 51 industries.
    crossing
        The cross-sectoral events.
    kinds
        The kinds of event that the records hold.
    """

    records: Records
    settings: Settings
    sectors: Frame
    regions: Frame
    region_deals: Frame
    facets: Frame
    participants: Frame
    focal: Frame
    industries: Frame
    crossing: Frame
    kinds: tuple[str, ...]

    @property
    def periods(self) -> list[Period]:
        """Periods of the study, in order."""
        return sorted(Period.of(years) for years in self.settings.periods)

    @property
    def sources(self) -> tuple[str, ...]:
        """The kinds that occur, then ``all``."""
        return (*self.kinds, "all")

    def weights(self, period: Period, shared_year: str | None = None) -> Mapping[int, float]:
        """Weigh the years of a period as the study says."""
        return year_weights(period, self.periods, shared_year or self.settings.shared_year)

    def of_period(self, frame: Frame, period: Period, source: str) -> Frame:
        """Keep the rows of a period and source."""
        return counting.in_period(frame, self.records.engine, self.weights(period), source)


def count_records(records: Records, settings: Settings) -> Counts:
    """Count the records of a study at its levels."""
    engine = records.engine
    sector_groups, region_groups = settings.groups.sectors, settings.groups.regions
    facets = engine.keep(counting.facet_items(records, settings.sector_level, sector_groups))
    sectors = engine.keep(counting.pairs(facets, engine, directed_deals=True))
    crossing = engine.keep(counting.cross_sectoral(sectors))
    participants = engine.keep(counting.participant_items(records, settings.region_level, region_groups))
    crossed = engine.keep(participants.join(crossing, on="event"))
    found = collect(records.events.select("kind").unique())["kind"]
    return Counts(
        records=records,
        settings=settings,
        sectors=sectors,
        regions=engine.keep(counting.pairs(crossed, engine, directed_deals=False)),
        region_deals=engine.keep(counting.pairs(crossed.filter(nw.col("kind") == "deal"), engine, directed_deals=True)),
        facets=facets,
        participants=participants,
        focal=engine.keep(counting.facet_items(records, "emerging")),
        industries=engine.keep(counting.facet_items(records, "industry")),
        crossing=crossing,
        kinds=tuple(kind for kind in KINDS if kind in set(found)),
    )


def networks(counts: Counts) -> dict[str, Network]:
    """Make the sector and region networks of every source and period, by name."""
    settings = counts.settings
    found = {}
    for pairs, level in ((counts.sectors, settings.sector_level), (counts.regions, settings.region_level)):
        for source in counts.sources:
            for period in counts.periods:
                network = network_of(
                    counts.records, pairs, level, period, source, settings.counting, counts.weights(period)
                )
                found[network.name] = network
    return found


def matrices(counts: Counts) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give the acquirer × target matrices of sectors and regions, the diagonal included."""
    if "deal" not in counts.kinds:
        return
    for kind, pairs in (("sector", counts.sectors), ("region", counts.region_deals)):
        for period in counts.periods:
            chosen = counts.of_period(pairs, period, "deal")
            table = counting.links(chosen, counts.settings.counting, directed=True)
            native = collect(table).rename(columns={"source": "acquirer"})
            yield f"{kind}__deal__{period}", native.sort_values(["acquirer", "target"], ignore_index=True)


def within(found: Mapping[str, Network]) -> pd.DataFrame:
    """List what every network keeps within its nodes."""
    rows = [
        network.nodes.loc[network.nodes["within_events"] > 0, ["node", "within", "within_events"]].assign(network=name)
        for name, network in sorted(found.items())
    ]
    table = pd.concat(rows, ignore_index=True).rename(columns={"within": "weight", "within_events": "events"})
    return table[["network", "node", "weight", "events"]]


def joint_table(counts: Counts) -> pd.DataFrame:
    """Make the joint table of every period and source."""
    parts = []
    for period in counts.periods:
        sectors = counts.of_period(counts.sectors, period, "all")
        regions = counts.of_period(counts.regions, period, "all")
        table = collect(counting.joint(sectors, regions))
        parts.append(table.assign(period=str(period)))
    columns = ["sector_a", "sector_b", "region_a", "region_b", "period", "source", "events"]
    return pd.concat(parts, ignore_index=True)[columns].sort_values(columns[:-1], ignore_index=True)


def concentration_table(counts: Counts) -> pd.DataFrame:
    """Make the concentration of cross-sectoral events by region, of every period and source."""
    parts = [
        concentration(
            counts.participants,
            counts.crossing,
            counts.focal,
            counts.records.engine,
            counts.weights(period),
            source,
        ).assign(period=str(period), source=source)
        for period in counts.periods
        for source in counts.sources
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[["period", "source", *[c for c in table.columns if c not in ("period", "source")]]]


def changes(counts: Counts, found: Mapping[str, Network]) -> dict[str, pd.DataFrame]:
    """Compare the first with the last period: one table for sectors and regions of every source."""
    if len(counts.periods) < 2:
        return {}
    first, last = counts.periods[0], counts.periods[-1]
    return {
        f"{kind}__{source}": change(found[f"{kind}__{source}__{first}"], found[f"{kind}__{source}__{last}"])
        for kind in ("sector", "region")
        for source in counts.sources
    }


def event_pairs(counts: Counts, network: Network) -> pd.DataFrame:
    """Give the events behind a network: ``event, a, b, part``."""
    pairs = counts.regions if network.kind == "region" else counts.sectors
    chosen = counts.of_period(pairs, network.period, network.source)
    return collect(chosen.select("event", "a", "b", "part"))
