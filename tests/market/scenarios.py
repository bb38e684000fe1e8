"""Small scenarios for tests of the market, as a person would write them."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from aicmo.scenario.load import loads
from aicmo.scenario.schema import Scenario


def campaign(segment: str, channel: str, objective: str = "acquisition", **changes: Any) -> dict[str, Any]:
    curve = {
        "kind": "hill",
        "ceiling": 40.0,
        "half_saturation": 800.0,
        "shape": 1.2,
        **changes.pop("curve", {}),
    }
    return {"segment": segment, "channel": channel, "objective": objective, "curve": curve, **changes}


def plain(**changes: Any) -> dict[str, Any]:
    """Two segments, two channels, three campaigns; nothing moves by itself."""
    still = {"volatility": 0.0, "half_life": "2w"}
    market: dict[str, Any] = {
        "segments": [
            {"name": "new", "base_orders": 50, "order_value": 80, "margin": 0.4, "shock": still},
            {"name": "loyal", "base_orders": 90, "order_value": 60, "margin": 0.5, "shock": still},
        ],
        "channels": [
            {"name": "search", "half_life": "1d", "overclaim": 0.3},
            {"name": "video", "half_life": "10d", "overclaim": 0.5},
        ],
        "campaigns": [
            campaign("new", "search"),
            campaign("new", "video"),
            campaign("loyal", "search", "retention"),
        ],
        "noise": {"dispersion": 0.0},
    }
    return {
        "schema": 1,
        "name": "plain",
        "currency": "EUR",
        "calendar": {
            "start": "2026-01-05",
            "tick": "1d",
            "horizon": "26w",
            "history": "13w",
            "short_history": "a test",
            **changes.pop("calendar", {}),
        },
        "budget": {"periods": [200000]},
        "market": {**market, **changes.pop("market", {})},
        "measurement": {"latency": "0d", "lag_half_life": "1d", "lag_end": "7d"},
        **changes,
    }


def lively(**changes: Any) -> dict[str, Any]:
    """The same, with everything that can move moving."""
    season = {
        "months": [0.8, 0.8, 0.9, 1, 1, 1, 0.9, 0.9, 1, 1.1, 1.5, 1.6],
        "weekdays": [1, 1, 1, 1, 1.1, 1.3, 0.9],
    }
    market = {
        "segments": [
            {
                "name": "new",
                "base_orders": 50,
                "order_value": 80,
                "margin": 0.4,
                "season": season,
                "trend": 0.1,
            },
            {"name": "loyal", "base_orders": 90, "order_value": 60, "margin": 0.5},
        ],
        "channels": [
            {
                "name": "search",
                "half_life": "1d",
                "overclaim": 0.3,
                "price": {"volatility": 0.2, "half_life": "5d"},
                "learning": {"severity": 0.5, "floor": 0.6, "half_life": "7d"},
            },
            {"name": "video", "half_life": "10d", "overclaim": 0.5, "price_season": season},
        ],
        "campaigns": [
            campaign("new", "search", inventory=900),
            campaign("new", "video", start="2026-02-02"),
            campaign("loyal", "search", "retention", stop="2026-04-06"),
            campaign("loyal", "video", curve={"shape": 1.8}),
        ],
        "drift": {"volatility": 0.25, "half_life": "8w", "jumps_per_year": 2.0, "jump_size": 0.3},
        "events": [
            {"name": "sale", "start": "2026-03-02", "duration": "3d", "demand": 2.0, "price": 1.3},
            {
                "name": "outage",
                "start": "2026-03-20",
                "duration": "36h",
                "channels": ["video"],
                "effectiveness": 0.2,
            },
        ],
        "noise": {"dispersion": 1.0},
    }
    doubt = {
        "ceiling": {"lognormal": 0.3},
        "half_saturation": {"lognormal": 0.3},
        "shape": {"uniform": [0.8, 1.2]},
        "half_life": {"lognormal": 0.3},
        "overclaim": {"uniform": [0.5, 1.5]},
        "efficiency": {"lognormal": 0.2},
        "drift": {"lognormal": 0.2},
        "noise": {"lognormal": 0.2},
        "outside_family": 0.35,
    }
    return plain(**{"market": {**market, **changes.pop("market", {})}, "uncertainty": doubt, **changes})


MECHANISMS: dict[str, Any] = {
    "synergies": [{"channel": "search", "channels": ["video"], "lift": 0.4}],
    "rivals": {
        "volatility": 0.3,
        "half_life": "6w",
        "bursts_per_year": 4.0,
        "burst_length": "10d",
        "burst_size": 1.8,
    },
    "creative": {"variants": 4, "quality": 0.3, "exposures": 0.3, "floor": 0.3, "recovery": "3w"},
    "brand": {"half_life": "10w", "elasticity": 0.3, "start": 1.1},
    "incidents": {"money_per_incident": 20000, "cost": 5000, "spread": 0.8, "exposed": 0.2},
}
OF_CHANNEL: dict[str, Any] = {
    "targeting": {"concentration": 0.4, "premium": 0.3},
    "brand": 0.5,
    "rivalry": 0.6,
    "rival_price": 0.3,
    "risk": 0.1,
}


def everything(**changes: Any) -> dict[str, Any]:
    """Every mechanism that there is: customers in one segment, a delayed peak on one channel."""
    written = lively(**changes)
    market = written["market"] | deepcopy(MECHANISMS)
    people = {
        "prospects": 9000,
        "customers": 3000,
        "churn": 0.4,
        "repeat_orders": 6,
        "return_half_life": "20w",
    }
    market["segments"] = [market["segments"][0], market["segments"][1] | {"people": people}]
    market["channels"] = [channel | deepcopy(OF_CHANNEL) for channel in market["channels"]]
    market["channels"][1]["peak"] = "5d"
    market["campaigns"] = [
        item | {"breadth": 0.5} if i % 2 else item for i, item in enumerate(market["campaigns"])
    ]
    market["campaigns"][2] |= {"churn_cut": 0.5, "curve": {"ceiling": 60.0, "half_saturation": 300.0}}
    entry = {"name": "entry", "start": "2026-04-01", "duration": "4w", "rivals": 1.5}
    law = {"name": "law", "start": "2026-05-01", "duration": "4w", "consent": 0.5}
    market["events"] = [*market["events"], entry, law]
    return written | {"market": market}


def undated(written: dict[str, Any]) -> dict[str, Any]:
    """Without events, starts and stops, so that any calendar fits."""
    campaigns = [
        {k: v for k, v in item.items() if k not in {"start", "stop"}}
        for item in written["market"]["campaigns"]
    ]
    return {**written, "market": {**written["market"], "campaigns": campaigns, "events": []}}


def read(written: dict[str, Any]) -> Scenario:
    return loads(json.dumps(written))
