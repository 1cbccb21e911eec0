"""How good the records are: losses by period and country, how things were matched, coverage, what is in doubt."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ingest.engine import records_of
from observatory.figures.nuts_map import nuts_map
from observatory.material import Material
from observatory.report.pictures import Picture, picture
from observatory.report.wording import figure, number, percent

#: How many countries, and how many of the heaviest doubts, regions and links, are listed on the page.
COUNTRIES, HEAVIEST = 15, 12
#: From which multiple of its share of the people a region is drawn in which colour.
CLASSES = (
    (2.0, "more than twice its share of the people", "#08519c"),
    (0.5, "half to twice its share", "#6baed6"),
    (0.0, "less than half its share", "#fdae6b"),
)
NO_YEAR = "year not known"
OUTSIDE = "outside the periods"


def quality(material: Material) -> dict[str, Any]:
    """Gather what a run's ``quality/`` tells, for the section of what was read and lost; nothing for older runs."""
    run = material.run
    if not run.names("quality/funnel.parquet"):
        return {"told": False, "pictures": []}
    funnel, doubts = run.table("quality/funnel.parquet"), run.table("quality/doubtful.parquet")
    moves = run.table("quality/moves.parquet")
    return {
        "told": True,
        "pictures": coverage_map(material),
        "periods": _by_period(funnel, material.settings["periods"]),
        "countries": _by_country(funnel),
        "matched": _matched(run.table("quality/matched.parquet")),
        "doubts": _doubts(doubts),
        "doubts_number": len(doubts),
        "moving": _moving(doubts, funnel),
        "moved": {what: _moved(moves[moves["what"] == what]) for what in ("region", "link")},
    }


def periods_of(year: Any, periods: list[list[int]]) -> list[str]:
    """Name the periods that a year is in; a year that two share is in both, as in the networks.

    Examples
    --------
    >>> periods_of(2007, [[2000, 2007], [2007, 2014]]), periods_of(1999, [[2000, 2007]])
    (['2000–2007', '2007–2014'], ['outside the periods'])
    """
    if pd.isna(year):
        return [NO_YEAR]
    return [f"{a}–{b}" for a, b in sorted(periods) if a <= year <= b] or [OUTSIDE]


def _by_period(funnel: pd.DataFrame, periods: list[list[int]]) -> list[list[str]]:
    inside = pd.Series([periods_of(year, periods) for year in funnel["year"]], index=funnel.index, dtype="object")
    named = funnel.assign(period=inside).explode("period")
    order = {name: place for place, name in enumerate([f"{a}–{b}" for a, b in sorted(periods)])}
    rows = []
    for (source, period), part in named.groupby(["source", "period"], sort=True):
        aside = part[part["reason"] != "used"].groupby("reason")["rows"].sum()
        worst = min(aside.index, key=lambda reason: (-aside[reason], reason), default="")
        why = f"{worst} ({number(aside[worst])})" if worst else "–"
        place = order.get(str(period), len(order) + (period == NO_YEAR))
        rows.append((str(source), place, [str(source), str(period), *_counts(part), why]))
    return [row for _, _, row in sorted(rows)]


def _counts(part: pd.DataFrame) -> list[str]:
    used = part[part["reason"] == "used"]
    read = int(part["rows"].sum())
    events = float(used["weight"].sum())
    return [number(read), number(used["rows"].sum()), percent(used["rows"].sum() / read), number(events)]


def _by_country(funnel: pd.DataFrame) -> list[list[str]]:
    known = funnel[funnel["country"] != ""]
    weights = known.groupby("country")["weight"].sum()
    heaviest = sorted(weights.index, key=lambda country: (-round(weights[country], 6), country))[:COUNTRIES]
    return [[str(country), *_counts(known[known["country"] == country])] for country in heaviest]


def _matched(table: pd.DataFrame) -> list[list[str]]:
    return [
        [
            row["kind"],
            row["source"],
            row["level"],
            number(row["number"]),
            number(row["weight"], 1),
            percent(row["share"]),
        ]
        for row in records_of(
            table.sort_values(["kind", "source", "weight", "level"], ascending=[True, True, False, True])
        )
    ]


def _doubts(table: pd.DataFrame) -> list[list[str]]:
    kinds = {"place": "city", "name": "firm"}
    return [
        [
            kinds.get(row["kind"], row["kind"]),
            row["source"],
            f"{row['name']} / {row['value']}" if row["kind"] == "name" else row["value"],
            row["country"],
            number(row["score"], 1),
            "" if row["kind"] == "name" else row["region"] or "nowhere",
            "" if row["kind"] == "name" else row["other"] or "nowhere",
            number(row["number"]),
            number(row["moves"], 2),
            number(row["links"]),
        ]
        for row in records_of(table.head(HEAVIEST).fillna({"region": "", "other": "", "name": ""}))
    ]


def _moving(doubts: pd.DataFrame, funnel: pd.DataFrame) -> str:
    """Say in a sentence how much would move."""
    if doubts.empty:
        return "No match of a place, name or region code is in doubt."
    used = float(funnel.loc[funnel["reason"] == "used", "weight"].sum())
    weight = float(doubts["moves"].sum())
    share = f", {percent(weight / used)} of the events used" if used else ""
    matches = "1 match is" if len(doubts) == 1 else f"{len(doubts):,} matches are"
    return (
        f"{matches} in doubt. If all went the other way, a weight of {_weight(weight)} events would move to or from a "
        f"region{share}."
    )


def _weight(weight: float) -> str:
    """Write a weight as the table below does where it is less than one: 0.02 is not nothing.

    Examples
    --------
    >>> _weight(12.25), _weight(0.02), _weight(0.001), _weight(0.0)
    ('12.2', '0.02', 'under 0.01', '0')
    """
    return "under 0.01" if 0 < weight < 0.005 else number(weight, 2) if 0 < weight < 1 else figure(weight)


def _moved(moves: pd.DataFrame) -> list[list[str]]:
    rows = records_of(moves.head(HEAVIEST).fillna({"b": ""}))
    return [
        [f"{row['a']} – {row['b']}" if row["b"] else row["a"], number(row["leaves"], 2), number(row["enters"], 2)]
        for row in rows
    ]


def covered(coverage: pd.DataFrame) -> pd.DataFrame:
    """Sum coverage over the sources and tell each region's class.

    Returns
    -------
    DataFrame
        ``region, label, value`` (participants), ``ratio`` (share of the weight placed over share of the people; empty
        where these are not known), ``group`` (place in :data:`CLASSES`; empty without a participant).

    Examples
    --------
    >>> rows = [("a", "DE21", "Oberbayern", 3, 3.0, 60), ("a", "DE22", "Niederbayern", 1, 1.0, 40),
    ...         ("a", "DE23", "Oberpfalz", 0, 0.0, 100)]
    >>> table = pd.DataFrame(rows, columns=["source", "region", "name", "participants", "weight", "people"])
    >>> covered(table).fillna({"group": -1})[["region", "ratio", "group"]].values.tolist()
    [['DE21', 2.5, 0], ['DE22', 1.25, 1], ['DE23', 0.0, -1]]
    """
    summed = coverage.groupby(["region", "name"], as_index=False, sort=True).agg(
        value=("participants", "sum"), weight=("weight", "sum"), people=("people", "max")
    )
    inside = summed[summed["region"].str.len() == 4].reset_index(drop=True)
    people = inside["people"].astype("Float64")
    placed = float(inside.loc[people.notna(), "weight"].sum())
    ratio = (inside["weight"] / placed if placed else inside["weight"]) / (people / float(people.sum() or 1))
    group = pd.Series(
        [
            next(place for place, (least, _, _) in enumerate(CLASSES) if one >= least)
            if value and not pd.isna(one)
            else None
            for one, value in zip(ratio, inside["value"], strict=True)
        ],
        dtype="Int64",
    )
    return inside.assign(label=inside["name"], ratio=ratio.round(2), group=group)[
        ["region", "label", "value", "ratio", "group"]
    ]


def coverage_map(material: Material) -> list[Picture]:
    """Draw how many participants each region has, against its share of the people; none where none is placed."""
    table = covered(material.run.table("quality/coverage.parquet"))
    if not table["value"].sum():
        return []
    unknown = table["ratio"].isna() & (table["value"] > 0)
    said = f" People are not known of {int(unknown.sum())} regions with participants." if unknown.any() else ""
    chart = nuts_map(
        table[["region", "group", "label", "value", "ratio"]],
        title="Coverage: participants placed in each region, beside its people",
        subtitle="participants of used events, all sources (number); colour: the region's share of the weight placed "
        "over its share of the people of 2011",
        source=f"{material.run.manifest['title']}: quality/coverage.parquet; people: JRC NUTS converter 2025.{said}",
        names={place: name for place, (_, name, _) in enumerate(CLASSES)},
        value_name="participants",
        shapes=material.shapes,
        kind="coverage",
        nothing="no participant, or its people not known",
        colours={place: colour for place, (_, _, colour) in enumerate(CLASSES)},
    )
    return [picture("map-coverage", chart)]
