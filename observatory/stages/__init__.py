"""The stages of a run, one file each; observatory/run.py puts them in order."""
