"""The two ends of a link as a reader writes them: codes or names, of sectors or of regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from ingest.faults import BadInput, Fault
from observatory.held import fetched
from observatory.names import Others, code_of, offered, other_names

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
    labels = {kind: dict(_nodes(run, kind, engine)) for kind in ("sector", "region")}
    others = {kind: _others(settings, kind, list(known)) for kind, known in labels.items()}
    levels = {"sector": settings["sector_level"], "region": settings["region_level"]}
    found = {}
    for kind, known in labels.items():
        one, two = found[kind] = [code_of(text, known, others[kind]) for text in (a, b)]
        if one is not None and two is not None:
            return levels[kind], (one, two)
    expected = "a sector or region of the run"
    unknown = [text for text, *codes in zip((a, b), *found.values(), strict=True) if codes == [None, None]]
    if not unknown:
        mend = "name two sectors, or two regions"
        raise BadInput(Fault(str(run.folder), None, f"{a} and {b}", "two of a kind", mend))
    every = {code: label for known in labels.values() for code, label in known.items()}
    mends = {text: f"write one of the nearest: {offered(text, every, others['region'])}" for text in unknown}
    raise BadInput(Fault(str(run.folder), None, text, expected, mend) for text, mend in mends.items())


def _others(settings: Mapping[str, Any], kind: str, codes: Sequence[str]) -> Others:
    """Give the other names when they are asked for, once: towns take a moment to read."""
    return cache(lambda: other_names(settings, kind, codes))


def _nodes(run: Run, kind: str, engine: Engine) -> list[Node]:
    """List the codes and labels of a kind of node, in any period."""
    names = run.names(f"communities/{kind}__all__*.parquet")
    rows = [row for name in names for row in fetched(run.scan(name, engine).select("node", "label"))]
    return sorted({(str(node), str(label)) for node, label in rows})
