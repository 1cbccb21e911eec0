"""The grid of a study that weighs links by value."""

from __future__ import annotations

from collections.abc import Callable

from ingest.records import Records
from linkages.periods import Period
from observatory.settings import Communities, Settings
from observatory.side_by_side import Workers
from observatory.stages.grid import own_choice, search


def test_the_grid_weighs_as_the_study_does(make_records: Callable[..., Records]) -> None:
    codes = ["325411", "334111", "336111", "311811"]
    events, values = [], {}
    for number in range(12):
        pair = codes[number % 4], codes[(number + 1) % 4]
        facets = [("acquirer", pair[0]), ("target", pair[1])]
        events.append((f"d{number}", "deal", 2003, facets, []))
        values[f"d{number}"] = (float(number + 1), "USD mn")
    records = make_records(events, values=values)
    settings = Settings("T", {}, weigh="value", communities=Communities(trials=1, restarts=1))
    found = search(
        records, settings, [own_choice(settings)], ["deal"], [Period(2000, 2007)], lambda _: None, Workers(1)
    )
    assert found[0].network.unit == "USD mn"
    assert found[0].network.links["weight"].sum() == sum(range(1, 13))
