"""Fifth stage: star scores from the study's table, or as published."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from ingest.decode import pieces
from ingest.digest import Digest
from ingest.faults import BadInput, Fault
from observatory.as_of import ended, last_year
from observatory.opened import sha256
from observatory.setting_lines import FILE
from observatory.stars import published_tiers, read_figures, star_scores
from observatory.stars.firm_size import Limits
from observatory.stars.layouts.cells import Options
from observatory.stars.regional import read_regions
from observatory.stars.results import StarResults, star_results
from observatory.stars.scores import check_choices
from observatory.stars.sheets import described
from observatory.study import Study

PUBLISHED = "panorama2020"
PUBLISHED_IN = 2020
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
    files
        Tables for the run folder, by name: the flagged cells, and the ledger of the cells.
    inputs
        The files of regional figures: ``path, sha256``, for the manifest.
    tables
        The further results by name, those that hold a row: see :data:`observatory.stars.sheets.SHEETS`.
    """

    table: pd.DataFrame
    about: dict[str, Any]
    files: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    inputs: Sequence[Mapping[str, str]] = ()


def star_table(study: Study) -> StarTable:
    """Compute the study's star scores, or take the published tiers.

    Raises
    ------
    BadInput
        When the table is not there or not right: all faults at once.
    """
    chosen, day = study.settings.stars, study.settings.as_of
    if chosen.table == PUBLISHED:
        return _published(study)
    options = Options(
        industry=chosen.industry,
        nuts=study.settings.nuts,
        fill=chosen.fill,
        digits=chosen.digits,
        measure=chosen.measure,
        year=chosen.year,
        rates=chosen.rates,
        more=chosen.firms,
        until=None if day is None else last_year(day),
    )
    figures = read_figures(study.star_files(), chosen.layout, options, study.folder)
    # Firms are counted year by year from files that hold all years.
    known, late = ended(figures.table, day)
    results = _results(study, known)
    # what stands beside the spaces is always by industry, whatever the level of the further results
    whole = results.about["level"] == "industry"
    scores = results.scores if whole else star_scores(known, chosen.industry, chosen.method)
    source = chosen.table if isinstance(chosen.table, str) else ", ".join(chosen.table)
    tables = {name: table for name, table in results.tables.items() if len(table)}
    if not whole:
        tables = {"stars": results.scores, **tables}
    about = {"source": source, **results.about, "notes": [*(str(note) for note in results.notes), *late]}
    files = {"flags": figures.flags, "ledger": figures.ledger, "columns": described(tables, source)}
    if len(figures.rejects):
        files["rejects"] = figures.rejects
    return StarTable(scores.reset_index(drop=True), about, files, tables, _inputs(study))


def _inputs(study: Study) -> list[dict[str, str]]:
    """List the files of regional figures, relative to the study, with digests of their lines in any order."""
    regions = study.settings.stars.regions
    files = [*study.star_files(), *([study.folder / regions] if regions else [])]
    return [{"path": Path(os.path.relpath(file, study.folder)).as_posix(), "sha256": _digest(file)} for file in files]


def _digest(file: Path) -> str:
    tables, _ = pieces([file])
    if not tables or any(piece.workbook for piece in tables):
        return sha256(file)
    digest = Digest(())
    for piece in tables:
        with piece.open() as stream:
            digest.add_lines(stream)
    return digest.sha256()


def _published(study: Study) -> StarTable:
    """Take the tiers that the Panorama published; none of them on a day before it did."""
    table, day = published_tiers(study.settings.nuts), study.settings.as_of
    notes = [str(note) for note in table.attrs["notes"]]
    if day is not None and last_year(day) < PUBLISHED_IN:
        notes = [f"The Panorama was published in {PUBLISHED_IN}, after {day.isoformat()}: its tiers are not used."]
        table = table.iloc[:0]
    about = {
        "source": str(table.attrs.get("title", "European Panorama of Clusters and Industrial Change 2020")),
        "method": "published tiers",
        "notes": notes,
    }
    return StarTable(table.reset_index(drop=True), about)


def _results(study: Study, table: pd.DataFrame) -> StarResults:
    """Draw up the results at the study's level, for its groups and economies, with what is known of its regions."""
    chosen, groups = study.settings.stars, study.settings.groups.sectors
    try:
        check_choices(chosen.industry, chosen.method, chosen.level, groups)
    except ValueError as error:
        raise BadInput(Fault(f"{FILE}, [stars]", None, chosen.level, str(error), "correct level in [stars]")) from None
    return star_results(
        table,
        chosen.industry,
        chosen.method,
        level=chosen.level,
        groups=groups,
        regions=ended(read_regions(study.folder / chosen.regions), study.settings.as_of)[0] if chosen.regions else None,
        economies=chosen.economies or None,
        limits=Limits(chosen.quotient, chosen.dominance),
    )
