"""The site: the same resources as plain files, the same bytes each time, nothing of anybody's overwritten."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from ingest.faults import BadInput
from observatory.explorer.pagefiles import page_files
from observatory.explorer.site import RECORDS, write_site
from observatory.explorer.tree import FAMILIES, Tree
from observatory.material import Material
from observatory.store import Run, kind_of, open_run


@pytest.fixture(scope="module")
def site(small_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the small run."""
    return write_site(small_run, tmp_path_factory.mktemp("sites") / "site", heaviest=5).parent


def digests(folder: Path) -> dict[str, str]:
    """Digest of every file by its path."""
    return {
        one.relative_to(folder).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest()
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    }


def test_a_site_holds_the_resources_of_the_server(site: Path, small_run: Run) -> None:
    tree = Tree(Material(small_run, None))
    for path in ("run", "sectors", "regions/DE21", "networks/sector__all__2007-2014", "figures", "search", "quality"):
        assert (site / "api/v1" / f"{path}.json").read_bytes() == tree.payload(path).json()
    told = pd.read_csv(site / "api/v1/sectors.csv", dtype={"sector": str})
    assert told["sector"].to_list() == tree.payload("sectors").tables["nodes"]["sector"].to_list()
    assert len(pd.read_parquet(site / "api/v1/spaces.parquet")) == len(small_run.spaces)
    region = tree.payload("regions/DE21")
    assert len(region.tables) > 3
    for name in region.tables:
        assert (site / f"api/v1/regions/DE21.{name}.csv").read_bytes() == region.csv(name)
    for family in FAMILIES:
        start = family.pattern.partition("{")[0]
        assert list((site / "api/v1").glob(f"{start}*.json")), family.pattern


def test_each_json_is_a_script_too(site: Path) -> None:
    files = sorted((site / "api/v1").rglob("*.json"))
    assert len(files) > 50
    for file in files:
        if file.name == "openapi.json":
            continue
        path = file.relative_to(site / "api/v1").as_posix().removesuffix(".json")
        name, _, argument = Path(f"{file}.js").read_text(encoding="utf-8").partition(", ")
        assert name == f'linkages.take("{path}"'
        held = json.loads(argument.removesuffix(");\n"))
        if isinstance(held, str):
            held = json.loads(gzip.decompress(base64.b64decode(held)))
        assert held == json.loads(file.read_bytes())
        assert re.fullmatch(r"[A-Za-z0-9_.~/-]+", path)


def test_why_holds_what_its_index_says(site: Path) -> None:
    index = json.loads((site / "api/v1/why/index.json").read_text())
    place = [column["name"] for column in index["links"]["columns"]].index("path")
    listed = {row[place] for row in index["links"]["rows"]}
    held = {f"why/{f.parent.name}/{f.stem}" for f in (site / "api/v1/why").glob("*/*.json")}
    assert listed == held and index["heaviest"] == 5


def test_the_page_is_whole(site: Path) -> None:
    for name, body in page_files().items():
        assert (site / name).read_bytes() == body
    assert kind_of(site) == "site"


def test_a_site_has_the_run_s_files_but_not_who_took_part(site: Path, small_run: Run) -> None:
    files = json.loads((site / "api/v1/downloads.json").read_text())["files"]
    names = [column["name"] for column in files["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in files["rows"]]
    assert {row["file"] for row in rows} > {"spaces.json", "manifest.json", "records/events.parquet"}
    for row in rows:
        assert (row["path"] is None) == row["file"].startswith(RECORDS)
        if row["path"]:
            assert (site / row["path"]).read_bytes() == (small_run.folder / row["file"]).read_bytes()
    assert not (site / "files/records").exists()


def test_the_same_run_gives_the_same_bytes(site: Path, small_run: Run, tmp_path: Path) -> None:
    again = write_site(open_run(small_run.folder), tmp_path / "site", heaviest=5).parent
    assert digests(again) == digests(site)


def test_a_site_replaces_a_site_and_nothing_else(site: Path, small_run: Run, tmp_path: Path) -> None:
    own = tmp_path / "thesis"
    own.mkdir()
    (own / "chapter.txt").write_text("mine")
    with pytest.raises(BadInput, match="site"):
        write_site(small_run, own)
    assert [one.name for one in own.iterdir()] == ["chapter.txt"]
    with pytest.raises(BadInput):
        write_site(small_run, small_run.folder)
    copy = shutil.copytree(site, tmp_path / "site")
    (copy / "old.html").write_text("of an earlier site")
    write_site(small_run, copy, heaviest=0, records=True)
    assert not (copy / "old.html").exists()
    assert (copy / "files/records/events.parquet").is_file()
    assert [one.name for one in (copy / "api/v1/why").iterdir() if one.is_dir()] == []
    assert sorted(one.name for one in tmp_path.iterdir()) == ["site", "thesis"]
