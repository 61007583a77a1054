"""What the tests saw: (method, path, status), and samples of answers, shared between processes through a folder of files.

Each process adds a file to HEADWATER_E2E_OBSERVATIONS when it ends; the OpenAPI test reads them
all, together with what its own process saw. Without that variable only one process counts.
"""
import json
import os
import pathlib

from . import samples
from .wire import OBSERVED


def folder():
    name = os.environ.get("HEADWATER_E2E_OBSERVATIONS")
    return pathlib.Path(name) if name else None


def save():
    if folder() and OBSERVED:
        folder().mkdir(parents=True, exist_ok=True)
        target = folder() / f"{os.getpid()}.json"
        target.write_text(json.dumps(sorted(OBSERVED)))
        target.with_suffix(".samples").write_text(json.dumps(samples.all_noted()))


def everything() -> set:
    seen = set(OBSERVED)
    if folder() and folder().is_dir():
        for path in folder().glob("*.json"):
            seen |= {tuple(item) for item in json.loads(path.read_text())}
    return seen


def answers() -> list:
    """Samples of answers (samples.py), of all processes."""
    seen = samples.all_noted()
    if folder() and folder().is_dir():
        for path in folder().glob("*.samples"):
            if path.stem != str(os.getpid()):
                seen += json.loads(path.read_text())
    return seen
