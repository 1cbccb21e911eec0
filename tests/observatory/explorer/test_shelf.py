"""Bytes of resources, made once and kept."""

from __future__ import annotations

import gzip
import time

import pytest

from observatory.explorer.shelf import Kept, Shelf
from observatory.explorer.tree import Tree, UnknownResourceError
from observatory.material import Material
from observatory.store import Run


def test_the_shelf_keeps_what_fits(small_run: Run) -> None:
    tree = Tree(Material(small_run, None))
    small = Shelf(tree, room=30_000)
    for path in ("sectors", "regions", "spaces", "networks"):
        assert small.get(path, "json").body == tree.payload(path).json()
    assert small.at_hand("networks", "json") is not None
    assert small.at_hand("sectors", "json") is None
    large = Shelf(tree)
    assert large.get("run", "json") is large.get("run", "json") is large.at_hand("run", "json")
    assert {"digest", "pressed"} <= vars(large.get("sectors", "json")).keys()
    with pytest.raises(UnknownResourceError):
        large.get("sectors/nothing", "csv")


def test_the_shelf_is_filled_while_nobody_asks(small_run: Run) -> None:
    shelf = Shelf(Tree(Material(small_run, None)))
    shelf.prepare()
    assert shelf.at_hand("run", "json") is not None and shelf.at_hand("stars", "json") is None
    with shelf.filling(0.0) as thread:
        thread.join(timeout=300)
    for path in ("stars", "regions/DE21", "change/sector__all"):
        kept = shelf.at_hand(path, "json")
        assert kept is not None and kept.body == shelf.tree.payload(path).json()


def test_filling_ends_with_its_block_whatever_is_left(small_run: Run) -> None:
    shelf = Shelf(Tree(Material(small_run, None)))
    with shelf.filling(600.0) as waiting:
        pass
    with shelf.filling(0.0) as making:
        while shelf.at_hand("run", "json") is None:
            time.sleep(0.01)
    assert not waiting.is_alive() and not making.is_alive()
    assert shelf.at_hand("regions/DE21", "json") is None


def test_small_bytes_are_not_pressed() -> None:
    assert Kept(b"x" * 10, "application/json").pressed is None
    pressed = Kept(b"x" * 5000, "application/json").pressed
    assert pressed is not None and gzip.decompress(pressed) == b"x" * 5000
