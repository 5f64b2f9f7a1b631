"""The doors between the rooms are shut, and every module looks like one of ours (HOUSE sections 2, 3)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

ROOMS = {
    "engine": {"engine"},
    "flows": {"flows", "engine"},
    "channels": {"channels", "engine"},
    "handoff": {"handoff", "engine"},
    "gateway": {"gateway", "engine", "flows", "channels", "handoff"},
}
"""Each room, and the rooms it may import."""

PURE = {
    *("msgspec", "jinja2", "markupsafe", "phonenumbers", "dateparser", "dateutil", "rapidfuzz", "regex", "ruamel"),
    *("transitions",),
    *("__future__", "abc", "ast", "asyncio", "base64", "bisect", "calendar", "collections", "contextlib", "copy"),
    *("dataclasses", "datetime", "decimal", "difflib", "enum", "fractions", "functools", "hashlib", "hmac", "html"),
    *("inspect", "io", "ipaddress", "itertools", "json", "keyword", "math", "numbers", "operator", "re", "statistics"),
    *("string", "textwrap", "types", "typing", "unicodedata", "urllib.parse", "uuid", "warnings", "zlib", "zoneinfo"),
}
"""Libraries that only compute: all the engine may import besides itself."""

WORLDLY = re.compile(
    r"\b(datetime\.(now|utcnow|today)|date\.today|uuid[14])$"
    r"|^asyncio\.(sleep|open_|start_|create_subprocess_|to_thread|run$)"
    r"|^(io\.open|open|print|input|eval|exec|__import__|breakpoint)$"
)
"""Calls by which a library that only computes still reaches a clock, chance, a file or a socket."""

SDKS = {"aiogram", "openai", "slack_bolt", "slack_sdk", "twilio"}
"""Imported only once the environment names what they are for (C3)."""

CHANNELS = {"telegram", "slack", "sms"}
MAY_NAME_CHANNELS = ("channels/", "handoff/slack.py", "gateway/wiring.py", "gateway/settings.py")

NO_NOUN = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "base"}
NO_CLASS = re.compile(r"(Utils?|Helpers?|Managers?|Base)$")
SEAM, TOO_LONG = 300, 400
"""Lines of a module: past the first it is listed, past the second it fails."""


def modules(*folders: str) -> list[str]:
    """Python files of these folders, relative to the checkout."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


CODE = modules(*ROOMS)
EVERYTHING = [*CODE, *modules("tests")]


@cache
def tree(file: str) -> ast.Module:
    return ast.parse((ROOT / file).read_text("utf-8"), file)


def dotted(file: str) -> str:
    """engine/walk.py -> engine.walk; engine/__init__.py -> engine."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(file: str) -> Iterator[tuple[str, int]]:
    """Every imported name in full, also from inside functions, by `.` and by a literal import_module, with its line."""
    yield from (found for node in ast.walk(tree(file)) for found in imported(node, file))


def imported(node: ast.AST, file: str) -> Iterator[tuple[str, int]]:
    match node:
        case ast.Import(names=names):
            yield from ((alias.name, node.lineno) for alias in names)
        case ast.ImportFrom(module=module, names=names, level=level):
            package = Path(file).parts[: -level or None] if level else ()
            source = ".".join([*package, *filter(None, [module])])
            yield from ((f"{source}.{alias.name}", node.lineno) for alias in names)
        case ast.Call(func=called, args=[ast.Constant(value=str(name)), *_]):
            if ast.unparse(called).rpartition(".")[2] in {"import_module", "__import__"}:
                yield name, node.lineno
        case _:
            pass


def at_import(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when the module is imported: none of functions, none under TYPE_CHECKING."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test):
            yield from at_import(statement.orelse)
            continue
        yield statement
        for inner in ("body", "orelse", "finalbody"):
            yield from at_import(getattr(statement, inner, []))
        for handler in getattr(statement, "handlers", []):
            yield from at_import(handler.body)


def within(name: str, allowed: set[str]) -> bool:
    """Whether `name` is one of `allowed`, or inside one of them."""
    return any(name == door or name.startswith(f"{door}.") for door in allowed)


def channel_names(node: ast.AST) -> set[str]:
    """The channel names a comparison, a `case` or a startswith holds."""
    match node:
        case ast.Compare(left=left, comparators=others):
            held: list[ast.AST] = [left, *others]
        case ast.MatchValue(value=value):
            held = [value]
        case ast.Call(func=ast.Attribute(attr="startswith" | "endswith" | "removeprefix"), args=args):
            held = [*args]
        case _:
            return set()
    texts = {inner.value for outer in held for inner in ast.walk(outer) if isinstance(inner, ast.Constant)}
    return {str(text).rstrip(":") for text in texts} & CHANNELS


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import os.path as p, re", ["os.path", "re"]),
        ("from ..stores import redis", ["gateway.stores.redis"]),
        ("def f():\n    from . import main", ["gateway.cli.main"]),
        ("importlib.import_module('aiogram')", ["aiogram"]),
    ],
)
def test_an_import_is_seen_in_full(line: str, found: list[str]) -> None:
    nodes = ast.walk(ast.parse(line))
    assert [name for node in nodes for name, _ in imported(node, "gateway/cli/chat.py")] == found


@pytest.mark.parametrize(
    "line",
    [
        "if kind.name == 'sms': pass",
        "x = kind in ('slack', 'web')",
        "y = key.startswith('telegram:')",
        "match kind:\n    case 'web' | 'slack': pass",
    ],
)
def test_C2_a_comparison_is_seen(line: str) -> None:
    assert any(channel_names(node) for node in ast.walk(ast.parse(line)))


def test_C3_only_what_runs_on_import_counts() -> None:
    source = (
        "try:\n import a\nexcept E:\n import b\nif TYPE_CHECKING:\n import c\nclass D:\n import d\ndef f():\n import e"
    )
    ran = [name for node in at_import(ast.parse(source).body) for name, _ in imported(node, "x.py")]
    assert ran == ["a", "b", "d"]


@pytest.mark.parametrize("call", ["datetime.now", "dt.datetime.now", "uuid.uuid4", "uuid4", "open", "asyncio.sleep"])
def test_a_reach_into_the_world_is_seen(call: str) -> None:
    assert WORLDLY.search(call)


@pytest.mark.parametrize("call", ["clock.now", "datetime.fromisoformat", "uuid.uuid5", "asyncio.gather", "reopen"])
def test_what_only_computes_may_be_called(call: str) -> None:
    assert not WORLDLY.search(call)


@pytest.mark.parametrize("room", ROOMS)
def test_no_stranger_stands_at_a_door(room: str) -> None:
    strangers = [
        f"{file}:{line}: {room} imports {name}"
        for file in modules(room)
        for name, line in imports(file)
        if name.partition(".")[0] in ROOMS and not within(name, ROOMS[room])
    ]
    assert not strangers, "\n".join(strangers)


def test_engine_imports_only_what_computes() -> None:
    strangers = [
        f"{file}:{line}: {name} is not on the list of libraries that only compute"
        for file in modules("engine")
        for name, line in imports(file)
        if not within(name, PURE | {"engine"})
    ]
    assert not strangers, "\n".join(strangers)


def test_engine_calls_no_clock_no_chance_no_file() -> None:
    calls = [
        f"{file}:{node.lineno}: {ast.unparse(node.func)}() reaches the world; let it arrive as an argument"
        for file in modules("engine")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and WORLDLY.search(ast.unparse(node.func))
    ]
    assert not calls, "\n".join(calls)


def test_only_the_gateway_reads_the_environment() -> None:
    readers = [
        f"{file}:{node.lineno}: {ast.unparse(node)}"
        for file in modules(*ROOMS.keys() - {"gateway"})
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"}
    ]
    assert not readers, "\n".join(readers)


def test_C2_nobody_compares_a_channels_name() -> None:
    askers = [
        f"{file}:{node.lineno}: asks for {', '.join(sorted(names))}; ask the channel's Limits"
        for file in CODE
        if not file.startswith(MAY_NAME_CHANNELS)
        for node in ast.walk(tree(file))
        if (names := channel_names(node)) and isinstance(node, ast.expr | ast.pattern)
    ]
    assert not askers, "\n".join(askers)


def test_C3_no_module_imports_an_sdk_at_its_top() -> None:
    eager = [
        f"{file}:{line}: {name}; import it where the channel opens"
        for file in CODE
        for statement in at_import(tree(file).body)
        for name, line in imported(statement, file)
        if within(name, SDKS)
    ]
    assert not eager, "\n".join(eager)


def test_C3_importing_everything_loads_no_sdk_and_starts_nothing() -> None:
    names = [dotted(file) for file in CODE if not file.endswith("__main__.py")]
    program = (
        "import importlib, sys, threading\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        f"print(sorted({SDKS!r} & sys.modules.keys()), threading.active_count())\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == "[] 1\n"


def test_no_module_is_too_long(capsys: pytest.CaptureFixture[str]) -> None:
    lengths = {file: (ROOT / file).read_text("utf-8").count("\n") for file in EVERYTHING}
    seams = [f"{file}: {lines} lines, look for the seam" for file, lines in lengths.items() if SEAM < lines <= TOO_LONG]
    with capsys.disabled():
        sys.stdout.write("".join(f"\n{seam}\n" for seam in seams))
    too_long = [f"{file}: {lines} lines, at most {TOO_LONG}" for file, lines in lengths.items() if lines > TOO_LONG]
    assert not too_long, "\n".join(too_long)


def test_every_module_says_what_it_is_for() -> None:
    silent = [file for file in EVERYTHING if not ast.get_docstring(tree(file))]
    assert not silent, "\n".join(silent)


def test_every_name_is_a_noun_somebody_knows() -> None:
    vague = [
        file
        for file in EVERYTHING
        if file != "channels/base.py" and NO_NOUN & set(re.split(r"[/_]", file.removesuffix(".py")))
    ]
    vague += [
        f"{file}:{node.lineno}: class {node.name}"
        for file in EVERYTHING
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ClassDef) and NO_CLASS.search(node.name)
    ]
    assert not vague, "\n".join(vague)
