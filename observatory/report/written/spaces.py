"""Collaboration spaces, as blocks: one of its own for each."""

from __future__ import annotations

from typing import Any

from observatory.report.blocks import Block, clean, heading, note, table, text

MEMBERS = ["Member", "Code", "Strength inside", "Share inside", "Stability", "Role"]


def written(spaces: dict[str, Any]) -> list[Block]:
    """Write the section from what :func:`observatory.report.spaces.blocks` gathers, and the notes of the run."""
    how = (
        "A collaboration space is a group of sectors that are linked to each other more than to others. Association "
        "is a link's weight over what chance would give; q the rate of false discoveries. Stability is the share of "
        "resamplings in which a member stays. Tiers are those of the space's strongest industries in its strongest "
        "regions."
    )
    told = [text(how), *(note(one) for one in spaces["notes"])]
    for network in spaces["blocks"]:
        told += [heading(network["title"]), *(_space(one) for one in network["spaces"])]
    return told if spaces["blocks"] else [*told, text("No spaces were found.")]


def _space(one: dict[str, Any]) -> Block:
    unit = one["unit"]
    every = ", with a value or without" if unit else ""
    members = ["Member", "Code", f"{unit} inside" if unit else "Strength inside", *MEMBERS[3:]]
    grid = one["grid"]
    return {
        "kind": "space",
        "anchor": one["anchor"],
        "tag": one["tag"],
        "hue": one["hue"],
        "name": clean(one["name"]),
        "id": one["id"],
        "facts": [{"value": value, "what": what} for what, value in one["facts"]],
        "change": clean(one["change"]),
        "members": table(members, one["members"], (2, 3, 4), "Members", (1,)),
        "links": _links(one),
        "where": [
            table(headings, one[key], (2,), caption, (1,))
            for key, headings, caption in (
                ("top", ["Region", "Code", "Events"], f"Where: events with a participant there{every}"),
                ("within", ["Region", "Code", "Events"], "Within one region"),
                ("between", ["Regions", "Codes", "Events"], "Between two regions"),
            )
            if one[key]
        ],
        "grid": {
            "kind": "grid",
            "caption": "Star tiers of its industries in its regions, with the number of stars",
            "regions": [{"code": code, "name": clean(name)} for code, name in grid["regions"]],
            "rows": [
                {
                    "industry": clean(industry),
                    "cells": [{"tier": tier, "text": clean(words), "stars": stars} for tier, words, stars in cells],
                }
                for industry, cells in grid["rows"]
            ],
        }
        if grid["rows"]
        else None,
    }


def _links(one: dict[str, Any]) -> Block:
    """List the strongest links; their weight only where it is not the number of events."""
    if not one["links"]:
        return text("No links inside.")
    headings = ["Link", "Events", "Association", "q", one["unit"] or "Weight"]
    width = 5 if one["weighed"] else 4
    return table(headings[:width], [row[:width] for row in one["links"]], range(1, width), "Strongest links")
