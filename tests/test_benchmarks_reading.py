"""The benchmark of reading runs at small size, and what it publishes holds there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd

from ingest import read

ROOT = Path(__file__).parent.parent


def test_it_reads_what_it_writes_and_tells_the_rows() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "reading.py"), "--scale", "0.001", "--scale", "0.002"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines() if "|" in line]
    table = pd.DataFrame(lines[2:], columns=lines[0])
    assert table["source"].tolist() == ["regpat", "regpat", "sdc", "sdc"]
    numbers = table.drop(columns=["source", "µs a row more"]).replace(",", "", regex=True).astype(float)
    # Of invented rows nearly all can be used: duplicates and rumours cannot.
    assert (numbers["used"] / numbers["rows read"]).between(0.9, 0.999).all()
    assert numbers["people"].tolist() == sorted(numbers["people"][:2]) + sorted(numbers["people"][2:])
    assert (numbers["peak, MB"] > 50).all()


def test_inventors_lie_where_the_codes_say(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT))
    try:
        from benchmarks.regpat_files import generate_regpat
    finally:
        sys.path.remove(str(ROOT))
    rows = generate_regpat(tmp_path, 300)
    records = read("regpat", sorted(tmp_path.iterdir()))
    assert records.ledger.set_index("reason")["rows"]["read"] == sum(rows.values())
    placed = records.participants.select("region").collect("pandas").to_native()["region"]
    assert placed.notna().all()
