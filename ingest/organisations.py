"""Which names mean one organisation: firms counted once across files and sources."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from ingest.names import Name, taken_apart
from ingest.names_blocks import candidates
from ingest.names_compared import FIELDS, Organisation, likeness

#: From here on two names are taken for one firm, and below this they are not; between, a person decides.
ACCEPT, REVIEW = 95.0, 80.0
SAME_ID = "same registry id"
#: Two organisations, by name and country, of which a person said that they are one, or are not.
Pair = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Matched:
    """Organisations told apart.

    Attributes
    ----------
    organisations
        ``name, country, region, registry, organisation, level``: each distinct row given, whose organisation it
        is, and the level at which it joined; ``alone`` where no other name has it.
    doubtful
        ``name, country, other, other_country, level, score``: the pairs that a person should decide, the
        likeliest first.
    """

    organisations: pd.DataFrame
    doubtful: pd.DataFrame


def match_names(
    table: pd.DataFrame,
    *,
    accept: float = ACCEPT,
    review: float = REVIEW,
    same: Collection[Pair] = (),
    different: Collection[Pair] = (),
) -> Matched:
    """Say which rows name one organisation.

    The likeliest pairs are joined first. Two groups stay apart whose members stand in two countries, have two
    ids of one register or legal forms of two families, or of which a person said that they differ.

    Parameters
    ----------
    table
        ``name, country, region, registry``, text, blank where not known; the order of rows changes nothing.
    accept, review
        Likeness, 0 to 100, from which a pair is one firm, and below which it is not doubtful either.
    same, different
        What a person decided.

    Returns
    -------
    Matched
        An organisation's id is its first name in the order of the alphabet, with the country in brackets.

    Examples
    --------
    >>> names = [("Siemens AG", "DE"), ("SIEMENS Aktiengesellschaft", "DE"), ("Siemens AG", "AT")]
    >>> rows = [(*name, "", "") for name in names]
    >>> found = match_names(pd.DataFrame(rows, columns=list(FIELDS)))
    >>> found.organisations[["country", "organisation", "level"]].values.tolist()
    [['DE', 'SIEMENS Aktiengesellschaft (DE)', 'same words'], ['AT', 'Siemens AG (AT)', 'alone'], \
['DE', 'SIEMENS Aktiengesellschaft (DE)', 'same words']]
    """
    given = table[list(FIELDS)].fillna("").astype("str").drop_duplicates().sort_values(list(FIELDS), ignore_index=True)
    units, place = _units(given)
    names = [taken_apart(unit.name) for unit in units]
    scored = _scored(units, names, review)
    groups = _Groups(units, names, different)
    groups.join_all(scored, accept, same)
    ids = [groups.name_of(unit) for unit in range(len(units))]
    told = given.assign(
        organisation=pd.Series([ids[unit] for unit in place], dtype="str"),
        level=pd.Series([groups.levels.get(unit, "alone") for unit in place], dtype="str"),
    )
    return Matched(told, _doubtful(units, scored, groups))


def _units(given: pd.DataFrame) -> tuple[list[Organisation], list[int]]:
    """One unit a name, country and id, with its region where it has only one; and the unit of each row."""
    regions: dict[tuple[str, str, str], set[str]] = {}
    rows = list(given.itertuples(index=False, name=None))
    for name, country, region, registry in rows:
        regions.setdefault((name, country, registry), set()).add(region)
    keys = {key: number for number, key in enumerate(sorted(regions))}
    units = [
        Organisation(name, country, next(iter(known)) if len(known) == 1 else "", registry)
        for (name, country, registry), known in sorted(regions.items())
    ]
    return units, [keys[name, country, registry] for name, country, _, registry in rows]


@dataclass(frozen=True, order=True)
class _Link:
    doubt: float
    one: int
    other: int
    level: str


def _scored(units: Sequence[Organisation], names: Sequence[Name], review: float) -> list[_Link]:
    """Compare the candidates; the likeliest first."""
    links = []
    for one, other in candidates(units, names).tolist():
        found = likeness(units[one], units[other], names[one], names[other])
        if found.score >= review:
            links.append(_Link(100.0 - found.score, one, other, found.level))
    return sorted(links)


class _Groups:
    """Units put together, one by one, with what each group may not hold twice."""

    def __init__(self, units: Sequence[Organisation], names: Sequence[Name], different: Collection[Pair]) -> None:
        self.units = units
        self.levels: dict[int, str] = {}
        self._head = list(range(len(units)))
        self._members = {unit: [unit] for unit in self._head}
        self._countries = {unit: {one.country} - {""} for unit, one in enumerate(units)}
        self._families = {unit: name.families for unit, name in enumerate(names)}
        self._ids = {unit: {one.registry} - {""} for unit, one in enumerate(units)}
        self._different = different

    def head(self, unit: int) -> int:
        while self._head[unit] != unit:
            self._head[unit] = self._head[self._head[unit]]
            unit = self._head[unit]
        return unit

    def join_all(self, links: Sequence[_Link], accept: float, same: Collection[Pair]) -> None:
        if same:
            places = {(one.name, one.country): unit for unit, one in reversed(list(enumerate(self.units)))}
            for pair in sorted(sorted(pair) for pair in same):
                known = [places[end] for end in pair if end in places]
                if len(known) == 2:
                    self._put_together(known[0], known[1], "decided")
        for link in links:
            if link.doubt <= 100.0 - accept and not self.apart(link.one, link.other, link.level == SAME_ID):
                self._put_together(link.one, link.other, link.level)

    def apart(self, one: int, other: int, one_id: bool = False) -> bool:
        """Whether two groups cannot be one; an id in common outweighs countries and legal forms."""
        a, b = self.head(one), self.head(other)
        if a == b:
            return False
        countries, ids = self._countries[a] | self._countries[b], self._ids[a] | self._ids[b]
        one_family = not self._families[a] or not self._families[b] or self._families[a] & self._families[b]
        schemes = [text.partition(":")[0] for text in ids]
        if self.said_apart(a, b) or len(set(schemes)) < len(schemes):
            return True
        return not one_id and (len(countries) > 1 or not one_family)

    def said_apart(self, a: int, b: int) -> bool:
        return bool(self._different) and any(
            frozenset((self._key(one), self._key(other))) in self._different
            for one in self._members[a]
            for other in self._members[b]
        )

    def _key(self, unit: int) -> tuple[str, str]:
        return self.units[unit].name, self.units[unit].country

    def _put_together(self, one: int, other: int, level: str) -> None:
        a, b = sorted((self.head(one), self.head(other)))
        if a == b:
            return
        for unit in (one, other):
            self.levels.setdefault(unit, level)
        self._head[b] = a
        self._members[a] += self._members.pop(b)
        self._countries[a] |= self._countries.pop(b)
        self._families[a] |= self._families.pop(b)
        self._ids[a] |= self._ids.pop(b)

    def name_of(self, unit: int) -> str:
        """The id of a unit's group: its first member; the registry's id too where a namesake has another."""
        first = self.units[self.head(unit)]
        text = f"{first.name} ({first.country})" if first.country else first.name
        return f"{text} {first.registry}" if first.registry else text


def _doubtful(units: Sequence[Organisation], links: Sequence[_Link], groups: _Groups) -> pd.DataFrame:
    """List the likeliest pair of each two groups that were not put together and may be one."""
    rows, seen = [], set()
    for link in links:
        ends = (groups.head(link.one), groups.head(link.other))
        if ends[0] == ends[1] or ends in seen or groups.said_apart(*ends):
            continue
        seen |= {ends, ends[::-1]}
        one, other = units[link.one], units[link.other]
        rows.append((one.name, one.country, other.name, other.country, link.level, round(100.0 - link.doubt, 2)))
    return pd.DataFrame(rows, columns=["name", "country", "other", "other_country", "level", "score"]).astype(
        {"name": "str", "country": "str", "other": "str", "other_country": "str", "level": "str", "score": "float64"}
    )
