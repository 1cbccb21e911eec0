"""Which names mean one organisation: firms counted once across files and sources."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ingest.apply import Apply, one_by_one
from ingest.name_columns import NameColumns, in_columns
from ingest.names import Name
from ingest.names_blocks import candidates
from ingest.names_compared import FIELDS, Organisation, likeness

#: From here on two names are taken for one firm, and below this they are not; between, a person decides.
ACCEPT, REVIEW = 95.0, 80.0
SAME_ID = "same registry id"
#: Pairs that are compared before the next are put together.
_AT_ONCE = 50_000
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
    apply: Apply = one_by_one,
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
    apply
        How names are taken apart and compared: some thousand a piece.

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
    names = in_columns(units["name"], apply)
    scored, decided = _scored(units, names, review, apply), _decided(units, same)
    linked = {unit for link in scored for unit in (link.one, link.other)}
    linked.update(unit for pair in decided for unit in pair)
    groups = _Groups(_objects(units, names, np.array(sorted(linked), dtype="int64")), different)
    groups.join_all(scored, accept, decided)
    organisation, level = _ids(units, groups), _levels(units, groups)
    told = given.assign(organisation=organisation.array[place], level=level.array[place])
    return Matched(told, _doubtful(scored, groups))


def _units(given: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """One unit a name, country and id, with its region where it has only one; and the unit of each row."""
    keys = ["name", "country", "registry"]
    rows = given.sort_values(keys)
    first = ~rows.duplicated(keys)
    several = rows.duplicated(keys, keep=False)
    units = rows.assign(region=rows["region"].where(~several, ""))[first].reset_index(drop=True)
    place = np.empty(len(given), dtype="int64")
    place[rows.index] = first.cumsum() - 1
    return units, place


def _decided(units: pd.DataFrame, same: Collection[Pair]) -> list[tuple[int, int]]:
    """Find the units of which a person said that they are one; of several with a name and country the first."""
    asked = units[units["name"].isin([name for pair in same for name, _ in pair])]
    place: dict[tuple[str, str], int] = {}
    for unit, name, country in zip(asked.index.tolist(), asked["name"], asked["country"], strict=True):
        place.setdefault((name, country), unit)
    ends = [[place[end] for end in pair if end in place] for pair in sorted(sorted(pair) for pair in same)]
    return [(found[0], found[1]) for found in ends if len(found) == 2]


def _objects(units: pd.DataFrame, names: NameColumns, places: np.ndarray) -> dict[int, tuple[Organisation, Name]]:
    """Put some organisations and their names together; all of them at once would fill the memory."""
    rows = units.iloc[places][list(FIELDS)].itertuples(index=False, name=None)
    organisations = (Organisation(*row) for row in rows)
    return dict(zip(places.tolist(), zip(organisations, names.names(places), strict=True), strict=True))


@dataclass(frozen=True, order=True)
class _Link:
    doubt: float
    one: int
    other: int
    level: str


def _scored(units: pd.DataFrame, names: NameColumns, review: float, apply: Apply) -> list[_Link]:
    """Compare the candidates; the likeliest first."""
    pairs = candidates(units, names)

    def pieces() -> Iterator[tuple[object, ...]]:
        for start in range(0, len(pairs), _AT_ONCE):
            places, here = np.unique(pairs[start : start + _AT_ONCE], return_inverse=True)
            some = units[list(FIELDS)].iloc[places].reset_index(drop=True)
            yield some, names.some(places), places, here.reshape(-1, 2), review

    found = (apply if len(pairs) > _AT_ONCE else one_by_one)(_compared, pieces())
    return sorted(link for links in found for link in links)


def _compared(
    units: pd.DataFrame, names: NameColumns, places: np.ndarray, pairs: np.ndarray, review: float
) -> list[_Link]:
    """Compare some pairs of `units`, which stand at `places` among all."""
    held, links = _objects(units, names, np.arange(len(units))), []
    for one, other in pairs.tolist():
        (a, of_a), (b, of_b) = held[one], held[other]
        found = likeness(a, b, of_a, of_b)
        if found.score >= review:
            links.append(_Link(100.0 - found.score, int(places[one]), int(places[other]), found.level))
    return links


class _Groups:
    """Units put together, one by one, with what each group may not hold twice."""

    def __init__(self, held: Mapping[int, tuple[Organisation, Name]], different: Collection[Pair]) -> None:
        self.units = {unit: one for unit, (one, _) in held.items()}
        self.levels: dict[int, str] = {}
        self._head = {unit: unit for unit in held}
        self._members = {unit: [unit] for unit in held}
        self._countries = {unit: {one.country} - {""} for unit, (one, _) in held.items()}
        self._families = {unit: name.families for unit, (_, name) in held.items()}
        self._ids = {unit: {one.registry} - {""} for unit, (one, _) in held.items()}
        self._different = different

    def head(self, unit: int) -> int:
        while self._head[unit] != unit:
            self._head[unit] = self._head[self._head[unit]]
            unit = self._head[unit]
        return unit

    def join_all(self, links: Sequence[_Link], accept: float, same: Sequence[tuple[int, int]]) -> None:
        for one, other in same:
            self._put_together(one, other, "decided")
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


def _ids(units: pd.DataFrame, groups: _Groups) -> pd.Series[str]:
    """The id of each unit's group: its first member; the registry's id too where a namesake has another."""
    name, country, registry = (units[field] for field in ("name", "country", "registry"))
    text = name.where(country.eq(""), name + " (" + country + ")")
    text = text.where(registry.eq(""), text + " " + registry)
    head = np.arange(len(units))
    for unit in groups.units:
        head[unit] = groups.head(unit)
    return text.iloc[head]


def _levels(units: pd.DataFrame, groups: _Groups) -> pd.Series[str]:
    """Tell the level at which each unit joined."""
    every = ["alone", *sorted(set(groups.levels.values()))]
    number = np.zeros(len(units), dtype="int64")
    for unit, level in groups.levels.items():
        number[unit] = every.index(level)
    return pd.Series(every, dtype="str").iloc[number]


def _doubtful(links: Sequence[_Link], groups: _Groups) -> pd.DataFrame:
    """List the likeliest pair of each two groups that were not put together and may be one."""
    rows, seen = [], set()
    for link in links:
        ends = (groups.head(link.one), groups.head(link.other))
        if ends[0] == ends[1] or ends in seen or groups.said_apart(*ends):
            continue
        seen |= {ends, ends[::-1]}
        one, other = groups.units[link.one], groups.units[link.other]
        rows.append((one.name, one.country, other.name, other.country, link.level, round(100.0 - link.doubt, 2)))
    return pd.DataFrame(rows, columns=["name", "country", "other", "other_country", "level", "score"]).astype(
        {"name": "str", "country": "str", "other": "str", "other_country": "str", "level": "str", "score": "float64"}
    )
