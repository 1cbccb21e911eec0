"""Sheets of the linkages in detail, and what their columns count."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from observatory.material import Material

#: Sheet → table of the run folder.
SHEETS = {
    "series": "series",
    "series_links": "series_links",
    "composition": "trends/composition",
    "trend": "trends/strength",
    "geography": "trends/geography",
    "breadth": "trends/breadth",
    "areas": "trends/areas",
    "focal_partners": "focal/partners",
    "focal_regions": "focal/regions",
    "source_agreement": "source_agreement",
    "shared_year": "shared_year",
    "levels": "levels",
    "worth": "worth",
}
#: Column → unit and meaning, in the sheets above.
UNITS = {
    "kind": ("", "networks of sectors or of regions; in worth the kind of event"),
    "level": ("", "classification at which events were counted"),
    "of": ("", "kind of event, or all"),
    "period": ("years", "first and last year, both included"),
    "year": ("year", "year of the event"),
    "unit": ("", "what weights count: events, or a currency and its unit"),
    "source": ("", "one end of the link, by code"),
    "target": ("", "other end of the link, by code"),
    "events": ("events", "events counted"),
    "cross_sectoral": ("events", "events between two different nodes"),
    "links": ("links", "different pairs of nodes"),
    "weight": ("events, or the currency", "weight as the study counts and weighs"),
    "share": (
        "0 to 1",
        "part of the weight of all links; of a focal industry's or region's events; of events with a code",
    ),
    "rank": ("rank", "1 = most events; in areas 1 = largest log odds"),
    "association": ("ratio", "weight over expected weight"),
    "q": ("0 to 1", "rate of false discoveries"),
    "strong": ("yes or no", "events reach the study's limit of a strong tie"),
    "n1": ("events", "events of the first period"),
    "n2": ("events", "events of the last period"),
    "share1": ("0 to 1", "part of the events of the first period"),
    "share2": ("0 to 1", "part of the events of the last period"),
    "growth": ("ratio less 1", "events per year, last period over first"),
    "log_odds": ("natural logarithm", "odds among all events, last period over first; 0.5 added to each cell"),
    "low": ("natural logarithm", "lower end of the 95 % interval"),
    "high": ("natural logarithm", "upper end of the 95 % interval"),
    "within": ("events", "events of which all regions are one"),
    "country": ("events", "events between regions of one country"),
    "abroad": ("events", "events between regions of several countries"),
    "unknown": ("events", "events without a known region"),
    "sectors": ("sectors", "different sectors that an event joins"),
    "role": ("", "what the focal industry does: acquires, is acquired, joins"),
    "quotient": ("ratio", "share over the usual share"),
    "shared": ("links", "links that both networks have"),
    "rank_correlation": ("-1 to 1", "Spearman's, over the links of either network"),
    "top": ("links", "strongest links compared"),
    "top_kept": ("links", "of these, still among the strongest"),
    "top_shared": ("links", "of these, among the strongest of both"),
    "top_moved": ("ranks", "by how much these move on average"),
    "top_moved_most": ("ranks", "by how much these move at most"),
    "ami": ("up to 1", "adjusted mutual information of the communities; 0 is chance"),
    "coded": ("events", "events that can be counted at the level"),
    "without": ("events", "events that cannot: no code at the level, or no value"),
    "valued": ("events", "events with a value in the currency"),
    "other_currency": ("events", "events with a value in another currency"),
}


def linkage_sheets(material: Material) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give the sheets of the linkages, those that the run has."""
    for sheet, name in SHEETS.items():
        if material.run.names(f"{name}.parquet"):
            yield sheet, material.run.table(f"{name}.parquet")
