"""Files as real users have them; skipped where the variable LINKAGES_REAL does not name their folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import ingest
from ingest.engine import collect
from ingest.ledger import imbalance

pytestmark = pytest.mark.skipif(
    not os.environ.get("LINKAGES_REAL"), reason="LINKAGES_REAL does not name the folder of real files"
)

#: NAICS codes of common categories: enough to see deals counted, not a judgement on what firms do.
CATEGORIES = {
    **{"Software": ["511210"], "Enterprise Software": ["511210"], "SaaS": ["511210"], "Games": ["511210"]},
    **{"Mobile": ["517312"], "Telecommunications": ["517"], "Internet": ["519130"], "Web Hosting": ["518210"]},
    **{"Advertising": ["5418"], "Biotechnology": ["541714"], "Health Care": ["62"], "E-Commerce": ["454110"]},
    **{"Finance": ["52"], "Financial Services": ["52"], "Consulting": ["5416"], "Security": ["5616"]},
    **{"Hardware + Software": ["334111"], "Semiconductors": ["334413"], "Clean Technology": ["2211"]},
    **{"Manufacturing": ["33"], "Education": ["61"], "Media": ["515"], "News": ["511110"]},
}
KINDS = {"HES": ["6113"], "REC": ["5417"], "PUB": ["92"], "PRC": ["33"], "OTH": ["81"]}
SOURCES: dict[str, dict[str, Any]] = {
    "patstat_copatents_de.tsv.gz": {
        "columns": {
            **{"event": "appln_id", "year": "appln_filing_year", "name": "psn_name", "region_code": "NUTS"},
            **{"country": "person_ctry_code", "symbol": "techn_field"},
        },
        "options": {"kind": "copatent", "scheme": "wipo"},
    },
    "crunchbase_acquisitions_2015-12.csv.gz": {
        "columns": {
            **{"acquirer_name": "acquirer_name", "acquirer_city": "acquirer_city", "target_name": "company_name"},
            **{"acquirer_country": "acquirer_country_code", "acquirer_symbol": "acquirer_category_list"},
            **{"target_city": "company_city", "target_country": "company_country_code", "date": "acquired_at"},
            **{"target_symbol": "company_category_list", "value": "price_amount", "currency": "price_currency_code"},
        },
        "options": {"kind": "deal", "scheme": "label", "split": "|"},
        "labels": CATEGORIES,
    },
    "h2020_participations.csv.gz": {
        "columns": {
            **{"event": "rcn", "participant": "pic", "country": "country", "date": "start_date", "symbol": "type"}
        },
        "options": {
            "kind": "alliance",
            "scheme": "label",
            "join": {
                "files": ["h2020_organisations_addresses.csv.gz"],
                "on": {"pic": "orgId"},
                "columns": {"name": "name", "city": "city"},
            },
        },
        "labels": KINDS,
    },
}
#: Rows in the files, and the share of participants' weight in NUTS that found its region, at the least.
EXPECTED = {
    "patstat_copatents_de.tsv.gz": (39_226, 0.95),
    "crunchbase_acquisitions_2015-12.csv.gz": (18_968, 0.8),
    "h2020_participations.csv.gz": (144_726 + 16_592, 0.8),
}


@pytest.mark.parametrize("file", SOURCES)
def test_the_ledger_of_a_real_file_balances_to_the_row(file: str) -> None:
    folder = Path(os.environ["LINKAGES_REAL"])
    found = ingest.read("table", folder / file, root=folder, **SOURCES[file])
    rows, placed = EXPECTED[file]
    ledger = found.ledger.set_index("reason")
    assert imbalance(found.ledger) == []
    assert ledger.loc["read", "rows"] == found.inputs["rows"].sum() == rows
    events, people, facets = (collect(t) for t in (found.events, found.participants, found.facets))
    assert ledger.loc["used", "weight"] == len(events) > 1_000
    assert people.groupby("event")["share"].sum().to_list() == pytest.approx([1.0] * people["event"].nunique())
    assert facets.groupby(["event", "facet"])["share"].sum().min() == pytest.approx(1)
    known = people["placed_by"] != "unplaced"
    assert people.loc[people["region"].notna(), "share"].sum() >= placed * people.loc[known, "share"].sum()
    assert events["year"].between(1900, 2100).all()
