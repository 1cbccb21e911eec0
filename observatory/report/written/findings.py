"""Findings in words, as blocks."""

from __future__ import annotations

from collections.abc import Sequence

from observatory.report.blocks import Block, clean
from observatory.report.findings import Finding


def written(findings: Sequence[Finding]) -> list[Block]:
    """Write the findings, each with its doubt and, where it names spaces, a line a space."""
    return [
        {
            "kind": "findings",
            "findings": [
                {
                    "about": one.about,
                    "text": clean(one.text),
                    "doubt": clean(one.doubt),
                    "spaces": [{"hue": hue, "tag": tag, "text": clean(words)} for hue, tag, words in one.spaces],
                }
                for one in findings
            ],
        }
    ]
