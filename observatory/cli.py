"""The command line: stdout is data, stderr is talk; exit codes tell what became of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from observatory.diff_command import diff
from observatory.explore_command import explore, site
from observatory.export_command import export
from observatory.grid_command import grid
from observatory.interruption import INTERRUPTED, SAID, interruption
from observatory.options import AsOf, EngineName, Jobs, Json, Memory, Out, Quiet, RunPath, StudyOrRun, StudyPath
from observatory.printing import Format, UnprintedError, out, show, show_rows, talk, write, write_json
from observatory.report_command import report
from observatory.review_command import review
from observatory.star_command import stars

if TYPE_CHECKING:
    from observatory.store import Run
    from observatory.study import Study

FINE, OUR_FAULT, USAGE, BAD_INPUT, GATE, EXTRA = 0, 1, 2, 3, 4, 6

app = typer.Typer(
    help="Cross-sectoral linkages: from co-patents, deals and alliances to collaboration spaces beside cluster stars.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    """Print the program's version and leave."""
    if asked:
        from importlib.metadata import version

        write(f"linkages {version('linkages')}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version and leave")
    ] = False,
) -> None:
    pass


@app.command()
def demo(out: Out = None, jobs: Jobs = None, json: Json = False, quiet: Quiet = False) -> None:
    """Run the demo study, end to end, and name its report and spaces file."""
    from observatory.demo import demo_folder
    from observatory.store import refuse_taken

    target = out or Path("linkages-demo")
    refuse_taken(target)  # the demo has no faults to be told together with this one, and takes a while to read
    _run(demo_folder(), target, "duckdb", None, json, quiet, jobs=jobs)


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a folder to make")],
    json: Json = False,
) -> None:
    """Make a commented study.toml and an empty inbox/."""
    from observatory.demo import write_new

    file = write_new(folder)
    if json:
        write_json({"study": file, "inbox": file.parent / "inbox"})
    else:
        write(str(file))
    talk.say(f"put your files into {file.parent / 'inbox'}, name them in {file.name}, then: linkages check {folder}")


@app.command()
def check(
    study: StudyOrRun,
    rejects: Annotated[bool, typer.Option("--rejects", help="list every rejected cell with file and line")] = False,
    as_of: AsOf = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read and normalise a study, print the ledger; no networks, nothing written. Or tell whether a run is whole."""
    from ingest import DuckDB
    from observatory.stages.opening import open_inputs

    talk.quiet = quiet
    if (study / "manifest.json").is_file() and not (study / "study.toml").exists():
        _whole(study, json)
        return
    opened = _opened(study, as_of)
    for note in opened.notes:
        talk.progress(f"note: {note}")
    records, _ = open_inputs(opened, DuckDB(), talk.progress)
    table = records.rejects if rejects else records.ledger
    show(table, Format.json if json else Format.csv if rejects else Format.table)
    if not (rejects or quiet) and len(records.rejects):
        talk.say(f"not understood: {len(records.rejects):,}; list them with --rejects")


@app.command()
def run(
    study: StudyPath,
    out: Out = None,
    as_of: AsOf = None,
    engine: EngineName = "duckdb",
    memory: Memory = None,
    jobs: Jobs = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run a study: vendors' files in, collaboration spaces beside star tiers out."""
    folder = study if study.is_dir() else study.parent
    _run(study, out or folder / "run", engine, memory, json, quiet, as_of, jobs)


app.command()(grid)


@app.command()
def spaces(
    run: RunPath,
    network: Annotated[str | None, typer.Option("--network", help="for example sector__deal, or research")] = None,
    period: Annotated[str | None, typer.Option("--period", help="for example 2007-2014")] = None,
    format: Annotated[Format, typer.Option("--format", help="how to print")] = Format.table,
    json: Json = False,
) -> None:
    """List the collaboration spaces of a run: members, regions, tiers."""
    from observatory.listing import chosen_spaces, space_rows
    from observatory.store import open_run

    found = chosen_spaces(open_run(run), network, period)
    form = Format.json if json else format
    if form is Format.json:
        write_json(found)
    else:
        show(space_rows(found), form)
    if not found:
        typer.echo("no spaces: the network holds none, or none are told of it", err=True)


app.command()(stars)
app.command()(review)
app.command()(export)
app.command()(diff)
app.command()(report)
app.command()(explore)
app.command()(site)


@app.command()
def profile(
    run: RunPath,
    region: Annotated[str, typer.Argument(metavar="REGION", help="a NUTS2 region or third country, by code or name")],
    period: Annotated[str | None, typer.Option("--period", help="for example 2007-2014")] = None,
    format: Annotated[Format, typer.Option("--format", help="how to print")] = Format.table,
    json: Json = False,
) -> None:
    """Say what a region is strong in, linked to and lacking, and who its partners could be."""
    from ingest.faults import BadInput, Fault
    from observatory.regions import UnknownRegionError, region_profile
    from observatory.store import open_run

    opened = open_run(run)
    try:
        found = region_profile(opened, region, period)
    except UnknownRegionError as error:
        mend = f"write one of the nearest: {error.nearest}"
        raise BadInput(Fault(str(opened.folder), None, region, "a region of the run", mend)) from None
    form = Format.json if json else format
    if form is Format.json:
        write_json(found.to_dict())
    elif form is Format.csv:
        show(found.to_frame(), form)
    else:
        write(repr(found))


@app.command()
def why(
    run: RunPath,
    a: Annotated[str, typer.Argument(metavar="A", help="a sector or region, by code or name")],
    b: Annotated[str, typer.Argument(metavar="B", help="another, or the same for what lies within")],
    period: Annotated[str | None, typer.Option("--period", help="for example 2007-2014")] = None,
    format: Annotated[Format, typer.Option("--format", help="how to print")] = Format.table,
    json: Json = False,
) -> None:
    """List the events behind a link."""
    from observatory.listing import shortened
    from observatory.opened import open_run
    from observatory.why import COLUMNS, behind

    form = Format.json if json else format
    rows = behind(open_run(run), a, b, period)
    if form is Format.table:
        people = COLUMNS.index("participants")
        rows = [(*row[:people], shortened(row[people]), *row[people + 1 :]) for row in rows]
    show_rows(COLUMNS, rows, {"year"}, form)


def _whole(folder: Path, json: bool) -> None:
    """Compare the files of a run with its manifest: all faults at once where one is missing or changed."""
    from ingest.faults import BadInput
    from observatory.opened import damage, open_run

    run = open_run(folder)
    if faults := damage(run):
        raise BadInput(faults)
    found = run.digests()
    for name in found.added:
        talk.say(f"not of the run: {name}")
    if json:
        write_json({"run": folder, "whole": True, "files": found.same, "added": found.added})
    else:
        write(f"whole  {folder}: {found.same:,} files are as the run wrote them")


def _opened(study: Path, as_of: str | None) -> Study:
    """Open a study, as of a day where one is given."""
    from observatory.as_of import TooEarlyError, day_of
    from observatory.study import open_study

    try:
        day = None if as_of is None else day_of(as_of)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--as-of") from None
    try:
        return open_study(study, day)
    except TooEarlyError as error:
        raise typer.BadParameter(str(error), param_hint="--as-of") from None


def _run(
    study: Path,
    out: Path,
    engine: str,
    memory: str | None,
    json: bool,
    quiet: bool,
    as_of: str | None = None,
    jobs: int | None = None,
) -> None:
    from observatory.engines import engine_named
    from observatory.run import run_study
    from observatory.side_by_side import cores

    talk.quiet = quiet
    opened = _opened(study, as_of)
    chosen = engine_named(engine, memory)
    try:
        done = run_study(opened, out, chosen, talk.progress, jobs or cores())
    finally:
        chosen.close()
    talk.clear()
    _name_results(done, json)
    unmet = [gate for gate in done.manifest["gates"] if not gate["met"]]
    for gate in unmet:
        found = "was not tested" if gate["value"] is None else f"is {gate['value']}"
        talk.say(f"gate not met: {gate['gate']} {found}, the study asks for {gate['limit']}")
    if unmet:
        raise typer.Exit(GATE)


def _name_results(done: Run, json: bool) -> None:
    report, found = done.folder / "report" / "index.html", done.folder / "spaces.json"
    if json:
        write_json(
            {
                "run": str(done.folder),
                "status": done.manifest["status"],
                "report": str(report),
                "spaces": str(found),
                "ledger": done.manifest["ledger"],
                "gates": done.manifest["gates"],
            }
        )
    else:
        write(f"report  {report}\nspaces  {found}")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and leave with the exit code that says what happened.

    0 fine; 1 our fault; 2 usage; 3 bad input; 4 a gate of the study is not met; 6 an extra is missing;
    130 interrupted.
    """
    if arguments is not None:
        return _code(arguments)
    interruption.listen()
    sys.exit(_code(None))


def _code(arguments: list[str] | None) -> int:
    talk.quiet, interruption.asked = False, False
    given = sys.argv[1:] if arguments is None else arguments
    try:
        result = app(args=arguments, standalone_mode=False, prog_name="linkages")
        out()
        if result == INTERRUPTED:
            return _interrupted()
        return result if isinstance(result, int) else FINE
    except KeyboardInterrupt:
        return _interrupted()
    except (BrokenPipeError, SystemExit):  # whoever read our output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except UnprintedError as error:
        from ingest.faults import Fault

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        talk.say(str(Fault("stdout", None, str(error), "room for what is printed", "print elsewhere")))
        talk.say("1 fault; what the command wrote beside it is whole")
        return BAD_INPUT
    except Exception as error:
        # What was asked for tells more than what came of it; click says Abort of Ctrl-C at a question.
        if interruption.asked or type(error).__name__ in ("Abort", "InterruptException"):
            return _interrupted()
        return _explained(error, given)


def _interrupted() -> int:
    talk.say(SAID)
    return INTERRUPTED


def _explained(error: Exception, arguments: list[str]) -> int:
    """Say what is wrong, never with a traceback."""
    from ingest.faults import BadInput
    from ingest.spark_session import first_line, from_spark
    from observatory.engines import MissingExtraError
    from observatory.opened import blame
    from observatory.shortage import shortage

    if isinstance(error, BadInput):
        for fault in error.faults:
            talk.say(str(fault))
        number = len(error.faults)
        talk.say(f"{number} fault{'s' if number != 1 else ''}; nothing was written")
        return BAD_INPUT
    if isinstance(error, MissingExtraError):
        talk.say(str(error))
        return EXTRA
    if hasattr(error, "exit_code") and hasattr(error, "show"):
        error.show()
        return int(error.exit_code)
    if short := shortage(error, arguments):
        return _explained(BadInput(short), arguments)
    # A run folder that is damaged, or of another version, is not ours to answer for.
    if faults := [fault for given in arguments for fault in blame(Path(given))]:
        return _explained(BadInput(faults), arguments)
    if from_spark(error):
        talk.say(f"Spark failed: {first_line(error)}")
        talk.say("Nothing was written. Spark's own log says more; run the study again, or with --engine duckdb.")
        return OUR_FAULT
    talk.say(f"linkages failed: {type(error).__name__}: {error}")
    talk.say("This is our fault, not yours. Please report it with the command that you gave.")
    return OUR_FAULT


if __name__ == "__main__":
    main()
