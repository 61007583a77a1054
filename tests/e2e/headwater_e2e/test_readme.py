"""tests/README.md maps each line of the three documents to tests; this checks the map itself."""
import importlib
import re
import unittest

from .program import ROOT

LINES = {"passthrough-referrers.txt": 84, "referrer-mappings.txt": 92, "push-ai-referrals-events.txt": 137}
ROW = re.compile(r"^\| (\d+)(?:-(\d+))? \| (.*) \|$")


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


if __name__ == "__main__":
    unittest.main()
