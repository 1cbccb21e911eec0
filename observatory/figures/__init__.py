"""Figures: tables in, Vega-Altair charts out; the same specification serves screen and print."""
