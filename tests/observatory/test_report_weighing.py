"""The report of a study whose links are weighed by value says so wherever it tells a weight, and what counts all."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from observatory.explorer import overview
from observatory.explorer.holdings import Holdings
from observatory.material import Material
from observatory.report import document, findings, linkages, maps, method, spaces, weighing
from observatory.report.written import linkages as written_linkages
from observatory.report.written import spaces as written_spaces
from observatory.run import run_study
from observatory.store import open_run
from observatory.study import open_study
from tests.observatory.conftest import write_small

LAST = "2007-2014"


def _valued(folder: Path) -> None:
    """Run the small study, of whose deals two in three have a value."""
    study = write_small(folder / "study")
    deals = study / "inbox" / "deals.csv"
    heading, *rows = deals.read_text(encoding="utf-8").splitlines()
    cells = [f"{row},{(7 * n) % 50 + 1},EUR mn" if n % 3 else f"{row},," for n, row in enumerate(rows)]
    deals.write_text("\n".join([f"{heading},value,currency", *cells]) + "\n", encoding="utf-8")
    text = (study / "study.toml").read_text(encoding="utf-8").replace("bootstrap = 4", "bootstrap = 0")
    text = text.replace("\n[sources.deals]", 'weigh = "value"\n[sources.deals]', 1)
    (study / "study.toml").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:  # its sections are gathered below
        patch.setattr("observatory.report.write_report", lambda *_: None, raising=False)
        run_study(open_study(study), folder / "run")


@pytest.fixture(scope="module")
def material(shared) -> Material:
    return Material(open_run(shared("valued-run", _valued) / "run"), None)


def test_weights_are_called_by_their_currency(material: Material) -> None:
    assert weighing.value_unit(material) == weighing.unit_name(material) == "EUR mn"
    said = weighing.weighed(material)
    assert re.search(r"in EUR mn: events that have one are 0 of \d+ co-patents \(0 %\), \d+ of \d+ deals", said)
    assert said.endswith("regions of spaces are of all events, with a value or without.")


def test_the_method_to_be_copied_says_what_was_weighed(material: Material) -> None:
    counted, strength, *_ = method.method(material)["paragraphs"]
    assert "An event adds its value in EUR mn to each pair" in counted
    assert "events that have one are" in counted and "An event adds 1 " not in counted
    assert "p is the chance of at least as many events as are behind it" in strength


def test_cross_industry_files_count_events(material: Material) -> None:
    name = f"sector__production__{LAST}"
    network = material.run.networks[name]
    assert (weighing.unit_name(material, name), weighing.value_unit(material, name)) == ("events", "")
    assert (network.links["weight"] == network.links["events"]).all()
    assert network.unit == "events"
    assert weighing.unit_name(material, f"sector__deal__{LAST}") == "EUR mn"
    for space in material.spaces(name):
        assert "EUR mn" not in str(spaces._block(material, space))


def test_a_study_of_which_no_valued_deal_joins_sectors_ends_with_a_report(tmp_path: Path) -> None:
    """The one deal with a value lies in no industry of the 51: there are networks, and no link in them."""
    (tmp_path / "deals.csv").write_text(
        "event,year,value,currency,acquirer_name,acquirer_symbol,target_name,target_symbol\n"
        "1,2008,5,EUR mn,A,722511,B,722511\n2,2008,,,C,325412,D,334111\n3,2003,,,E,325412,F,334111\n",
        encoding="utf-8",
    )
    (tmp_path / "study.toml").write_text(
        'title = "v"\nweigh = "value"\nsector_level = "industry"\n[sources.deals]\nformat = "table"\n'
        'files = ["deals.csv"]\nkind = "deal"\nscheme = "naics"\n'
        "[communities]\ntrials = 1\nrestarts = 1\nbootstrap = 0\n",
        encoding="utf-8",
    )
    run_study(open_study(tmp_path), tmp_path / "run")
    assert weighing.value_unit(Material(open_run(tmp_path / "run"), None)) == "EUR mn"


def test_findings_tell_events_with_a_value_and_what_they_are_worth(material: Material) -> None:
    first, second, *_ = findings.findings(material, pd.DataFrame())
    network = material.run.networks[f"sector__all__{LAST}"]
    assert f"{network.events} events with a value" in first.text
    assert "Links are weighed by value, in EUR mn: events without one are in no network." in first.text
    links = [line[-1] for line in second.spaces if "strongest link" in line[-1]]
    assert links
    for line in links:
        worth = float(re.search(r"\(([\d,.]+) EUR mn in \d+ events?, ", line)[1].replace(",", ""))
        assert (network.links["weight"].round(1) == worth).any()
        assert "most events, with a value or without, in " in line


def test_the_title_counts_events_with_a_value(material: Material) -> None:
    counts = [material.run.networks[f"sector__all__{period}"].events for period in ("2000-2007", LAST)]
    assert document._subtitle(material).endswith(f"; events with a value: {counts[0]} and {counts[1]}")


def test_the_map_of_regions_draws_links_in_their_currency(material: Material) -> None:
    (drawn,) = maps.region_maps(material)
    told = str(drawn.chart.to_dict())
    assert "linkages between regions, all sources (EUR mn); the " in told
    assert "Links drawn (EUR mn)" in told
    assert "(events)" not in told


def test_the_explorer_says_which_events_are_counted(material: Material, small_run) -> None:
    told = overview.run(Holdings(material)).fields
    assert (told["counted"], told["unit"]) == ("events with a value", "EUR mn")
    assert overview.run(Holdings(Material(small_run, None))).fields["counted"] == "events"


def test_the_links_of_most_value_come_first(material: Material) -> None:
    section = linkages.linkages(material)
    network = material.run.networks[f"sector__all__{LAST}"]
    told = [float(row[1].replace(",", "")) for row in section["composition"]]
    heaviest = network.links["weight"].nlargest(len(told))
    assert told == pytest.approx(heaviest.round(1).tolist())
    assert [row[5] for row in section["composition"]] == [str(n + 1) for n in range(len(told))]
    before = material.run.networks["sector__all__2000-2007"].links
    ranks = before["weight"].rank(ascending=False, method="first")
    ends = dict(zip(zip(before["source"], before["target"], strict=True), ranks, strict=True))
    last = network.links.loc[heaviest.index]
    once = [ends.get((a, b)) for a, b in zip(last["source"], last["target"], strict=True)]
    weights = before["weight"].tolist()
    for row, rank, (a, b) in zip(section["composition"], once, last[["source", "target"]].to_numpy(), strict=True):
        assert (row[6] == "–") == (rank is None)
        if rank is not None:
            weight = before.loc[(before["source"] == a) & (before["target"] == b), "weight"].item()
            least = 1 + sum(one > weight for one in weights)
            assert least <= int(row[6]) < least + weights.count(weight)
    tables = [block for block in written_linkages.written(section) if block["kind"] == "table"]
    assert tables[0]["headings"][1] == "EUR mn in 2007–2014"
    assert "the links of most value" in tables[0]["caption"]
    assert len(tables[0]["headings"]) == len(section["composition"][0])


def test_spaces_are_told_in_their_currency(material: Material) -> None:
    networks = spaces.blocks(material)
    told = {network["name"].split("__")[1]: {one["facts"][1][0] for one in network["spaces"]} for network in networks}
    assert told["all"] == {"EUR mn inside"}
    assert set().union(*(told[name] for name in told if name != "all")) == {"Weight inside"}
    written = [block for block in written_spaces.written({"blocks": networks, "notes": []}) if block["kind"] == "space"]
    assert {block["members"]["headings"][2] for block in written} == {"EUR mn inside", "Strength inside"}
    captions = [table["caption"] for block in written for table in block["where"]]
    assert any(caption.endswith("with a value or without") for caption in captions)


def test_a_study_of_events_says_nothing_of_values(small_run) -> None:
    counted = Material(small_run, None)
    assert weighing.value_unit(counted) == ""
    assert weighing.unit_name(counted) == "events"
    assert weighing.weighed(counted) == ""
    assert not any("with a value" in one.text for one in findings.findings(counted, pd.DataFrame()))
