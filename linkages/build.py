"""From records, or from what was counted year by year, to a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import Engine
from ingest.records import KINDS, Records
from linkages import counting as count
from linkages.frames import form_of, pairs_of, records_of
from linkages.items import REGION_LEVELS, Groups
from linkages.network import Network, assemble
from linkages.periods import Period, year_weights
from linkages.worth import WEIGH, Worth, worth
from linkages.yearly import Years, count_years, in_years, links_of


def build_network(
    records: Records | pd.DataFrame | Mapping[str, pd.DataFrame],
    level: str = "naics3",
    period: Period | Sequence[int] = (2000, 2007),
    source: str = "copatent",
    counting: str = "full",
    *,
    sector_level: str = "naics3",
    groups: Groups | None = None,
    weigh: str = "events",
    currency: str | None = None,
    engine: Engine | None = None,
) -> Network:
    r"""Count records into the network of one level, period and source.

    Parameters
    ----------
    records
        What :func:`ingest.read` returns; or pandas frames: one of facets (``event, naics`` and what else is known
        of :func:`linkages.frames.records_of`), one of pairs (``event, a, b``), one of links (``source, target,
        weight``), or the three tables by name (``{"events": …, "facets": …, "participants": …}``).
    level
        A sector level (:data:`linkages.items.SECTOR_LEVELS`) or a region level (``nuts0`` to ``nuts3``).
    period
        First and last year, both included.
    source
        ``copatent``, ``deal``, ``alliance`` or ``all``.
    counting
        ``full`` or ``fractional``.
    sector_level
        For a region network: the level at which an event counts as cross-sectoral.
    groups
        The user's own groups of sectors (or of regions, at a region level).
    weigh
        ``events``: each event adds 1; ``value``: its value. Events without a value are left out then;
        ``settings`` of the network says how many.
    currency
        Currency and unit of the values, such as ``"USD mn"``; the commonest when None.
    engine
        Where frames are counted; an embedded DuckDB when None. Records stay where they are.

    Raises
    ------
    ValueError
        For an unknown level, source, counting or weigh, for a period that ends before it begins, and for values
        where there are none.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from ingest import read
    >>> file = Path(tempfile.mkdtemp()) / "deals.csv"
    >>> _ = file.write_text("id,year,buyer,sold\n1,2003,325412,541711\n2,2004,334111,511210\n")
    >>> map_ = {"event": "id", "year": "year", "acquirer_symbol": "buyer", "target_symbol": "sold"}
    >>> records = read("table", file, columns=map_, options={"kind": "deal", "scheme": "naics"})
    >>> build_network(records, "naics3", (2000, 2007), "deal")
    <Network sector deal 2000-2007 at naics3, full counting: 4 nodes, 2 links, 2 events>
    >>> facets = pd.DataFrame({"event": ["p", "p"], "year": 2003, "naics": ["325412", "541713"]})
    >>> build_network(facets, "naics3", (2000, 2007), "copatent")
    <Network sector copatent 2000-2007 at naics3, full counting: 2 nodes, 1 links, 1 events>

    References
    ----------
    European Cluster Trends, methodology 2014, 3.2.
    """
    span = Period.of(period)
    if weigh not in WEIGH:
        raise ValueError(f"weigh is one of {', '.join(WEIGH)}; got {weigh!r}")
    if isinstance(records, pd.DataFrame) and (form := form_of(records)) != "facets":
        return _of_frame(records, form, level, span, source, counting, weigh, engine)
    if not isinstance(records, Records):
        records = records_of(records, source, span.first, engine)
    records = records.by_number()
    values = worth(records, currency) if weigh == "value" else None
    regional = level in REGION_LEVELS
    parts = counting == "fractional"
    if regional:
        sectors = count.sector_pairs(records, sector_level, parts=False)
        pairs = count.region_pairs(records, level, count.cross_sectoral(sectors), groups, parts=parts)
    else:
        pairs = count.sector_pairs(records, level, groups, parts=parts)
    return network_of(records, pairs, level, span, source, counting, year_weights(span), worth=values)


def _of_frame(
    frame: pd.DataFrame,
    form: str,
    level: str,
    span: Period,
    source: str,
    counting: str,
    weigh: str,
    engine: Engine | None,
) -> Network:
    """Make a network of links, or of pairs, that were counted elsewhere."""
    if weigh != "events":
        raise ValueError(f"a frame of {form} has no values to weigh by; give a frame of facets with a column value")
    if form == "links":
        return Network.from_pandas(frame, level=level, period=span, source=source)
    pairs, engine = pairs_of(frame, source, span.first, engine)
    chosen = pairs if source == "all" else pairs.filter(nw.col("kind") == source)
    weights = year_weights(span)
    years = count_years(chosen, engine, _parts(weights), counting)
    return network_of_years(years, level, span, source, weights)


def _parts(weights: Mapping[int, float]) -> pd.DataFrame:
    """Put the years of a period that weigh alike together."""
    alike: dict[float, int] = {}
    rows = [(year, alike.setdefault(weight, year)) for year, weight in weights.items()]
    return pd.DataFrame(rows, columns=["year", "segment"]).astype("int64")


def network_of(
    records: Records,
    pairs: Any,
    level: str,
    period: Period,
    source: str,
    counting: str,
    weights: Mapping[int, float],
    settings: Mapping[str, Any] | None = None,
    worth: Worth | None = None,
) -> Network:
    """Make the network of pairs that have been counted already: see :func:`build_network`."""
    chosen = pairs.filter(nw.col("kind") == source) if source in KINDS else pairs
    years = count_years(chosen, records.engine, _parts(weights), counting, worth)
    return network_of_years(years, level, period, source, weights, {**records.versions, **(settings or {})})


def network_of_years(
    years: Years,
    level: str,
    period: Period,
    source: str,
    weights: Mapping[int, float],
    settings: Mapping[str, Any] | None = None,
) -> Network:
    """Sum links that were counted year by year into the network of one period and source.

    Parameters
    ----------
    years
        What :func:`linkages.yearly.count_years` returns.
    weights
        Weights of the period's years, from :func:`linkages.periods.year_weights`.
    """
    told: dict[str, Any] = {}
    if years.worth is not None:
        rows = years.worth.told if source == "all" else years.worth.told[years.worth.told["kind"] == source]
        told = {name: int(rows[name].sum()) for name in ("events", "valued", "other_currency", "without")}
        told = {"values in all years": told}
    return assemble(
        links_of(years.parts, weights, source, years.unit),
        level=level,
        period=period,
        source=source,
        counting=years.counting,
        events=int(in_years(years.events, weights, source)["events"].sum()),
        settings={**(settings or {}), **told},
        unit=years.worth.currency if years.worth else "events",
    )
