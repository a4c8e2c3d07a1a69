"""Names say their unit, modules say what they hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "skypact"
INSIDE = ("base", "records", "astro", "ssa")  # where every number is in SI and radians
MODULES = sorted(SRC.rglob("*.py"))
INNER_MODULES = sorted(module for room in INSIDE for module in (SRC / room).rglob("*.py"))
LONGEST_MODULE_LINES = 400
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "core", "manager", "shared"}

_FLOAT = re.compile(r"\b(float|Floats|float64|float32)\b")
_NOT_ITSELF_A_NUMBER = re.compile(r"\b(Callable|Mapping|dict)\[")
_UNIT = re.compile(
    r"(^|_)(m|m2|m_s|m_s2|m_s3|m2_s|m2_s2|m3_s2|rad|rad_s|rad_s2|rad_s3|rad_min"
    r"|s|ns|days|kg|hz|px|per_earth_radius|ratio)$"
)
# Names of numbers that need no unit, or have one that no suffix could say.
UNITLESS = {
    "collision_probability": "of one",
    "covariances1": "6 x 6 of position and velocity: each block has its own unit",
    "covariances2": "as covariances1",
    "cross_covariances": "as covariances1",
    "covariances": "as covariances1, or its position block",
    "dcm": "rotations",
    "drag_cross_covariances": "as covariances1",
    "sensitivities1": "of position and velocity, per unit of a ratio",
    "sensitivities2": "as sensitivities1",
    "means": "of elements, each with its own unit",
    "expected_collisions": "a number of collisions",
    "equal_area_square": "a probability by that method",
    "probability": "of one",
    "lower_bound": "of the value beside it",
    "upper_bound": "of the value beside it",
    "coefficients": "of polynomials, on what they are multiplied with",
    "eccentricity": "a ratio of lengths",
    "eccentricity_from": "a ratio of lengths",
    "eccentricity_until": "a ratio of lengths",
    "matrices": "covariances: each block has its own unit, told in the docstring",
    "mjd": "the field's word for a day number",
    "knots": "positions between which a track is interpolated, by the coordinate that is stored",
    "nodes": "abscissae in -1..1",
    "rows": "one row per approach, columns of many units, named by constants",
    "shares": "of one",
    "diluted_maximum": "a probability, of one",
    "highest": "of whatever a chart's axis shows",
    "lowest": "as highest",
    "stated_probability": "of one",
    "red_probability": "of one",
    "yellow_probability": "of one",
    "slope": "a matrix from values to derivatives",
    "terms": "SGP4's own constants, columns of many units, named by COLUMN",
    "axis_rtn": "a direction",
    "directions_rtn": "directions",
    "bends": "second derivatives of elements, each with its own unit",
    "change": "of elements, each with its own unit",
    "covariance": "as covariances",
    "covariance1_rtn": "as covariances1",
    "covariance2_rtn": "as covariances1",
    "cross_covariance_rtn": "as covariances1",
    "dcm_orbit_gcrf": "a rotation",
    "drag_coefficient": "of force by pressure and area",
    "light_coefficient": "as drag_coefficient",
    "elements": "orbital elements, columns of many units, told in the docstring",
    "goal_probability": "of one",
    "state": "position and velocity, in m and m/s",
    "state1_gcrf": "as state",
    "state2_gcrf": "as state",
    "value": "whatever is written or interpolated",
}


def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def public_functions(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if not statement.name.startswith("_"):
                yield statement
        elif isinstance(statement, ast.ClassDef) and not statement.name.startswith("_"):
            yield from public_functions(statement.body)


def numbers(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Every float that the module's public face names: parameters, attributes, columns."""
    for function in public_functions(module.body):
        arguments = function.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            if argument.annotation and is_number(argument.annotation):
                yield argument.lineno, argument.arg
    for statement in module.body:
        if isinstance(statement, ast.ClassDef) and not statement.name.startswith("_"):
            for line in statement.body:
                if isinstance(line, ast.AnnAssign) and is_number(line.annotation):
                    yield line.lineno, ast.unparse(line.target)


def is_number(annotation: ast.expr) -> bool:
    text = ast.unparse(annotation)
    return bool(_FLOAT.search(text)) and not _NOT_ITSELF_A_NUMBER.search(text)


def has_no_unit(name: str) -> bool:
    return not _UNIT.search(name) and name not in UNITLESS


def name_of(module: Path) -> str:
    return str(module.relative_to(SRC))


@pytest.mark.parametrize("module", INNER_MODULES, ids=name_of)
def test_every_number_says_its_unit(module):
    nameless = [f"line {line}: {name}" for line, name in numbers(tree(module)) if has_no_unit(name)]
    assert nameless == []


def test_the_list_of_names_without_a_unit_holds_none_that_is_gone():
    used = {name for module in INNER_MODULES for _, name in numbers(tree(module))}
    assert UNITLESS.keys() - used == set()


def test_a_number_without_a_unit_is_found():
    module = ast.parse(
        "def fall(height: float, mass_kg: float) -> None: ...\nclass Orbit:\n a: Floats"
    )
    assert [name for _, name in numbers(module) if has_no_unit(name)] == ["height", "a"]


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_module_is_short_enough_to_be_read(module):
    lines = len(module.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_MODULE_LINES, "which sentence names this file?"


def test_no_module_is_a_drawer():
    drawers = [name_of(module) for module in MODULES if {*module.parts, module.stem} & DRAWERS]
    assert drawers == []


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_no_public_function_hides_its_arguments(module):
    hidden = [one.name for one in public_functions(tree(module).body) if one.args.kwarg]
    assert hidden == []
