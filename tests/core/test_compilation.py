"""Who waits for the compiler is told so; who does not is left in peace."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from aicmo.core.compilation import announce_compilation


def test_only_an_empty_cache_is_announced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    solver = SimpleNamespace(stats=SimpleNamespace(cache_path=str(tmp_path)))
    announce_compilation(solver)
    assert "compiling the allocator" in capsys.readouterr().err
    (tmp_path / "rows.solve_rows-24.py311.nbi").touch()
    announce_compilation(solver)
    announce_compilation(len)  # as where Numba is switched off
    assert not capsys.readouterr().err
