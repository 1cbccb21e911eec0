"""PATSTAT's tables in a real PostgreSQL: a private server, started for these tests and stopped after them."""

from __future__ import annotations

import builtins
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ingest
from ingest import patstat, postgres
from ingest.engine import DuckDB, collect
from ingest.faults import BadInput, MissingExtraError
from ingest.records import SOURCE_SCHEMA, SourceRows

pytestmark = pytest.mark.postgres
PASSWORD = "to be kept to itself"
#: The types that EPO's own scripts give the columns.
TABLES = {
    "tls201_appln": "appln_id int, appln_auth char(2), appln_filing_year smallint, appln_filing_date date, "
    "docdb_family_id int, appln_title text",
    "tls206_person": "person_id int, person_ctry_code char(2), nuts varchar(5), person_address varchar(1000)",
    "tls207_pers_appln": "person_id int, appln_id int, applt_seq_nr smallint, invt_seq_nr smallint",
    "tls209_appln_ipc": "appln_id int, ipc_class_symbol varchar(15)",
    "tls224_appln_cpc": "appln_id int, cpc_class_symbol varchar(19)",
    "tls902_ipc_nace2": "ipc varchar(8), nace2_code varchar(5), nace2_weight smallint",
}
ROWS = {
    "tls201_appln": "1,EP,2003,2003-05-01,9,first\n2,EP,2004,2004-01-01,9,later\n3,US,2003,2003-01-01,0,elsewhere\n"
    "4,EP,9999,9999-12-31,8,\"no year, a comma\"\n5,EP,2005,2005-02-03,7,\n1,EP,2003,2003-05-01,9,first\n",
    "tls206_person": "7,DE,DE212,\n8,FR,,\"3 rue X, 69001 Lyon (FR)\"\n9,UK,,\"a\nb\"\n10,IT,ITC4,\n",
    "tls207_pers_appln": "7,1,0,1\n8,1,1,2\n7,2,0,1\n9,5,0,1\n10,5,1,0\n7,3,0,1\n",
    "tls209_appln_ipc": "1,A61K  31/00\n1,H04L  12/28\n2,A61K  31/00\n5,B60K   6/20\n99,A61K  31/00\n",
    "tls224_appln_cpc": "1,A61K31/00\n",
    "tls902_ipc_nace2": "A61K,21,1\nB60K,29.1,1\n",
}  # fmt: skip


def program(name: str) -> str:
    """Find a program of PostgreSQL; Debian keeps those of the server off the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        absent(f"no {name}: install PostgreSQL (Debian: apt-get install postgresql)")
    return found


def absent(why: str) -> Any:
    if os.environ.get("LINKAGES_POSTGRES") == "required":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """A server of our own: a socket in its folder lets everybody in, TCP asks for a password."""
    try:
        import adbc_driver_postgresql  # noqa: F401
    except ImportError:
        absent("the extra `postgres` is not installed: pip install 'linkages[postgres]'")
    folder = Path(tempfile.mkdtemp(prefix="linkages-pg-"))
    # The server refuses to run as root.
    who = {"user": "nobody"} if os.geteuid() == 0 else {}
    if who:
        shutil.chown(folder, "nobody")

    def run(name: str, *arguments: str) -> None:
        done = subprocess.run(
            [program(name), *arguments], cwd=folder, capture_output=True, text=True, check=False, **who
        )
        assert done.returncode == 0, done.stdout + done.stderr

    try:
        run("initdb", "-D", str(folder / "data"), "-U", "ana", "-E", "UTF8", "--no-locale", "--no-sync", "-A", "trust")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (folder / "data" / "pg_hba.conf").write_text("local all all trust\nhost all all all scram-sha-256\n")
        with (folder / "data" / "postgresql.conf").open("a") as conf:
            conf.write(f"port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{folder}'\n")
            conf.write("fsync = off\n")
        run("pg_ctl", "-D", str(folder / "data"), "-w", "-l", str(folder / "log"), "start")
        try:
            (folder / "port").write_text(str(port))
            yield folder
        finally:
            run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def execute(address: str, *statements: str) -> None:
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(address, autocommit=True) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture(scope="module")
def address(server: Path) -> str:
    """The database with the tables in it, by way of the socket."""
    found = f"postgresql:///postgres?host={server}&port={(server / 'port').read_text()}&user=ana"
    for name, columns in TABLES.items():
        (server / f"{name}.csv").write_text(ROWS[name])
        (server / f"{name}.csv").chmod(0o644)
        execute(found, f"CREATE TABLE {name} ({columns})", f"COPY {name} FROM '{server / name}.csv' (FORMAT csv)")
    execute(found, f"ALTER USER ana PASSWORD '{PASSWORD}'", "CREATE TABLE tls201_appln_notes (remark text)")
    return found


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """The same tables as files."""
    for name, columns in TABLES.items():
        headings = ",".join(column.split()[0] for column in columns.split(", "))
        (tmp_path / f"{name}.csv").write_text(f"{headings}\n{ROWS[name]}")
    return [tmp_path / f"{name}.csv" for name in TABLES if name != "tls224_appln_cpc"]


def told(found: SourceRows) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, whichever file and line it stands in."""
    tables = {}
    for name, schema in SOURCE_SCHEMA.items():
        columns = [column for column in schema if column not in ("file", "line")]
        tables[name] = sorted(getattr(found, name).select(*columns).collect("pyarrow").rows(), key=repr)
    return tables


@pytest.mark.parametrize("of", ["inventors", "applicants"])
def test_the_same_rows_as_from_files(address: str, files: list[Path], of: str) -> None:
    engine = DuckDB()
    there = patstat.read(engine, [], options={"database": address, "of": of})
    here = patstat.read(engine, files, options={"of": of})
    assert told(there) == told(here)
    assert [len(rows) for rows in told(here).values()] == [23, 1, 2, 3, 3] or of == "applicants"
    assert dict(zip(*(there.inputs[c] for c in ("path", "rows")), strict=True)) == {
        f"postgresql:///postgres/{path.stem}": rows for path, rows in zip(files, [6, 4, 6, 5, 2], strict=True)
    }
    for name in ("ipc_fields", "ipc_nace"):
        left, right = (one.concordances.get(name) for one in (there, here))
        assert (left is None) == (right is None)
        assert left is None or left.equals(right)


def test_records_and_ledger_are_the_same(address: str, files: list[Path]) -> None:
    there = ingest.read("patstat", [], options={"database": address}, name="p")
    here = ingest.read("patstat", files, name="p")
    assert there.ledger.equals(here.ledger)
    for table in ("participants", "facets"):
        order = list(collect(getattr(here, table)).columns)
        one, other = (collect(getattr(records, table)).sort_values(order) for records in (there, here))
        assert one.to_numpy().tolist() == other.to_numpy().tolist()


def test_a_large_table_comes_in_slices(address: str) -> None:
    execute(
        address, "CREATE TABLE big AS SELECT n AS person_id, 'DE' AS person_ctry_code FROM generate_series(1, 500000) n"
    )
    stream = postgres._cells(address, "big", ["person_id", "person_ctry_code"])
    sizes = [(cells.batch.num_rows, int(cells.lines[0]), cells.batch.nbytes) for cells in stream]
    assert sum(rows for rows, *_ in sizes) == 500_000
    assert sizes[-1][1] + sizes[-1][0] == 500_001
    assert len(sizes) > 1 or sizes[0][2] < 1 << 25


@pytest.mark.usefixtures("address")
def test_the_password_comes_from_the_environment_and_is_told_to_nobody(
    server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_tcp = f"postgresql://ana@127.0.0.1:{(server / 'port').read_text()}/postgres"
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGPASSFILE", str(server / "none"))
    with pytest.raises(BadInput, match="password") as caught:
        patstat.read(DuckDB(), [], options={"database": by_tcp})
    assert "ana@" not in str(caught.value)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    found = patstat.read(DuckDB(), [], options={"database": by_tcp})
    assert not [path for path in found.inputs["path"] if "ana" in path or PASSWORD in path]
    with pytest.raises(BadInput, match="without a password") as caught:
        patstat.read(DuckDB(), [], options={"database": by_tcp.replace("ana@", "ana:hush@")})
    assert "hush" not in str(caught.value)


def test_what_is_missing_is_named(address: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="tls229_appln_nace2"):
        patstat.read(DuckDB(), [], options={"database": address, "facets": "nace2"})
    with pytest.raises(BadInput, match="either files or a database"):
        patstat.read(DuckDB(), [tmp_path / "a.csv"], options={"database": address})
    with pytest.raises(BadInput, match="a column for person_ctry_code, such as 'country'"):
        patstat.read(DuckDB(), [], columns={"person_ctry_code": "country"}, options={"database": address})
    nowhere = address.replace("///postgres?", "///nowhere?")
    with pytest.raises(BadInput, match='database "nowhere" does not exist'):
        patstat.read(DuckDB(), [], options={"database": nowhere})
    with pytest.raises(BadInput, match="a PostgreSQL that answers"):
        patstat.read(DuckDB(), [], options={"database": f"postgresql:///x?host={tmp_path}"})


def test_without_the_extra_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *given: Any, **named: Any) -> Any:
        if name.startswith("adbc"):
            raise ImportError(name)
        return real(name, *given, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=r"pip install 'linkages\[postgres\]'") as caught:
        patstat.read(DuckDB(), [], options={"database": "postgresql://ana@host/p"})
    assert "ana" not in str(caught.value)


@pytest.mark.parametrize("wrong", ["patstat", "mysql://host/x", "postgresql", "ana:hush@host", "http://[::1"])
def test_what_is_no_address(wrong: str) -> None:
    with pytest.raises(BadInput, match="an address such as postgresql://") as caught:
        patstat.read(DuckDB(), [], options={"database": wrong})
    assert "hush" not in str(caught.value)


def test_a_study_names_a_database(address: str, tmp_path: Path) -> None:
    from observatory import settings
    from observatory.stages.reading import read_sources
    from observatory.study import open_study

    study = f'title = "x"\nperiods = [[2003, 2004]]\n[sources.p]\nformat = "patstat"\ndatabase = "{address}"\n'
    (tmp_path / "study.toml").write_text(study)
    opened = open_study(tmp_path)
    assert opened.files("p") == []
    assert collect(read_sources(opened, DuckDB(), lambda _: None).events)["event"].to_list() == ["p:1"]
    assert "user=ana" not in str(settings.told(opened.settings))
