"""Curves and groups from CSV: both forms say what they say, and every slip is told by line and column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicmo.importers._number import parse
from aicmo.importers._sheet import SheetError
from aicmo.importers.curves_csv import ResponseCurves, read_curves
from aicmo.importers.groups_csv import read_groups

SAMPLES = Path(__file__).parents[2] / "scenarios" / "curves"
POINTS = "campaign,spend,incremental_outcome"
HILL = "campaign,kind,scale,half_saturation,shape"
TV = "tv,0,0\ntv,10,5\n"


def curves(folder: Path, text: str | bytes) -> ResponseCurves:
    file = folder / "curves.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_curves(file)


def complaint(folder: Path, text: str | bytes) -> str:
    with pytest.raises(SheetError) as caught:
        curves(folder, text)
    return str(caught.value)


def test_points_in_any_order_become_straight_pieces(tmp_path: Path) -> None:
    read = curves(tmp_path, f"{POINTS}\ntv,200,30\nweb,0,0\ntv,0,0\nweb,50,10\ntv,100,20\n")
    assert read.campaigns == ("tv", "web")
    x, f = [0.0, 100.0, 200.0], [0.0, 20.0, 30.0]
    for spend in (0.0, 30.0, 100.0, 170.0, 500.0):
        expected = [np.interp(spend, x, f), np.interp(spend, [0.0, 50.0], [0.0, 10.0])]
        np.testing.assert_allclose(read.curves.value(spend), expected, rtol=1e-14)
    np.testing.assert_array_equal(read.observed, [200.0, 50.0])
    assert read.current is None


def test_parameters_become_the_curves_of_their_kind_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        "campaign,kind,scale,half_saturation,shape,half,exponent,current_spend,lower,upper\n"
        "a,power,3,,,,0.5,10,,\nb,hill,100,50,1.5,,,20,5,30\nc,exponential,9,,,4,,0,,\n"
        "d,logarithmic,7,,,2,,1,,1k\ne,hill,10,5,0.7,,,1,,\n"
    )
    read, x = curves(tmp_path, text), np.array([4.0, 60.0, 3.0, 8.0, 2.0])
    expected = [
        3 * 4**0.5,
        100 * 60**1.5 / (50**1.5 + 60**1.5),
        9 * (1 - np.exp(-3 / 4)),
        7 * np.log(1 + 8 / 2),
        10 * 2**0.7 / (5**0.7 + 2**0.7),
    ]
    np.testing.assert_allclose(read.curves.value(x), expected, rtol=1e-13)
    assert read.current is not None
    np.testing.assert_array_equal(read.current, [10, 20, 0, 1, 1])
    np.testing.assert_array_equal(read.lower, [0, 5, 0, 0, 0])
    np.testing.assert_array_equal(read.upper, [np.inf, 30, np.inf, 1000, np.inf])
    assert np.isnan(read.observed).all()


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{POINTS}\n{TV}".encode(),
        f"{POINTS}\n{TV}".replace(",", ";").encode(),
        f"{POINTS}\n{TV}".replace(",", "\t").encode(),
        f"\r\n{POINTS}\r\n\r\ntv,0,0\r\n,,\r\ntv,10,5\r\n\r\n".encode(),
        f"{POINTS},,\ntv, 0 ,0,,\n tv,10,5,,\n".encode(),
        f'{POINTS}\n"tv","0","0"\n"tv","1e1","5.0"'.encode(),
    ],
    ids=["bom", "semicolons", "tabs", "windows", "trailing", "quotes"],
)
def test_what_spreadsheets_add_changes_nothing(tmp_path: Path, text: bytes) -> None:
    read = curves(tmp_path, text)
    assert read.campaigns == ("tv",)
    assert read.curves.value(5.0) == pytest.approx([2.5])


BROKEN = {
    # what is wrong: (text, line and column of the first problem, column name, words that teach)
    "negative spend": (f"{POINTS}\ntv,0,0\ntv,-10,5", "3:4 spend", "at least 0, got -10"),
    "negative outcome": (f"{POINTS}\ntv,0,0\ntv,10,-5", "3:7 incremental_outcome", "at least 0, got -5"),
    "nan": (f"{POINTS}\ntv,0,0\ntv,nan,5", "3:4 spend", "cannot be guessed"),
    "empty cell": (f"{POINTS}\ntv,0,0\ntv,,5", "3:4 spend", "an empty cell"),
    "infinite": (f"{POINTS}\ntv,0,0\ntv,1e400,5", "3:4 spend", "finite"),
    "currency": (f"{POINTS}\ntv,0,0\ntv,€10,5", "3:4 spend", "Write 10."),
    "currency code": (f"{POINTS}\ntv,0,0\ntv,10 EUR,5", "3:4 spend", "Write 10."),
    "decimal comma": (f'{POINTS}\ntv,0,0\ntv,"10,5",5', "3:4 spend", "Write 10.5."),
    "german thousands": (f'{POINTS}\ntv,0,0\ntv,"1.210,50",5', "3:4 spend", "Write 1210.50."),
    "either comma": (
        f"{POINTS}\ntv,0,0\ntv,1,5".replace(",", ";").replace("1;5", "1,234;5"),
        "3:4",
        "1234 or 1.234",
    ),
    "word": (f"{POINTS}\ntv,0,0\ntv,lots,5", "3:4 spend", "such as 1200, 250k"),
    "split number": (f"{POINTS}\ntv,0,0\ntv,1,234,5", "3:1", "A comma inside a number splits it"),
    "too few": (f"{POINTS}\ntv,0,0\ntv,10", "3:1", "3 cells"),
    "no name": (f"{POINTS}\n,0,0\ntv,10,5", "2:1 campaign", "expected a name"),
    "no origin": (f"{POINTS}\ntv,10,5\ntv,20,6", "2:4 spend", "Add a row with spend 0"),
    "baseline": (f"{POINTS}\ntv,0,3\ntv,10,5", "2:6 incremental_outcome", "subtract it"),
    "falls": (f"{POINTS}\ntv,20,4\ntv,0,0\ntv,10,5", "2:7 incremental_outcome", "at spend 10 (line 4)"),
    "spend twice": (f"{POINTS}\ntv,0,0\ntv,10,5\ntv,10,6", "4:4 spend", "also on line 3"),
    "open quote": (f'{POINTS}\n"tv,0,0\ntv,10,5', "2:1", "quote left open"),
    "no rows": (f"{POINTS}\n\n", "1:1", "at least one campaign"),
    "column": (f"campaign,spent,incremental_outcome\n{TV}", "1:10 spent", "Did you mean 'spend'?"),
    "capitals": (f"Campaign,spend,incremental_outcome\n{TV}", "1:1 Campaign", "Did you mean 'campaign'?"),
    "column twice": (f"{POINTS},spend\ntv,0,0,0", "1:10 spend", "once, got it twice"),
    "no form": ("a,b\n1,2", "1:1", "campaign, kind, scale"),
    "two currents": (f"{POINTS},current_spend\ntv,0,0,5\ntv,10,5,6", "3:9 current_spend", "as on line 2"),
    "some current": (f"{POINTS},current_spend\ntv,0,0,5\nweb,0,0,", "3:9 current_spend", "Write 0"),
    "crossed": (f"{HILL},lower,upper\ntv,hill,1,2,1,20,10", "2:15 lower", "raise one or lower the other"),
    "kind": (f"{HILL}\ntv,hil,1,2,1", "2:4 kind", "Did you mean 'hill'?"),
    "campaign twice": (f"{HILL}\ntv,hill,1,2,1\ntv,hill,1,2,1", "3:1 campaign", "again after line 2"),
    "zero half": (f"{HILL}\ntv,hill,1,0,1", "2:11 half_saturation", "greater than 0"),
    "convex power": ("campaign,kind,scale,exponent\ntv,power,1,1.5", "2:12 exponent", "at most 1"),
    "foreign parameter": (f"{HILL},half\ntv,hill,1,2,1,3", "2:15 half", "a hill curve has no half"),
    "parameter without column": (f"{HILL}\ntv,power,1,,", "2:4 kind", "add a column exponent"),
    "parameter without value": (f"{HILL}\ntv,hill,1,,1", "2:11 half_saturation", "an empty cell"),
}


@pytest.mark.parametrize(("text", "place", "words"), BROKEN.values(), ids=BROKEN)
def test_a_slip_is_told_by_line_column_and_cure(tmp_path: Path, text: str, place: str, words: str) -> None:
    said = complaint(tmp_path, text)
    assert said.startswith(f"{tmp_path / 'curves.csv'}:{place}"), said
    assert words in said.splitlines()[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n ,, \n", "empty"),
        (b"campaign\xff", "0xff"),
        (b"campaign\x00,", "control character"),
    ],
)
def test_what_is_no_csv_is_told_of_the_file(tmp_path: Path, content: bytes, words: str) -> None:
    said = complaint(tmp_path, content)
    assert said.startswith(f"{tmp_path / 'curves.csv'}: ")
    assert words in said


def test_problems_come_together_in_the_order_of_the_file_and_are_capped(tmp_path: Path) -> None:
    rows = "\n".join(f"c{i},-1,x" for i in range(30))
    said = complaint(tmp_path, f"{POINTS}\n{rows}").splitlines()
    lines = [int(line.split(":")[1]) for line in said if "expected" in line]
    assert lines == [2 + i // 2 for i in range(20)]
    assert said[-1] == "… and 40 more."


@given(st.floats(0, 1e12, allow_nan=False), st.sampled_from(["r", ".3f", ".6e", ".0f"]))
def test_a_number_is_read_as_python_writes_it(value: float, form: str) -> None:
    text = repr(value) if form == "r" else format(value, form)
    assert parse(text) == float(text)
    assert parse(text, comma_is_free=True) == float(text)


@given(st.text(max_size=12))
def test_no_text_is_read_as_something_that_is_no_number(text: str) -> None:
    said = None
    try:
        value = parse(text.strip())
    except ValueError as error:
        said = str(error)
    assert "expected" in said if said else np.isfinite(value) and any(c in "0123456789" for c in text)


@given(st.binary(max_size=60))
def test_no_bytes_give_anything_but_a_complaint_that_names_the_file(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "noise.csv"
    file.write_bytes(f"{POINTS}\n".encode() + noise)
    try:
        found = read_curves(file).source
    except SheetError as error:
        found = str(error)
    assert "noise.csv" in found


GROUPS = "group,campaign,minimum,maximum"
WRONG_GROUPS = {
    "unknown": (f"{GROUPS}\nvideo,tvv,1,", "2:7 campaign", "Did you mean 'tv'?"),
    "twice": (f"{GROUPS}\nvideo,tv,1,\nvideo,tv,,", "3:7 campaign", "again after line 2"),
    "no limit": (f"{GROUPS}\nvideo,tv,,", "2:1 group", "a minimum or a maximum"),
    "crossed": (f"{GROUPS}\nvideo,tv,9,5", "2:10 minimum", "raise one or lower the other"),
    "overlap": (
        f"{GROUPS}\na,tv,1,\na,web,,\nb,web,1,\nb,radio,,",
        "4:1 group",
        "neither contains the other",
    ),
    "disagree": (f"{GROUPS}\na,tv,,5\na,web,,6", "3:8 maximum", "as on line 2"),
    "column": ("group,campaign,minimum,max\na,tv,1,2", "1:24 max", "Did you mean"),
}


@pytest.mark.parametrize(("text", "place", "words"), WRONG_GROUPS.values(), ids=WRONG_GROUPS)
def test_a_slip_in_groups_is_told_too(tmp_path: Path, text: str, place: str, words: str) -> None:
    file = tmp_path / "groups.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SheetError) as caught:
        read_groups(file, ["tv", "web", "radio"])
    assert str(caught.value).startswith(f"{file}:{place}"), str(caught.value)
    assert words in str(caught.value)


def test_groups_hold_their_members_and_limits(tmp_path: Path) -> None:
    file = tmp_path / "groups.csv"
    file.write_text(f"{GROUPS}\nall,tv,100,\nall,web,,\nonline,web,,2k\nall,radio,100,\n", encoding="utf-8")
    everything, online = read_groups(file, ["web", "tv", "radio"])
    assert (everything.name, sorted(everything.members)) == ("all", [0, 1, 2])
    assert (everything.lower, everything.upper) == (100.0, np.inf)
    assert (online.name, list(online.members), online.lower, online.upper) == ("online", [0], 0.0, 2000.0)


def test_the_samples_load() -> None:
    retailer = read_curves(SAMPLES / "retailer_curves.csv")
    assert len(read_groups(SAMPLES / "groups.csv", retailer.campaigns)) == 2
    assert len(read_curves(SAMPLES / "points.csv").campaigns) == 5
