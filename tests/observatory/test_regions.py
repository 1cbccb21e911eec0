"""A region's profile, read from a run."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pandas as pd
import pytest

from ingest.faults import BadInput
from observatory import open_run, region_profile
from observatory.cli import main
from observatory.regions import PARTS, UnknownRegionError, known_regions, notes
from observatory.store import Run


def some_region(run: Run) -> str:
    """A region that lacks something, in the last period."""
    lacking = run.table("profiles/lacking.parquet")
    return str(lacking.loc[lacking["period"] == "2007-2014", "region"].iloc[0])


def test_a_profile_is_what_the_tables_of_the_run_say(profiled_run: Run) -> None:
    code = some_region(profiled_run)
    profile = region_profile(profiled_run, code.lower())
    assert (profile.region, profile.period) == (code, "2007-2014")
    for part, name in (("industries", "stars/quadrants"), ("lacking", "profiles/lacking"),
                       ("partners", "profiles/partners"), ("alike", "profiles/alike")):  # fmt: skip
        whole = profiled_run.table(f"{name}.parquet")
        own = whole[(whole["period"] == "2007-2014") & (whole["region"] == code)]
        assert len(profile.tables[part]) == len(own), part
    assert profile.industries["strong"].is_monotonic_decreasing
    assert profile.lacking["association"].is_monotonic_decreasing
    assert list(dict.fromkeys(profile.partners["other"])) == [
        other for other in profile.lacking["other"] if other in set(profile.partners["other"])
    ]
    names = {space["id"]: space["name"] for space in profiled_run.spaces}
    assert (profile.industries["space_name"] == profile.industries["space"].map(names)).all()


def test_linked_looks_from_the_regions_own_end(profiled_run: Run) -> None:
    table = profiled_run.table("stars/linkages.parquet").query(
        "period == '2007-2014' and region_b != '' and region_a != ''"
    )
    cell = table.query("region_a != region_b").iloc[0]
    from_a = region_profile(profiled_run, cell["region_a"]).linked
    from_b = region_profile(profiled_run, cell["region_b"]).linked
    keys = ["industry", "other", "partner", "tier", "events"]
    one = (cell["industry_a"], cell["industry_b"], cell["region_b"], cell["tier_b"], cell["events"])
    two = (cell["industry_b"], cell["industry_a"], cell["region_a"], cell["tier_a"], cell["events"])
    assert one in set(from_a[keys].itertuples(index=False, name=None))
    assert two in set(from_b[keys].itertuples(index=False, name=None))
    home = table.query("region_a == region_b").iloc[0]
    inside = region_profile(profiled_run, home["region_a"]).linked.query("partner == @home.region_a")
    pairs = set(inside[["industry", "other"]].itertuples(index=False, name=None))
    assert {(home["industry_a"], home["industry_b"]), (home["industry_b"], home["industry_a"])} <= pairs


def test_a_region_by_name_and_a_third_country(profiled_run: Run) -> None:
    assert region_profile(profiled_run, "oberbayern").region == "DE21"
    assert region_profile(profiled_run, "Milano").region == "ITC4"
    assert region_profile(profiled_run, "Île France").region == "FR10"
    states = region_profile(profiled_run, "United States", "2000-2007")
    assert states.region == "US"
    assert states.period == "2000-2007"
    assert set(states.industries["tier"]) == {"not known"}
    assert not states.industries["strong"].any()
    assert states.lacking.empty
    assert "none" in repr(states)


def test_unknown_regions_and_periods(profiled_run: Run) -> None:
    with pytest.raises(UnknownRegionError, match=r"no region of this run is 'DE2X'; the nearest: DE21 \(Oberbayern\)"):
        region_profile(profiled_run, "DE2X")
    with pytest.raises(BadInput, match="'1990-1999'; expected one of 2000-2007, 2007-2014"):
        region_profile(profiled_run, "DE21", "1990-1999")


def test_a_run_without_profiles(tmp_path) -> None:
    (tmp_path / "manifest.json").write_text('{"title": "Old", "status": "complete"}', encoding="utf-8")
    with pytest.raises(BadInput, match="a run with profiles of regions"):
        region_profile(open_run(tmp_path), "DE21")


def test_how_a_profile_shows_itself(profiled_run: Run) -> None:
    profile = region_profile(profiled_run, some_region(profiled_run))
    text, page = repr(profile), profile._repr_html_()
    assert all(heading in text and heading in page for heading in PARTS.values())
    assert all(note in text for note in profile.notes)
    assert not re.search(r"\b(nan|<NA>|None)\b", text + page)
    frame = profile.to_frame()
    assert len(frame) == sum(len(table) for table in profile.tables.values())
    assert set(frame["part"]) <= set(PARTS)
    data = json.loads(json.dumps(profile.to_dict(), default=int))
    assert [len(data[part]) for part in PARTS] == [len(table) for table in profile.tables.values()]


def test_a_region_with_nothing_is_told_in_good_english(profiled_run: Run) -> None:
    whole = region_profile(profiled_run, some_region(profiled_run))
    bare = replace(whole, industries=whole.industries.head(0), lacking=whole.lacking.head(0))
    assert bare.sentence().endswith(", 2007-2014: no strong industry in the spaces; no linkage lacking.")
    alone = replace(whole, lacking=whole.lacking.head(1), partners=whole.partners.head(0)).sentence()
    assert alone.endswith("; 1 linkage lacking, no partner for it.")


def test_partners_are_shown_for_every_linkage_that_is_lacking(profiled_run: Run) -> None:
    whole = region_profile(profiled_run, some_region(profiled_run))
    many = pd.DataFrame({"other": ["First"] * 20 + ["Second"] * 20, "rank": [*range(1, 21)] * 2})
    text = repr(replace(whole, partners=many.assign(partner="DE21", partner_name="Oberbayern")))
    shown = text.split(PARTS["partners"])[1].split(PARTS["alike"])[0]
    assert shown.startswith(" (10 of 40; 30 more in its table)")
    assert (shown.count("First"), shown.count("Second")) == (5, 5)


def test_the_command(profiled_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    folder, code = str(profiled_run.folder), some_region(profiled_run)
    assert main(["profile", folder, code]) == 0
    assert capsys.readouterr().out.startswith(region_profile(profiled_run, code).sentence())
    assert main(["profile", folder, code, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["region"] == code
    assert told["notes"] == notes(profiled_run.json("profiles/about.json"), "2007-2014")
    assert main(["profile", folder, code, "--format", "csv"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[0].startswith("part,space,")
    assert len(rows) == len(region_profile(profiled_run, code).to_frame()) + 1
    assert main(["profile", folder, "Munchkin"]) == 3
    streams = capsys.readouterr()
    assert streams.out == ""
    assert "'Munchkin'; expected a region of the run. To mend: write one of the nearest: " in streams.err


def test_known_regions_are_those_of_the_star_table_and_of_the_events(profiled_run: Run) -> None:
    known = known_regions(profiled_run)
    assert "" not in known
    assert set(profiled_run.table("stars.parquet")["region"]) <= set(known)
    assert "US" in known
    assert known == sorted(known)


def test_the_sums_agree_with_the_run(profiled_run: Run) -> None:
    """Cells of an event's regions are never more than the joint table's events of the space's sectors."""
    quadrants, linkages = (profiled_run.table(f"stars/{name}.parquet") for name in ("quadrants", "linkages"))
    for period in ("2000-2007", "2007-2014"):
        spaces = [space for space in profiled_run.spaces if space["network"] == f"sector__all__{period}"]
        for space in spaces:
            inside = quadrants[(quadrants["space"] == space["id"]) & (quadrants["period"] == period)]
            top = {row["region"]: row["events"] for row in space["regions"]["top"]}
            by_region = inside.groupby("region")["linkage"].max()
            assert all(by_region[region] <= top[region] for region in top if region in by_region)
            cells = linkages[(linkages["space"] == space["id"]) & (linkages["period"] == period)]
            ends = pd.concat([cells[[f"industry_{e}", f"region_{e}"]].set_axis(["i", "r"], axis=1) for e in "ab"])
            held = set(inside[["industry", "region"]].itertuples(index=False, name=None))
            assert set(ends.itertuples(index=False, name=None)) <= held
