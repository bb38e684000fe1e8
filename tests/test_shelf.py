"""A shelf finds its parts by file name, names the nearest to an unknown one, and reads outside files."""

from pathlib import Path

import pytest

from aicmo.policies import SHELF
from aicmo.shelf import Shelf, UnknownPartError, did_you_mean, load_file


def _room(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> Shelf:
    """A package of parts that exists for this test alone."""
    name = f"room_{folder.name}"
    package = folder / name
    package.mkdir()
    (package / "__init__.py").write_text("")
    for stem, text in files.items():
        (package / f"{stem}.py").write_text(text)
    monkeypatch.syspath_prepend(folder)
    return Shelf(name, "thing", apart=("hall",))


def test_every_file_is_a_part_but_private_ones_and_those_set_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = _room(tmp_path, monkeypatch, lamp="class Lamp:\n    kind = 'lamp'\n", _wire="", hall="")
    assert room.kinds == ["lamp"]
    assert [part.__name__ for part in room] == ["Lamp"]


def test_names_are_read_without_importing_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = _room(tmp_path, monkeypatch, broken="raise RuntimeError('imported')")
    assert room.kinds == ["broken"]
    with pytest.raises(RuntimeError, match="imported"):
        room["broken"]


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownPartError, match=r"no policy named 'equal_spilt'\. Did you mean 'equal_split'"):
        SHELF["equal_spilt"]
    assert did_you_mean("zzz", ["power", "hill"]) == "Known: hill, power."


def test_a_file_whose_class_has_another_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = _room(tmp_path, monkeypatch, lamp="class Lamp:\n    kind = 'torch'\n")
    with pytest.raises(UnknownPartError, match="must define a class whose kind is 'lamp'"):
        room["lamp"]


def test_what_a_file_imports_is_not_its_part(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text("from aicmo.policies.equal_split import EqualSplit\n\n\nclass Mine:\n    kind = 'mine'\n")
    assert [part.__name__ for part in load_file(path)] == ["Mine"]


def test_a_file_without_a_part_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.py"
    path.write_text("x = 1\n")
    with pytest.raises(UnknownPartError, match="defines no part"):
        load_file(path)
    with pytest.raises(UnknownPartError, match=r"ending in \.py"):
        load_file(tmp_path / "notes.txt")


def test_a_room_that_is_no_package_is_refused() -> None:
    with pytest.raises(UnknownPartError, match="is not a package"):
        _ = Shelf("aicmo.shelf", "thing").kinds
