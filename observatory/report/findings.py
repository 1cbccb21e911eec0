"""Findings in words: a few sentences made of the run's own figures, with their doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from observatory.material import Material
from observatory.report import chance
from observatory.report.beside import foremost
from observatory.report.changed import told_by_source
from observatory.report.spaces import colour, tag
from observatory.report.sure import stability_words
from observatory.report.weighing import value_unit
from observatory.report.wording import RULES, counted, figure, listed, number, percent, plain, years
from observatory.stars.beside import NOT_KNOWN
from observatory.stars.quadrants import QUADRANTS

#: Agreement and stability under which a finding is called unsure; how many spaces and examples are named.
UNSURE, NAMED, EXAMPLES = 0.7, 8, 2
#: Events under which a link is thin.
FEW = 5


@dataclass(frozen=True)
class Finding:
    """One finding.

    Attributes
    ----------
    about
        What it is about, in a few words.
    text
        A sentence or more.
    doubt
        Why it may be otherwise, in a sentence; empty where the finding is a doubt itself.
    spaces
        A line a space: colour, letter, words.
    """

    about: str
    text: str
    spaces: Sequence[tuple[str, str, str]] = ()
    doubt: str = ""


def findings(material: Material, points: pd.DataFrame) -> list[Finding]:
    """Say what was found.

    Parameters
    ----------
    material
        The run.
    points
        What :func:`observatory.report.beside.stars_beside` returns.
    """
    found = [_how_many(material)]
    if material.spaces(f"sector__all__{material.last}"):
        found += [_which(material), _how_sure(material)]
    found += [_what_changed(material)] if len(material.periods) > 1 else []
    found += [_stars(material, points)] if len(points) else []
    return [*found, _doubt(material)]


def _how_many(material: Material) -> Finding:
    told = []
    for period in reversed(material.periods):
        one = material.summary(f"sector__all__{period}")
        spaces = len(material.spaces(f"sector__all__{period}"))
        rule = f"by {RULES[one['rule']]}" if one["rule"] in RULES else "no rule gives another number"
        if one["rule"] in RULES and spaces < one["q"]:
            rule = f"{RULES[one['rule']]} allows up to {one['q']}; the spin glass fills {spaces}"
        told.append(
            f"in {years(period)}, {_events(material, period)} make {counted(one['links'], 'link')} between "
            f"{counted(one['nodes'], 'sector')}, which form "
            f"{counted(spaces, 'collaboration space')} ({rule})"
        )
    text = "; ".join(told)
    said = [f"{text[0].upper()}{text[1:]}.", _weighed(material), chance.of_periods(material)]
    return Finding("How many", " ".join(filter(None, said)), doubt=_numbers(material) if _moving(material) else "")


def _weighed(material: Material) -> str:
    unit = value_unit(material)
    return f"Links are weighed by value, in {unit}: events without one are in no network." if unit else ""


def _events(material: Material, period: str) -> str:
    """Say how many events a period has, and how many of these join two sectors or more."""
    events, crossing = material.summary(f"sector__all__{period}")["events"], material.cross_sectoral("all", period)
    worth = " with a value" if material.settings["weigh"] == "value" else ""
    if crossing is None or not events:
        return counted(events, "event") + worth
    part = "all" if crossing == events else number(crossing) if crossing else "none"
    return f"{counted(events, 'event')}{worth}, {part} of them cross-sectoral,"


def _numbers(material: Material) -> str:
    return material.summary(f"sector__all__{material.last}").get("numbers_in_words") or ""


def _moving(material: Material) -> bool:
    """Tell whether Infomap's number moves with what is varied."""
    found = material.summary(f"sector__all__{material.last}").get("numbers") or []
    return len({row["k"] for row in found}) > 1


def _which(material: Material) -> Finding:
    spaces = material.spaces(f"sector__all__{material.last}")
    lines = [(colour(material, one), tag(material, one), _said(one, value_unit(material))) for one in spaces[:NAMED]]
    more = f" The {NAMED} largest of {len(spaces)} are named." if len(spaces) > NAMED else ""
    few = "; ".join(_few(material))
    said = f"{few[:1].upper()}{few[1:]}." if few else ""
    return Finding("Which and where", f"The spaces of {years(material.last)}, the largest first.{more}", lines, said)


def _said(space: Mapping[str, Any], unit: str) -> str:
    """Say a space: its name, its strongest link, its first regions; `unit` where links are weighed by value."""
    said = [f"{plain(space['name'])}: {counted(len(space['members']), 'sector')}"]
    if space["links"]:
        link = space["links"][0]
        ends = " – ".join(plain(label) for label in link["labels"])
        times = number(link["association"], 1)
        worth = f"{figure(link['weight'])} {unit} in " if unit else ""
        events = counted(link["events"], "event")
        said.append(f"strongest link {ends} ({worth}{events}, {times} times what chance would give)")
    top = [f"{row['name']} ({row['events']:,})" for row in space["regions"]["top"][:3]]
    every = ", with a value or without," if unit else ""
    said.append(f"most events{every} in {listed(top)}" if top else "no event with a known region")
    return "; ".join(said) + "."


def _how_sure(material: Material) -> Finding:
    network = f"sector__all__{material.last}"
    spaces, agreement = material.spaces(network), material.summary(network)["agreement"]
    told = [*filter(None, [chance.of_network(material, network)]), stability_words(material, network)]
    weak = [one for one in spaces if one["stability"] is not None and one["stability"] < UNSURE]
    if weak:
        named = [f"space {tag(material, one)} ({percent(one['stability'])})" for one in weak]
        told.append(f"Unsure: {listed(named)}.")
    bridges = [plain(m["label"]) for one in spaces for m in one["members"] if m["role"] == "bridge"]
    if bridges:
        more = f" and {len(bridges) - NAMED} more" if len(bridges) > NAMED else ""
        told.append(f"Between spaces: {listed(bridges[:NAMED])}{more}.")
    told.append(f"{percent(_inside(spaces))} of the weight of all links lies within spaces.")
    if agreement["leiden"] is not None:
        verdict = "agrees" if agreement["leiden"] >= UNSURE else "agrees only in part"
        told.append(f"A second method, Leiden, {verdict} ({number(agreement['leiden'], 2)} of 1).")
    # What does not move is no doubt.
    told += [_numbers(material)] if _numbers(material) and not _moving(material) else []
    return Finding("How sure", " ".join(told))


def _inside(spaces: list[dict[str, Any]]) -> float | None:
    strength = sum(member["strength"] for one in spaces for member in one["members"])
    return 2 * sum(one["weight_inside"] for one in spaces) / strength if strength else None


def _what_changed(material: Material) -> Finding:
    links, sources = material.compared
    count = {name: int((links["class"] == name).sum()) for name in ("growing", "declining", "emerging", "vanished")}
    first, last = f"sector__all__{material.periods[0]}", f"sector__all__{material.last}"
    ami = [row["ami"] for row in material.found["agreement"] if {row["a"], row["b"]} == {first, last}]
    told = [
        f"Of {counted(len(links), 'link')} of either period, {count['growing']:,} surely grew as a share of all "
        f"events and {count['declining']:,} surely declined; {count['emerging']:,} appeared and "
        f"{count['vanished']:,} went"
    ]
    if ami and ami[0] is not None:
        spans = f"{years(material.periods[0])} and {years(material.last)}"
        told.append(f"the spaces of {spans} agree by {number(max(ami[0], 0), 2)} (1 is the same, 0 what chance gives)")
    fresh = [f"{tag(material, one)} ({plain(one['name'])})" for one in material.spaces(last) if _is_new(material, one)]
    if fresh:
        told.append(f"a space of its own by now: {listed(fresh)}")
    doubt = " ".join(told_by_source(links, sources)) or _rates(links)
    return Finding("What changed", "; ".join(told) + ".", doubt=doubt)


def _rates(links: pd.DataFrame) -> str:
    """Warn of classes that rest on few events, where no source is behind them."""
    thin = links[links["class"].isin(["emerging", "vanished"]) & (links[["n1", "n2"]].max(axis=1) < FEW)]
    return f"{counted(len(thin), 'link')} that appeared or went had fewer than {FEW} events." if len(thin) else ""


def _is_new(material: Material, space: Mapping[str, Any]) -> bool:
    """Tell whether no earlier space has the line of this one."""
    line = material.lineages[space["network"], int(space["community"])]
    earlier = {f"sector__all__{period}" for period in material.periods[:-1]}
    return not any(number == line and network in earlier for (network, _), number in material.lineages.items())


def _stars(material: Material, points: pd.DataFrame) -> Finding:
    where = points["quadrant"]
    both, weak, alone = (points[where == QUADRANTS[key]] for key in ((True, True), (True, False), (False, True)))
    tier = {"high": "a high tier", "medium": "a high or medium tier"}.get(material.profiles_about["strong"], "a tier")
    told = (
        f"Of {counted(len(points), 'pair')} of a space's industry and region, {len(both):,} are linked and have {tier}"
        f"{_first(material, both, (True, True))}; {len(weak):,} are linked without such a "
        f"tier{_first(material, weak, (True, False))}; "
        f"{len(alone):,} have the tier but few linkages{_first(material, alone, (False, True))}."
    )
    return Finding("Beside stars", told, doubt=_unknown(material))


def _unknown(material: Material) -> str:
    """Say how much of what is linked has no known tier, or no region."""
    whole = material.profiled("stars/quadrants", material.last)
    none = int(((whole["tier"] == NOT_KNOWN) | (whole["region"] == "")).sum())
    return f"{none:,} further pairs have no tier in the star table or no region, and are not counted." if none else ""


def _first(material: Material, points: pd.DataFrame, which: tuple[bool, bool]) -> str:
    """Name the first of a quarter, in the order of the table of the section on stars."""
    rows = foremost(points, QUADRANTS[which]).head(EXAMPLES)[["industry", "region"]].itertuples(index=False)
    said = [f"{industry} in {material.region_names.get(region, region)}" for industry, region in rows]
    return f" (foremost {listed(said)})" if said else ""


def _doubt(material: Material) -> Finding:
    covered = material.run.manifest["coverage"]
    read, used = (sum(row[key] for row in covered) for key in ("read", "used"))
    people = sum(row["participants"] for row in covered)
    placed = sum((row["placed_share"] or 0) * row["participants"] for row in covered)
    told = [
        f"{number(used)} of {number(read)} rows are used ({percent(used / read if read else None)})",
        f"{percent(placed / people if people else None)} of the participants have a region",
        *_shared_year(material),
    ]
    return Finding("What to doubt", "; ".join(told) + ".")


def _shared_year(material: Material) -> list[str]:
    effect = [row["ami"] for row in material.found["sensitivity"] if row["ami"] is not None]
    if not effect:
        return []
    if min(effect) > 0.999:
        return ["counting the shared year otherwise leaves the spaces as they are"]
    return [f"counting the shared year otherwise moves the spaces (agreement down to {number(min(effect), 2)})"]


def _few(material: Material) -> list[str]:
    """Warn of links that rest on few events."""
    links = material.links(f"sector__all__{material.last}")
    few = int((links["events"] < FEW).sum())
    return (
        [f"{few:,} of {counted(len(links), 'link')} of {years(material.last)} rest on fewer than {FEW} events"]
        if few
        else []
    )
