"""The smallest scenario that holds one of everything, to be broken one piece at a time."""

from __future__ import annotations

MINIMAL = """\
schema: 1
name: Minimal
currency: EUR
calendar: {start: 2025-01-06, tick: 1d, horizon: 26w, history: 52w}
budget: {periods: [100k, 120k]}
market:
  segments:
    - {name: new, base_orders: 100, order_value: 60, margin: 0.4}
    - {name: old, base_orders: 200, order_value: 80, margin: 0.3}
  channels:
    - {name: search, half_life: 1d, price: {volatility: 0.1, half_life: 2w}}
    - {name: video, half_life: 10d}
  campaigns:
    - {segment: new, channel: search, curve: {kind: hill, ceiling: 50, half_saturation: 500}}
    - {segment: new, channel: video, curve: {kind: logistic, ceiling: 40, half_saturation: 400}}
    - {segment: old, channel: video, objective: retention, curve: {ceiling: 30, half_saturation: 300}}
  events:
    - {name: sale, start: 2025-03-01, duration: 4d, channels: [search], demand: 1.5, known: true}
measurement: {latency: 1d}
uncertainty: {ceiling: {lognormal: 0.2}}
guardrails:
  - {kind: budget, corridor: 2}
  - {kind: bounds, ranges: [{channel: video, maximum: 60k, per: quarter}]}
teams:
  ai_cmo: {data: {latency: 2d}}
  patient: {preset: ai_cmo, budget: {cadence: 4w}}
"""


def broken(*edits: tuple[str, str]) -> str:
    """Return the minimal scenario with each text, which occurs in it exactly once, replaced."""
    text = MINIMAL
    for old, new in edits:
        if text.count(old) != 1:
            raise ValueError(f"{old!r} occurs {text.count(old)} times in the minimal scenario")
        text = text.replace(old, new)
    return text
