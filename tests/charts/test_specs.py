"""Every chart is a valid Vega-Lite spec without data, built once, in both colour schemes."""

from __future__ import annotations

import json

import altair as alt
import pytest
from jsonschema.exceptions import ValidationError

from charts.ratios import ratio_by_group, ratio_matrix, ratio_over_time
from charts.sparks import hidden_strip, spark
from charts.theme import TOKENS

TICKS = (0.9, 1.0, 1.1)
NO_GAPS, GAPS = frozenset(), frozenset({"hidden", "undefined"})
NAMES = ("Design", "Sales", "Support")
CHARTS = {
    "over time": lambda mode: ratio_over_time(TICKS, ("Q1 2026", "Q2 2026"), NO_GAPS, mode),
    "over time, gaps": lambda mode: ratio_over_time(TICKS, ("Q1 2026", "Q2 2026"), GAPS, mode),
    "by group": lambda mode: ratio_by_group(TICKS, 3, NO_GAPS, mode),
    "by group, gaps": lambda mode: ratio_by_group(TICKS, 3, GAPS, mode),
    "matrix of two": lambda mode: ratio_matrix(NAMES[:2], mode),
    "matrix of seven": lambda mode: ratio_matrix(tuple("ABCDEFG"), mode),
    "matrix of twelve": lambda mode: ratio_matrix(tuple("ABCDEFGHIJKL"), mode),
    "spark": lambda mode: spark(0.4, 0.6, 6, mode),
    "hidden strip": lambda mode: hidden_strip(mode),
}
every_chart = pytest.mark.parametrize("name", CHARTS)
every_mode = pytest.mark.parametrize("mode", ["light", "dark"])


@every_chart
@every_mode
def test_a_spec_is_valid_vega_lite(name: str, mode: str) -> None:
    # Altair validates against the Vega-Lite schema that it carries; a layer chart needs some data
    spec = CHARTS[name](mode) | {"data": {"name": "rows"}}
    assert alt.LayerChart.from_dict(spec, validate=True)


def test_the_validation_notices_a_wrong_spec() -> None:
    spec = CHARTS["spark"]("light") | {"data": {"name": "rows"}, "height": "tall"}
    with pytest.raises(ValidationError):
        alt.LayerChart.from_dict(spec, validate=True)


@every_chart
@every_mode
def test_a_spec_is_built_once(name: str, mode: str) -> None:
    assert CHARTS[name](mode) is CHARTS[name](mode)


@every_chart
@every_mode
def test_a_spec_holds_no_data(name: str, mode: str) -> None:
    assert {"data", "datasets", "values"} & _keys(CHARTS[name](mode)) <= {"values"}
    axes_only = [part["values"] for part in _objects(CHARTS[name](mode)) if "values" in part]
    assert all(tuple(values) == TICKS for values in axes_only)


@every_chart
def test_only_the_own_mode_gives_its_colours(name: str) -> None:
    light, dark = (json.dumps(CHARTS[name](mode)) for mode in ("light", "dark"))
    own = set(TOKENS["light"].values()) - set(TOKENS["dark"].values())
    assert not [colour for colour in own if colour in dark]
    assert light != dark


@every_chart
def test_a_height_is_fixed_so_that_only_the_width_is_fitted(name: str) -> None:
    # a height per row ("step") makes the browser warn that it drops "fit-y"
    spec = CHARTS[name]("light")
    assert spec["autosize"] == {"type": "fit-x"}
    heights = [part["height"] for part in (spec, *spec["layer"]) if "height" in part]
    assert all(isinstance(height, int | float) for height in heights)
    assert heights


@every_chart
def test_every_domain_of_a_ratio_is_positive(name: str) -> None:
    scales = [part["scale"] for part in _objects(CHARTS[name]("light")) if "scale" in part]
    logs = [scale for scale in scales if isinstance(scale, dict) and scale.get("type") == "log"]
    assert all(min(scale["domain"]) > 0 for scale in logs)


def test_marks_are_not_announced_one_by_one() -> None:
    # the chart has one alternative text; a hundred unnamed marks would be read besides
    assert all(CHARTS[name]("light")["config"]["mark"] == {"aria": False} for name in CHARTS)


def test_hidden_is_hatched_and_named_and_undefined_is_only_named() -> None:
    for chart in (
        lambda gaps: ratio_over_time(TICKS, ("Q1 2026",), gaps, "light"),
        lambda gaps: ratio_by_group(TICKS, 1, gaps, "light"),
    ):
        nothing, withheld, empty = (
            json.dumps(chart(frozenset(gap))) for gap in ((), ("hidden",), ("undefined",))
        )
        assert "gradient" not in nothing
        assert "gradient" in withheld and '"text": "hidden"' in withheld
        assert "gradient" not in empty and '"text": "not defined"' in empty


def test_a_dot_of_which_too_little_is_known_is_hollow() -> None:
    for name in ("over time", "by group", "spark"):
        for mode in ("light", "dark"):
            fills = [
                p["fill"] for p in _objects(CHARTS[name](mode)) if isinstance(p.get("fill"), dict)
            ]
            colours = [
                dict(zip(f["scale"]["domain"], f["scale"]["range"], strict=True)) for f in fills
            ]
            assert colours and all(c["few"] == TOKENS[mode]["paper"] for c in colours)


def test_a_shape_says_what_the_colour_says() -> None:
    shapes = [p["shape"] for p in _objects(CHARTS["by group"]("light")) if "shape" in p]
    assert shapes[0]["scale"]["domain"][:3] == ["more", "less", "noise"]
    assert shapes[0]["scale"]["range"][:3] == ["triangle-up", "triangle-down", "circle"]


def _objects(part: object) -> list[dict]:
    if isinstance(part, list):
        return [found for item in part for found in _objects(item)]
    if not isinstance(part, dict):
        return []
    return [part, *(found for value in part.values() for found in _objects(value))]


def _keys(spec: dict) -> set[str]:
    return {key for part in _objects(spec) for key in part}
