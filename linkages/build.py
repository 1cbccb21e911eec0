"""From records, or from what was counted year by year, to a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import Engine
from ingest.faults import BadInput
from ingest.records import KINDS, VENDOR_LEVELS, Records
from linkages import counting as count
from linkages.frame_pairs import pairs_of
from linkages.frames import form_of, records_of
from linkages.items import REGION_LEVELS, SECTOR_LEVELS, Groups, class_faults, classes_at
from linkages.network import Network, assemble
from linkages.periods import Period, year_weights
from linkages.worth import WEIGH, Worth, worth
from linkages.yearly import Years, count_years, in_years, links_of


def build_network(
    records: Records | pd.DataFrame | Mapping[str, pd.DataFrame],
    level: str = "naics3",
    period: Period | Sequence[int] | str = (2000, 2007),
    source: str = "copatent",
    counting: str = "full",
    *,
    sector_level: str | None = None,
    groups: Groups | None = None,
    weigh: str = "events",
    currency: str | None = None,
    nuts: int | None = None,
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
        First and last year, both included: ``(2000, 2007)`` or ``"2000-2007"``.
    source
        ``copatent``, ``deal``, ``alliance`` or ``all``.
    counting
        ``full`` or ``fractional``; of links, how they were counted.
    sector_level
        For a region network: the level at which an event counts as cross-sectoral, ``naics3`` when None.
    groups
        The user's own groups of sectors (or of regions, at a region level).
    weigh
        ``events``: each event adds 1; ``value``: its value. Events without a value are left out then;
        ``settings`` of the network says how many.
    currency
        Currency and unit of the values, such as ``"USD mn"``; the commonest when None.
    nuts
        NUTS version of the regions of a frame of facets, or of three frames; 2013 when None.
    engine
        Where frames are counted; an embedded DuckDB when None. Records stay where they are.

    Returns
    -------
    Network
        Its ``settings`` hold the versions, `sector_level` of a region network, `groups` where there are any, and how
        many events of frames were ``set aside`` for which reason.

    Raises
    ------
    ValueError
        For an unknown level, source, counting or weigh, for what is no period, for values where there are none, and
        for what has no effect on what is given.
    ingest.faults.BadInput
        Every fault of a frame, or of groups, at once.
    TypeError
        For what is neither records nor frames.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from ingest import read
    >>> file = Path(tempfile.mkdtemp()) / "deals.csv"
    >>> _ = file.write_text("id,year,buyer,sold\n1,2003,325412,541714\n2,2004,334111,511210\n")
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
    _check_words(source, counting, weigh)
    if isinstance(records, pd.DataFrame) and (form := form_of(records)) != "facets":
        given = {"sector_level": sector_level, "groups": groups, "currency": currency, "nuts": nuts}
        _refuse_idle(form, level, weigh, given)
        return _of_frame(records, form, level, span, source, counting, engine)
    settings: dict[str, Any] = {}
    if not isinstance(records, (Records, pd.DataFrame, Mapping)):
        taken = "records, a pandas DataFrame, or frames by name (events, facets, participants)"
        raise TypeError(f"build_network takes {taken}; got {type(records).__name__}")
    if currency is not None and weigh != "value":
        raise ValueError(
            f'currency can have no effect where links are weighed by events: give weigh="value" for {currency}'
        )
    if sector_level is not None and level in SECTOR_LEVELS:
        raise ValueError(f"sector_level can have no effect at {level}: it is for networks of regions")
    if not isinstance(records, Records):
        if level in REGION_LEVELS and not {"region", "nuts3", "participants"} & set(records):
            raise ValueError(f"a network at {level} needs a column region, or a frame participants")
        records = records_of(records, source, span.first, engine, 2013 if nuts is None else nuts)
        settings |= _aside(records)
    elif nuts not in (None, records.versions["nuts"]):
        raise ValueError(f"regions of these records are of NUTS {records.versions['nuts']}; nuts is for frames")
    if groups:
        settings["groups"] = {name: list(members) for name, members in groups.items()}
    if groups and level in VENDOR_LEVELS:
        _refuse_classes(records, level, groups)
    records = records.by_number()
    values = worth(records, currency) if weigh == "value" else None
    parts = counting == "fractional"
    if level in REGION_LEVELS:
        settings["sector_level"] = sector_level or "naics3"
        sectors = count.sector_pairs(records, settings["sector_level"], parts=False)
        pairs = count.region_pairs(records, level, count.cross_sectoral(sectors), groups, parts=parts)
    else:
        pairs = count.sector_pairs(records, level, groups, parts=parts)
    return network_of(records, pairs, level, span, source, counting, year_weights(span), settings, values)


def _check_words(source: str, counting: str, weigh: str) -> None:
    """Refuse words that mean nothing here."""
    if source not in (*KINDS, "all"):
        raise ValueError(f"a source is one of {', '.join(KINDS)} or all; got {source!r}")
    if counting not in count.COUNTING:
        raise ValueError(f"counting is one of {', '.join(count.COUNTING)}; got {counting!r}")
    if weigh not in WEIGH:
        raise ValueError(f"weigh is one of {', '.join(WEIGH)}; got {weigh!r}")


def _refuse_idle(form: str, level: str, weigh: str, given: Mapping[str, Any]) -> None:
    """Refuse what can have no effect on what was counted elsewhere."""
    if level not in (*SECTOR_LEVELS, *REGION_LEVELS):
        raise ValueError(f"a level is one of {', '.join((*SECTOR_LEVELS, *REGION_LEVELS))}; got {level!r}")
    if weigh != "events":
        raise ValueError(f"a frame of {form} has no values to weigh by; give a frame of facets with a column value")
    idle = [name for name, value in given.items() if value is not None]
    if idle:
        why = f"a frame of {form} was counted already, at nodes of its own"
        raise ValueError(f"{', '.join(idle)} can have no effect: {why}; give a frame of facets, or leave it out")


def _refuse_classes(records: Records, level: str, groups: Groups) -> None:
    """Refuse groups of classes that no record has; that none has any is told elsewhere."""
    known = classes_at(records, level)
    if known and (faults := class_faults(groups, level, known)):
        raise BadInput(faults)


def _aside(records: Records) -> dict[str, Any]:
    """Say how many events of frames cannot be counted, by reason."""
    rows = records.ledger[~records.ledger["reason"].isin(["read", "used"])]
    told = {str(reason): int(number) for reason, number in rows[["reason", "rows"]].itertuples(index=False)}
    return {"set aside": told} if told else {}


def _of_frame(
    frame: pd.DataFrame, form: str, level: str, span: Period, source: str, counting: str, engine: Engine | None
) -> Network:
    """Make a network of links, or of pairs, that were counted elsewhere."""
    if form == "links":
        return replace(Network.from_pandas(frame, level=level, period=span, source=source), counting=counting)
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
