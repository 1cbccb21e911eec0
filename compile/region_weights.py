"""The JRC's weights and Eurostat's changes → shares of NUTS2 regions in other versions; NUTS3 codes recoded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import pandas as pd
import shapely
from region_codes import STUDY_VERSIONS, VERSIONS, Carrier
from region_places import Outlines

#: Countries that the JRC's table of 2024 leaves out and that have no change on record: they stand as in 2021.
AS_IN_2021 = ("AL", "LI", "ME", "MK", "RS", "TR")


def overlap(old: Outlines, new: Outlines) -> dict[str, dict[str, float]]:
    """Area that two outlines share, country by country, in square degrees: shares of a region need no more."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for a, shape in old.shapes.items():
        for b, other in new.shapes.items():
            if a[:2] == b[:2] and shape.intersects(other):
                found[a][b] = float(shapely.area(shape.intersection(other)))
    return dict(found)


def weight_table(people: Carrier, area: Carrier, codes: Mapping[int, Iterable[str]]) -> pd.DataFrame:
    """One row for each part of a code that another version has divided, recoded or merged."""
    rows = []
    for old in VERSIONS:
        for new in VERSIONS:
            for code in sorted(codes[old]) if old != new else []:
                by_people = people.parts(code, old, new) if len(code) == 4 or new in STUDY_VERSIONS else {}
                if len(code) == 5 and len(by_people) < 2:  # codes.csv tells where it lies
                    continue
                # where what moved holds next to nobody, the area follows the people
                by_area = area.parts(code, old, new) if len(by_people) > 1 else dict(by_people)
                for carried in sorted(by_people.keys() | by_area.keys()):
                    parts = by_people.get(carried, 0.0), by_area.get(carried, 0.0)
                    if carried != code or parts != (1.0, 1.0):
                        rows.append((code, old, new, carried, *parts))
    return pd.DataFrame(rows, columns=["code", "old", "new", "carried", "people", "area"])


def recode_table(carrier: Carrier, codes: Mapping[int, Iterable[str]], table: pd.DataFrame) -> pd.DataFrame:
    """One row a NUTS3 code and meaning that is one region, of another code, in a study version."""
    present = {v: set(codes[v]) for v in STUDY_VERSIONS}
    rows = []
    for code, versions in table.loc[table["code"].str.len() == 5, ["code", "versions"]].itertuples(index=False):
        known = [int(v) for v in versions.split()]
        ends = []
        for new in STUDY_VERSIONS:
            near = min(known, key=lambda v: (abs(v - new), v))
            reached = carrier.chain(code, near, new) if near != 2024 and code not in present[new] else set()
            ends.append(reached.pop() if len(reached) == 1 else "")
        if any(ends):
            rows.append((code, versions, *ends))
    return pd.DataFrame(rows, columns=["code", "versions", *(f"nuts{v}" for v in STUDY_VERSIONS)])
