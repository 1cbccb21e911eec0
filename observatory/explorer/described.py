"""How the API describes itself: the words of its OpenAPI document and the form of every payload."""

from __future__ import annotations

from typing import Any

from observatory.explorer.columns import KINDS
from observatory.explorer.shelf import MEDIA

DESCRIPTION = (
    "Cross-sectoral linkages of one run: networks, collaboration spaces, change, stars and the events behind links. "
    "Within v1 fields are only added. A table of several is had by its name: sectors/325.meets.csv."
)
_TEXT: dict[str, Any] = {"type": "string"}
#: A table within a payload.
TABLE: dict[str, Any] = {
    "type": "object",
    "description": "A table: what its columns hold, where codes lead, the first rows, and how many there are.",
    "properties": {
        "columns": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": _TEXT, "label": _TEXT, "unit": _TEXT, "kind": {"enum": list(KINDS)}},
                "required": ["name", "label", "unit", "kind"],
            },
        },
        "links": {"type": "object", "additionalProperties": {"enum": ["sectors", "regions", "spaces"]}},
        "rows": {"type": "array", "items": {"type": "array"}},
        "rows_in_all": {"type": "integer"},
    },
    "required": ["columns", "links", "rows", "rows_in_all"],
}
#: What every payload holds, whatever else.
PAYLOAD: dict[str, Any] = {
    "type": "object",
    "properties": {
        "schema": {"const": 1},
        "about": {
            "type": "object",
            "properties": {"what": _TEXT, "unit": _TEXT, "source": _TEXT, "method": _TEXT},
            "required": ["what", "unit", "source", "method"],
        },
        "tables": {"type": "array", "items": _TEXT, "description": "Names of the fields that are tables."},
        "missing": {
            "type": "array",
            "description": "Files that the run lacks, so that less is told here.",
            "items": {"type": "object", "properties": {"file": _TEXT, "what": _TEXT}},
        },
    },
    "required": ["schema", "about", "tables", "missing"],
}
ERROR: dict[str, Any] = {
    "type": "object",
    "properties": {
        "error": {"type": "object", "properties": {"status": {"type": "integer"}, "what": _TEXT, "mend": _TEXT}}
    },
}


def responses(ending: str) -> dict[int | str, dict[str, Any]]:
    """Describe the answers of a resource by status, for OpenAPI."""
    media = MEDIA[ending].partition(";")[0]
    form = {"json": PAYLOAD, "csv": _TEXT, "parquet": {"type": "string", "format": "binary"}}[ending]
    wrong = {"application/json": {"schema": ERROR}}
    return {
        200: {"description": "The resource, with its ETag.", "content": {media: {"schema": form}}},
        304: {"description": "Unchanged since the ETag that was sent."},
        404: {"description": "The run has no such resource.", "content": wrong},
        422: {"description": "The run holds less than is asked for.", "content": wrong},
    }
