"""What these data cannot say, as blocks."""

from __future__ import annotations

from collections.abc import Sequence

from observatory.report.blocks import Block, items, text


def written(limits: Sequence[tuple[str, str]]) -> list[Block]:
    """Write the limits that :func:`observatory.report.limits.limits` finds in the run."""
    return [
        text("What to bear in mind before anything of this report is passed on; every figure is this run's own."),
        items([(f"{about}:", words, "") for about, words in limits]),
    ]
