"""The report: one document, from which page, PDF and workbook are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from observatory.report.files import write_report

__all__ = ["write_report"]


def __getattr__(name: str) -> Any:
    # Imported when first asked for: drawing takes seconds to load.
    if name not in __all__:
        raise AttributeError(f"module 'observatory.report' has no attribute {name!r}")
    from observatory.report import files

    return getattr(files, name)
