"""Execute a notebook in this folder and print, for each code cell, the kinds of its outputs and their text."""

from __future__ import annotations

import json
import sys

import nbformat
from nbclient import NotebookClient

if __name__ == "__main__":
    notebook = nbformat.read(sys.argv[1], as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    cells = [
        [dict(output.get("data", {"text/plain": output.get("text", "")})) for output in cell["outputs"]]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    sys.stdout.write(json.dumps(cells))
