"""The page: every section gathered from the run folder, then written by its template."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from observatory.material import Material
from observatory.report import (
    beside,
    changed,
    focal,
    layered,
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
)
from observatory.report.findings import findings
from observatory.report.pictures import ROWS, Picture
from observatory.report.wording import listed, number, source_name, years
from observatory.store import Run
from observatory.study import Study

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
    ("method", "Method and sources", "Method"),
)


def write_report(run: Run, study: Study) -> Path:
    """Write ``report/index.html`` and ``report/tables.xlsx`` into a run folder, from what it holds.

    Parameters
    ----------
    run
        What :func:`observatory.open_run` returns.
    study
        The study, for the file of borders that it may name.

    Returns
    -------
    Path
        The page. It asks nothing of the network; the same run gives the same bytes.

    Raises
    ------
    BadInput
        When the study's file of borders cannot be used, or a file of the run is missing.
    """
    material = Material.of(run, study)
    folder = run.folder / "report"
    folder.mkdir(parents=True, exist_ok=True)
    content = gather(material)
    every = [one for section in content.values() if isinstance(section, dict) for one in section.get("pictures", [])]
    tables.write_tables(folder / "tables.xlsx", tables.sheets(material, content["points"], every))
    page = folder / "index.html"
    page.write_text(render(content), encoding="utf-8", newline="\n")
    return page


def gather(material: Material) -> dict[str, Any]:
    """Gather what every section says."""
    points = beside.stars_beside(material)
    sources = ("all", *material.sources)
    return {
        "title": material.run.manifest["title"],
        "subtitle": _subtitle(material),
        "sections": SECTIONS,
        "rows": ROWS,
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
        "method": method.method(material),
    }


def _subtitle(material: Material) -> str:
    kinds = listed([source_name(source) for source in material.sources]) or "no events"
    spans = listed([years(period) for period in material.periods])
    events = [number(material.summary(f"sector__all__{period}").get("events", 0)) for period in material.periods]
    return f"Cross-sectoral linkages of {kinds}, {spans}; events: {listed(events)}"


def render(content: dict[str, Any]) -> str:
    """Write the page; text from data is escaped, drawings are put in as they are."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    house = Environment(
        loader=PackageLoader("observatory.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    house.filters["drawing"] = lambda one: Markup(_drawing(one))
    house.filters["cells"] = _cells
    house.filters["heads"] = lambda row: row[:-1]
    return house.get_template("index.html.j2").render(content)


def _drawing(one: Picture) -> str:
    return one.svg


def _cells(one: Picture) -> list[list[str]]:
    """Write the first rows of a figure's data."""
    from observatory.report.tables import _cell

    return [
        ["" if (cell := _cell(value)) is None else f"{cell:,.6g}" if isinstance(cell, float) else str(cell)
         for value in row]
        for row in one.data.head(ROWS).itertuples(index=False)
    ]  # fmt: skip
