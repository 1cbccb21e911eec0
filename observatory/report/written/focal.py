"""Emerging industries and the others, as blocks."""

from __future__ import annotations

from typing import Any

from observatory.report.blocks import Block, note, table, text


def written(focal: dict[str, Any]) -> list[Block]:
    """Write the section from what :func:`observatory.report.focal.focal` gathers."""
    if not focal["rows"]:
        return [text("No event joins an emerging industry with another.")]
    return [
        text(
            f"Each emerging industry as the core, {focal['period']}: the sectors of other industries that it meets, "
            "and the regions where. In brackets: events; quotient (over 1: more than usual)."
        ),
        table(
            ["Core", "Acquires", "Is acquired by", "Joined with, in patents and alliances"],
            focal["rows"],
            caption="The core and the others",
        ),
        table(
            ["Core", "Acquirers in", "Targets in", "Joined with others in"],
            focal["regions"],
            caption="Where the core meets others",
        ),
        note(
            "The core's own industry does not meet itself. A sector's quotient is its share of the core's encounters "
            "over its share of those of all cores; a region's is the share of its events that join the core with "
            "others, over that share in all European regions together. Counts, shares, quotients and ranks of every "
            "period and source are in tables.xlsx: focal_partners, focal_regions. The ten emerging industries are an "
            "approximation."
        ),
    ]
