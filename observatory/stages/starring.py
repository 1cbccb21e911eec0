"""Fifth stage: star scores from the study's table, or as published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory.stars import published_tiers, read_table, star_scores
from observatory.study import FILE, Study

PUBLISHED = "panorama2020"
COLUMNS = (
    "region",
    "industry",
    "size",
    "specialisation",
    "productivity",
    "sme",
    "innovation",
    "total",
    "tier",
)


def as_stored(table: pd.DataFrame) -> pd.DataFrame:
    """Give every star table the columns of stars.parquet; what its method does not give is null."""
    columns = [*COLUMNS, *(column for column in table.columns if column not in COLUMNS)]
    stored = table.reindex(columns=columns)
    for column in columns[2:]:
        if column != "tier":
            stored[column] = pd.to_numeric(stored[column]).astype(
                "Int64" if column in COLUMNS else stored[column].dtype
            )
    return stored.sort_values(["region", "industry"], ignore_index=True)


@dataclass(frozen=True)
class StarTable:
    """Star scores with where they come from.

    Attributes
    ----------
    table
        ``region, industry, …, total, tier``.
    about
        ``source, method, notes``: for the manifest and the report.
    """

    table: pd.DataFrame
    about: dict[str, Any]


def star_table(study: Study) -> StarTable:
    """Compute the study's star scores, or take the published tiers.

    Raises
    ------
    BadInput
        When the table is not there or not right: all faults at once.
    """
    chosen = study.settings.stars
    if chosen.table == PUBLISHED:
        table = published_tiers(study.settings.nuts)
        about = {
            "source": str(table.attrs.get("title", "European Panorama of Clusters and Industrial Change 2020")),
            "method": "published tiers",
            "notes": [str(note) for note in table.attrs["notes"]],
        }
        return StarTable(table.reset_index(drop=True), about)
    path = study.folder / chosen.table
    if not path.is_file():
        expected = f"a regional table in {study.folder.name}/, or {PUBLISHED}"
        raise BadInput(Fault(FILE, None, chosen.table, expected, "correct table in [stars]"))
    scores = star_scores(read_table(path), chosen.industry, chosen.method)
    about = {
        "source": chosen.table,
        "method": chosen.method,
        "notes": [str(note) for note in scores.attrs.get("notes", [])],
    }
    return StarTable(scores.reset_index(drop=True), about)
