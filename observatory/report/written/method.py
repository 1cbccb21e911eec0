"""Method, as blocks: paragraphs to copy, and what was read and set."""

from __future__ import annotations

from typing import Any

from observatory.report.blocks import Block, fold, quote, table, text


def written(method: dict[str, Any]) -> list[Block]:
    """Write the section from what :func:`observatory.report.method.method` gathers."""
    return [
        text("Written from the run's manifest, to be copied into a paper as it stands."),
        quote(method["paragraphs"]),
        table(["Source", "File", "Rows", "SHA-256 begins"], method["inputs"], (2,), "What was read"),
        fold("Reference tables and their terms", [table(["Title", "Source", "Licence", "Version"], method["cards"])]),
        fold("All settings", [table(["Setting", "Value"], method["settings"])]),
        fold("Versions", [table(["What", "Version"], method["versions"])]),
    ]
