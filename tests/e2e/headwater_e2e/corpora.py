"""Reads the shared test corpora, where they are there: HEADWATER_CORPORA, else ../shared/corpora.

Python's standard library knows no YAML, so `read_yaml` reads the subset that these files use:
block mappings and sequences, plain and quoted scalars, comments. Text comes back as one character
per byte (latin-1), so that a case can hold any byte.
"""
import os
import pathlib
import re
import unittest

from .program import ROOT

ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", '"': '"', "\\": "\\", "/": "/", " ": " ", "a": "\a", "b": "\b", "e": "\x1b",
           "f": "\f", "v": "\v"}


def base() -> pathlib.Path:
    return pathlib.Path(os.environ.get("HEADWATER_CORPORA") or ROOT.parent / "shared" / "corpora")


def folder(name: str):
    """The folder of one corpus, or None."""
    return base() / name if (base() / name).is_dir() else None


def skip(name: str):
    """For tests whose corpus is not there."""
    raise unittest.SkipTest(f"no corpus {name} at {base() / name}; set HEADWATER_CORPORA")


def ai_platforms() -> dict:
    found = folder("ai-platforms")
    return read_yaml((found / "AIAssistants.yml").read_bytes()) if found else {}


def desync_cases() -> list:
    """Every case of the http-desync corpus, as (file and name, case)."""
    found = folder("http-desync")
    if not found:
        return []
    return [(f"{path.name}: {case['name']}", case) for path in sorted(found.glob("*.yaml")) for case in read_yaml(path.read_bytes())]


def json_cases() -> list:
    found = folder("json")
    return sorted((found / "test_parsing").glob("*.json")) if found else []


def _double_quoted(text: str) -> str:
    def value(match):
        code = match[1]
        if code[0] in "xu":
            return chr(int(code[1:], 16)) if int(code[1:], 16) < 256 else chr(int(code[1:], 16)).encode().decode("latin-1")
        return ESCAPES[code]
    return re.sub(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", value, text)


def scalar(text: str):
    text = text.strip()
    if text.startswith('"'):
        return _double_quoted(re.match(r'"((?:[^"\\]|\\.)*)"', text)[1])
    if text.startswith("'"):
        return re.match(r"'((?:[^']|'')*)'", text)[1].replace("''", "'")
    return re.sub(r"\s+#.*$", "", text)


KEY = re.compile(r"^((?:\"(?:[^\"\\]|\\.)*\")|(?:'(?:[^']|'')*')|[^\s:'\"-][^:]*?)\s*:(?:\s+(.*))?$")


def read_yaml(data: bytes):
    lines = []
    for raw in re.split(r"\r?\n", data.decode("latin-1")):
        body = raw.lstrip(" ")
        if body.strip() and not body.startswith("#"):
            lines.append((len(raw) - len(body), body))
    value, rest = _block(lines, 0, lines[0][0]) if lines else (None, 0)
    if rest != len(lines):
        raise ValueError(f"cannot read {lines[rest]!r}")
    return value


def _block(lines, at, indent):
    if lines[at][1].startswith("- "):
        return _sequence(lines, at, indent)
    return _mapping(lines, at, indent)


def _sequence(lines, at, indent):
    items = []
    while at < len(lines) and lines[at][0] == indent and lines[at][1].startswith("- "):
        inner = lines[at][1][2:]
        deeper = indent + 2 + len(inner) - len(inner.lstrip(" "))
        if KEY.match(inner.strip()):
            lines[at] = (deeper, inner.lstrip(" "))
            value, at = _mapping(lines, at, deeper)
        else:
            value, at = scalar(inner), at + 1
        items.append(value)
    return items, at


def _mapping(lines, at, indent):
    found = {}
    while at < len(lines) and lines[at][0] == indent and not lines[at][1].startswith("- "):
        match = KEY.match(lines[at][1].rstrip())
        if not match:
            raise ValueError(f"cannot read {lines[at]!r}")
        key, rest, at = scalar(match[1]), match[2], at + 1
        if rest and not rest.startswith("#"):
            found[key] = scalar(rest)
        elif at < len(lines) and (lines[at][0] > indent or (lines[at][0] == indent and lines[at][1].startswith("- "))):
            found[key], at = _block(lines, at, lines[at][0])
        else:
            found[key] = None
    return found, at
