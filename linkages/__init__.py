"""Records → weighted sector and region networks per period, their strength and change."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from linkages.change import change
from linkages.periods import Period
from linkages.strength import backbone, strength

if TYPE_CHECKING:
    from linkages.build import build_network
    from linkages.network import Network

__all__ = ["Network", "Period", "backbone", "build_network", "change", "strength"]

# Imported when first asked for: a question to a run's files need not wait for pandas.
_HOME = {"Network": "linkages.network", "build_network": "linkages.build"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'linkages' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
