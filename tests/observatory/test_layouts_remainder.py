"""Suppressed cells filled from remainders: worked by hand, and against an independent reckoning."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from observatory.stars import read_figures
from observatory.stars.layouts.assembled import Figures
from observatory.stars.layouts.cells import Options
from observatory.stars.layouts.nesting import industry_parent, nace_children
from observatory.stars.layouts.places import nuts_codes

HEAD = "freq,nace_r2,indic_sb,geo\\TIME_PERIOD\t2014 \n"


def filled(folder: Path, cells: dict[tuple[str, str, str], str], fill: str = "remainder") -> Figures:
    path = folder / "sbs_r_nuts06_r2.tsv"
    rows = [f"A,{industry},{what},{region}\t{value}\n" for (region, industry, what), value in cells.items()]
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    return read_figures([path], options=Options(fill=fill))


def employment(figures: Figures) -> dict[tuple[str, str], float]:
    return {(r, i): e for r, i, e in figures.table[["region", "industry", "employment"]].dropna().to_numpy().tolist()}


E36 = {("DE11", code, "V16110"): value for code, value in (("E36", "10"), ("E37", ": c"), ("E38", "30"), ("E39", "5"))}


def test_the_only_cell_that_is_missing_is_what_is_left(tmp_path: Path) -> None:
    figures = filled(tmp_path, {("DE11", "E", "V16110"): "100", **E36})
    assert employment(figures)["DE11", "E37"] == 100 - 10 - 30 - 5
    flags = figures.flags.set_index("industry").loc["E37"]
    assert flags[["value", "flag", "meaning", "estimated"]].to_list() == [55, "c", "confidential", "remainder of E"]
    assert figures.table.set_index("industry")["estimated"].to_dict() == {"E36": 0, "E37": 1, "E38": 0, "E39": 0}
    assert any(
        "1 suppressed figures are estimated" in note and "1 exactly" in note for note in figures.table.attrs["notes"]
    )


def test_it_is_off_unless_it_is_asked_for(tmp_path: Path) -> None:
    figures = filled(tmp_path, {("DE11", "E", "V16110"): "100", **E36}, "none")
    assert ("DE11", "E37") not in employment(figures)
    assert "estimated" not in figures.table
    assert (figures.flags["estimated"] == "").all()


@pytest.mark.parametrize(
    "cells",
    [
        {("DE11", "E", "V16110"): "40", **E36},  # less than its parts: another definition, not a remainder
        {("DE11", "E", "V16110"): ": c", **E36},  # the parent is suppressed too
        {
            ("DE11", "E", "V16110"): "100",
            **{key: value for key, value in E36.items() if key[1] != "E39"},
        },  # a part unlisted
    ],
)
def test_what_cannot_be_known_is_not_filled(tmp_path: Path, cells: dict[tuple[str, str, str], str]) -> None:
    figures = filled(tmp_path, cells)
    assert ("DE11", "E37") not in employment(figures)
    assert any("No cell could be filled" in note for note in figures.table.attrs["notes"])


def test_several_missing_cells_share_evenly_or_by_firms(tmp_path: Path) -> None:
    cells = {("DE11", "E", "V16110"): "100", **E36, ("DE11", "E38", "V16110"): ":"}
    even = employment(filled(tmp_path, cells))
    assert (even["DE11", "E37"], even["DE11", "E38"]) == (42.5, 42.5)
    firms = {("DE11", code, "V11210"): number for code, number in (("E37", "4"), ("E38", "1"))}
    figures = filled(tmp_path, cells | firms)
    shared = employment(figures)
    assert (shared["DE11", "E37"], shared["DE11", "E38"]) == (68, 17)
    done = figures.flags.loc[figures.flags["estimated"] != "", "estimated"]
    assert set(done) == {"remainder of E, shared by firms"}


def test_a_region_is_filled_from_its_nuts1(tmp_path: Path) -> None:
    cells = {
        ("AT1", "C10", "V16110"): "100",
        ("AT11", "C10", "V16110"): "20",
        ("AT12", "C10", "V16110"): ": c",
        ("AT13", "C10", "V16110"): "30",
        ("AT21", "C10", "V16110"): ": c",
        ("AT22", "C10", "V16110"): "4",
    }
    found = employment(filled(tmp_path, cells))
    assert found["AT12", "C10"] == 50
    assert ("AT21", "C10") not in found


def test_one_remainder_completes_another(tmp_path: Path) -> None:
    """E37 in AT12 follows from its NUTS1 region; then E39 in AT12 from the section."""
    cells = {
        ("AT12", "E", "V16110"): "60",
        ("AT12", "E36", "V16110"): "10",
        ("AT12", "E37", "V16110"): ": c",
        ("AT12", "E38", "V16110"): "5",
        ("AT12", "E39", "V16110"): ": c",
        ("AT1", "E37", "V16110"): "50",
        ("AT11", "E37", "V16110"): "9",
        ("AT13", "E37", "V16110"): "11",
    }
    figures = filled(tmp_path, cells)
    found = employment(figures)
    assert found["AT12", "E37"] == 30
    assert found["AT12", "E39"] == 15
    said = figures.flags[figures.flags["estimated"] != ""].set_index("industry")["estimated"].to_dict()
    assert said == {"E37": "remainder of AT1", "E39": "remainder of E"}


def test_ledger_and_delivered_figures_stay_as_they_are(tmp_path: Path) -> None:
    """Generated tables: what was delivered is not changed, sums agree with the parents, every cell is counted."""
    dice = np.random.default_rng(11)
    for trial in range(6):
        regions = sorted(code for code in nuts_codes(2013) if code.startswith("AT"))
        industries = [f"E{code}" for code in sorted(nace_children("E"))]
        whole = {(r, i): int(dice.integers(0, 200)) for r in regions for i in industries}
        hidden = {key for key in whole if dice.random() < 0.25}
        cells = {(r, i, "V16110"): ": c" if (r, i) in hidden else str(n) for (r, i), n in whole.items()}
        cells |= {(r, "E", "V16110"): str(sum(whole[r, i] for i in industries)) for r in regions}
        cells |= {
            (one, i, "V16110"): str(sum(n for (r, j), n in whole.items() if j == i and r.startswith(one)))
            for one in ("AT1", "AT2", "AT3")
            for i in industries
        }
        figures = filled(tmp_path, cells)
        found = employment(figures)
        ledger = figures.ledger.set_index("reason")["cells"]
        assert ledger["read"] == ledger.drop("read").sum() == len(cells), trial
        assert ledger["used"] == len(found)
        assert {key: found[key] for key in whole if key not in hidden} == {
            k: n for k, n in whole.items() if k not in hidden
        }
        # every family is listed in full, so that its parts now add up to their parent
        for r in regions:
            assert sum(found[r, i] for i in industries) == pytest.approx(sum(whole[r, i] for i in industries), abs=1e-4)
        alone = figures.flags[figures.flags["estimated"].isin(["remainder of E", "remainder of AT1"])]
        for r, i, value in alone[["region", "industry", "value"]].itertuples(index=False):
            assert value == whole[r, i]


def test_parents_of_codes() -> None:
    assert industry_parent("10", "nace") == "C"
    assert industry_parent("C", "nace") is None
    assert industry_parent("x", "nace") is None
    assert industry_parent("31-33", "naics") is None
    assert nace_children("E38") == {"381", "382", "383"}
    assert industry_parent("99", "nace") == "U"


def test_rows_in_any_order_give_the_same(tmp_path: Path) -> None:
    cells = {("DE11", "E", "V16110"): "100", **E36, ("DE11", "E38", "V16110"): ":"}
    one = filled(tmp_path, cells).table
    other = filled(tmp_path, dict(reversed(cells.items()))).table
    pd.testing.assert_frame_equal(one, other)
