"""The benchmark of networks runs, and every way of counting gives the same links."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

ROOT = Path(__file__).parent.parent
SCALE = 0.0003


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """The benchmark, imported beside the packages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        return import_module("benchmarks.networks")


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        return import_module("benchmarks.generator")


@pytest.fixture(scope="module")
def files(generator: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("generated")
    generator.generate(folder, SCALE)
    return folder


def test_the_same_seed_gives_the_same_files(generator: ModuleType, files: Path, tmp_path: Path) -> None:
    rows = generator.generate(tmp_path / "again", SCALE)
    assert rows["tls201"] == 990 and rows["deals"] == 260
    assert 2.4 < rows["tls207"] / rows["tls201"] < 3.1 and 2.4 < rows["tls209"] / rows["tls201"] < 3.1
    names = sorted(path.relative_to(files) for path in files.rglob("*.csv"))
    assert len(names) == 8
    assert all((files / name).read_bytes() == (tmp_path / "again" / name).read_bytes() for name in names)
    generator.generate(tmp_path / "other", SCALE, seed=2)
    one, other = (folder / "patstat" / "tls209_part01.csv" for folder in (files, tmp_path / "other"))
    assert one.read_bytes() != other.read_bytes()


def test_tables_come_in_parts(generator: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator, "PART", 100)
    rows = generator.generate(tmp_path, 0.0001)
    parts = sorted((tmp_path / "patstat").glob("tls201_part*.csv"))
    numbers = pd.concat([pd.read_csv(part) for part in parts])["appln_id"]
    assert len(parts) == 4 and len(numbers) == numbers.nunique() == rows["tls201"] == 330


def test_it_runs_as_the_command_that_is_documented(tmp_path: Path) -> None:
    # Python looks beside a script first: no benchmark may stand there before a package of the same name.
    options = ["--scale", str(SCALE), "--repeat", "1", "--ways", "sql", "--files", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "benchmarks/networks.py", *options], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "tls201': 990" in done.stdout
    assert "| sql |" in done.stdout


def test_every_way_gives_the_same_links(bench: ModuleType, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = bench.beside(files, ["ours", "pandas", "sql", "loops"], 1)
    assert set(found) == {"ours", "pandas", "sql", "loops"}
    assert all(one["wall"] > 0 and one["cpu"] > 0 and one["memory"] > 0 for one in found.values())
    bench.table(list(bench.compared(SCALE, found)))
    bench.table([bench.stages(SCALE, found["ours"])])
    assert "| 0.0003 | ours |" in capsys.readouterr().out


def test_a_limit_of_memory_changes_no_link(bench: ModuleType, files: Path, tmp_path: Path) -> None:
    free, limited = tmp_path / "free.parquet", tmp_path / "limited.parquet"
    bench.run("sql", files, free)
    told = bench.run("ours", files, limited, "1GB", ["--all"])
    assert {"change", "joint", "concentration"} < set(told)
    assert bench.same(free, limited) > 100


def test_links_that_differ_are_named(bench: ModuleType, tmp_path: Path) -> None:
    links = pd.DataFrame({"network": "n", "source": ["a", "a"], "target": ["b", "c"], "events": [1, 2]})
    links.to_parquet(tmp_path / "one.parquet")
    links.assign(events=[1, 3]).to_parquet(tmp_path / "other.parquet")
    with pytest.raises(ValueError, match="differ in 1 links"):
        bench.same(tmp_path / "one.parquet", tmp_path / "other.parquet")


def test_a_way_that_fails_says_why(bench: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"pandas on .*sectors\.csv"):
        bench.run("pandas", tmp_path, tmp_path / "out.parquet")
