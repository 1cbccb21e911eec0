"""The report: one HTML page that asks nothing of the network, and its tables as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from observatory.report.page import write_report

__all__ = ["write_report"]


def __getattr__(name: str) -> Any:
    # Imported when first asked for: drawing takes seconds to load.
    if name not in __all__:
        raise AttributeError(f"module 'observatory.report' has no attribute {name!r}")
    from observatory.report import page

    return getattr(page, name)
