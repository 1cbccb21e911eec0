"""What the server refuses: other names, paths that lead outside, writing without the token."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest

from observatory.explorer.guard import Guard, is_loopback, names_of, plain_path
from observatory.explorer.review import Review
from observatory.explorer.server import ROOT, application, guarded
from observatory.store import Run, open_run, write_json


@pytest.mark.parametrize(
    "path",
    [
        "/files/../manifest.json", "/files/%2e%2e/secret.txt", "/files/..%2f..%2fetc/passwd", "/files//etc/passwd",
        "/files/%252e%252e/secret.txt", "//etc/passwd", "/files/..%5c..%5csecret.txt", "/files/spaces.json%00.txt",
        "/api/v1/sectors/..%2f..%2frun.json", "/%2e%2e/%2e%2e/etc/passwd", "/files/%2fetc%2fpasswd",
    ],
)  # fmt: skip
def test_no_path_leads_outside(running: Any, raw: Any, small_run: Run, tmp_path: Path, path: str) -> None:
    folder = shutil.copytree(small_run.folder, tmp_path / "run")
    (tmp_path / "secret.txt").write_text("secret")
    app = guarded(application(open_run(folder)), "127.0.0.1")
    with running(app) as address:
        status, body = raw(address, f"GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")
    assert status in (400, 404), body
    assert b"secret" not in body.split(b"\r\n\r\n", 1)[1].replace(b"secret.txt", b"")


def test_a_file_of_the_manifest_that_lies_outside_is_not_served(reading: Any, small_run: Run, tmp_path: Path) -> None:
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


def test_a_server_for_others_answers_to_addresses_and_its_own_name(reading: Any, small_run: Run) -> None:
    guard = guarded(application(small_run), "survey.example")
    with reading(guard) as asking:
        for host, status in (("survey.example", 200), ("10.0.0.7:80", 200), ("evil.example", 421)):
            assert asking.get(f"{ROOT}/runs.json", headers={"host": host}).status_code == status


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_but_reading(client: httpx.Client, method: str) -> None:
    for path in ("/", f"{ROOT}/run.json", f"{ROOT}/review", "/files/spaces.json"):
        assert client.request(method, path).status_code == 405


def test_a_decision_needs_the_token(reading: Any, small_run: Run) -> None:
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

    asyncio.run(Guard(nothing, ["localhost"])({"type": "websocket"}, nothing, send))  # type: ignore[arg-type]
    assert said == []
