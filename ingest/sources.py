"""The sources that ingest knows: one module each, one line here."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from ingest.faults import BadInput, Fault

#: Format in a study file → the module that reads it.
SOURCES = {
    "patstat": "ingest.patstat",
    "regpat": "ingest.regpat",
    "thomson": "ingest.thomson",
    "zephyr": "ingest.zephyr",
    "sdc": "ingest.sdc",
    "eureka": "ingest.eureka",
    "cordis": "ingest.cordis",
    "table": "ingest.table",
}


def source(name: str) -> ModuleType:
    """Return the module that reads a format.

    Raises
    ------
    BadInput
        For a format that is not known; the message names those that are.

    Examples
    --------
    >>> source("excel")
    Traceback (most recent call last):
    ...
    ingest.faults.BadInput: study: 'excel'; expected one of patstat, regpat, thomson, zephyr, sdc, eureka, cordis, \
table. To mend: format = "table" reads any table by a column map
    """
    if name not in SOURCES:
        raise BadInput(
            Fault(
                "study",
                None,
                name,
                f"one of {', '.join(SOURCES)}",
                'format = "table" reads any table by a column map',
            )
        )
    return import_module(SOURCES[name])
