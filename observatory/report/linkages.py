"""Linkages in detail: years, Table 1 of the Trends methodology, strong ties, the shared year, how sources agree."""

from __future__ import annotations

from typing import Any

from ingest.engine import records_of
from ingest.regions import region_name
from linkages.strength import STRONG, backbone
from observatory.figures.years import years as drawn_years
from observatory.material import Material
from observatory.report.pictures import Picture, picture
from observatory.report.shared_year import CHOICES
from observatory.report.weighing import value_unit, weighed
from observatory.report.wording import counted, figure, listed, network_name, number, percent, plain, source_name, years

#: How many configurations are listed on the page.
LISTED = 15
#: How many regions in which events concentrate.
REGIONS = 10
#: Backbones and strong ties, in words.
VIEWS = {
    "association": "above expectation",
    "noise_corrected": "noise-corrected backbone",
    "disparity": "disparity filter",
}
LEVELS = {"industry": "the 51 industries", "emerging": "the ten emerging industries"}


def linkages(material: Material) -> dict[str, Any]:
    """Gather the section of linkages, for its template."""
    return {
        "pictures": _years(material),
        "unit": value_unit(material),
        "weighed": weighed(material),
        "composition": _composition(material),
        "geography": _geography(material),
        "concentration": _concentration(material),
        "breadth": _breadth(material),
        "views": _views(material),
        "strong": _strong(material),
        "shared": _shared(material),
        "own_choice": CHOICES.get(material.settings["shared_year"], ""),
        "agreement": _agreement(material),
        "agree": _agree(material),
        "levels": _levels(material),
        "first": years(material.periods[0]),
        "last": years(material.last),
        "single": len(material.periods) < 2,
    }


def _years(material: Material) -> list[Picture]:
    """Draw the cross-sectoral events of every year; nothing where there are none."""
    table = material.run.table("series.parquet")
    table = table[(table["kind"] == "sector") & (table["of"] != "all")]
    order = {source: rank for rank, source in enumerate(material.sources)}
    table = table.assign(order=table["of"].map(order)).sort_values(["order", "year"])
    table = table.assign(events=table["cross_sectoral"])
    if not table["events"].sum():
        return []
    chart = drawn_years(
        table,
        title="Cross-sectoral events year by year" + (", those with a value" if value_unit(material) else ""),
        subtitle=f"events between two or more sectors at level {material.settings['sector_level']} (number)"
        + ("; a broken line: a period begins" if len(material.periods) > 1 else ""),
        source=f"{material.run.manifest['title']}: series.parquet.",
        names={source: source_name(source) for source in material.sources},
        periods=[(first, last) for first, last in sorted(material.settings["periods"])],
    )
    return [picture("years", chart)]


def _named(row: dict[str, Any]) -> str:
    return " – ".join(plain(str(row[f"{end}_label"])) for end in ("source", "target"))


def _composition(material: Material) -> list[list[str]]:
    """List the links with most events, or of most value, in the last period, with their place in the first."""
    table = material.run.table("trends/composition.parquet")
    if table.empty:
        return []
    table = table[table["of"] == "all"]
    first = {(r["source"], r["target"]): r["rank"] for r in records_of(table[table["period"] == material.periods[0]])}
    table = table[table["period"] == material.last].head(LISTED)
    trend = material.trend("trends/strength")
    before = {(r["source"], r["target"]): r for r in records_of(trend[trend["of"] == "all"])} if len(trend) else {}
    compared, _ = material.compared
    late = {(r["source"], r["target"]): OF_SOURCE[r["by_source"], r["mostly"]] for r in records_of(compared)}
    rows = []
    for row in records_of(table):
        old = before.get((row["source"], row["target"]), {})
        by_value = [figure(row["weight"])] if value_unit(material) else []
        cells = [_named(row), *by_value, number(row["events"]), percent(row["share"]), number(row["association"], 1)]
        ranks = [old.get("rank2", row["rank"]), old.get("rank1")]  # those of the change are of all events
        if by_value:
            ranks = [row["rank"], first.get((row["source"], row["target"]))]
        cells += [*(number(rank) for rank in ranks), _trend(old, late)]
        rows.append([*cells, "yes" if row["strong"] else "no"])
    return rows


#: What a source that begins or ends has to do with a link: all of it, most of it.
OF_SOURCE = {
    **{("", ""): "", ("new source", ""): "its source is new", ("ended source", ""): "its source has ended"},
    **{("", "new source"): "most of it a new source", ("", "ended source"): "most of it a source that ended"},
}


def _trend(row: dict[str, Any], late: dict[tuple[Any, Any], str]) -> str:
    """Name the class of a link; of one that comes with its source, that the source is new or ended."""
    told, of = str(row.get("class", "–")), late.get((row.get("source"), row.get("target")))
    return f"{told}: {of}" if of else told


def _geography(material: Material) -> list[list[str]]:
    """Say where the links with most events in the last period lie."""
    table = material.run.table("trends/geography.parquet")
    if table.empty:
        return []
    labels = {}
    for name in material.nodes(f"sector__all__{material.last}")[["node", "label"]].itertuples(index=False):
        labels[str(name.node)] = str(name.label)
    here = table[(table["of"] == "all") & (table["period"] == material.last)].head(LISTED)
    rows = []
    for row in records_of(here):
        ends = " – ".join(plain(labels.get(str(row[end]), str(row[end]))) for end in ("source", "target"))
        shares = [percent(row[reach] / row["events"]) for reach in ("within", "country", "abroad", "unknown")]
        rows.append([ends, number(row["events"]), *shares, _place(material, row["top_within"]) or "–",
                     _place(material, row["top_between"]) or "–"])  # fmt: skip
    return rows


def _concentration(material: Material) -> list[list[str]]:
    """List the regions with most cross-sectoral events of all sources in the last period."""
    if not material.run.names("concentration.parquet"):
        return []
    table = material.run.table("concentration.parquet")
    here = table[(table["period"] == material.last) & (table["source"] == "all") & (table["side"] == "either")]
    here = here[(here["focal"] == "") & (here["cross_sectoral"] > 0)].sort_values(["rank", "region"]).head(REGIONS)
    names, nuts = material.region_names, int(material.settings["nuts"])
    return [
        [str(row["region"]), names.get(str(row["region"])) or region_name(str(row["region"]), nuts),
         number(row["cross_sectoral"]), number(row["events"]), percent(row["share"]), number(row["quotient"], 2)]
        for row in records_of(here)
    ]  # fmt: skip


def _place(material: Material, codes: str) -> str:
    return " – ".join(material.region_names.get(code, code) for code in codes.split(" – ")) if codes else ""


def _breadth(material: Material) -> str:
    """Say how many sectors an event joins."""
    table = material.run.table("trends/breadth.parquet")
    if table.empty:
        return ""
    here = table[(table["of"] == "all") & (table["period"] == material.last)]
    total = int(here["events"].sum())
    if not total:
        return ""
    parts = [(1, "lie within one sector"), (2, "join two")]
    said = [f"{percent(here.loc[here['sectors'] == n, 'events'].sum() / total)} {words}" for n, words in parts]
    more = here.loc[here["sectors"] > 2, "events"].sum()
    said.append(f"{percent(more / total)} join three or more")
    return f"Of {counted(total, 'event')} of {years(material.last)}, {listed(said)}."


def _views(material: Material) -> list[list[str]]:
    """Tell how many links each view keeps, and with how much of the weight."""
    strong = float(material.settings["strength"]["strong"])
    rows = []
    for of in ("all", *material.sources):
        name = f"sector__{of}__{material.last}"
        links = material.links(name)
        if links.empty:
            continue
        total = links["weight"].sum()
        cells = []
        for view in VIEWS:
            kept = backbone(links, view)
            cells.append(f"{number(len(kept))} ({percent(kept['weight'].sum() / total)})")
        ties = links[links["events"] >= strong]
        rows.append([network_name(name), number(len(links)), *cells, number(len(ties))])
    return rows


def _strong(material: Material) -> str:
    limit = float(material.settings["strength"]["strong"])
    named = "as in the 2014 study" if limit == STRONG else "set by the study"
    return f"{number(limit)} events or more, {named}"


def _shared(material: Material) -> list[list[str]]:
    """Tell what every other choice for the shared year does to each summed network and each source's."""
    table = material.run.table("shared_year.parquet")
    if table.empty:
        return []
    table = table[(table["kind"] == "sector") | (table["of"] == "all")]
    own = material.settings["shared_year"]
    return [
        [
            network_name(f"{row['kind']}__{row['of']}__{row['period']}"),
            CHOICES[str(row["shared_year"])],
            number(row["events"]),
            number(row["links"]),
            figure(row["weight"]),
            number(row["rank_correlation"], 3),
            f"{number(row['top_kept'])} of {number(row['top'])}",
            number(row["top_moved"], 1),
            number(row["top_moved_most"]),
        ]
        for row in records_of(table)
        if row["shared_year"] != own
    ]


def _agreement(material: Material) -> list[list[str]]:
    table = material.run.table("source_agreement.parquet")
    return [
        [
            network_name(f"{row['kind']}__{row['a']}__{row['period']}"),
            source_name(str(row["b"])),
            f"{number(row['shared'])} of {number(row['links_a'])} and {number(row['links_b'])}",
            number(row["rank_correlation"], 2),
            f"{number(row['top_shared'])} of {number(row['top'])}",
            number(row["ami"], 2),
        ]
        for row in records_of(table)
    ]


def _agree(material: Material) -> str:
    """Say how far the sources agree in the last period."""
    table = material.run.table("source_agreement.parquet")
    here = table[(table["kind"] == "sector") & (table["period"] == material.last)]
    here = here[here["rank_correlation"].notna()]
    if here.empty:
        return ""
    said = [
        f"{source_name(str(row['a']))} and {source_name(str(row['b']))} by {number(row['rank_correlation'], 2)} "
        f"({_alike(row['rank_correlation'])}{number(row['top_shared'])} of {number(row['top'])} strongest links are "
        "the same)"
        for row in records_of(here)
    ]
    return (
        f"How far the sources rank the links of sectors of {years(material.last)} alike: {listed(said)}. This is "
        "Spearman's correlation over the links of either: 1 is the same order, 0 none, −1 the opposite."
    )


def _alike(correlation: float) -> str:
    """Say of a negative correlation what it means; two decimals are told, so that −0.004 is none.

    Examples
    --------
    >>> _alike(-0.16), _alike(0.3), _alike(-0.004)
    ('what is strong in one is rather weak in the other; ', '', '')
    """
    return "what is strong in one is rather weak in the other; " if round(correlation, 2) < 0 else ""


def _levels(material: Material) -> list[str]:
    """Say how many events have no code at a level; nothing where all have."""
    table = material.run.table("levels.parquet")
    table = table[table["without"] > 0]
    said = []
    for row in records_of(table):
        where = LEVELS.get(str(row["level"]), str(row["level"]).upper())
        of = "cross-sectoral " if row["kind"] == "region" else ""
        told = f"{number(row['without'])} of {number(row['events'])} {of}{source_name(str(row['of']))}"
        said.append(f"{told} ({percent(1 - row['share'])}) have no code at the level of {where}")
    return said
