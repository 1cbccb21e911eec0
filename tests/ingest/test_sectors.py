"""Symbols of every scheme to NAICS 2017: dirty spellings, shares, years, labels."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import concordance, sectors
from ingest.faults import BadInput
from ingest.sectors import COLUMNS, SCHEMES, suggest, to_naics
from ingest.symbols import canonical


def one(scheme, symbol, **options):
    found = to_naics(pd.DataFrame({"scheme": [scheme], "symbol": [symbol]}), **options)
    return dict(zip(found["naics"], found["share"], strict=True))


@pytest.mark.parametrize(
    ("scheme", "symbol", "code"),
    [
        ("sic", "7372", "7372"),
        ("sic", " 7372 ", "7372"),
        ("sic", "'7372", "7372"),
        ("sic", "7372 Prepackaged Software", "7372"),
        ("sic", "7372\nPrepackaged 3D software/games", "7372"),
        ("sic", "7372 - Prepackaged Software", "7372"),
        ("sic", "7372.0", "7372"),
        ("sic", "132", "0132"),
        ("sic", "131", "0131"),  # cotton that lost its zero, not the group of crude oil
        ("sic", "283", "283"),
        ("sic", "28", "28"),
        ("sic", "7", "07"),
        ("sic", "3570", "357"),  # a group padded with a zero
        ("sic", "2834/8731", ""),
        ("sic", "2834, 8731", ""),
        ("sic", "2834 and 8731", ""),
        ("sic", "9999", ""),
        ("sic", "7372.5", ""),
        ("sic", "", ""),
        ("sic", "-", ""),
        ("sic", "n.a.", ""),
        ("sic", "np", ""),
        ("nace2", "21.20", "2120"),
        ("nace2", "2120", "2120"),
        ("nace2", "C21.20", "2120"),
        ("nace2", "C.21.20", "2120"),
        ("nace2", "c 21.2", "212"),
        ("nace2", "1.11", "0111"),
        ("nace2", "111", "0111"),
        ("nace2", "261", "261"),
        ("nace2", "1", "01"),
        ("nace2", "62.01.1", "6201"),
        ("nace2", "26.00", "26"),
        ("nace2", "26.0", "26"),
        ("nace2", "21.29", ""),  # no such class
        ("nace2", "35.20", "352"),  # no such class: the group, written as a number
        ("nace1", "01.30", "0130"),
        ("nace1", "72.22", "7222"),
        ("isic4", "C2610", "2610"),
        ("isic4", "111", "0111"),
        ("naics2017", "325411.", "325411"),
        ("naics2017", "325411.0", "325411"),
        ("naics2017", "325000", "325"),
        ("naics2017", "31-33", "31-33"),
        ("naics2017", "32", "32"),
        ("naics2017", "999999", ""),
        ("naics2017", "31-32", ""),
    ],
)
def test_raw_symbols(scheme, symbol, code):
    assert canonical(scheme, symbol) == code


def test_a_symbol_without_a_code_is_absent():
    symbols = pd.DataFrame({"scheme": ["sic", "sic", "nace2", "sic"], "symbol": ["2834", "-", None, "2834"]})
    found = to_naics(symbols)
    assert found["symbol"].to_list() == ["2834"]
    assert tuple(found.columns) == COLUMNS
    assert to_naics(symbols.iloc[1:3]).dtypes.to_dict() == found.dtypes.to_dict()
    assert len(to_naics(symbols.iloc[:0])) == 0


def test_a_division_stands_for_all_classes_below_it():
    # 2833 → 325411, 2834 → 325412, 2835 → 325412 and 325413, 2836 → 325414
    assert one("sic", "283", assign="weighted") == pytest.approx(
        {"325411": 1 / 4, "325412": 3 / 8, "325413": 1 / 8, "325414": 1 / 4}
    )
    assert one("sic", "283") == {"325412": 1.0}
    assert one("nace2", "62") == {"541513": 1.0}


@pytest.mark.parametrize(
    ("scheme", "symbol", "naics", "year"),
    [
        ("naics", "325411", "325411", "naics2022"),
        ("naics", "511210", "511210", "naics2017"),
        ("naics", "513210", "511210", "naics2022"),
        ("naics", "541711", "541713", "naics2012"),
        ("naics", "541710", "541713", "naics2002"),
        ("naics", "325000", "325", "naics2022"),
        ("naics", "31-33", "31-33", "naics2022"),
        ("naics2012", "5417", "5417", "naics2012"),
        ("naics2022", "513", "511191", "naics2022"),
    ],
)
def test_years_of_naics(scheme, symbol, naics, year):
    found = to_naics(pd.DataFrame({"scheme": [scheme], "symbol": [symbol]}))
    assert found["naics"].to_list() == [naics]
    assert found["chain"].iloc[0].split(" ")[0] == year


def test_every_naics_2017_code_is_itself():
    codes = sorted(concordance.naics_titles())
    found = to_naics(pd.DataFrame({"scheme": "naics2017", "symbol": codes}))
    assert found["naics"].to_list() == codes == found["symbol"].to_list()


def test_labels():
    labels = {" Software ": ["5112", "541511"], "Cars": ["3361"], "Old": ["541710"]}
    assert one("label", "software", labels=labels) == {"5112": 1.0}
    assert one("label", "SOFTWARE", labels=labels, assign="weighted") == {"5112": 0.5, "541511": 0.5}
    assert one("label", "cars", labels=labels) == {"3361": 1.0}
    assert one("label", "old", labels=labels, assign="weighted") == pytest.approx(
        {"541713": 1 / 2, "541714": 1 / 4, "541715": 1 / 4}
    )
    assert one("label", "boats", labels=labels) == {} == one("label", "software")


def test_all_wrong_codes_of_labels_are_named_at_once():
    with pytest.raises(BadInput) as caught:
        one("label", "x", labels={"x": ["5112", "3x"], "y": ["99999"]})
    assert [fault.value for fault in caught.value.faults] == ["3x", "99999"]


def test_unknown_words_are_refused():
    with pytest.raises(ValueError, match="expected one of naics, "):
        one("naf", "6201Z")
    with pytest.raises(ValueError, match="expected one of top, weighted"):
        one("sic", "2834", assign="all")


POOL = [
    *(("sic", c) for c in ("2834", "7372", "28", "131", "3841", "zz")),
    *(("nace2", c) for c in ("21", "26.2", "C28.1", "62.01")),
    *(("nace1", c) for c in ("24.4", "72.22", "01.30")),
    *(("isic4", c) for c in ("2610", "01")),
    *(("naics", c) for c in ("325411", "513", "516110", "31-33")),
    *(("ipc", c) for c in ("A61K 31/00", "H04N 21/00", "A61", "G06F")),
    *(("cpc", c) for c in ("A61K2039/505", "Y02E 10/00")),
    *(("wipo", c) for c in ("1", "Pharmaceuticals")),
    ("label", "software"),
]


@given(st.lists(st.sampled_from(POOL), max_size=12), st.sampled_from(sectors.ASSIGN))
@settings(max_examples=25, deadline=None)
def test_shares_sum_to_one_whatever_the_order(rows, assign):
    frame = pd.DataFrame(rows, columns=["scheme", "symbol"], dtype="str")
    found = to_naics(frame, assign=assign, labels={"Software": ["5112", "5415"]})
    pd.testing.assert_frame_equal(
        found, to_naics(frame.iloc[::-1], assign=assign, labels={"Software": ["5112", "5415"]})
    )
    keys = found.groupby(["scheme", "symbol"])
    assert keys["share"].sum().sub(1).abs().max() < 1e-9 or found.empty
    assert not found.duplicated(["scheme", "symbol", "naics"]).any()
    assert set(map(tuple, found[["scheme", "symbol"]].to_numpy())) <= set(rows)
    if assign == "top":
        assert (keys.size() == 1).all()


@pytest.mark.parametrize("scheme", ["sic", "nace1", "nace2", "isic4", "naics2002"])
def test_the_top_code_is_one_of_the_weighted_ones(scheme):
    symbols = pd.DataFrame({"scheme": scheme, "symbol": sorted(concordance.below(scheme))})
    top, weighted = to_naics(symbols), to_naics(symbols, assign="weighted")
    pairs = set(zip(weighted["symbol"], weighted["naics"], strict=True))
    assert set(zip(top["symbol"], top["naics"], strict=True)) <= pairs
    assert set(top["symbol"]) == set(symbols["symbol"])


def test_the_schemes_are_all_known():
    assert to_naics(pd.DataFrame({"scheme": SCHEMES, "symbol": "?"})).empty


def test_suggestions():
    found = suggest("pharmaceutical preparations", n=3)
    assert found["naics"].iloc[0] == "325412"
    assert len(found) == 3
    assert found["score"].is_monotonic_decreasing
    assert list(found.columns) == ["naics", "title", "score"]
