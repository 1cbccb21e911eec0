"""Bytes of resources, made once and kept: with their digest, and pressed for the way."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property

from ingest.faults import BadInput
from observatory.explorer.tree import Tree, UnknownResourceError

#: Media type by ending.
MEDIA = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
#: Bytes that are kept; what was asked for longest ago goes first.
ROOM = 256 * 1024 * 1024
#: Bytes from which pressing is worth it.
WORTH = 1_000
#: What the page shows first.
FIRST = ("runs", "run", "search", "sectors", "regions", "spaces", "quality")
#: Seconds without a question after which the next resource is made ahead.
IDLE = 1.0


@dataclass(frozen=True)
class Kept:
    """The bytes of a resource.

    Attributes
    ----------
    body
        As they are.
    media
        Their media type.
    """

    body: bytes
    media: str

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes."""
        return hashlib.sha256(self.body).hexdigest()

    @cached_property
    def pressed(self) -> bytes | None:
        """The bytes with gzip; None where that is not worth it."""
        if len(self.body) < WORTH or self.media == MEDIA["parquet"]:
            return None
        return gzip.compress(self.body, compresslevel=6, mtime=0)

    def ready(self) -> None:
        """Reckon digest and pressed bytes now: whoever asks later, and all who wait behind, do not wait for them."""
        _ = self.digest, self.pressed


class Shelf:
    """Resources of a run as bytes, by path and ending.

    Parameters
    ----------
    tree
        The resources.
    room
        Bytes that may be kept.
    """

    def __init__(self, tree: Tree, room: int = ROOM) -> None:
        self.tree = tree
        self.room = room
        self._kept: OrderedDict[tuple[str, str], Kept] = OrderedDict()
        self._making: dict[str, threading.Lock] = {}
        self._keeping = threading.Lock()
        self._held = 0
        self._asked = time.monotonic()

    def at_hand(self, path: str, ending: str) -> Kept | None:
        """Give what is kept of a resource; None where it has to be made."""
        self._asked = time.monotonic()
        return self._kept.get((path, ending))

    def prepare(self) -> None:
        """Make what the page shows first."""
        for path in FIRST:
            self.get(path, "json")

    @contextmanager
    def filling(self, idle: float = IDLE) -> Iterator[threading.Thread]:
        """Make the rest while nobody asks for anything, in a thread that ends with the block.

        What the thread has in hand is made before the block ends: Python must not end beneath it, for then Arrow's
        threads wait for an interpreter that is gone, and the program for them.

        Parameters
        ----------
        idle
            Seconds without a question after which a resource is made.
        """
        ending = threading.Event()
        thread = threading.Thread(target=self._fill, args=(idle, ending), daemon=True)
        thread.start()
        try:
            yield thread
        finally:
            ending.set()
            while thread.is_alive():
                with suppress(KeyboardInterrupt):  # a second Ctrl-C does not leave it alone
                    thread.join()

    def _fill(self, idle: float, ending: threading.Event) -> None:
        for _, path, _ in self.tree.resources():
            while (rest := self._asked + idle - time.monotonic()) > 0 and not ending.wait(rest):
                pass
            if ending.is_set():
                return
            if self._held > self.room // 2 or "{" in path:
                continue
            try:
                self.get(path, "json")
            except (BadInput, UnknownResourceError):  # said to whoever asks for it
                continue

    def get(self, path: str, ending: str) -> Kept:
        """Give a resource, made where it is not kept.

        Parameters
        ----------
        path
            Its path; for CSV and Parquet of one of several tables with ``.name`` behind it.
        ending
            ``json``, ``csv`` or ``parquet``.

        Raises
        ------
        UnknownResourceError
            The run has no such resource, or the resource no such table.
        """
        key = path, ending
        # Figures take long to make and hold up nobody who asks for a table.
        with self._keeping:
            making = self._making.setdefault(path.partition("/")[0], threading.Lock())
        with making:
            kept = self._kept.get(key)
            if kept is None:
                kept = Kept(self._made(path, ending), MEDIA[ending])
                kept.ready()
                with self._keeping:
                    self._keep(key, kept)
        return kept

    def _keep(self, key: tuple[str, str], kept: Kept) -> None:
        self._kept[key] = kept
        self._held += _weight(kept)
        while self._held > self.room and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._held -= _weight(gone)

    def _made(self, path: str, ending: str) -> bytes:
        if ending == "json":
            return self.tree.payload(path).json()
        try:
            payload, table = self.tree.payload(path), None
        except UnknownResourceError:
            start, dot, table = path.rpartition(".")
            if not dot:
                raise
            payload = self.tree.payload(start)
        if not payload.tables or (table is not None and table not in payload.tables):
            raise UnknownResourceError(path)
        return payload.csv(table) if ending == "csv" else payload.parquet(table)


def _weight(kept: Kept) -> int:
    return len(kept.body) + len(kept.pressed or b"")
