#!/usr/bin/env python3
"""Holds the folders of a layer to the table in rooms.txt.

A room is a folder with C++ files. Refused are: an #include of a room that the table does not name,
a folder that the table does not have, a circle in the table or among headers, a folder with more
than 35 units (a .hpp with its .cpp is one) that are not peers, and a switch over an enumeration
with a default, which would keep -Werror=switch from naming what a new enumerator lacks.
"""
import argparse
import collections
import pathlib
import re
import sys

MOST_UNITS = 35
SOURCES = {".cpp", ".hpp"}
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')
LINE = re.compile(r"(?P<room>[\w/]+)(?P<peers> \(peers\))?:(?P<seen>[\w/* ]*)$")
TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/'                       # comments
    r'|R"(?P<raw>[^(\s]*)\(.*?\)(?P=raw)"'      # raw strings
    r'|"(?:\\.|[^"\\\n])*"'                     # strings
    r"|(?P<literal>'(?:\\.|[^'\\\n])+'|\d[\w.']*)"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<mark>::|\S)", re.S)


class Table:
    """What rooms.txt says: of each room the rooms that it sees, and whether its units are peers."""

    def __init__(self, path: pathlib.Path):
        self.seen = {}
        self.peers = set()
        self.faults = []
        for number, line in enumerate(path.read_text().splitlines(), 1):
            line = line.split("#")[0].rstrip()
            if not line:
                continue
            found = LINE.match(line)
            if not found:
                self.faults.append(f"{path}:{number}: not a line of the table: {line}")
                continue
            self.seen[found["room"]] = found["seen"].split()
            if found["peers"]:
                self.peers.add(found["room"])

    def sees(self, room: str, other: str) -> bool:
        whole_layer = other.split("/")[0] + "/*"
        return other == room or other in self.seen[room] or whole_layer in self.seen[room]

    def edges(self):
        """Of each room the others that it sees."""
        return {room: {other for other in self.seen if other != room and self.sees(room, other)} for room in self.seen}


def circle(edges):
    """Nodes of one circle, the first again at the end; nothing where there is none."""
    done = set()
    for start in sorted(edges):
        path, stack = [], [(start, iter(sorted(edges[start])))]
        while stack:
            node, rest = stack[-1]
            if node not in path:
                path.append(node)
            following = next((each for each in rest if each not in done), None)
            if following is None:
                done.add(node)
                path.pop()
                stack.pop()
            elif following in path:
                return path[path.index(following):] + [following]
            else:
                stack.append((following, iter(sorted(edges.get(following, ())))))
    return []


def switches_with_default(text: str):
    """The lines of switches that have a default and a label that is no literal."""
    tokens = [(found.lastgroup, found[0], text.count("\n", 0, found.start()) + 1)
              for found in TOKEN.finditer(text) if found.lastgroup in ("literal", "word", "mark")]
    open_switches, braces, awaited = [], 0, None
    for at, (kind, token, line) in enumerate(tokens):
        if token == "switch":
            awaited = line
        elif token == "{":
            braces += 1
            if awaited is not None and tokens[at - 1][1] == ")":
                open_switches.append({"line": awaited, "depth": braces, "default": False, "named": False})
                awaited = None
        elif token == "}":
            braces -= 1
            if open_switches and braces < open_switches[-1]["depth"]:
                closed = open_switches.pop()
                if closed["default"] and closed["named"]:
                    yield closed["line"]
        elif open_switches and token == "default" and tokens[at + 1][1] == ":":
            open_switches[-1]["default"] = True
        elif open_switches and token == "case" and tokens[at + 1][0] == "word":
            open_switches[-1]["named"] = True


def faults(layer: pathlib.Path, table: Table):
    root = layer.parent
    files = sorted(path for path in layer.rglob("*") if path.suffix in SOURCES)
    room_of = {path: path.parent.relative_to(root).as_posix() for path in files}
    units = collections.defaultdict(set)
    headers = collections.defaultdict(set)
    yield from table.faults
    for room in sorted(table.seen):
        if room.split("/")[0] == layer.name and room not in room_of.values():
            yield f"rooms.txt: {room} has no C++ file"
    for path in files:
        room = room_of[path]
        units[room].add(path.stem)
        text = path.read_text()
        for number in switches_with_default(text):
            yield f"{path}:{number}: this switch over an enumeration has a default"
        if room not in table.seen:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            other = pathlib.PurePosixPath(found[1])
            if ".." in other.parts or not (root / other).is_file():
                yield f"{path}:{number}: {other} is no path of a file from the root"
                continue
            if path.suffix == ".hpp":
                headers[path.relative_to(root).as_posix()].add(other.as_posix())
            if not table.sees(room, other.parent.as_posix()):
                yield f"{path}:{number}: {room}/ must not include {other}"
    for room in sorted(units):
        if room not in table.seen:
            yield f"rooms.txt: {room} is missing"
        elif len(units[room]) > MOST_UNITS and room not in table.peers:
            yield f"{room}: {len(units[room])} units, {MOST_UNITS} at most"
    for edges in (table.edges(), dict(headers)):
        if found := circle(edges):
            yield "a circle: " + " -> ".join(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--table", type=pathlib.Path, default=pathlib.Path(__file__).with_name("rooms.txt"))
    parser.add_argument("--stamp", type=pathlib.Path)
    options = parser.parse_args()
    found = list(faults(options.folder, Table(options.table)))
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    if found:
        return 1
    if options.stamp:
        options.stamp.write_text("ok\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
