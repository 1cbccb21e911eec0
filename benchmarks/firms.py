"""A table of firms in Orbis's words, of any size: firms and figures are invented, codes and regions are real.

Firms stand in most of nine years, their figures wander from year to year, some are not known. The same number of rows
and seed give the same table. Beside it lies ``industries.csv`` (code, industry, share, ranked_in) such as a researcher
keeps, for the scripts in ``peers/``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

YEARS = range(2009, 2018)
REGIONS = 353
#: Countries outside NUTS that fill up the regions.
OUTSIDE = (
    *("US", "JP", "CN", "KR", "IN", "BR", "CA", "AU", "NZ", "ZA", "MX", "AR", "CL", "CO", "PE", "IL", "SG", "MY"),
    *("TH", "VN", "ID", "PH", "EG", "MA", "TN", "NG", "KE", "UA", "RU", "KZ", "AE", "SA", "QA"),
)
COLUMNS = {
    "firm": "BvD ID number",
    "nuts": "NUTS2",
    "country": "Country ISO code",
    "code": "NACE Rev. 2, core code (4 digits)",
    "year": "Year",
    "employees": "Number of employees",
    "wages": "Costs of employees th EUR",
    "value_added": "Added value th EUR",
    "turnover": "Operating revenue (Turnover) th EUR",
}
FIRMS_A_PIECE = 125_000


def generate(folder: Path, rows: int, seed: int = 1) -> int:
    """Write ``firms.parquet`` and ``industries.csv``; return the number of rows."""
    folder.mkdir(parents=True, exist_ok=True)
    codes = _industries(folder)
    regions = _regions()
    dice = np.random.default_rng([seed, 0])
    weights = dice.dirichlet(np.full(len(regions), 0.8)), dice.dirichlet(np.full(len(codes), 0.6))
    firms, written = rows // 7 + 10, 0
    with parquet.ParquetWriter(folder / "firms.parquet", _schema(), compression="zstd") as writer:
        for first in range(0, firms, FIRMS_A_PIECE):
            size = min(FIRMS_A_PIECE, firms - first)
            table = _piece(first, size, np.random.default_rng([seed, 1, first]), regions, codes, *weights)
            table = table.slice(0, rows - written)
            writer.write_table(table)
            written += table.num_rows
    return written


def _schema() -> pa.Schema:
    types = {"firm": pa.string(), "nuts": pa.string(), "country": pa.string(), "code": pa.string(), "year": pa.int32()}
    return pa.schema([(name, types.get(ours, pa.float64())) for ours, name in COLUMNS.items()])


def _industries(folder: Path) -> npt.NDArray[np.str_]:
    """Write which industries the classes of NACE fall in, and return the classes that fall in one."""
    from observatory.stars.industries import industries_of_codes

    with (Path(__file__).parents[1] / "ingest" / "reference" / "sectors" / "nace2_isic4.csv").open() as file:
        classes = pd.read_csv(file, dtype=str)["nace2"].drop_duplicates()
    table = industries_of_codes(classes, "nace").sort_values(
        ["code", "share", "industry"], ascending=[True, False, True]
    )
    table["ranked_in"] = table.groupby("code")["industry"].transform("first")
    table.to_csv(folder / "industries.csv", index=False)
    return table["code"].unique().astype(str)


def _regions() -> pd.DataFrame:
    """353 regions: NUTS2 with their country, and countries without."""
    from ingest.regions import region_table

    inside = region_table(2013)[["region", "country"]]
    outside = pd.DataFrame({"region": None, "country": OUTSIDE[: REGIONS - len(inside)]})
    return pd.concat([inside, outside], ignore_index=True)


def _piece(
    first: int,
    size: int,
    dice: np.random.Generator,
    regions: pd.DataFrame,
    codes: npt.NDArray[np.str_],
    by_region: npt.NDArray[np.float64],
    by_code: npt.NDArray[np.float64],
) -> pa.Table:
    """Some firms in all their years, in the order of a database: firm by firm."""
    region = dice.choice(len(regions), size, p=by_region)
    code = dice.choice(len(codes), size, p=by_code)
    staff = dice.lognormal(1.6, 1.3, size)[:, None] * np.exp(dice.normal(0.02, 0.12, (size, len(YEARS))).cumsum(axis=1))
    staff = np.maximum(1, np.round(staff))
    output = staff * dice.lognormal(3.9, 0.6, size)[:, None] * dice.lognormal(0, 0.15, staff.shape)
    wages = np.round(staff * dice.lognormal(3.3, 0.3, size)[:, None])
    figures = {
        "employees": staff,
        "wages": wages,
        "value_added": np.round(output),
        "turnover": np.round(output * dice.lognormal(1.0, 0.4, size)[:, None]),
    }
    there = (dice.random(staff.shape) > 0.08) & (np.arange(len(YEARS)) >= dice.integers(-12, 4, size)[:, None])
    at, year = np.nonzero(there)
    country = regions["country"].to_numpy(str)[region]
    firm = np.char.add(country, np.char.zfill((first + np.arange(size)).astype(str), 10))
    texts = {"firm": firm, "nuts": regions["region"].to_numpy(object)[region], "country": country, "code": codes[code]}
    columns = [pa.array(text, pa.string()).take(pa.array(at)) for text in texts.values()]
    columns.append(pa.array(np.array(YEARS, dtype="int32")[year]))
    for values in figures.values():
        unknown = dice.random(len(at)) < 0.07
        columns.append(pa.array(values[there], mask=unknown))
    return pa.Table.from_arrays(columns, schema=_schema())
