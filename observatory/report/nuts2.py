"""What a map of NUTS2 regions shows of regions of other levels, and of groups of them."""

from __future__ import annotations

import re

import pandas as pd

from observatory.figures.shapes import ground
from observatory.material import Material


def nuts2(code: str) -> str:
    """Give the NUTS2 region of a NUTS3 region; other codes, and groups of the study's own, stay.

    Examples
    --------
    >>> nuts2("DE711"), nuts2("DE7"), nuts2("US"), nuts2("Oresund")
    ('DE71', 'DE7', 'US', 'Oresund')
    """
    return code[:4] if re.fullmatch(r"[A-Z]{2}[0-9A-Z]{3}", code) else code


def spread(table: pd.DataFrame, material: Material) -> pd.DataFrame:
    """Give single regions what their group, or their larger unit, has: the map knows NUTS2 regions only."""
    groups = dict(material.settings["groups"]["regions"])
    if material.settings["region_level"] in ("nuts0", "nuts1"):
        known = sorted(ground(material.shapes).regions)
        larger = {str(code): [one for one in known if one.startswith(str(code))] for code in table["region"]}
        groups = {code: inside for code, inside in larger.items() if inside} | groups
    rows = [table[~table["region"].isin(list(groups))]]
    for name, regions in sorted(groups.items()):
        part = table[table["region"] == name]
        rows += [part.assign(region=nuts2(code)) for code in regions]
    return pd.concat(rows, ignore_index=True).drop_duplicates("region")
