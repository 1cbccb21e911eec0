"""The server: the resources by ending, kept and pressed; what it refuses; one real server on a free port."""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pandas as pd
import pytest

from observatory.explore_command import bound, serve
from observatory.explorer.guard import POLICY, Guard, is_loopback, names_of, plain_path
from observatory.explorer.pagefiles import page_files
from observatory.explorer.review import Review
from observatory.explorer.server import ROOT, application, guarded
from observatory.explorer.shelf import Kept, Shelf
from observatory.explorer.tree import FAMILIES, Tree, UnknownResourceError
from observatory.material import Material
from observatory.store import Run, open_run, write_json

DOCS = Path(__file__).parents[2] / "docs" / "api.md"


class Running:
    """A real server on a free port, for as long as the block lasts."""

    def __init__(self, app: object) -> None:
        self.app = app

    def __enter__(self) -> str:
        import uvicorn

        self.socket = bound("127.0.0.1", 0)
        config = uvicorn.Config(self.app, log_level="error", lifespan="off", server_header=False)  # type: ignore[arg-type]
        self.server = uvicorn.Server(config)
        self.server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]}, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)
        return f"127.0.0.1:{self.socket.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(timeout=20)


@contextmanager
def reading(app: object) -> Iterator[httpx.Client]:
    """Ask a real server of an application as a page on this machine does."""
    with Running(app) as address, httpx.Client(base_url=f"http://{address}", timeout=600) as asking:
        yield asking


@pytest.fixture(scope="module")
def client(small_run: Run) -> Iterator[httpx.Client]:
    """Asks the server of the small run as a page on this machine does."""
    with reading(guarded(application(small_run), "127.0.0.1")) as asking:
        yield asking


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


@pytest.mark.parametrize(
    "path",
    [
        "/files/../manifest.json", "/files/%2e%2e/secret.txt", "/files/..%2f..%2fetc/passwd", "/files//etc/passwd",
        "/files/%252e%252e/secret.txt", "//etc/passwd", "/files/..%5c..%5csecret.txt", "/files/spaces.json%00.txt",
        "/api/v1/sectors/..%2f..%2frun.json", "/%2e%2e/%2e%2e/etc/passwd", "/files/%2fetc%2fpasswd",
    ],
)  # fmt: skip
def test_no_path_leads_outside(small_run: Run, tmp_path: Path, path: str) -> None:
    folder = shutil.copytree(small_run.folder, tmp_path / "run")
    (tmp_path / "secret.txt").write_text("secret")
    app = guarded(application(open_run(folder)), "127.0.0.1")
    with Running(app) as address:
        status, body = _raw(address, f"GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")
    assert status in (400, 404), body
    assert b"secret" not in body.split(b"\r\n\r\n", 1)[1].replace(b"secret.txt", b"")


def test_a_file_of_the_manifest_that_lies_outside_is_not_served(small_run: Run, tmp_path: Path) -> None:
    folder = shutil.copytree(small_run.folder, tmp_path / "run")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "linked.txt").symlink_to(tmp_path / "secret.txt")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["outputs"] += [{"path": "../secret.txt", "sha256": ""}, {"path": "linked.txt", "sha256": ""}]
    write_json(folder / "manifest.json", manifest)
    with reading(guarded(application(open_run(folder)), "127.0.0.1")) as asking:
        files = asking.get(f"{ROOT}/downloads.json").json()["files"]["rows"]
        assert not [row for row in files if "secret" in row[0] or "linked" in row[0]]
        assert asking.get("/files/linked.txt").status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8642", "127.0.0.1.evil.example", "", "10.0.0.7"])
def test_another_name_is_refused(client: httpx.Client, host: str) -> None:
    answer = client.get(f"{ROOT}/run.json", headers={"host": host})
    assert answer.status_code == 421
    assert "mend" in answer.json()["error"]


@pytest.mark.parametrize("host", ["localhost:8642", "127.0.0.1", "[::1]:8642", "LOCALHOST"])
def test_this_machine_s_names_are_let_through(client: httpx.Client, host: str) -> None:
    assert client.get(f"{ROOT}/runs.json", headers={"host": host}).status_code == 200


def test_a_server_for_others_answers_to_addresses_and_its_own_name(small_run: Run) -> None:
    guard = guarded(application(small_run), "survey.example")
    with reading(guard) as asking:
        for host, status in (("survey.example", 200), ("10.0.0.7:80", 200), ("evil.example", 421)):
            assert asking.get(f"{ROOT}/runs.json", headers={"host": host}).status_code == status


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_but_reading(client: httpx.Client, method: str) -> None:
    for path in ("/", f"{ROOT}/run.json", f"{ROOT}/review", "/files/spaces.json"):
        assert client.request(method, path).status_code == 405


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


def test_a_damaged_table_is_named(small_run: Run, tmp_path: Path) -> None:
    folder = shutil.copytree(small_run.folder, tmp_path / "run")
    path = folder / "networks" / "sector__deal__2007-2014.parquet"
    path.write_bytes(path.read_bytes()[:200])
    with reading(guarded(application(open_run(folder)), "127.0.0.1")) as asking:
        answer = asking.get(f"{ROOT}/networks/sector__deal__2007-2014.json")
        assert answer.status_code == 422
        assert "sector__deal__2007-2014" in answer.json()["error"]["what"]
        assert asking.get(f"{ROOT}/networks/sector__all__2007-2014.json").status_code == 200


def test_names_that_a_program_could_run_are_text(small_run: Run, tmp_path: Path) -> None:
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


def test_a_decision_needs_the_token(small_run: Run) -> None:
    taken: list[dict[str, object]] = []

    def decide(decision: object) -> str:
        assert isinstance(decision, dict)
        if "answer" not in decision:
            raise ValueError("it has no answer")
        taken.append(decision)
        return "taken down"

    review = Review(lambda: pd.DataFrame({"kind": ["name"], "value": ["=cmd()"]}), decide)
    app = guarded(application(small_run, review), "127.0.0.1")
    with reading(app) as asking:
        assert asking.get(f"{ROOT}/review.json").json()["queue"]["rows"] == [["name", "=cmd()"]]
        send = {"json": {"answer": "accept"}}
        assert asking.post(f"{ROOT}/review", **send).status_code == 403
        assert asking.post(f"{ROOT}/review", headers={"x-review-token": "wrong"}, **send).status_code == 403
        own = {"x-review-token": review.token}
        assert asking.post(f"{ROOT}/review", headers=own, json={"no": 1}).status_code == 422
        assert asking.post(f"{ROOT}/review", headers=own, json=[1]).status_code == 422
        assert asking.post(f"{ROOT}/review", headers=own, json={"answer": "x" * 30_000}).status_code == 422
        form = {**own, "content-type": "text/plain"}
        assert asking.post(f"{ROOT}/review", headers=form, content='{"answer": 1}').status_code == 415
        assert not taken
        answer = asking.post(f"{ROOT}/review", headers=own, **send)
        assert answer.status_code == 200 and answer.json()["about"]["what"] == "taken down"
        assert taken == [{"answer": "accept"}]
        assert asking.post(f"{ROOT}/run.json", headers=own, **send).status_code == 405


def test_the_shelf_keeps_what_fits(small_run: Run) -> None:
    tree = Tree(Material(small_run, None))
    small = Shelf(tree, room=30_000)
    for path in ("sectors", "regions", "spaces", "networks"):
        assert small.get(path, "json").body == tree.payload(path).json()
    assert small.at_hand("networks", "json") is not None
    assert small.at_hand("sectors", "json") is None
    large = Shelf(tree)
    assert large.get("run", "json") is large.get("run", "json") is large.at_hand("run", "json")
    with pytest.raises(UnknownResourceError):
        large.get("sectors/nothing", "csv")


def test_the_shelf_is_filled_while_nobody_asks(small_run: Run) -> None:
    shelf = Shelf(Tree(Material(small_run, None)))
    shelf.prepare()
    assert shelf.at_hand("run", "json") is not None and shelf.at_hand("stars", "json") is None
    shelf.fill(0.0).join(timeout=300)
    for path in ("stars", "regions/DE21", "change/sector__all"):
        kept = shelf.at_hand(path, "json")
        assert kept is not None and kept.body == shelf.tree.payload(path).json()


def test_small_bytes_are_not_pressed() -> None:
    assert Kept(b"x" * 10, "application/json").pressed is None
    pressed = Kept(b"x" * 5000, "application/json").pressed
    assert pressed is not None and gzip.decompress(pressed) == b"x" * 5000


@pytest.mark.parametrize(
    ("raw", "plain"),
    [("/a/b.json", True), ("/a%20b.json", True), ("/caf%C3%A9", True), ("/a/../b", False), ("/%2e%2e/b", False),
     ("/%252e%252e/b", False), ("/a%252fb", False), ("/a\\b", False), ("/a%5Cb", False), ("a", False), ("/a%00", False),
     ("/a%0ab", False), ("/x?../y", True)],
)  # fmt: skip
def test_plain_paths(raw: str, plain: bool) -> None:
    assert plain_path(raw) is plain


def test_names_of_hosts() -> None:
    assert is_loopback("127.8.8.8") and is_loopback("[::1]") and not is_loopback("example.org")
    assert "0.0.0.0" in names_of("0.0.0.0")


def test_sockets_are_not_answered() -> None:
    said: list[object] = []

    async def send(message: object) -> None:
        said.append(message)

    async def nothing(*_: object) -> None:
        said.append("let through")

    import asyncio

    asyncio.run(Guard(nothing, ["localhost"])({"type": "websocket"}, nothing, send))  # type: ignore[arg-type]
    assert said == []


def _raw(address: str, request: str) -> tuple[int, bytes]:
    """Send bytes as they are: a client would mend the path first."""
    host, _, port = address.partition(":")
    with socket.create_connection((host, int(port)), timeout=600) as line:
        line.sendall(request.encode())
        body = b""
        while chunk := line.recv(65536):
            body += chunk
    return int(body.split(b" ", 2)[1]), body


def test_a_real_server_answers_many_at_once(small_run: Run) -> None:
    with Running(guarded(application(small_run), "127.0.0.1")) as address:
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
        status, _ = _raw(address, "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
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
