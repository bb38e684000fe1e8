"""A slow market in plain Python: one world, one campaign, one tick at a time, straight from the equations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import NormalDist

from aicmo.core.noise import Tape
from aicmo.market.world import Market
from aicmo.scenario.market import Process, Seasonality
from aicmo.scenario.schema import Scenario

YEAR = 365.2425
NORMAL = NormalDist()


def season_at(season: Seasonality | None, day: date, *, harmonic: bool = False) -> float:
    """Seasonal index of a day; its mean is one over the 400 years after which the calendar repeats."""
    if season is None:
        return 1.0
    power = -1 if harmonic else 1
    lengths = [31, 28.2425, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    months = sum(m**power * n for m, n in zip(season.months, lengths, strict=True)) / YEAR
    weekdays = sum(w**power for w in season.weekdays) / 7
    return season.months[day.month - 1] * season.weekdays[day.weekday()] / (months * weekdays) ** power


@dataclass
class SlowWorld:
    """World `r` of a scenario with ticks of whole days; parameters are those drawn for it."""

    scenario: Scenario
    market: Market
    tape: Tape
    r: int
    stock: dict[int, float] = field(default_factory=dict)
    remembered: dict[int, float] = field(default_factory=dict)
    walks: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.first = -(self.scenario.calendar.history // self.scenario.calendar.tick)
        self.dt = self.scenario.calendar.tick / 1440

    def days(self, tick: int) -> list[date]:
        opening = datetime.combine(self.scenario.calendar.start, datetime.min.time())
        opening += timedelta(minutes=tick * self.scenario.calendar.tick)
        return [(opening + timedelta(days=i)).date() for i in range(round(self.dt))]

    def overlap(self, start: str, minutes: int, tick: int) -> float:
        begin = (date.fromisoformat(start) - self.scenario.calendar.start).days
        end = begin + minutes / 1440
        inside = min((tick + 1) * self.dt, end) - max(tick * self.dt, begin)
        return max(inside, 0.0) / self.dt

    def luck(self, purpose: str, name: str, tick: int) -> float:
        return float(self.tape.normal(purpose, [name], range(tick, tick + 1))[0, self.r, 0])

    def walk(self, purpose: str, name: str, sd: float, half_life: int, tick: int) -> float:
        """Ornstein–Uhlenbeck walk; ticks must be asked for in order."""
        z, key = self.luck(purpose, name, tick), f"{purpose}:{name}"
        rho = 0.5 ** (self.scenario.calendar.tick / half_life)
        fresh = sd * z if tick == self.first else rho * self.walks[key] + sd * math.sqrt(1 - rho**2) * z
        self.walks[key] = fresh
        return fresh

    def process(self, purpose: str, name: str, process: Process | None, tick: int, sign: float) -> float:
        if process is None or process.volatility == 0:
            return 1.0
        walk = self.walk(purpose, name, process.volatility, process.half_life, tick)
        return math.exp(walk + sign * process.volatility**2 / 2)

    def price(self, k: int, tick: int) -> float:
        channel = self.scenario.market.channels[k]
        days = self.days(tick)
        index = sum(season_at(channel.price_season, day, harmonic=True) for day in days) / len(days)
        for event in self.scenario.market.events:
            if not event.channels or channel.name in event.channels:
                index *= 1 + (event.price - 1) * self.overlap(event.start, event.duration, tick)
        return index * self.process("price", channel.name, channel.price, tick, +1)

    def demand(self, s: int, tick: int) -> float:
        segment = self.scenario.market.segments[s]
        days = self.days(tick)
        index = sum(season_at(segment.season, day) for day in days) / len(days)
        index *= math.exp(segment.trend * (tick + 0.5) * self.dt / YEAR)
        for event in self.scenario.market.events:
            if not event.segments or segment.name in event.segments:
                index *= 1 + (event.demand - 1) * self.overlap(event.start, event.duration, tick)
        return index * self.process("demand", segment.name, segment.shock, tick, -1)

    def effectiveness(self, c: int, tick: int) -> float:
        campaign, drift, factor = self.scenario.market.campaigns[c], self.scenario.market.drift, 1.0
        for event in self.scenario.market.events:
            named = not event.channels or campaign.channel in event.channels
            if named and (not event.segments or campaign.segment in event.segments):
                factor *= 1 + (event.effectiveness - 1) * self.overlap(event.start, event.duration, tick)
        if drift is None:
            return factor
        sd = float(self.market.drift_volatility[self.r, 0])
        walk = self.walk("drift", self.market.campaigns[c], sd, drift.half_life, tick)
        key = f"jumps:{c}"
        u = float(
            self.tape.uniform("change points", [self.market.campaigns[c]], range(tick, tick + 1))[
                0, self.r, 0
            ]
        )
        chance = 1 - math.exp(-drift.jumps_per_year * self.dt / YEAR)
        jump = drift.jump_size * NORMAL.inv_cdf(u / chance) - drift.jump_size**2 / 2 if u < chance else 0.0
        self.walks[key] = self.walks.get(key, 0.0) + jump
        return factor * math.exp(walk - sd**2 / 2 + self.walks[key])

    def noisy(self, mean: float, z: float) -> float:
        phi = float(self.market.dispersion[self.r, 0])
        if mean == 0 or phi == 0:
            return mean
        sigma = math.sqrt(math.log(1 + phi / mean))
        tail = NORMAL.cdf(-4)
        body = NORMAL.cdf(4 - sigma) - NORMAL.cdf(-4 - sigma)
        norm = body + tail * (math.exp(4 * sigma) + math.exp(-4 * sigma)) * math.exp(-(sigma**2) / 2)
        return mean * math.exp(sigma * max(-4.0, min(4.0, z)) - sigma**2 / 2) / norm

    def runs(self, c: int, tick: int) -> bool:
        campaign, day = self.scenario.market.campaigns[c], self.days(tick)[0]
        begun = campaign.start is None or day >= date.fromisoformat(campaign.start)
        return begun and (campaign.stop is None or day < date.fromisoformat(campaign.stop))

    def learning(self, c: int, rate: float) -> float:
        phase = self.scenario.market.channels[int(self.market.channel[c])].learning
        if phase is None:
            return 1.0
        epsilon = 0.01 * float(self.market.half_saturation[self.r, c])
        seen = math.log(rate + epsilon)
        known = self.remembered.get(c, math.log(epsilon))
        self.remembered[c] = known + (1 - 0.5 ** (self.scenario.calendar.tick / phase.half_life)) * (
            seen - known
        )
        return max(phase.floor, math.exp(-phase.severity * max(0.0, abs(seen - known) - math.log(1.2))))

    def saturation(self, c: int, pressure: float) -> float:
        market, r = self.market, self.r
        half_life = float(market.half_life[r, c])
        theta = 0.5 ** (self.dt / half_life) if half_life > 0 else 0.0
        self.stock[c] = theta * self.stock.get(c, 0.0) + (1 - theta) * pressure
        x, s = self.stock[c] / float(market.half_saturation[r, c]), float(market.shape[r, c])
        power: float = x**s
        if market.logistic[r, c]:
            decay = math.exp(-2 * math.atanh(0.5) * x)
            return (1 - decay) / (1 + decay)
        return power / (1 + power)

    def tick(self, tick: int, planned: list[float]) -> Mapping[str, list[float]]:
        """Move by one tick; ticks must follow each other from the first of the history."""
        market, r = self.market, self.r
        price = [self.price(k, tick) for k in range(len(market.channels))]
        demand = [self.demand(s, tick) for s in range(len(market.segments))]
        spend, saturation, volume = [], [], []
        for c, plan in enumerate(planned):
            index = price[int(market.channel[c])]
            limit = index * float(market.inventory[c]) * self.dt
            taken = plan if plan <= limit else math.floor(limit * 100) / 100
            spend.append(taken if self.runs(c, tick) else 0.0)
            rate = spend[-1] / self.dt
            saturation.append(self.saturation(c, rate / index * self.learning(c, rate)))
            mean = self.dt * float(market.ceiling[r, c]) * self.effectiveness(c, tick)
            mean *= demand[int(market.segment[c])] * saturation[-1]
            volume.append(self.noisy(mean, self.luck("orders", market.campaigns[c], tick)))
        organic = [
            self.noisy(
                self.dt * float(market.base_orders[s]) * demand[s], self.luck("organic orders", name, tick)
            )
            for s, name in enumerate(market.segments)
        ]
        return {"spend": spend, "saturation": saturation, "volume": volume, "organic": organic}


def slow_measure(
    market: Market,
    r: int,
    *,
    identity: float,
    signal: float,
    volume: list[float],
    saturation: list[float],
    organic: list[float],
) -> tuple[list[float], list[float]]:
    """Claimed and unified orders of one tick, pair by pair."""
    campaigns = range(len(volume))
    claimed, unified = list(volume), [signal * n for n in volume]
    for s in range(len(market.segments)):
        total = sum(volume[c] for c in campaigns if market.segment[c] == s)
        lost = []
        for k in range(len(market.channels)):
            missed = 1.0
            for c in campaigns:
                if (market.segment[c], market.channel[c]) == (s, k):
                    missed *= (1 - saturation[c]) ** float(market.pair_share[r, c])
            lost.append(float(market.overclaim[r, k]) * (1 - missed))
        for k in range(len(market.channels)):
            mine = [c for c in campaigns if (market.segment[c], market.channel[c]) == (s, k)]
            others = total - sum(volume[c] for c in mine)
            weights = [float(market.pair_share[r, c]) * saturation[c] for c in mine]
            for c, weight in zip(mine, weights, strict=True):
                part = weight / sum(weights) if weight > 0 else 0.0
                claimed[c] += part * lost[k] * (organic[s] + others)
                credit = lost[k] * (organic[s] / max(1.0, sum(lost)) + (1 - identity) * others)
                unified[c] += signal * part * credit
    return claimed, unified
