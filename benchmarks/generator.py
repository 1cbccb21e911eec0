"""Files in the layouts of PATSTAT, Thomson ONE and SDC Platinum, of any size: as many rows as the 2014 study had.

3.3 million applications with 9 million inventors and 9 million symbols, 867,000 deals and 120,000 alliances, times
the scale. Firms and persons are invented, codes and places are real. The same scale and seed give the same bytes.
Beside the vendors' files lie two small tables such as a researcher keeps, for the scripts in ``peers/``:
``sectors.csv`` (scheme, symbol, naics3) and ``places.csv`` (nation, city, region).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from pyarrow import csv

APPLICATIONS, DEALS, ALLIANCES = 3_300_000, 867_000, 120_000
#: Applications (or deals) in one part of a table, as PATSTAT is delivered in parts.
PART = 3_300_000
FIRST_ID, FIRST_DEAL, FIRST_ALLIANCE = 10_000_000, 1_000_000_020, 2_000_000_045
YEARS = np.arange(1998, 2017)
OUTSIDE = ("US", "JP", "CN", "KR", "CH", "IL", "IN", "CA", "TW")
#: How many inventors, symbols and partners an event has, from 1 (partners: from 2).
INVENTORS = (0.30, 0.24, 0.19, 0.11, 0.07, 0.04, 0.02, 0.02, 0.01)
SYMBOLS = (0.31, 0.22, 0.17, 0.10, 0.07, 0.05, 0.04, 0.02, 0.02)
PARTNERS = (0.86, 0.09, 0.03, 0.02)
SUBGROUPS = 6
Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.str_]


def generate(folder: Path, scale: float = 1.0, seed: int = 1) -> dict[str, int]:
    """Write the files of one size.

    Returns
    -------
    dict
        Rows by table.
    """
    for name in ("patstat", "thomson", "sdc"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    rows = {"tls201": 0, "tls206": 0, "tls207": 0, "tls209": 0}
    for part, (first, size) in enumerate(_parts(round(APPLICATIONS * scale)), 1):
        for name, count in _patents(folder / "patstat", part, first, size, seed).items():
            rows[name] += count
    rows["deals"] = _deals(folder / "thomson", round(DEALS * scale), seed)
    rows["alliances"] = _alliances(folder / "sdc", round(ALLIANCES * scale), seed)
    _beside(folder)
    return rows


def _parts(total: int) -> list[tuple[int, int]]:
    """Cut a number of events into parts: the first of each, and how many."""
    return [(first, min(PART, total - first)) for first in range(0, total, PART)]


def _patents(folder: Path, part: int, first: int, size: int, seed: int) -> dict[str, int]:
    """Write one part of the four tables of PATSTAT."""
    dice = np.random.default_rng([seed, 201, part])
    number = FIRST_ID + first + np.arange(size)
    year = dice.choice(YEARS, size, p=_rising(len(YEARS)))
    day = np.char.add(year.astype(str), dice.choice(_days(), size))
    family = np.sort(dice.integers(0, max(1, int(size * 1.6)), size)) + 40_000_000 + 2 * first
    family = dice.permutation(family)
    office = dice.choice(np.array(["EP", "US", "WO"]), size, p=[0.9, 0.06, 0.04])
    _write(
        folder / f"tls201_part{part:02d}.csv",
        appln_id=number,
        appln_auth=office,
        appln_nr=number + 50_000_000,
        appln_kind=np.full(size, "A "),
        appln_filing_date=day,
        appln_filing_year=year,
        docdb_family_id=family,
    )
    people = _people(folder, part, number, dice)
    symbols = _symbols(folder, part, number, dice)
    return {"tls201": size, **people, **symbols}


def _people(folder: Path, part: int, number: Ints, dice: np.random.Generator) -> dict[str, int]:
    """Write persons and their applications: neighbours in the list often live in one region."""
    many = 1 + dice.choice(len(INVENTORS), len(number), p=INVENTORS)
    persons = max(20, int(len(number) * 1.1))
    start = dice.integers(0, persons - len(INVENTORS), len(number))
    at = _within(many)
    person = np.repeat(start, many) + at
    role = np.where(dice.random(len(person)) < 0.98, at + 1, 0)
    base = 1_000_000 + part * 100_000_000
    order = np.argsort(person, kind="stable")
    _write(
        folder / f"tls207_part{part:02d}.csv",
        person_id=(base + person)[order],
        appln_id=np.repeat(number, many)[order],
        applt_seq_nr=np.where(role == 0, 1, 0)[order],
        invt_seq_nr=role[order],
    )
    nuts = np.array(_nuts3())
    home = dice.choice(len(nuts), persons, p=_uneven(len(nuts)))
    block = np.arange(persons) // 8 * 8
    home = np.where(dice.random(persons) < 0.6, home[block], home)
    code, country = nuts[home], nuts[home].astype("U2")
    away, lost = dice.random(persons) < 0.12, dice.random(persons) < 0.02
    _write(
        folder / f"tls206_part{part:02d}.csv",
        person_id=base + np.arange(persons),
        person_name=np.char.add("Inventor ", np.arange(persons).astype(str)),
        person_ctry_code=np.where(away, dice.choice(np.array(OUTSIDE), persons), np.where(lost, "DE", country)),
        nuts=np.where(away | lost, "", code),
        nuts_level=np.where(away | lost, 9, 3),
    )
    return {"tls206": persons, "tls207": len(person)}


def _symbols(folder: Path, part: int, number: Ints, dice: np.random.Generator) -> dict[str, int]:
    """Write the symbols: most of an application's are of its own subclass or of one near by."""
    known = np.array(_ipc())
    groups = len(known) // SUBGROUPS
    many = 1 + dice.choice(len(SYMBOLS), len(number), p=SYMBOLS)
    main = np.repeat(dice.choice(groups, len(number), p=_uneven(groups)), many)
    other = dice.choice(groups, len(main), p=_uneven(groups))
    near = (main + dice.integers(0, 12, len(main))) % groups
    way = dice.random(len(main))
    group = np.where(way < 0.5, main, np.where(way < 0.8, near, other))
    symbol = group * SUBGROUPS + dice.integers(0, SUBGROUPS, len(main))
    # Each symbol of an application once, as in PATSTAT.
    pairs = np.unique(np.repeat(np.arange(len(number)), many) * len(known) + symbol)
    _write(
        folder / f"tls209_part{part:02d}.csv",
        appln_id=number[pairs // len(known)],
        ipc_class_symbol=pa.DictionaryArray.from_arrays(pa.array(pairs % len(known), pa.int32()), pa.array(_ipc())),
        ipc_class_level=np.full(len(pairs), "A"),
    )
    return {"tls209": len(pairs)}


def _deals(folder: Path, size: int, seed: int) -> int:
    """Write the deals of Thomson ONE."""
    dice = np.random.default_rng([seed, 8])
    codes = np.array(_naics())
    own = dice.choice(len(codes), size, p=_uneven(len(codes)))
    other = dice.choice(len(codes), size, p=_uneven(len(codes)))
    bought = np.where(dice.random(size) < 0.55, own, other)
    day, sides = _day(dice, size), {}
    for side, code in (("Target", bought), ("Acquiror", own)):
        place = dice.choice(len(_places()), size, p=_uneven(len(_places())))
        sides |= {
            f"{side} Name": np.char.add("Firm ", dice.integers(0, 400_000, size).astype(str)),
            f"{side} Nation": _places()["nation"].to_numpy(str)[place],
            f"{side} City": _places()["city"].to_numpy(str)[place],
            f"{side} Primary NAIC Code": codes[code],
        }
    status = dice.choice(np.array(["Completed", "Pending", "Withdrawn"]), size, p=[0.88, 0.05, 0.07])
    worth = np.round(dice.lognormal(2.5, 1.8, size), 3).astype(str)
    _write(
        folder / "deals.csv",
        **{"Date Announced": day, "Date Effective": day},
        **sides,
        **{"Value of Transaction ($mil)": np.where(dice.random(size) < 0.6, worth, "-"), "Status": status},
        **{"Deal Number": FIRST_DEAL + np.arange(size)},
    )
    return size


def _alliances(folder: Path, size: int, seed: int) -> int:
    """Write the alliances of SDC Platinum, a row a participant."""
    dice = np.random.default_rng([seed, 9])
    codes = np.array(_sic())
    many = 2 + dice.choice(len(PARTNERS), size, p=PARTNERS)
    rows = int(many.sum())
    place = dice.choice(len(_places()), rows, p=_uneven(len(_places())))
    firm = np.repeat(dice.integers(0, 400_000, size), many) + _within(many)
    main = np.repeat(dice.choice(len(codes), size, p=_uneven(len(codes))), many)
    other = dice.choice(len(codes), rows, p=_uneven(len(codes)))
    _write(
        folder / "alliances.csv",
        **{
            "Deal Number": np.repeat(FIRST_ALLIANCE + np.arange(size), many),
            "Alliance Date Announced": np.repeat(_day(dice, size), many),
            "Status": np.repeat(dice.choice(np.array(["Completed/Signed", "Rumor"]), size, p=[0.95, 0.05]), many),
            "Participants in Venture / Alliance (Long Name - 1 Line)": np.char.add("Firm ", firm.astype(str)),
            "Participant Nation": _places()["nation"].to_numpy(str)[place],
            "Participant City": _places()["city"].to_numpy(str)[place],
            "Participant Primary SIC Code": codes[np.where(dice.random(rows) < 0.5, main, other)],
        },
    )
    return rows


def generate_alliances(folder: Path, rows: int, seed: int = 1) -> int:
    """Write alliances with about so many participants; return how many."""
    mean = 2 + float(np.dot(np.arange(len(PARTNERS)), PARTNERS))
    return _alliances(folder, round(rows / mean), seed)


def _day(dice: np.random.Generator, size: int) -> Texts:
    """Draw days as Americans write them."""
    year = dice.choice(YEARS, size, p=_rising(len(YEARS))).astype(str)
    month, day = np.char.zfill((1 + dice.integers(0, 12, size)).astype(str), 2), dice.integers(1, 29, size)
    return np.char.add(np.char.add(month, "/"), np.char.add(np.char.add(np.char.zfill(day.astype(str), 2), "/"), year))


@cache
def _days() -> Texts:
    return np.array([f"-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29)])


def _within(many: Ints) -> Ints:
    """Count from 0 within each event."""
    ends = np.cumsum(many)
    return np.arange(int(ends[-1])) - np.repeat(ends - many, many)


@cache
def _uneven(size: int) -> npt.NDArray[np.float64]:
    """Give few places much and many little, in a fixed order that is not that of the list."""
    weight = 1.0 / (np.arange(size) + 5.0)
    weight = np.random.default_rng(size).permutation(weight)
    return np.asarray(weight / weight.sum())


@cache
def _rising(size: int) -> npt.NDArray[np.float64]:
    weight = np.linspace(1.0, 1.8, size)
    return np.asarray(weight / weight.sum())


def _write(file: Path, **columns: npt.NDArray[np.generic] | pa.Array) -> None:
    """Write a table, by columns."""
    table = pa.table({name: pa.array(cells) for name, cells in columns.items()})
    csv.write_csv(table, file, csv.WriteOptions(quoting_style="none", batch_size=65_536))


def _reference(table: str) -> pd.DataFrame:
    with resources.as_file(resources.files("ingest") / "reference" / table) as file:
        return pd.read_csv(file, dtype=str)


@cache
def _nuts3() -> list[str]:
    """List the NUTS3 regions of 2013."""
    codes = _reference("regions/codes.csv")
    fit = codes["versions"].str.contains("2013") & (codes["code"].str.len() == 5)
    return sorted(codes.loc[fit & (codes["nuts2013"] == codes["code"].str[:4]), "code"])


@cache
def _ipc() -> list[str]:
    """List some symbols of each subclass, so many of one that a subclass is a run of the list."""
    subclasses = sorted({ipc[:4] for ipc in _reference("sectors/wipo_ipc.csv")["ipc"] if len(ipc) >= 4})
    groups = [f"{subclass}{main:4d}" for subclass in subclasses for main in (1, 3, 5, 7)]
    symbols = [f"{group}/{sub:02d}" for group in groups for sub in range(0, 2 * SUBGROUPS, 2)]
    known = set(_coded("ipc", symbols)["symbol"])
    return [s for group in groups for s in symbols_of(group) if f"{group}/00" in known]


def symbols_of(group: str) -> list[str]:
    """List the symbols of a main group."""
    return [f"{group}/{sub:02d}" for sub in range(0, 2 * SUBGROUPS, 2)]


@cache
def _naics() -> list[str]:
    codes = [code for code in _reference("sectors/naics_titles.csv")["naics"] if len(code) == 6]
    return sorted(_coded("naics", codes)["symbol"].unique())


@cache
def _sic() -> list[str]:
    return sorted(_coded("sic", _reference("sectors/sic_naics.csv")["sic"].unique().tolist())["symbol"].unique())


@cache
def _places() -> pd.DataFrame:
    """List towns with nation and region, and some nations outside NUTS."""
    from ingest.countries import country_name
    from ingest.regions import place

    with resources.as_file(resources.files("ingest") / "reference" / "regions" / "places.parquet") as file:
        towns = pd.read_parquet(file, columns=["country", "name", "big"])
    towns = towns[towns["big"] & towns["name"].str.fullmatch("[a-z ]+")].drop_duplicates(["country", "name"])
    towns = pd.DataFrame({"nation": towns["country"].map(country_name), "city": towns["name"].str.title()})
    away = pd.DataFrame({"nation": list(map(country_name, OUTSIDE)), "city": "Springfield"})
    table = pd.concat([towns, away], ignore_index=True).sort_values(["nation", "city"], ignore_index=True)
    asked = table.rename(columns={"nation": "country"}).assign(region_code=None, postcode=None)
    table["region"] = place(asked)["region"].to_numpy()
    return table.dropna().iloc[::8].reset_index(drop=True)


def _coded(scheme: str, symbols: Sequence[str]) -> pd.DataFrame:
    from ingest.sectors import to_naics

    return to_naics(pd.DataFrame({"scheme": scheme, "symbol": list(symbols)}))


def _beside(folder: Path) -> None:
    """Write the small tables that a researcher keeps."""
    from ingest.regions import place

    lists = (("ipc", _ipc()), ("naics", _naics()), ("sic", _sic()))
    coded = pd.concat([_coded(scheme, symbols) for scheme, symbols in lists], ignore_index=True)
    coded["naics3"] = coded["naics"].map(_subsector)
    coded[["scheme", "symbol", "naics3"]].to_csv(folder / "sectors.csv", index=False)
    asked = pd.DataFrame({"region_code": None, "postcode": None, "city": None, "country": OUTSIDE})
    away = pd.DataFrame({"nation": OUTSIDE, "city": "", "region": place(asked)["region"].to_numpy()}).dropna()
    pd.concat([_places(), away]).to_csv(folder / "places.csv", index=False)


@cache
def _subsector(naics: str) -> str:
    from ingest.levels import sectors_at

    return str(sectors_at([naics], "naics3")["sector"].iloc[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    print(generate(chosen.folder, chosen.scale, chosen.seed))


if __name__ == "__main__":
    main()
