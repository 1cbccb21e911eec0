"""The map, as blocks."""

from __future__ import annotations

from typing import Any

from observatory.report.blocks import Block, figure, note, text


def written(maps: dict[str, Any]) -> list[Block]:
    """Write the section from what :func:`observatory.report.maps.section` gathers."""
    words = (
        "Letters and colours are those of the spaces everywhere in this report; groups of regions have colours of "
        "their own."
    )
    approximate = (
        "Borders are approximate, and none is official. For official ones name a file in study.toml: "
        'nuts_shapes = "FILE".'
    )
    return [
        text(f"{maps['how']} {words}"),
        *(figure(one) for one in maps["pictures"]),
        *([] if maps["official"] else [note(approximate)]),
    ]
