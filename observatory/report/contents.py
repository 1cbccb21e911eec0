"""What each sheet of the workbook holds, and in which unit: its first sheet."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from observatory.report.sheets import Sheet, sheet_of

#: Sheet, or how its name begins → what it holds, and the unit of its main figures.
HELD = {
    "ledger": ("rows of each source: read, used, and set aside by reason", "rows; weight in events"),
    "unmatched": ("places and symbols that found no code, the heaviest first", "rows; weight in events"),
    "quality_funnel": ("rows used and set aside, by the year and country of their event", "rows; weight in events"),
    "quality_matched": ("by which level places and sectors were matched", "weight in events, of sectors in facets"),
    "quality_coverage": ("regions with participants, beside their people", "participants; weight in events; people"),
    "quality_doubtful": ("matches in doubt, and the weight that would move", "weight in events; likeness 0 to 100"),
    "quality_moves": ("regions and links that the doubtful would move", "events"),
    "spaces": ("collaboration spaces of every network of sectors", "weight in events, shares 0 to 1"),
    "members": ("sectors of each space, with strength, stability and role", "strength in events, stability 0 to 1"),
    "space_links": ("links within each space", "events"),
    "space_regions": ("regions of each space: most events, within one, between two", "events"),
    "space_tiers": ("star tiers of a space's industries in its regions", "stars"),
    "links_": ("links between sectors of a period, all sources", "events, weight as the study weighs"),
    "region_links_": ("links between regions of a period, all sources", "events, weight as the study weighs"),
    "change": ("links between sectors, first and last period compared", "events; log odds"),
    "region_change": ("links between regions, first and last period compared", "events; log odds"),
    "series": ("events, links and weight of every year, by kind of event", "events a year"),
    "series_links": ("events of each link in every year", "events a year"),
    "composition": ("each link with its rank and share, by kind of event and period", "events, shares 0 to 1"),
    "trend": ("each link in both periods, by kind of event", "events; log odds"),
    "geography": ("how far apart the regions of a link's events lie", "events"),
    "breadth": ("how many sectors an event joins", "events"),
    "areas": ("sectors and regions by growth of their events", "events; log odds"),
    "focal_partners": ("emerging industries and the sectors that they meet", "events; quotient"),
    "focal_regions": ("emerging industries and the regions where they meet others", "events; quotient"),
    "source_agreement": ("kinds of event two by two: links in common, ranks, communities", "links; correlation"),
    "shared_year": ("networks under every choice for the year that periods share", "events; ranks"),
    "levels": ("events that can be counted at each classification", "events, shares 0 to 1"),
    "worth": ("events that have a value", "events"),
    "units": ("columns of the sheets before it: unit and meaning; of the star sheets in stars_columns", ""),
    "stars": ("star table: each region and industry", "stars, tiers"),
    "stars_at_level": ("star scores at the study's own level of industries", "stars, tiers"),
    "stars_columns": ("columns of the star sheets: unit and meaning", ""),
    "stars_method": ("method and thresholds of the stars", ""),
    "stars_beside": ("industries of spaces in regions: linkages beside tiers", "events; stars"),
    "stars_": ("a result of the star table; its columns are in stars_columns", "as stars_columns says"),
    "region_linkages": ("linkages of a region's industries within spaces, with tiers", "events"),
    "region_lacking": ("linkages that a region's strong industries have elsewhere, and not there", "events; ratio"),
    "region_partners": ("regions that could be partners for what is lacking", "events"),
    "region_alike": ("regions most like each", "similarity 0 to 1"),
    "concentration_top": ("regions where cross-sectoral events concentrate", "events, quotient"),
    "networks": ("every network: size, communities, how sure", "nodes, links, events"),
    "agreement": ("partitions two by two", "adjusted mutual information; variation in nats"),
    "sensitivity": ("spaces under other choices for the shared year", "events; agreement"),
    "fig_": ("what the figure of that name was drawn from", "as the figure says"),
}


def held(name: str) -> tuple[str, str]:
    """Say what a sheet holds, and its unit.

    Examples
    --------
    >>> held("links_2000-2007")[0]
    'links between sectors of a period, all sources'
    """
    begins = [key for key in HELD if key.endswith("_") and name.startswith(key)]
    return HELD.get(name) or (HELD[max(begins, key=len)] if begins else ("", ""))


def contents(sheets: Sequence[Sheet]) -> Sheet:
    """Make the first sheet: what each of the others holds, its unit, and its rows."""
    rows = [[one["name"], *held(one["name"]), len(one["rows"]) + one["more"]] for one in sheets]
    return sheet_of("contents", pd.DataFrame(rows, columns=["sheet", "holds", "unit", "rows"]))
