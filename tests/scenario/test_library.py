"""Presets of channels, segments and priors: each is valid, told apart, overridden key by key."""

from __future__ import annotations

from typing import Any

import pytest

from aicmo.scenario.library import FILE, library
from aicmo.scenario.load import ScenarioError, loads
from aicmo.scenario.market import Channel, Segment
from aicmo.scenario.schema import Scenario
from aicmo.scenario.uncertainty import Uncertainty
from tests.scenario.minimal import broken

SEARCH = "{name: search, half_life: 1d, price: {volatility: 0.1, half_life: 2w}}"
CAMPAIGN = "{segment: new, channel: search, curve: {kind: hill, ceiling: 50, half_saturation: 500}}"


def refused(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        loads(text, "market.yaml")
    return str(caught.value)


def with_channel(text: str) -> Scenario:
    return loads(broken((SEARCH, text)))


@pytest.mark.parametrize("name", library()["channels"])
def test_every_channel_preset_is_valid_and_sampled_responses_are_sane(name: str) -> None:
    channel = Channel.model_validate({"name": name} | library()["channels"][name])
    assert channel.response is not None
    assert channel.peak <= channel.half_life / 0.6932, "carry-over allows the peak"
    assert 0 < channel.response.reach <= 0.2
    assert 0.1 <= channel.response.cost <= 1.0


@pytest.mark.parametrize("name", library()["segments"])
def test_every_segment_preset_is_valid_once_its_size_is_known(name: str) -> None:
    yours = {"name": name, "base_orders": 10, "order_value": 50, "margin": 0.4}
    assert Segment.model_validate(library()["segments"][name] | yours).name == name


def test_every_preset_of_priors_is_valid() -> None:
    for priors in library()["uncertainty"].values():
        assert Uncertainty.model_validate(priors).model_dump(exclude_none=True)


def test_every_preset_says_where_its_numbers_come_from() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert set(library()) == {"channels", "segments", "uncertainty"}
    for source in ("Robyn", "Gordon, Moakler & Zettelmeyer 2022", "Blake, Nosko & Tadelis 2015", "US Census"):
        assert source in text
    assert text.count("assumption") >= 8


def test_own_keys_override_a_preset_mapping_by_mapping() -> None:
    written = "{name: search, preset: paid_social_prospecting, overclaim: 0.2, price: {volatility: 0.3}}"
    channel = with_channel(written).market.channels[0]
    preset = Channel.model_validate({"name": "search"} | library()["channels"]["paid_social_prospecting"])
    assert (channel.overclaim, channel.price and channel.price.volatility) == (0.2, 0.3)
    assert channel.price is not None
    assert preset.price is not None
    assert channel.price.half_life == preset.price.half_life
    assert channel.learning == preset.learning


def test_what_a_preset_has_can_be_taken_away() -> None:
    assert with_channel("{name: search, preset: display, learning: null}").market.channels[0].learning is None


def test_a_preset_lends_its_name() -> None:
    edits = [(SEARCH, "{preset: sms}"), (CAMPAIGN, CAMPAIGN.replace("search", "sms"))]
    scenario = loads(broken(*edits, ("channels: [search]", "channels: [sms]")))
    assert scenario.market.channels[0].name == "sms"


def test_an_unknown_preset_is_told_with_line_and_nearest_name() -> None:
    said = refused(broken((SEARCH, "{name: search, preset: paid_social_prospectin}")))
    assert said.startswith("market.yaml:11:30 market.channels[0].preset: no preset of channels named")
    assert "Did you mean 'paid_social_prospecting'?" in said
    said = refused(broken(("uncertainty: {ceiling: {lognormal: 0.2}}", "uncertainty: {preset: typicl}")))
    assert "no preset of uncertainty named 'typicl'. Did you mean 'typical'?" in said


def test_priors_replace_those_of_their_preset_as_a_whole() -> None:
    edit = ("{ceiling: {lognormal: 0.2}}", "{preset: typical, ceiling: {uniform: [0.9, 1.1]}}")
    priors = loads(broken(edit)).uncertainty
    assert priors is not None
    assert priors.ceiling is not None
    assert (priors.ceiling.lognormal, priors.ceiling.uniform) == (None, (0.9, 1.1))
    assert priors.outside_family == library()["uncertainty"]["typical"]["outside_family"]


def grid(**changes: Any) -> str:
    stated = {"channels": ["search", "video"], "reach": 0.1, "cost": 0.5, **changes}
    return f"  grids: [{stated}]\n  events:".replace("'", "").replace("None", "null")


def with_grid(*edits: tuple[str, str], **changes: Any) -> Scenario:
    return loads(broken(("  events:", grid(**changes)), *edits))


def test_a_grid_is_every_segment_times_every_channel_and_named_campaigns_stand() -> None:
    market = with_grid().market
    names = [campaign.name for campaign in market.campaigns]
    assert names[:3] == ["new/search/acquisition", "new/video/acquisition", "old/video/retention"]
    assert set(names[3:]) == {"old/search/acquisition", "old/video/acquisition"}
    assert market.campaigns[0].curve.ceiling == 50, "what is named one by one is not touched"


def test_reach_and_cost_are_shares_of_orders_and_of_their_profit() -> None:
    curve = with_grid().market.campaigns[3].curve
    assert curve.ceiling == pytest.approx(0.1 * 200)
    assert curve.half_saturation == pytest.approx(0.5 * (80 * 0.3) * curve.ceiling / 2)


def test_a_channel_from_the_library_brings_its_response() -> None:
    edit = (SEARCH, "{name: search, preset: search_generic}")
    curve = with_grid(edit, channels=["search"], reach=None, cost=None).market.campaigns[3].curve
    assert curve.ceiling == pytest.approx(library()["channels"]["search_generic"]["response"]["reach"] * 200)
    said = refused(broken(("  events:", grid(reach=None, cost=None))))
    assert "reach and cost of channel 'search' are stated neither here nor in its `response`" in said


def test_spread_hangs_on_the_campaigns_name_alone() -> None:
    spread = "{reach: 0.4, cost: 0.3, shape: 0.1}"
    whole = {c.name: c.curve for c in with_grid(spread=spread).market.campaigns}
    part = {c.name: c.curve for c in with_grid(spread=spread, channels=["video"]).market.campaigns}
    assert whole["old/video/acquisition"] == part["old/video/acquisition"]
    assert whole["old/video/acquisition"].ceiling != pytest.approx(20)


def test_a_market_of_grids_reads_back_as_it_was_written_out() -> None:
    scenario = with_grid(spread="{reach: 0.4}")
    assert loads(scenario.model_copy(update={"name": "again"}).text).market == scenario.market


def test_names_in_grids_and_synergies_are_checked() -> None:
    assert "no channel named 'vidio'. Did you mean 'video'?" in refused(
        broken(("  events:", grid(channels=["vidio"])))
    )
    assert "no segment named 'odl'. Did you mean 'old'?" in refused(
        broken(("  events:", grid(segments=["odl"])))
    )
    links = "  synergies: [{channel: serch, channels: [vido], lift: 0.2}]\n  events:"
    said = refused(broken(("  events:", links)))
    assert "market.synergies[0].channel: no channel named 'serch'. Did you mean 'search'?" in said
    assert "market.synergies[0].channels[0]: no channel named 'vido'. Did you mean 'video'?" in said


def test_a_guardrail_may_name_a_campaign_of_a_grid_also_beside_other_errors() -> None:
    bounds = (
        "{channel: video, maximum: 60k, per: quarter}",
        "{campaign: old/search/acquisition, maximum: 0.5}",
    )
    assert with_grid(bounds).guardrails
    said = refused(broken(("  events:", grid()), bounds, ("margin: 0.4", "margin: 4")))
    assert "no campaign named" not in said


def test_a_market_needs_a_campaign() -> None:
    text = broken()
    head, rest = text.split("  campaigns:\n")
    assert "at least one campaign" in refused(head + "  events:" + rest.split("  events:")[1])
