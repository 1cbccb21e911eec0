"""Two names of organisations held against each other: ordered levels, of which the first that fits is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ingest.names import Name, country_of, kind_of, parsed

#: What an organisation is known by; any but the name may be blank.
FIELDS = ("name", "country", "region", "registry")


@dataclass(frozen=True, order=True)
class Organisation:
    """An organisation as a record names it.

    Attributes
    ----------
    name
        As written.
    country
        Its code; blank where not known.
    region
        NUTS2; blank where not known.
    registry
        An id of a register with the register's name before it (``pic:999999999``); blank where there is none.
    """

    name: str
    country: str = ""
    region: str = ""
    registry: str = ""


@dataclass(frozen=True)
class Likeness:
    """How alike two organisations are: the level that fits, and 0 to 100."""

    level: str
    score: float


@dataclass(frozen=True)
class _Pair:
    a: Organisation
    b: Organisation
    one: Name
    other: Name

    @property
    def same_country(self) -> bool:
        return bool(self.a.country) and self.a.country == self.b.country

    @property
    def same_region(self) -> bool:
        return bool(self.a.region) and self.a.region == self.b.region

    @cached_property
    def left_over(self) -> tuple[list[str], list[str]]:
        """The words that one name has and the other has not, the longer list first."""
        one, other = list(self.one.words), list(self.other.words)
        for word in self.one.words:
            if word in other:
                one.remove(word)
                other.remove(word)
        return (one, other) if (len(one), one) >= (len(other), other) else (other, one)


def _same_id(pair: _Pair) -> float:
    return 100.0 if pair.a.registry and pair.a.registry == pair.b.registry else 0.0


def _other_id(pair: _Pair) -> float:
    """One register gives one firm one id: 1 where it gives these two different ones."""
    (scheme, _, one), (same, _, other) = pair.a.registry.partition(":"), pair.b.registry.partition(":")
    return 1.0 if one and other and scheme == same and one != other else 0.0


def _other_country(pair: _Pair) -> float:
    return 1.0 if pair.a.country and pair.b.country and pair.a.country != pair.b.country else 0.0


def _bare(name: Name) -> bool:
    """One word that tells little, or very short: "Energy", "TU"; it may be any firm's."""
    return len(name.words) == 1 and (kind_of(name.core) != "telling" or len(name.core) < 3)


def _tells(name: Name) -> bool:
    return any(kind_of(word) == "telling" for word in name.words)


def _same_name(pair: _Pair) -> float:
    if pair.one.whole != pair.other.whole:
        return 0.0
    return 99.0 if pair.same_country or not _bare(pair.one) else 90.0


def _other_form(pair: _Pair) -> float:
    """The same words with forms of two families: GmbH beside AG is another firm, or the firm at another time."""
    one, other = pair.one.families, pair.other.families
    alike = pair.one.core == pair.other.core or pair.one.together == pair.other.together
    return 90.0 if alike and one and other and not one & other else 0.0


def _same_words(pair: _Pair) -> float:
    if pair.one.core != pair.other.core:
        return 0.0
    if _bare(pair.one) or (not _tells(pair.one) and pair.one.together != pair.other.together):
        return 90.0  # "City National" and "National City"
    return 98.0 if pair.same_country else 96.0


def _written_together(pair: _Pair) -> float:
    if pair.one.together == pair.other.together and len(pair.one.together) >= 3:
        return 97.0
    sorted_one, sorted_other = (name.core.replace(" ", "") for name in (pair.one, pair.other))
    return 97.0 if sorted_one == sorted_other and len(sorted_one) > 3 else 0.0


def _but_for_its_country(pair: _Pair) -> float:
    """One name has the country's name or "Group" besides, and nothing else."""
    more, rest = pair.left_over
    if not more or rest:
        return 0.0
    if any(kind_of(word) == "holding" for word in more):
        return 88.0
    lands = {country_of(word) for word in more} - {""}
    homes = {pair.a.country, pair.b.country} - {""}
    if len(more) > sum(kind_of(word) in ("group", "place") for word in more) or not lands <= homes:
        return 0.0
    if _bare(pair.one) or _bare(pair.other) or not _tells(pair.one):
        return 88.0
    return 96.0 if pair.same_country else 90.0


def _slip(pair: _Pair) -> float:
    """All words alike but for slips of the pen.

    A slip is one letter in a word of five or more, two in one of nine or more, or a word cut short. It is
    gentle where a letter is doubled, two change places or another is written for the same sound. It is taken
    where only words slipped that tell little, where another telling word is the same, and in a name's only
    telling word where that is long, or the slip gentle, and the region or the legal form is the same.
    """
    more, rest = pair.left_over
    if not rest or len(more) != len(rest) or _digits(more) != _digits(rest):
        return 0.0
    costs = _costs(more, rest)
    if costs is None:
        return 0.0
    length = max(len(pair.one.together), len(pair.other.together))
    near = 100.0 * (1 - sum(cost for _, cost in costs) / length)
    told = any(kind_of(word) == "telling" for word in set(pair.one.words) & set(pair.other.words))
    grave = [(one, other, cost) for (one, other), cost in costs if _telling(one, other)]
    support = pair.same_region or bool(set(pair.one.forms) & set(pair.other.forms) - {"Co"})
    sure = (told or bool(grave)) and all(_sure(*words, told, support) for words in grave)
    if sure and (pair.same_country or told or all(min(len(one), len(other)) >= 8 for one, other, _ in grave)):
        return round(95.0 + near / 100, 2)
    return round((80.0 if sure else 74.0) + near / 10, 2)


def _sure(one: str, other: str, cost: float, told: bool, support: bool) -> bool:
    """Whether a slip in a telling word leaves no doubt; in the only one, only a long one's with support.

    Coined names lie near to each other: Blackboard and Blockboard, Magnetic and Magnetik are two firms each.
    """
    size = min(len(one), len(other))
    if _gentle(one, other):
        return size >= (4 if told else 6) and (told or support)
    if one[0] != other[0]:  # Palencia and Valencia: a first letter seldom slips
        return False
    return (told and size >= 6) or (support and size >= (9 if cost <= 1 else 12))


def _gentle(one: str, other: str) -> bool:
    """Whether two words have the same sound, or the same letters of which two changed places."""
    return _sound(one) == _sound(other) or (len(one) > 3 and sorted(one) == sorted(other))


@lru_cache(maxsize=100_000)
def _sound(word: str) -> str:
    for letters, sound in (
        ("ph", "f"),
        ("th", "t"),
        ("ck", "k"),
        ("c", "k"),
        ("y", "i"),
        ("w", "v"),
        ("z", "s"),
        ("x", "ks"),
        ("kh", "h"),
    ):
        word = word.replace(letters, sound)
    return "".join(letter for place, letter in enumerate(word) if word[place - 1 : place] != letter)


def _telling(one: str, other: str) -> bool:
    return kind_of(one) == "telling" or kind_of(other) == "telling"


def _digits(words: list[str]) -> list[str]:
    return sorted(word for word in words if not word.isalpha())


def _costs(one: list[str], other: list[str]) -> list[tuple[tuple[str, str], float]] | None:
    """Pair the words of two lists, the nearest first; None where a word finds no partner."""
    every = sorted((cost, a, b) for a in one for b in other if (cost := _cost(a, b)) is not None)
    left, right, found = list(one), list(other), []
    for cost, a, b in every:
        if a in left and b in right:
            left.remove(a)
            right.remove(b)
            found.append(((a, b), cost))
    return None if left or right else found


@lru_cache(maxsize=100_000)
def _cost(one: str, other: str) -> float | None:
    """What makes one word of another, in letters; None where no slip does."""
    from rapidfuzz.distance import OSA

    one, other = (word.removesuffix("s") if len(word) > 4 else word for word in (one, other))
    short, long = sorted((one, other), key=len)
    if not one.isalpha() or not other.isalpha():
        return None
    letters = OSA.distance(one, other, score_cutoff=2)
    if len(short) >= 4 and letters <= 2 and _gentle(one, other):
        return float(letters)
    if (letters == 1 and len(short) >= 5) or (letters == 2 and len(short) >= 9):
        return float(letters)
    if len(short) >= 4 and len(long) >= 7 and long.startswith(short) and kind_of(long) != "telling":
        return 0.5
    return None


def _acronym(pair: _Pair) -> float:
    """One name is the initials of the other: the firm, or one of many."""
    one, other = sorted((pair.one, pair.other), key=lambda name: (len(name.words), name.core))
    fits = len(one.words) == 1 and len(other.words) > 2 and one.core == other.initials
    return (85.0 if pair.same_country else 80.0) if fits else 0.0


def _wider(pair: _Pair) -> float:
    """One name holds all words of the other and others that tell little: a part of the firm, or a sister."""
    more, rest = pair.left_over
    told = [word for word in set(pair.one.words) & set(pair.other.words) if kind_of(word) == "telling"]
    if rest or not told or any(kind_of(word) == "telling" for word in more):
        return 0.0
    return 82.0 if pair.same_country else 75.0


def _nothing(pair: _Pair) -> float:
    from rapidfuzz import fuzz

    return round(min(70.0, 0.7 * fuzz.ratio(pair.one.core, pair.other.core)), 2)


#: The levels in order: name, and how sure it is, 0 where it does not fit.
LEVELS: tuple[tuple[str, Callable[[_Pair], float]], ...] = (
    ("same registry id", _same_id),
    ("other registry id", _other_id),
    ("other country", _other_country),
    ("same name", _same_name),
    ("other legal form", _other_form),
    ("same words", _same_words),
    ("written together", _written_together),
    ("but for its country", _but_for_its_country),
    ("slip of the pen", _slip),
    ("acronym", _acronym),
    ("wider name", _wider),
    ("different", _nothing),
)


def compare(a: Organisation, b: Organisation) -> Likeness:
    """Say at which level two organisations are one, and how sure that is.

    Returns
    -------
    Likeness
        The first of :data:`LEVELS` that fits. From 95 on the two are the same, by the pairs of
        ``tests/ingest/pairs_of_names.csv``; below 80 they are not.

    Examples
    --------
    >>> compare(Organisation("Siemens AG", "DE"), Organisation("SIEMENS AKTIENGESELLSCHAFT", "DE"))
    Likeness(level='same words', score=98.0)
    >>> compare(Organisation("Deutsche Bank AG", "DE"), Organisation("Deutsche Bahn AG", "DE")).level
    'different'
    >>> compare(Organisation("Siemens AG", "DE"), Organisation("Siemens AG", "AT")).level
    'other country'

    Source: levels after splink (first match wins, the level is kept); Issue 3, item 4.
    """
    return likeness(a, b, parsed(a.name), parsed(b.name))


def likeness(a: Organisation, b: Organisation, one: Name, other: Name) -> Likeness:
    """Do what :func:`compare` does with names that are taken apart already."""
    pair = _Pair(b, a, other, one) if b < a else _Pair(a, b, one, other)
    for level, fits in LEVELS:
        if score := fits(pair):
            return Likeness(level, score)
    return Likeness("different", 0.0)
