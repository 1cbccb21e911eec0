"""Names of organisations: how right the levels are on labelled pairs, how long a million names take.

python benchmarks/names.py [--names 1000000] [--part pairs|time] [--jobs 2]
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import sys
import time
from collections import Counter
from pathlib import Path

import pandas as pd

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from ingest.names_compared import FIELDS, Organisation, compare
from ingest.organisations import ACCEPT, REVIEW, match_names
from observatory.side_by_side import Workers

PAIRS = Path(__file__).parent.parent / "tests" / "ingest" / "pairs_of_names.csv"
COUNTRIES = ("DE", "FR", "IT", "UK", "ES", "PL", "NL", "SE", "AT", "BE")
FORMS = ("GmbH", "SA", "S.p.A.", "Ltd", "S.L.", "Sp. z o.o.", "B.V.", "AB", "AG", "NV")
TRADES = ("Systems", "Technologies", "Engineering", "Pharma", "Consulting", "Energy", "Foods", "Logistics", "Labs", "")


def compared() -> pd.DataFrame:
    """Compare every labelled pair: ``part, same, level, score``."""
    with PAIRS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = [
        compare(
            Organisation(row["name"], row["country"], row["region"]),
            Organisation(row["other_name"], row["other_country"], row["other_region"]),
        )
        for row in rows
    ]
    return pd.DataFrame(
        {
            "part": [row["part"] for row in rows],
            "same": [row["same"] == "1" for row in rows],
            "level": [one.level for one in found],
            "score": [one.score for one in found],
        }
    )


def accuracy(pairs: pd.DataFrame, accept: float) -> dict[str, float]:
    """Precision and recall of what is taken from `accept` on."""
    taken = pairs["score"] >= accept
    right = int((taken & pairs["same"]).sum())
    return {
        "pairs": len(pairs),
        "same": int(pairs["same"].sum()),
        "precision": right / max(int(taken.sum()), 1),
        "recall": right / max(int(pairs["same"].sum()), 1),
        "in doubt": int(((pairs["score"] >= REVIEW) & ~taken).sum()),
    }


def generated(number: int, seed: int = 1) -> pd.DataFrame:
    """Invent firms, a third of them written twice with another form, another case or a slip."""
    chance = random.Random(seed)
    parts = ("ba", "ker", "lo", "mit", "son", "dra", "vel", "tor", "ne", "quist", "gar", "ho", "zen", "ri", "um", "pel")
    rows = []
    while len(rows) < number:
        word = "".join(chance.choices(parts, k=chance.randint(2, 4))).title()
        second = "".join(chance.choices(parts, k=chance.randint(1, 3))).title() if chance.random() < 0.6 else ""
        place = chance.randrange(len(COUNTRIES))
        name = " ".join(filter(None, (word, second, chance.choice(TRADES), FORMS[place])))
        rows.append((name, COUNTRIES[place], "", ""))
        if chance.random() < 1 / 3:
            cut = chance.randrange(1, max(len(name) - 6, 2))
            other = chance.choice((name.upper(), name.rsplit(" ", 1)[0], name[:cut] + name[cut + 1 :]))
            rows.append((other, COUNTRIES[place], "", ""))
    return pd.DataFrame(rows[:number], columns=list(FIELDS))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--part", choices=["pairs", "time"])
    parser.add_argument("--jobs", type=int, default=1, help="processes that take names apart and compare them")
    given = parser.parse_args()
    if given.part != "time":
        pairs = compared()
        print("| pairs | number | same | taken from | precision | recall | left to a person |")
        print("|---|---|---|---|---|---|---|")
        for part in (*sorted(set(pairs["part"])), "all"):
            chosen = pairs if part == "all" else pairs[pairs["part"] == part]
            for accept in (90.0, ACCEPT, 97.5) if part == "all" else (ACCEPT,):
                one = accuracy(chosen, accept)
                print(
                    f"| {part} | {one['pairs']} | {one['same']} | {accept:g} | {one['precision']:.4f} |"
                    f" {one['recall']:.4f} | {one['in doubt']} |"
                )
        print("\n| level | pairs | the same |\n|---|---|---|")
        for level, rows in Counter(pairs["level"]).most_common():
            print(f"| {level} | {rows} | {int(pairs.loc[pairs['level'] == level, 'same'].sum())} |")
    if given.part != "pairs":
        print("\n| names | different | organisations | in doubt | seconds | processor here | peak here, GB |")
        print("|---|---|---|---|---|---|---|")
        for number in sorted({given.names // 10, given.names}):
            table = generated(number)
            start, busy = time.perf_counter(), time.process_time()
            with Workers(given.jobs) as workers:
                found = match_names(table, apply=workers.map)
            took, busy = time.perf_counter() - start, time.process_time() - busy
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
            print(
                f"| {number:,} | {len(found.organisations):,} | {found.organisations['organisation'].nunique():,} |"
                f" {len(found.doubtful):,} | {took:.1f} | {busy:.1f} | {memory:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
