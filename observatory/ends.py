"""The two ends of a link as a reader writes them: codes or names, of sectors or of regions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.faults import BadInput, Fault
from observatory.held import fetched

if TYPE_CHECKING:
    from ingest.engine import Engine
    from observatory.opened import Run

#: Code and label.
Node = tuple[str, str]


def resolved(run: Run, a: str, b: str, engine: Engine) -> tuple[str, tuple[str, str]]:
    """Find the level at which both names are known, and their codes.

    Raises
    ------
    BadInput
        For names that no network of the run holds, with the nearest; for a sector beside a region.
    """
    settings = run.manifest["settings"]
    nodes = {kind: _nodes(run, kind, engine) for kind in ("sector", "region")}
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
    every = [node for table in nodes.values() for node in table]
    mends = {text: f"write one of the nearest: {_nearest(text, every)}" for text in unknown}
    raise BadInput(Fault(str(run.folder), None, text, expected, mend) for text, mend in mends.items())


def _nodes(run: Run, kind: str, engine: Engine) -> list[Node]:
    """List the codes and labels of a kind of node, in any period."""
    names = run.names(f"communities/{kind}__all__*.parquet")
    rows = [row for name in names for row in fetched(run.scan(name, engine).select("node", "label"))]
    return sorted({(str(node), str(label)) for node, label in rows})


def _offers(nodes: Sequence[Node]) -> dict[str, str]:
    """Give the codes by code and by label, in small letters; a label of two codes is neither's."""
    held = Counter(label.casefold() for _, label in nodes)
    labelled = {label.casefold(): node for node, label in nodes if held[label.casefold()] == 1}
    return {**labelled, **{node.casefold(): node for node, _ in nodes}}


def _nearest(text: str, nodes: Sequence[Node]) -> str:
    """Name the three nodes whose code or label is nearest."""
    from rapidfuzz import fuzz

    word = text.strip().casefold()
    likeness = {node: max(fuzz.WRatio(word, name.casefold()) for name in node) for node in nodes}
    best = sorted(nodes, key=lambda node: (-likeness[node], node))[:3]
    return "; ".join(f"{code} ({label})" for code, label in best)
