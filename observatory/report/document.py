"""The report as one document: every sentence, table, figure and sheet, from which each format is written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from observatory.material import Material
from observatory.report import (
    beside,
    changed,
    citations,
    contents,
    focal,
    layered,
    limits,
    linkages,
    losses,
    maps,
    method,
    nets,
    regions,
    spaces,
    sure,
    tables,
    tiers,
    written,
)
from observatory.report.blocks import Block, clean, note
from observatory.report.findings import findings
from observatory.report.pictures import Drawings, Picture
from observatory.report.sheets import sheet_of
from observatory.report.weighing import counted_events
from observatory.report.wording import listed, number, source_name, years

#: Anchor, heading, and name in the navigation.
SECTIONS = (
    ("findings", "Findings in words", "Findings"),
    ("read", "What was read and what was lost", "Read and lost"),
    ("map", "The map", "Map"),
    ("networks", "Networks of the periods", "Networks"),
    ("linkages", "Linkages: which, how strong, where", "Linkages"),
    ("focal", "Emerging industries and the others", "Industries"),
    ("spaces", "Collaboration spaces", "Spaces"),
    ("change", "What changed", "Changes"),
    ("stars", "Spaces beside stars", "Stars"),
    ("regions", "Regions: the strong and the linked", "Regions"),
    ("tiers", "Stars by tier", "Tiers"),
    ("sure", "How sure", "How sure"),
    ("limits", "What these data cannot say", "Limits"),
    ("method", "Method", "Method"),
    ("citations", "What to cite", "Citations"),
)
#: Sections of the short form.
SHORT = frozenset({"findings", "map", "spaces", "stars", "limits"})
#: Counts up when a field of the document changes its meaning or goes.
SCHEMA = 1


@dataclass(frozen=True)
class Document:
    """A report before it has a format.

    Attributes
    ----------
    data
        What ``report.json`` holds; see ``docs/report.md``.
    drawings
        Each figure's file, as the document names it → its SVG.
    """

    data: dict[str, Any]
    drawings: Mapping[str, str]

    def json(self) -> str:
        """Write the document: keys in order, a line a section and a line a sheet."""
        from observatory.store import plain

        lines = []
        for key in sorted(self.data):
            value = self.data[key]
            if key in ("sections", "sheets"):
                # Cells of sheets are plain already, and by far the most of a document.
                inside = ",\n".join(_compact(one if key == "sheets" else plain(one)) for one in value)
                lines.append(f'"{key}": [\n{inside}\n]')
            else:
                lines.append(f'"{key}": {_compact(plain(value))}')
        return "{\n" + ",\n".join(lines) + "\n}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def document(material: Material, said: str = "") -> Document:
    """Put the report of a run together.

    Parameters
    ----------
    material
        The run.
    said
        A word on the borders that the map is drawn with, where those of the study could not be found.
    """
    gathered = gather(material)
    sections = [
        {"anchor": anchor, "heading": heading, "name": name, "short": anchor in SHORT,
         "blocks": _blocks(anchor, gathered[anchor], said)}
        for anchor, heading, name in SECTIONS
    ]  # fmt: skip
    pictures = [one for part in gathered.values() if isinstance(part, dict) for one in part.get("pictures", [])]
    sheets = [sheet_of(name, table) for name, table in tables.sheets(material, gathered["points"], pictures)]
    data = {
        "schema": SCHEMA,
        "language": "en",
        "title": clean(material.run.manifest["title"]),
        "subtitle": clean(_subtitle(material)),
        "program": f"linkages {material.run.manifest['versions']['linkages']}",
        "status": material.run.manifest["status"],
        "sections": sections,
        "figures": [_about(one) for one in pictures],
        "sheets": [contents.contents(sheets), *sheets],
    }
    # Whether gates are met is known before; that a run is being written is no news to its reader.
    data["status"] = "gate not met" if any(not g["met"] for g in material.run.manifest["gates"]) else "complete"
    return Document(data, Drawings(pictures))


def _blocks(anchor: str, gathered: Any, said: str) -> list[Block]:
    from importlib import import_module

    blocks: list[Block] = import_module(f"{written.__name__}.{anchor}").written(gathered)
    return [*blocks, note(said)] if said and anchor == "map" else blocks


def _about(one: Picture) -> dict[str, str]:
    return {"name": one.name, "file": one.file, "alt": clean(one.alt), "sheet": one.sheet}


def gather(material: Material) -> dict[str, Any]:
    """Gather the figures of every section."""
    points = beside.stars_beside(material)
    sources = ("all", *material.sources)
    return {
        "points": points,
        "findings": findings(material, points),
        "read": losses.losses(material),
        "map": maps.section(material),
        "networks": {
            "pictures": [one for source in sources for one in nets.network_pictures(material, source)],
            "layers": layered.layers(material),
        },
        "linkages": linkages.linkages(material),
        "focal": focal.focal(material),
        "spaces": {"blocks": spaces.blocks(material), "notes": material.found["notes"]},
        "change": changed.changed(material),
        "stars": beside.section(material, points),
        "regions": regions.section(material),
        "tiers": tiers.section(material),
        "sure": sure.sure(material),
        "limits": limits.limits(material),
        "method": method.method(material),
        "citations": citations.citations(material),
    }


def _subtitle(material: Material) -> str:
    kinds = listed([source_name(source) for source in material.sources]) or "no events"
    spans = listed([years(period) for period in material.periods])
    events = [number(material.summary(f"sector__all__{period}").get("events", 0)) for period in material.periods]
    return f"Cross-sectoral linkages of {kinds}, {spans}; {counted_events(material)}: {listed(events)}"


def blocks_of(data: Mapping[str, Any]) -> Iterator[Block]:
    """Walk over every block of a document, those within others too."""
    waiting = [block for section in reversed(data["sections"]) for block in reversed(section["blocks"])]
    while waiting:
        block = waiting.pop()
        yield block
        inside = [
            *block.get("blocks", []),
            *(one for column in block.get("columns", []) for one in column),
            *([block["data"]] if block["kind"] == "figure" else []),
            *([block["members"], block["links"], *block["where"]] if block["kind"] == "space" else []),
        ]
        waiting += [one for one in reversed(inside) if one]
