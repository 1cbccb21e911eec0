"""How long the report of a large run takes, beside its drawing alone: ``python benchmarks/report.py FOLDER``.

The run has 300 regions, 300 sectors and 20,000 links (`big_run.py`); it is made in FOLDER where it is not there yet.
Each part is timed by itself in one process, wall and processor time; the aims are 20 s for page and workbook and 10 s
for the PDF on a machine at rest. On a busy machine read the processor time, and the ratio to the peer: pandas writing
the same sheets through the same library, `DataFrame.to_excel`.
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
    from observatory.report.files import read_document
    from observatory.report.page import render
    from observatory.report.pdf import write_pdf
    from observatory.report.tables import write_sheets

    told: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        one = timed("document (gathered and drawn)", lambda: document(Material(run, None)), told)
        (folder / "figures").mkdir()
        timed("report.json", lambda: (folder / "report.json").write_text(one.json(), encoding="utf-8"), told)
        for name, svg in one.drawings.items():
            (folder / name).write_text(svg, encoding="utf-8")
        read = timed("report.json read back", lambda: read_document(folder), told)
        timed("page", lambda: (folder / "index.html").write_text(render(read), encoding="utf-8"), told)
        timed("workbook", lambda: write_sheets(folder / "tables.xlsx", read.data["sheets"]), told)
        timed("PDF", lambda: write_pdf(read, folder / "report.pdf"), told)
        timed("the sheets by pandas", lambda: peer(read.data["sheets"], folder / "peer.xlsx"), told)
        sizes = {file.name: file.stat().st_size for file in sorted(folder.iterdir()) if file.is_file()}
    print(f"{'part':<32}{'wall, s':>10}{'processor, s':>14}")
    for what, (wall, processor) in told.items():
        print(f"{what:<32}{wall:>10.1f}{processor:>14.1f}")
    parts = [times for what, times in told.items() if what not in ("PDF", "the sheets by pandas")]
    wall, processor = (sum(times[place] for times in parts) for place in (0, 1))
    print(f"{'page and workbook, all':<32}{wall:>10.1f}{processor:>14.1f}   aim {AIMS['page and workbook']:.0f} s")
    print(f"{'PDF, from the document':<32}{told['PDF'][0]:>10.1f}{told['PDF'][1]:>14.1f}   aim {AIMS['PDF']:.0f} s")
    print(f"workbook beside pandas: {told['workbook'][1] / told['the sheets by pandas'][1]:.2f} of its processor time")
    print("; ".join(f"{name} {size / 1e6:.1f} MB" for name, size in sizes.items()))


if __name__ == "__main__":
    main()
