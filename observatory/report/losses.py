"""What was read and what was lost: by source and reason, and the heaviest of what found no code."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ingest.engine import records_of
from ingest.ledger import by_rule
from observatory.figures.funnel import funnel
from observatory.material import Material
from observatory.report.pictures import picture
from observatory.report.quality import quality
from observatory.report.wording import figure, number, percent

#: How many of the heaviest values without a code are listed on the page.
HEAVIEST = 12
GATES = {
    "used": "weight used, of each source at least",
    "placed": "participants placed in a region, of each source at least",
    "stability": "mean stability of the spaces at least",
}


def losses(material: Material) -> dict[str, Any]:
    """Gather the section of what was read and lost, for its template."""
    run = material.run
    ledger, unmatched = run.table("ledger.csv"), run.table("unmatched.csv")
    rejects = run.table("rejects.csv")
    ledger["source"] = ledger["source"].astype(str)
    chart = funnel(
        ledger,
        title="Rows read, used and set aside",
        subtitle="rows of each source; a row of a vendor's file may be a firm, an inventor or a class",
        source=f"{run.manifest['title']}: ledger.csv.",
    )
    more = quality(material)
    return {
        "pictures": [picture("rows", chart), *more["pictures"]],
        "quality": more,
        "ledger": _ledger(ledger),
        "coverage": _coverage(run.manifest["coverage"]),
        "unmatched": {kind: _heaviest(unmatched, kind) for kind in ("place", "sector")},
        "unmatched_rows": len(unmatched),
        "rejects": len(rejects),
        "rejected": [(r, number(n)) for r, n in _reasons(rejects)],
        "gates": [
            [
                GATES.get(gate["gate"], gate["gate"]),
                number(gate["limit"], 2),
                number(gate["value"], 3),
                "met" if gate["met"] else "not met",
            ]
            for gate in run.manifest["gates"]
        ],
    }


def _ledger(ledger: pd.DataFrame) -> list[list[str]]:
    read = ledger[ledger["reason"] == "read"].set_index("source")["rows"]
    return [
        [
            row["source"],
            row["reason"],
            "" if row["reason"] in ("read", "used") else "rule" if by_rule(row["reason"]) else "fault",
            number(row["rows"]),
            percent(row["rows"] / read[row["source"]]) if read.get(row["source"]) else "–",
            number(row["weight"], 1),
        ]
        for row in records_of(ledger)
    ]


def _coverage(rows: list[dict[str, Any]]) -> list[list[str]]:
    return [
        [
            row["source"],
            number(row["read"]),
            percent(row["used_share"]),
            percent(row["used_weight_share"]),
            number(row["participants"]),
            percent(row["placed_share"]),
            ", ".join(f"{way} {n:,}" for way, n in sorted(row["placed_by"].items(), key=lambda x: (-x[1], x[0]))),
        ]
        for row in rows
    ]


def _heaviest(unmatched: pd.DataFrame, kind: str) -> list[list[str]]:
    if unmatched.empty:
        return []
    part = unmatched[unmatched["kind"] == kind]
    part = part.assign(value=part["value"].astype(str), country=part["country"].astype(str))
    ordered = part.sort_values(["weight", "source", "value", "country"], ascending=[False, True, True, True])
    return [
        [
            str(row["source"]),
            # A participant without a city, or without any place.
            row["value"] or "(none given)",
            row["country"],
            number(row["rows"]),
            figure(row["weight"]),
        ]
        for row in records_of(ordered.head(HEAVIEST))
    ]


def _reasons(rejects: pd.DataFrame) -> list[tuple[str, int]]:
    counted = rejects["reason"].value_counts()
    return sorted(((str(reason), int(n)) for reason, n in counted.items()), key=lambda x: (-x[1], x[0]))
