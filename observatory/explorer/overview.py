"""The run at a glance: what it is, what was found, how it was made, and which files it holds."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ingest.faults import BadInput
from observatory.explorer.holdings import Holdings
from observatory.explorer.payload import Payload
from observatory.report.beside import stars_beside
from observatory.report.citations import citations
from observatory.report.findings import findings
from observatory.report.method import method as method_section
from observatory.report.weighing import counted_events, unit_name
from observatory.report.wording import listed, source_name, years
from observatory.store import MANIFEST

#: What a file of a run holds, by how its name begins; the first that fits is taken.
HOLDS = (
    (r"manifest\.json", "title, settings, inputs, versions, seeds, gates, digests of all files"),
    (r"ledger\.csv", "rows of each source: read, used, set aside by reason"),
    (r"rejects\.csv", "every cell or row that was not understood"),
    (r"unmatched\.csv", "places, sectors and names that found no code, by weight"),
    (r"decisions|review", "doubtful matches that wait for a decision"),
    (r"matches\.csv", "matches that were taken though not certain"),
    (r"quality/", "what was lost when and where, how places and sectors were matched, what is in doubt"),
    (r"records/events", "events: one row a co-patent, deal or alliance"),
    (r"records/participants", "participants of the events with their regions"),
    (r"records/facets", "sector codes of the events with their shares"),
    (r"records/", "what else the records hold"),
    (r"networks/", "links of a network with their strength"),
    (r"communities/.*json", "communities of a network: how many, by which rule, how sure"),
    (r"communities/", "nodes of a network: community, stability, role"),
    (r"change/spaces", "what became of the spaces from period to period"),
    (r"change/members", "where each sector went from period to period"),
    (r"change/", "links of the first and last period compared"),
    (r"joint", "events by pair of sectors and pair of regions"),
    (r"concentration", "cross-sectoral events by region, and their share"),
    (r"within", "events within one sector or region"),
    (r"positions", "where each sector and region stands in the figures"),
    (r"matrices/", "acquirer by target, in both directions"),
    (r"spaces\.json", "the collaboration spaces with regions, tiers and change"),
    (r"stars\.parquet", "stars and tiers by region and industry"),
    (r"stars/", "industries of the spaces by region: how linked, how strong"),
    (r"profiles/", "what regions lack, their possible partners, and regions like them"),
    (r"focal/", "emerging industries and the others"),
    (r"series", "events and links year by year"),
    (r"shared_year|source_agreement|levels|trends/|grid", "how far choices and sources move the result; trends"),
    (r"report/.*xlsx", "the report's tables as a workbook"),
    (r"report/", "the report"),
)  # fmt: skip


def runs(holdings: Holdings) -> Payload:
    """List the runs that are shown: this one."""
    about = {
        "id": identity(holdings),
        "title": holdings.title,
        "status": holdings.run.manifest["status"],
        "path": "run",
    }
    return Payload(
        what="The runs that are shown here.",
        method="A run's id derives from the digests of its files.",
        source=holdings.title,
        fields={"runs": [about]},
    )


def identity(holdings: Holdings) -> str:
    """Give the id of a run: the first digits of a digest of its files' digests."""
    held = json.dumps(holdings.run.manifest.get("outputs", []), sort_keys=True)
    return hashlib.sha256(held.encode()).hexdigest()[:12]


def run(holdings: Holdings) -> Payload:
    """Tell what the run is: periods, sources, settings, versions, inputs, findings."""
    manifest, material = holdings.run.manifest, holdings.material
    settings = material.settings
    counts = {level: len(names) for level, names in holdings.labels.items()}
    summed = {period: material.summary(f"sector__all__{period}") for period in material.periods}
    return Payload(
        what=f"The run {holdings.title!r}: what was read, how it was counted, what was found.",
        method="Findings are made of the run's own figures; each number's way is told at its resource.",
        unit=unit_name(material),
        source=f"{holdings.title}: {MANIFEST}, spaces.json",
        fields={
            "id": identity(holdings),
            "title": holdings.title,
            "status": manifest["status"],
            "subtitle": _subtitle(holdings),
            "periods": [{"id": one, "label": years(one)} for one in material.periods],
            "sources": [{"id": one, "label": source_name(one)} for one in holdings.sources],
            "unit": unit_name(material),
            "counted": counted_events(material),
            "sector_level": settings["sector_level"],
            "region_level": settings["region_level"],
            "findings": told(holdings),
            "counts": {
                "sectors": counts["sector"],
                "regions": counts["region"],
                "spaces": len(material.spaces(f"sector__all__{material.last}")),
                "events": {period: one.get("events") for period, one in summed.items()},
                "cross_sectoral": {period: material.cross_sectoral("all", period) for period in material.periods},
                "links": {period: one.get("links") for period, one in summed.items()},
            },
            "networks": holdings.networks,
            "settings": settings,
            "versions": manifest.get("versions", {}),
            "seeds": manifest.get("seeds", {}),
            "engine": manifest.get("engine"),
            "gates": manifest.get("gates", []),
            "review": holdings.reviewed,
            "time_stamps": manifest.get("time_stamps", {}),
        },
        tables={"inputs": pd.DataFrame(manifest.get("inputs", [])).rename(columns={"path": "file"})},
    )


def _subtitle(holdings: Holdings) -> str:
    kinds = listed([source_name(one) for one in holdings.material.sources]) or "no events"
    return f"Cross-sectoral linkages of {kinds}, {listed([years(one) for one in holdings.material.periods])}"


def told(holdings: Holdings) -> list[dict[str, Any]]:
    """Say the findings as the report says them: about, text, doubt, and a line a space; none without the records."""
    try:
        said = findings(holdings.material, stars_beside(holdings.material))
    except BadInput:  # the resource names the files that are not there
        return []
    return [
        {
            "about": one.about,
            "text": one.text,
            "doubt": getattr(one, "doubt", ""),
            "spaces": [{"hue": hue, "letter": mark, "text": words} for hue, mark, words in one.spaces],
        }
        for one in said
    ]


def method(holdings: Holdings) -> Payload:
    """Say how the numbers are made: in paragraphs, settings, versions, citations and reference tables."""
    section, cited = method_section(holdings.material), citations(holdings.material)
    return Payload(
        what="How the numbers are made, in words; settings, versions, citations, reference tables.",
        method="Written from the manifest and from the cards of the reference tables.",
        source=f"{holdings.title}: {MANIFEST}",
        fields={
            "paragraphs": section["paragraphs"],
            "settings": [{"name": name, "value": value} for name, value in section["settings"]],
            "versions": [{"name": name, "value": value} for name, value in section["versions"]],
            "citations": cited["papers"],
            "cite": cited["run"],
            "cite_data": cited["data"],
            "cards": section["cards"],
        },
    )


def downloads(holdings: Holdings, left_out: tuple[str, ...] = ()) -> Payload:
    """List the files of the run with their size, digest, and what they hold; those left out have no path."""
    return Payload(
        what="The files of the run.",
        method="Digests are those of the manifest, written with the run.",
        source=f"{holdings.title}: {MANIFEST}",
        tables={"files": pd.DataFrame(files(holdings, left_out), columns=["file", "what", "bytes", "sha256", "path"])},
    )


def files(holdings: Holdings, left_out: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """List the files that the manifest names and that are there, the manifest first."""
    known: list[Mapping[str, str]] = [{"path": MANIFEST, "sha256": ""}, *holdings.run.manifest.get("outputs", [])]
    rows = []
    for one in known:
        file = holdings.run.folder / one["path"]
        if file.is_file() and file.resolve().is_relative_to(holdings.run.folder.resolve()):
            row = {"file": one["path"], "what": holds(one["path"]), "bytes": file.stat().st_size}
            path = None if one["path"].startswith(left_out) else f"files/{one['path']}"
            rows.append({**row, "sha256": one["sha256"] or None, "path": path})
    return rows


def holds(name: str) -> str:
    """Say what a file of a run holds.

    Examples
    --------
    >>> holds("networks/sector__all__2000-2007.parquet")
    'links of a network with their strength'
    """
    return next((words for start, words in HOLDS if re.match(start, name)), "")
