"""How a city is written, and the name under which it is looked up: folding and its variants."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_LETTERS = str.maketrans(
    {chr(code): " " for code in range(128) if not chr(code).isalnum()}
    | {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
    | {"'": "", "’": "", "`": "", "´": ""}
)
_SAINTS = {"saint": "st", "sankt": "st", "sint": "st", "sainte": "ste", "mount": "mt"}
#: "Frankfurt a.M.": what follows the shortened "an der", "am", "im", "bei", "ob der", "vor der".
_SHORTENED = (
    (re.compile(r"\b(?:a|am) (?:m|main)$"), "am main"),
    (re.compile(r"\b(?:a|am) (?:rh|rhein)$"), "am rhein"),
    (re.compile(r"\b(?:a|am) (?:n|neckar)$"), "am neckar"),
    (re.compile(r"\b(?:i|im) (?:br|brsg|breisgau)$"), "im breisgau"),
    (re.compile(r"\b(?:i|in) (?:w|westf|westfalen)$"), ""),
    (re.compile(r"\bv d (?:h|hohe)$"), "vor der hohe"),
    (re.compile(r"\bo d (?:t|tauber)$"), "ob der tauber"),
    (re.compile(r"\ba d "), "an der "),
    (re.compile(r"\ba d$"), "an der donau"),
    (re.compile(r"\bb (?=[a-z]{3})"), "bei "),
)
_SHORT_WORD = re.compile(r"\b(?:a|am|i|im|in|v|o|b)\b")
_BRACKETS = re.compile(r"[(\[].*?(?:[)\]]|$)")
_BRITISH = re.compile(r"\b[A-Za-z]{1,2}\d[A-Za-z\d]?\s*(?:\d[A-Za-z]{2})?\b\s*$")
_PREFIX = re.compile(r"^\s*[A-Za-z]{1,3}\s*-\s*(?=\d)")
_DUTCH = re.compile(r"^\s*\d{4}\s?[A-Z]{2}\b(?=\s+\S)")
_DIGITS = re.compile(r"\b[^\s\d]*\d\S*")
_TAIL = re.compile(r"\s+(?:cedex|cdx|city|municipality|kommune|stad|stadt)\b.*$", re.IGNORECASE)
_HEAD = re.compile(r"^\s*(?:city of|comune di|ville de|stadt|cedex)\s+", re.IGNORECASE)
_PARTS = re.compile(r"\s*[,;/|]\s*|\s+[-–]\s+")


def fold(text: str) -> str:
    """Return a name without case, accents and punctuation, with saints shortened.

    Examples
    --------
    >>> fold("Saint-Étienne"), fold("KØBENHAVN"), fold("Sankt Gallen"), fold("Gießen")
    ('st etienne', 'kobenhavn', 'st gallen', 'giessen')
    """
    plain = text.casefold().translate(_LETTERS)
    if not plain.isascii():
        spread = unicodedata.normalize("NFKD", plain).casefold()
        spread = unicodedata.normalize("NFKD", spread).translate(_LETTERS)
        kept = (letter for letter in spread if not unicodedata.combining(letter))
        plain = "".join(letter if letter.isalnum() else " " for letter in kept)
    return " ".join([_SAINTS.get(word, word) for word in plain.split()])


def spelled_out(folded: str) -> str:
    """Write out the shortened part of a folded name.

    Examples
    --------
    >>> spelled_out("frankfurt a m"), spelled_out("muhlheim a d ruhr")
    ('frankfurt am main', 'muhlheim an der ruhr')
    """
    if not _SHORT_WORD.search(folded):
        return folded
    for pattern, full in _SHORTENED:
        folded = pattern.sub(full, folded)
    return folded.strip()


def without_e(folded: str) -> str:
    """Fold ae, oe and ue, as written where umlauts are not to be had.

    Examples
    --------
    >>> without_e("muenchen"), without_e("goeteborg")
    ('munchen', 'goteborg')
    """
    return folded.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def decoded_once_more(text: str) -> str:
    """Mend a name whose UTF-8 bytes were read as another encoding; any other name is returned as it is.

    Examples
    --------
    >>> decoded_once_more("M√ºnchen"), decoded_once_more("MÃ¼nchen"), decoded_once_more("Évry")
    ('München', 'München', 'Évry')
    """
    for encoding in ("cp1252", "latin-1", "mac_roman"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text


def _bare(text: str) -> str:
    """Take away brackets, postal codes, CEDEX and the like."""
    if not text.isalpha():
        text = _BRACKETS.sub(" ", text) if "(" in text or "[" in text else text
        if _DIGITS.search(text):
            text = _DUTCH.sub("", _PREFIX.sub("", text))
            text = _DIGITS.sub(" ", _BRITISH.sub("", text) if " " in text.strip() else text)
        text = _TAIL.sub("", _HEAD.sub("", text))
    return text


def _written(text: str) -> Iterator[str]:
    """Yield the whole, bare of digits and the like, as it stands, and its parts."""
    mended = text if text.isascii() else decoded_once_more(text)
    bare = _bare(mended)
    if bare == mended:
        yield text
    if mended is not text or bare != mended:
        yield from (bare, mended)
    parts = _PARTS.split(mended)
    if len(parts) > 1:
        yield from parts
        yield from (_bare(part) for part in parts)
    inside = re.search(r"[(\[](.+?)[)\]]", mended)
    if inside:
        yield inside[1]


def variants(text: str) -> Iterator[str]:
    """Yield the folded names under which a city may be found, the likeliest first.

    Examples
    --------
    >>> next(variants("D-80333 München"))
    'munchen'
    >>> "london" in variants("LONDON SW1A 1AA"), "milano" in variants("Milano (MI)")
    (True, True)
    """
    seen = {""}
    for folded in (fold(part) for part in _written(text)):
        full = spelled_out(folded)
        for name in (folded, full, without_e(folded), without_e(full)):
            if name not in seen:
                seen.add(name)
                yield name


def cuts(text: str) -> Iterator[tuple[str, str]]:
    """Yield a name cut in two between its words, the longest beginning first.

    Examples
    --------
    >>> list(cuts("Paris La Défense"))
    [('paris la', 'defense'), ('paris', 'la defense')]
    """
    words = fold(_bare(decoded_once_more(text))).split()
    for count in range(len(words) - 1, 0, -1):
        yield " ".join(words[:count]), " ".join(words[count:])
