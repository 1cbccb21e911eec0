"""How a piece of work that falls into parts is done: one by one here, or side by side by whoever offers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Apply(Protocol):
    """Does work on each item's arguments and gives the results in the order of the items."""

    def __call__(self, work: Callable[..., T], items: Iterable[tuple[object, ...]], /) -> Iterator[T]:
        """Give the results one after another."""
        ...


def one_by_one(work: Callable[..., T], items: Iterable[tuple[object, ...]], /) -> Iterator[T]:
    """Do one after another in this process.

    Examples
    --------
    >>> list(one_by_one(pow, [(2, 3), (3, 2)]))
    [8, 9]
    """
    return (work(*item) for item in items)
