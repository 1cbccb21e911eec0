"""Run folders that are damaged, older or of a later version: named, never stumbled over."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from ingest.faults import BadInput
from observatory.cli import main
from observatory.opened import MANIFEST, SCHEMA, Digests, blame, open_run


def edited(path, change):
    """Change the JSON of a file."""
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def spoil_middle(path):
    """Overwrite the middle of a file and leave its end, which tells what it holds, as it is."""
    data = bytearray(path.read_bytes())
    data[8 : len(data) // 2] = b"\xff" * (len(data) // 2 - 8)
    path.write_bytes(bytes(data))


LAST = "sector__all__2007-2014"
#: What was done to a run folder → what is named of it.
DAMAGES = {
    "manifest cut off": (lambda run: cut(run / MANIFEST), MANIFEST),
    "manifest gone": (lambda run: (run / MANIFEST).unlink(), MANIFEST),
    "manifest of a later version": (
        lambda run: edited(run / MANIFEST, lambda m: m.update(schema=SCHEMA + 1)),
        "update linkages",
    ),
    "manifest without settings": (lambda run: edited(run / MANIFEST, lambda m: m.pop("settings")), "settings"),
    "manifest with a list": (lambda run: edited(run / MANIFEST, lambda m: m.update(settings=[])), "settings"),
    "settings without periods": (
        lambda run: edited(run / MANIFEST, lambda m: m["settings"].pop("periods")),
        "settings.periods",
    ),
    "spaces gone": (lambda run: (run / "spaces.json").unlink(), "spaces.json"),
    "spaces cut off": (lambda run: cut(run / "spaces.json"), "spaces.json"),
    "spaces without spaces": (lambda run: edited(run / "spaces.json", lambda s: s.pop("spaces")), "spaces.json"),
    "space without members": (
        lambda run: edited(run / "spaces.json", lambda s: [one.pop("members") for one in s["spaces"]]),
        "spaces.json",
    ),
    "communities cut off": (lambda run: cut(run / "communities" / f"{LAST}.parquet"), LAST),
    "events gone": (lambda run: (run / "records" / "events.parquet").unlink(), "records/events.parquet"),
    "events cut off": (lambda run: cut(run / "records" / "events.parquet"), "records/events.parquet"),
    "facets spoilt within": (lambda run: spoil_middle(run / "records" / "facets.parquet"), "records/facets.parquet"),
    "profiles empty": (lambda run: (run / "profiles" / "partners.parquet").write_bytes(b""), "profiles/partners"),
    "networks gone": (lambda run: shutil.rmtree(run / "networks"), "networks/"),
    "a folder where a file was": (
        lambda run: ((run / "spaces.json").unlink(), (run / "spaces.json").mkdir()),
        "spaces.json",
    ),
    "nothing left": (lambda run: [shutil.rmtree(run), run.mkdir()], MANIFEST),
}  # fmt: skip
COMMANDS = (
    ["spaces", "{run}", "--json"],
    ["why", "{run}", "325", "334"],
    ["why", "{run}", "DE21", "FR10", "--json"],
    ["profile", "{run}", "DE21"],
    ["check", "{run}"],
    ["diff", "{whole}", "{run}"],
)
#: Commands that take longer: each damage is shown to one of them, and each of them to several damages.
LONGER = (
    ["export", "{run}", "--to", "csv,gexf", "--out", "{out}", "-q"],
    ["site", "{run}", "{out}", "--links", "2", "-q"],
    ["report", "{run}", "--format", "html,xlsx", "--out", "{out}", "-q"],
)


@pytest.mark.parametrize(("number", "damage"), list(enumerate(DAMAGES)), ids=list(DAMAGES))
def test_no_command_stumbles_over_a_damaged_run(small_run, tmp_path, capsys, number, damage):
    spoil, named = DAMAGES[damage]
    folder = Path(shutil.copytree(small_run.folder, tmp_path / "run"))
    spoil(folder)
    names = {"run": folder, "whole": small_run.folder, "out": tmp_path / "out"}
    told = []
    for command in (*COMMANDS, LONGER[number % len(LONGER)]):
        code = main([word.format(**names) for word in command])
        said = capsys.readouterr()
        assert code in (0, 3), (command, said.err)  # what the damage does not touch is read
        assert "Traceback" not in said.err
        assert "our fault" not in said.err
        if code == 3:
            assert said.out == "", command
            assert "To mend: " in said.err
            told.append(said.err)
    assert any(named in text for text in told), told


def test_a_whole_run_is_whole(small_run, capsys):
    assert main(["check", str(small_run.folder)]) == 0
    number = len(small_run.manifest["outputs"])
    assert capsys.readouterr().out == f"whole  {small_run.folder}: {number:,} files are as the run wrote them\n"
    assert main(["check", str(small_run.folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"added": [], "files": number, "run": str(small_run.folder), "whole": True}
    assert small_run.digests() == Digests(number)
    assert blame(small_run.folder) == []


def test_every_file_that_is_not_as_written_is_told_at_once(small_run, tmp_path, capsys):
    folder = Path(shutil.copytree(small_run.folder, tmp_path / "run"))
    (folder / "joint.parquet").unlink()
    (folder / "ledger.csv").write_text("source,reason,rows,weight\n", encoding="utf-8")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    run = open_run(folder)
    assert run.digests() == Digests(
        len(run.manifest["outputs"]) - 2, ("ledger.csv",), ("joint.parquet",), ("notes.txt",)
    )
    assert not run.digests().whole
    assert main(["check", str(folder)]) == 3
    said = capsys.readouterr().err
    assert said.count("To mend: run the study again") == 2
    assert "'joint.parquet'; expected a file of the run" in said
    assert "'ledger.csv'; expected the file that the run wrote" in said
    assert said.endswith("2 faults; nothing was written\n")
    (folder / "ledger.csv").write_bytes((small_run.folder / "ledger.csv").read_bytes())
    shutil.copy(small_run.folder / "joint.parquet", folder)
    assert main(["check", str(folder)]) == 0
    assert capsys.readouterr().err == "not of the run: notes.txt\n"


def test_an_older_run_is_read_with_what_it_has(small_run, tmp_path, capsys):
    folder = Path(shutil.copytree(small_run.folder, tmp_path / "run"))
    edited(folder / MANIFEST, lambda manifest: manifest.pop("schema"))
    for name in ("profiles", "trends", "matrices"):
        shutil.rmtree(folder / name)
    assert main(["spaces", str(folder)]) == 0
    assert main(["why", str(folder), "325", "334"]) == 0
    capsys.readouterr()
    assert main(["profile", str(folder), "DE21"]) == 3
    assert "a run with profiles of regions" in capsys.readouterr().err


def test_what_fails_on_a_run_of_another_version_is_not_our_fault(small_run, tmp_path, capsys):
    folder = Path(shutil.copytree(small_run.folder, tmp_path / "run"))
    old = pd.read_parquet(folder / "records" / "facets.parquet").rename(columns={"naics": "code"})
    old.to_parquet(folder / "records" / "facets.parquet")
    facets = "records/facets.parquet"
    other = json.loads(json.dumps(open_run(folder).digests().changed))
    assert other == [facets]

    def renew(manifest):
        from observatory.opened import sha256

        manifest.pop("schema")
        manifest["outputs"] = [
            {**row, "sha256": sha256(folder / facets)} if row["path"] == facets else row for row in manifest["outputs"]
        ]

    edited(folder / MANIFEST, renew)
    assert main(["why", str(folder), "325", "334"]) == 3
    said = capsys.readouterr().err
    assert "expected a run folder of this version. To mend: run the study again" in said


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('{"title": "x", "status": "complete", "schema": "two"}', "layout"),
        ('{"title": "x", "kind": "grid"}', "not of a grid"),
        ('{"title": "x", "status": "complete", "outputs": {}, "gates": 3}', "outputs, gates"),
        ("[", "whole JSON file"),
        ("\xff\xfe", "whole JSON file"),
    ],
)
def test_manifests_that_cannot_be_read(tmp_path, text, named):
    (tmp_path / MANIFEST).write_bytes(text.encode("latin-1"))
    with pytest.raises(BadInput, match=named):
        open_run(tmp_path)


def test_a_run_without_digests_says_so(tmp_path, capsys):
    (tmp_path / MANIFEST).write_text('{"title": "x", "status": "complete"}', encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 3
    assert "a manifest with outputs" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["site", "grid"])
def test_what_fails_beside_a_folder_of_another_kind_is_not_its_fault(tmp_path, kind):
    (tmp_path / MANIFEST).write_text(json.dumps({"kind": kind, "title": "x"}), encoding="utf-8")
    assert blame(tmp_path) == []
    (tmp_path / MANIFEST).write_text("[]", encoding="utf-8")
    assert [fault.value for fault in blame(tmp_path)] == [MANIFEST]


def test_some_rows_of_a_table_and_texts_as_categories(small_run):
    name, texts = "stars/linkages.parquet", ["space", "region_a", "region_b"]
    whole = small_run.table(name)
    later = small_run.table(name, rows={"period": "2007-2014"}, categories=texts)
    assert 0 < len(later) < len(whole)
    assert all(isinstance(later[text].dtype, pd.CategoricalDtype) for text in texts)
    kept = whole[whole["period"] == "2007-2014"].reset_index(drop=True)
    pd.testing.assert_frame_equal(later.astype(dict.fromkeys(texts, "str")), kept)
    assert small_run.table(name, rows={"period": "1914-1918"}).empty
    with pytest.raises(ValueError, match="Parquet tables only"):
        small_run.table("ledger.csv", rows={"source": "deals"})
