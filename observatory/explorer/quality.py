"""Data quality: what was read, used and set aside, what found no code, how places were found."""

from __future__ import annotations

import pandas as pd

from ingest.ledger import by_rule
from ingest.regions import PLACED_BY
from observatory.explorer.holdings import Holdings
from observatory.explorer.payload import Payload
from observatory.report.losses import GATES

#: The heaviest values without a code that are listed; unmatched.csv of the run has them all.
HEAVIEST = 500
#: Tables of the run that are told as they are, by their name here.
TOLD = {"by_year": "funnel", "matched": "matched", "by_region": "coverage", "doubtful": "doubtful", "moves": "moves"}
PLACED = f"Places by {', '.join(PLACED_BY)}."


def quality(holdings: Holdings) -> Payload:
    """Tell what was read and what was lost, by source and reason."""
    manifest = holdings.run.manifest
    unmatched = holdings.table("unmatched.csv")
    if len(unmatched):
        order = ["weight", "source", "kind", "value", "country"]
        unmatched = unmatched.sort_values(order, ascending=[False, True, True, True, True], ignore_index=True)
    covered = pd.DataFrame(manifest.get("coverage", []))
    found = [
        {"source": row["source"], "way": way, "participants": count}
        for row in manifest.get("coverage", [])
        for way, count in sorted(row["placed_by"].items(), key=lambda one: (-one[1], one[0]))
    ]
    gates = [
        {"gate": GATES.get(one["gate"], one["gate"]), "limit": one["limit"], "reached": one["value"], "met": one["met"]}
        for one in manifest.get("gates", [])
    ]
    return Payload(
        what="What was read, used and set aside, by source and reason; what found no code; how places were found.",
        method=f"Rows read = rows used + rows set aside. The rows of an event divide its weight of 1. {PLACED}",
        unit="rows",
        source=f"{holdings.title}: ledger.csv, unmatched.csv, rejects.csv, manifest.json",
        fields={"unmatched_rows": len(unmatched), "notes": holdings.material.found["notes"]},
        tables={
            "ledger": ledger(holdings),
            "coverage": covered.drop(columns="placed_by", errors="ignore"),
            "placed": pd.DataFrame(found, columns=["source", "way", "participants"]),
            "unmatched": unmatched.head(HEAVIEST),
            "rejects": _rejects(holdings),
            "gates": pd.DataFrame(gates, columns=["gate", "limit", "reached", "met"]),
            **_told(holdings),
        },
    )


def _told(holdings: Holdings) -> dict[str, pd.DataFrame]:
    """Give the run's tables of quality, those that it has, the regions that nobody took part from left out."""
    found = {name: holdings.table(f"quality/{file}.parquet") for name, file in TOLD.items()}
    held = {name: table for name, table in found.items() if len(table.columns)}
    if "by_region" in held:
        table = held["by_region"]
        table = table.rename(columns={"name": "region_label"})
        held["by_region"] = table[table["participants"] > 0].reset_index(drop=True)
    return held


def ledger(holdings: Holdings) -> pd.DataFrame:
    """Give the ledger with the share of each row, and whether a rule or a fault set rows aside."""
    table = holdings.table("ledger.csv")
    if table.empty:
        return table
    read = table[table["reason"] == "read"].set_index("source")["rows"]
    kinds = ["" if reason in ("read", "used") else "rule" if by_rule(reason) else "fault" for reason in table["reason"]]
    share = table["rows"] / table["source"].map(read)
    return table.assign(kind=kinds, share=share)[["source", "reason", "kind", "rows", "share", "weight"]]


def _rejects(holdings: Holdings) -> pd.DataFrame:
    """Count what was not understood by source, field and reason."""
    table = holdings.table("rejects.csv")
    if table.empty:
        return pd.DataFrame(columns=["source", "field", "reason", "rows"])
    counted = table.groupby(["source", "field", "reason"]).size().rename("rows").reset_index()
    return counted.sort_values(
        ["rows", "source", "field", "reason"], ascending=[False, True, True, True], ignore_index=True
    )
