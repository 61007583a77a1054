#!/usr/bin/env python3
"""A change whose last step fails: HEAD, which is written when the event is on disk already, cannot be."""
import argparse
import pathlib
import sys
import tempfile
import threading
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]
sys.dont_write_bytecode = True

from headwater_e2e.program import Program  # noqa: E402
from headwater_torture.disk import Disk, build_libraries  # noqa: E402

RULES, STATE = "/referrer-mappings?account_id=a", "/accounts/a/state"


class Head(unittest.TestCase):
    program = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.disk = Disk(build_libraries(pathlib.Path(folder.name)))
        self.addCleanup(self.disk.close)
        self.own = Program("--checkpoint-seconds", "0", program=self.program, data=str(self.disk.data), env=self.disk.env).start()
        self.addCleanup(self.own.close)
        self.client = self.own.client()
        self.client.post("/accounts", {"account_id": "a", "name": "A", "brand_ids": [1]})
        self.assertEqual(self.create("first.example").status, 201)

    def create(self, pattern: str):
        return self.own.client().post(RULES, {"referrer_pattern": pattern, "utm_source": "s"})

    def shown(self) -> tuple:
        """By the log and by the account in memory."""
        return (self.client.get(STATE).data["version"], len(self.client.get("/events?account_id=a").data["events"]),
                self.client.get(RULES).data["total"])

    def test_nothing_is_shown_that_head_does_not_name(self):
        self.disk.fail("write", 1, only="/HEAD", delay=1.5)
        answers = []
        writer = threading.Thread(target=lambda: answers.append(self.create("second.example")))
        writer.start()
        until = time.monotonic() + 10
        while not self.disk.hit and time.monotonic() < until:
            time.sleep(0.01)
        self.assertTrue(self.disk.hit.endswith("/HEAD"), self.disk.hit)
        while writer.is_alive():
            self.assertEqual(self.shown(), (1, 1, 1))
            time.sleep(0.1)
        writer.join()
        self.assertEqual((answers[0].status, answers[0].error["code"]), (503, "outcome_unknown"))
        self.assertEqual(self.shown(), (1, 1, 1))
        self.assertEqual(self.create("third.example").status, 503)
        self.assertEqual(self.client.get("/readyz").status, 503)
        self.own.kill()
        self.disk.heal()
        self.own.start()
        self.client = self.own.client()
        self.assertEqual(self.shown(), (2, 2, 2))  # it was on disk
        self.assertEqual(self.create("third.example").status, 201)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program")
    given, others = parser.parse_known_args()
    Head.program = given.program
    unittest.main(argv=[sys.argv[0], *others])
