"""The truth of a scenario as arrays, moved one tick by pure functions, and how it is measured."""

from aicmo.market.brief import brief
from aicmo.market.build import build
from aicmo.market.measurement import Stack, maturation, measure
from aicmo.market.opening import opening_rate
from aicmo.market.optimum import steady_optimum
from aicmo.market.state import MarketState, open_state
from aicmo.market.step import Outcome, advance
from aicmo.market.weather import Weather, weather
from aicmo.market.world import Market

__all__ = [
    "Market",
    "MarketState",
    "Outcome",
    "Stack",
    "Weather",
    "advance",
    "brief",
    "build",
    "maturation",
    "measure",
    "open_state",
    "opening_rate",
    "steady_optimum",
    "weather",
]
