"""A small study of invented deals, alliances and patents, and one run of it that most tests read."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from observatory.run import run_study
from observatory.stages import counting, profiling
from observatory.store import Run, open_run, write_json, write_parquet
from observatory.study import open_study
from observatory.why import records_of

#: Two spaces: the sectors of each are linked to one another eight times in ten.
SPACES = (
    ("325411", "311111", "339112", "621111", "541714"),
    ("334111", "335110", "336111", "333111", "332111"),
)
CITIES = (
    ("Munich", "Germany"),
    ("Paris", "France"),
    ("Milan", "Italy"),
    ("Vienna", "Austria"),
    ("Stockholm", "Sweden"),
    ("Boston", "United States"),
)
#: Names that a program could take for a formula or for markup.
NAMES = ("=cmd()", "<script>alert(1)</script>", "[bold]Acme[/bold]", "Beta & Söhne", "Gamma, Inc.")

STUDY = """\
title = "Small <b>study</b>"

[sources.deals]
format = "table"
files = ["inbox/deals.csv"]
kind = "deal"
scheme = "naics"
columns = { event = "id", acquirer_symbol = "buys", target_symbol = "sold" }

[sources.alliances]
format = "table"
files = ["inbox/alliances*.csv"]
kind = "alliance"
scheme = "naics"

[sources.patents]
format = "table"
files = ["inbox/patents.csv"]
kind = "copatent"
scheme = "naics"

[sources.ma]
format = "thomson"
files = ["inbox/thomson.csv"]

[communities]
trials = 5
restarts = 2
bootstrap = 4

[stars]
table = "inbox/stars.csv"
"""
_THOMSON = (
    "Date Announced,Target Name,Target Nation,Target City,Target Primary NAIC Code,Acquiror Name,"
    "Acquiror Nation,Acquiror City,Acquiror Primary NAIC Code,Status,Deal Number"
)


def _two_sectors(dice: random.Random) -> tuple[str, str]:
    own, other = dice.sample(SPACES, 2)
    first = dice.choice(own)
    pool = own if dice.random() < 0.8 else other
    return first, dice.choice([sector for sector in pool if sector != first])


def _quoted(*cells: object) -> str:
    return ",".join('"' + str(cell).replace('"', '""') + '"' for cell in cells)


def _deals(dice: random.Random) -> list[str]:
    sides = [f"{side}_{what}" for side in ("acquirer", "target") for what in ("name", "city", "country")]
    rows = [",".join(["id", "year", "buys", "sold", *sides])]
    for number in range(60):
        places = [dice.choice(CITIES) for _ in range(2)]
        people = [cell for place in places for cell in (dice.choice(NAMES), *place)]
        rows.append(_quoted(f"d{number}", dice.randint(2000, 2014), *_two_sectors(dice), *people))
    rows.append(_quoted("d99", 3201, "325411", "334111", "Late", "Paris", "France", "Later", "Paris", "France"))
    return rows


def _parties(dice: random.Random, letter: str, number: int) -> list[str]:
    rows = ["event,year,name,city,country,symbol"]
    for event in range(number):
        year = dice.randint(2000, 2014)
        for place, sector in enumerate(_two_sectors(dice)):
            name = f"{dice.choice(NAMES)} {place}"
            rows.append(_quoted(f"{letter}{event}", year, name, *dice.choice(CITIES), sector))
    return rows


def _thomson(dice: random.Random) -> list[str]:
    rows = [_THOMSON]
    for number in range(30):
        (one, there), (two, here) = dice.choice(CITIES), dice.choice(CITIES)
        bought, buyer = _two_sectors(dice)
        day = f"03/0{number % 9 + 1}/{dice.randint(2000, 2014)}"
        rows.append(
            _quoted(day, dice.choice(NAMES), there, one, bought, "Buyer", here, two, buyer, "Completed", number)
        )
    return rows


def _stars() -> list[str]:
    regions = {"DE21": 9, "FR10": 8, "ITC4": 5, "AT13": 3, "SE11": 2}
    industries = {"Biopharmaceuticals": 3, "Automotive": 7, "Food Processing and Manufacturing": 2}
    rows = ["region,industry,year,employment,wages,firms"]
    for region, size in regions.items():
        for industry, weight in industries.items():
            for year in (2012, 2013, 2014):
                rows.append(f"{region},{industry},{year},{size * weight * 100},{size * weight * 4_000_000},{size * 3}")
    return rows


def write_small(folder: Path) -> Path:
    """Write the small study into a folder."""
    dice = random.Random(5)
    files = {
        "deals": _deals(dice),
        "alliances": _parties(dice, "a", 60),
        "patents": _parties(dice, "p", 60),
        "thomson": _thomson(dice),
        "stars": _stars(),
    }
    (folder / "inbox").mkdir(parents=True)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    for name, rows in files.items():
        (folder / "inbox" / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def small_study(shared: Callable[..., Path]) -> Path:
    """The folder of the small study; read it, do not write into it."""
    return shared("small-study", lambda folder: write_small(folder / "study")) / "study"


@pytest.fixture
def command(capsys):
    """Return a function that runs a command in this process: exit code, stdout, stderr."""

    from observatory.cli import main

    def call(*arguments):
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return call


@pytest.fixture
def own_study(tmp_path: Path) -> Path:
    """A small study of the test's own, to be changed."""
    return write_small(tmp_path / "study")


@pytest.fixture(scope="session")
def small_run(small_study: Path, shared: Callable[..., Path]) -> Run:
    """The run folder of the small study; read it, do not write into it."""

    def fill(folder: Path) -> None:
        said: list[str] = []
        run_study(open_study(small_study), folder / "run", say=said.append)
        (folder / "said.json").write_text(json.dumps(said), encoding="utf-8")

    return open_run(shared("small-run", fill) / "run")


@pytest.fixture(scope="session")
def said(small_run: Run) -> list[str]:
    """What the run of the small study said, line by line."""
    lines: list[str] = json.loads((small_run.folder.parent / "said.json").read_text(encoding="utf-8"))
    return lines


@pytest.fixture
def spoilt(own_study: Path) -> Callable[..., Path]:
    """Return a function that replaces text in a file of an own small study and gives the study's folder."""

    def spoil(file: str, *changes: tuple[str, str]) -> Path:
        path = own_study / file
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, f"{old!r} is not in {file}"
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
        return own_study

    return spoil


@pytest.fixture(scope="session")
def other_run(small_study: Path, shared: Callable[..., Path]) -> Run:
    """The small study otherwise: another shared year, groups, gates, published tiers; no resampling, no report."""
    return open_run(shared("other-run", lambda folder: _run_otherwise(small_study, folder)) / "run")


def _run_otherwise(small_study: Path, folder: Path) -> None:
    text = (small_study / "study.toml").read_text(encoding="utf-8")
    text = text.replace("bootstrap = 4", "bootstrap = 0").replace('table = "inbox/stars.csv"', "")
    text = text.replace("inbox/", f"{small_study.as_posix()}/inbox/")
    groups = '[groups.regions]\nAlps = ["DE2", "AT1"]\n[groups.sectors]\nLife = ["325", "621"]\n'
    gates = "[gates]\nused = 1.0\nplaced = 1.0\nstability = 0.5\n"
    (folder / "study.toml").write_text(f'shared_year = "first"\n{text}{groups}{gates}', encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("observatory.report.write_report", lambda *_: None, raising=False)
        run_study(open_study(folder), folder / "run")


@pytest.fixture(scope="session")
def profiled_run(small_run: Run, small_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The run of the small study with basic clusters taken for strong, so that regions lack something."""
    folder = shutil.copytree(small_run.folder, tmp_path_factory.mktemp("profiled") / "run")
    settings = open_study(small_study).settings
    settings = msgspec.structs.replace(settings, stars=msgspec.structs.replace(settings.stars, strong="basic"))
    run = open_run(folder)
    done = profiling.profiles(
        counting.count_records(records_of(run), settings),
        run.spaces,
        run.table("stars.parquet"),
        {"method": "panorama"},
    )
    for name, table in done.tables.items():
        write_parquet(folder / f"{name}.parquet", table)
    write_json(folder / "profiles" / "about.json", done.about)
    return run


@pytest.fixture(scope="session")
def same_run() -> Callable[[Path, Path], None]:
    """Compares two run folders byte by byte; engine and time stamps may differ."""

    def bytes_of(run: Path) -> dict[str, bytes]:
        files = sorted(path for path in run.rglob("*") if path.is_file() and path.name != "manifest.json")
        return {path.relative_to(run).as_posix(): path.read_bytes() for path in files}

    def manifest(run: Path) -> dict[str, Any]:
        held = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
        return {key: value for key, value in held.items() if key not in ("engine", "time_stamps")}

    def compare(ours: Path, theirs: Path) -> None:
        expected, found = bytes_of(ours), bytes_of(theirs)
        assert list(found) == list(expected)
        assert [name for name in expected if found[name] != expected[name]] == []
        assert manifest(theirs) == manifest(ours)

    return compare
