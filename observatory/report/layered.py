"""Sources as layers: how many spaces all sources at once give, and how far they agree with the others."""

from __future__ import annotations

from typing import Any

from observatory.material import Material
from observatory.report.sure import agreed
from observatory.report.wording import listed, number, source_name, years

METHODS = {"leiden": "Leiden, in layers", "infomap": "Infomap, in layers"}


def layers(material: Material) -> dict[str, Any]:
    """Lay out the table of layers: a row a period and method; no rows where a study has one kind of event.

    Returns
    -------
    dict
        ``headings, rows, numbers`` (columns that hold numbers), and ``weights``, what each source counts, in
        words.
    """
    others = ["all", *material.sources]
    said = [source_name(other) for other in others]
    headings = ["Period", "Method", "Spaces", *(f"Agreement with {said[0]} summed", *(f"{s} alone" for s in said[1:]))]
    rows = [
        [years(period), METHODS[method], number(one[method]["k"]), *_agreement(one, method, others)]
        for period in reversed(material.periods)
        if (one := material.summary(f"layers__{period}"))
        for method in METHODS
    ]
    asked = material.settings["communities"].get("layers", {})
    return {
        "headings": headings,
        "rows": rows,
        "numbers": list(range(2, len(headings))),
        "weights": weights_in_words({one: float(asked.get(one, 1.0)) for one in material.sources}),
    }


def weights_in_words(weights: dict[str, float]) -> str:
    """Say what each source counts as a layer.

    Examples
    --------
    >>> weights_in_words({"copatent": 1.0, "deal": 1.0})
    'each source counts the same'
    >>> weights_in_words({"copatent": 1.0, "deal": 0.5, "alliance": 0.0})
    'the study has co-patents count 1 and deals 0.5, and leaves out alliances'
    """
    if len(set(weights.values())) == 1:
        return "each source counts the same"
    said = [f"{source_name(one)} {weight:g}" for one, weight in weights.items() if weight]
    none = [source_name(one) for one, weight in weights.items() if not weight]
    if not said:
        return "no source has an event"
    said[0] = said[0].replace(" ", " count ", 1)
    return f"the study has {listed(said)}" + (f", and leaves out {listed(none)}" if none else "")


def _agreement(one: dict[str, Any], method: str, others: list[str]) -> list[str]:
    known = {row["b"]: agreed(row["ami"], row.get("vi")) for row in one["agreement"] if row["a"] == method}
    return [known.get(other, "–") for other in others]
