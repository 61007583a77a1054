#!/usr/bin/env python3
"""What cmake/check_rooms.py refuses, on small trees of its own."""
import pathlib
import subprocess
import sys
import tempfile
import textwrap
import unittest

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "cmake" / "check_rooms.py"

TABLE = """
    # Two rooms, and one beside them.
    domain/low:
    domain/high: domain/low
    domain/other: domain/*
"""


class CheckRooms(unittest.TestCase):
    def setUp(self):
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.root = pathlib.Path(kept.name)
        self.table = self.root / "rooms.txt"
        self.table.write_text(textwrap.dedent(TABLE))
        for room in ("low", "high", "other"):
            self.write(f"domain/{room}/{room}.hpp")

    def write(self, path, text=""):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def check(self):
        stamp = self.root / "stamp"
        done = subprocess.run(
            [sys.executable, "-B", PROGRAM, "--folder", self.root / "domain", "--table", self.table, "--stamp", stamp],
            capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode == 0, stamp.exists(), done.stderr)
        return done.stderr

    def refused(self, *words):
        said = self.check()
        for word in words:
            self.assertIn(word, said)

    def test_a_tree_as_the_table_has_it_passes(self):
        self.write("domain/high/user.cpp", '#include "domain/low/low.hpp"\n#include <vector>\n')
        self.write("domain/other/user.cpp", '#include "domain/high/high.hpp"\n')
        self.assertEqual(self.check(), "")

    def test_an_include_against_the_table_is_refused_by_file_and_line(self):
        self.write("domain/low/user.cpp", '\n#include "domain/high/high.hpp"\n')
        self.refused("domain/low/user.cpp:2: domain/low/ must not include domain/high/high.hpp")

    def test_an_include_by_another_path_than_that_from_the_root_is_refused(self):
        self.write("domain/high/user.cpp", '#include "high.hpp"\n#include "domain/high/../other/other.hpp"\n')
        self.refused("user.cpp:1: high.hpp is no path", "user.cpp:2: domain/high/../other/other.hpp is no path")

    def test_a_folder_that_the_table_lacks_is_refused(self):
        self.write("domain/new/thing.cpp")
        self.refused("rooms.txt: domain/new is missing")

    def test_a_line_of_the_table_without_a_folder_is_refused(self):
        self.table.write_text(self.table.read_text() + "domain/gone: domain/low\n")
        self.refused("rooms.txt: domain/gone has no C++ file")

    def test_a_line_that_is_none_of_the_table_is_refused(self):
        self.table.write_text(self.table.read_text() + "domain/low -> domain/high\n")
        self.refused("rooms.txt:6: not a line of the table")

    def test_a_circle_of_rooms_is_refused(self):
        self.table.write_text("domain/low: domain/high\ndomain/high: domain/low\ndomain/other:\n")
        self.refused("a circle: domain/high -> domain/low -> domain/high")

    def test_a_circle_through_a_whole_layer_is_refused(self):
        self.table.write_text(self.table.read_text().replace("domain/low:", "domain/low: domain/other"))
        self.refused("a circle: ", "domain/other -> ")

    def test_a_circle_of_headers_within_a_room_is_refused(self):
        self.write("domain/low/a.hpp", '#include "domain/low/b.hpp"\n')
        self.write("domain/low/b.hpp", '#include "domain/low/c.hpp"\n')
        self.write("domain/low/c.hpp", '#include "domain/low/a.hpp"\n')
        self.refused("a circle: domain/low/a.hpp -> domain/low/b.hpp -> domain/low/c.hpp -> domain/low/a.hpp")

    def test_36_units_are_refused_unless_they_are_peers(self):
        for number in range(35):
            self.write(f"domain/low/unit{number}.cpp")
            self.write(f"domain/low/unit{number}.hpp")
        self.refused("domain/low: 36 units, 35 at most")
        self.table.write_text(self.table.read_text().replace("domain/low:", "domain/low (peers):"))
        self.assertEqual(self.check(), "")

    def test_a_default_in_a_switch_over_an_enumeration_is_refused(self):
        self.write("domain/low/user.cpp", "int f(kind k) {\n  switch (k) {\n  case kind::one:\n    return 1;\n"
                                          "  default:\n    return 2;\n  }\n}\n")
        self.refused("domain/low/user.cpp:2: this switch over an enumeration has a default")

    def test_a_default_in_a_switch_over_numbers_or_characters_is_none_of_its_business(self):
        self.write("domain/low/user.cpp", "int f(char c) {\n  switch (c) {\n  case '{': // not 'default: case a::b:'\n"
                                          "    return 1'000;\n  case 0x20:\n  default:\n    return 2;\n  }\n}\n")
        self.assertEqual(self.check(), "")

    def test_a_switch_within_another_is_judged_by_its_own_labels(self):
        inner = "switch (c) {\n    case 'a':\n      return 1;\n    default:\n      return 2;\n    }"
        self.write("domain/low/user.cpp", "int f(kind k, char c) {\n  switch (k) {\n  case kind::one:\n    " + inner +
                   "\n  }\n  return 3;\n}\n")
        self.assertEqual(self.check(), "")


if __name__ == "__main__":
    unittest.main()
