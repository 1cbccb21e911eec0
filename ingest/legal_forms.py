"""Legal forms in the names of firms: which there are, where they stand, which a firm may change between."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from ingest.places import fold, without_e

#: A name in Greek or Cyrillic letters beside the same name in Latin ones (ISO 9 and ELOT 743, without marks).
_CYRILLIC = (
    "а a б b в v г g д d е e ё e ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh"
)
_MORE_CYRILLIC = "щ sht ъ a ы y э e ю yu я ya і i ї i є ye ґ g ђ dj ј j љ lj њ nj ћ c џ dz"
_GREEK = "α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o"
_LETTERS = " ".join((_CYRILLIC, _MORE_CYRILLIC, _GREEK)).split()
_LATIN = str.maketrans({**dict(zip(_LETTERS[::2], _LETTERS[1::2], strict=True)), "ь": ""})
_INITIALS = re.compile(r"\b\w(?: \w)+\b")
_DOTTED = re.compile(r"\b(?:\w\.){2,}\w?\b|\b\w(?:\.\w)+\b")


@dataclass(frozen=True)
class LegalForm:
    """A legal form as it stands in names.

    Attributes
    ----------
    name
        The form it stands for: ``GmbH``.
    family
        ``public``, ``private``, ``partnership``, ``association``, ``body``, ``cooperative`` or ``company``.
    stands
        Where in a name: of ``end``, ``start``, ``anywhere``.
    """

    name: str
    family: str
    stands: frozenset[str]


def latin(text: str) -> str:
    """Fold a text, write Greek and Cyrillic letters in Latin ones and umlauts as one letter, join initials.

    Examples
    --------
    >>> latin("S.p.A."), latin("Газпром"), latin("Ελληνική"), latin("D. O. O.")
    ('spa', 'gazprom', 'elliniki', 'doo')
    """
    folded = fold(_DOTTED.sub(lambda found: found[0].replace(".", ""), text))
    if not folded.isascii():
        folded = fold(folded.translate(_LATIN))
    joined = _INITIALS.sub(lambda found: found[0].replace(" ", ""), folded)
    return " ".join(without_e(word) if len(word) > 3 else word for word in joined.split())


@cache
def legal_forms() -> dict[tuple[str, ...], LegalForm]:
    """Return the words of each form, folded → the form.

    Examples
    --------
    >>> legal_forms()[("gmbh",)].name, legal_forms()[("spolka", "akcyjna")].family
    ('GmbH', 'public')

    Source: ``reference/names/legal_forms.csv`` and its card.
    """
    path = resources.files("ingest") / "reference" / "names" / "legal_forms.csv"
    found: dict[tuple[str, ...], LegalForm] = {}
    for row in csv.DictReader(path.read_text("utf-8").splitlines()):
        words = tuple(latin(row["form"]).split())
        form = LegalForm(row["canonical"], row["family"], frozenset(row["stands"].split()))
        known = found.setdefault(words, form)
        if known.family != form.family:  # two laws mean different things: contradicts neither
            found[words] = replace(known, family="company", stands=known.stands | form.stands)
    return found


@cache
def _by_first() -> dict[str, list[tuple[str, ...]]]:
    """First word → forms that begin with it, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for words in sorted(legal_forms(), key=lambda words: (-len(words), words)):
        found.setdefault(words[0], []).append(words)
    return found


@cache
def _by_last() -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for words in sorted(legal_forms(), key=lambda words: (-len(words), words)):
        found.setdefault(words[-1], []).append(words)
    return found


def without_forms(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[LegalForm, ...]]:
    """Take the legal forms off the folded words of a name; one word is always left.

    Examples
    --------
    >>> words, forms = without_forms(("voith", "gmbh", "co", "kg"))
    >>> words, [form.name for form in forms]
    (('voith',), ['GmbH & Co. KG'])
    >>> without_forms(("ab", "volvo"))[0], without_forms(("spa",))[0]
    (('volvo',), ('spa',))
    """
    forms: list[LegalForm] = []
    for take in (_off_the_end, _off_the_start, _off_the_middle, _off_the_end):
        while (found := take(words)) is not None:
            words, form = found
            forms.append(form)
    return words, tuple(forms)


Taken = tuple[tuple[str, ...], LegalForm] | None


def _off_the_end(words: tuple[str, ...]) -> Taken:
    for form in _by_last().get(words[-1], ()) if words else ():
        if len(form) < len(words) and words[-len(form) :] == form:
            return words[: -len(form)], legal_forms()[form]
    return None


def _off_the_start(words: tuple[str, ...]) -> Taken:
    for form in _by_first().get(words[0], ()) if words else ():
        if len(form) < len(words) and words[: len(form)] == form and "start" in legal_forms()[form].stands:
            return words[len(form) :], legal_forms()[form]
    return None


def _off_the_middle(words: tuple[str, ...]) -> Taken:
    for place in range(1, len(words)):
        for form in _by_first().get(words[place], ()):
            if words[place : place + len(form)] == form and "anywhere" in legal_forms()[form].stands:
                return words[:place] + words[place + len(form) :], legal_forms()[form]
    return None
