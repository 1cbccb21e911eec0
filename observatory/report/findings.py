"""Findings in words: a few sentences made of the run's own figures, with their doubt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from observatory.figures.spaces_and_stars import QUARTERS
from observatory.report.beside import quarters
from observatory.report.material import Material
from observatory.report.spaces import tag
from observatory.report.sure import stability_words
from observatory.report.wording import RULES, counted, listed, number, percent, short, years

#: Agreement and stability under which a finding is called unsure.
UNSURE = 0.7
Finding = tuple[str, str]


def findings(material: Material, points: pd.DataFrame) -> list[Finding]:
    """Say what was found: each a few words of what it is about, and a sentence or two.

    Parameters
    ----------
    material
        The run.
    points
        What :func:`observatory.report.beside.stars_beside` returns.
    """
    found = [_how_many(material)]
    if material.spaces(f"sector__all__{material.last}"):
        found += [_which(material), _how_sure(material), _where(material)]
    found += [_what_changed(material)] if len(material.periods) > 1 else []
    found += [_stars(points)] if len(points) else []
    return [*found, _doubt(material)]


def _how_many(material: Material) -> Finding:
    told = []
    for period in reversed(material.periods):
        one = material.summary(f"sector__all__{period}")
        spaces = len(material.spaces(f"sector__all__{period}"))
        rule = f"by {RULES[one['rule']]}" if one["rule"] in RULES else "because no rule gives another number"
        told.append(
            f"in {years(period)} {counted(one['events'], 'event')} over {counted(one['links'], 'link')} between "
            f"{counted(one['nodes'], 'sector')} form {counted(spaces, 'collaboration space')} ({rule})"
        )
    text = "; ".join(told)
    return "How many", f"{text[0].upper()}{text[1:]}."


def _which(material: Material) -> Finding:
    spaces = material.spaces(f"sector__all__{material.last}")
    told = [f"{tag(material, one)} ({short(one['name'])}; {_strongest(one)})" for one in spaces[:6]]
    more = f", and {counted(len(spaces) - 6, 'smaller one')}" if len(spaces) > 6 else ""
    return "Which", f"In {years(material.last)} the spaces and their strongest links are {listed(told)}{more}."


def _strongest(space: Mapping[str, Any]) -> str:
    if not space["links"]:
        return "no links inside"
    link = space["links"][0]
    ends = " – ".join(short(label) for label in link["labels"])
    return f"{ends}, {counted(link['events'], 'event')}, {number(link['association'], 1)} times what chance would give"


def _how_sure(material: Material) -> Finding:
    network = f"sector__all__{material.last}"
    spaces, agreement = material.spaces(network), material.summary(network)["agreement"]
    told = [stability_words(material, network)]
    known = [one for one in spaces if one["stability"] is not None]
    weak = [one for one in known if one["stability"] < UNSURE]
    if weak:
        named = [f"space {tag(material, one)} ({percent(one['stability'])})" for one in weak]
        told.append(f"Unsure: {listed(named)}.")
    bridges = [m["label"] for one in spaces for m in one["members"] if m["role"] == "bridge"]
    if bridges:
        told.append(f"Between spaces: {listed([short(label) for label in bridges[:6]])}.")
    inside = _mean_inside(spaces)
    told.append(f"{percent(inside)} of the weight of all links lies within spaces.")
    if agreement["leiden"] is not None:
        verdict = "agrees" if agreement["leiden"] >= UNSURE else "agrees only in part"
        told.append(f"A second method (Leiden) {verdict}: {number(agreement['leiden'], 2)} of 1.")
    return "How sure", " ".join(told)


def _mean_inside(spaces: list[dict[str, Any]]) -> float | None:
    strength = sum(member["strength"] for one in spaces for member in one["members"])
    return 2 * sum(one["weight_inside"] for one in spaces) / strength if strength else None


def _where(material: Material) -> Finding:
    spaces = [one for one in material.spaces(f"sector__all__{material.last}") if one["regions"]["top"]]
    if not spaces:
        return "Where", "No event of the spaces has a participant with a known region."
    told = [f"{tag(material, one)} in {listed(_regions(one))}" for one in spaces[:6]]
    return "Where", f"Most events have a participant for {'; '.join(told)} (events in brackets)."


def _regions(space: Mapping[str, Any]) -> list[str]:
    return [f"{row['name']} ({row['events']:,})" for row in space["regions"]["top"][:3]]


def _what_changed(material: Material) -> Finding:
    links = material.change("sector__all")
    count = {name: int((links["class"] == name).sum()) for name in ("growing", "declining", "emerging", "vanished")}
    first, last = f"sector__all__{material.periods[0]}", f"sector__all__{material.last}"
    ami = [row["ami"] for row in material.found["agreement"] if {row["a"], row["b"]} == {first, last}]
    told = [
        f"Of {counted(len(links), 'link')}, {count['growing']:,} surely grew and {count['declining']:,} surely declined "
        f"as shares of all linkages; {count['emerging']:,} appeared and {count['vanished']:,} went, most of them on few "
        "events"
    ]
    if ami and ami[0] is not None:
        told.append(f"the spaces of the two periods agree by {number(ami[0], 2)} of 1")
    fresh = [one for one in material.spaces(last) if _is_new(material, one)]
    if fresh:
        named = [f"{tag(material, one)}, {short(one['name'])}" for one in fresh]
        told.append(f"a space of its own by now: {listed(named)}")
    return "What changed", "; ".join(told) + "."


def _is_new(material: Material, space: Mapping[str, Any]) -> bool:
    """Tell whether no earlier space has the line of this one."""
    line = material.lineages[space["network"], int(space["community"])]
    before = {key[0]: value for key, value in material.lineages.items() if value == line}
    return not any(f"sector__all__{period}" in before for period in material.periods[:-1])


def _stars(points: pd.DataFrame) -> Finding:
    where = quarters(points)
    both, weak, alone = (
        points[where == QUARTERS[key]] for key in ((True, True), (True, False), (False, True))
    )
    told = f"Of {len(points):,} pairs of a space's industry and region, {len(both):,} are strongly linked and have a high"
    told += f" or medium tier{_named(both)}; {len(weak):,} are strongly linked without one{_named(weak)}; "
    told += f"{len(alone):,} have the tier and few linkages{_named(alone)}."
    return "Stars", told


def _named(points: pd.DataFrame) -> str:
    rows = points.head(2)[["industry", "region"]].itertuples(index=False)
    said = [f"{industry} in {region}" for industry, region in rows]
    return f" (first {listed(said)})" if said else ""


def _doubt(material: Material) -> Finding:
    covered = material.run.manifest["coverage"]
    read, used = (sum(row[key] for row in covered) for key in ("read", "used"))
    people = sum(row["participants"] for row in covered)
    placed = sum((row["placed_share"] or 0) * row["participants"] for row in covered)
    told = [f"{number(used)} of {number(read)} rows are used ({percent(used / read if read else None)})"]
    told.append(f"{percent(placed / people if people else None)} of the participants have a region")
    effect = [row for row in material.found["sensitivity"] if row["ami"] is not None]
    if effect:
        least = min(effect, key=lambda row: row["ami"])
        told.append(
            "counting the shared year otherwise leaves the spaces as they are"
            if least["ami"] > 0.999
            else f"counting the shared year otherwise moves the spaces (agreement down to {number(least['ami'], 2)})"
        )
    return "What to doubt", "; ".join(told) + "."
