"""What build_network takes, refuses, and says of itself."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from ingest import BadInput
from ingest.frames import from_frames
from ingest.records import Records
from linkages import build_network

FACETS = pd.DataFrame({"event": "p", "year": 2003, "naics": ["325411", "334111"], "region": ["DE21", "FR10"]})
OTHERS = {
    "links": pd.DataFrame({"source": ["325"], "target": ["334"], "weight": [1.0]}),
    "pairs": pd.DataFrame({"event": ["p"], "a": ["325"], "b": ["334"]}),
}


@pytest.mark.parametrize("form", OTHERS)
@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"counting": "double"}, "counting is one of full, fractional; got 'double'"),
        ({"source": "patents"}, "a source is one of copatent, deal, alliance or all; got 'patents'"),
        ({"weigh": "money"}, "weigh is one of events, value; got 'money'"),
        ({"weigh": "value"}, "has no values to weigh by"),
        ({"level": "naics7"}, "a level is one of naics2, .*; got 'naics7'"),
        ({"groups": {"A": ["325"]}}, "groups can have no effect: a frame of .* was counted already"),
        ({"sector_level": "naics2", "nuts": 2016}, "sector_level, nuts can have no effect"),
        ({"currency": "USD"}, "currency can have no effect"),
    ],
)
def test_what_has_no_effect_on_what_was_counted_is_refused(form: str, call: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build_network(OTHERS[form], **call)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"currency": "USD mn"}, 'currency can have no effect .*: give weigh="value"'),
        ({"sector_level": "naics2"}, "sector_level can have no effect at naics3: it is for networks of regions"),
    ],
)
def test_what_has_no_effect_on_what_is_counted_is_refused(
    five_events: Records, call: dict[str, Any], message: str
) -> None:
    for given in (five_events, FACETS):
        with pytest.raises(ValueError, match=message):
            build_network(given, **call)


def test_links_are_said_to_be_counted_as_they_were() -> None:
    assert build_network(OTHERS["links"]).counting == "full"
    assert build_network(OTHERS["links"], counting="fractional").counting == "fractional"


@pytest.mark.parametrize("given", [None, [{}], "records", 5])
def test_what_is_no_records_and_no_frame_is_refused(given: Any) -> None:
    with pytest.raises(TypeError, match=r"build_network takes records, a pandas DataFrame, or frames by name .*; got"):
        build_network(given)
    with pytest.raises(TypeError, match="facets is a pandas DataFrame; got"):
        build_network({"events": FACETS, "facets": given, "participants": None})


def test_settings_tell_what_the_counts_depend_on(five_events: Records) -> None:
    coarse, fine = (build_network(FACETS, "nuts2", sector_level=level).settings for level in ("naics2", "naics6"))
    assert (coarse["sector_level"], fine["sector_level"]) == ("naics2", "naics6")
    assert build_network(five_events, "nuts2", source="deal").settings["sector_level"] == "naics3"
    grouped = build_network(FACETS, groups={"Health": ("325",)})
    assert grouped.settings == {"naics": 2017, "nuts": 2013, "groups": {"Health": ["325"]}}
    assert build_network(FACETS).settings == {"naics": 2017, "nuts": 2013}
    assert build_network(FACETS, "nuts2", nuts=2016).settings["nuts"] == 2016


def test_records_know_their_version_of_nuts(five_events: Records) -> None:
    assert build_network(five_events, nuts=2013).events == build_network(five_events).events
    with pytest.raises(ValueError, match="regions of these records are of NUTS 2013; nuts is for frames"):
        build_network(five_events, nuts=2016)


def test_a_period_may_be_its_label(five_events: Records) -> None:
    one, two = (build_network(five_events, period=period) for period in ((2000, 2007), "2000-2007"))
    pd.testing.assert_frame_equal(one.links, two.links)
    assert one.period == two.period


def test_faults_of_three_frames_are_told_with_their_codes() -> None:
    events = pd.DataFrame({"event": ["p"], "kind": ["copatent"], "year": [None]})
    facets = pd.DataFrame({"event": ["p"], "facet": ["1"], "role": ["class"], "naics": [541711]})
    with pytest.raises(BadInput) as caught:
        build_network({"events": events, "facets": facets})
    assert [(fault.file, fault.value) for fault in caught.value.faults] == [("events", "None"), ("facets", "541711")]
    with pytest.raises(BadInput, match="541711'; expected a code of NAICS 2017"):
        from_frames(events.assign(year=2003), facets)
