"""Linkages in detail, as blocks."""

from __future__ import annotations

from typing import Any

from observatory.report.blocks import Block, figure, fold, heading, note, table, text


def written(linkages: dict[str, Any]) -> list[Block]:
    """Write the section from what :func:`observatory.report.linkages.linkages` gathers."""
    return [
        *([text(linkages["weighed"])] if linkages["weighed"] else []),
        *(figure(one) for one in linkages["pictures"]),
        *(_which(linkages) if linkages["composition"] else [text("There are no cross-sectoral linkages.")]),
        *_agreement(linkages),
        *_shared(linkages),
        *([note(f"{'; '.join(linkages['levels'])}: they are not counted there.")] if linkages["levels"] else []),
    ]


def _which(linkages: dict[str, Any]) -> list[Block]:
    first, last, strong, unit = linkages["first"], linkages["last"], linkages["strong"], linkages["unit"]
    heaviest = "of most value" if unit else "with most events"
    return [
        heading("Which sectors, how often, and since when"),
        *([text(linkages["breadth"])] if linkages["breadth"] else []),
        table(
            ["Link", *([f"{unit} in {last}"] if unit else []), f"Events in {last}", "Share of all links", "Association",
             "Rank", f"Rank in {first}", "Trend", "Strong"],
            linkages["composition"],
            range(1, 7 if unit else 6),
            f"Composition, strength and trend: the links {heaviest}, all sources",
        ),
        table(
            ["Link", f"Events in {last}", "One region", "One country", "Abroad", "Unknown", "Foremost region",
             "Foremost pair of regions"],
            linkages["geography"],
            range(1, 6),
            f"Geographical pattern: how far apart the regions of {'events' if unit else 'these events'} lie"
            + (", with a value or without: the links with most of them" if unit else ""),
        ),
        note(
            "The three aspects of Table 1 of the Trends methodology. Association: the link's weight over what chance "
            "would give. Trend: growing or declining where the link's share of all events, also those within one "
            "sector, surely rose or fell (q < 0.05), so that a link may decline while its events rise. "
            f"Strong: {strong}. An event lies within one region, between regions of one country, or "
            "abroad, as the furthest two of its regions do. Foremost region: the one in which most of these events "
            "have both ends of the link, also events that reach further. Every link, and each source by itself, is in "
            "tables.xlsx: composition, trend, geography."
        ),
        *_concentrated(linkages),
        heading("What stands out"),
        table(
            ["Network", "Links", "Above expectation", "Noise-corrected backbone", "Disparity filter", "Strong ties"],
            linkages["views"],
            range(1, 6),
            "Links that each view keeps (in brackets their share of the weight)",
        ),
        note(
            "Views, not losses: the run's tables keep every link with the scores. Above expectation: association over "
            "1. Noise-corrected: over 1.64 standard deviations (Coscia & Neffke 2017). Disparity filter: p under 0.05 "
            f"(Serrano, Boguñá & Vespignani 2009). Strong: {strong}."
        ),
    ]  # fmt: skip


def _concentrated(linkages: dict[str, Any]) -> list[Block]:
    if not linkages["concentration"]:
        return []
    return [
        table(
            ["Code", "Region", "Cross-sectoral events", "All its events", "Share", "Quotient"],
            linkages["concentration"],
            range(2, 6),
            f"Concentration: the regions with most cross-sectoral events, {linkages['last']}, all sources",
            (0,),
        ),
        note(
            "Share: of the region's events, those that are cross-sectoral. Quotient: that share over the one of all "
            "European regions together. More regions, and each source, side and emerging industry by itself, are in "
            "tables.xlsx: concentration_top."
        ),
    ]


def _agreement(linkages: dict[str, Any]) -> list[Block]:
    if not linkages["agreement"]:
        return []
    headings = ["Network", "Beside", "Links that both have", "Rank correlation", "Strongest links shared",
                "Agreement of communities"]  # fmt: skip
    inside = [
        table(headings, linkages["agreement"], range(2, 6)),
        note("Agreement of communities is adjusted mutual information: 1 is the same, 0 what chance gives."),
    ]
    said = [text(linkages["agree"])] if linkages["agree"] else []
    return [heading("Do the sources agree?"), *said, fold("Sources two by two", inside)]


def _shared(linkages: dict[str, Any]) -> list[Block]:
    if not linkages["shared"]:
        return []
    headings = ["Network", "Shared year", "Events", "Links", "Weight", "Rank correlation", "Strongest kept",
                "Moved on average (ranks)", "at most"]  # fmt: skip
    return [
        heading("What the shared year decides"),
        text(f"This report counts it {linkages['own_choice']}. Every other choice, held against that one:"),
        fold("Links under every choice", [table(headings, linkages["shared"], range(2, 9))]),
    ]
