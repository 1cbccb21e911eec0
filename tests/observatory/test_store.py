"""The run folder: in place at once or not at all, and read back by name."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.engine import DuckDB
from ingest.faults import BadInput
from observatory import store


def write_run(folder, title="old"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({"title": title, "status": "complete"}), encoding="utf-8")
    (folder / "spaces.json").write_text('{"spaces": []}', encoding="utf-8")


def title_of(folder):
    return store.open_run(folder).manifest["title"]


def test_a_first_run(tmp_path):
    out = tmp_path / "deep" / "run"
    with store.new_run(out) as folder:
        write_run(folder, "new")
        assert not out.exists()
    assert title_of(out) == "new"
    assert list(out.parent.iterdir()) == [out]
    assert out.stat().st_mode & 0o777 == 0o755


def test_a_run_replaces_a_run_and_nothing_of_the_old_remains(tmp_path):
    out = tmp_path / "run"
    write_run(out)
    (out / "extra.csv").touch()
    with store.new_run(out) as folder:
        write_run(folder, "new")
        assert title_of(out) == "old"
    assert title_of(out) == "new"
    assert not (out / "extra.csv").exists()
    assert list(tmp_path.iterdir()) == [out]


def test_an_empty_folder_may_be_taken(tmp_path):
    with store.new_run(tmp_path) as folder:
        write_run(folder)
    assert title_of(tmp_path) == "old"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failure_leaves_the_previous_run_and_no_trace(tmp_path, error):
    out = tmp_path / "run"
    write_run(out)
    with pytest.raises(error), store.new_run(out) as folder:
        write_run(folder, "half")
        raise error
    assert title_of(out) == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_a_failed_rename_puts_the_previous_run_back(tmp_path, monkeypatch):
    out, rename, calls = tmp_path / "run", os.replace, []
    write_run(out)

    def fails_the_second_time(*names):
        calls.append(names)
        if len(calls) == 2:
            raise OSError("the disk went away")
        rename(*names)

    monkeypatch.setattr(store.os, "replace", fails_the_second_time)
    with pytest.raises(OSError, match="the disk went away"), store.new_run(out) as folder:
        write_run(folder, "new")
    assert title_of(out) == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_what_is_not_a_run_is_never_overwritten(tmp_path):
    file, folder = tmp_path / "file", tmp_path / "folder"
    file.write_text("mine", encoding="utf-8")
    folder.mkdir()
    (folder / "thesis.doc").touch()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for out in (file, folder, tmp_path / "dangling"):
        with pytest.raises(BadInput, match="a run folder or a name not taken"), store.new_run(out):
            raise AssertionError("a folder was given")  # pragma: no cover
    assert file.read_text(encoding="utf-8") == "mine"
    assert [path.name for path in folder.iterdir()] == ["thesis.doc"]


def test_a_place_that_cannot_be_written_in(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="a folder to write in"), store.new_run(tmp_path / "file" / "deep" / "run"):
        raise AssertionError("a folder was given")  # pragma: no cover


def test_a_link_to_a_run_stays_a_link(tmp_path):
    write_run(tmp_path / "far" / "run")
    (tmp_path / "near").symlink_to(tmp_path / "far" / "run")
    with store.new_run(tmp_path / "near") as folder:
        write_run(folder, "new")
    assert (tmp_path / "near").is_symlink()
    assert title_of(tmp_path / "far" / "run") == "new"


# --- killed runs ---

KILLED = """
import sys, time
from pathlib import Path
from observatory import store
with store.new_run(Path(sys.argv[1])) as folder:
    (folder / "half.txt").write_text("half", encoding="utf-8")
    print(folder, flush=True)
    time.sleep(60)
"""


def start_and_wait(out):
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(out)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    assert (folder / "half.txt").is_file()
    return process, folder


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def test_a_killed_run_leaves_the_previous_one_and_is_cleared_away_by_the_next(tmp_path):
    out = tmp_path / "run"
    write_run(out)
    process, half = start_and_wait(out)
    kill(process)
    assert title_of(out) == "old"
    assert half.is_dir()
    with store.new_run(out) as folder:
        assert not half.exists()
        write_run(folder, "new")
    assert title_of(out) == "new"
    assert list(tmp_path.iterdir()) == [out]


def test_a_run_that_is_still_being_written_is_left_alone(tmp_path):
    process, half = start_and_wait(tmp_path / "run")
    try:
        with store.new_run(tmp_path / "run") as folder:
            write_run(folder, "new")
        assert (half / "half.txt").is_file()
    finally:
        kill(process)
    assert title_of(tmp_path / "run") == "new"


def test_a_run_killed_between_its_two_renames_is_put_back(tmp_path):
    out = tmp_path / "run"
    write_run(tmp_path / ".run.linkages-previous-abc")
    with pytest.raises(ValueError), store.new_run(out):
        assert title_of(out) == "old"
        raise ValueError
    assert title_of(out) == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_what_only_looks_like_a_leftover_stays(tmp_path):
    kept = [tmp_path / name for name in (".run-new-abc", ".other.linkages-new-x", "run.linkages-new-x", ".run2")]
    for folder in kept:
        folder.mkdir()
    with store.new_run(tmp_path / "run") as folder:
        write_run(folder)
    assert all(folder.is_dir() for folder in kept)


def test_without_locks_leftovers_stay_where_they_are(tmp_path, monkeypatch):
    (tmp_path / ".run.linkages-new-x").mkdir()
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with store.new_run(tmp_path / "run") as folder:
        write_run(folder)
    assert (tmp_path / ".run.linkages-new-x").is_dir()
    assert title_of(tmp_path / "run") == "old"


# --- files ---

SIMPLE = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=5)


@settings(deadline=None)
@given(data=st.recursive(SIMPLE, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner)))
def test_json_comes_back(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("json") / "deep" / "x.json"
    store.write_json(path, data)
    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n")
    assert json.loads(text) == json.loads(json.dumps(store.plain(data)))
    assert "Infinity" not in text


def test_plain_values():
    given_ = {
        1: np.float64("inf"),
        "b": {"z", "a"},
        "c": np.int64(3),
        "d": (np.nan,),
        "e": np.bool_(True),
        "p": Path("x"),
    }
    assert store.plain(given_) == {"1": None, "b": ["a", "z"], "c": 3, "d": [None], "e": True, "p": "x"}
    assert type(store.plain(np.int64(3))) is int


def test_the_same_table_gives_the_same_bytes_and_comes_back(tmp_path):
    table = pd.DataFrame({"name": ["a", "ü"], "weight": [0.1, np.nan]})
    for name in ("one.parquet", "two.parquet"):
        store.write_parquet(tmp_path / "t" / name, table)
    assert (tmp_path / "t" / "one.parquet").read_bytes() == (tmp_path / "t" / "two.parquet").read_bytes()
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "t" / "one.parquet"), table)
    store.write_csv(tmp_path / "c" / "x.csv", table)
    assert (tmp_path / "c" / "x.csv").read_bytes() == "name,weight\na,0.1\nü,\n".encode()


def test_frames_are_written_in_an_order_of_their_own(tmp_path):
    engine, table = DuckDB(), pd.DataFrame({"k": [2, 1, 1], "v": ["c", "b", "a"]})
    for name, rows in (("one", table), ("two", table.iloc[::-1])):
        assert store.write_frame(tmp_path / name, engine.table(rows.reset_index(drop=True)), ["k"], engine) == 3
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert pd.read_parquet(tmp_path / "one")["v"].tolist() == ["a", "b", "c"]


@pytest.mark.parametrize("rows", [0, 1, 3, 4, 8, 9])
def test_frames_are_written_as_a_table_at_once_would_be_however_they_are_streamed(tmp_path, monkeypatch, rows):
    monkeypatch.setattr(store, "ROW_GROUP", 4)
    table = pa.table({"k": [f"e{n}" for n in range(rows)], "v": pa.array(range(rows), pa.int64())})

    class Streaming(DuckDB):
        def stream(self, frame):
            return super().stream(frame).read_all().to_reader(max_chunksize=3)

    engine = Streaming()
    assert store.write_frame(tmp_path / "streamed", engine.table(table), ["k"], engine) == rows
    pq.write_table(table, tmp_path / "at once", row_group_size=4, **store.PACKED)
    assert (tmp_path / "streamed").read_bytes() == (tmp_path / "at once").read_bytes()


# --- reading ---


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"title": 1}', "not json", '"title status"'])
def test_a_manifest_that_is_none(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="manifest"):
        store.open_run(tmp_path)


def test_only_files_of_the_run_are_read(tmp_path):
    write_run(tmp_path / "run")
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    run = store.open_run(str(tmp_path / "run"))
    for name in ("../secret.csv", "absent.csv", str(tmp_path / "secret.csv"), ""):
        with pytest.raises(BadInput, match="a file of the run"):
            run.table(name)
    (tmp_path / "run" / "t.csv").write_text("code\nNA\n", encoding="utf-8")
    assert run.table("t.csv")["code"].tolist() == ["NA"]
    assert run.names("*.csv") == ["t.csv"]
    assert repr(run) == "<Run 'old': complete, 0 spaces>"


def test_outputs_name_every_file_but_the_manifest(tmp_path):
    write_run(tmp_path)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "x").write_bytes(b"x")
    found = {row["path"]: row["sha256"] for row in store.outputs(tmp_path)}
    assert sorted(found) == ["deep/x", "spaces.json"]
    assert found["deep/x"] == "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"


def test_a_manifest_of_something_else_is_not_overwritten(tmp_path):
    page = tmp_path / "page"
    page.mkdir()
    (page / "manifest.json").write_text('{"name": "a web page", "icons": []}', encoding="utf-8")
    grid = tmp_path / "grid"
    grid.mkdir()
    (grid / "manifest.json").write_text('{"kind": "grid", "title": "x"}', encoding="utf-8")
    for folder in (page, grid):
        with pytest.raises(BadInput, match="a run folder or a name not taken"), store.new_run(folder):
            pass
    store.refuse_taken(grid, "grid")
