"""docs/audit.md says what really happens: its commands run again, and answer as it says."""
import re
import unittest

from . import audit_walk


class Walk(unittest.TestCase):
    maxDiff = None

    def test_commands_of_the_page_answer_as_it_says(self):
        page = audit_walk.PAGE.read_text()
        commands = [each for block in audit_walk.BLOCK.findall(page) for each in audit_walk.commands_of(block[1])]
        self.assertGreater(len(commands), 30)
        self.assertTrue(any("verify-export" in each for each in commands))
        today = audit_walk.walk(page)
        self.assertEqual(audit_walk.still(today).splitlines(), audit_walk.still(page).splitlines())
        self.assertIn("exit 1", today)
        self.assertIsNone(re.search("Traceback|command not found", today))


if __name__ == "__main__":
    unittest.main()
