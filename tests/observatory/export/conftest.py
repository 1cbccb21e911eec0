"""What the tests of exports read: the small run, and a copy of it with odd names and a network without links."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest

from observatory.export import Content, chosen
from observatory.gallery import gallery
from observatory.material import Material
from observatory.store import Run, open_run

#: Labels that some format could take for its own signs.
ODD = (
    "<script>alert(1)</script>",
    '=cmd("calc")',
    "../../etc/passwd",
    "say \"no\" & 'yes'",
    "two\nlines\tand a tab",
    "Île-de-France & Söhne, Łódź",
    "nothing\x00here\x1b",
    "日本 &#233; 100 %",
    "-1+2",
    "]]> <!-- {{x}} ${y}",
)
WITHOUT = "sector__deal__2000-2007"
#: Figures that stand for all where a format is tried: bars, a network, a map.
FEW = ("rows", "networks-copatent", "map-hot-spots")


@pytest.fixture(scope="session")
def content(small_run: Run) -> Content:
    """The small run with all its networks, and three of its figures."""
    material = Material(small_run, None)
    return with_few(Content(material, chosen(material)))


@pytest.fixture(scope="session")
def odd(small_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Content:
    """The small run with odd labels, and a network whose nodes are all isolates."""
    folder = shutil.copytree(small_run.folder, tmp_path_factory.mktemp("odd") / "run")
    for path in sorted((folder / "communities").glob("*__*__*.parquet")):
        table = pd.read_parquet(path)
        table["label"] = [ODD[place % len(ODD)] for place in range(len(table))]
        if path.stem == WITHOUT:
            table = table.assign(community=-1, stability=float("nan"), role="left out")
        table.to_parquet(path, index=False)
    links = folder / "networks" / f"{WITHOUT}.parquet"
    pd.read_parquet(links).iloc[:0].to_parquet(links, index=False)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["title"] = ODD[0]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    material = Material(open_run(folder), None)
    return with_few(Content(material, chosen(material)))


def with_few(content: Content) -> Content:
    """Keep three figures: drawing all of them in every format takes minutes."""
    every = gallery(content.material)
    content.__dict__["pictures"] = {name: every[name] for name in FEW}
    return content
