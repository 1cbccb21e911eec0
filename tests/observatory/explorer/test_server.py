"""The server: the resources by ending, pressed; its description; one real server on a free port."""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest

from observatory.explore_command import bound, serve
from observatory.explorer.guard import POLICY
from observatory.explorer.pagefiles import page_files
from observatory.explorer.server import ROOT, application, guarded
from observatory.explorer.tree import FAMILIES, Tree
from observatory.material import Material
from observatory.store import Run, open_run, write_json

DOCS = Path(__file__).parents[3] / "docs" / "api.md"


def test_a_resource_by_each_ending(client: httpx.Client, small_run: Run) -> None:
    held = client.get(f"{ROOT}/sectors.json")
    assert held.status_code == 200 and held.headers["content-type"] == "application/json"
    whole = Tree(Material(small_run, None)).payload("sectors")
    assert held.content == whole.json()
    told = pd.read_csv(io.BytesIO(client.get(f"{ROOT}/sectors.csv").content), dtype={"sector": str})
    same = pd.read_parquet(io.BytesIO(client.get(f"{ROOT}/sectors.parquet").content))
    assert told["sector"].to_list() == same["sector"].to_list() == whole.tables["nodes"]["sector"].to_list()


def test_one_table_of_several(client: httpx.Client) -> None:
    meets = client.get(f"{ROOT}/regions/DE21.meets.csv")
    assert meets.status_code == 200
    assert "sector_a" in pd.read_csv(io.BytesIO(meets.content)).columns
    assert client.get(f"{ROOT}/regions/DE21.nothing.csv").status_code == 404
    assert client.get(f"{ROOT}/runs.csv").status_code == 404


def test_what_a_reader_has_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get(f"{ROOT}/spaces.json", headers={"accept-encoding": "identity"})
    again = client.get(
        f"{ROOT}/spaces.json", headers={"if-none-match": first.headers["etag"], "accept-encoding": "identity"}
    )
    assert again.status_code == 304 and not again.content
    assert again.headers["etag"] == first.headers["etag"]
    other = client.get(f"{ROOT}/sectors.json", headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200


def test_pressed_bytes_are_the_same_bytes(client: httpx.Client) -> None:
    with client.stream("GET", f"{ROOT}/spaces.json", headers={"accept-encoding": "gzip"}) as pressed:
        raw = b"".join(pressed.iter_raw())
        assert pressed.headers["content-encoding"] == "gzip" and pressed.headers["vary"] == "accept-encoding"
    plain = client.get(f"{ROOT}/spaces.json", headers={"accept-encoding": "identity"})
    assert gzip.decompress(raw) == plain.content
    assert "content-encoding" not in plain.headers
    assert plain.headers["etag"] != pressed.headers["etag"]


def test_head_sends_headers_alone(client: httpx.Client) -> None:
    answer = client.head(f"{ROOT}/run.json")
    assert answer.status_code == 200 and not answer.content and answer.headers["etag"]


@pytest.mark.parametrize("path", ["/", f"{ROOT}/run.json", f"{ROOT}/nothing.json", "/files/spaces.json", "/nothing"])
def test_every_answer_bears_the_headers(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src" in answer.headers["content-security-policy"]
    assert "unsafe-eval" not in answer.headers["content-security-policy"]
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert "server" not in answer.headers and "set-cookie" not in answer.headers


def test_the_page_and_its_files(client: httpx.Client) -> None:
    assert client.get("/").content == page_files()["index.html"]
    assert client.get("/").headers["content-security-policy"] == POLICY
    for name, body in page_files().items():
        assert client.get(f"/{name}").content == body
    assert len(client.get("/vega.js").content) > 100_000


def test_files_are_those_of_the_manifest(client: httpx.Client, small_run: Run) -> None:
    body = (small_run.folder / "spaces.json").read_bytes()
    assert client.get("/files/spaces.json").content == body
    report = client.get("/files/report/index.html")
    assert report.status_code == 200 and report.headers["content-security-policy"].startswith("sandbox")
    assert client.get("/files/nothing.json").status_code == 404


def test_errors_say_how_to_mend_them(client: httpx.Client) -> None:
    answer = client.get(f"{ROOT}/regions/XX99.json")
    assert answer.status_code == 404
    assert answer.json()["error"]["mend"] and "XX99" in answer.json()["error"]["what"]


def test_openapi_tells_every_route(client: httpx.Client) -> None:
    told = client.get(f"{ROOT}/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    expected = {
        f"{ROOT}/{f.pattern}.{e}" for f in FAMILIES for e in (("json", "csv", "parquet") if f.tables else ("json",))
    }
    assert set(told["paths"]) == expected
    for path, methods in told["paths"].items():
        assert set(methods) == {"get"}
        names = set(re.findall(r"\{(\w+)\}", path))
        assert {one["name"] for one in methods["get"].get("parameters", [])} == names, path
        assert methods["get"]["summary"]
    operations = [methods["get"]["operationId"] for methods in told["paths"].values()]
    assert len(set(operations)) == len(operations)


def test_answers_are_of_the_form_that_openapi_tells(client: httpx.Client) -> None:
    from jsonschema import Draft202012Validator

    told = client.get(f"{ROOT}/openapi.json").json()
    for path, methods in told["paths"].items():
        if path.endswith(".json") and "{" not in path:
            schema = methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            Draft202012Validator(schema).validate(client.get(path).json())


def test_every_resource_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert not [family.pattern for family in FAMILIES if f"`{family.pattern}`" not in text]
    told = set(re.findall(r"^\| `([^`]+)` \|", text, flags=re.MULTILINE))
    assert told == {family.pattern for family in FAMILIES} | {"review"}


def test_a_damaged_table_is_named(reading: Any, small_run: Run, tmp_path: Path) -> None:
    folder = shutil.copytree(small_run.folder, tmp_path / "run")
    path = folder / "networks" / "sector__deal__2007-2014.parquet"
    path.write_bytes(path.read_bytes()[:200])
    with reading(guarded(application(open_run(folder)), "127.0.0.1")) as asking:
        answer = asking.get(f"{ROOT}/networks/sector__deal__2007-2014.json")
        assert answer.status_code == 422
        assert "sector__deal__2007-2014" in answer.json()["error"]["what"]
        assert asking.get(f"{ROOT}/networks/sector__all__2007-2014.json").status_code == 200


def test_names_that_a_program_could_run_are_text(reading: Any, small_run: Run, tmp_path: Path) -> None:
    """Firms are called ``=cmd()`` and ``<script>`` in the small study; spaces and sectors are given such names here."""
    folder = shutil.copytree(small_run.folder, tmp_path / "run")
    bad = ("../../etc", "<script>alert(1)</script>", "=cmd()")
    found = json.loads((folder / "spaces.json").read_text())
    found["spaces"][0]["id"], found["spaces"][0]["name"] = bad[0], bad[1]
    write_json(folder / "spaces.json", found)
    for file in sorted((folder / "communities").glob("sector__*.parquet")):
        table = pd.read_parquet(file)
        table.loc[table["node"] == "325", "label"] = bad[2]
        table.to_parquet(file, index=False)
    with reading(guarded(application(open_run(folder)), "127.0.0.1")) as asking:
        spaces = asking.get(f"{ROOT}/spaces.json").json()["spaces"]
        names = [column["name"] for column in spaces["columns"]]
        rows = [dict(zip(names, row, strict=True)) for row in spaces["rows"]]
        odd = next(row for row in rows if row["space"] == bad[0])
        assert odd["space_label"] == bad[1] and ".." not in odd["path"]
        assert asking.get(f"{ROOT}/{odd['path']}.json").json()["name"] == bad[1]
        told = pd.read_csv(io.BytesIO(asking.get(f"{ROOT}/sectors.csv").content), dtype=str)
        assert set(told.loc[told["sector"] == "325", "sector_label"]) == {" =cmd()"}
        link = asking.get(f"{ROOT}/sectors/325.json").json()["linkages"]
        why = link["rows"][0][[column["name"] for column in link["columns"]].index("why")]
        events = pd.read_csv(io.BytesIO(asking.get(f"{ROOT}/{why}.csv").content), dtype=str)
        assert not events["participants"].fillna("").str.match(r"[=+@-]").any()
        assert events["participants"].str.contains("=cmd()", regex=False).any()


def test_a_real_server_answers_many_at_once(running: Any, raw: Any, small_run: Run) -> None:
    with running(guarded(application(small_run), "127.0.0.1")) as address:
        paths = ["run", "sectors", "regions", "spaces", "networks", "stars", "quality", "regions/DE21"] * 6
        with httpx.Client(base_url=f"http://{address}", timeout=600) as asking:
            expected = {path: asking.get(f"{ROOT}/{path}.json").content for path in set(paths)}
        found: list[bool] = []

        def ask(path: str) -> None:
            with urllib.request.urlopen(f"http://{address}{ROOT}/{path}.json", timeout=600) as answer:
                found.append(answer.read() == expected[path])

        threads = [threading.Thread(target=ask, args=(path,)) for path in paths]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [True] * len(paths)
        status, _ = raw(address, "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        assert status == 421
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"http://{address}/nothing", timeout=600)


def test_serving_ends_when_the_socket_is_asked_to(small_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import uvicorn

    asked: list[object] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda _, sockets: asked.extend(sockets))
    listening = bound("localhost", 0)
    serve(application(small_run), listening)
    listening.close()
    assert asked == [listening]
