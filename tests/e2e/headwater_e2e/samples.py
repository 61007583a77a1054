"""Answers that the tests got, for the OpenAPI test to compare with the document: of each operation and status one of
every shape, as far as there is room."""
import json
import re

MOST_OF_ONE = 40  # shapes of one operation and status
MOST_LOOKED_AT = 400  # answers of one operation and status
LONGEST = 256 * 1024

SEEN = {}  # (method, path without names, status) -> {shape: sample}
LOOKED_AT = {}


def shape(value):
    """What a value is made of: names of members and types, whatever the values."""
    if isinstance(value, dict):
        return tuple(sorted((key, shape(inner)) for key, inner in value.items()))
    if isinstance(value, list):
        return ("list", *sorted({repr(shape(inner)) for inner in value[:50]}))
    return type(value).__name__


def note(method: str, target: str, response) -> None:
    path = target.split("?")[0]
    key = (method, re.sub(r"[^/]*\d[^/]*", "*", path), response.status)
    LOOKED_AT[key] = LOOKED_AT.get(key, 0) + 1
    of_key = SEEN.setdefault(key, {})
    if LOOKED_AT[key] > MOST_LOOKED_AT or len(of_key) >= MOST_OF_ONE or len(response.body) > LONGEST:
        return
    if response.header("Content-Encoding"):
        return
    kind = (response.header("Content-Type") or "").split(";")[0]
    try:
        made_of = shape(json.loads(response.body)) if kind == "application/json" and response.body else kind
    except ValueError:
        made_of = "not JSON"
    names = sorted({name.lower() for name, _ in response.headers})
    of_key.setdefault((tuple(names), made_of),
                      {"method": method, "path": path, "status": response.status, "headers": names, "type": kind,
                       "body": response.body.decode("utf-8", "replace") if kind == "application/json" else ""})


def all_noted() -> list:
    return [sample for of_key in SEEN.values() for sample in of_key.values()]
