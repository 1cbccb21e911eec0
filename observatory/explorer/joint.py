"""The joint table cut by one end: which sectors meet in which regions."""

from __future__ import annotations

import pandas as pd

from observatory.explorer.holdings import FOLDERS, Holdings
from observatory.explorer.payload import Payload

#: Rows that JSON holds; CSV and Parquet hold all.
MOST = 500
COLUMNS = ["period", "source", *(f"{kind}_{end}{more}" for kind in FOLDERS for end in "ab" for more in ("", "_label"))]


def joint(holdings: Holdings, level: str, code: str) -> Payload:
    """Give the linkages of a sector, or of a region, by pair of sectors and pair of regions.

    Parameters
    ----------
    holdings
        The run.
    level, code
        ``sector`` or ``region``, and which.
    """
    label = holdings.labels[level][code]
    table = holdings.joint_of(level, code)
    if len(table):
        table = table[[*COLUMNS, "events"]].sort_values(
            ["period", "events", *COLUMNS[1:]],
            ascending=[False, False, *(True for _ in COLUMNS[1:])],
            ignore_index=True,
        )
    else:
        table = pd.DataFrame(columns=[*COLUMNS, "events"])
    return Payload(
        what=f"Which sectors meet in which regions: linkages of which the {level} {label} is an end.",
        method="An event counts once for each pair of sectors and regions that it joins.",
        unit="events",
        source=f"{holdings.title}: joint.parquet",
        fields={"level": level, "code": code, "label": label},
        tables={"joint": table},
        most=MOST,
    )
