"""How sure the spaces are: the number and its rule, other methods, resampling, and the shared year."""

from __future__ import annotations

from typing import Any

from communities.numbers import VARIED
from observatory.material import Material
from observatory.report.nets import matrix_pictures
from observatory.report.shared_year import CHOICES
from observatory.report.wording import RULES, counted, figure, network_name, number, percent, years

#: What stands before a setting to make it understood.
SETTINGS = {"markov time": "Markov time ", "backbone": "backbone: "}


def sure(material: Material) -> dict[str, Any]:
    """Gather the section of how sure the result is, for its template."""
    summaries = {name: material.summary(name) for name in material.networks()}
    return {
        "pictures": matrix_pictures(material),
        "numbers": [_number(name, one) for name, one in summaries.items()],
        "spreads": [
            (network_name(name), one["numbers_in_words"], _spread(one["numbers"]))
            for name, one in summaries.items()
            if name.startswith("sector__all__") and one.get("numbers")
        ],
        "findings": [(network_name(name), one["finding"], one["notes"]) for name, one in summaries.items()],
        "methods": [_methods(name, one) for name, one in summaries.items()],
        "left_out": [(network_name(n), _left_out(material, n)) for n, one in summaries.items() if one["left_out"]],
        "sensitivity": [
            [
                CHOICES.get(row["shared_year"], row["shared_year"]),
                years(row["period"]),
                number(row["events"]),
                figure(row["weight"]),
                number(row["k"]),
                number(row["ami"], 2),
            ]
            for row in material.found["sensitivity"]
        ],
        "own_choice": CHOICES.get(material.settings["shared_year"], ""),
        "agreement": _agreement(material),
    }


def _number(name: str, one: dict[str, Any]) -> list[str]:
    return [
        network_name(name),
        number(one["nodes"]),
        number(one["links"]),
        number(one["events"]),
        number(one["infomap_k"]),
        _rule(one),
        number(one["k"]),
        counted(len(one["left_out"]), "node"),
    ]


def _rule(one: dict[str, Any]) -> str:
    """Name the rule, and say where fewer communities are filled than the number it gives.

    Examples
    --------
    >>> _rule({"rule": "infomap", "q": 5, "k": 4}), _rule({"rule": "infomap", "q": 4, "k": 4})
    ('Infomap: 5, of which 4 are filled', 'Infomap')
    >>> _rule({"rule": "none", "q": None, "k": 0})
    'no rule gives a number'
    """
    if one["rule"] not in RULES:
        return "no rule gives a number"
    fewer = one["q"] and one["k"] < one["q"]
    return RULES[one["rule"]] + (f": {number(one['q'])}, of which {number(one['k'])} are filled" if fewer else "")


def _spread(found: list[dict[str, Any]]) -> list[list[str]]:
    """Give one row for each thing varied and its setting: the numbers found, the usual ones first, and the runs.

    Examples
    --------
    >>> found = [
    ...     {"by": "trial", "setting": "each once", "k": 2, "runs": 1, "share": 0.25},
    ...     {"by": "trial", "setting": "each once", "k": 3, "runs": 3, "share": 0.75},
    ...     {"by": "backbone", "setting": "noise_corrected", "k": 0, "runs": 1, "share": 1.0},
    ... ]
    >>> _spread(found)[0]
    ['Random start', 'each once', '3 (75 %), 2 (25 %)', '4']
    >>> _spread(found)[1]
    ['Choice of links', 'backbone: noise-corrected', 'no links (100 %)', '1']
    """
    rows = []
    for by, setting in dict.fromkeys((row["by"], row["setting"]) for row in found):
        here = [row for row in found if (row["by"], row["setting"]) == (by, setting)]
        here.sort(key=lambda row: (-row["runs"], row["k"]))
        told = [f"{row['k'] or 'no links'} ({percent(row['share'])})" for row in here]
        what = VARIED[by].removeprefix("the ").capitalize()
        where = SETTINGS.get(by, "") + setting.replace("_", "-")
        rows.append([what, where, ", ".join(told), number(sum(row["runs"] for row in here))])
    return rows


def _methods(name: str, one: dict[str, Any]) -> list[str]:
    gaps, agreement, apart = one["gaps"], one["agreement"], one.get("variation", {})
    starts = "–" if gaps["starts"] is None else f"{number(gaps['starts_at_best'])} of {number(gaps['starts'])}"
    return [
        network_name(name),
        number(one["modularity"], 3),
        number(gaps["leiden_modularity"], 3),
        number(gaps["leiden_k"]),
        starts,
        agreed(agreement["leiden"], apart.get("leiden")),
        agreed(agreement["infomap"], apart.get("infomap")),
        number(agreement["bootstrap"], 2) if one["replicates"] else "not tested",
        number(one["replicates"]),
    ]


def _left_out(material: Material, name: str) -> list[str]:
    nodes = material.nodes(name)
    labels = dict(zip(nodes["node"].astype(str), nodes["label"].astype(str), strict=True))
    return [labels.get(str(node), str(node)) for node in material.summary(name)["left_out"]]


def _agreement(material: Material) -> list[list[str]]:
    """Compare the sectors' networks pair by pair; those of regions are in the workbook."""
    return [
        [network_name(row["a"]), network_name(row["b"]), agreed(row["ami"], row.get("vi"))]
        for row in material.found["agreement"]
        if row["a"].startswith("sector")
    ]


def agreed(ami: float | None, vi: float | None) -> str:
    """Write how far two partitions agree, and in brackets how far they are apart.

    Examples
    --------
    >>> agreed(0.931, 0.1234), agreed(0.5, None), agreed(None, None)
    ('0.93 (0.12)', '0.50', '–')
    """
    told = number(ami, 2)
    return told if "–" in (told, apart := number(vi, 2)) else f"{told} ({apart})"


def mean_stability(spaces: list[dict[str, Any]]) -> float | None:
    """Average the stability of spaces, None where it was not tested.

    Examples
    --------
    >>> mean_stability([{"stability": 1.0}, {"stability": 0.5}, {"stability": None}])
    0.75
    """
    known = [space["stability"] for space in spaces if space["stability"] is not None]
    return sum(known) / len(known) if known else None


def stability_words(material: Material, network: str) -> str:
    """Say how the spaces of a network stood the resampling."""
    mean, replicates = mean_stability(material.spaces(network)), material.summary(network).get("replicates")
    if mean is None or not replicates:
        return "Stability was not tested."
    return f"In {replicates} resamplings of the events a sector stays with its space in {percent(mean)} of cases."
