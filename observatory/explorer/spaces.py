"""Collaboration spaces: the list, and one with its members, links, regions, tiers and history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from observatory.explorer.holdings import Holdings, why_path
from observatory.explorer.nodes import SPACED
from observatory.explorer.paths import safe
from observatory.explorer.payload import Payload
from observatory.material import CROSS_INDUSTRY
from observatory.report.spaces import change_in_words, colour, tag
from observatory.report.wording import network_name

#: Parts of a space in spaces.json that are tables here.
PARTS = ("members", "links", "industries", "tiers")
METHOD = f"{SPACED} Tiers as in docs/stars.md; the layout of spaces.json is docs/spaces.schema.json."


def spaces(holdings: Holdings) -> Payload:
    """List the spaces of every network, the last period and the sum of sources first."""
    rows = [_row(holdings, one) for every in holdings.appearances.values() for one in every]
    table = pd.DataFrame(rows)
    if len(table):
        order = {name: place for place, name in enumerate(_networks(holdings))}
        keys = pd.DataFrame({"n": table["network"].map(order), "c": [int(row["community"]) for row in rows]})
        table = table.iloc[keys.sort_values(["n", "c"]).index].reset_index(drop=True)
    return Payload(
        what="Every collaboration space: name, letter and colour of its line, size, how sure it is.",
        method=METHOD,
        source=f"{holdings.title}: spaces.json",
        fields={"notes": holdings.material.found["notes"], "stars": holdings.material.found["stars"]},
        tables={"spaces": table},
    )


def _networks(holdings: Holdings) -> list[str]:
    """Name the networks of sectors, the last period and the sum of sources first, across industries last."""
    periods = list(reversed(holdings.material.periods))
    plain = [f"sector__{source}__{period}" for period in periods for source in holdings.sources]
    return [*plain, *(name for name in holdings.networks if not holdings.is_plain(name))]


def _row(holdings: Holdings, space: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "space": space["id"],
        "space_label": space["name"],
        "letter": tag(holdings.material, space),
        "hue": colour(holdings.material, space),
        "network": space["network"],
        "source": space["source"],
        "period": space["period"],
        "community": int(space["community"]),
        "sectors": len(space["members"]),
        "weight_inside": space["weight_inside"],
        "share_inside": space["share_inside"],
        "stability": space["stability"],
        "path": f"spaces/{safe(str(space['id']))}",
    }


def space(holdings: Holdings, code: str) -> Payload:
    """Tell everything of a space, in each network that has it.

    An id is made of the members, so that spaces of the same members in two periods or sources have one id:
    ``appearances`` holds each as spaces.json has it, the tables hold all with ``network`` before their rows.
    """
    here = holdings.appearances[code]
    tables = {part: _part(holdings, here, part) for part in PARTS}
    return Payload(
        what=f"The collaboration space {here[0]['name']}: members, links, regions, tiers, what became of it.",
        method=METHOD,
        source=f"{holdings.title}: spaces.json, change/",
        fields={
            "id": code,
            "letter": tag(holdings.material, here[0]),
            "hue": colour(holdings.material, here[0]),
            "name": here[0]["name"],
            "path": f"spaces/{safe(code)}",
            **{key: here[0][key] for key in ("network", "period", "source", "stability")},
            "sentence": change_in_words(holdings.material, here[0]),
            "appearances": [_appearance(holdings, one) for one in here],
            "line": _line(holdings, here[0]),
        },
        tables={**tables, **_regions(here), "history": _history(holdings, code)},
        ends=None if here[0]["source"] in CROSS_INDUSTRY else "sectors",
    )


def _appearance(holdings: Holdings, space: Mapping[str, Any]) -> dict[str, Any]:
    told = {"letter": tag(holdings.material, space), "hue": colour(holdings.material, space)}
    words = {
        "network_title": network_name(space["network"]),
        "change_in_words": change_in_words(holdings.material, space),
    }
    return {**space, **told, **words}


def _line(holdings: Holdings, space: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List the spaces of the same line: one a network, the last period first."""
    line = holdings.material.lineages.get((space["network"], int(space["community"])))
    if line is None:
        return []
    same = {key for key, number in holdings.material.lineages.items() if number == line}
    every = [one for spaces in holdings.appearances.values() for one in spaces]
    rows = [_row(holdings, one) for one in every if (one["network"], int(one["community"])) in same]
    order = {name: place for place, name in enumerate(_networks(holdings))}
    return sorted(rows, key=lambda row: order[row["network"]])


def _part(holdings: Holdings, here: list[dict[str, Any]], part: str) -> pd.DataFrame:
    """Put a list of each appearance into one table."""
    rows = []
    for one in here:
        for row in one.get(part) or []:
            told = {key: value for key, value in row.items() if key not in ("labels", "node", "source", "target")}
            start = {"network": one["network"], "period": one["period"], "source": one["source"]}
            if part == "members":
                start |= {"sector": row["node"], "sector_label": told.pop("label")}
                told["path"] = None if one["source"] in CROSS_INDUSTRY else f"sectors/{safe(str(row['node']))}"
            if part == "links":
                a, b = row["source"], row["target"]
                start |= {"a": a, "a_label": row["labels"][0], "b": b, "b_label": row["labels"][1]}
                told["why"] = None if one["source"] in CROSS_INDUSTRY else why_path(str(a), str(b))
            if part == "tiers":
                told["region_label"] = holdings.labels["region"].get(row["region"], row["region"])
            rows.append({**start, **told})
    return pd.DataFrame(rows)


def _regions(here: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Put the regions of each appearance into tables: those with most events and those within, the pairs between."""
    own: list[dict[str, Any]] = []
    pairs: list[dict[str, Any]] = []
    for one in here:
        start = {"network": one["network"], "period": one["period"], "source": one["source"]}
        for where in ("top", "within"):
            for row in one["regions"][where]:
                told = {"where": where, "region": row["region"], "region_label": row["name"], "events": row["events"]}
                own.append({**start, **told})
        for row in one["regions"]["between"]:
            (a, b), (name_a, name_b) = row["regions"], row["names"]
            ends = {"region_a": a, "region_a_label": name_a, "region_b": b, "region_b_label": name_b}
            pairs.append({**start, **ends, "events": row["events"]})
    return {"regions": pd.DataFrame(own), "between": pd.DataFrame(pairs)}


def _history(holdings: Holdings, code: str) -> pd.DataFrame:
    """List what became of the space from period to period, by kind of event."""
    parts = []
    for source in holdings.sources:
        table = space_events(holdings, source)
        if len(table):
            parts.append(table[(table["from"] == code) | (table["to"] == code)].assign(source=source))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def space_events(holdings: Holdings, source: str) -> pd.DataFrame:
    """List what became of the spaces of a source from each period to the next, with their letters."""
    table = holdings.material.matched("spaces", source)
    if table.empty:
        return table
    letters = {
        (period, code): letter
        for period in holdings.material.periods
        for code, letter in holdings.letter_in(source, period).items()
    }
    told = table.astype(object).where(table.notna(), None)
    for end, period in (("from", "since"), ("to", "period")):
        told[f"{end}_letter"] = [letters.get((p, c)) for p, c in zip(told[period], told[end], strict=True)]
    return told.infer_objects()
