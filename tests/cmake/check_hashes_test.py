"""cmake/check_hashes.py refuses what a client could flood, and nothing else."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

REFUSED = [
    "std::unordered_set<std::string> keys;",
    "std::unordered_map<std::string_view, int> lines;",
    "std::unordered_map<const std::string, int> lines;",
    "std::unordered_multimap< string , int> lines;",
    "std::unordered_map<\n  store::stream_name, // text\n  int> heads;",
    "std::unordered_set<std::string, text_hash, std::equal_to<>> there_is_text_set;",
    "std::unordered_map<page_id, std::string> names;",
    "std::unordered_map<Key, Value, Hash> of_any_type;",
    "std::unordered_map<std::pair<int, std::string>, int, pair_hash> pairs;",
    "boost::unordered_flat_map<group_key, sums, key_hash> groups;",
    "boost::container::flat_map<std::string, int> sorted;",
    "absl::flat_hash_map<std::string, int> others;",
    "std::unordered_set seen{name};",
    "using std::unordered_set;",
    "auto h = std::hash<std::string>{}(name);",
    "boost::hash_combine(seed, name);",
]
ALLOWED = [
    "#include <unordered_map>\n#include <boost/unordered/unordered_flat_map.hpp>",
    "std::unordered_map<std::int64_t, rule_touch> by_id;",
    "std::unordered_set<std::uint32_t> ranks;",
    "std::unordered_map<caf::actor_addr, std::string> by_address;",
    "boost::unordered_flat_set<page_id, keyed_hash<page_id>> pages;",
    "boost::unordered_flat_map<group_key,\n  sums, headwater::keyed_hash<group_key>> groups;",
    "text_map<int> lines; text_set keys; keyed_set<page_id> pages;",
    "// std::unordered_set<std::string> would be flooded\n/* std::hash<std::string>\n */",
    'auto text = "unordered_set<std::string>"; char quote = \'"\'; auto more = "std::hash";',
    "std::map<std::string, int> ordered; bool has_unordered_map_set_up = false;",
]


def check(files: dict):
    """The exit status and what was said of a folder `domain` with these files."""
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place) / "domain"
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n")
        return run(folder)


def run(folder):
    done = subprocess.run([sys.executable, "-B", str(ROOT / "cmake/check_hashes.py"), "--folder", str(folder)],
                          capture_output=True, text=True)
    return done.returncode, done.stderr


class Check(unittest.TestCase):
    def test_what_a_client_could_flood_is_refused(self):
        for line in REFUSED:
            with self.subTest(line):
                status, said = check({"core/some.hpp": "#pragma once\n\n" + line})
                self.assertEqual(status, 1)
                self.assertIn("domain/core/some.hpp:3: ", said)
                self.assertIn("domain/core/keyed_hash.hpp" if "without its key" not in said else "spell", said)

    def test_what_no_client_chooses_is_not(self):
        for line in ALLOWED:
            with self.subTest(line):
                self.assertEqual(check({"core/some.cpp": line}), (0, ""))

    def test_the_one_header_may_name_all(self):
        self.assertEqual(check({"core/keyed_hash.hpp": "\n".join(REFUSED)}), (0, ""))
        self.assertEqual(check({"other/keyed_hash.hpp": REFUSED[0]})[0], 1)

    def test_every_fault_of_a_folder_is_told_with_its_place(self):
        status, said = check({"a.hpp": "\n" + REFUSED[0], "b/c.cpp": "int a;\n\n" + REFUSED[-1]})
        self.assertEqual(status, 1)
        self.assertEqual([line.split("domain/")[1].split(": ")[0] for line in said.splitlines()], ["a.hpp:2", "b/c.cpp:3"])

    def test_the_product_has_none(self):
        for layer in ("domain", "store", "snapshots", "actors", "http", "tools"):
            with self.subTest(layer):
                self.assertEqual(run(ROOT / layer), (0, ""))


if __name__ == "__main__":
    unittest.main()
