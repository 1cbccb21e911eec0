"""Files in the layout of OECD REGPAT, of any size: inventors in real regions with invented names, real IPC symbols."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.generator import INVENTORS, SYMBOLS, _ipc, _nuts3, _uneven, _within

#: Inventors of an application, on average.
MEAN = float(np.dot(np.arange(1, len(INVENTORS) + 1), INVENTORS))
YEARS = np.arange(1998, 2017)
HEAD = "app_nbr|appln_id|person_id|inv_name|address|city|postal_code|reg_code|ctry_code|reg_share|inv_share"


def generate_regpat(folder: Path, rows: int, seed: int = 1) -> dict[str, int]:
    """Write the inventors and the IPC symbols of as many applications as have about so many inventors.

    Returns
    -------
    dict
        Rows by table.
    """
    folder.mkdir(parents=True, exist_ok=True)
    dice = np.random.default_rng([seed, 77])
    size = round(rows / MEAN)
    number = 10_000_000 + np.arange(size)
    names = np.char.add("EP", number.astype(str))
    many = 1 + dice.choice(len(INVENTORS), size, p=INVENTORS)
    at = np.repeat(np.arange(size), many)
    nuts = np.array(_nuts3())
    home = dice.choice(len(nuts), size, p=_uneven(len(nuts)))[at]
    home = np.where(dice.random(len(at)) < 0.6, home, dice.choice(len(nuts), len(at), p=_uneven(len(nuts))))
    share = np.round(1 / many, 6).astype(str)[at]
    person = (20_000_000 + dice.integers(0, 2 * len(at), len(at))).astype(str)
    columns = [
        names[at], number.astype(str)[at], person, np.char.add("Inventor ", person), np.full(len(at), "1, High Street"),
        np.full(len(at), ""), np.full(len(at), ""), nuts[home], nuts[home].astype("U2"), np.full(len(at), "1"), share,
    ]  # fmt: skip
    _write(folder / "201401_EPO_Inv_reg.txt", HEAD, columns)
    lots = 1 + dice.choice(len(SYMBOLS), size, p=SYMBOLS)
    of = np.repeat(np.arange(size), lots)
    known = np.array(_ipc())
    main = dice.choice(len(known), size, p=_uneven(len(known)))[of]
    symbol = known[np.where(_within(lots) == 0, main, (main + dice.integers(0, 40, len(of))) % len(known))]
    year = dice.choice(YEARS, size).astype(str)[of]
    columns = [names[of], number.astype(str)[of], year, year, np.char.replace(symbol, "    ", "   ")]
    _write(folder / "201401_EPO_IPC.txt", "app_nbr|appln_id|prio_year|app_year|IPC", columns)
    return {"inv_reg": len(at), "ipc": len(of)}


def _write(file: Path, head: str, columns: list[npt.NDArray[np.str_]]) -> None:
    lines = columns[0]
    with file.open("w", encoding="utf-8", newline="\n") as out:
        out.write(head + "\n")
        for start in range(0, len(lines), 100_000):
            part = [column[start : start + 100_000].tolist() for column in columns]
            out.writelines("|".join(row) + "\n" for row in zip(*part, strict=True))
