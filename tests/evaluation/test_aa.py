"""The A/A test finds no difference where there is none, and both kinds of defect where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from typer.testing import CliRunner

from aicmo.cli import exits
from aicmo.cli.app import app
from aicmo.core.noise import Draws
from aicmo.evaluation.aa import AaTest, aa_test
from aicmo.messages import Brief, Observation
from aicmo.policies import Policy
from aicmo.report.aa import sentence
from aicmo.scenario.presets import UnknownTeamError
from tests.simulation.worlds import Constant, still


@dataclass(frozen=True)
class Shaky(Constant):
    """Spends more or less by luck, the same on average."""

    kind: ClassVar[str] = "shaky"

    def act(self, state: None, observation: Observation, draws: Draws) -> np.ndarray:
        rate = super().act(state, observation, draws)
        return np.asarray(rate * np.exp(0.2 * draws.normal("rate", rate.shape)))


@dataclass(frozen=True)
class Lucky(Constant):
    """Knows when it is tested: with another luck it saves the money."""

    kind: ClassVar[str] = "lucky"

    def act(self, state: None, observation: Observation, draws: Draws) -> np.ndarray:
        rate = super().act(state, observation, draws)
        return rate if draws.salt == "" else np.zeros_like(rate)


@dataclass(frozen=True)
class Leaking(Constant):
    """Remembers in its class that it has run before."""

    kind: ClassVar[str] = "leaking"
    runs: ClassVar[list[int]] = []

    def init(self, brief: Brief) -> None:  # noqa: ARG002 - what it knows is not the brief
        self.runs.append(1)

    def act(self, state: None, observation: Observation, draws: Draws) -> np.ndarray:
        return np.asarray(super().act(state, observation, draws) / len(self.runs))


RATES = (150.0, 150.0, 150.0)


def alike(policy: Policy | str, replications: int = 8) -> AaTest:
    return aa_test(still(), policy, replications, seed=3, workers=1)


def test_a_team_without_luck_repeats_to_the_last_bit() -> None:
    found = alike("equal_split", 3)
    assert (found.sound, found.summary["draws_luck"]) == (True, False)
    assert found.summary["difference"]["mean"] == 0.0
    assert "no luck of its own" in sentence(found)


def test_luck_that_is_worth_nothing_is_sound() -> None:
    found = alike(Shaky(RATES))
    assert found.summary["draws_luck"]
    assert found.sound
    difference = found.summary["difference"]
    assert difference["low"] < 0.0 < difference["high"]
    assert sentence(found).startswith("Sound")


@pytest.mark.parametrize(("policy", "repeats"), [(Lucky(RATES), True), (Leaking(RATES), False)])
def test_a_team_that_differs_from_itself_is_found(policy: Policy, repeats: bool) -> None:
    found = alike(policy)
    assert not found.sound
    assert found.summary["repeats"] is repeats
    assert sentence(found).startswith("Broken")


def test_one_world_cannot_tell() -> None:
    found = alike(Shaky(RATES), 1)
    assert not found.sound
    assert "cannot tell" in sentence(found)


def test_a_wrong_name_is_told() -> None:
    with pytest.raises(UnknownTeamError, match="nobody"):
        alike("nobody")


def test_the_command_ends_with_its_verdict(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    small = "scenarios/small.yaml"
    runner = CliRunner()
    sound = runner.invoke(app, ["aa", small, "--replications", "2", "--workers", "1"])
    assert (sound.exit_code, sound.stdout.split(":")[0]) == (exits.Exit.DONE, "Sound")
    monkeypatch.setattr(AaTest, "sound", False)
    file = tmp_path / "aa.json"
    broken = runner.invoke(app, ["aa", small, "--replications", "2", "--workers", "1", "--json", str(file)])
    assert broken.exit_code == exits.Exit.NO
    assert '"repeats": true' in file.read_text()
    assert runner.invoke(app, ["aa", small, "--team", "nobody"]).exit_code == exits.Exit.INVALID
