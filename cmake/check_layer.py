#!/usr/bin/env python3
"""Refuses an #include that points against the direction of the layers.

domain <- store <- snapshots <- actors <- http <- tools: a folder includes its own files and those
of the folders to its left. Each third-party library belongs to the folders named in LIBRARIES.
"""
import argparse
import pathlib
import re
import sys

LAYERS = ["domain", "store", "snapshots", "actors", "http", "tools"]
LIBRARIES = {
    "caf/": {"actors", "http", "tools"},
    "rocksdb/": {"store"},
    "boost/beast": {"http", "tools"},
    "boost/asio": {"http", "tools"},
    "prometheus/": {"actors", "http", "tools"},
    "xxhash.h": {"store"},
    "spdlog/": {"actors", "http", "tools"},
    "CLI/": {"tools"},
    "pcre2.h": {"domain"},
    "idn2.h": {"domain"},
    "zlib.h": {"http"},
    "openssl/ssl.h": {"http"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def faults(folder: pathlib.Path):
    layer = folder.name
    allowed = LAYERS[: LAYERS.index(layer) + 1]
    for path in sorted(folder.rglob("*")):
        if path.suffix not in {".cpp", ".hpp"}:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            quote, name = found.groups()
            if quote == '"' and name.split("/")[0] in LAYERS and name.split("/")[0] not in allowed:
                yield f"{path}:{number}: {layer}/ must not include {name}"
            for prefix, owners in LIBRARIES.items():
                if name.startswith(prefix) and layer not in owners:
                    yield f"{path}:{number}: {name} belongs to {', '.join(sorted(owners))}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--stamp", type=pathlib.Path, required=True)
    options = parser.parse_args()
    found = list(faults(options.folder))
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    if found:
        return 1
    options.stamp.write_text("ok\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
