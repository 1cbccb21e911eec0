"""How long the report of a large run takes, beside its drawing alone: ``python benchmarks/report.py FOLDER``.

The run has 300 regions, 300 sectors and 20,000 links (`big_run.py`); it is made in FOLDER where it is not there yet.
What a reader waits for is told by the clock: the document gathered, then page and workbook written (the workbook by a
process of its own, on the other core), aim 20 s; the PDF, aim 10 s. Then each part alone, with its processor time,
and the ratio to the peer: pandas writing the same sheets through the same library, `DataFrame.to_excel`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

import pandas as pd

from benchmarks.big_run import big_run

AIMS = {"page and workbook": 20.0, "PDF": 10.0}


def timed(what: str, work: Callable[[], Any], told: dict[str, tuple[float, float]]) -> Any:
    """Do a part; keep its wall and processor time."""
    wall, processor = time.perf_counter(), time.process_time()
    found = work()
    told[what] = (time.perf_counter() - wall, time.process_time() - processor)
    return found


def peer(sheets: list[dict[str, Any]], file: Path) -> None:
    """Write the same sheets with pandas."""
    with pd.ExcelWriter(file, engine="xlsxwriter") as book:
        for one in sheets:
            frame = pd.DataFrame(one["rows"], columns=[column["name"] for column in one["columns"]])
            frame.to_excel(book, sheet_name=one["name"], index=False)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path, help="where the run is, or is to be made")
    run = big_run(asked.parse_args().folder)
    from observatory.material import Material
    from observatory.report.document import document
    from observatory.report.files import USUAL, read_document, write_files
    from observatory.report.page import render
    from observatory.report.pdf import write_pdf
    from observatory.report.workbook import write_sheets

    told: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as room:
        folder, alone = Path(room, "report"), Path(room, "alone")
        folder.mkdir()
        alone.mkdir()
        one = timed("gathered", lambda: document(Material(run, None)), told)
        timed("written, page and workbook", lambda: write_files(one, folder, USUAL), told)
        read = timed("report.json read back", lambda: read_document(folder), told)
        timed("PDF", lambda: write_pdf(read, folder / "report.pdf"), told)
        # The parts of what is written, one after the other: the workbook has a process of its own in a report.
        timed("report.json", one.json, told)
        again = document(Material(run, None))
        timed("figures drawn", lambda: dict(again.drawings), told)
        timed("page", lambda: render(read), told)
        timed("workbook", lambda: write_sheets(alone / "tables.xlsx", read.data["sheets"]), told)
        timed("the sheets by pandas", lambda: peer(read.data["sheets"], alone / "peer.xlsx"), told)
        sizes = {file.name: file.stat().st_size for file in sorted(folder.iterdir()) if file.is_file()}
    print(f"{'part':<32}{'wall, s':>10}{'processor, s':>14}")
    for what, (wall, processor) in told.items():
        print(f"{what:<32}{wall:>10.1f}{processor:>14.1f}")
    wall = told["gathered"][0] + told["written, page and workbook"][0]
    paper = told["report.json read back"][0] + told["PDF"][0]
    print(f"\npage and workbook: {wall:.1f} s (aim {AIMS['page and workbook']:.0f}); ", end="")
    print(f"PDF from the document: {paper:.1f} s (aim {AIMS['PDF']:.0f})")
    print(f"workbook beside pandas: {told['workbook'][1] / told['the sheets by pandas'][1]:.2f} of its processor time")
    print("; ".join(f"{name} {size / 1e6:.1f} MB" for name, size in sizes.items()))


if __name__ == "__main__":
    main()
