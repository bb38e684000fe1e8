"""Replay: what was ordered, given to the market once more, is the same run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aicmo.market import advance
from aicmo.market.creative import retired
from aicmo.market.levers import Levers
from aicmo.market.state import launch
from aicmo.simulation.replay import Script, replay
from tests.market.scenarios import everything, read
from tests.simulation.worlds import world_of


def test_creatives_and_breadth_that_change_on_the_way_are_repeated_bit_for_bit() -> None:
    world, start = world_of(read(everything()), rows=2)
    script, state, money = Script(start.state), start.state, np.full((2, 4), 300.0)
    sold = []
    for tick in range(12):
        if tick in (0, 5):
            state = launch(state, tick % 2, 1, 2, 1.4)
        if tick == 8:
            assert state.variants is not None
            state = replace(state, variants=retired(state.variants, state.variants.quality > 1.2))
        levers = Levers(breadth=np.full((2, 4), 0.25)) if tick >= 6 else Levers()
        before = state
        state, outcome = advance(world.market, world.weather, state, money, tick, levers=levers)
        script.write(money, levers, before, state)
        sold.append(outcome.gross_profit)
    assert sorted(script.creatives) == [0, 5, 8]
    again = [outcome.gross_profit for _, outcome in replay(world, start.state, script, range(12))]
    np.testing.assert_array_equal(again, sold)
