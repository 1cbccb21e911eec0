"""How to cite the run, its data and its methods, as blocks."""

from __future__ import annotations

from typing import Any

from observatory.report.blocks import Block, heading, items, quote, text


def written(cited: dict[str, Any]) -> list[Block]:
    """Write the section from what :func:`observatory.report.citations.citations` gathers."""
    papers = [(f"{one['who']}:", f"{one['what']}. {one['why']}", f"https://doi.org/{one['doi']}" if one["doi"] else "")
              for one in cited["papers"]]  # fmt: skip
    return [
        text("This run:"),
        quote([cited["run"]]),
        heading("Data"),
        items(cited["data"]),
        heading("Methods used in this run"),
        items(papers),
    ]
