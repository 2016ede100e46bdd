"""The walls of the house that import-linter cannot see."""

import ast
import re
import tomllib
from pathlib import Path

from django.apps import apps
from django.conf import settings

PYPROJECT = tomllib.loads(Path(settings.BASE_DIR, "pyproject.toml").read_text())
LAYERS = PYPROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
FLOORS = {room: -depth for depth, layer in enumerate(LAYERS) for room in re.findall(r"\w+", layer)}
"""{room: its floor}, the top one 0, those below it negative."""


def test_foreign_keys_lead_down_the_house_too():
    """Those named by a string escape import-linter."""
    up = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model
        if FLOORS.get(field.related_model._meta.app_label, -99) > FLOORS[model._meta.app_label]
    ]
    assert up == []


def test_every_model_that_a_page_can_show_says_who_sees_it():
    without = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in FLOORS and not hasattr(model, "pgh_tracked_model")
        if any(field.name == "agreement" for field in model._meta.fields) and not hasattr(model.objects, "visible_to")
    ]
    assert without == []


def test_every_setting_read_from_the_environment_is_in_the_readme():
    source = Path(settings.BASE_DIR, "config/settings.py").read_text()
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source)) | set(re.findall(r'required\("([A-Z_]+)"', source))
    readme = Path(settings.BASE_DIR, "README.md").read_text()
    assert {name for name in names if f"`{name}`" not in readme} == set()


def modules():
    """(path, tree, lines) of each module of the rooms, without migrations."""
    for room in FLOORS:
        for path in sorted(Path(settings.BASE_DIR, room).rglob("*.py")):
            if "migrations" not in path.parts:
                text = path.read_text()
                yield path.relative_to(settings.BASE_DIR), ast.parse(text), text.splitlines()


def test_verbs_are_operations():
    elsewhere = {
        str(path)
        for path, tree, _ in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if getattr(getattr(decorator, "func", decorator), "id", "") == "verb"
        if "operations" not in path.parts and path.name != "operations.py"
    }
    assert elsewhere == set()


def test_no_form_of_a_page_imports_from_an_admin():
    found = [
        f"{path}: {node.module}"
        for path, tree, _ in modules()
        if "forms" in path.parts or path.name.endswith("forms.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and "admin" in (node.module or "").split(".")
    ]
    assert found == []


def test_an_import_inside_a_function_says_why():
    without = [
        f"{path}:{inner.lineno}"
        for path, tree, lines in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom) and "#" not in lines[inner.lineno - 1]
    ]
    assert without == []
