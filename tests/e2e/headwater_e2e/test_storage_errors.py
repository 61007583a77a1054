"""Stored data that cannot be read: the log, /metrics and /readyz tell it, and whoever asked hears of it."""
import json
import random
import string
import time

from .case import Case
from .program import Program
from .world import Account

MAP = "/referrer-mappings"
NDJSON = {"Accept": "application/x-ndjson"}


class Damaged(Case):
    """An installation in whose tables one byte of an event was changed while it was stopped."""

    @classmethod
    def setUpClass(cls):
        pass

    def setUp(self):
        # Without kept states an account is read from its events.
        self.own = Program("--state-events", "0").start()
        self.addCleanup(self.own.close)
        self.acct, self.whole = Account(self.own), Account(self.own)
        for number in range(400):  # several blocks of a table
            self.acct.mapping(f"m{number}.example", description=f"{number} {self.noise(number)}")
        self.whole.mapping("whole.example")
        tokens = [acct.viewer.token for acct in (self.acct, self.whole)]
        self.admin_token = self.acct.admin.token
        self.own.stop()
        self.own.start()  # a start writes what the write-ahead log holds into tables
        self.own.stop()
        self.damage(self.noise(300).encode())
        self.own.start()
        self.viewer, self.other = map(self.own.client, tokens)
        self.viewer.is_observed = False  # any operation may be 500 here
        self.place = f"stream account/{self.acct.id}, sequence "

    @staticmethod
    def noise(number: int) -> str:
        """What compression leaves mostly as it is, so that it can be found in a file."""
        return "".join(random.Random(number).choices(string.ascii_letters + string.digits, k=300))

    def damage(self, text: bytes):
        """Changes a byte of this text, in the one table that holds it."""
        for path in (self.own.data / "db").glob("*.sst"):
            content = bytearray(path.read_bytes())
            for start in range(0, len(text) - 20, 5):
                at = content.find(text[start:start + 20])
                if at >= 0:
                    content[at + 10] ^= 1
                    path.write_bytes(content)
                    return
        self.fail("the text is in no table")

    def log_lines(self, *words) -> list:
        return [line for line in self.own.log_text().splitlines() if all(word in line for word in words)]

    def count(self) -> float:
        for line in self.own.client().get("/metrics").body.decode().splitlines():
            if line.startswith("headwater_storage_errors_total "):
                return float(line.split()[1])
        self.fail("no headwater_storage_errors_total")

    def assert_told(self, request_id: str):
        """One line in the log has request, stream, sequence and file."""
        deadline = time.monotonic() + 10  # the log is written beside the answers
        while not (lines := self.log_lines("event=storage_error", f"request_id={request_id} ")) and time.monotonic() < deadline:
            time.sleep(0.02)
        self.assertEqual(len(lines), 1, self.own.log_text()[-2000:])
        self.assertIn(self.place, lines[0])
        self.assertIn(".sst", lines[0])

    def test_an_account_that_cannot_be_read_is_told_and_others_go_on(self):
        before = self.count()
        response = self.viewer.get(self.acct.at(MAP))
        fault = self.rules_error(response, 500, "internal_error", "Stored data could not be read")
        self.assertEqual(set(fault), {"code", "message"})
        self.assert_told(response.header("X-Request-ID"))
        self.assertEqual(self.count(), before + 1)
        self.expect(self.other.get(self.whole.at(MAP)), 200)

    def test_readyz_tells_admins_of_all_accounts_what_and_others_nothing(self):
        self.expect(self.viewer.get(self.acct.at(MAP)), 500)
        told = self.expect(self.own.client().get("/readyz"), 200).data
        self.assertEqual(told["status"], "ready")
        self.assertGreaterEqual(told["storage_errors"]["count"], 1)
        self.assertIn(self.place, told["storage_errors"]["last"])
        self.assertIn(".sst", told["storage_errors"]["last"])
        for token in (None, self.viewer.token, self.admin_token, "hw_" + "x" * 43):
            self.assertEqual(self.expect(self.own.client(token).get("/readyz"), 200).data, {"status": "ready"})

    def test_readings_of_events_end_at_the_damage_with_a_line_in_the_log(self):
        page = self.viewer.get(f"/events?account_id={self.acct.id}&limit=1000&after=299")
        self.rules_error(page, 500, "internal_error", "Stored data could not be read")
        self.assert_told(page.header("X-Request-ID"))

        lines = self.expect(self.viewer.request("GET", f"/events?account_id={self.acct.id}", headers=NDJSON), 200)
        read = [json.loads(line) for line in lines.body.decode().splitlines()]
        self.assertEqual(read[-1]["error"]["message"], "Stored data could not be read")
        self.assertGreater(len(read), 100)
        self.assert_told(lines.header("X-Request-ID"))

        with self.own.connect() as follower:
            follower.send((f"GET /events?account_id={self.acct.id} HTTP/1.1\r\nHost: a\r\nX-Request-ID: follower\r\n"
                           f"Authorization: Bearer {self.viewer.token}\r\nAccept: text/event-stream\r\n\r\n").encode())
            text = follower.read_response().body.decode()
        self.assertIn("event: error\n", text)
        self.assertIn("Stored data could not be read", text)
        self.assert_told("follower")


class Stopped(Case):
    @classmethod
    def setUpClass(cls):
        pass

    def test_readyz_knows_at_once_that_the_log_has_stopped_and_tells_no_path(self):
        for _ in range(3):  # the journal looks once a second, so one try might be lucky
            with Program() as own:
                acct = Account(own)
                link, admin = acct.connection(), acct.admin
                self.expect(acct.editor.post(acct.events(link), []), 200)
                own.limit_file_size(0)
                # Notes the fault of the push beside the log, which is what fails.
                self.expect(acct.editor.post(acct.events(link), [{}]), 422)
                began = time.monotonic()
                ready = own.client(None).get("/readyz")
                while ready.status != 503 and time.monotonic() < began + 0.15:
                    ready = own.client(None).get("/readyz")
                fault = self.rules_error(ready, 503, "service_unavailable")
                self.assertEqual(fault["message"], "Not ready: a write failed, and the log takes no more")
                self.assertEqual(self.rules_error(admin.get("/readyz"), 503, "service_unavailable"), fault)
                detail = self.rules_error(own.client().get("/readyz"), 503, "service_unavailable")["message"]
                self.assertIn(str(own.data), detail)
