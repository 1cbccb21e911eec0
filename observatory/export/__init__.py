"""Exports: the networks and tables of a run in the formats of the tools that people use."""

from observatory.export.folder import export
from observatory.export.formats import FORMATS
from observatory.export.graph import Content, chosen

__all__ = ["FORMATS", "Content", "chosen", "export"]
