"""RO-Crate 1.1: what every file of the run is, beside its manifest, for an archive or a repository.

Written into the run folder itself, since a crate describes the folder that it lies in; nothing there is changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from observatory.export.graph import Content

NAME = "ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.1"
#: Media type by ending.
KINDS = {
    "json": "application/json",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "html": "text/html",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
    "toml": "application/toml",
}
#: What a file holds, by the beginning of its path; the first that fits.
HOLD = (
    ("manifest.json", "Settings, inputs with digests, versions, seeds, ledger totals and gates of the run"),
    ("ledger.csv", "Rows read, used and set aside by reason, for each source"),
    ("rejects.csv", "Cells that were not understood, with file and row"),
    ("unmatched.csv", "Places, sectors and names that found no code, by weight"),
    ("review.csv", "Doubtful matches of places and names that wait for a decision, by effect"),
    ("matches.csv", "Matches that were taken though not certain"),
    ("records/organisations", "Organisations: the names that mean each, its sources, events and years"),
    ("records/events", "Events: one co-patent, deal or alliance a row"),
    ("records/participants", "Participants of events, with their regions"),
    ("records/facets", "Facets of events, with their sectors"),
    ("records/classes", "Classes of the vendors' own"),
    ("networks/", "Links of a network with events, expected weight, association strength, p and q"),
    ("matrices/", "Acquirers by targets, directed"),
    ("within", "Weight within sectors and regions"),
    ("change/members", "What became of the members of spaces from period to period"),
    ("change/spaces", "What became of spaces from period to period"),
    ("change/", "Links of the first and the last period compared"),
    ("communities/", "Communities of a network, with stability and roles, and how sure they are"),
    ("positions", "Places of sectors and regions in the figures"),
    ("spaces.json", "The collaboration spaces with members, regions, star tiers and change"),
    ("stars", "Star scores of regions by industry, and spaces beside them"),
    ("profiles/", "What regions lack, and who could be their partners"),
    ("quality/", "Losses by year and country, how things were matched, coverage, and what the doubtful would move"),
    ("joint", "Events by pair of sectors and pair of regions"),
    ("concentration", "Share and location quotient of cross-sectoral events by region"),
    ("focal/", "Emerging industries and the others"),
    ("trends/", "Which sectors link with which, where, and which grow"),
    ("series", "Linkages year by year"),
    ("shared_year", "What the year that two periods share moves"),
    ("source_agreement", "How far sources agree"),
    ("levels", "Events that can be counted at a level"),
    ("worth", "Events with and without a value"),
    ("report/", "The report, its tables and figures"),
)


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Write the one file."""
    text = json.dumps(document(content), ensure_ascii=False, indent=1, sort_keys=True)
    yield NAME, (text + "\n").encode()


def document(content: Content) -> dict[str, Any]:
    """Gather the crate: the folder, every file in it, the program, the inputs and the terms."""
    run = content.material.run
    manifest = run.manifest
    digests = {str(row["path"]): str(row["sha256"]) for row in manifest.get("outputs", [])}
    paths = [path for path in run.names("**/*") if path != NAME and (run.folder / path).is_file()]
    parts = [_file(path, (run.folder / path).stat().st_size, digests.get(path)) for path in paths]
    inputs = [_input(place, row) for place, row in enumerate(manifest.get("inputs", []), start=1)]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": str(manifest["title"]),
        "description": "Cross-sectoral linkage networks, collaboration spaces and star tiers: a run of linkages.",
        "datePublished": str(manifest.get("time_stamps", {}).get("finished", "1970-01-01"))[:10],
        "license": {"@id": "#terms"},
        "creator": {"@id": "#makers"},
        "hasPart": [{"@id": part["@id"]} for part in parts],
        "mentions": [{"@id": "#run"}],
    }
    about = {
        "@id": NAME,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": SPECIFICATION},
    }
    return {
        "@context": f"{SPECIFICATION}/context",
        "@graph": [about, root, *parts, *inputs, *_beside(manifest, [one["@id"] for one in inputs])],
    }


def _beside(manifest: Mapping[str, Any], inputs: list[str]) -> list[dict[str, Any]]:
    version = str(manifest.get("versions", {}).get("linkages", ""))
    terms = (
        "The results may be used under the terms of the sources named as inputs; the program claims no right in them."
    )
    return [
        {"@id": "#terms", "@type": "CreativeWork", "name": "Terms of the study's sources", "description": terms},
        {"@id": "#makers", "@type": "Organization", "name": "The makers of this study"},
        {
            "@id": "#linkages",
            "@type": "SoftwareApplication",
            "name": "linkages",
            "version": version,
            "license": {"@id": "https://spdx.org/licenses/GPL-3.0-or-later"},
        },
        {
            "@id": "https://spdx.org/licenses/GPL-3.0-or-later",
            "@type": "CreativeWork",
            "name": "GNU General Public License v3.0 or later",
        },
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": "The run of the study",
            "instrument": {"@id": "#linkages"},
            "object": [{"@id": one} for one in inputs],
            "result": {"@id": "./"},
            **_when(manifest),
        },
    ]


def _when(manifest: Mapping[str, Any]) -> dict[str, str]:
    stamps = manifest.get("time_stamps", {})
    named = {"startTime": stamps.get("started"), "endTime": stamps.get("finished")}
    return {key: str(value) for key, value in named.items() if value}


def _file(path: str, size: int, digest: str | None) -> dict[str, Any]:
    said = next((words for start, words in HOLD if path.startswith(start)), "A file of the run")
    kind = KINDS.get(path.rpartition(".")[2], "application/octet-stream")
    # A path is a relative reference of the web: blanks and signs are percent-encoded.
    entity = {"@id": quote(path), "@type": "File", "name": path, "description": said}
    entity |= {"encodingFormat": kind, "contentSize": str(size)}
    return entity | ({"sha256": digest} if digest else {})


def _input(place: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """An input is not in the folder: it is named, with its digest, so that it can be told again."""
    return {
        "@id": f"#input-{place}",
        "@type": "CreativeWork",
        "name": str(row.get("path", "")),
        "description": f"Input of the source {row.get('source', '')}, {row.get('rows', 0)} rows; not in this folder",
        "sha256": str(row.get("sha256", "")),
    }
