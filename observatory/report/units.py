"""What the columns of the workbook's sheets hold: unit and meaning, a row a column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from observatory.explorer.columns import COLUMNS, ELSEWHERE
from observatory.report.linkage_sheets import SHEETS, UNITS

#: Sheets whose columns mean what those of the linkages in detail do.
CHANGES = ("change", "region_change")
#: Column, of one sheet where that stands before it → unit and meaning; what is not here is as in :data:`UNITS`, or as
#: the explorer heads it.
MEANINGS = {
    "network": ("", "kind of its nodes, kind of event and period"),
    "networks.q": ("communities", "how many the spin glass was given; elsewhere q is a rate of false discoveries"),
    "q": ("0 to 1", "rate of false discoveries (Benjamini & Hochberg); in the sheet networks q is a number"),
    "p": ("0 to 1", "chance of at least this weight, or change, where chance alone links the ends"),
    "networks.k": ("communities", "how many of them are filled"),
    "sensitivity.k": ("communities", "number of spaces under this choice"),
    "networks.finding": ("", "the result in a sentence"),
    "networks.infomap_k": ("communities", "how many two-level Infomap finds"),
    "leiden_k": ("communities", "how many the best Leiden partition has"),
    "leiden_modularity": ("-1 to 1", "modularity of the best Leiden partition"),
    "agreement_bootstrap": ("up to 1", "mean adjusted mutual information with the resamplings"),
    "replicates": ("resamplings", "how many there are"),
    "left_out": ("", "nodes outside the main component, by code"),
    "space": ("", "letter of the space, the same in all figures"),
    "id": ("", "the space in spaces.json"),
    "spaces.members": ("sectors", "how many the space has"),
    "spaces.regions": ("", "regions with most of its events, by code"),
    "spaces.since": ("", "the period before, which it is compared with"),
    "predecessor": ("", "id of the space it comes from"),
    "overlap": ("0 to 1", "members that both have, of those in either"),
    "node": ("", "sector, by code"),
    "source": ("", "one end of the link, by code"),
    "target": ("", "other end of the link, by code"),
    "source_label": ("", "one end of the link, by name"),
    "target_label": ("", "other end of the link, by name"),
    **{f"{sheet}.source": ("", "source, as the study calls it") for sheet in (
        "ledger", "unmatched", "quality_funnel", "quality_matched", "quality_coverage", "quality_doubtful")},
    "concentration_top.source": ("", "kind of event, or all"),
    "quality_matched.kind": ("", "place or sector"),
    "quality_matched.level": ("", "what it was found as"),
    "quality_doubtful.level": ("", "what it was found as"),
    "quality_matched.share": ("0 to 1", "part of the weight of its source and kind"),
    "quality_coverage.share": ("0 to 1", "part of the source's weight"),
    "quality_coverage.expected": ("0 to 1", "the region's part of the people"),
    "quality_coverage.participants": ("participants", "how many were placed in the region"),
    "quality_doubtful.other": ("", "what else it could be"),
    "quality_doubtful.moves": ("events", "weight that would move if it were so"),
    "quality_doubtful.links": ("links", "how many it touches"),
    "quality_moves.what": ("", "a region or a link"),
    "quality_moves.a": ("", "region, or one end of a link"),
    "quality_moves.b": ("", "other end of the link"),
    "unmatched.kind": ("", "place or sector"),
    "quality_doubtful.kind": ("", "place, name or region code"),
    "weight": ("events, or the currency", "weight as the study counts and weighs"),
    "space_regions.kind": ("", "top: regions with most events; within: inside one; between: between two"),
    "name_a": ("", "one region, by name"),
    "name_b": ("", "other region, by name"),
    "agreement.a": ("", "one network"),
    "agreement.b": ("", "other network"),
    "ami": ("up to 1", "adjusted mutual information: 1 is the same, 0 what chance gives"),
    "vi": ("nats", "variation of information: 0 is the same"),
    "shared_year": ("", "where a year that two periods share counts"),
    "region_alike.other": ("", "region like it, by code"),
    "region_alike.other_label": ("", "region like it, by name"),
    "other": ("", "the other industry; of focal_partners the other sector, by code"),
    "other_label": ("", "the other sector, by name"),
    **{f"{what}_{end}": ("", f"{words} of {one} end") for what, words in (("industry", "industry"), ("tier", "tier"))
       for end, one in (("a", "one"), ("b", "the other"))},
    **{f"stars_{end}": ("stars", f"stars of {one} end") for end, one in (("a", "one"), ("b", "the other"))},
    **{f"links_{end}": ("links", f"links of {one} kind of event") for end, one in (("a", "one"), ("b", "the other"))},
    "source_agreement.a": ("", "one kind of event"),
    "source_agreement.b": ("", "other kind of event"),
    "areas.node": ("", "sector or region, by code"),
    **{f"rank{n}": ("rank", f"in the {which} period, 1 = most events") for n, which in ((1, "first"), (2, "last"))},
    **{f"strong{n}": ("yes or no", f"a strong tie in the {which} period") for n, which in ((1, "first"), (2, "last"))},
    "top_within": ("", "region with most events within it"),
    "top_between": ("", "two regions with most events between them"),
}  # fmt: skip


def rows(sheet: str, columns: Iterable[str]) -> Iterator[list[str]]:
    """Explain the columns of a sheet; those of stars are in ``stars_columns``.

    Examples
    --------
    >>> [*rows("networks", ["q"])][0][2]
    'communities'
    >>> [*rows("links_2000-2007", ["q"])][0][2:]
    ['0 to 1', 'rate of false discoveries (Benjamini & Hochberg); in the sheet networks q is a number']
    """
    if sheet == "stars" or (sheet.startswith("stars_") and sheet != "stars_beside"):
        return
    for column in columns:
        yield [sheet, column, *_said(re.sub(r"_\d{4}-\d{4}$", "", sheet), column)]


def _said(sheet: str, column: str) -> tuple[str, str]:
    if told := MEANINGS.get(f"{sheet}.{column}") or (UNITS.get(column) if sheet in {*SHEETS, *CHANGES} else None):
        return told
    if told := MEANINGS.get(column):
        return told
    one = ELSEWHERE.get(f"{sheet}.{column}") or COLUMNS.get(column)
    return (one.unit, one.label) if one else ("", "")
