"""The command that asks a person about doubtful matches, and keeps the answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from observatory.printing import Format, show, talk, write, write_json

if TYPE_CHECKING:
    import pandas as pd

    from observatory.store import Run
    from observatory.study import Study

_KEYS = "number: accept, or a region's code; r reject; s skip; u undo the last; q quit"


def review(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="a study.toml or its folder")],
    run: Annotated[
        Path | None, typer.Option("--run", metavar="RUN", help="the study's run folder, where it is not STUDY/run")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE.xlsx", help="write the queue as a workbook to fill in")
    ] = None,
    from_: Annotated[
        Path | None, typer.Option("--from", metavar="FILE.xlsx", help="take the answers of a workbook")
    ] = None,
    show_list: Annotated[bool, typer.Option("--list", help="print the queue and ask nothing")] = False,
    json: Annotated[bool, typer.Option("--json", help="print the queue as JSON and ask nothing")] = False,
) -> None:
    """Decide on doubtful matches, what moves the result most first; decisions.csv keeps the answers."""
    import sys

    from observatory.decisions import append_decision, read_decisions
    from observatory.study import open_study

    opened = open_study(study)
    known = read_decisions(opened.folder)
    for sentence in known.contradictions:
        talk.say(sentence)
    if from_ is not None:
        from observatory.review_sheet import read_sheet

        fresh = read_sheet(from_, list(known.rows))
        for one in fresh:
            append_decision(opened.folder, one)
        _kept(len(fresh), opened.folder, json)
        return
    done, table = _waiting(opened, run)
    if to is not None:
        from observatory.review_sheet import write_sheet

        write_sheet(to, table)
        if json:
            write_json({"written": to, "rows": len(table)})
        else:
            write(str(to))
        talk.say(f"{len(table):,} to decide: fill the column answer, then: linkages review {study} --from {to}")
    elif json or show_list or not sys.stdin.isatty():
        show(table, Format.json if json else Format.table)
    else:
        _kept(ask(table, opened.folder, done), opened.folder, json)


def _kept(number: int, folder: Path, json: bool) -> None:
    file = folder / "decisions.csv"
    if json:
        write_json({"decisions": file, "added": number})
        return
    talk.say(f"{number} decision{'' if number == 1 else 's'} added to {file}; the next run replays them")


def _waiting(study: Study, folder: Path | None) -> tuple[Run | None, pd.DataFrame]:
    """Open the queue of the study's run; where there is none yet, read the study's files."""
    from observatory.review import FILE, queue
    from observatory.store import open_run

    where = folder or study.folder / "run"
    if folder is not None or (where / FILE).is_file():
        done = open_run(where)
        return done, queue(done, study.folder)
    from ingest import DuckDB
    from observatory.stages.reading import read_sources

    return None, queue(read_sources(study, DuckDB(), talk.progress), study.folder)


def ask(table: pd.DataFrame, folder: Path, run: Run | None = None) -> int:
    """Ask about each row of the queue in turn; every answer is on the disk before the next question.

    Returns
    -------
    int
        How many decisions were added, those taken back not counted.
    """
    from dataclasses import replace

    from rich.console import Console

    from ingest.matching import Decision
    from observatory.decisions import append_decision
    from observatory.review_sheet import answered

    console = Console(stderr=True, highlight=False)
    given: list[tuple[int, Decision]] = []
    rows = table.to_dict("records")
    place = 0
    with _interrupted(given):
        while place < len(rows):
            _show(console, rows[place], place, len(rows), run)
            said = console.input(f"[dim]{_KEYS}[/dim] > ", markup=True).strip()
            if said.casefold() in ("q", "quit"):
                break
            if said.casefold() in ("s", "skip", ""):
                place += 1
                continue
            if said.casefold() in ("u", "undo"):
                if not given:
                    console.print("nothing to undo")
                    continue
                place, last = given.pop()
                append_decision(folder, replace(last, answer="undo"))
                continue
            one = answered(rows[place], said)
            if one is None:
                console.print(f"{said!r} is no answer", markup=False)
                continue
            append_decision(folder, one)
            given.append((place, one))
            place += 1
    return len(given)


@contextmanager
def _interrupted(given: list[Any]) -> Iterator[None]:
    try:
        yield
    except EOFError:
        return
    except KeyboardInterrupt:
        talk.say(f"\ninterrupted; {len(given)} decision{'' if len(given) == 1 else 's'} kept")
        raise typer.Exit(130) from None


def _show(console: Any, row: dict[Any, Any], place: int, number: int, run: Run | None) -> None:
    from observatory.review import around
    from observatory.review_sheet import told_candidates

    what = row["place"] if row["kind"] == "place" else row["name"]
    moves = "links between regions" if row["effect"] else "the count of firms"
    console.rule(f"{place + 1} of {number}", style="dim")
    console.print(f"{row['kind']}: {what} ({row['country']})", style="bold", markup=False)
    records = "record" if row["rows"] == 1 else "records"
    console.print(f"{row['level']}; {row['rows']} {records}, {row['weight']:g} events; moves {moves}", markup=False)
    if run is not None:
        for record in around(run, row).to_dict("records"):
            told = ", ".join(str(cell) for cell in record.values() if cell is not None and cell == cell and cell != "")
            console.print(f"  {told}", style="dim", markup=False)
    for line in told_candidates(row):
        console.print(f"  {line}", markup=False)
