"""Second stage: records into pairs, networks, matrices, the joint table and concentrations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import narwhals as nw
import pandas as pd

from ingest import Records
from ingest.engine import Engine, collect, distinct
from ingest.faults import BadInput, Fault
from ingest.records import KINDS, VENDOR_LEVELS
from linkages import Network, change, counting
from linkages.build import network_of_years
from linkages.concentration import concentration, events_by_region
from linkages.items import class_faults, classes_at, facet_items, participant_items
from linkages.multiplicity import multiplicities
from linkages.periods import Period, year_weights
from linkages.worth import Worth, worth
from linkages.yearly import Years, by_segment, by_year, count_years, in_years, links_of, segments
from observatory.setting_lines import FILE
from observatory.settings import Settings

Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Counts:
    """Everything counted once: pairs of sectors and regions of every event, and the items behind them.

    Attributes
    ----------
    sectors, regions
        ``event, kind, year, a, b``, and ``part`` where counting is fractional.
    crossing
        The cross-sectoral events.
    kinds
        The kinds of event that the records hold.
    worth
        What events are worth, where the study weighs by value.
    years
        Links of ``sector`` and ``region``, counted year by year, weighed as the study says; ``sector events`` and
        ``region events`` are weighed by events whatever it says.
    """

    records: Records
    settings: Settings
    sectors: Frame
    regions: Frame
    crossing: Frame
    kinds: tuple[str, ...]
    worth: Worth | None
    years: Mapping[str, Years]

    @cached_property
    def facets(self) -> Frame:
        """Items by sector, laid out when they are first asked for."""
        settings = self.settings
        return self.records.engine.keep(facet_items(self.records, settings.sector_level, settings.groups.sectors))

    @cached_property
    def participants(self) -> Frame:
        """Items by region, likewise."""
        settings = self.settings
        items = participant_items(self.records, settings.region_level, settings.groups.regions)
        return self.records.engine.keep(items)

    @cached_property
    def region_deals(self) -> Frame:
        """Pair the regions of deals, from acquirer to target."""
        engine = self.records.engine
        deals = engine.keep(self.participants.filter(nw.col("kind") == "deal").join(self.crossing, on="event"))
        return counting.pairs(deals, engine, directed_deals=True, parts=self.fractional)

    @cached_property
    def focal(self) -> Frame:
        """Items by emerging industry, likewise; the study's own where its sectors are these."""
        settings = self.settings
        groups = settings.groups.sectors if settings.sector_level == "emerging" else None
        return self.records.engine.keep(facet_items(self.records, "emerging", groups))

    @cached_property
    def industries(self) -> Frame:
        """Items by the 51 industries, likewise."""
        return self.records.engine.keep(facet_items(self.records, "industry"))

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

    @property
    def levels(self) -> dict[str, str]:
        """The study's level of sectors and of regions."""
        return {"sector": self.settings.sector_level, "region": self.settings.region_level}

    @property
    def fractional(self) -> bool:
        """Tell whether an event adds 1 in all, and not to each of its links."""
        return self.settings.counting == "fractional"

    @property
    def unit(self) -> str:
        """What the links' weights count: events, or a currency."""
        return self.worth.currency if self.worth else "events"

    def events_of(self, kind: str, period: Period, source: str) -> int:
        """Count the events of a period and source that are in a network of a kind, within its nodes or between."""
        return int(self._in(kind, period, source)["events"].sum())

    def cross_sectoral_of(self, kind: str, period: Period, source: str) -> float:
        """Count the cross-sectoral ones of them: of regions all; an event of a year that counts half is a half."""
        rows = self._in(kind, period, source)
        return float((rows["events" if kind == "region" else "crossing"] * rows["year_weight"]).sum())

    def _in(self, kind: str, period: Period, source: str) -> pd.DataFrame:
        return in_years(self.years[f"{kind} events"].events, self.weights(period), source)

    def of_period(self, frame: Frame, period: Period, source: str) -> Frame:
        """Keep the rows of a period and source."""
        return counting.in_period(frame, self.records.engine, self.weights(period), source)


def count_records(records: Records, settings: Settings) -> Counts:
    """Count the records of a study at its levels."""
    records = records.by_number()
    engine = records.engine
    _refuse_classes(records, settings)
    groups, fractional = settings.groups, settings.counting == "fractional"
    periods = segments([Period.of(years) for years in settings.periods])
    sectors = counting.sector_pairs(records, settings.sector_level, groups.sectors, parts=fractional)
    years = {"sector events": count_years(sectors, engine, periods, settings.counting)}
    found = collect(distinct(records.events, "kind"))["kind"]
    _refuse_uncoded(set(years["sector events"].events["kind"]), found, settings)
    crossing = engine.keep(counting.cross_sectoral(sectors))
    regions = counting.region_pairs(records, settings.region_level, crossing, groups.regions, parts=fractional)
    years["region events"] = count_years(regions, engine, periods, settings.counting)
    values = _worth(records, settings)
    for kind, pairs in (("sector", sectors), ("region", regions)):
        years[kind] = years[f"{kind} events"]
        if values is not None:
            years[kind] = count_years(pairs, engine, periods, settings.counting, values)
    return Counts(
        records=records,
        settings=settings,
        sectors=sectors,
        regions=regions,
        crossing=crossing,
        kinds=tuple(kind for kind in KINDS if kind in set(found)),
        worth=values,
        years=years,
    )


def _refuse_classes(records: Records, settings: Settings) -> None:
    """Refuse a vendor's level that no file has, and groups of classes that it does not have."""
    level, groups = settings.sector_level, settings.groups.sectors
    if level not in VENDOR_LEVELS:
        return
    known = classes_at(records, level)
    if not known:
        expected = f"a file with a column of the vendor's {level} industry"
        mend = 'map the column in columns, or choose another level, such as "naics3"'
        raise BadInput(Fault(FILE, None, f'sector_level = "{level}"', expected, mend))
    if faults := class_faults(groups, level, known, f"{FILE}, [groups.sectors]"):
        raise BadInput(faults)


def _refuse_uncoded(coded: set[str], kinds: Iterable[str], settings: Settings) -> None:
    """Refuse a level at which a kind of event has no code at all: its networks would be empty in silence."""
    expected = "a code at this level in every source"
    mend = "leave the source out, or choose a level that it has"
    faults = [
        Fault(FILE, None, f'sector_level = "{settings.sector_level}"', f"{expected}; no {kind} has one", mend)
        for kind in sorted(set(kinds) - coded)
    ]
    if faults:
        raise BadInput(faults)


def _worth(records: Records, settings: Settings) -> Worth | None:
    """Read the values of events where the study weighs by them."""
    if settings.weigh != "value":
        return None
    try:
        return worth(records, settings.currency)
    except ValueError as error:
        expected = f"events with a value ({error})"
        mend = "correct currency, or remove the line" if settings.currency else 'write weigh = "events"'
        what = f'currency = "{settings.currency}"' if settings.currency else 'weigh = "value"'
        raise BadInput(Fault(FILE, None, what, expected, mend)) from None


def networks(counts: Counts) -> dict[str, Network]:
    """Make the sector and region networks of every source and period, by name."""
    return {network.name: network for network in _networks(counts)}


def _networks(counts: Counts, weighed: str = "") -> Iterator[Network]:
    for kind, level in counts.levels.items():
        told: dict[str, object] = {**counts.records.versions}
        if kind == "region":  # its events are those that cross sectors
            told["sector_level"] = counts.settings.sector_level
        for source in counts.sources:
            for period in counts.periods:
                years, weights = counts.years[f"{kind}{weighed}"], counts.weights(period)
                yield network_of_years(years, level, period, source, weights, told)


def matrices(counts: Counts) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give the acquirer × target matrices of sectors and regions, the diagonal included."""
    if "deal" not in counts.kinds:
        return
    engine, parts = counts.records.engine, segments(counts.periods)
    for kind, pairs in (("sector", counts.sectors), ("region", counts.region_deals)):
        deals = pairs.filter(nw.col("kind") == "deal")
        yearly = by_year(deals, counts.settings.counting, directed=True, worth=counts.worth)
        counted = by_segment(yearly, engine, parts)
        for period in counts.periods:
            table = links_of(counted, counts.weights(period), "deal", counts.years[kind].unit)
            yield f"{kind}__deal__{period}", table.rename(columns={"source": "acquirer"})


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
    counted = events_by_region(counts.participants, counts.crossing, counts.focal)
    groups = counts.settings.groups.regions
    parts = [
        concentration(counted, counts.weights(period), source, groups).assign(period=str(period), source=source)
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
    if counts.worth is not None:  # change is of events, whatever they are worth
        found = {network.name: network for network in _networks(counts, " events")}
    return {
        f"{kind}__{source}": change(found[f"{kind}__{source}__{first}"], found[f"{kind}__{source}__{last}"])
        for kind in ("sector", "region")
        for source in counts.sources
    }


def event_pairs(counts: Counts, network: Network) -> pd.DataFrame | None:
    """Give the events behind a network, for the resampling; None where the study wants none.

    Returns
    -------
    DataFrame
        ``event, a, b, part, year_weight, multiplicity``, `part` in the unit of the network's weights. Events that add
        the same stand once (:mod:`linkages.multiplicity`), so that no more of them comes to the driver than there are
        kinds; what events are worth differs, so that there each stands for itself.
    """
    if not counts.settings.communities.bootstrap:
        return None
    pairs = counts.regions if network.kind == "region" else counts.sectors
    chosen = counts.of_period(pairs, network.period, network.source)
    if counts.worth is None:
        return drawable(chosen, network.drawn, counts.records.engine)
    added = counting.event_links(chosen, network.counting, carry=("year_weight",))
    part = (nw.col("one") * nw.col("value")).alias("part")
    ends = nw.col("source").alias("a"), nw.col("target").alias("b")
    told = added.join(counts.worth.events, on="event").select("event", *ends, part, "year_weight")
    return collect(told).assign(multiplicity=1)


def drawable(pairs: Frame, drawn: str, engine: Engine) -> pd.DataFrame:
    """Give the events of a period as they are drawn again, ``full`` or ``fractional``; those that add the same once."""
    whole = pairs if drawn == "fractional" else pairs.with_columns(part=nw.lit(1.0))
    return multiplicities(whole, engine)
