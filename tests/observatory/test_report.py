"""The page and its workbook hold what the run holds, ask for nothing from outside, and are the same each time."""

import json
import re
import shutil
import zipfile
from collections import Counter
from html.parser import HTMLParser

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from observatory.report import pictures, write_report
from observatory.report.document import SECTIONS
from observatory.run import run_study
from observatory.store import open_run
from observatory.study import open_study

PLACES = {"DE21": (11, 48), "FR10": (2, 49), "DK01": (12, 55)}
ALLIANCES = """
[sources.projects]
format = "table"
files = ["alliances.csv"]
kind = "alliance"
scheme = "naics"
columns = { event = "id", year = "year", name = "firm", city = "city", country = "country", symbol = "code" }
"""
DEALS = """
[sources.deals]
format = "table"
files = ["deals.csv"]
kind = "deal"
scheme = "naics"
"""
FAST = "[communities]\ntrials = 2\nrestarts = 1\nbootstrap = 3\n"
GROUPS = '[groups.sectors]\n"<script>alert(1)</script>" = ["334"]\n'
#: Two groups of three sectors; in the later years the last of the first group goes to the second.
EARLY = [
    ("325412", "311230"),
    ("325412", "321113"),
    ("311230", "321113"),
    ("334111", "336111"),
    ("334111", "511210"),
    ("336111", "511210"),
]
LATE = [
    ("325412", "311230"),
    ("321113", "334111"),
    ("321113", "336111"),
    ("334111", "336111"),
    ("334111", "511210"),
    ("336111", "511210"),
]


def shapes(folder):
    """A GeoJSON file of three square regions: drawing Europe takes a second each time."""
    features = []
    for code, (x, y) in PLACES.items():
        ring = [[x, y], [x, y + 1], [x + 1, y + 1], [x + 1, y], [x, y]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "geometry": geometry, "properties": {"NUTS_ID": code}})
    file = folder / "shapes.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def alliances(years, cities=(("Munich", "Germany"), ("Paris", "France"), ("Copenhagen", "Denmark"))):
    """Rows of alliances: each pair of sectors three times in each year, and two rows with defects."""
    rows = [
        "id;year;firm;city;country;code",
        "P0;3201;Alpha;Munich;Germany;325412",
        "P00;2001;Gamma;=1+1;Germany;325412",
    ]
    rows += ["P00;2001;Delta;Munich;Germany;311230"]
    for year, pairs in years.items():
        for number, pair in enumerate(pairs * 3):
            for side, code in enumerate(pair):
                city, country = cities[(number + side) % len(cities)]
                rows.append(f"P{year}-{number};{year};Firm {side};{city};{country};{code}")
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a function that runs a small study."""

    def make(rows, periods, *tables, deals=None):
        folder = tmp_path_factory.mktemp("study")
        shapes(folder)
        (folder / "alliances.csv").write_text(rows, encoding="utf-8")
        if deals:
            (folder / "deals.csv").write_text(deals, encoding="utf-8")
        head = f'title = "<b>Tiny</b> & co"\nperiods = {periods}\nnuts_shapes = "shapes.geojson"\n'
        (folder / "study.toml").write_text(head + "\n".join(tables) + FAST, encoding="utf-8")
        study = open_study(folder)
        return study, run_study(study, folder / "run")

    return make


@pytest.fixture(scope="module")
def tiny(made):
    """Two periods, two sources, a sector whose name is a script."""
    deals = "event,year,acquirer_symbol,acquirer_city,acquirer_country,target_symbol,target_city,target_country\n"
    deals += "".join(
        f"D{year}{number},{year},{a},Munich,Germany,{b},Paris,France\n"
        for year in (2002, 2009)
        for number, (a, b) in enumerate(EARLY * 2)
    )
    rows = alliances({2001: EARLY, 2010: LATE})
    return made(rows, [[2000, 2004], [2008, 2012]], ALLIANCES, DEALS, GROUPS, deals=deals)


def page_of(run):
    return (run.folder / "report" / "index.html").read_text(encoding="utf-8")


class Tags(HTMLParser):
    """Every tag with its attributes, and the words of the page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.words, self.style = [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.style = tag == "style"

    def handle_data(self, data):
        if not self.style:
            self.words.append(data)

    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.words))


def test_every_section_stands_under_its_heading_and_in_the_navigation(tiny):
    page = Tags(page_of(tiny[1]))
    anchors = [attrs["id"] for tag, attrs in page.tags if tag == "section"]
    assert anchors == [anchor for anchor, *_ in SECTIONS]
    led = [attrs["href"] for tag, attrs in page.tags if tag == "a" and attrs["href"].startswith("#")]
    assert led == [f"#{anchor}" for anchor in anchors]
    for _, heading, _ in SECTIONS:
        assert heading in page.text()


def test_nothing_is_loaded_from_outside(tiny):
    text = page_of(tiny[1])
    page = Tags(text)
    for tag, attrs in page.tags:
        assert tag not in {"script", "link", "img", "iframe", "object", "image", "base"}
        assert not any(name.startswith("on") or name == "src" for name in attrs)
        target = attrs.get("href") or attrs.get("xlink:href") or "#"
        assert target.startswith("#") or (tag == "a" and target.startswith("https://doi.org/"))
    assert "@import" not in text
    assert set(re.findall(r"url\(([^)]*)", text)) <= set(re.findall(r"url\((#[^)]*)", text))
    policy = [a["content"] for t, a in page.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"]
    assert policy[0].startswith("default-src 'none'")


def test_text_from_data_is_text(tiny):
    text = page_of(tiny[1])
    assert "<script" not in text
    assert "<b>Tiny" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<h1>&lt;b&gt;Tiny&lt;/b&gt; &amp; co</h1>" in text


def test_anchors_are_there_once(tiny):
    page = Tags(page_of(tiny[1]))
    count = Counter(attrs["id"] for _, attrs in page.tags if "id" in attrs)
    assert count.most_common(1)[0][1] == 1
    clips = re.findall(r"url\(#([^)]*)\)", page_of(tiny[1]))
    assert clips
    assert set(clips) <= set(count)


def test_every_figure_has_words_and_its_data(tiny):
    text = page_of(tiny[1])
    figures = re.findall(r"<figure.*?</figure>", text, flags=re.DOTALL)
    assert len(figures) == text.count("<svg") >= 9
    for figure in figures:
        assert re.search(r'<svg[^>]* role="img" aria-label="[^"]{20,}"', figure)
        assert "<details><summary>Data of this figure</summary>" in figure
        assert "<td" in figure


def test_findings_are_those_of_the_run(tiny):
    run = tiny[1]
    said = Tags(page_of(run)).text()
    for period in ("2000-2004", "2008-2012"):
        one = run.json(f"communities/sector__all__{period}.json")
        years = period.replace("-", "–")
        spaces = [space for space in run.spaces if space["network"] == f"sector__all__{period}"]
        assert (
            f"n {years}, {one['events']} events, all of them cross-sectoral, make {one['links']} links between "
            f"{one['nodes']} sectors, which form {len(spaces)} collaboration space"
        ) in said
    link = next(s for s in run.spaces if s["network"] == "sector__all__2008-2012")["links"][0]
    assert f"({link['events']} events, {link['association']:.1f} times" in said
    ledger = run.table("ledger.csv").groupby("reason")["rows"].sum()
    assert f"{ledger['used']} of {ledger['read']} rows are used" in said


def test_a_space_has_one_colour_and_letter_everywhere(tiny):
    blocks = re.findall(r'<article class="space" id="([^"]*)" style="--hue:(#\w+);.*">\s*<h4><span class="tag">(\w+)<',
                        page_of(tiny[1]))  # fmt: skip
    hues = {}
    for anchor, hue, letter in blocks:
        if "__all__" in anchor:
            hues.setdefault(letter, set()).add(hue)
    assert {"A", "B"} <= set(hues)
    assert all(len(found) == 1 for found in hues.values())
    assert len(set.union(*hues.values())) == len(hues)


def test_same_run_same_bytes_whatever_the_manifest_says_of_the_time(tiny, tmp_path):
    study, run = tiny
    copy = shutil.copytree(run.folder, tmp_path / "run")
    shutil.rmtree(copy / "report")
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    del manifest["time_stamps"], manifest["outputs"]
    (copy / "manifest.json").write_text(json.dumps(manifest | {"status": "being written"}), encoding="utf-8")
    assert write_report(open_run(copy), study) == copy / "report" / "index.html"
    for name in ("report.json", "index.html", "tables.xlsx"):
        assert (copy / "report" / name).read_bytes() == (run.folder / "report" / name).read_bytes()


def test_the_workbook_holds_codes_as_text_and_no_formula(tiny):
    file = tiny[1].folder / "report" / "tables.xlsx"
    book = CalamineWorkbook.from_path(str(file))
    names = set(book.sheet_names)
    assert {"ledger", "unmatched", "spaces", "members", "change", "stars_beside", "concentration_top", "networks",
            "links_2000-2004", "links_2008-2012", "fig_map-2008-2012"} <= names  # fmt: skip
    members = book.get_sheet_by_name("members").to_python()
    at = members[0].index("node")
    assert {"325", "311", "321"} <= {row[at] for row in members[1:]}
    assert "=1+1" in {cell for row in book.get_sheet_by_name("unmatched").to_python() for cell in row}
    with zipfile.ZipFile(file) as whole:
        sheets = [whole.read(name).decode() for name in whole.namelist() if name.startswith("xl/worksheets/")]
    assert not any("<f>" in sheet for sheet in sheets)
    assert all('state="frozen"' in sheet for sheet in sheets)


def test_the_workbook_holds_every_link(tiny):
    book = CalamineWorkbook.from_path(str(tiny[1].folder / "report" / "tables.xlsx"))
    rows = book.get_sheet_by_name("links_2008-2012").to_python()
    table = pd.DataFrame(rows[1:], columns=rows[0])
    links = tiny[1].table("networks/sector__all__2008-2012.parquet")
    assert len(table) == len(links)
    assert table["weight"].sum() == links["weight"].sum()


WORLD = (("New York", "United States"), ("Tokyo", "Japan"))


@pytest.mark.parametrize(
    ("years", "cities", "periods", "said"),
    [
        # two sectors, hence one space
        (
            {2001: [("325412", "311230")]},
            None,
            [[2000, 2004]],
            ["there is nothing to compare with", "1 collaboration space"],
        ),
        # every event within one sector
        (
            {2001: [("325412", "325199")]},
            None,
            [[2000, 2004], [2008, 2012]],
            ["no collaboration spaces", "no links between"],
        ),
        # hence no tiers, and grey maps
        (
            {2001: EARLY},
            WORLD,
            [[2000, 2004], [2008, 2012]],
            [
                "No industry of a space could be set beside",
                "in 2000–2004, 18 events, all of them cross-sectoral,",
                "no cross-sectoral",
            ],
        ),
    ],
    ids=["one period and one space", "no links", "outside NUTS and an empty period"],
)
def test_a_poor_study_has_a_report_too(made, years, cities, periods, said, monkeypatch):
    if said[0] != "no collaboration spaces":  # the emptiest figures are drawn, the others only composed
        monkeypatch.setattr(pictures, "to_svg", lambda _: '<svg width="9" height="5" viewBox="0 0 9 5"></svg>')
    rows = alliances(years, cities) if cities else alliances(years)
    # The event with a place that is none goes, where there shall be no link.
    rows = "".join(line for line in rows.splitlines(keepends=True) if not line.startswith("P00"))
    page = Tags(page_of(made(rows, periods, ALLIANCES)[1]))
    assert all(words in page.text() for words in said)
    assert [attrs["id"] for tag, attrs in page.tags if tag == "section"] == [anchor for anchor, *_ in SECTIONS]
    assert not re.search(r"\b(nan|None|NaN|undefined)\b", page.text().split("All settings")[0])
