"""Figures as files: read back, described, sized for print, the same bytes each time."""

import json
import re
import struct
import zlib
from io import BytesIO
from types import SimpleNamespace
from xml.etree import ElementTree

import pandas as pd
import pytest

from observatory.export import Content, pdf, png, svg
from observatory.export.captions import Caption
from observatory.figures.funnel import funnel
from observatory.gallery import gallery
from observatory.report.pictures import picture

ODD = 'Rows of <script>alert(1)</script> & "é" (日本) \\) /Root'


@pytest.fixture(scope="module")
def pictures():
    ledger = pd.DataFrame({"source": ["deals"] * 2, "reason": ["read", "used"], "rows": [3, 2]})
    charts = [funnel(ledger, title=title, subtitle="rows", source="invented") for title in ("Rows", ODD)]
    return SimpleNamespace(pictures={f"rows-{n}": picture(f"rows-{n}", chart) for n, chart in enumerate(charts)})


@pytest.mark.parametrize("form", [svg, png, pdf])
def test_the_same_figure_gives_the_same_bytes(form, pictures):
    ending = form.__name__.rpartition(".")[2]
    made = list(form.files(pictures))
    # The program that draws writes the parts of a PDF in an order of chance: twice the same could be luck.
    assert all(made == list(form.files(pictures)) for _ in range(8 if form is pdf else 1))
    assert [name for name, _ in made] == [f"rows-0.{ending}", f"rows-1.{ending}", "captions.json"]
    captions = json.loads(dict(made)["captions.json"])
    assert captions[f"rows-1.{ending}"] == {
        "title": ODD, "source": "invented", "alt": f"Bars. {ODD}. deals: 3 rows read, 2 used."
    }  # fmt: skip


def test_svg_is_xml_with_title_and_description(pictures):
    root = ElementTree.fromstring(dict(svg.files(pictures))["rows-1.svg"])
    space = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{space}svg" and root.get("role") == "img"
    assert root.find(f"{space}title").text == ODD
    assert root.find(f"{space}desc").text.endswith("Source: invented")
    assert not list(root.iter(f"{space}script"))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(set(ids)) == len(ids) and root.get("aria-labelledby").split() == ["title", "desc"]


def chunks(data):
    place, found = 8, []
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind, held = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        assert struct.unpack(">I", data[place + 8 + length : place + 12 + length])[0] == zlib.crc32(kind + held)
        found.append((kind, held))
        place += 12 + length
    return found


def test_png_has_300_dots_an_inch_and_its_words(pictures):
    data = dict(png.files(pictures))["rows-1.png"]
    found = chunks(data)
    held = dict(found)
    across, down, unit = struct.unpack(">IIB", held[b"pHYs"])
    assert (across, down, unit) == (11811, 11811, 1)  # 300 / 0.0254
    wide, high = struct.unpack(">II", held[b"IHDR"][:8])
    plain = re.search(r'width="(\d+)" height="(\d+)"', pictures.pictures["rows-1"].svg)
    assert (wide, high) == pytest.approx((int(plain[1]) * 300 / 72, int(plain[2]) * 300 / 72), abs=1)
    rows = zlib.decompress(b"".join(part for kind, part in found if kind == b"IDAT"))
    assert len(rows) == high * (1 + 4 * wide)
    words = {text.partition(b"\0")[0].decode(): text[text.index(b"\0") + 5 :].decode() for kind, text in found
             if kind == b"iTXt"}  # fmt: skip
    assert words["Title"] == ODD and words["Description"].startswith("Bars.") and words["Source"] == "invented"
    assert found[0][0] == b"IHDR" and found[-1][0] == b"IEND"


def test_pdf_has_text_title_and_description(pictures):
    import pypdf

    data = dict(pdf.files(pictures))["rows-1.pdf"]
    read = pypdf.PdfReader(BytesIO(data), strict=True)
    assert len(read.pages) == 1
    assert read.metadata.title == ODD
    assert read.metadata.subject == f"Bars. {ODD}. deals: 3 rows read, 2 used. Source: invented"
    assert read.trailer["/Root"]["/Lang"] == "en"
    assert "invented" in read.pages[0].extract_text()


def test_a_pdf_that_cannot_be_described_is_told():
    words = Caption("t", "a", "s")
    with pytest.raises(ValueError, match="table of references"):
        pdf.described(b"%PDF-1.7\nnothing", words)
    with pytest.raises(ValueError, match="catalogue"):
        pdf.described(b"xref\ntrailer << /Size 1 /Root 1 0 R /Info 2 0 R >>\nstartxref\n0\n", words)


def test_the_run_has_every_figure_that_the_project_promises(content):
    found = gallery(content.material)
    promised = (
        "map-2007-2014", "map-2000-2007", "region-groups-2007-2014", "map-tiers", "map-hot-spots",
        "networks-all", "networks-regions", "matrix", "flows-2007-2014", "stars-beside", "stars-by-industry", "rows",
    )  # fmt: skip
    assert set(promised) <= set(found)
    for name, one in found.items():
        assert one.name == name and re.fullmatch(r"[a-z][a-z0-9-]{0,26}", name)
        about = one.chart.usermeta
        assert about["title"] and about["alt"].rstrip().endswith((".", ")")) and about["source"]
        if name.startswith(("map-", "region-groups")):
            assert "Natural Earth (public domain)" in about["source"]


def test_every_figure_of_a_run_with_odd_names_is_sound_xml(odd):
    whole = Content(odd.material, odd.names)
    made = dict(svg.files(whole))
    captions = json.loads(made.pop("captions.json"))
    assert set(captions) == set(made) and len(made) > 10
    for name, held in made.items():
        root = ElementTree.fromstring(held)
        assert not [element for element in root.iter() if element.tag.endswith("script")]
        assert root[0].text == captions[name]["title"].replace("\0", "\ufffd")
