"""Which doubtful matches a run's study can decide on in the page, and how a decision is taken down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory.explorer.review import Review
from observatory.store import Run

#: What a row of the queue is known by.
KEY = ("kind", "name", "place", "country", "candidates")
STUDY = "study.toml"


def review_of(run: Run, study: Path | None) -> Review | None:
    """Open the review of a run's study.

    Parameters
    ----------
    run
        The run; its ``review.csv`` is the queue.
    study
        The study's file or folder; the folder around the run where it is None and holds a study.

    Returns
    -------
    Review or None
        None where no study is named or found, or the run keeps no doubtful matches.

    Raises
    ------
    BadInput
        When the study that is named is not there.
    """
    from observatory.review import FILE

    folder = study.parent if study is not None and study.is_file() else study or run.folder.resolve().parent
    if not (folder / STUDY).is_file():
        if study is None:
            return None
        raise BadInput(Fault(str(study), None, STUDY, "a study.toml or its folder", "correct --study"))
    if not run.names(FILE):
        return None
    return Review(lambda: waiting(run, folder), lambda decision: decide(run, folder, decision))


def waiting(run: Run, folder: Path) -> pd.DataFrame:
    """List what is to be decided, what moves the result most first, with the answers that may be given."""
    from observatory.review import queue
    from observatory.review_sheet import told_candidates

    table = queue(run, folder)
    texts = [name for name in table.columns if name not in ("score", "rows", "weight", "effect")]
    table = table.assign(**{name: table[name].fillna("").astype(str) for name in texts})
    return table.assign(options=["; ".join(told_candidates(row)) for row in table.to_dict("records")])


def decide(run: Run, folder: Path, decision: Mapping[str, Any]) -> str:
    """Take a decision down in decisions.csv, at once.

    Parameters
    ----------
    run, folder
        The run and its study's folder.
    decision
        ``kind, name, place, country, candidates`` of a row of the queue, and ``answer``: the number of a candidate,
        a region's code, ``reject``, or ``undo`` to take back what was said of this row.

    Raises
    ------
    ValueError
        For a row that the run's queue does not hold, and for an answer that is none.
    """
    from observatory.decisions import append_decision, read_decisions
    from observatory.review import queue
    from observatory.review_sheet import answered

    every = queue(run).to_dict("records")
    asked = tuple(str(decision.get(name, "")) for name in KEY)
    row = next((one for one in every if tuple(_text(one[name]) for name in KEY) == asked), None)
    if row is None:
        raise ValueError("the queue of this run holds no such row")
    told: dict[str, Any] = {str(name): _text(cell) if name in KEY else cell for name, cell in row.items()}
    said = str(decision.get("answer", "")).strip()
    if said.casefold() == "undo":
        rejected = answered(told, "reject")
        same = [one for one in read_decisions(folder).rows if rejected is not None and one.key == rejected.key]
        if not same or same[-1].answer == "undo":
            raise ValueError("nothing was said of this row")
        append_decision(folder, replace(same[-1], answer="undo"))
        return "taken back"
    one = answered(told, said)
    if one is None:
        raise ValueError(f"{said!r} is none of the answers: the number of a candidate, a region's code, reject, undo")
    append_decision(folder, one)
    return f"{one.answer}: {(told['place'] or told['name'])!r}; the next run takes it up"


def _text(cell: Any) -> str:
    return "" if cell is None or cell != cell else str(cell)
