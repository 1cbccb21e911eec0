"""Stars by tier, as blocks."""

from __future__ import annotations

from typing import Any

from observatory.report.blocks import Block, figure, items, note, table, text

TIERS = ["Tier", "Clusters", "Employment", "% of all", "Wage, EUR", "Index", "Jobs", "Productivity"]
KEY = ["Industry", "Employment", "% of exporting", "% of all", "Firms", "% of exporting firms", "% of all firms",
       "Wage, EUR", "Exporting = 100", "All = 100", "Growth"]  # fmt: skip
EFFECTS = ["Industry", "Large firm effect", "SME effect", "Both effects", "Not specialised", "Not computable"]
ECONOMIES = ["Economy", "Specialised", "Plant above 1", "Size above 1", "Beta plant", "Beta size", "Industries",
             "No betas"]  # fmt: skip


def written(tiers: dict[str, Any]) -> list[Block]:
    """Write the section from what :func:`observatory.report.tiers.section` gathers."""
    about = tiers["about"]
    if not tiers["there"]:
        return [
            text(
                f"The tiers are as published: {about['source']}. Results by tier need a regional table of the study's "
                "own: name it in [stars]."
            ),
            *(figure(one) for one in tiers["pictures"]),
        ]
    fits = [text("Curves of the second degree, by least squares:"), items(tiers["fits"])] if tiers["fits"] else []
    return [
        text(about["how"]),
        *([note(" ".join(about["notes"]))] if about["notes"] else []),
        *_overall(tiers),
        *(figure(one) for one in tiers["pictures"]),
        *_regions(tiers),
        *fits,
        *_key(tiers),
        *_effects(tiers),
    ]


def _overall(tiers: dict[str, Any]) -> list[Block]:
    if not tiers["tiers"]:
        return []
    grown = f"; jobs and productivity: growth in % per year, {tiers['grown']}" if tiers["grown"] else ""
    return [
        table(TIERS, tiers["tiers"], range(1, 8), f"All industries by tier, {tiers['year']}{grown}"),
        note(
            "Clusters: pairs of a region and an industry; of the tier none, pairs that are no cluster. Wage: per "
            "full-time equivalent; index: the average of all exporting industries and regions is 100. Productivity is "
            "the average wage. Growth is that of the pairs known in both years."
        ),
    ]


def _regions(tiers: dict[str, Any]) -> list[Block]:
    regions = tiers["regions"]
    if not regions["rows"]:
        return []
    headings = ["Rank", "Code", "Region", *(str(one).capitalize() for one in regions["tiers"]), "Clusters",
                "In strong clusters"]  # fmt: skip
    return [
        table(
            headings, regions["rows"], range(3, len(headings)), f"Regions with most clusters, {tiers['year']}", (1,)
        ),
        note(
            f"The first of {regions['number']} regions, by number of clusters, then by code; all are in tables.xlsx, "
            "sheet stars_regions. In strong clusters: share of employees whose industry has a location quotient of 2 "
            "or more in the region."
        ),
    ]  # fmt: skip


def _key(tiers: dict[str, Any]) -> list[Block]:
    if not tiers["key"]:
        return []
    grown = f"; growth of employment in % per year, {tiers['grown']}" if tiers["grown"] else ""
    caption = f"Key statistics of {tiers['about']['firm_size_of']}, {tiers['year']}{grown}"
    approximate = (
        "The ten emerging industries are an approximation by whole industries: the lists behind the published ones "
        "were not printed. "
    )
    own = tiers["about"]["level"] == "groups"
    return [
        table(KEY, tiers["key"], range(1, 11), caption),
        note(f"{'' if own else approximate}They overlap, and have no sum."),
    ]


def _effects(tiers: dict[str, Any]) -> list[Block]:
    limits, told = tiers["about"]["thresholds"], []
    if tiers["effects"]:
        told = [
            table(EFFECTS, tiers["effects"], range(1, 6), f"Firm size: regions by dominant effect, {tiers['year']}"),
            note(
                "LQ = plant × size: plant compares firms per employee of the region, size employees per firm, each "
                f"with the whole. Of regions with LQ of {limits['firm_size_least_quotient']} or more: large firm "
                f"effect where beta size is above {limits['firm_size_dominance']}, SME effect where beta plant is, "
                "both where neither is. Betas: covariance with ln LQ over its variance, over the narrow industries of "
                "the region (Resbeut & Gugler 2016)."
            ),
        ]
    if tiers["economies"]:
        caption = f"Economies against each other: number of industries, {tiers['year']}"
        told += [
            table(ECONOMIES, tiers["economies"], range(1, 8), caption),
            note(
                f"Specialised: a location quotient above {limits['economies_least_quotient']}. Beta plant, beta size: "
                f"industries in which it is above {limits['firm_size_dominance']}."
            ),
        ]
    return told
