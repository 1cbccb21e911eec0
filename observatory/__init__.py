"""A whole study: spaces beside star scores, reports, exports; the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.later import later

if TYPE_CHECKING:
    from observatory.regions import region_profile
    from observatory.run import run_study
    from observatory.stars import star_scores
    from observatory.store import open_run
    from observatory.study import open_study

__all__ = ["open_run", "open_study", "region_profile", "run_study", "star_scores"]

# Imported when first asked for: `linkages --help` need not wait for pandas.
__getattr__ = later(
    __name__,
    {
        "open_run": "observatory.store",
        "open_study": "observatory.study",
        "region_profile": "observatory.regions",
        "run_study": "observatory.run",
        "star_scores": "observatory.stars",
    },
)
