"""A corpus of broken files: each problem has its line, column, path and sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from aicmo.scenario.load import load, loads
from aicmo.scenario.problems import SHOWN, ScenarioError
from tests.scenario.minimal import MINIMAL, broken

CORPUS: dict[str, tuple[str, str, str]] = {
    # what is broken: (text, what stands there instead, the problem as line:column path: the sentence begins)
    "version missing": ("schema: 1\n", "", "1:1 schema: this field is required"),
    "version newer": ("schema: 1", "schema: 2", "1:9 schema: this file says schema 2, which a later version"),
    "version older": ("schema: 1", "schema: 0", "1:9 schema: this file says schema 0, which no released"),
    "version as text": ("schema: 1", 'schema: "1"', "1:9 schema: expected the version of this format, 1, got '1'"),
    "version as truth": ("schema: 1", "schema: true", "1:9 schema: expected the version of this format, 1, got true"),
    "name empty": ("name: Minimal", 'name: ""', "2:7 name: expected at least 1 character, got ''"),
    "name a number": ("name: Minimal", "name: 3", "2:7 name: expected text, got 3"),
    "currency unknown": ("EUR", "EURO", "3:11 currency: expected an ISO 4217 code such as EUR, got 'EURO'. Did you mean 'EUR'?"),
    "currency small": ("EUR", "eur", "3:11 currency: expected an ISO 4217 code such as EUR, got 'eur'. Did you mean 'EUR'?"),
    "day that is none": ("2025-01-06", "2025-02-30", "4:19 calendar.start: expected a day that exists"),
    "tick odd": ("tick: 1d", "tick: 7h", "4:37 calendar.tick: expected 1h to 1w, a part of a day or whole days, got 7h"),
    "tick zero": ("tick: 1d", "tick: 0d", "4:37 calendar.tick: expected 1h to 1w"),
    "tick long": ("tick: 1d", "tick: 2w", "4:37 calendar.tick: expected 1h to 1w"),
    "duration without unit": ("tick: 1d", "tick: 1", "4:37 calendar.tick: expected a duration such as '30min', '12h', '1d' or '2w', got 1. A number needs its unit: '1d'?"),
    "horizon no whole ticks": ("horizon: 26w", "horizon: 36h", "4:50 calendar.horizon: expected whole ticks of 1d, got 36h"),
    "horizon nothing": ("horizon: 26w", "horizon: 0d", "4:50 calendar.horizon: expected at least one tick, got 0d"),
    "horizon endless": ("horizon: 26w", "horizon: 5000w", "4:50 calendar.horizon: expected at most 50 years"),
    "history short": ("history: 52w", "history: 8w", "4:64 calendar.history: expected at least four quarters (52w), got 8w"),
    "calendar past the year 9999": ("2025-01-06", "9999-12-01", "4:11 calendar: history and horizon must lie between"),
    "periods unknown": ("tick: 1d", "periods: quartr", "4:40 calendar.periods: expected one of 'quarter', 'month' or 'horizon', got 'quartr'. Did you mean 'quarter'?"),
    "budgets too many": ("[100k, 120k]", "[1k, 2k, 3k]", "5:19 budget.periods: expected one amount, or one for each of the 2 periods (quarter), got 3"),
    "budgets none": ("[100k, 120k]", "[]", "5:19 budget.periods: expected at least 1 items, got 0"),
    "budgets no list": ("[100k, 120k]", "100k", "5:19 budget.periods: expected a list, got '100k'"),
    "money unreadable": ("100k", "100 kilo", "5:20 budget.periods[0]: expected an amount such as 1200, '250k' or '1.5M', got '100 kilo'"),
    "money negative": ("100k", "-100", "5:20 budget.periods[0]: expected a number of at least 0, got -100"),
    "money infinite": ("100k", ".inf", "5:20 budget.periods[0]: expected a finite number, got inf"),
    "number not a number": ("margin: 0.4", "margin: .nan", "8:62 market.segments[0].margin: expected a finite number, got nan"),
    "share above one": ("margin: 0.4", "margin: 1.4", "8:62 market.segments[0].margin: expected a number of at most 1, got 1.4"),
    "number in quotes": ("base_orders: 100", 'base_orders: "100"', "8:32 market.segments[0].base_orders: expected a number, got '100'. Leave the quotes out."),
    "truth as number": ("margin: 0.4", "margin: true", "8:62 market.segments[0].margin: expected a number, got true"),
    "yes is no truth": ("known: true", "known: yes", "18:93 market.events[0].known: expected true or false, got 'yes'. Write true."),
    "segment twice": ("name: old", "name: new", "9:14 market.segments[1].name: expected each of market.segments once, got 'new' again"),
    "name with a slash": ("name: old", "name: o/ld", "9:14 market.segments[1].name: expected a name of 1 to 60 characters without '/'"),
    "field unknown": ("demand: 1.5", "demnd: 1.5", "18:73 market.events[0].demnd: no field named 'demnd' here. Did you mean 'demand'?"),
    "curve unknown": ("kind: hill", "kind: hil", "14:53 market.campaigns[0].curve.kind: no response curve named 'hil'. Did you mean 'hill'?"),
    "curve of the wrong kind": ("ceiling: 40", "shape: 2, ceiling: 40", "15:62 market.campaigns[1].curve.shape: no field named 'shape' here"),
    "half saturation zero": ("half_saturation: 500", "half_saturation: 0", "14:89 market.campaigns[0].curve.half_saturation: expected a number above 0, got 0"),
    "segment unknown": ("segment: old", "segment: odl", "16:17 market.campaigns[2].segment: no segment named 'odl'. Did you mean 'old'?"),
    "channel unknown": ("new, channel: video", "new, channel: vidoe", "15:31 market.campaigns[1].channel: no channel named 'vidoe'. Did you mean 'video'?"),
    "campaign twice": ("new, channel: video", "new, channel: search", "15:7 market.campaigns[1]: expected each of market.campaigns once, got 'new/search/acquisition' again"),
    "objective unknown": ("objective: retention", "objective: retain", "16:49 market.campaigns[2].objective: expected one of 'acquisition' or 'retention', got 'retain'. Did you mean 'retention'?"),
    "event's channel unknown": ("channels: [search]", "channels: [serch]", "18:64 market.events[0].channels[0]: no channel named 'serch'. Did you mean 'search'?"),
    "event too late": ("2025-03-01", "2026-03-01", "18:27 market.events[0].start: expected a day between 2024-01-08 (the history begins) and 2025-07-07"),
    "event without time": ("duration: 4d", "duration: 0d", "18:49 market.events[0].duration: expected some time, got 0d"),
    "latency below a tick": ("measurement: {latency: 1d}", "measurement: {latency: 6h}", "19:24 measurement.latency: expected 0d or at least a tick (1d), got 6h"),
    "team's latency": ("latency: 2d", "latency: 1h", "25:28 teams.ai_cmo.data.latency: expected 0d or at least a tick (1d), got 1h"),
    "factor of neither kind": ("{lognormal: 0.2}", "{}", "20:24 uncertainty.ceiling: expected exactly one of 'lognormal: 0.3' and 'uniform: [0.5, 1.5]'"),
    "factor upside down": ("{lognormal: 0.2}", "{uniform: [2, 1]}", "20:24 uncertainty.ceiling: expected the lowest first, got [2.0, 1.0]"),
    "guardrail unknown": ("kind: budget", "kind: bugdet", "22:12 guardrails[0].kind: no guardrail named 'bugdet'. Did you mean 'budget'?"),
    "guardrail nameless": ("{kind: budget, corridor: 2}", "{corridor: 2}", "22:5 guardrails[0]: expected the name of the guardrail"),
    "guardrail no mapping": ("{kind: budget, corridor: 2}", "budget", "22:5 guardrails[0]: expected guardrail settings such as {kind: "),
    "guardrail's setting unknown": ("corridor: 2", "corrido: 2", "22:20 guardrails[0].corrido: no field named 'corrido' here. Did you mean 'corridor'?"),
    "guardrail's setting refused": ("corridor: 2", "corridor: 0.5", "22:5 guardrails[0]: guardrail 'budget': corridor must be at least 1"),
    "guardrail's channel unknown": ("[{channel: video", "[{channel: radio", "23:39 guardrails[1].ranges[0].channel: no channel named 'radio'"),
    "guardrails collide": ("maximum: 60k", "minimum: 110k, maximum: 120k", "23:5 guardrails[1]: these cannot all hold in period 1 [EUR]: minimum of channel 'video' 110,000.00 > budget 100,000.00"),
    "preset unknown": ("preset: ai_cmo", "preset: ai_cm", "26:21 teams.patient.preset: no team ships as 'ai_cm'. Did you mean 'ai_cmo'?"),
    "cadence below a tick": ("cadence: 4w", "cadence: 4h", "26:47 teams.patient.budget.cadence: expected whole ticks of 1d, at least one, or 'period', got '4h'"),
    "cadence unreadable": ("cadence: 4w", "cadence: often", "26:47 teams.patient.budget.cadence: expected a duration such as '30min', '12h', '1d' or '2w', got 'often', or 'period'"),
    "agent unknown": ("budget: {cadence: 4w}", "budget: {kind: optimisation}", "26:44 teams.patient.budget.kind: no agent named 'optimisation'. Did you mean 'optimization'?"),
    "agent in the wrong seat": ("budget: {cadence: 4w}", "budget: {kind: channel}", "26:44 teams.patient.budget.kind: expected an agent for the budget seat, got 'channel' of the pacing seat"),
    "policy unknown": ("budget: {cadence: 4w}", "budget: {policy: {kind: ai_cm}}", "26:53 teams.patient.budget.policy.kind: no policy named 'ai_cm'. Did you mean 'ai_cmo'?"),
    "reference run's name taken": ("  patient:", "  dark:", "26:9 teams.dark: 'dark' is the name of a reference run"),
    "team incomplete": ("preset: ai_cmo, budget: {cadence: 4w}", "costs: {per_quarter: 3k}", "26:3 teams.patient.budget: this field is required"),
    "history team unknown": ("schema: 1", "history_team: manual_quartely\nschema: 1", "1:15 history_team: no team or policy named 'manual_quartely'. Did you mean 'manual_quarterly'?"),
    "key twice": ("name: Minimal", "name: Minimal\nname: Again", "3:1 name: the key 'name' is given twice, first on line 2. Keep one."),
    "tab": ("  segments:", "\tsegments:", "7:1: not readable as YAML: "),
    "colon in plain text": ("name: Minimal", "name: a: b", "2:8: not readable as YAML: "),
    "bracket left open": ("[100k, 120k]}", "[100k, 120k", "6:7: not readable as YAML: "),
    "anchor": ("name: Minimal", "name: &here Minimal", "2:7: expected a plain value, got the anchor '&here'. Leave it out."),
    "tag": ("name: Minimal", "name: !!str Minimal", "2:7: expected a plain value, got the tag 'tag:yaml.org,2002:str'"),
    "merge key": ("name: Minimal", "<<: {name: Minimal}", "2:1: expected a name before ':', got the merge key '<<'"),
    "second document": ("schema: 1", "schema: 1\n---\nschema: 1", "2:1: expected one document, got another after '---'"),
}  # fmt: skip


SEVERAL = {"horizon no whole ticks", "horizon nothing", "horizon endless", "segment twice", "name with a slash"}
"""Cases in which one slip makes other lines wrong as well."""


@pytest.mark.parametrize("case", CORPUS)
def test_each_problem_has_its_place_path_and_sentence(case: str) -> None:
    old, new, expected = CORPUS[case]
    with pytest.raises(ScenarioError) as caught:
        loads(broken((old, new)), "file.yaml")
    said = {str(problem).split("\n")[0]: problem for problem in caught.value.problems}
    matching = [problem for line, problem in said.items() if line.startswith(f"file.yaml:{expected}")]
    assert len(matching) == 1, str(caught.value)
    assert len(said) == 1 or case in SEVERAL, str(caught.value)
    _, line, pointer = str(matching[0]).split("\n")
    place = matching[0].place
    assert place is not None
    meant = broken((old, new)).split("\n")[place.line - 1].replace("\t", " ")[place.column - 1 :][: place.width]
    assert line[pointer.index("^") :].startswith(meant)


def test_the_minimal_scenario_is_valid() -> None:
    assert loads(MINIMAL).name == "Minimal"


def test_all_problems_are_reported_together_in_the_order_of_the_file() -> None:
    text = broken(
        ("EUR", "EURO"), ("tick: 1d", "tick: 7h"), ("half_life: 10d", "half_live: 10d"), ("kind: hill", "kind: hil"),
        ("segment: old", "segment: odl"), ("kind: budget", "kind: bugdet"), ("preset: ai_cmo", "preset: ai_cm"),
        ("measurement: {latency: 1d}", "measurement: {latency: 1d, lag_end: 0d}"),
    )  # fmt: skip
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    paths = [problem.path for problem in caught.value.problems]
    assert paths == [
        "currency",
        "calendar.tick",
        "market.channels[1].half_life",
        "market.channels[1].half_live",
        "market.campaigns[0].curve.kind",
        "market.campaigns[2].segment",
        "guardrails[0].kind",
        "teams.patient.preset",
    ]


def test_checks_between_sections_run_beside_errors_in_others() -> None:
    text = broken(("margin: 0.4", "margin: 4"), ("[100k, 120k]", "[1, 2, 3]"), ("latency: 1d", "latency: 1h"))
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    paths = [problem.path for problem in caught.value.problems]
    assert paths[:2] == ["budget.periods", "market.segments[0].margin"]
    assert "measurement.latency" in paths


def test_a_flood_of_problems_is_capped_but_counted() -> None:
    rows = "\n".join(f"    - {{name: s{i}, base_orders: -1, order_value: 1, margin: 0.1}}" for i in range(200))
    with pytest.raises(ScenarioError) as caught:
        loads(broken(("  channels:\n", f"{rows}\n  channels:\n")))
    assert len(caught.value.problems) == 200
    assert str(caught.value).count("expected a number of at least 0") == SHOWN
    assert str(caught.value).endswith(f"… and {200 - SHOWN} more.")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"# only a comment\n", "expected a mapping of fields"),
        (b"\xff\xfe\x00", "expected text in UTF-8, got byte 0xff on line 1"),
        (b"name: caf\xe9\n", "expected text in UTF-8, got byte 0xe9 on line 1"),
        (b"- schema: 1\n", "expected a mapping of fields that begins with 'schema: 1', got a list"),
        (b"just text\n", "got 'just text'"),
        (b"name: \x07bell\n", "not readable as YAML"),
        (b"x" * 2_000_000, "expected at most 1,048,576 bytes"),
    ],
)
def test_what_is_no_scenario_at_all(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "file.yaml"
    file.write_bytes(content)
    with pytest.raises(ScenarioError, match=str(file)) as caught:
        load(file)
    assert said in str(caught.value)


def test_missing_files_and_folders_are_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"none\.yaml: cannot be read: No such file"):
        load(tmp_path / "none.yaml")
    with pytest.raises(ScenarioError, match="cannot be read: Is a directory"):
        load(tmp_path)


def test_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    file = tmp_path / "windows.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    assert load(file) == load_text(file)


def load_text(file: Path) -> object:
    return loads(file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))


def test_text_is_kept_as_written_and_dates_numbers_and_words_are_what_they_seem() -> None:
    scenario = loads(broken(("name: Minimal", 'name: "on"')))
    assert scenario.name == "on"
    assert scenario.market.events[0].start == "2025-03-01"
    assert scenario.calendar.tick == 1440
    assert scenario.budget.periods == (100_000.0, 120_000.0)
