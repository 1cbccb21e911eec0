"""The name of an organisation: its words without legal forms, shortenings written out, and how telling they are."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from ingest.legal_forms import latin, without_forms
from ingest.places import decoded_once_more

#: Kinds of words that join others and say nothing: "und", "of", "della".
_SMALL = ("and", "joining")
#: What follows is another name of the firm, or whoever takes its post.
_ALSO = re.compile(r"\b(?:formerly|formally|previously|vormals|fka|f\.k\.a\.|dba|d/b/a|t/a|c/o|trading as)\b.*$", re.I)
_BREAKS = re.compile(r"[*|,;()\[\]]|&amp;|&|\+|(?<=\.)/|\s(?:e|y|i|und|and|et|og|och|[ufz]\.)\s")
#: "(CNRS)" behind three words or more: what the name is called for short.
_SHORT = re.compile(r"^((?:\S+\s+){3,})\(\w+\)")
_APOSTROPHE = re.compile(r"(?<=\b[LDNld])['’`´](?=\w)")


@dataclass(frozen=True)
class Name:
    """An organisation's name, taken apart.

    Attributes
    ----------
    whole
        All folded words, legal forms with them.
    words
        The folded words without legal forms, shortenings written out, in the order of the alphabet.
    together
        The words in the order of the name, without blanks.
    initials
        The first letters of the words.
    core
        The words in the order of the alphabet, with blanks: names that differ in nothing else are one.
    forms
        Names of the legal forms, and their families, in the order of the alphabet.
    families
        See :class:`ingest.legal_forms.LegalForm`.
    """

    whole: str
    words: tuple[str, ...]
    together: str
    initials: str
    forms: tuple[str, ...]
    families: frozenset[str]
    core: str


@cache
def _words() -> dict[str, tuple[str, str]]:
    path = resources.files("ingest") / "reference" / "names" / "words.csv"
    rows = csv.DictReader(path.read_text("utf-8").splitlines())
    return {f"{row['kind'] == 'abbreviation'}{row['word']}": (row["kind"], row["means"]) for row in rows}


def written_out(word: str) -> str:
    """Write a shortened word out.

    Examples
    --------
    >>> written_out("intl"), written_out("siemens")
    ('international', 'siemens')
    """
    return _words().get(f"True{word}", ("", word))[1]


def kind_of(word: str) -> str:
    """Tell what a word is: ``and``, ``joining``, ``generic``, ``group``, ``holding``, ``place``, else ``telling``.

    A country stands among the words of a :class:`Name` as ``=DE``.

    Examples
    --------
    >>> kind_of("group"), kind_of("systems"), kind_of("deutschland"), kind_of("siemens")
    ('group', 'generic', 'place', 'telling')
    """
    return "place" if word.startswith("=") else _words().get(f"False{word}", ("telling", ""))[0]


def country_of(word: str) -> str:
    """Return the country that a word in a name means, none where it means none.

    Examples
    --------
    >>> country_of("polska"), country_of("siemens")
    ('PL', '')
    """
    if word.startswith("="):
        return word[1:]
    kind, means = _words().get(f"False{word}", ("", ""))
    return means if kind == "place" else ""


def _without_initials(words: tuple[str, ...]) -> tuple[str, ...]:
    """Take away a last word that is the initials of those before it: "Consiglio Nazionale delle Ricerche (CNR)"."""
    *rest, last = words or ("",)
    heads = ("".join(word[0] for word in rest), "".join(word[0] for word in rest if kind_of(word) not in _SMALL))
    return tuple(rest) if len(last) > 2 and last in heads else words


@lru_cache(maxsize=100_000)
def parsed(text: str) -> Name:
    """Take a name apart, and remember it; :func:`taken_apart` does without remembering."""
    return taken_apart(text)


def taken_apart(text: str) -> Name:
    """Take a name apart.

    Examples
    --------
    >>> taken_apart("Siemens Aktiengesellschaft").core, taken_apart("SIEMENS A.G.").forms
    ('siemens', ('AG',))
    >>> taken_apart("Procter & Gamble Mfg. Co.").words
    ('gamble', 'manufacturing', 'procter')
    >>> taken_apart("ООО «Газпром»").core, taken_apart("Université de Genève").core
    ('gazprom', 'geneve university')
    """
    plain = _SHORT.sub(r"\1", _ALSO.sub("", decoded_once_more(text)) or text)
    pieces = _BREAKS.split(_APOSTROPHE.sub(" ", plain))
    folded = tuple(word for piece in pieces for word in latin(piece).split() if kind_of(word) != "and")
    bare, forms = without_forms(_without_initials(folded))
    kept = tuple(word for word in bare if kind_of(word) not in _SMALL) or bare
    full = tuple(f"={country_of(word)}" if country_of(word) else written_out(word) for word in kept)
    return Name(
        whole=" ".join(folded),
        words=tuple(sorted(full)),
        core=" ".join(sorted(full)),
        together="".join(bare),
        initials="".join(word.lstrip("=")[0] for word in full).casefold(),
        forms=tuple(sorted({form.name for form in forms})),
        families=frozenset(form.family for form in forms) - {"company"},
    )
