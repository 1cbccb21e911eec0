"""Every setting says what it is, and its default is one that it allows."""

from __future__ import annotations

from typing import Annotated, get_args, get_origin, get_type_hints

import msgspec
import pytest

from observatory import settings

STRUCTS = [
    one
    for one in vars(settings).values()
    if isinstance(one, type) and issubclass(one, msgspec.Struct) and one is not msgspec.Struct
]


def test_all_tables_of_the_study_file_are_here():
    assert {one.__name__ for one in STRUCTS} == {
        "Source", "Match", "Communities", "Grid", "Groups", "Layers", "Spaces", "Stars", "Strength", "Gates",
        "Settings", "Places",
    }  # fmt: skip


@pytest.mark.parametrize("struct", STRUCTS)
def test_every_setting_is_explained(struct):
    assert struct.__doc__
    for name, hint in get_type_hints(struct, include_extras=True).items():
        if isinstance(hint, type):
            assert hint in STRUCTS, name
        else:
            assert get_origin(hint) is Annotated, name
            assert any(meta.description for meta in get_args(hint)[1:] if isinstance(meta, msgspec.Meta)), name


def test_defaults_are_allowed():
    full = settings.Settings("T", {"a": settings.Source("regpat", ["x"])})
    data = msgspec.to_builtins(full)
    assert msgspec.convert(data, settings.Settings) == full


@pytest.mark.parametrize("struct", STRUCTS)
def test_unknown_keys_are_refused(struct):
    required = {field.name: None for field in msgspec.structs.fields(struct) if field.required}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**required, "no such key": 1}, struct)
