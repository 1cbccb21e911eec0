"""What is wrong with a setting, in plain words and with the line that it stands on."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal, get_args, get_origin

from observatory.settings import Year

#: What msgspec calls it, and what a person does.
_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text in quotes",
    "array": "a list in brackets",
    "object": "a table",
    "bool": "true or false",
    "null": "nothing",
    "date": "a day such as 2010-06-30",
}


def expected_of(hint: Any, message: str) -> str:
    """Say what a setting should be: its choices where there are some, else msgspec's sentence in plain words.

    Examples
    --------
    >>> expected_of(int, "Expected `int` >= 1")
    'a whole number of at least 1'
    >>> expected_of(Literal["full", "fractional"], "Invalid enum value 'half'")
    'one of full, fractional'
    """
    choices = _choices(hint)
    text = message.split(" - at ")[0].removeprefix("Expected ").split(", got ")[0]
    if choices and (message.startswith("Invalid enum value") or not text.startswith("`array")):
        return "one of " + ", ".join([*choices, *(["a whole number"] if _takes_number(hint) else [])])
    if "RFC3339" in text:
        return str(_WORDS["date"])
    if get_origin(hint) is Annotated and get_args(hint)[0] == list[tuple[Year, Year]]:
        return "pairs of years from 1900 to 2100, such as [[2000, 2007], [2007, 2014]]"
    for word, plain in _WORDS.items():
        text = re.sub(rf"\b{word}\b", plain, text)
    text = re.sub(r" >= (\d+)(?:\.0)?", r" of at least \1", text)
    text = re.sub(r" <= (\d+)(?:\.0)?", r" of at most \1", text)
    return text.replace("`", "").replace(" | nothing", "").replace(" | ", " or ")


def mend_of(given: str, known: Iterable[str], what: str = "the key") -> str:
    """Say how to mend a word that is not known, with the nearest that is.

    Examples
    --------
    >>> mend_of("titel", ["title", "sources"])
    'write title, or remove the line'
    """
    near = difflib.get_close_matches(given.casefold(), list(known), n=1)
    offer = f"write {near[0]}" if near else f"correct {what}"
    return offer if what != "the key" else f"{offer}, or remove the line"


def _choices(hint: Any) -> list[str]:
    if get_origin(hint) is Literal:
        return [str(choice) for choice in get_args(hint)]
    return [choice for part in get_args(hint) for choice in _choices(part)]


def _takes_number(hint: Any) -> bool:
    if get_origin(hint) is Literal:
        return False
    return hint is int or any(_takes_number(part) for part in get_args(hint))


def line_of(text: str, key: str, path: tuple[str, ...]) -> int | None:
    r"""Find the line in which a key of a table stands.

    Examples
    --------
    >>> line_of("title = 'x'\n[stars]\ntable = 'y'\n", "table", ("stars",))
    3
    >>> line_of("title = 'x'\nstars = { table = 'y' }\n", "table", ("stars",))
    2
    """
    wanted = (*path, key)
    around = None
    lines = zip(text.splitlines(), tables_of(text), strict=True)
    for number, (raw, table) in enumerate(lines, start=1):
        if _HEADING.match(raw):
            if table == wanted:
                return number
        elif assigned := _ASSIGNED.match(raw):
            names = (*table, *_names(assigned[1]))
            if names == wanted:
                return number
            if wanted[: len(names)] == names:  # within a table in braces
                around = number
    return around


def tables_of(text: str) -> list[tuple[str, ...]]:
    r"""Name the table in which each line stands; a heading stands in its own.

    Examples
    --------
    >>> tables_of("title = 'x'\n[stars]\ntable = 'y'\n")
    [(), ('stars',), ('stars',)]
    """
    table: tuple[str, ...] = ()
    tables = []
    for raw in text.splitlines():
        if heading := _HEADING.match(raw):
            table = _names(heading[1])
        tables.append(table)
    return tables


#: [a."b c"] and a.b = …, comments allowed; a list's own brackets hold commas and are not headings.
_NAME = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"({_NAME}(?:\s*\.\s*{_NAME})*)"
_HEADING = re.compile(rf"\s*\[\[?\s*{_DOTTED}\s*\]\]?\s*(?:#.*)?$")
_ASSIGNED = re.compile(rf"\s*{_DOTTED}\s*=")


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in re.findall(_NAME, dotted))
