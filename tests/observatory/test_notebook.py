"""A run opened in a notebook: the values that counting and finding gave, and what is shown of them."""

from __future__ import annotations

from html.parser import HTMLParser

import pandas as pd
import pytest

from communities import spinglass
from communities.partition import Partition
from ingest.faults import BadInput
from linkages import Network, build_network
from observatory.opened import open_run
from observatory.run import run_study
from observatory.shown import Spaces
from observatory.study import open_study
from observatory.why import events_behind, records_of

LAST = "sector__all__2007-2014"


class Tables(HTMLParser):
    """Tags in order, cells of every table, and whatever tag is not closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.rows = set(), [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert {name for name, _ in attrs} <= {"style", "scope"}
        self.tags.add(tag)
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1].append(data)


KNOWN = {"table", "caption", "thead", "tbody", "tr", "th", "td", "p", "small", "b"}


def test_every_network_comes_back_as_it_was_counted(small_run):
    records = records_of(small_run)
    for name, found in small_run.networks.items():
        kind, source, label = name.split("__")
        assert (found.name, found.kind, found.source, str(found.period)) == (name, kind, source, label)
        if source in ("research", "production"):
            continue
        level = "naics3" if kind == "sector" else "nuts2"
        first, last = (int(year) for year in label.split("-"))
        counted = build_network(records, level, (first, last), source)
        pd.testing.assert_frame_equal(found.links, counted.links, check_dtype=False)
        pd.testing.assert_frame_equal(
            found.nodes.sort_values("node", ignore_index=True), counted.nodes, check_dtype=False
        )
        assert (found.events, found.unit, found.counting) == (counted.events, "events", "full")


def test_the_names_of_networks(small_run):
    names = small_run.networks
    assert len(names) == len(list(names)) > 10
    assert LAST in names
    assert "sector__all__1900-1901" not in names
    assert names._ipython_key_completions_() == list(names)
    assert LAST in repr(names)
    assert repr(small_run.network(LAST)) == repr(names[LAST])
    with pytest.raises(BadInput, match=r"write .*sector__all__2007-2014"):
        small_run.network("sector__all__2007-2015")
    with pytest.raises(BadInput, match=r"expected a network of the run"):
        small_run.partition("../../etc")


def test_communities_come_back_and_are_those_of_the_network(small_run):
    for name in small_run.networks:
        told = small_run.json(f"communities/{name}.json")
        found = small_run.partition(name)
        assert isinstance(found, Partition)
        assert (found.k, found.modularity, found.codelength) == (told["k"], told["modularity"], told["codelength"])
        assert list(found.left_out) == told["left_out"]


def test_modularity_of_what_came_back_is_what_networkx_says(small_run):
    import networkx

    for name, network in small_run.networks.items():
        found = small_run.partition(name)
        groups = [set(nodes.index) for _, nodes in found.membership.groupby(found.membership)]
        graph = network.to_networkx().subgraph(found.membership.index)
        assert networkx.community.modularity(graph, groups) == pytest.approx(found.modularity, abs=1e-9), name


def test_stars_why_and_profile_are_those_of_the_commands(small_run):
    pd.testing.assert_frame_equal(
        pd.DataFrame(small_run.stars), small_run.table("stars.parquet"), check_frame_type=False
    )
    assert type(small_run.stars[small_run.stars["tier"] == "high"]) is pd.DataFrame
    pd.testing.assert_frame_equal(small_run.why("325", "334"), events_behind(small_run, "325", "334"))
    assert small_run.profile("DE21").region == "DE21"
    assert {"stars.parquet", "ledger.csv", f"networks/{LAST}.parquet"} <= {*small_run.tables}
    for name in small_run.tables:
        small_run.table(name)


def test_spaces_are_a_list_as_before(small_run):
    spaces = small_run.spaces
    assert spaces == small_run.json("spaces.json")["spaces"]
    here = spaces.of(LAST)
    assert [space["community"] for space in here] == list(range(len(here)))
    assert here.to_frame()["id"].tolist() == [space["id"] for space in here]
    assert repr(here) == f"<{len(here)} spaces in 1 networks>"


def test_everything_is_shown_as_tidy_html_with_units(small_run):
    shown = {
        "run": small_run,
        "networks": small_run.networks,
        "network": small_run.network(LAST),
        "partition": small_run.partition(LAST),
        "spaces": small_run.spaces,
        "stars": small_run.stars,
    }
    found = {name: value._repr_html_() for name, value in shown.items()}
    tables = {name: Tables(text) for name, text in found.items()}
    for name, table in tables.items():
        assert table.tags <= KNOWN, name
        assert len(found[name]) < 30_000, name
        assert len({len(row) for row in table.rows if row}) <= len(table.rows)
    assert tables["network"].rows[0] == [
        "sector", "other sector", "weight (events)", "events", "association (1 = as expected)",
    ]  # fmt: skip
    heaviest = small_run.network(LAST).links.nlargest(1, "weight").iloc[0]
    assert tables["network"].rows[1][0].startswith(heaviest["source"])
    assert tables["network"].rows[1][2] == f"{heaviest['weight']:,.0f}"
    assert len(tables["network"].rows) == 11
    assert "Small &lt;b&gt;study&lt;/b&gt;" in found["run"]
    assert "<b>study" not in found["run"]
    assert len(tables["spaces"].rows) == 1 + len(small_run.spaces)


def test_text_from_data_is_escaped():
    bad = "<script>alert(1)</script>"
    links = pd.DataFrame({"source": ["a"], "target": [bad], "weight": [2.0]})
    network = Network.from_pandas(links, period=(2000, 2007))
    partition = spinglass(network, 1, seed=1, restarts=1)
    space = {
        "id": "s", "network": bad, "name": bad, "members": [{"node": bad}], "share_inside": None, "stability": 1.0,
        "regions": {"top": [{"region": bad}]}, "tier_counts": {bad: 1, "high": 2},
    }  # fmt: skip
    for one in (network, partition, Spaces([space])):
        text = one._repr_html_()
        assert "<script>" not in text
        assert "&lt;script&gt;" in text
        assert Tables(text).tags <= KNOWN


def test_a_network_of_values_keeps_its_unit(own_study, monkeypatch):
    monkeypatch.setattr("observatory.report.write_report", lambda *_: None, raising=False)
    rows = ["id,year,buys,sold,value,currency"]
    rows += [f"v{i},{2001 + i % 12},{a},{b},{i + 1},USD mn" for i, (a, b) in enumerate(_PAIRS * 4)]
    (own_study / "inbox" / "deals.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (own_study / "study.toml").write_text(
        'title = "T"\nweigh = "value"\n[sources.deals]\nformat = "table"\nfiles = ["inbox/deals.csv"]\nkind = "deal"\n'
        'scheme = "naics"\ncolumns = { event = "id", acquirer_symbol = "buys", target_symbol = "sold" }\n'
        "[communities]\ntrials = 2\nrestarts = 2\nbootstrap = 0\n",
        encoding="utf-8",
    )
    run = open_run(run_study(open_study(own_study), own_study / "run").folder)
    network = run.network("sector__deal__2000-2007")
    assert network.unit == "USD mn"
    assert "weight (USD mn)" in network._repr_html_()


_PAIRS = [("325411", "311111"), ("325411", "334111"), ("334111", "335110"), ("336111", "333111"), ("332111", "336111")]


def test_a_network_whose_tables_do_not_fit_is_named(small_run, tmp_path):
    import shutil

    folder = tmp_path / "run"
    shutil.copytree(small_run.folder, folder)
    links = pd.read_parquet(folder / "networks" / f"{LAST}.parquet")
    links.assign(source="999").to_parquet(folder / "networks" / f"{LAST}.parquet")
    (folder / "communities" / f"{LAST}.json").write_text('{"k": 2}', encoding="utf-8")
    (folder / "communities" / "sector__deal__2007-2014.json").write_text("[]", encoding="utf-8")
    (folder / "within.parquet").unlink()
    run = open_run(folder)
    with pytest.raises(BadInput, match="the links of a network"):
        run.network(LAST)
    with pytest.raises(BadInput, match="communities and their summary"):
        run.partition(LAST)
    with pytest.raises(BadInput, match="the summary of a network"):
        run.partition("sector__deal__2007-2014")
    assert run.network("sector__all__2000-2007").nodes["within"].sum() == 0
