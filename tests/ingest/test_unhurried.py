"""A stream is read only so far ahead as there is use for, and never holds its reader up for good."""

from __future__ import annotations

import io
import threading
import time
from pathlib import Path

import pytest

from ingest import cells, unhurried
from ingest.cells import cells_of_text
from ingest.decode import Piece
from ingest.headings import Heading
from ingest.unhurried import Unhurried


class Counted(io.BytesIO):
    """Counts how often it is read."""

    reads = 0

    def read(self, size: int | None = -1) -> bytes:
        self.reads += 1
        return super().read(size)


def test_a_reader_in_a_hurry_waits_for_room() -> None:
    source = Counted(b"x" * 100)
    calm = Unhurried(source, ahead=3)
    hurried = threading.Thread(target=lambda: [calm.read(10) for _ in range(5)], daemon=True)
    hurried.start()
    hurried.join(timeout=0.3)
    assert (source.reads, hurried.is_alive()) == (3, True)
    calm.done()
    calm.done()
    hurried.join(timeout=5)
    assert (source.reads, hurried.is_alive()) == (5, False)


def test_nobody_waits_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unhurried, "_PATIENCE", 0.05)
    calm = Unhurried(io.BytesIO(b"abc"), ahead=1)
    assert [calm.read(1) for _ in range(3)] == [b"a", b"b", b"c"]
    waiting = Unhurried(io.BytesIO(b"abc"), ahead=1)
    monkeypatch.setattr(unhurried, "_PATIENCE", 60.0)
    given: list[bytes] = []
    thread = threading.Thread(target=lambda: given.extend([waiting.read(1), waiting.read(1)]), daemon=True)
    thread.start()
    time.sleep(0.1)
    waiting.close()
    thread.join(timeout=5)
    assert (thread.is_alive(), given) == (False, [b"a", b""])  # what it left goes to nobody


def test_a_file_of_many_slices_is_not_read_to_its_end_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "_SLICE", 1000)
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "1,2\n" * 50_000)
    given: list[Unhurried] = []

    def noted(stream: object) -> Unhurried:
        given.append(Unhurried(stream))
        return given[-1]

    monkeypatch.setattr(cells, "Unhurried", noted)
    slices = cells_of_text(Piece("a.csv", path), "utf-8", Heading(("a", "b"), 1, 2, ",", 2), True, [])
    rows = next(slices).batch.num_rows
    time.sleep(0.3)
    assert given[0]._stream.tell() < 20_000  # of 200,000 bytes
    assert rows + sum(one.batch.num_rows for one in slices) == 50_000
