"""The slow market with every optional mechanism, in plain Python; ticks are whole days."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from tests.reference.market import NORMAL, YEAR, SlowWorld


@dataclass
class SlowFullWorld(SlowWorld):
    """World `r` with targeting, synergy, rivals, creative, brand, people, incidents and a delayed peak."""

    skill: float = 1.0
    stage: dict[int, float] = field(default_factory=dict)
    exposure: dict[tuple[int, int], float] = field(default_factory=dict)
    heard: dict[tuple[int, int], float] = field(default_factory=dict)
    brand: dict[int, float] = field(default_factory=dict)
    heads: dict[int, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.truth = self.scenario.market
        for s, segment in enumerate(self.truth.segments):
            self.brand[s] = self.truth.brand.start if self.truth.brand else 1.0
            if segment.people:
                self.heads[s] = [segment.people.prospects, segment.people.customers, 0.0]

    def kept(self, minutes: int) -> float:
        return float(0.5 ** (self.scenario.calendar.tick / minutes))

    def rivals(self, s: int, tick: int) -> float:
        rivals, segment = self.truth.rivals, self.truth.segments[s]
        if rivals is None:
            return 1.0
        index = 1.0
        for event in self.truth.events:
            if not event.segments or segment.name in event.segments:
                index *= 1 + (event.rivals - 1) * self.overlap(event.start, event.duration, tick)
        walk = self.walk("rivals", segment.name, rivals.volatility, rivals.half_life, tick)
        index *= math.exp(walk - rivals.volatility**2 / 2)
        length = rivals.burst_length // self.scenario.calendar.tick
        chance = 1 - math.exp(-rivals.bursts_per_year * self.dt / YEAR)
        last = self.tape.uniform("rival bursts", [segment.name], range(tick - length + 1, tick + 1))[
            :, self.r, 0
        ]
        often = 1 - (1 - chance) ** length
        running = any(float(u) < chance for u in last)
        return index * (1 + (rivals.burst_size - 1) * running) / (1 + (rivals.burst_size - 1) * often)

    def creative(self, c: int, relative: float) -> float:
        """Quality and wear of the live variants; remembers what is seen now."""
        creative = self.truth.creative
        if creative is None:
            return 1.0
        factor, count = 0.0, creative.variants
        for v in range(count):
            name = f"{self.market.campaigns[c]}#{v}"
            z = float(self.tape.constant_normal("variant", [name])[self.r, 0])
            quality = math.exp(creative.quality * z - creative.quality**2 / 2)
            seen = self.exposure.get((c, v), 0.0)
            factor += (
                quality * (creative.floor + (1 - creative.floor) * (1 + seen) ** -creative.exponent) / count
            )
            fresh = creative.exposures * self.dt * relative / count
            self.exposure[c, v] = self.kept(creative.recovery) * seen + fresh
        return factor

    def carried(self, c: int, pressure: float) -> float:
        """Two linear stages, solved exactly over a tick (core.carryover, which is tested by itself)."""
        coefficients = self.market.carryover
        if coefficients is None:
            raise ValueError("the reference expects a delayed peak")
        theta, phi, cross = (
            float(x[self.r, c]) for x in (coefficients.keep, coefficients.hold, coefficients.cross)
        )
        stock, stage = self.stock.get(c, 0.0), self.stage.get(c, 0.0)
        self.stock[c] = theta * stock + cross * stage + (1 - theta - cross) * pressure
        self.stage[c] = phi * stage + (1 - phi) * pressure
        return self.stock[c]

    def curve(self, c: int, relative: float) -> float:
        if self.market.logistic[self.r, c]:
            decay = math.exp(-2 * math.atanh(0.5) * relative)
            return (1 - decay) / (1 + decay)
        power: float = relative ** float(self.market.shape[self.r, c])
        return power / (1 + power)

    def attention(self, saturation: list[float]) -> dict[tuple[int, int], float]:
        heard = {}
        for s in range(len(self.truth.segments)):
            for k in range(len(self.truth.channels)):
                missed = 1.0
                for c, h in enumerate(saturation):
                    if (self.market.segment[c], self.market.channel[c]) == (s, k):
                        missed *= (1 - h) ** float(self.market.pair_share[self.r, c])
                heard[s, k] = 1 - missed
        return heard

    def full_tick(self, tick: int, planned: list[float]) -> dict[str, Any]:
        """Move by one tick; ticks must follow each other from the first of the history."""
        truth, market, r, dt = self.truth, self.market, self.r, self.dt
        segments, channels = range(len(truth.segments)), range(len(truth.channels))
        rivals = [self.rivals(s, tick) for s in segments]
        crowding = sum(rivals) / len(rivals) - 1
        price = [
            self.price(k, tick) / max(0.2, 1 - truth.channels[k].rival_price * crowding) for k in channels
        ]
        demand = [self.demand(s, tick) for s in segments]
        spend, saturation = [], []
        for c, plan in enumerate(planned):
            campaign, s, k = truth.campaigns[c], int(market.segment[c]), int(market.channel[c])
            channel = truth.channels[k]
            premium = channel.targeting.premium if channel.targeting else 0.0
            index = price[k] * campaign.breadth**-premium
            limit = index * float(market.inventory[c]) * campaign.breadth * dt
            taken = plan if plan <= limit else math.floor(limit * 100) / 100
            spend.append(taken if self.runs(c, tick) else 0.0)
            rate, kappa = spend[-1] / dt, float(market.half_saturation[r, c])
            bought = rate / index / campaign.breadth
            pressure = bought * self.learning(c, rate) * self.creative(c, bought / kappa)
            relative = self.carried(c, pressure) / kappa
            for synergy in truth.synergies:
                if synergy.channel == channel.name:
                    names = [other.name for other in truth.channels]
                    relative *= 1 + synergy.lift * sum(
                        self.heard.get((s, names.index(name)), 0.0) for name in synergy.channels
                    )
            relative /= 1 + channel.rivalry * (rivals[s] - 1)
            people = truth.segments[s].people
            if people and campaign.objective == "retention":
                relative /= self.heads[s][1] / people.customers
            saturation.append(self.curve(c, relative))
        self.heard = self.attention(saturation)
        mean, volume, organic = [0.0] * len(planned), [0.0] * len(planned), []
        for s in segments:
            organic.append(self.sell(s, tick, demand[s] * self.pull(s), saturation, mean, volume))
            self.build_brand(s)
        return {
            "spend": spend,
            "saturation": saturation,
            "mean": mean,
            "volume": volume,
            "organic": organic,
            "penalty": [self.penalty(k, tick, spend) for k in channels],
        }

    def pull(self, s: int) -> float:
        return float(self.brand[s] ** (self.truth.brand.elasticity if self.truth.brand else 0.0))

    def build_brand(self, s: int) -> None:
        brand = self.truth.brand
        if brand is not None:
            goal = 1 + sum(channel.brand * self.heard[s, k] for k, channel in enumerate(self.truth.channels))
            self.brand[s] = (
                self.kept(brand.half_life) * self.brand[s] + (1 - self.kept(brand.half_life)) * goal
            )

    def sell(
        self,
        s: int,
        tick: int,
        demand: float,
        saturation: list[float],
        mean: list[float],
        volume: list[float],
    ) -> float:
        """Orders of one segment; writes those of its campaigns, returns the organic ones."""
        truth, market, r = self.truth, self.market, self.r
        people, name = truth.segments[s].people, truth.segments[s].name
        left = self.heads[s][0] / people.prospects if people else 1.0
        mine = [c for c in range(len(truth.campaigns)) if market.segment[c] == s]
        keep = [c for c in mine if people and truth.campaigns[c].objective == "retention"]
        win = [c for c in mine if c not in keep]
        effect = {c: self.effectiveness(c, tick) for c in mine}
        luck = {c: self.luck("orders", market.campaigns[c], tick) for c in mine}
        for c in win:
            breadth, channel = truth.campaigns[c].breadth, truth.channels[int(market.channel[c])]
            gamma = channel.targeting.concentration if channel.targeting else 1.0
            mean[c] = self.dt * float(market.ceiling[r, c]) * effect[c] * demand * left * saturation[c]
            mean[c] *= breadth ** (1 - self.skill * (1 - gamma) * left)
        first = self.dt * float(market.base_orders[s]) * demand * left
        z = self.luck("organic orders", name, tick)
        if people is None:
            for c in win:
                volume[c] = self.noisy(mean[c], luck[c])
            return self.noisy(first, z)
        prospects, customers, lost = self.heads[s]
        again = customers * people.repeat_orders * self.dt / YEAR * demand
        yearly = people.customers * people.repeat_orders / YEAR
        lift = {c: float(market.ceiling[r, c]) / yearly * effect[c] * saturation[c] for c in keep}
        logs = sum(math.log1p(x) for x in lift.values())
        for c in keep:
            part = math.log1p(lift[c]) / logs if logs > 0 else 0.0
            mean[c] = again * math.expm1(logs) * part
            volume[c] = self.noisy(mean[c], luck[c])
        rough = {c: self.noisy(mean[c], luck[c]) for c in win}
        expected = first + sum(mean[c] for c in win)
        for c in win:
            mean[c] *= prospects * (1 - math.exp(-expected / prospects)) / expected
        first = self.noisy(first, z)
        wanted = first + sum(rough.values())
        won = prospects * (1 - math.exp(-wanted / prospects))
        for c in win:
            volume[c] = rough[c] * won / wanted
        hazard = -math.log(1 - people.churn) * self.dt / YEAR
        for c in keep:
            hazard *= 1 - truth.campaigns[c].churn_cut * saturation[c]
        gone = customers * (1 - math.exp(-hazard))
        back = lost * (1 - self.kept(people.return_half_life)) if people.return_half_life else 0.0
        self.heads[s] = [prospects - won + back, customers - gone + won, lost + gone - back]
        return first * won / wanted + self.noisy(again, self.luck("repeat orders", name, tick))

    def penalty(self, k: int, tick: int, spend: list[float]) -> float:
        stated, name = self.truth.incidents, self.truth.channels[k].name
        if stated is None:
            return 0.0
        risky = 1 - (1 - self.truth.channels[k].risk) * (1 - stated.exposed)
        exposed = sum(risky * x for c, x in enumerate(spend) if self.market.channel[c] == k)
        u = float(self.tape.uniform("incidents", [name], range(tick, tick + 1))[0, self.r, 0])
        if u >= 1 - math.exp(-exposed / stated.money_per_incident):
            return 0.0
        z = NORMAL.inv_cdf(
            float(self.tape.uniform("incident costs", [name], range(tick, tick + 1))[0, self.r, 0])
        )
        return stated.cost * math.exp(stated.spread * z - stated.spread**2 / 2)
