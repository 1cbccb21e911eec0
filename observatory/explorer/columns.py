"""What the columns of the explorer's tables hold: a heading, a unit, and how a cell is to be read."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

#: How a cell is to be read: words, a number, a share of 1, a code (never a number, whatever its digits), yes or no.
KINDS = ("text", "number", "share", "code", "flag")


class Column(NamedTuple):
    """A column: its heading, the unit of its numbers, how its cells are to be read."""

    label: str
    unit: str = ""
    kind: str = "text"


def _number(label: str, unit: str = "") -> Column:
    return Column(label, unit, "number")


def _share(label: str, unit: str = "of 1") -> Column:
    return Column(label, unit, "share")


def _code(label: str) -> Column:
    return Column(label, "", "code")


#: By name; a name means the same in every table but for those of :data:`ELSEWHERE`.
COLUMNS: dict[str, Column] = {
    # What and where
    "network": _code("Network"),
    "title": Column("Title"),
    "level": Column("Level"),
    "period": _code("Period"),
    "since": _code("Since"),
    "source": Column("Kind of event"),
    "code": _code("Code"),
    "label": Column("Name"),
    "kind": Column("Kind"),
    "path": _code("Resource"),
    "why": _code("Events behind it"),
    # Links
    "a": _code("One end"),
    "a_label": Column("One end, name"),
    "b": _code("Other end"),
    "b_label": Column("Other end, name"),
    "other": _code("Linked with"),
    "other_label": Column("Linked with, name"),
    "weight": _number("Weight", "as the study counts"),
    "events": _number("Events", "events"),
    "expected": _number("Expected weight", "as the study counts"),
    "association": _number("Association strength", "times what chance would give"),
    "p": _number("p", "probability by chance"),
    "q": _number("q", "share of false findings"),
    "noise_corrected": _number("Noise-corrected strength", "−1 to 1"),
    "noise_corrected_sd": _number("Its standard deviation"),
    "disparity_p": _number("p of the disparity filter", "probability by chance"),
    # Change
    "n1": _number("Events, first period", "events"),
    "n2": _number("Events, last period", "events"),
    "share1": _share("Share, first period"),
    "share2": _share("Share, last period"),
    "growth": _share("Growth", "of the first period's events"),
    "log_odds": _number("Log odds ratio", "0: no change of its share"),
    "low": _number("Log odds ratio, low", "95 % interval"),
    "high": _number("Log odds ratio, high", "95 % interval"),
    "class": Column("Change"),
    "event": Column("What became of it"),
    "from": _code("From space"),
    "from_name": Column("From space, name"),
    "from_letter": _code("From space, letter"),
    "to": _code("To space"),
    "to_name": Column("To space, name"),
    "to_letter": _code("To space, letter"),
    "jaccard": _share("Members in both", "of those in either"),
    "stable": _share("Stable members"),
    # Nodes
    "strength": _number("Strength", "weight of its links"),
    "strength_inside": _number("Strength inside", "weight of its links within the space"),
    "links": _number("Links", "links"),
    "linked_events": _number("Events of its links", "events, once a link"),
    "within_events": _number("Events within", "events"),
    "community": _number("Community", "0 = largest"),
    "space": _code("Space"),
    "space_label": Column("Space, name"),
    "letter": _code("Letter"),
    "hue": _code("Colour"),
    "stability": _share("Stability", "of the resamplings"),
    "role": Column("Role"),
    "leans_to": _number("Leans to community"),
    "x": _number("Position, to the right", "0 to 1"),
    "y": _number("Position, downwards", "0 to 1"),
    # Communities
    "nodes": _number("Nodes", "nodes"),
    "k": _number("Communities", "communities"),
    "rule": Column("Rule that gave their number"),
    "modularity": _number("Modularity", "−1 to 1"),
    "energy": _number("Energy"),
    "codelength": _number("Codelength", "bits"),
    "agreement_infomap": _number("Agreement with Infomap", "1: the same"),
    "agreement_leiden": _number("Agreement with Leiden", "1: the same"),
    "noise_p": _number("p of chance networks", "probability by chance"),
    "left_out": _number("Left out", "nodes"),
    "members": _number("Members", "sectors"),
    "weight_inside": _number("Weight inside", "as the study counts"),
    "share_inside": _share("Share inside", "of its members' strength"),
    "name": Column("Name"),
    "sectors": _number("Sectors", "sectors"),
    "sector": _code("Sector"),
    "sector_label": Column("Sector, name"),
    "facets": _number("Sector codes", "codes"),
    # Regions, stars
    "region": _code("Region"),
    "region_label": Column("Region, name"),
    "region_a": _code("Region of one end"),
    "region_a_label": Column("Region of one end, name"),
    "region_b": _code("Region of the other end"),
    "region_b_label": Column("Region of the other end, name"),
    "sector_a": _code("Sector of one end"),
    "sector_a_label": Column("Sector of one end, name"),
    "sector_b": _code("Sector of the other end"),
    "sector_b_label": Column("Sector of the other end, name"),
    "partner": _code("Partner"),
    "partner_label": Column("Partner, name"),
    "linkages": _number("Linkages", "events, once a pair of sectors and regions"),
    "where": Column("Within or between"),
    "industry": Column("Industry"),
    "size": _number("Stars for size", "stars"),
    "specialisation": _number("Stars for specialisation", "stars"),
    "productivity": _number("Stars for productivity", "stars"),
    "sme": _number("Stars for small and medium-sized firms", "stars"),
    "innovation": _number("Stars for innovation leaders", "stars"),
    "focus": _number("Stars for focus", "stars"),
    "total": _number("Stars", "stars"),
    "stars": _number("Stars", "stars"),
    "tier": Column("Tier"),
    "other_tier": Column("Tier of the other"),
    "linkage": _number("Events", "events within the space"),
    "linked": Column("Linked", "", "flag"),
    "strong": Column("Strong", "", "flag"),
    "quadrant": Column("Strong and linked"),
    "rank": _number("Rank"),
    "steps": _number("Steps apart", "links"),
    "together": _number("Events together", "events"),
    "similarity": _number("Likeness", "0 to 1"),
    "shared": _number("Shared", "industries"),
    "side": Column("Side"),
    "focal": Column("Industry in focus"),
    "cross_sectoral": _number("Cross-sectoral events", "events"),
    "share": _share("Share"),
    "quotient": _number("Over the share of all regions", "1: as all"),
    # Events
    "year": Column("Year", "", "code"),
    "date": _code("Date"),
    "participants": Column("Participants"),
    "file": Column("File"),
    "row": _code("Row"),
    # Data
    "reason": Column("What became of the rows"),
    "rows": _number("Rows", "rows"),
    "value": Column("Value"),
    "country": _code("Country"),
    "read": _number("Rows read", "rows"),
    "used": _number("Rows used", "rows"),
    "used_share": _share("Rows used", "of the rows read"),
    "used_weight_share": _share("Weight used", "of the weight read"),
    "placed_share": _share("With a region", "of the participants"),
    "placed_weight_share": _share("Weight with a region", "of the participants' weight"),
    "way": Column("Found by"),
    "gate": Column("Gate"),
    "limit": _number("Asked for"),
    "reached": _number("Reached"),
    "met": Column("Met", "", "flag"),
    "field": Column("Field"),
    "number": _number("Number", "participants or symbols"),
    "state": Column("Taken or doubtful"),
    "moves": _share("Moves", "of all events"),
    "leaves": _number("Would leave", "events"),
    "enters": _number("Would come", "events"),
    "people": _number("People", "inhabitants"),
    # Review
    "place": Column("Place"),
    "score": _number("Likeness", "0 to 100"),
    "candidates": _code("Candidates"),
    "options": Column("Answers that may be given"),
    "effect": _number("Effect", "events whose links it moves"),
    # Files
    "bytes": _number("Size", "bytes"),
    "sha256": _code("SHA-256"),
    "what": Column("What it holds"),
    "alt": Column("In words"),
    "page": Column("Page"),
}
#: Columns that mean something of their own in one table.
ELSEWHERE: dict[str, Column] = {
    "ledger.source": Column("Source"),
    "rejects.source": Column("Source"),
    "unmatched.source": Column("Source"),
    "coverage.source": Column("Source"),
    "placed.source": Column("Source"),
    "inputs.source": Column("Source"),
    "events.event": _code("Event"),
    "coverage.participants": _number("Participants", "participants"),
    "placed.participants": _number("Participants", "participants"),
    "ledger.weight": _number("Weight", "events"),
    "ledger.share": _share("Share", "of the rows read"),
    "unmatched.weight": _number("Weight", "events or participants"),
    "rejects.rows": _number("Cells", "cells"),
    "members.share": _share("Strength inside", "of its strength"),
    "members.stable": Column("Stable", "", "flag"),
    "spaces.share": _share("Share", "of the members of the space it is told of"),
    "concentration.share": _share("Cross-sectoral", "of the region's events"),
    "industries.share": _share("Share", "of the space's facets"),
    "industries.linkage": _number("Events", "events within the space of which it is an end"),
    "lacking.other": Column("Other industry"),
    "linked.other": Column("Other industry"),
    "partners.other": Column("Other industry"),
    "figures.source": Column("Source"),
    "by_year.source": Column("Source"),
    "matched.source": Column("Source"),
    "matched.level": Column("Found as"),
    "by_region.source": Column("Source"),
    "by_region.weight": _number("Weight", "events"),
    "by_region.share": _share("Share", "of the source's events"),
    "by_region.expected": _share("Share of people", "of all regions'"),
    "by_year.weight": _number("Weight", "events"),
    "doubtful.source": Column("Source"),
    "doubtful.level": Column("Found as"),
    "doubtful.other": _code("What else it could be"),
    "doubtful.links": _number("Links that it touches", "links"),
    "doubtful.weight": _number("Weight", "events"),
    "doubtful.moves": _number("Moves", "events"),
    **{
        f"{table}.share{n}": _share(f"Share, {which} period", "of all cross-sectoral events")
        for table in ("areas", "change")
        for n, which in ((1, "first"), (2, "last"))
    },
    "moves.what": Column("Region or link"),
    "moves.a": _code("Region"),
    "moves.b": _code("Other region"),
    "matched.weight": _number("Weight", "events"),
    "queue.level": Column("Found as"),
    "queue.sources": Column("Sources"),
    "queue.weight": _number("Weight", "events"),
}


#: Folder of the resources that a column's codes lead to.
LEADING = {
    "sector": "sectors",
    "sector_a": "sectors",
    "sector_b": "sectors",
    "region": "regions",
    "region_a": "regions",
    "region_b": "regions",
    "partner": "regions",
    "space": "spaces",
    "from": "spaces",
    "to": "spaces",
}
#: Ends of links: where they lead depends on the network.
ENDS = ("a", "b", "other")


def leading(columns: Collection[str], ends: str | None) -> dict[str, str]:
    """Say which columns hold codes of sectors, regions or spaces: column → folder of their resources.

    Parameters
    ----------
    columns
        Of a table.
    ends
        Folder that the ends of links lead to; None where they have no resource.

    Examples
    --------
    >>> leading(["a", "a_label", "events", "space"], "sectors")
    {'a': 'sectors', 'space': 'spaces'}
    """
    named = {name: ends for name in ENDS if ends and name in columns and f"{name}_label" in columns}
    return named | {name: folder for name, folder in LEADING.items() if name in columns}


def column(table: str, name: str) -> Column:
    """Say what a column of a table holds; one that nobody has described, of another version's run, is its own name.

    Examples
    --------
    >>> column("links", "association").unit
    'times what chance would give'
    >>> column("ledger", "source").label, column("links", "source").label, column("links", "of_2031").label
    ('Source', 'Kind of event', 'of 2031')
    """
    return ELSEWHERE.get(f"{table}.{name}") or COLUMNS.get(name) or Column(name.replace("_", " "))
