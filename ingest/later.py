"""Names of a package that are imported when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def later(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Give the ``__getattr__`` of a package whose names need not be there before they are used.

    Parameters
    ----------
    package
        Its name.
    homes
        Name → the module that has it. A module of the package may not be called as a name in it is.

    Raises
    ------
    AttributeError
        By what is returned, for any other name.

    Examples
    --------
    >>> later("numbers", {"sqrt": "math"})("sqrt")(4.0)
    2.0
    """

    def named(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(homes[name]), name)

    return named
