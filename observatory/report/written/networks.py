"""Networks of the periods, as blocks."""

from __future__ import annotations

from typing import Any

from observatory.report.blocks import Block, figure, heading, note, table, text


def written(networks: dict[str, Any]) -> list[Block]:
    """Write the section from the pictures of :mod:`observatory.report.nets` and the table of layers."""
    pictures, layers = networks["pictures"], networks["layers"]
    blocks = [text("There are no links between sectors.")]
    if pictures:
        blocks = [
            text(
                "A dot is a sector, as large as it is strongly linked; it stands at the same spot in every figure. "
                "Colours and letters are the spaces."
            ),
            figure(pictures[0]),
        ]
    if pictures[1:]:
        blocks += [heading("The same by source"), *(figure(one) for one in pictures[1:])]
    if layers["rows"]:
        caption = "Sources as layers: spaces found in all of them at once, and how far they agree with others"
        blocks += [
            table(layers["headings"], layers["rows"], layers["numbers"], caption),
            note(
                f"Summed, the source with most events decides. As layers {layers['weights']}, whatever the number of "
                "events, and each is held against its own expectation. Agreement is adjusted mutual information with "
                "the spaces of the summed network and of each source alone: 1 is the same, 0 what chance gives; in "
                "brackets the variation of information in nats, 0 the same."
            ),
        ]
    return blocks
