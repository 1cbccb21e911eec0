"""What is done with a doubtful match: the limits, and what a person has decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.organisations import ACCEPT, REVIEW, Pair
from ingest.postcodes import Postcodes

KINDS = ("place", "name")
ANSWERS = ("accept", "reject", "undo")
#: The columns of decisions.csv. A place's ``other`` is the region it lies in; a name's, the name it is one with.
DECISION = ("kind", "name", "place", "country", "answer", "other", "other_country")


@dataclass(frozen=True, order=True)
class Decision:
    """One answer of a person's.

    Attributes
    ----------
    kind
        ``place`` or ``name``.
    name, place, country
        Of the record, as written: what the answer is keyed on.
    answer
        ``accept``; ``reject``: none of the candidates (a place), not this one (a name); ``undo``: as if
        nothing had been said.
    other, other_country
        The region accepted, or the other name and its country.
    """

    kind: str
    name: str
    place: str
    country: str
    answer: str
    other: str = ""
    other_country: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What the answer is about; of two answers about the same the later one counts."""
        if self.kind == "place":
            return self.kind, self.name, self.place, self.country
        ends = sorted([(self.name, self.country), (self.other, self.other_country)])
        return self.kind, *ends[0], *ends[1]


@dataclass(frozen=True)
class Matching:
    """How doubtful matches are settled.

    Attributes
    ----------
    accept
        Likeness, 0 to 100, from which a match is taken.
    review
        Likeness below which it is not; between the two a person is asked.
    decisions
        What a person decided, in order; of two answers about the same record the later one counts.
    postcodes
        A table of postal codes that goes before the project's, where the study names one.
    """

    accept: float = ACCEPT
    review: float = REVIEW
    decisions: Sequence[Decision] = ()
    postcodes: Postcodes | None = None
    _places: Mapping[tuple[str, str], str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Keep the answers on places at hand."""
        found = {
            (one.place, one.country): one.other if one.answer == "accept" else ""
            for one in in_force(self.decisions)
            if one.kind == "place"
        }
        object.__setattr__(self, "_places", found)

    def region_of(self, place: str, country: str) -> str | None:
        """Return the region that a person gave a place, "" for none of those offered, None where nothing was said."""
        return self._places.get((place, country))

    def pairs(self, answer: str) -> set[Pair]:
        """Return the pairs of names that a person accepted as one, or rejected."""
        return {
            frozenset(((one.name, one.country), (one.other, one.other_country)))
            for one in in_force(self.decisions)
            if one.kind == "name" and one.answer == answer
        }


def in_force(decisions: Iterable[Decision]) -> list[Decision]:
    """Keep the last answer about each record, and none where the last takes the others back.

    Examples
    --------
    >>> said = [Decision("place", "", "Ulmm", "DE", answer, "DE14") for answer in ("reject", "accept")]
    >>> [one.answer for one in in_force(said)], in_force([*said, Decision("place", "", "Ulmm", "DE", "undo")])
    (['accept'], [])
    """
    last = {one.key: one for one in decisions}
    return sorted(one for one in last.values() if one.answer != "undo")
