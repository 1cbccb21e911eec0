"""The command, and the folder that it writes."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from ingest.faults import BadInput
from observatory.cli import main
from observatory.export import FORMATS, Content, chosen, export
from observatory.export.folder import _write
from observatory.material import Material
from observatory.store import kind_of, open_run

FEW = ["--network", "sector__all", "--period", "2007-2014"]


def digests(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def run(small_run, tmp_path):
    return shutil.copytree(small_run.folder, tmp_path / "study-run")


def test_an_export_lies_beside_its_run_a_folder_a_format(run, capsys):
    assert main(["export", str(run), "--to", "gexf,pajek", *FEW, "--quiet"]) == 0
    out = run.with_name("study-run-export")
    assert sorted(digests(out)) == [
        "gexf/sector__all__2007-2014.gexf",
        "manifest.json",
        "pajek/sector__all__2007-2014.clu",
        "pajek/sector__all__2007-2014.net",
        "pajek/sector__all__2007-2014.vec",
    ]
    assert capsys.readouterr().out == f"{out / 'gexf'}  1 file\n{out / 'pajek'}  3 files\n"
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert {row["path"]: row["sha256"] for row in manifest["files"]} == {
        name: digest for name, digest in digests(out).items() if name != "manifest.json"
    }
    assert kind_of(out) == "export"


def test_the_same_run_gives_the_same_folder_and_keeps_its_other_formats(run, tmp_path):
    for out in ("one", "two"):
        assert main(["export", str(run), "--to", "vosviewer", "--out", str(tmp_path / out), "--quiet"]) == 0
        assert main(["export", str(run), "--to", "csv", "--to", "stata", "--out", str(tmp_path / out), "-q"]) == 0
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert {name.partition("/")[0] for name in digests(tmp_path / "one")} == {
        "vosviewer",
        "csv",
        "stata",
        "manifest.json",
    }


def test_an_export_of_another_run_keeps_nothing(run, tmp_path):
    assert main(["export", str(run), "--to", "pajek", *FEW, "--out", str(tmp_path / "out"), "-q"]) == 0
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    manifest["outputs"][0]["sha256"] = "0" * 64
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert main(["export", str(run), "--to", "graphml", *FEW, "--out", str(tmp_path / "out"), "-q"]) == 0
    assert {name.partition("/")[0] for name in digests(tmp_path / "out")} == {"graphml", "manifest.json"}


def test_json_lists_the_files(run, capsys):
    assert main(["export", str(run), "--to", "infomap", *FEW, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [name.rpartition(".")[2] for name in told["files"]] == ["tree", "ftree", "clu"]


@pytest.mark.parametrize("to", ["gephi", "gexf,gephi", ","])
def test_an_unknown_format_names_those_that_there_are(run, to, capsys):
    assert main(["export", str(run), "--to", to]) == 2
    said = " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert all(name in said for name in FORMATS)
    assert not run.with_name("study-run-export").exists()


def test_a_network_that_is_not_there_is_named_with_those_that_are(run, capsys):
    assert main(["export", str(run), "--to", "csv", "--network", "sector__licences"]) == 3
    assert "sector__all__2007-2014" in capsys.readouterr().err
    assert main(["export", str(run), "--to", "csv", "--period", "1990-1999"]) == 3


def test_nothing_of_anothers_is_overwritten(run, tmp_path, capsys):
    own = tmp_path / "mine"
    own.mkdir()
    (own / "thesis.txt").write_text("years of work", encoding="utf-8")
    assert main(["export", str(run), "--to", "csv", "--out", str(own)]) == 3
    assert (own / "thesis.txt").read_text(encoding="utf-8") == "years of work"
    before = digests(run)
    for out in (run, run / "export", run.parent):
        assert main(["export", str(run), "--to", "csv", "--out", str(out)]) == 3
    assert digests(run) == before
    assert "outside the run folder" in capsys.readouterr().err


def test_a_failing_format_leaves_the_export_of_before(run, tmp_path, monkeypatch):
    out = tmp_path / "out"
    content = Content(Material(open_run(run), None), ("sector__all__2007-2014",))
    export(content, ["pajek"], out)
    before = digests(out)
    monkeypatch.setattr("observatory.export.folder.files", lambda *_: iter([("a.txt", b"a"), 1 / 0]))
    with pytest.raises(ZeroDivisionError):
        export(content, ["csv"], out)
    assert digests(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "study-run"]


def test_ro_crate_is_put_beside_the_manifest_and_nothing_else_is_touched(run):
    before = digests(run)
    assert main(["export", str(run), "--to", "ro-crate", "-q"]) == 0
    first = digests(run)
    assert {*first} - {*before} == {"ro-crate-metadata.json"} and first.items() >= before.items()
    assert main(["export", str(run), "--to", "ro-crate", "-q"]) == 0
    assert digests(run) == first
    assert not run.with_name("study-run-export").exists()


def test_another_makers_crate_is_left_alone(run, capsys):
    (run / "ro-crate-metadata.json").write_text('{"@graph": []}', encoding="utf-8")
    assert main(["export", str(run), "--to", "ro-crate"]) == 3
    assert (run / "ro-crate-metadata.json").read_text(encoding="utf-8") == '{"@graph": []}'
    assert "move it elsewhere" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/passwd", "a/b.txt", ".."])
def test_no_file_can_leave_its_folder(name, tmp_path):
    with pytest.raises(RuntimeError, match="outside"):
        _write(tmp_path / "new", "csv", name, b"x")
    assert not list(tmp_path.rglob("*.txt"))


def test_what_is_not_a_run_is_told(tmp_path, capsys):
    assert main(["export", str(tmp_path), "--to", "csv"]) == 3
    assert "manifest.json" in capsys.readouterr().err


def test_borders_of_the_users_own(run, tmp_path):
    square = [[[0.0, 50.0], [0.0, 51.0], [1.0, 51.0], [1.0, 50.0], [0.0, 50.0]]]
    feature = {
        "type": "Feature",
        "properties": {"NUTS_ID": "DE21"},
        "geometry": {"type": "Polygon", "coordinates": square},
    }
    borders = tmp_path / "own.geojson"
    borders.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    out = tmp_path / "out"
    command = ["export", str(run), "--to", "geojson", "--network", "region__all", "--out", str(out), "-q"]
    assert main([*command, "--borders", str(borders)]) == 0
    read = json.loads((out / "geojson" / "region__all__2007-2014.geojson").read_text(encoding="utf-8"))
    drawn = {one["properties"]["node"]: one["geometry"] for one in read["features"] if one["geometry"]}
    assert drawn == {"DE21": {"type": "MultiPolygon", "coordinates": [[ring[::-1] for ring in square]]}}
    assert "own.geojson" in read["licence"]
    assert main([*command, "--borders", str(tmp_path / "none.geojson")]) == 3


def test_export_from_python(small_run, tmp_path):
    material = Material(small_run, None)
    paths = export(Content(material, chosen(material, "research")), ["graphml"], tmp_path / "out")
    assert paths == [tmp_path / "out" / "graphml" / "sector__research__2002-2012.graphml"]
    with pytest.raises(BadInput):
        chosen(material, "nothing")


def test_every_format_and_option_is_in_the_documentation():
    told = (Path(__file__).parents[3] / "docs" / "exports.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in told for name in FORMATS)
    assert all(option in told for option in ("--to", "--out", "--network", "--period", "--borders", "--json"))


def test_borders_that_the_study_names_are_looked_for_beside_the_run(run, tmp_path, capsys):
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    manifest["settings"]["nuts_shapes"] = "own.geojson"
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    command = ["export", str(run), "--to", "geojson", "--network", "region__all", "-q"]
    assert main(command) == 0
    assert "own.geojson" in capsys.readouterr().err
    square = [[[0.0, 50.0], [0.0, 51.0], [1.0, 51.0], [1.0, 50.0], [0.0, 50.0]]]
    feature = {
        "type": "Feature",
        "id": "DE21",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": square},
    }
    (tmp_path / "own.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert main(command) == 0
    read = json.loads((run.with_name("study-run-export") / "geojson" / "region__all__2007-2014.geojson").read_bytes())
    assert "Borders: own.geojson." in read["licence"]
