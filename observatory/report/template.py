"""A report to go on with: a Quarto document, and the same as a notebook, that read the run's own files."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from observatory.store import Run

QUARTO, NOTEBOOK = "report.qmd", "report.ipynb"
#: Words and code by turns; `RUN` and `LAST` are put in when they are written.
CELLS = (
    ("words", "# What was read\n\nEvery row is used or set aside for one reason; weight is in events."),
    ("code", 'run.table("ledger.csv")'),
    ("words", "# Cross-sectoral events year by year"),
    (
        "code",
        'series = run.table("series.parquet")\n'
        'series = series[(series["kind"] == "sector") & (series["of"] != "all")]\n'
        'alt.Chart(series[["of", "year", "cross_sectoral"]]).mark_line(point=True).encode(\n'
        '    alt.X("year:Q", title="Year", axis=alt.Axis(format="d")),\n'
        '    alt.Y("cross_sectoral:Q", title="Cross-sectoral events"),\n'
        '    alt.Color("of:N", title="Kind of event"),\n'
        ").properties(width=620, height=260)",
    ),
    ("words", "# The strongest links of the last period\n\nAssociation: weight over what chance would give."),
    (
        "code",
        'nodes = run.table(f"communities/sector__all__{LAST}.parquet").set_index("node")["label"]\n'
        'links = run.table(f"networks/sector__all__{LAST}.parquet")\n'
        'links = links.assign(source=links["source"].map(nodes), target=links["target"].map(nodes))\n'
        'columns = ["source", "target", "events", "association", "q"]\n'
        'links.sort_values(["events", "source", "target"], ascending=[False, True, True])[columns].head(20)',
    ),
    ("words", "# Collaboration spaces"),
    (
        "code",
        "spaces = pd.DataFrame(\n"
        '    [{"period": s["period"], "space": s["name"], "sectors": len(s["members"]), "stability": s["stability"],\n'
        '      "weight inside": s["weight_inside"]} for s in run.spaces if s["source"] == "all"]\n'
        ")\n"
        "spaces",
    ),
    ("words", "# What changed\n\nLog odds over 0: a larger share of all events than before."),
    (
        "code",
        'name = "change/sector__all.parquet"\n'
        "changed = run.table(name) if run.names(name) else pd.DataFrame()\n"
        'changed["class"].value_counts() if len(changed) else "one period: nothing to compare with"',
    ),
    ("words", "# Spaces beside stars"),
    (
        "code",
        'name = "stars/quadrants.parquet"\n'
        "quadrants = run.table(name) if run.names(name) else pd.DataFrame()\n"
        "quadrants.head(20)",
    ),
)


def write_template(run: Run, folder: Path, place: Path | None = None) -> Path:
    """Write ``report.qmd`` and ``report.ipynb``, which read the run from where they are put.

    Parameters
    ----------
    run
        The run.
    folder
        Where to write them.
    place
        Where they will lie, if not there: the way to the run is told from here.

    Returns
    -------
    Path
        The Quarto document.
    """
    way = Path(os.path.relpath(run.folder.resolve(), (place or folder).resolve())).as_posix()
    last = max(f"{first}-{last}" for first, last in run.manifest["settings"]["periods"])
    begin = (
        "from pathlib import Path\n\nimport altair as alt\nimport pandas as pd\n\nfrom observatory import open_run\n\n"
        f'RUN, LAST = Path({way!r}), {last!r}\nalt.renderers.enable("svg")\nrun = open_run(RUN)\nrun'
    )
    cells = [("code", begin), *CELLS]
    (folder / QUARTO).write_text(_quarto(run.manifest["title"], cells), encoding="utf-8", newline="\n")
    book = json.dumps(_notebook(run.manifest["title"], cells), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / NOTEBOOK).write_text(book + "\n", encoding="utf-8", newline="\n")
    return folder / QUARTO


def _quarto(title: str, cells: list[tuple[str, str]]) -> str:
    """Write words as they are and code in fences; the title is JSON, which YAML reads as a quoted text."""
    said = json.dumps(title, ensure_ascii=False)
    head = f"---\ntitle: {said}\nformat:\n  html:\n    embed-resources: true\njupyter: python3\n---\n"
    parts = [text if kind == "words" else f"```{{python}}\n{text}\n```" for kind, text in cells]
    return head + "\n" + "\n\n".join(parts) + "\n"


def _notebook(title: str, cells: list[tuple[str, str]]) -> dict[str, Any]:
    """Lay the cells out as a notebook of version 4.5, without outputs."""
    head = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": f"# {title}"}
    body: list[dict[str, Any]] = [
        {"cell_type": "markdown", "id": f"cell-{place}", "metadata": {}, "source": text}
        if kind == "words"
        else {"cell_type": "code", "id": f"cell-{place}", "metadata": {}, "source": text, "outputs": [],
              "execution_count": None}
        for place, (kind, text) in enumerate(cells)
    ]  # fmt: skip
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": [head, *body], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
