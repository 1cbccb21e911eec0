"""Method and sources: written from the manifest and from the cards of the reference tables."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from communities.stability import BRIDGE, CORE
from ingest.records import VENDOR_LEVELS
from observatory.material import Material
from observatory.report.weighing import value_unit, weighed
from observatory.report.wording import counted, listed, number, years

COUNTING = {
    "full": "An event adds {one} to each pair of different sectors that it joins (full counting).",
    "fractional": "An event adds {one} in all, spread evenly over the pairs that it joins (fractional counting).",
}
SHARED = {
    "both": "A year that two periods share counts in both.",
    "first": "A year that two periods share counts in the first.",
    "second": "A year that two periods share counts in the second.",
    "half": "A year that two periods share counts half in each.",
}


def method(material: Material) -> dict[str, Any]:
    """Gather the section of method and sources, for its template."""
    manifest = material.run.manifest
    return {
        "paragraphs": [*_paragraphs(material)],
        "settings": sorted(_flat(manifest["settings"])),
        "versions": sorted((name, str(value)) for name, value in manifest["versions"].items()),
        "inputs": [[row["source"], row["path"], number(row["rows"]), row["sha256"][:12]] for row in manifest["inputs"]],
        "cards": cards(official=material.shapes.name if material.shapes else None),
    }


def _paragraphs(material: Material) -> Iterator[str]:
    settings, chosen = material.settings, material.settings["communities"]
    spans = listed([years(period) for period in material.periods])
    number_of = (
        "the number of modules that two-level Infomap finds (map equation, Rosvall & Bergstrom 2008), "
        f"{chosen['trials']} trials; where it finds one module, or nearly as many as there are nodes, the next rule "
        "that gives a number decides; the rule is named with each network. The spin glass may fill fewer than that "
        "number, where more would not lower its energy; the spaces are those that it fills"
        if chosen["spaces"] == "infomap"
        else f"{chosen['spaces']}, set by the study"
    )
    groups = [f"{name} ({', '.join(codes)})" for kind in ("sectors", "regions")
              for name, codes in sorted(settings["groups"][kind].items())]  # fmt: skip
    level, unit = settings["sector_level"], value_unit(material)
    sectors = (
        f"the vendor's own classes, {level}" if level in VENDOR_LEVELS else f"NAICS {settings['naics']} at {level}"
    )
    adds, drawn = (f"its value in {unit}", "as many events as are behind it") if unit else ("1", "this weight")
    left_out = f"{weighed(material)} " if unit else ""
    yield (
        f"Events of {spans} are counted. Sectors are {sectors}, "
        f"regions NUTS {settings['nuts']} at level {settings['region_level']}; outside NUTS a region is a country. "
        + (f"Groups of the study's own: {listed(groups)}. " if groups else "")
        + "An event is cross-sectoral when what it joins falls in two or more sectors; deals link acquirer to target. "
        f"{COUNTING[settings['counting']].format(one=adds)} {left_out}{SHARED[settings['shared_year']]} "
        "Region networks count cross-sectoral events only."
    )
    yield (
        "The expected weight of a link is the product of its ends' strengths over the strength of the whole network; "
        "association strength is weight over expected weight (van Eck & Waltman 2009): 2 means twice as strong as "
        f"chance would give. p is the chance of at least {drawn} when all linkages fall by the strengths of their "
        "ends, q the rate of false discoveries after Benjamini & Hochberg. The run folder holds the noise-corrected "
        "score of each link too (Coscia & Neffke 2017)."
    )
    yield (
        f"The number of spaces is {number_of}. Members are found by a spin glass (Reichardt & Bornholdt 2006) on the "
        f"main component, resolution {chosen['gamma']:g}, {counted(chosen['restarts'], 'start')}, seed "
        f"{chosen['seed']}, and set beside the best Leiden partition (Traag, Waltman & van Eck 2019). "
        f"{_resampled(chosen['bootstrap'])} Agreement of two partitions is adjusted mutual information: 1 is the same, "
        "0 what chance gives."
    )
    yield (
        "Change compares the first with the last period: the log odds ratio of a link's events among all events, with "
        "0.5 added to each cell, and its 95 % interval; a link grows or declines surely when q is under 0.05."
    )


def _resampled(times: int) -> str:
    if not times:
        return "Stability was not tested."
    return (
        f"Stability is the share of {times} resamplings of the events in which a member stays with its space: a core "
        f"member stays in {CORE * 100:.0f} % of them or more, a bridge goes to one other space in "
        f"{BRIDGE * 100:.0f} % or more."
    )


def _flat(data: dict[str, Any], before: str = "") -> list[tuple[str, str]]:
    """List settings by their full name, as study.toml would write them."""
    rows: list[tuple[str, str]] = []
    for key, value in data.items():
        if isinstance(value, dict):
            rows += _flat(value, f"{before}{key}.")
        else:
            rows.append((f"{before}{key}", "not set" if value is None else str(value)))
    return rows


def cards(official: str | None = None) -> list[tuple[str, str, str, str]]:
    """List the reference tables that come with the program: title, source, licence, version.

    Parameters
    ----------
    official
        Name of the study's own file of borders, which stands in for the approximate ones.
    """
    home = Path(__file__).resolve().parents[2]
    files = sorted(file for room in ("ingest", "observatory") for file in (home / room).glob("**/reference/**/*.toml"))
    rows = []
    for file in files:
        card = tomllib.loads(file.read_text(encoding="utf-8"))
        if official and file.parent.parent.name == "figures":
            continue
        cells = [str(card.get(key, "")) for key in ("title", "source", "licence", "version")]
        rows.append((cells[0], cells[1], cells[2], cells[3]))
    own = [("Borders of the map", f"{official}, given by the study", "as its publisher says", "")] if official else []
    return [*own, *rows]
