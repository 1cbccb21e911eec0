"""What the links of a study are weighed by, in words: events, or their value."""

from __future__ import annotations

from ingest.engine import records_of
from observatory.material import CROSS_INDUSTRY, Material
from observatory.report.wording import counted, listed, number, percent, source_name


def value_unit(material: Material, network: str | None = None) -> str:
    """Name the currency that the links of a network are weighed in; empty where they count events.

    Those of the cross-industry files count events whatever the study weighs by; without a name, the study's own are
    meant.
    """
    files = network is not None and network.split("__")[1] in CROSS_INDUSTRY
    if files or material.settings["weigh"] != "value":
        return ""
    told = material.run.table("worth.parquet")["currency"].astype(str)
    return next(iter(told), "") or "value"


def counted_events(material: Material) -> str:
    """Name the events that networks hold: all, or those with a value."""
    return "events with a value" if material.settings["weigh"] == "value" else "events"


def unit_name(material: Material, network: str | None = None) -> str:
    """Name what a link's weight counts."""
    return value_unit(material, network) or (
        "events" if material.settings["counting"] == "full" else "events, fractional"
    )


def weighed(material: Material) -> str:
    """Say what links are weighed by, what has no value, and what counts all events nevertheless."""
    if material.settings["weigh"] != "value":
        return ""
    told = material.run.table("worth.parquet")
    unit = str(told["currency"].iloc[0]) or "a currency that the files do not name"
    said = [
        f"{number(row['valued'])} of {number(row['events'])} {source_name(str(row['kind']))} ({percent(row['share'])})"
        for row in records_of(told)
    ]
    other = int(told["other_currency"].sum())
    rest = f"; {counted(other, 'event')} with a value in another currency count as having none" if other else ""
    return (
        f"Links are weighed by value, in {unit}: events that have one are {listed(said)}{rest}. Nothing is imputed: "
        "the others are in no network. p and q are of the events behind a link. Change, trends, breadth, the "
        "geographical pattern, concentration and the regions of spaces are of all events, with a value or without."
    )
