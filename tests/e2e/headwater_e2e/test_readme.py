"""What is written for people: the map of tests/README.md is whole, commands of README.md and docs/ work and answer as
they say, and every path that is named is there."""
import importlib
import re
import subprocess
import sys
import unittest

from . import audit_walk, pages
from .program import ROOT, find_program, run_command

LINES = {"passthrough-referrers.txt": 84, "referrer-mappings.txt": 92, "push-ai-referrals-events.txt": 137}
ROW = re.compile(r"^\| (\d+)(?:-(\d+))? \| (.*) \|$")
FOLDERS = ("actors", "cmake", "docs", "domain", "http", "snapshots", "store", "tests", "tools")
PATH = re.compile(r"(?<![\w/.$~<-])(?:" + "|".join(FOLDERS) + r")/[\w./*-]*")
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]+)?\)")
TESTED_ELSEWHERE = re.compile(r"^\| `((?:store|http)/[\w/]*)`: (`[^|]+) \| (`[^|]+) \|$", re.MULTILINE)
DIFF_STAT = re.compile(r"^ (\S+) +\| +\d+ ", re.MULTILINE)
MOST_LINES_OF_README = 150


class Readme(unittest.TestCase):
    def setUp(self):
        self.rows = {}  # document -> [(first, last, text)]
        document = None
        for line in (ROOT / "tests" / "README.md").read_text().splitlines():
            if heading := re.match(r"^### `(.*\.txt)`", line):
                document = heading[1]
            elif document and (row := ROW.match(line)):
                self.rows.setdefault(document, []).append((int(row[1]), int(row[2] or row[1]), row[3]))

    def test_each_line_of_each_document_is_in_the_map(self):
        for document, count in LINES.items():
            covered = {n for first, last, _ in self.rows[document] for n in range(first, last + 1)}
            with self.subTest(document=document):
                self.assertEqual(sorted(set(range(1, count + 1)) - covered), [])
                self.assertLessEqual(max(covered), count)

    def test_each_test_named_in_the_map_exists(self):
        for document, rows in self.rows.items():
            module = importlib.import_module(f"headwater_e2e.test_{self.module(document)}")
            known = {name for case in vars(module).values() if isinstance(case, type) for name in dir(case)}
            for first, _, text in rows:
                for name in re.findall(r"`([a-z0-9_]{12,})`", text):
                    with self.subTest(document=document, line=first, name=name):
                        self.assertIn(f"test_{name}", known)

    def test_each_test_of_the_documents_is_in_the_map(self):
        for document, rows in self.rows.items():
            module = importlib.import_module(f"headwater_e2e.test_{self.module(document)}")
            own = {name.removeprefix("test_") for case in vars(module).values()
                   if isinstance(case, type) and case.__module__ == module.__name__ for name in vars(case) if name.startswith("test_")}
            named = set(re.findall(r"`([a-z0-9_]{12,})`", " ".join(text for *_, text in rows)))
            with self.subTest(document=document):
                self.assertEqual(sorted(own - named), [])

    @staticmethod
    def module(document: str) -> str:
        return {"passthrough-referrers.txt": "reference_passthrough", "referrer-mappings.txt": "reference_mappings",
                "push-ai-referrals-events.txt": "reference_push"}[document]


class Tests(unittest.TestCase):
    def setUp(self):
        self.elsewhere = {}  # "http/gate/origin" -> paths of tests
        for folder, files, tests in TESTED_ELSEWHERE.findall((ROOT / "tests" / "README.md").read_text()):
            for file in re.findall(r"`(\w+)`", files):
                self.elsewhere[folder + file] = [ROOT / "tests" / ("e2e/headwater_e2e" if test.endswith(".py") else "") / test
                                                 for test in re.findall(r"`([\w/.]+)`", tests)]

    def test_each_file_has_a_test_of_its_name_or_is_in_the_table(self):
        for folder in ("http", "store"):
            for path in sorted((ROOT / folder).rglob("*.cpp")):
                unit = str(path.relative_to(ROOT))[:-len(".cpp")]
                with self.subTest(file=unit):
                    has_its_own = (ROOT / "tests" / f"{unit}_test.cpp").exists()
                    self.assertNotEqual(has_its_own, unit in self.elsewhere)

    def test_each_row_of_the_table_names_what_is_there(self):
        self.assertGreater(len(self.elsewhere), 20)
        for unit, tests in self.elsewhere.items():
            with self.subTest(file=unit):
                self.assertTrue((ROOT / f"{unit}.cpp").exists())
                self.assertTrue(tests)
                self.assertEqual([str(test) for test in tests if not test.exists()], [])


class Documents(unittest.TestCase):
    def test_readme_is_short(self):
        self.assertLessEqual(len((ROOT / "README.md").read_text().splitlines()), MOST_LINES_OF_README)

    def test_every_page_is_within_reach_of_the_readme(self):
        readme = (ROOT / "README.md").read_text()
        for page in (ROOT / "docs").glob("*.md"):
            with self.subTest(page=page.name):
                self.assertIn(f"(docs/{page.name})", readme)

    def test_every_path_that_is_named_exists(self):
        for page in [*pages.all_pages(), ROOT / "CONTRIBUTING.md"]:
            text = page.read_text()
            planned = set(DIFF_STAT.findall(text))  # the walk of an endpoint that is not there
            protocols = {"http/1.1"}  # ALPN's name for it
            for path in {found.rstrip(".-") for found in PATH.findall(text)} - planned - protocols:
                with self.subTest(page=page.name, path=path):
                    self.assertTrue(self.exists(path))

    def test_architecture_shows_what_the_table_of_rooms_says(self):
        shown = re.findall(r"^http/rules: .*$", (ROOT / "docs" / "architecture.md").read_text(), re.MULTILINE)
        self.assertEqual(len(shown), 1)
        self.assertIn(shown[0], (ROOT / "cmake" / "rooms.txt").read_text().splitlines())

    def test_every_link_leads_somewhere(self):
        for page in pages.all_pages():
            for target, heading in LINK.findall(page.read_text()):
                if "://" in target:
                    continue
                with self.subTest(page=page.name, target=target):
                    self.assertTrue((page.parent / target).exists())
                    if heading:
                        self.assertIn(heading[1:], self.headings((page.parent / target).read_text()))

    @staticmethod
    def exists(path: str) -> bool:
        """A file, a folder, a pattern that some file fits, or a unit: a header, a source or both."""
        return (ROOT / path).exists() or any(any(ROOT.glob(path + end)) for end in ("", ".hpp", ".cpp"))

    @staticmethod
    def headings(text: str) -> set:
        lines = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
        return {re.sub(r"[^\w -]", "", line).lower().replace(" ", "-") for line in lines}


class Commands(unittest.TestCase):
    maxDiff = None

    def test_quick_start_is_what_tools_start_prints_and_answers_as_it_says(self):
        told = (ROOT / "docs" / "quickstart.md").read_text()
        commands = [each for _, block, _ in audit_walk.BLOCK.findall(told) for each in audit_walk.commands_of(block)]
        self.assertEqual(commands, pages.quickstart_lines("http://127.0.0.1:8080", "hw_..."))
        ran = subprocess.run([sys.executable, ROOT / "tools" / "transcript", "--check", "--program", find_program()],
                             capture_output=True, text=True, timeout=60)
        self.assertEqual(ran.returncode, 0, ran.stderr)

    def test_every_setting_is_in_the_table(self):
        told = re.findall(r"^\| `--([a-z-]+)` \| `(\w+)` \|", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE)
        known = re.findall(r"HEADWATER_\w+(?=\))", run_command("serve", "--help").stdout)
        self.assertEqual(sorted(variable for _, variable in told), sorted(known))
        for flag, variable in told:
            self.assertEqual(variable, "HEADWATER_" + flag.upper().replace("-", "_"))

    def test_the_table_has_the_default_of_every_setting(self):
        told = dict(re.findall(r"^\| `--([a-z-]+)` \| `\w+` \| ([^|]*?) \|", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE))
        known = re.findall(r"^  --([a-z-]+)(?: [^=\n]*?(?:=([^\n]*?))?)?(?: REQUIRED)? \((?:Env:)?HEADWATER_\w+\)$",
                           run_command("serve", "--help").stdout, re.MULTILINE)
        self.assertEqual(sorted(flag for flag, _ in known), sorted(told))
        for flag, default in known:
            with self.subTest(flag=flag):
                if default:
                    self.assertEqual(told[flag].replace("`", ""), default)
                else:  # off, none, or what the page says in words
                    self.assertRegex(told[flag], r"^(off|none|made up|required|`DIR/snapshots`)$")

    def test_the_manual_has_every_setting_and_every_command(self):
        page = run_command("man")
        self.assertEqual((page.returncode, page.stderr), (0, ""))
        for variable in re.findall(r"HEADWATER_\w+(?=\))", run_command("serve", "--help").stdout):
            self.assertIn(f"Environment: {variable}.\n", page.stdout)
        for command in ("serve", "token create", "log show", "rules import", "snapshot restore", "referrals push", "man"):
            self.assertIn(f".SS headwater {command}\n", page.stdout)

    def test_commands_of_each_page_answer_as_it_says(self):
        names = [page.name for page in pages.pages_with_commands()]
        for name in ("README.md", "api.md", "rules.md", "operations.md"):
            self.assertIn(name, names)
        for path in pages.pages_with_commands():
            with self.subTest(page=path.name), pages.Page(path) as page:
                page.run(path.read_text())
                self.assertEqual(page.faults, [])

    def test_commands_stand_in_blocks_that_are_run(self):
        for page in pages.all_pages():
            text = audit_walk.BLOCK.sub("", page.read_text())
            with self.subTest(page=page.name):
                self.assertEqual(re.findall(r"^ *(?:\$ )?(?:curl|headwater) .*$", text, re.MULTILINE), [])

    def test_a_page_that_tells_something_else_is_found(self):
        self.assertEqual(pages.answers_of("$ one\n> more\nanswer\n$ two\n"), [("one\nmore", "answer\n"), ("two", "")])
        self.assertTrue(pages.agrees('{"id":...,"name":"a"}\n', '{"id":7,"name":"a"}'))
        self.assertFalse(pages.agrees('{"id":...,"name":"a"}\n', '{"id":7,"name":"b"}'))
        self.assertFalse(pages.agrees("one\n", "one\ntwo\n"))


if __name__ == "__main__":
    unittest.main()
