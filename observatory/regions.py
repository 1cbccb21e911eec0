"""A region's profile, read from a run: what it is strong in, linked to, and lacking, and who its partners could be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

import pandas as pd

from ingest.faults import BadInput, Fault
from ingest.nuts import in_nuts_spelling
from ingest.regions import region_name
from observatory.names import code_of, offered, other_names
from observatory.report.wording import counted, plain
from observatory.stars.profile import ABOVE, COMMON, EVENTS
from observatory.stars.quadrants import stated
from observatory.store import Run

#: The parts of a profile, and their headings.
PARTS = {
    "industries": "Its strong industries, and what it is linked in",
    "linked": "Whom its industries are linked to",
    "lacking": "Linkages that it lacks, though strong at one end",
    "partners": "Partners for them, the foremost first",
    "alike": "Regions like it that it has no event with",
}
#: Tables of the run that hold a row a region.
READ = ("stars/quadrants", "profiles/lacking", "profiles/partners", "profiles/alike")
#: The table of linkages, and its texts, of which a million rows hold a few hundred.
LINKAGES = "stars/linkages"
TEXTS = ("space", *(f"{what}_{end}" for end in ("a", "b") for what in ("industry", "region", "tier")))
#: Rows of each part that a profile shows of itself; its tables hold all.
SHOWN = 10


class UnknownRegionError(LookupError):
    """No region of the run has this code or name; says which are nearest."""

    def __init__(self, text: str, nearest: str) -> None:
        self.nearest = nearest
        super().__init__(f"no region of this run is {text!r}; the nearest: {nearest}")


@dataclass(frozen=True)
class RegionProfile:
    """What a run knows of a region in a period.

    Attributes
    ----------
    region, name, period
        Code and name of the region; the period.
    notes
        What strong, linked, lacking and alike mean here, in sentences.
    industries
        ``space, space_name, industry, linkage, tier, stars, linked, strong, quadrant``: strong ones first, then by
        events.
    linked
        ``space, space_name, industry, other, partner, partner_name, tier, stars, events``: the partner's tier and
        stars are those of the other industry there. Most events first.
    lacking
        ``space, space_name, industry, tier, stars, other, other_tier, events, association``: see
        :func:`observatory.stars.profile.lacking_linkages`. The most unexpected first.
    partners
        ``space, space_name, industry, other, rank, partner, partner_name, tier, stars, events, steps, together``: see
        :func:`observatory.stars.profile.partners_of`.
    alike
        ``rank, other, other_name, similarity, shared``: see :func:`observatory.stars.profile.regions_alike`.
    """

    region: str
    name: str
    period: str
    notes: list[str]
    industries: pd.DataFrame
    linked: pd.DataFrame
    lacking: pd.DataFrame
    partners: pd.DataFrame
    alike: pd.DataFrame

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by part."""
        return {part: getattr(self, part) for part in PARTS}

    def to_frame(self) -> pd.DataFrame:
        """Put all parts into one long table, ``part`` first; columns that a part lacks are empty."""
        parts = [table.assign(part=part).astype(object) for part, table in self.tables.items() if len(table)]
        columns = list(dict.fromkeys(["part", *(c for table in self.tables.values() for c in table.columns)]))
        whole = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
        return whole.reindex(columns=columns)

    def to_dict(self) -> dict[str, Any]:
        """Give the profile as what JSON holds: the region, the notes and a list of rows a part."""
        rows = {
            part: table.astype(object).where(table.notna(), None).to_dict("records")
            for part, table in self.tables.items()
        }
        about = {"region": self.region, "name": self.name, "period": self.period, "notes": self.notes}
        return {**about, **rows}

    def sentence(self) -> str:
        """Say the profile in a sentence."""
        strong = self.industries.loc[self.industries["strong"], ["industry", "linked"]]
        names = strong["industry"].nunique()
        both = strong.loc[strong["linked"], "industry"].nunique()
        lacking, partners = len(self.lacking), self.partners["partner"].nunique()
        found = f", {counted(partners, 'partner', none='no partner')} for {_them(lacking)}" if lacking else ""
        return (
            f"{self.name} ({self.region}), {self.period}: {standing(names, both, ' in the spaces')}; "
            f"{counted(lacking, 'linkage', none='no linkage')} lacking{found}."
        )

    def __repr__(self) -> str:
        """Say the profile, with the first rows of each part."""
        from observatory.listing import as_text

        blocks = [self.sentence()]
        for part, table in self.tables.items():
            few = _shown(table)
            blocks.append(f"{PARTS[part]}{_more(table)}\n" + (as_text(few) if len(few) else "none"))
        return "\n\n".join([*blocks, *self.notes])

    def _repr_html_(self) -> str:
        """Say the same for a notebook."""
        blocks = [f"<p><b>{escape(self.sentence())}</b></p>"]
        for part, table in self.tables.items():
            few = _shown(table).to_html(index=False, border=0, na_rep="") if len(table) else "<p>none</p>"
            blocks.append(f"<p>{escape(PARTS[part])}{_more(table)}</p>{few}")
        return "".join([*blocks, *(f"<p><small>{escape(note)}</small></p>" for note in self.notes)])


def standing(strong: int, linked: int, where: str = "") -> str:
    """Say how many industries are strong, and how many of these linked.

    Examples
    --------
    >>> standing(3, 2, " in the spaces"), standing(1, 1)
    ('3 strong industries in the spaces, 2 of them linked', '1 strong industry, linked')
    >>> standing(2, 0), standing(0, 0)
    ('2 strong industries, none of them linked', 'no strong industry')
    """
    said = counted(strong, "strong industry", "strong industries", none="no strong industry") + where
    if strong == 1:
        return said + (", linked" if linked else ", not linked")
    return f"{said}, {f'{linked:,}' if linked else 'none'} of them linked" if strong else said


def _them(amount: int) -> str:
    return "it" if amount == 1 else "them"


def _more(table: pd.DataFrame) -> str:
    """Say how many rows are shown, and how many more there are."""
    more = len(table) - SHOWN
    return f" ({SHOWN} of {len(table):,}; {more:,} more in its table)" if more > 0 else ""


def _shown(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the first rows; of partners the foremost of every linkage before the next of the first.

    Examples
    --------
    >>> table = pd.DataFrame({"other": ["a"] * 12 + ["b"] * 2, "rank": [*range(1, 13), 1, 2]})
    >>> _shown(table)["other"].value_counts().to_dict()
    {'a': 8, 'b': 2}
    """
    first = table.sort_values("rank", kind="stable") if {"rank", "other"} <= {*table} else table
    few = first.head(SHOWN).sort_index().drop(columns=["space", "linked", "strong"], errors="ignore")
    return few.assign(space_name=few["space_name"].map(plain)) if "space_name" in few else few


def region_profile(run: Run, region: str, period: str | None = None) -> RegionProfile:
    """Draw up the profile of a region from a run.

    Parameters
    ----------
    run
        What :func:`observatory.open_run` returns.
    region
        Code of a NUTS2 region, of a country outside NUTS, or its name, part of its name, or a town of it.
    period
        Label of a period; the last when None.

    Raises
    ------
    UnknownRegionError
        No region of the star table or of an event is known so, or several are; the nearest are offered.
    BadInput
        A period that the study does not have; a run of an earlier version, which has no profiles.

    References
    ----------
    European Cluster Trends, methodology 2014, 2 and 4: who a region is linked to, and who it could be linked to.
    """
    opened = open_profiles(run, period)
    return opened.profile(_resolved(run, region, opened.nuts))


@dataclass(frozen=True)
class OpenProfiles:
    """The tables of a run that profiles are read from, opened once for several regions.

    Attributes
    ----------
    period
        The period that they are of.
    tables
        Rows of the period, by the name of the file.
    spaces
        Names of the period's spaces by id.
    about
        What ``profiles/about.json`` holds.
    nuts
        The study's version of NUTS.
    """

    period: str
    tables: Mapping[str, pd.DataFrame]
    spaces: Mapping[str, str]
    about: Mapping[str, Any]
    nuts: int

    def profile(self, code: str) -> RegionProfile:
        """Draw up the profile of a region, by its code."""
        held = {name: self.tables[name] for name in READ} | {"linked": _turned(self.tables[LINKAGES], code)}
        own = {name: _named(table[table["region"] == code], self.spaces, self.nuts) for name, table in held.items()}
        lacking = own["profiles/lacking"].sort_values(
            ["association", "industry", "other"], ascending=[False, True, True], kind="stable", ignore_index=True
        )
        partners = lacking[["space", "industry", "other"]].merge(own["profiles/partners"])
        return RegionProfile(
            region=code,
            name=region_name(code, self.nuts),
            period=self.period,
            notes=notes(self.about, self.period),
            industries=own["stars/quadrants"].sort_values(
                ["strong", "linkage", "industry", "space"], ascending=[False, False, True, True], ignore_index=True
            ),
            linked=own["linked"],
            lacking=lacking,
            partners=partners[own["profiles/partners"].columns],
            alike=own["profiles/alike"],
        )


def open_profiles(run: Run, period: str | None = None) -> OpenProfiles:
    """Open what the profiles of a run are read from; see :func:`region_profile`."""
    if not run.names("profiles/about.json"):
        raise BadInput(Fault(str(run.folder), None, "profiles/", "a run with profiles of regions", "run it again"))
    periods = [f"{first}-{last}" for first, last in sorted(run.manifest["settings"]["periods"])]
    chosen = period or periods[-1]
    if chosen not in periods:
        mend = "name one of these"
        raise BadInput(Fault(str(run.folder), None, chosen, f"one of {', '.join(periods)}", mend))
    return OpenProfiles(
        period=chosen,
        tables={name: _of(run.table(f"{name}.parquet"), chosen) for name in READ}
        | {LINKAGES: _of(run.table(f"{LINKAGES}.parquet", rows={"period": chosen}, categories=TEXTS), chosen)},
        spaces={s["id"]: s["name"] for s in run.spaces if s["network"] == f"sector__all__{chosen}"},
        about=run.json("profiles/about.json"),
        nuts=int(run.manifest["settings"]["nuts"]),
    )


def _named(table: pd.DataFrame, spaces: Mapping[str, str], nuts: int) -> pd.DataFrame:
    """Take the region's own column away, and add the names of spaces and of other regions."""
    own = table.drop(columns="region").reset_index(drop=True)
    if "space" in own:
        own.insert(1, "space_name", own["space"].map(spaces))
    for end in ("partner", "other"):
        if end in own and (end == "partner" or "industry" not in own):
            own.insert(list(own.columns).index(end) + 1, f"{end}_name", [region_name(code, nuts) for code in own[end]])
    return own


def notes(about: Mapping[str, Any], period: str) -> list[str]:
    """Say in sentences what a profile's words mean.

    Examples
    --------
    >>> about = {"limits": {"2007-2014": 2.0}, "strong": "medium", "linked": 0.5, "published": False}
    >>> notes(about, "2007-2014")[2][:60]
    'Lacking: two industries of a space are linked in Europe by 3'
    """
    return [
        *stated(about["limits"][period], about["strong"], about["linked"], published=about["published"]),
        f"Lacking: two industries of a space are linked in Europe by {EVENTS} events or more and above expectation "
        f"(association strength over {ABOVE:g}); the region is a strong cluster of one of them, and no event links it "
        "to the other.",
        "Partners: regions that are a strong cluster of the other industry, and third countries that have an event of "
        "the pair; by the events of the same pair that they have, then by tier and stars, then by the fewest steps in "
        "the network of regions and the most common events.",
        "Alike: the cosine of the numbers of events of each industry in each space, 1 where two regions have the same "
        f"in the same proportions; only regions that share at least {COMMON * 100:.0f} % of its industries in spaces.",
    ]


def _of(table: pd.DataFrame, period: str) -> pd.DataFrame:
    rows = table[table["period"] == period].drop(columns="period").reset_index(drop=True)
    whole = [column for column in rows if str(column).startswith("stars") or column == "steps"]
    return rows.astype(dict.fromkeys(whole, "Int64"))  # Parquet gives whole numbers with gaps as floats


def _turned(linkages: pd.DataFrame, region: str) -> pd.DataFrame:
    """Look at a region's linkages from its own end; within the region from both."""
    parts = [
        linkages.loc[linkages[f"region_{a}"] == region].rename(
            columns={
                f"industry_{a}": "industry", f"region_{a}": "region", f"industry_{b}": "other",
                f"region_{b}": "partner", f"tier_{b}": "tier", f"stars_{b}": "stars",
            }
        )
        for a, b in (("a", "b"), ("b", "a"))
    ]  # fmt: skip
    texts = dict.fromkeys(("region", "space", "industry", "other", "partner", "tier"), "str")
    table = pd.concat([part[[*texts, "stars", "events"]].astype(texts) for part in parts], ignore_index=True)
    table = table[table["partner"] != ""]
    order = ["events", "industry", "other", "partner", "space"]
    return table.sort_values(order, ascending=[False, True, True, True, True], ignore_index=True)


def known_regions(run: Run) -> list[str]:
    """List the regions that a run knows: those of its star table, and those with an event within a space."""
    held = set(run.table("stars.parquet")["region"]) | set(run.table("stars/quadrants.parquet")["region"])
    return sorted(str(region) for region in held - {""})


def _resolved(run: Run, text: str, nuts: int) -> str:
    """Find a region by its code, its name or a town of it."""
    known = known_regions(run)
    names = {code: region_name(code, nuts) for code in known}
    code = in_nuts_spelling(text)
    if code in names:
        return code
    settings = {"region_level": "nuts2", **run.manifest["settings"]}
    others = cache(lambda: other_names(settings, "region", known))
    found = code_of(text, names, others)
    if found is None:
        raise UnknownRegionError(text, offered(text, names, others) or "none, for it knows no region")
    return found
