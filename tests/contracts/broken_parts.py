"""One broken part for each check; `BREAKS` says which checks have to find it, and no other."""

# ruff: noqa: ARG002 - the contracts give the arguments, what is broken is what is done with them

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from aicmo.core.noise import Draws
from aicmo.messages import (
    Brief,
    Creatives,
    GroupLimit,
    Holdouts,
    Latitude,
    Limits,
    Mix,
    Observation,
    Proposal,
    Standing,
)
from aicmo.policies._pace import at_pace
from tests.contracts.broken_measures import (
    Curve,
    DependsOnTheBatch,
    DividesByNothing,
    Falls,
    PointsNowhere,
    PretendsToBeConcave,
    RanksReplications,
    Reads,
    ReadsAnything,
    ReadsSomethingElse,
    Spent,
    StartsAboveZero,
    WrongInverse,
    WrongSlope,
)

SMALL = Path(__file__).parents[2] / "scenarios" / "small.yaml"


@dataclass(frozen=True)
class Even:
    """A sound policy to break: an equal split."""

    kind: ClassVar[str] = "broken"
    learns: ClassVar[bool] = False

    @classmethod
    def examples(cls) -> Iterator[Even]:
        yield cls()

    def init(self, brief: Brief) -> Any:
        return brief, [0]

    def update(self, state: Any, observation: Observation) -> Any:
        return state

    def act(self, state: Any, observation: Observation, draws: Draws) -> np.ndarray:
        return at_pace(state[0], observation, self.plan(observation))

    def plan(self, observation: Observation) -> np.ndarray:
        return np.ones_like(observation.current)


class NotFrozen(Even):
    __dataclass_params__ = None


class IgnoresLimits(Even):
    def act(self, state: Any, observation: Observation, draws: Draws) -> np.ndarray:
        return np.full_like(observation.current, 300.0)


class NanUnless(Even):
    """Returns NaN in the situation that a subclass cannot stand."""

    def hopeless(self, observation: Observation) -> bool:
        raise NotImplementedError

    def act(self, state: Any, observation: Observation, draws: Draws) -> np.ndarray:
        rate = super().act(state, observation, draws)
        return np.full_like(rate, np.nan) if self.hopeless(observation) else rate


class NeedsReward(NanUnless):
    def hopeless(self, observation: Observation) -> bool:
        return bool(observation.delivered.any() and observation.spend.any() and not observation.unified.any())


class NeedsSpend(NanUnless):
    def hopeless(self, observation: Observation) -> bool:
        return bool(observation.delivered.any() and not observation.spend.any())


class NeedsEveryCampaign(NanUnless):
    def hopeless(self, observation: Observation) -> bool:
        dead = observation.spend.any(axis=(0, 1)) & ~observation.unified.any(axis=(0, 1))
        return bool(dead.any() and not dead.all())


class NeedsData(NanUnless):
    def hopeless(self, observation: Observation) -> bool:
        return not observation.delivered.any()


class ChangesItsState(Even):
    def update(self, state: Any, observation: Observation) -> Any:
        state[1].append(observation.tick)
        return state


class RollsItsOwnDice(Even):
    luck: ClassVar[np.random.Generator] = np.random.default_rng(0)

    def plan(self, observation: Observation) -> np.ndarray:
        return self.luck.uniform(1.0, 2.0, observation.current.shape)


class MixesRows(Even):
    def plan(self, observation: Observation) -> np.ndarray:
        return np.asarray(observation.current + observation.current.mean(axis=0))


class LooksAhead(Even):
    def plan(self, observation: Observation) -> np.ndarray:
        whole = observation.spend.base
        future = observation.spend if whole is None else whole
        return np.asarray(np.ones_like(observation.current) + (future[-1] if len(future) else 0.0))


class ClaimsToLearn(Even):
    learns: ClassVar[bool] = True


@dataclass(frozen=True)
class Free:
    """A sound guardrail to break: no limit."""

    kind: ClassVar[str] = "broken"

    @classmethod
    def examples(cls) -> Iterator[Free]:
        yield cls()

    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
        return (replace(Limits.none(*brief.shape, source=self.kind), **self.change(standing)),)

    def change(self, standing: Standing) -> dict[str, Any]:
        return {}


class UnknownRank(Free):
    def change(self, standing: Standing) -> dict[str, Any]:
        return {"lower_rank": "sometimes"}


class Collides(Free):
    def change(self, standing: Standing) -> dict[str, Any]:
        return {"lower": np.full(standing.current.shape, 2.0), "upper": np.ones(standing.current.shape)}


class CrossesOthers(Free):
    def change(self, standing: Standing) -> dict[str, Any]:
        size = len(standing.current)
        return {"groups": (GroupLimit("mine", np.array([0, 6]), np.zeros(size), np.full(size, 9e9)),)}


class SpeaksForAnother(Free):
    def change(self, standing: Standing) -> dict[str, Any]:
        return {"total": np.full(len(standing.current), 10.0), "source": "somebody"}


class CrossesItself(Free):
    def change(self, standing: Standing) -> dict[str, Any]:
        free = Latitude.free(*standing.current.shape)
        return {"latitude": replace(free, narrowest=free.widest, widest=0.5 * free.widest)}


class WritesToStanding(Free):
    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
        object.__setattr__(standing, "days_left", standing.days_left + 1.0)
        return super().limits(brief, standing)


class MixesRowsOfLimits(Free):
    def change(self, standing: Standing) -> dict[str, Any]:
        return {"total": np.full(len(standing.current), 10.0 + standing.current.mean())}


@dataclass(frozen=True)
class Steady:
    """A sound agent to break: the decision in force, whatever happens."""

    kind: ClassVar[str] = "broken"
    seat: ClassVar[str] = "pacing"
    cadence: str = "1w"

    @classmethod
    def examples(cls) -> Iterator[Steady]:
        yield cls()

    def init(self, brief: Brief) -> Any:
        return None

    def update(self, state: Any, observation: Observation) -> Any:
        return state

    def act(self, state: Any, observation: Observation, draws: Draws) -> Proposal:
        return Proposal("pacing", np.ones_like(observation.current))


@dataclass(frozen=True)
class DecidesNowAndThen(Steady):
    cadence: str = "often"


class WritesToAnothersSeat(Steady):
    seat: ClassVar[str] = "budget"


class Transposes(Steady):
    def act(self, state: Any, observation: Observation, draws: Draws) -> Proposal:
        return Proposal("pacing", np.ones_like(observation.current).T)


class HoldsEverybodyOut(Steady):
    seat: ClassVar[str] = "experiments"

    def act(self, state: Any, observation: Observation, draws: Draws) -> Proposal:
        rows, campaigns = observation.current.shape
        each, tested = np.ones(rows), np.ones((rows, campaigns), dtype=bool)
        return Proposal("experiments", Holdouts(tested, each, 28.0 * each, 0.0 * each))


class CannotDoWithoutData(Steady):
    def update(self, state: Any, observation: Observation) -> Any:
        return observation.origin[observation.delivered][-1]


class WritesToObservation(Steady):
    def update(self, state: Any, observation: Observation) -> Any:
        object.__setattr__(observation, "tick", observation.tick + 1)
        return state


class AddressesEverybodyAlike(Steady):
    seat: ClassVar[str] = "targeting"

    def act(self, state: Any, observation: Observation, draws: Draws) -> Proposal:
        return Proposal("targeting", self.breadth(observation.current.shape))

    def breadth(self, shape: tuple[int, ...]) -> np.ndarray:
        return np.ones(shape)


class AddressesNobody(AddressesEverybodyAlike):
    def breadth(self, shape: tuple[int, ...]) -> np.ndarray:
        return np.full(shape, 0.01)


class NamesNoCampaign(AddressesEverybodyAlike):
    def breadth(self, shape: tuple[int, ...]) -> np.ndarray:
        return np.ones(shape[1])


class ServesOn(Steady):
    seat: ClassVar[str] = "creative"

    def act(self, state: Any, observation: Observation, draws: Draws) -> Proposal:
        assert observation.creatives is not None
        return Proposal("creative", self.mix(observation.creatives))

    def mix(self, seen: Creatives) -> Mix:
        return Mix(seen.traffic, order=np.ones(seen.ordered.shape, dtype=np.int64))


class ServesMoreThanAll(ServesOn):
    def mix(self, seen: Creatives) -> Mix:
        return Mix(2.0 * seen.traffic)


class RetiresEverything(ServesOn):
    def mix(self, seen: Creatives) -> Mix:
        return Mix(seen.traffic, retire=seen.live)


class OrdersACrowd(ServesOn):
    def mix(self, seen: Creatives) -> Mix:
        return Mix(seen.traffic, order=np.full(seen.ordered.shape, 99))


class OrdersByVariant(ServesOn):
    def mix(self, seen: Creatives) -> Mix:
        return Mix(seen.traffic, order=np.zeros(seen.live.shape, dtype=np.int64))


BREAKS: dict[str, dict[type[Any], set[str]]] = {
    "policy": {
        NotFrozen: {"declares_what_it_is"},
        IgnoresLimits: {"budgets_within_limits"},
        NeedsReward: {"survives_zero_reward"},
        NeedsSpend: {"survives_zero_spend"},
        NeedsEveryCampaign: {"survives_a_dead_campaign"},
        NeedsData: {"survives_an_empty_observation"},
        ChangesItsState: {"leaves_inputs_untouched"},
        # whoever decides differently each time cannot decide alike in a batch, or with another future
        RollsItsOwnDice: {"same_seed_same_decision", "rows_independent", "causal"},
        MixesRows: {"rows_independent"},
        LooksAhead: {"causal"},
        ClaimsToLearn: {"learns_on_an_easy_market"},
    },
    "guardrail": {
        UnknownRank: {"says_what_it_allows"},
        Collides: {"feasible_alone"},
        CrossesOthers: {"leaves_a_feasible_decision_alone"},
        # limits under another's name are wrong in themselves and in the record
        SpeaksForAnother: {"says_what_it_allows", "reports_exactly_what_it_touched"},
        CrossesItself: {"holds_the_other_seats"},
        WritesToStanding: {"leaves_inputs_untouched"},
        MixesRowsOfLimits: {"rows_independent"},
    },
    "agent": {
        DecidesNowAndThen: {"says_how_often_it_decides"},
        WritesToAnothersSeat: {"writes_only_its_seat"},
        Transposes: {"right_axes"},
        HoldsEverybodyOut: {"holdouts_can_be_begun"},
        CannotDoWithoutData: {"survives_missing_data"},
        WritesToObservation: {"leaves_inputs_untouched"},
        AddressesEverybodyAlike: set(),
        AddressesNobody: {"can_be_put_in_force"},
        NamesNoCampaign: {"right_axes", "can_be_put_in_force"},
        ServesOn: set(),
        ServesMoreThanAll: {"can_be_put_in_force"},
        RetiresEverything: {"can_be_put_in_force"},
        OrdersACrowd: {"can_be_put_in_force"},
        OrdersByVariant: {"right_axes", "can_be_put_in_force"},
    },
    "metric": {
        PointsNowhere: {"declares_what_it_is"},
        DividesByNothing: {"one_finite_number_a_replication"},
        RanksReplications: {"rows_independent"},
    },
    "importer": {
        ReadsSomethingElse: {"own_sample_loads"},
        ReadsAnything: {"broken_copy_raises_with_where"},
    },
    "curves": {
        StartsAboveZero: {"zero_at_zero"},
        Falls: {"never_falls"},
        WrongSlope: {"marginal_is_the_slope"},
        WrongInverse: {"inverse_inverts"},
        DependsOnTheBatch: {"broadcasts"},
        PretendsToBeConcave: {"concave_but_for_its_envelope"},
    },
}
"""Kind of part → broken part → the checks that must bite, and no other."""

SOUND: dict[str, type[Any]] = {
    "policy": Even,
    "guardrail": Free,
    "agent": Steady,
    "metric": Spent,
    "importer": Reads,
    "curves": Curve,
}
"""What was broken, and breaks nothing by itself."""
