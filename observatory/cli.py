"""The command line: stdout is data, stderr is talk; exit codes tell what became of it."""

from __future__ import annotations

import os
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from observatory.talk import Talk

if TYPE_CHECKING:
    from observatory.store import Run

FINE, OUR_FAULT, USAGE, BAD_INPUT, GATE, EXTRA, INTERRUPTED = 0, 1, 2, 3, 4, 6, 130

_talk = Talk()

app = typer.Typer(
    help="Cross-sectoral linkages: from co-patents, deals and alliances to collaboration spaces beside cluster stars.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    json = "json"
    csv = "csv"


class Industry(StrEnum):
    """What the industries of a regional table are."""

    nace = "nace"
    naics = "naics"
    sic = "sic"
    industry = "industry"


class Layout(StrEnum):
    """Whose layout files of regional figures have."""

    auto = "auto"
    eurostat = "eurostat"
    cbp = "cbp"
    firms = "firms"
    table = "table"


class Fill(StrEnum):
    """What becomes of suppressed figures."""

    none = "none"
    remainder = "remainder"


class Method(StrEnum):
    """How stars are given."""

    panorama = "panorama"
    observatory2009 = "observatory2009"


class StarLevel(StrEnum):
    """At which level stars are given."""

    industry = "industry"
    emerging = "emerging"
    section = "section"
    division = "division"
    group = "group"
    nace_class = "class"
    naics2 = "naics2"
    naics3 = "naics3"
    naics4 = "naics4"
    naics5 = "naics5"
    naics6 = "naics6"


StudyPath = Annotated[Path, typer.Argument(metavar="STUDY", help="a study.toml or its folder")]
RunPath = Annotated[Path, typer.Argument(metavar="RUN", help="a run folder")]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="the run folder to write")]
Json = Annotated[bool, typer.Option("--json", help="print JSON")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="no progress on stderr")]
EngineName = Annotated[
    str, typer.Option("--engine", metavar="NAME", help="duckdb, spark, spark://host:port or sc://host:port")
]
Memory = Annotated[str | None, typer.Option("--memory", metavar="SIZE", help="memory limit, for example 2GB")]


@app.command()
def demo(out: Out = None, json: Json = False, quiet: Quiet = False) -> None:
    """Run the demo study, end to end, and name its report and spaces file."""
    from observatory.demo import demo_folder

    target = out or Path("linkages-demo")
    _run(demo_folder(), target, "duckdb", None, json, quiet)


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a folder to make")],
    json: Json = False,
) -> None:
    """Make a commented study.toml and an empty inbox/."""
    from observatory.demo import write_new

    file = write_new(folder)
    if json:
        _print_json({"study": file, "inbox": file.parent / "inbox"})
    else:
        _print(str(file))
    _talk.say(f"put your files into {file.parent / 'inbox'}, name them in {file.name}, then: linkages check {folder}")


@app.command()
def check(
    study: StudyPath,
    rejects: Annotated[bool, typer.Option("--rejects", help="list every rejected cell with file and line")] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read and normalise a study, print the ledger; no networks, nothing written."""
    from ingest import DuckDB
    from observatory.stages.opening import open_inputs
    from observatory.study import open_study

    _talk.quiet = quiet
    records, _ = open_inputs(open_study(study), DuckDB(), _talk.progress)
    table = records.rejects if rejects else records.ledger
    _show(table, Format.json if json else Format.csv if rejects else Format.table)
    if not (rejects or quiet) and len(records.rejects):
        _talk.say(f"not understood: {len(records.rejects):,}; list them with --rejects")


@app.command()
def run(
    study: StudyPath,
    out: Out = None,
    engine: EngineName = "duckdb",
    memory: Memory = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run a study: vendors' files in, collaboration spaces beside star tiers out."""
    folder = study if study.is_dir() else study.parent
    _run(study, out or folder / "run", engine, memory, json, quiet)


@app.command()
def grid(
    study: StudyPath,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="the grid folder to write")] = None,
    source: Annotated[str | None, typer.Option("--source", help="copatent, deal, alliance or all")] = None,
    period: Annotated[str | None, typer.Option("--period", help="for example 2007-2014")] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run the grid of a study: which sectors are together whatever is chosen, and which pairs are torn."""
    from observatory.grid import findings, headline, listed, run_grid
    from observatory.study import open_study

    _talk.quiet = quiet
    folder = out or (study if study.is_dir() else study.parent) / "grid"
    done = run_grid(open_study(study), folder, None, _talk.progress, source, period)
    _talk.clear()
    pairs = listed(headline(done))
    if json:
        data = {"grid": done.folder, "runs": done.manifest["runs"], "findings": findings(done)}
        _print_json({**data, "pairs": pairs.to_dict("records")})
        return
    _print(f"grid  {done.folder}\n" + "\n".join(findings(done)))
    _show(pairs, Format.table)


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
        _print_json(found)
    else:
        _show(space_rows(found), form)


@app.command()
def stars(
    table: Annotated[
        list[Path], typer.Argument(metavar="TABLE", help="files: your table, Eurostat, CBP, firms; or panorama2020")
    ],
    industry: Annotated[Industry, typer.Option("--industry", help="what the industries are")],
    layout: Annotated[Layout, typer.Option("--layout", help="whose layout the files have")] = Layout.auto,
    nuts: Annotated[int | None, typer.Option("--nuts", metavar="YEAR", help="carry regions to this version")] = None,
    fill: Annotated[Fill, typer.Option("--fill", help="estimate suppressed figures from their parent")] = Fill.none,
    digits: Annotated[
        int | None, typer.Option("--digits", min=1, max=6, help="digits of the industries to keep, of several levels")
    ] = None,
    measure: Annotated[
        str | None, typer.Option("--measure", metavar="WHAT", help="what figures are that do not say it: employment")
    ] = None,
    year: Annotated[
        int | None, typer.Option("--year", min=1900, max=2100, help="year of files that do not say it")
    ] = None,
    rate: Annotated[
        list[str] | None, typer.Option("--rate", metavar="USD=0.92", help="a currency in EUR; repeat it")
    ] = None,
    firm: Annotated[
        list[str] | None,
        typer.Option(
            "--firm", metavar="NAME=VALUE", help="of tables of firms: growth=0.2, unit=..., memory=2GB; repeat it"
        ),
    ] = None,
    flags: Annotated[
        Path | None, typer.Option("--flags", metavar="FILE", help="write the cells with a flag or an estimate")
    ] = None,
    method: Annotated[Method, typer.Option("--method", help="how stars are given")] = Method.panorama,
    level: Annotated[StarLevel, typer.Option("--level", help="for which industries")] = StarLevel.industry,
    group: Annotated[
        list[str] | None, typer.Option("--group", metavar="NAME=A;B", help="instead, a group of your own; repeat it")
    ] = None,
    regions: Annotated[
        Path | None, typer.Option("--regions", metavar="FILE", help="population, gdp, patents by region and year")
    ] = None,
    economy: Annotated[
        list[str] | None, typer.Option("--economy", metavar="NAME=A;B", help="regions of an economy; repeat it")
    ] = None,
    quotient: Annotated[
        float, typer.Option("--quotient", min=0.0, help="firm size: LQ from which a region is specialised")
    ] = 1.5,
    dominance: Annotated[
        float, typer.Option("--dominance", min=0.5, max=1.0, help="firm size: beta above which firms dominate")
    ] = 0.55,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="PATH", help="CSV or Parquet; all results to xlsx or a folder")
    ] = None,
    json: Json = False,
) -> None:
    """Give star scores for a regional table, without any linkages."""
    from observatory.listing import save_table
    from observatory.published_files import PUBLISHED, PUBLISHED_NUTS
    from observatory.star_files import named_lists, save_results
    from observatory.stars import read_figures, star_scores
    from observatory.stars.firm_size import Limits
    from observatory.stars.layouts.accounts import said_of_ledger
    from observatory.stars.layouts.cells import Options
    from observatory.stars.layouts.common import rates_of
    from observatory.stars.layouts.places import check_nuts
    from observatory.stars.regional import read_regions
    from observatory.stars.results import star_results
    from observatory.stars.scores import check_choices

    if [str(one) for one in table] == [PUBLISHED] and not table[0].exists():
        _published(nuts or PUBLISHED_NUTS, out, json)
        return
    groups, economies = named_lists(group or [], "--group"), named_lists(economy or [], "--economy")
    chosen = "groups" if groups else level.value
    try:
        check_choices(industry.value, method.value, chosen, groups)
        check_nuts(nuts)
        rates = rates_of(rate or [])
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    more = {name.strip(): value.strip() for name, _, value in (text.partition("=") for text in firm or [])}
    options = Options(
        industry.value, nuts, fill.value, digits=digits, measure=measure, year=year, rates=rates, more=more
    )
    figures = read_figures(table, layout.value, options)
    read = figures.table
    for line in said_of_ledger(figures.ledger):
        _talk.say(line)
    if flags is not None:
        save_table(figures.flags, flags)
    if out is not None and out.suffix.lower() not in (".csv", ".parquet"):
        known = read_regions(regions) if regions else None
        results = star_results(
            read,
            industry.value,
            method.value,
            level=chosen,
            groups=groups,
            regions=known,
            economies=economies,
            limits=Limits(quotient, dominance),
        )
        scores, notes = results.scores, results.notes
        delivered = {"flags": figures.flags, "ledger": figures.ledger}
        saved: Path | None = save_results(results, out, str(read.attrs["file"]), delivered)
    else:
        scores = star_scores(read, industry.value, method.value, level=chosen, groups=groups)
        notes = scores.attrs["notes"]
        saved = save_table(scores, out) if out else None
    for note in notes:
        _talk.say(str(note))
    if saved is None:
        _show(scores, Format.json if json else Format.csv)
    elif json:
        _print_json({"stars": saved, "rows": len(scores)})
    else:
        _print(str(saved))


def _published(nuts: int, out: Path | None, json: bool) -> None:
    """Show or write the tiers that the Panorama 2020 published."""
    from observatory.published_files import save_published
    from observatory.stars import published_tiers

    try:
        tiers = published_tiers(nuts)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--nuts") from None
    for note in tiers.attrs["notes"]:
        _talk.say(str(note))
    if out is None:
        _show(tiers, Format.json if json else Format.csv)
    elif json:
        _print_json({"stars": save_published(out, nuts), "rows": len(tiers)})
    else:
        _print(str(save_published(out, nuts)))


@app.command()
def profile(
    run: RunPath,
    region: Annotated[str, typer.Argument(metavar="REGION", help="a NUTS2 region or third country, by code or name")],
    period: Annotated[str | None, typer.Option("--period", help="for example 2007-2014")] = None,
    format: Annotated[Format, typer.Option("--format", help="how to print")] = Format.table,
    json: Json = False,
) -> None:
    """Say what a region is strong in, linked to and lacking, and who its partners could be."""
    from observatory.regions import UnknownRegionError, region_profile
    from observatory.store import open_run

    try:
        found = region_profile(open_run(run), region, period)
    except UnknownRegionError as error:
        raise typer.BadParameter(str(error), param_hint="REGION") from None
    form = Format.json if json else format
    if form is Format.json:
        _print_json(found.to_dict())
    elif form is Format.csv:
        _show(found.to_frame(), form)
    else:
        _print(repr(found))


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
    from observatory.store import open_run
    from observatory.why import events_behind

    _show(events_behind(open_run(run), a, b, period), Format.json if json else format)


def _run(study: Path, out: Path, engine: str, memory: str | None, json: bool, quiet: bool) -> None:
    from observatory.engines import engine_named
    from observatory.run import run_study
    from observatory.study import open_study

    _talk.quiet = quiet
    chosen = engine_named(engine, memory)
    try:
        done = run_study(open_study(study), out, chosen, _talk.progress)
    finally:
        chosen.close()
    _talk.clear()
    _name_results(done, json)
    unmet = [gate for gate in done.manifest["gates"] if not gate["met"]]
    for gate in unmet:
        _talk.say(f"gate not met: {gate['gate']} is {gate['value']}, the study asks for {gate['limit']}")
    if unmet:
        raise typer.Exit(GATE)


def _name_results(done: Run, json: bool) -> None:
    report, found = done.folder / "report" / "index.html", done.folder / "spaces.json"
    if json:
        _print_json(
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
        _print(f"report  {report}\nspaces  {found}")


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


def _print_json(data: Any) -> None:
    import json

    from observatory.store import plain

    _print(json.dumps(plain(data), ensure_ascii=False, indent=1, sort_keys=True))


def _show(table: Any, form: Format) -> None:
    from observatory.listing import as_text

    _talk.clear()
    if form is Format.json:
        _print_json(table.astype(object).where(table.notna(), None).to_dict("records"))
    elif form is Format.csv:
        sys.stdout.write(table.to_csv(index=False, lineterminator="\n"))
    else:
        terminal = sys.stdout.isatty()
        _print(as_text(table, terminal, shutil.get_terminal_size().columns if terminal else None))


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and leave with the exit code that says what happened.

    0 fine; 1 our fault; 2 usage; 3 bad input; 4 a gate of the study is not met; 6 an extra is missing;
    130 interrupted.
    """
    code = _code(arguments)
    if arguments is None:
        sys.exit(code)
    return code


def _code(arguments: list[str] | None) -> int:
    _talk.quiet = False
    try:
        result = app(args=arguments, standalone_mode=False, prog_name="linkages")
        sys.stdout.flush()
        if result == INTERRUPTED:
            return _interrupted()
        return result if isinstance(result, int) else FINE
    except KeyboardInterrupt:
        return _interrupted()
    except (BrokenPipeError, SystemExit):  # whoever read our output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except Exception as error:
        return _explained(error)


def _interrupted() -> int:
    _talk.say("interrupted; nothing was changed")
    return INTERRUPTED


def _explained(error: Exception) -> int:
    """Say what is wrong, never with a traceback."""
    from ingest.faults import BadInput
    from ingest.spark_session import first_line, from_spark
    from observatory.engines import MissingExtraError

    if isinstance(error, BadInput):
        for fault in error.faults:
            _talk.say(str(fault))
        number = len(error.faults)
        _talk.say(f"{number} fault{'s' if number != 1 else ''}; nothing was written")
        return BAD_INPUT
    if isinstance(error, MissingExtraError):
        _talk.say(str(error))
        return EXTRA
    if hasattr(error, "exit_code") and hasattr(error, "show"):
        error.show()
        return int(error.exit_code)
    # DuckDB tells of an interruption with an exception of its own.
    if type(error).__name__ in ("Abort", "InterruptException"):
        return _interrupted()
    if from_spark(error):
        _talk.say(f"Spark failed: {first_line(error)}")
        _talk.say("Nothing was written. Spark's own log says more; run the study again, or with --engine duckdb.")
        return OUR_FAULT
    _talk.say(f"linkages failed: {type(error).__name__}: {error}")
    _talk.say("This is our fault, not yours. Please report it with the command that you gave.")
    return OUR_FAULT


if __name__ == "__main__":
    main()
