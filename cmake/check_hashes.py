#!/usr/bin/env python3
"""Refuses hash containers whose keys a client could choose so that they all collide.

One with a text as its key is refused whatever its hash: text_map, text_set and text_view_map of
domain/core/keyed_hash.hpp are there for it. Any other key that is neither a number of our own nor an
address needs keyed_hash<Key>. A flat_map of Boost.Container has no hash, but an insertion moves all
that stands behind it, which is as bad. Only that one header may do otherwise.
"""
import argparse
import pathlib
import re
import sys

KEYED_HASH = pathlib.Path("domain/core/keyed_hash.hpp")
# What no client chooses. That is not every number: a page's id is a hash of the page's text.
OWN_KEYS = {"bool", "char", "int", "unsigned", "long", "size_t", "ptrdiff_t", "caf::actor_addr", "void*"}
OWN_KEYS |= {f"{sign}int{bits}_t" for sign in ("", "u") for bits in (8, 16, 32, 64)}
TEXT = re.compile(r"(basic_)?string(_view)?(<.*>)?|(store::)?stream_name|(const )?char\*")
CONTAINER = re.compile(r"\b(?:unordered_\w*?|(?:\w+_)?flat_\w*?|(?:\w+_)?hash_)(?:map|set)\b")
HASH = re.compile(r"\b(?:std|boost)::hash\b|\bhash_(?:combine|range|value)\b|\b_Hash_bytes\b")
NO_CODE = re.compile(r'''^[ \t]*\#[ \t]*include[^\n]*  # a library's header may be there for numbers
                       | R"\(.*?\)" | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])'
                       | //[^\n]* | /\*.*?\*/''', re.S | re.M | re.X)


def code_of(text: str) -> str:
    """The text with blanks for what is no code; its lines stay."""
    return NO_CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def arguments(code: str) -> list:
    """The template arguments that the code begins with; none where it does not."""
    out, depth, begin = [], 0, 1
    if not code.startswith("<"):
        return out
    for place, character in enumerate(code):
        depth += character in "<([{"
        depth -= character in ">)]}"
        if depth == 0 or (depth == 1 and character == ","):
            out.append(" ".join(code[begin:place].split()))
            begin = place + 1
        if depth == 0:
            break
    return out


def fault_of(name: str, given: list):
    if not given:
        return f"{name} without its key: spell its template arguments, so that they can be checked"
    key = re.sub(r"\bstd::|\bconst (?!char)", "", given[0]).replace(" *", "*")
    if TEXT.fullmatch(key):
        return (f"{name} with a text as its key: whoever sends the texts can make them collide; take text_map, "
                f"text_set or text_view_map of {KEYED_HASH}")
    if key in OWN_KEYS or any(re.match(r"(headwater::)?keyed_hash<", each) for each in given[1:]):
        return None
    return (f"{name} with {key} as its key and a hash without a secret: take keyed_map, keyed_set or keyed_hash "
            f"of {KEYED_HASH}")


def faults(text: str):
    """(line, what is wrong) of each."""
    code = code_of(text)
    found = [(each.start(), f"{each[0]} has no secret: take text_hash or keyed_hash of {KEYED_HASH}")
             for each in HASH.finditer(code)]
    for each in CONTAINER.finditer(code):
        if fault := fault_of(each[0], arguments(code[each.end():].lstrip())):
            found.append((each.start(), fault))
    return [(code.count("\n", 0, at) + 1, fault) for at, fault in sorted(found)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    folder = parser.parse_args().folder.resolve()
    refused = [f"{path}:{line}: {fault}" for path in sorted(folder.rglob("*.[ch]pp"))
               if path.relative_to(folder.parent) != KEYED_HASH
               for line, fault in faults(path.read_text())]
    print("\n".join(refused), file=sys.stderr, end="\n" if refused else "")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
