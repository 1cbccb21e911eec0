"""Change: links of the first and the last period compared, and what became of spaces and members."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from observatory.explorer.holdings import FOLDERS, Holdings, why_path
from observatory.explorer.payload import Payload
from observatory.explorer.spaces import space_events
from observatory.report.changed import CLASSES
from observatory.report.wording import source_name

METHOD = "Log odds with Haldane's 0.5, 95 % interval, q after Benjamini and Hochberg: “Methods and downloads”."


def compared(holdings: Holdings) -> Iterator[str]:
    """Name what is compared, ``sector__all`` first; nothing for a single period."""
    for level in FOLDERS:
        for source in holdings.sources:
            if holdings.run.names(f"change/{level}__{source}.parquet"):
                yield f"{level}__{source}"


def change(holdings: Holdings, name: str) -> Payload:
    """Tell what changed between the first and the last period.

    Parameters
    ----------
    holdings
        The run.
    name
        Level and kind of event, for example ``sector__all``.
    """
    level, source = name.split("__")
    links = holdings.change(level, source)
    links = links.assign(why=[why_path(str(a), str(b)) for a, b in zip(links["a"], links["b"], strict=True)])
    links = links.assign(most=links[["n1", "n2"]].max(axis=1)).sort_values(
        ["p", "most", "a", "b"], ascending=[True, False, True, True], ignore_index=True
    )
    first, last = holdings.material.periods[0], holdings.material.last
    return Payload(
        what=f"Links of {level}s by {source_name(source)}, {first} and {last} compared; what became of the spaces.",
        method=METHOD,
        unit="events",
        source=f"{holdings.title}: change/, trends/areas.parquet",
        fields={
            "level": level,
            "event_kind": source,
            "first": first,
            "last": last,
            "classes": [{"id": name, "label": label} for name, label in CLASSES.items()],
            "counts": {one: int((links["class"] == one).sum()) for one in CLASSES},
        },
        tables={
            "links": links.drop(columns="most"),
            "spaces": space_events(holdings, source) if level == "sector" else pd.DataFrame(),
            "members": _members(holdings, source) if level == "sector" else pd.DataFrame(),
            "areas": _areas(holdings, level, source),
        },
        ends=FOLDERS[level],
    )


def _members(holdings: Holdings, source: str) -> pd.DataFrame:
    """List where each sector went from period to period."""
    table = holdings.material.matched("members", source)
    if table.empty:
        return table
    told = table.rename(columns={"node": "sector", "label": "sector_label"}).astype(object)
    return told.where(told.notna(), None).infer_objects()


def _areas(holdings: Holdings, level: str, source: str) -> pd.DataFrame:
    """List the sectors or regions by how their share of all events grew."""
    table = holdings.table("trends/areas.parquet")
    if table.empty:
        return table
    here = table[(table["kind"] == level) & (table["of"] == source)].rename(
        columns={"node": level, "label": f"{level}_label"}
    )
    return here.drop(columns=["kind", "of"]).sort_values(["rank", level], ignore_index=True)
