"""What these data cannot say, written from the run: coverage, missing weight, unsure spaces, late sources."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ingest.engine import records_of
from observatory.material import Material
from observatory.report import chance, shared_year
from observatory.report.spaces import tag
from observatory.report.wording import counted, figure, listed, number, percent, plain, source_name, years
from observatory.spans import periods_of, spans

#: Share of rows' weight or of participants under which a source's losses are told, and stability of a space.
WHOLE, SURE = 0.95, 0.7
#: Years at either end of the study that a source may lack without being told of.
GAP = 1
#: Links of fewer events than this are called few; how many spaces and reasons are named.
FEW, NAMED = 5, 6


def limits(material: Material) -> list[tuple[str, str]]:
    """Say what the data of a run cannot say.

    Returns
    -------
    list
        What each limit is about, in a few words, and the limit in a sentence or more. Always at least the general
        one: a link is a trace of an event, not of all that regions and firms do together.
    """
    return [*_losses(material), *_places(material), *_late(material), *_few(material),
            *_chance(material), *_unsure(material),
            *_shared(material), *_tiers(material), *_gates(material), _general(material)]  # fmt: skip


def _losses(material: Material) -> Iterator[tuple[str, str]]:
    covered = material.run.manifest["coverage"]
    weak = [row for row in covered if (row["used_weight_share"] or 0) < WHOLE]
    if weak:
        said = [f"{percent(row['used_weight_share'])} of {row['source']}" for row in weak]
        ledger = material.run.table("ledger.csv")
        lost = ledger[~ledger["reason"].isin(["read", "used"])]
        heavy = lost.groupby("reason")["weight"].sum().reset_index().sort_values(
            ["weight", "reason"], ascending=[False, True]
        )  # fmt: skip
        why = [f"{row['reason']} ({figure(round(row['weight'], 1))})" for row in records_of(heavy.head(3))]
        yield (
            "What is not counted",
            f"Of the weight of the events that were read, {listed(said)} is used. The heaviest reasons, with the "
            f"events that they took: {listed(why)}. If what is missing is of other sectors or regions than what is "
            "there, the networks lean that way.",
        )


def _places(material: Material) -> Iterator[tuple[str, str]]:
    weak = [row for row in material.run.manifest["coverage"] if (row["placed_share"] or 0) < WHOLE]
    if weak:
        said = [f"{percent(row['placed_share'])} of {row['source']}" for row in weak]
        yield (
            "Where events lie",
            f"Of the participants, {listed(said)} have a region or a country outside NUTS. Maps, regions' links and "
            "partners speak of these only; the sectors' links count all.",
        )


def _late(material: Material) -> Iterator[tuple[str, str]]:
    """Tell of sources that begin or end within the study."""
    table, periods = spans(material), periods_of(material)
    told = []
    start, end = min(p.first for p in periods), max(p.last for p in periods)
    for row in records_of(table):
        if row["first"] - start > GAP or end - row["last"] > GAP:
            span = f"{row['first']}-{row['last']}"
            parts = [f"{row['source']} ({source_name(str(row['kind']))}) has events of {years(span)} only"]
            empty = [str(p) for p in periods if p.last < row["first"] or p.first > row["last"]]
            if empty:
                parts.append(f"none of {listed([years(p) for p in empty])}")
            told.append(", ".join(parts))
    if not told:
        return
    text = f"{'; '.join(told)}."
    links, sources = material.compared
    if len(links):
        for key, name, words in (("new", "emerging", "appear"), ("ended", "vanished", "go")):
            of = links[links["class"] == name]
            whole, n = of["by_source"] != "", "n2" if key == "new" else "n1"
            if whole.any():
                text += (
                    f" {int(whole.sum()):,} of the {counted(len(of), 'link')} that {words} between the first and the "
                    f"last period, with {number(of.loc[whole, n].sum())} of their {number(of[n].sum())} events, do so "
                    f"with {listed(sources[key])} alone: what is {key} is the source, not the link."
                )
    text += " A rate of growth over such years compares sources, not years."
    yield "When sources begin and end", text


def _few(material: Material) -> Iterator[tuple[str, str]]:
    links = material.links(f"sector__all__{material.last}")
    few = int((links["events"] < FEW).sum())
    if few:
        yield (
            "Thin links",
            f"{few:,} of {counted(len(links), 'link')} between sectors of {years(material.last)} rest on fewer than "
            f"{FEW} events ({percent(few / len(links))}); one event more or less moves their association and rank.",
        )


def _chance(material: Material) -> Iterator[tuple[str, str]]:
    if said := chance.limit(material):
        yield "Structure or chance", said


def _unsure(material: Material) -> Iterator[tuple[str, str]]:
    every = [space for period in material.periods for space in material.spaces(f"sector__all__{period}")]
    if not every:
        return
    tested = [one for one in every if one["stability"] is not None]
    if not tested:
        yield "Unsure spaces", "Stability was not tested: how sure a space is, this run does not say."
        return
    weak = [one for one in tested if one["stability"] < SURE]
    loose = sum(m["role"] == "bridge" for one in tested for m in one["members"])
    said = []
    if weak:
        names = [f"{tag(material, one)} of {years(one['period'])} ({plain(one['name'])}, {percent(one['stability'])})"
                 for one in weak[:NAMED]]  # fmt: skip
        more = f" and {len(weak) - NAMED} more" if len(weak) > NAMED else ""
        said.append(f"Spaces whose members stay in under {percent(SURE)} of the resamplings: {listed(names)}{more}.")
    if loose:
        said.append(f"{counted(loose, 'member')} stand between spaces, and may as well be counted to another.")
    summary = material.summary(f"sector__all__{material.last}")
    if len({row["k"] for row in summary.get("numbers") or []}) > 1:
        said.append(f"How many spaces there are depends on the view: {summary['numbers_in_words']}")
    if said:
        yield "Unsure spaces", " ".join(said)


def _shared(material: Material) -> Iterator[tuple[str, str]]:
    moved = [row for row in material.found["sensitivity"] if row["ami"] is not None]
    if moved:
        least = min(max(row["ami"], 0.0) for row in moved)
        effect = (
            "The spaces stay as they are."
            if least > 0.999
            else f"The spaces move (agreement down to {number(least, 2)} of 1)."
        )
        alike = " A shared year makes following periods more alike than they are."
        both = alike if material.settings["shared_year"] in ("both", "half") else ""
        yield "The year that periods share", f"{shared_year.told(material)} {effect}{both}"


def _tiers(material: Material) -> Iterator[tuple[str, str]]:
    table = material.run.table("stars.parquet") if material.run.names("stars.parquet") else pd.DataFrame()
    if table.empty:
        yield "Stars", "No star table stands beside the spaces: strong clusters are not told."
        return
    about = material.run.manifest["stars"]
    said = f"Tiers come from {about['source']} and are of its years; a region that it does not hold has no tier here."
    yield "Stars", said


def _gates(material: Material) -> Iterator[tuple[str, str]]:
    unmet = [gate for gate in material.run.manifest["gates"] if not gate["met"]]
    if unmet:
        said = [
            f"{gate['gate']} {'was not tested' if gate['value'] is None else 'is ' + number(gate['value'], 3)}, "
            f"asked for is {number(gate['limit'], 2)}"
            for gate in unmet
        ]
        yield "Gates not met", f"The study asks for more than the run gives: {listed(said)}."


def _general(material: Material) -> tuple[str, str]:
    kinds = listed([source_name(source) for source in material.sources]) or "events"
    return (
        "What links are",
        f"A link counts {kinds} that join two sectors. What is joined otherwise, by trade, staff or knowledge that "
        "leaves no such record, is not seen; and that two sectors are linked does not say that one gains by the other.",
    )
