"""Figures as files: the same bytes each time, whole without a network, and nothing that breaks out."""

import hashlib
import re
import struct
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from observatory.figures import palette
from observatory.figures.funnel import funnel
from observatory.figures.nuts_map import nuts_map
from observatory.figures.output import embed, to_png, to_svg

REGIONS = pd.DataFrame({"region": ["DK01", "SE22"], "group": [0, 1], "label": ["a", "b"], "value": [1.0, 2.0]})
WORDS = {"title": "A title", "subtitle": "events", "source": "Invented"}
SAME = """
import hashlib, pandas as pd
from observatory.figures.funnel import funnel
from observatory.figures.output import to_svg
data = pd.DataFrame({"source": ["deals"] * 2, "reason": ["read", "used"], "rows": [3, 2]})
chart = funnel(data, title="A title", subtitle="events", source="Invented")
print(hashlib.sha256(to_svg(chart).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def chart():
    return nuts_map(REGIONS, **WORDS)


def ledger(reason="used"):
    return pd.DataFrame({"source": ["deals"] * 2, "reason": ["read", reason], "rows": [3, 2]})


def test_a_picture_is_the_same_twice(chart):
    once = to_svg(chart)
    assert to_svg(nuts_map(REGIONS, **WORDS)) == once


def test_a_picture_is_the_same_in_a_fresh_process():
    once = to_svg(funnel(ledger(), **WORDS))
    ran = subprocess.run(
        [sys.executable, "-c", SAME], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert ran.stdout.strip() == hashlib.sha256(once.encode()).hexdigest()


def test_every_id_that_is_used_is_there(chart):
    picture = to_svg(chart)
    assert set(re.findall(r"url\(#(\w+)\)", picture)) <= set(re.findall(r'\bid="(\w+)"', picture))
    assert "clip-path" in picture


def test_words_are_in_the_picture(chart):
    picture = to_svg(chart)
    for word in ("A title", "events", "Invented", "approximate", "Space 1", "Canarias", palette.hue(1)):
        assert word in picture


def test_a_png_has_the_size_asked_for():
    small, large = (to_png(funnel(ledger(), **WORDS), scale) for scale in (1, 2))
    assert small[:8] == b"\x89PNG\r\n\x1a\n"
    width, double = (struct.unpack(">I", picture[16:20])[0] for picture in (small, large))
    assert abs(double - 2 * width) <= 2


def test_a_page_asks_nothing_of_the_network_and_holds_what_draws_once(chart):
    page = embed({"map": chart, "again": nuts_map(REGIONS.head(1), **WORDS), "ledger": funnel(ledger(), **WORDS)})
    whole = page.script + "".join(page.figures.values())
    assert not re.search(r'(?:src|href)\s*=\s*["\']?https?:', whole)
    assert page.script.count("window.vegaEmbed") == 1
    assert len(page.figures["map"]) < 80_000  # both maps draw the same shapes
    assert page.figures["again"].count("structuredClone(window.figureData[") == 2  # regions, neighbours
    assert "figureData" not in page.figures["ledger"]


def test_a_figure_tells_those_who_cannot_see_it(chart):
    figure = embed({"map": chart}).figures["map"]
    assert 'role="img" aria-label="Map. A title. Regions by space: Space 1 1, Space 2 1."' in figure
    assert '<th scope="col">region</th>' in figure and "<td>DK01</td>" in figure


def test_words_of_a_source_cannot_end_the_script_or_add_to_the_page():
    page = embed({"a": funnel(ledger("</script><img src=x><!--"), **WORDS)})
    assert page.figures["a"].count("</script>") == 1
    assert "<!--" not in page.figures["a"]
    assert "&lt;img src=x&gt;" in page.figures["a"].split("<details>")[1]
    assert "<img" not in page.figures["a"].split("<details>")[1]


def test_empty_cells_are_empty():
    data = REGIONS.assign(value=[None, 1234.5])
    figure = embed({"map": nuts_map(data, **WORDS)}).figures["map"]
    assert "<td></td>" in figure and "<td>1,234.5</td>" in figure


def test_a_name_that_is_no_id_is_refused(chart):
    with pytest.raises(ValueError, match="figure names"):
        embed({"1 map": chart})


def test_hues_are_distinct_and_never_run_out():
    assert len({palette.hue(n) for n in range(24)} | {palette.NONE}) == 25


def test_control_signs_in_names_do_not_end_the_process():
    ledger = pd.DataFrame({"source": ["de\x00als"] * 2, "reason": ["read", "es\x1bcape"], "rows": [3, 3]})
    chart = funnel(ledger, title="Ti\x00tle", subtitle="rows", source="in\x07vented")
    svg = to_svg(chart)
    assert "es\ufffdcape" in svg and "\x1b" not in svg and "\x00" not in svg
    assert to_png(chart)[:4] == b"\x89PNG"
