"""The two ends of a link as a reader writes them: codes or names, of sectors or of regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ingest.faults import BadInput, Fault

if TYPE_CHECKING:
    from observatory.opened import Run


def resolved(run: Run, a: str, b: str) -> tuple[str, tuple[str, str]]:
    """Find the level at which both names are known, and their codes.

    Raises
    ------
    BadInput
        For names that no network of the run holds, with the nearest; for a sector beside a region.
    """
    settings = run.manifest["settings"]
    nodes = {kind: _nodes(run, kind) for kind in ("sector", "region")}
    offers = {kind: _offers(table) for kind, table in nodes.items()}
    levels = {"sector": settings["sector_level"], "region": settings["region_level"]}
    words = [text.strip().casefold() for text in (a, b)]
    for kind, known in offers.items():
        if all(word in known for word in words):
            return levels[kind], (known[words[0]], known[words[1]])
    expected = "a sector or region of the run"
    unknown = [text for text, word in zip((a, b), words, strict=True) if not any(word in o for o in offers.values())]
    if not unknown:
        mend = "name two sectors, or two regions"
        raise BadInput(Fault(str(run.folder), None, f"{a} and {b}", "two of a kind", mend))
    mends = {text: f"write one of the nearest: {_nearest(text, pd.concat(nodes.values()))}" for text in unknown}
    raise BadInput(Fault(str(run.folder), None, text, expected, mend) for text, mend in mends.items())


def _nodes(run: Run, kind: str) -> pd.DataFrame:
    """List the codes and labels of a kind of node, in any period."""
    names = run.names(f"communities/{kind}__all__*.parquet")
    table = pd.concat([run.table(name)[["node", "label"]] for name in names])
    return table.astype(str).drop_duplicates().sort_values(["node", "label"], ignore_index=True)


def _offers(nodes: pd.DataFrame) -> dict[str, str]:
    """Give the codes by code and by label, in small letters; a label of two codes is neither's."""
    labelled = nodes.assign(label=nodes["label"].str.casefold())
    labelled = labelled[~labelled["label"].duplicated(keep=False)]
    return {
        **dict(zip(labelled["label"], labelled["node"], strict=True)),
        **{node.casefold(): node for node in nodes["node"]},
    }


def _nearest(text: str, nodes: pd.DataFrame) -> str:
    """Name the three nodes whose code or label is nearest."""
    from rapidfuzz import fuzz

    word = text.strip().casefold()
    likeness = [
        max(fuzz.WRatio(word, node.casefold()), fuzz.WRatio(word, label.casefold()))
        for node, label in zip(nodes["node"], nodes["label"], strict=True)
    ]
    best = nodes.assign(likeness=likeness).sort_values(["likeness", "node"], ascending=[False, True]).head(3)
    return "; ".join(f"{node} ({label})" for node, label in zip(best["node"], best["label"], strict=True))
