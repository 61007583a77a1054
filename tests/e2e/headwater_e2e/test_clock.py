"""A clock that is set while the program runs, or was wrong when it started (fake_clock.c shifts it)."""
import json
import pathlib
import shutil
import struct
import subprocess
import tempfile
import time
import unittest

from .case import Case
from .program import Program, StartFailed, clean_environment, find_program, run_command
from .test_events import Following
from .test_resolve_streams import Stream
from .world import Account, make_token

SOURCE = pathlib.Path(__file__).resolve().parents[1] / "fake_clock.c"
MINUTE, DAY = 60, 86400
VISIT = b'{"url":"https://shop.example/","referrer":null,"session":null}\n'


@unittest.skipUnless(shutil.which("cc"), "there is no C compiler")
class Clock(Case):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="headwater-clock-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.fake_clock = cls.folder / "fake_clock.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", cls.fake_clock, SOURCE], check=True)

    def setUp(self):
        self.file = pathlib.Path(tempfile.mkstemp(dir=self.folder)[1])
        self.set(0)
        self.env = {"LD_PRELOAD": str(self.fake_clock), "E2E_CLOCK_FILE": str(self.file),
                    "ASAN_OPTIONS": "verify_asan_link_order=0"}
        self.own = Program(env=self.env)
        self.addCleanup(self.own.close)

    def set(self, seconds: int):
        """Shifts the clock from now on; in place, because the program has mapped the file."""
        with open(self.file, "r+b") as file:
            file.write(struct.pack("=q", seconds))

    def samples(self) -> dict:
        lines = self.own.client().get("/metrics").body.decode().splitlines()
        return {line.split(" ")[0]: float(line.split(" ")[1]) for line in lines if line.startswith("headwater_clock_jumps_total")}

    def short_lived(self, acct, role: str) -> str:
        return make_token(acct.operator, role=role, account_ids=[acct.id], expires_in_days=1)["token"]


class Expiry(Clock):
    def test_a_clock_that_is_set_back_revives_no_token(self):
        acct = Account(self.own.start())
        token = self.short_lived(acct, "viewer")
        path = acct.at("/referrer-mappings")
        self.expect(self.own.client(token).get(path), 200)
        self.set(2 * DAY)
        for gone in (path, "/accounts", f"/accounts/{acct.id}"):
            self.rules_error(self.own.client(token).get(gone), 401, "unauthorized", "API key has expired")
        acct.mapping("later.example")  # the log has seen that time
        self.set(0)
        self.rules_error(self.own.client(token).get(path), 401, "unauthorized", "API key has expired")
        self.expect(acct.viewer.get(path), 200)
        fresh = self.short_lived(acct, "viewer")  # a day from the log's time, or it would be dead already
        self.expect(self.own.client(fresh).get(path), 200)

    def test_visits_in_a_stream_end_when_the_token_does(self):
        acct = Account(self.own.start())
        with Stream(acct, self.short_lived(acct, "tracker")) as stream:
            stream.send_lines(VISIT)
            self.assertEqual(stream.read_head().status, 200)
            pieces = stream.chunks()
            self.assertNotIn("error", json.loads(next(pieces)))
            self.set(2 * DAY)
            stream.send_lines(VISIT)
            error = json.loads(next(pieces))["error"]
            self.assertEqual((error["code"], error["message"]), ("unauthorized", "API key has expired"))
            self.assertEqual(list(pieces), [])
            self.assertTrue(stream.is_closed())

    def test_a_follower_of_events_ends_when_the_token_does(self):
        acct = Account(self.own.start())
        acct.mapping("before.example")
        one = Following(self.own, self.short_lived(acct, "viewer"), f"/events?account_id={acct.id}")
        self.addCleanup(one.close)
        self.assertEqual(one.message()["id"], "1")
        self.set(2 * DAY)
        message = one.message()
        self.assertEqual(message["event"], "error")
        self.assertIn("API key has expired", message["data"])


class Jumps(Clock):
    def wait_for_line(self, *words) -> str:
        end = time.monotonic() + 10
        while time.monotonic() < end:
            for line in self.own.log_text().splitlines():
                if all(word in line for word in words):
                    return line
            time.sleep(0.05)
        self.fail(f"no line with {words}\n{self.own.log_text()[-2000:]}")

    def test_both_directions_are_told_and_counted(self):
        self.own.start()
        forward, back = 'headwater_clock_jumps_total{direction="forward"}', 'headwater_clock_jumps_total{direction="back"}'
        time.sleep(1.5)
        self.set(4 * MINUTE)
        time.sleep(1.5)
        self.assertEqual(self.samples(), {forward: 0, back: 0})
        self.set(10 * MINUTE)
        self.wait_for_line("the clock was set forward by 360 s")
        self.assertEqual(self.samples(), {forward: 1, back: 0})
        self.set(-DAY)
        self.wait_for_line("the clock was set back by 87000 s")
        self.assertEqual(self.samples(), {forward: 1, back: 1})


class Start(Clock):
    def refused(self, *flags) -> str:
        """The start ends with one line, which names the way out."""
        self.own.flags = list(flags)
        with self.assertRaises(StartFailed) as caught:
            self.own.start()
        self.assertEqual(caught.exception.code, 1)
        lines = [line for line in caught.exception.stderr.splitlines() if line.strip()]
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("--accept-clock", lines[0])
        return lines[0]

    def files(self) -> dict:
        return {path.name: path.stat().st_mtime_ns for path in (self.own.data / "db").iterdir() if not path.name.startswith("LO")}

    def test_a_clock_behind_the_log_is_refused_unless_it_is_accepted(self):
        self.own.start()
        Account(self.own)
        self.own.stop()
        self.set(-6 * MINUTE)
        before = self.files()
        self.assertIn("the last event of the log is of", self.refused())
        self.assertEqual(self.files(), before)
        command = [find_program(), "token", "create", "--data", str(self.own.data)]
        done = subprocess.run(command, capture_output=True, text=True, env=clean_environment(self.env))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("--accept-clock", done.stderr)
        self.own.flags = ["--accept-clock"]
        self.own.start()
        self.assertIn("accepted: the clock says", self.own.log_text())
        self.expect(self.own.client().get("/accounts"), 200)
        self.own.stop()
        self.set(-4 * MINUTE)
        self.own.flags = []
        self.own.start()

    def test_a_clock_far_ahead_of_everything_known_is_refused(self):
        self.own.start()
        Account(self.own)
        self.own.stop()
        self.set(401 * DAY)
        self.assertIn("more than 400 days after", self.refused())
        self.own.env["HEADWATER_ACCEPT_CLOCK"] = "true"
        self.own.start()
        self.own.stop()
        del self.own.env["HEADWATER_ACCEPT_CLOCK"]
        self.set(399 * DAY)  # the token's first use wrote no event, so the log is still of today
        self.own.start()

    def test_a_restore_is_held_to_the_same_and_writes_no_wrong_time(self):
        self.own.start()
        Account(self.own)
        self.own.stop()
        data, new = self.own.data, self.own.home / "new"
        done = run_command("snapshot", "create", "--data", data)
        self.assertEqual(done.returncode, 0, done.stderr)
        command = ("snapshot", "restore", "--from", data / "snapshots" / done.stdout.split()[0], "--data", new)
        for shift, why in ((5000 * DAY, "more than 400 days after"), (-DAY, "the last event of the log is of")):
            self.set(shift)
            done = run_command(*command, env=self.env)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
            self.assertIn(why, done.stderr)
            self.assertIn("--accept-clock", done.stderr)
            self.assertFalse(new.exists())
        done = run_command(*command, "--accept-clock", env=self.env)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("accepted: the clock says", done.stderr)


class Snapshots(Clock):
    def wait_for(self, wanted, what) -> list:
        """The names of the snapshots, oldest first, once they are as wanted."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            listed = [each["name"] for each in self.expect(self.own.client().get("/snapshots"), 200).data["snapshots"]]
            if wanted(listed):
                return listed
            time.sleep(0.1)
        self.fail(f"{what}: {listed}")

    def test_a_schedule_keeps_what_it_makes_after_the_clock_was_ahead(self):
        self.own.flags = ["--snapshot-every", "1s", "--snapshot-keep", "2"]
        acct = Account(self.own.start())
        self.wait_for(lambda names: len(names) == 2, "two of today")
        today = self.wait_for(bool, "one")[0][:8]
        self.set(40 * DAY)
        acct.mapping("ahead.example")
        ahead = self.wait_for(lambda names: len(names) == 2 and all(name[:8] > today for name in names), "two ahead")
        self.set(0)
        acct.mapping("back.example")
        later = self.wait_for(lambda names: len(names) == 2 and not set(names) & set(ahead), "two that were made later")
        self.assertEqual([name[:8] for name in later], [today, today])


if __name__ == "__main__":
    unittest.main()
