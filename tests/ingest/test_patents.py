"""Patent classes: symbols as offices write them, all of WIPO's rules, NACE shares, PATSTAT's own tables."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import patents
from ingest.concordance import below, naics_titles, read_table
from ingest.patents import field_number, field_of
from ingest.sectors import to_naics
from ingest.symbols import key

RULES = [(ipc, int(number)) for ipc, number in read_table("wipo_ipc")]


def test_all_rules_of_wipo_lead_to_their_own_field():
    assert len(RULES) == 764
    written = [f"{ipc[:4]}{ipc[5:]:>4}/00" if " " in ipc else f"{ipc}   1/00" for ipc, _ in RULES]
    wrong = {s: field_of(key(s)) for s, (_, number) in zip(written, RULES, strict=True)
             if field_of(key(s)) != number}  # fmt: skip
    assert wrong == {}
    assert {number for _, number in RULES} == set(range(1, 36))


@given(st.sampled_from(RULES), st.integers(0, 9999))
@settings(deadline=None)
def test_every_way_of_writing_a_symbol_has_one_field(rule, sub):
    ipc, number = rule
    group = int(ipc[5:] or 1)
    ways = [
        f"{ipc[:4]}{group:>4}/{sub:02d}",
        f"{ipc[:4]}{group}/{sub:02d}",
        f"{ipc[:4]} {group}/{sub:02d} (2006.01)",
        f"{ipc[:4]}{group:04d}{sub:06d}",
        f" {ipc[:4].lower()}{group:03d}/{sub:02d} ",
        f"{ipc[:4]}{group}",
    ]
    assert {field_of(key(way)) for way in ways} == {number}


@pytest.mark.parametrize(
    ("symbol", "number"),
    [
        ("A61K", 16),  # most groups of the subclass
        ("A61K 8/02", 14),
        ("A61K 2039/505", 16),  # CPC's index of A61K 39
        ("A61K 2800/10", 16),
        ("G01N 33/50", 11),
        ("G01N 2201/06", 10),
        ("H04N 23/00", 2),  # newer than the table
        ("G06V 10/00", 6),
        ("H10K 50/00", 8),
        ("B64U 10/00", 32),
        ("C40B 40/00", 14),
        ("B33Y 10/00", 29),
        ("G16H 10/00", 13),
        ("Y02E 10/50", None),
        ("A61K 31/00; A61P 3/00", None),  # several in one cell
        ("n.a.", None),
        ("", None),
        ("Z99Z 1/00", None),
    ],
)
def test_symbols(symbol, number):
    assert field_of(key(symbol)) == number


def test_field_names_and_numbers():
    names = patents.field_names()
    assert [field_number(name.upper()) for name in names.values()] == list(range(1, 36))
    assert [field_number(str(n)) for n in names] == list(range(1, 36))
    assert [field_number(s) for s in ("0", "36", "16.5", "Alchemy", "")] == [None] * 5
    assert field_number("  Electrical machinery,  apparatus, energy") == 1


def test_shares_of_each_field_and_class_are_those_of_nace():
    for table in ("field_nace", "ipc_class_nace"):
        sums = pd.DataFrame(read_table(table), columns=["source", "nace2", "share"])
        total = sums.astype({"share": float}).groupby("source")["share"].sum()
        assert total.between(1 - 1e-4, 1 + 1e-4).all()
    for number in patents.field_names():
        found = patents.industries_of_field(number)
        assert all(code in below("nace2") for codes, _ in found.parts for code in codes)
        assert set(found.top) <= {code for codes, _ in found.parts for code in codes}


def test_every_line_of_the_hand_made_tables_is_used():
    for number, codes, _, reason in read_table("field_focus"):
        groups = {code.replace(".", "") for code in codes.split()}
        assert groups in [set(codes) for codes, _ in patents.industries_of_field(int(number)).parts]
        assert reason
    known = {ipc for ipc, _ in RULES}
    for ipc, number, reason in read_table("ipc_additions"):
        assert ipc not in known
        assert int(number) in patents.field_names()
        assert reason


def test_what_each_field_comes_to():
    symbols = pd.DataFrame({"scheme": "wipo", "symbol": [str(n) for n in range(1, 36)]})
    found = to_naics(symbols).set_index("symbol")["naics"]
    assert len(found) == 35
    starts = {1: "335", 3: "3342", 6: "3341", 8: "3344", 9: "3333", 10: "3345", 13: "3391", 14: "3251",
              16: "3254", 17: "3252", 18: "311", 20: "331", 25: "3339", 26: "3335", 27: "3336", 32: "336",
              35: "3331"}  # fmt: skip
    wrong = {n: naics_titles()[found[str(n)]] for n, start in starts.items() if not found[str(n)].startswith(start)}
    assert wrong == {}


def test_a_class_alone_goes_by_the_table_of_classes():
    found = to_naics(pd.DataFrame({"scheme": ["ipc", "ipc"], "symbol": ["C12", "H99"]}))
    assert found["symbol"].to_list() == ["C12"]
    assert found["chain"].iloc[0].startswith("ipc → IPC class C12 → NACE Rev. 2 ")


def test_weighted_shares_follow_the_published_table():
    found = to_naics(pd.DataFrame({"scheme": ["wipo"], "symbol": ["16"]}), assign="weighted")
    assert found["share"].sum() == pytest.approx(1)
    shares = {d: float(s) for f, d, s in read_table("field_nace") if f == "16" and float(s) >= 0.01}
    by_three = found.groupby(found["naics"].str[:4])["share"].sum()
    # Division 21 is nearly all of 3254; a sixth of ISIC 2100 each goes to 3251 and 3391.
    assert by_three["3254"] == pytest.approx(shares["21"] / sum(shares.values()) * 4 / 6, abs=0.01)


def test_tables_that_patstat_brings_come_first():
    symbols = pd.DataFrame({"scheme": ["ipc"] * 3, "symbol": ["A61K   8/02", "A61K  31/00", "F03D   1/00"]})
    fields = pd.DataFrame({"IPC_MAINGROUP_SYMBOL": ["A61K   8/", "??"], "TECHN_FIELD_NR": [16, 3]})
    nace = pd.DataFrame(
        {
            "ipc": ["F03D   1/00", "F03D", "zzz", "A61K"],
            "nace2_code": ["28.11", "30.3", "21", "99999"],
            "nace2_weight": ["1", "1", "1", "1"],
        }
    )
    ours = to_naics(symbols).set_index("symbol")
    theirs = to_naics(symbols, ipc_fields=fields, ipc_nace=nace).set_index("symbol")
    assert ours.loc["A61K   8/02", "chain"] == "ipc → WIPO field 14 → NACE Rev. 2 20.1 → NAICS 2017"
    assert theirs.loc["A61K   8/02", "chain"] == "ipc → WIPO field 16 → NACE Rev. 2 21 → NAICS 2017"
    assert theirs.loc["F03D   1/00", "chain"] == "ipc → NACE Rev. 2 28.11 → NAICS 2017"
    assert theirs.loc["A61K  31/00"].equals(ours.loc["A61K  31/00"])
    deeper = to_naics(pd.DataFrame({"scheme": ["ipc"], "symbol": ["F03D 3/00"]}), ipc_nace=nace)
    assert deeper["chain"].to_list() == ["ipc → NACE Rev. 2 30.3 → NAICS 2017"]


def test_weights_of_patstat_are_shared_out():
    nace = pd.DataFrame({"ipc": ["B01D", "B01D"], "nace2_code": ["28", "1.1"], "weight": [3, 1]})
    assert patents.nace_table(nace)["B01D"].parts == ((("011",), 0.25), (("28",), 0.75))
    assert patents.nace_table(None) == {} == patents.fields_table(None)
