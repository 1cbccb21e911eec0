"""Small records written by hand, for the tests of every package."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from filelock import FileLock

from ingest.engine import DuckDB
from ingest.faults import MissingExtraError
from ingest.records import RECORD_SCHEMA, Records, typed

#: event, kind, year, facets [(role, naics)], participants [(role, region)]
Event = tuple[str, str, int, Sequence[tuple[str, str]], Sequence[tuple[str, str]]]


#: A Spark for small tables: its plans are run as they are, not compiled first.
SMALL_SPARK = {
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "2",
}


# Tests run on all cores already; those of several processes ask for them.
os.environ.setdefault("LINKAGES_JOBS", "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: begun last, one process would be left alone with them.

    Nor do two that wait for the same run of a study begin together.
    """
    items.sort(key=lambda item: -sum(mark.kwargs["seconds"] for mark in item.iter_markers("long")))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Return a function that fills a folder once for all processes of the session: runs of a study take a minute."""
    ours = tmp_path_factory.getbasetemp()
    root = ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours

    def folder(name: str, fill: Callable[[Path], object]) -> Path:
        path = root / f"shared-{name}"
        with FileLock(root / f"shared-{name}.lock"):
            if not (path / "filled").exists():
                shutil.rmtree(path, ignore_errors=True)  # of a process that was stopped
                path.mkdir()
                fill(path)
                (path / "filled").touch()
        return path

    return folder


@pytest.fixture(scope="session")
def small_spark() -> dict[str, str]:
    """Settings of a small Spark; skips what needs one where there is none (fails if LINKAGES_SPARK is `required`)."""
    from ingest.spark_session import LOCAL, require

    try:
        require(LOCAL)
    except MissingExtraError as error:
        if os.environ.get("LINKAGES_SPARK") == "required":
            pytest.fail(str(error))
        pytest.skip(str(error))
    return SMALL_SPARK


@pytest.fixture(scope="session")
def spark(small_spark: dict[str, str]) -> Iterator[Any]:
    """A Spark in this process."""
    from ingest.spark import Spark

    engine = Spark("local[2]", settings=small_spark)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def make_records() -> Callable[..., Records]:
    """Return a function that turns a few events into records."""

    def make(
        events: Sequence[Event],
        shares: dict[tuple[str, int], Sequence[tuple[str, float]]] | None = None,
        values: dict[str, tuple[float, str | None]] | None = None,
    ) -> Records:
        engine = DuckDB()
        tables: dict[str, list[dict[str, Any]]] = {"events": [], "participants": [], "facets": []}
        for event, kind, year, facets, people in events:
            tables["events"].append(
                {
                    "event": event,
                    "source": "hand",
                    "kind": kind,
                    "date": None,
                    "year": year,
                    "value": (values or {}).get(event, (None, None))[0],
                    "currency": (values or {}).get(event, (None, None))[1],
                    "file": "hand.csv",
                    "row": event,
                }
            )
            for number, (role, region) in enumerate(people):
                tables["participants"].append(
                    {
                        "event": event,
                        "participant": str(number),
                        "role": role,
                        "name": f"firm {number}",
                        "place": "",
                        "country": region[:2],
                        "region": region,
                        "nuts3": None,
                        "placed_by": "city",
                        "share": 1.0 / len(people),
                    }
                )
            for number, (role, naics) in enumerate(facets):
                codes = (shares or {}).get((event, number), [(naics, 1.0)])
                tables["facets"] += [
                    {
                        "event": event,
                        "facet": str(number),
                        "participant": str(number),
                        "role": role,
                        "scheme": "naics",
                        "symbol": code,
                        "naics": code,
                        "share": share,
                    }
                    for code, share in codes
                ]
        frames = {}
        for name, rows in tables.items():
            schema = RECORD_SCHEMA[name]
            data = pd.DataFrame(rows, columns=list(schema)).astype(object)
            frames[name] = engine.keep(typed(engine.table(data.where(data.notna(), None)), schema))
        empty = pd.DataFrame()
        ledger = pd.DataFrame(
            {
                "source": ["hand"] * 2,
                "reason": ["read", "used"],
                "rows": [len(events)] * 2,
                "weight": [float(len(events))] * 2,
            }
        )
        return Records(
            **frames,
            ledger=ledger,
            rejects=empty,
            unmatched=empty,
            inputs=empty,
            versions={"naics": 2017, "nuts": 2013},
            engine=engine,
        )

    return make


@pytest.fixture(scope="session")
def five_events(make_records: Callable[..., Records]) -> Records:
    """Five events that are counted by hand in the tests of linkages."""
    return make_records(
        [
            # three classes in two sectors: pairs 325-325, 325-334, 325-334
            (
                "p1",
                "copatent",
                2001,
                [("class", "325411"), ("class", "325412"), ("class", "334111")],
                [("inventor", "DE21"), ("inventor", "ITC4")],
            ),
            # one class: within 336
            ("p2", "copatent", 2007, [("class", "336111")], [("inventor", "DE21")]),
            # acquirer 325 → target 334, in DE21 and FR10
            (
                "d1",
                "deal",
                2003,
                [("acquirer", "325411"), ("target", "334111")],
                [("acquirer", "DE21"), ("target", "FR10")],
            ),
            # the same sector: not cross-sectoral
            (
                "d2",
                "deal",
                2003,
                [("acquirer", "325411"), ("target", "325199")],
                [("acquirer", "DE21"), ("target", "AT13")],
            ),
            # three partners in three sectors
            (
                "a1",
                "alliance",
                2010,
                [("partner", "325411"), ("partner", "334111"), ("partner", "336111")],
                [("partner", "DE21"), ("partner", "DE21"), ("partner", "ITC4")],
            ),
        ]
    )
