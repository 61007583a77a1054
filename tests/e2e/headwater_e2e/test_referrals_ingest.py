"""Batches under stress: whole or not at all, whatever comes, and bounded in queue and memory."""
import http.client
import json
import pathlib
import threading

from .case import Case
from .program import Program
from .wire import Connection
from .world import Account


def rows(count: int, first: int = 0, **fields) -> list:
    return [{"date": "2026-05-01", "raw_referrer_value": "chatgpt.com", "raw_page_value": f"/p/{first + number}", "pageviews": 1,
             **fields} for number in range(count)]


class Client(threading.Thread):
    """Pushes bodies to one connection, one after the other, and keeps the answers."""

    def __init__(self, acct, connection, bodies, media_type="application/json"):
        super().__init__()
        self.acct, self.path, self.bodies, self.media_type, self.answers = acct, acct.events(connection), bodies, media_type, []
        self.token = acct.editor.token

    def run(self):
        link = http.client.HTTPConnection(*self.acct.program.address)
        for body in self.bodies:
            chunks = iter(body) if isinstance(body, list) else body
            link.request("POST", self.path, chunks, {"Authorization": f"Bearer {self.token}", "Content-Type": self.media_type},
                         encode_chunked=isinstance(body, list))
            response = link.getresponse()
            self.answers.append((response.status, response.headers, json.loads(response.read())))


def together(clients) -> list:
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    return [answer for each in clients for answer in each.answers]


class Pushing(Case):
    """An account of its own for each test, on the program of the class."""

    own = None  # the shared one

    def setUp(self):
        self.acct = Account(self.own)
        self.site = self.acct.connection()

    def push(self, body, media_type="application/json"):
        return self.acct.editor.request("POST", self.acct.events(self.site), body=body, headers={"Content-Type": media_type})

    def stored(self) -> tuple:
        """How many pages have rows, and the sum of their views."""
        path = f"/{self.acct.brand}/ai-referrals?start_date=2026-01-01&end_date=2026-12-31&group_by=page&limit=1"
        report = self.expect(self.acct.viewer.get(path), 200).json()
        return report["total"], report["totals"]["pageviews"] or 0


class Ingest(Pushing):
    def test_body_that_stops_in_the_middle_changes_nothing(self):
        payload = json.dumps(rows(50)).encode()
        link = Connection(self.acct.program.address)
        link.send(f"POST {self.acct.events(self.site)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.acct.editor.token}\r\n"
                  f"Content-Type: application/json\r\nContent-Length: {len(payload)}\r\n\r\n".encode() + payload[:-30])
        link.close()
        self.assertEqual(self.stored(), (0, 0))
        self.expect(self.push(payload), 200)
        self.assertEqual(self.stored(), (50, 50))

    def test_a_fault_in_the_last_row_of_ten_thousand_takes_none(self):
        self.expect(self.push(json.dumps(rows(9_999) + rows(1, sessions=-1)).encode()), 422)
        self.assertEqual(self.stored(), (0, 0))

    def test_ten_thousand_identical_rows_are_one(self):
        answer = self.expect(self.push(json.dumps(rows(1) * 10_000).encode()), 200).json()
        self.assertEqual((answer["accepted"], answer["deduplicated"]), (10_000, 9_999))
        self.assertEqual(self.stored(), (1, 1))

    def test_bytes_that_are_not_utf_8_are_400_and_take_nothing(self):
        for bad in (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"):
            with self.subTest(bytes=bad):
                payload = json.dumps(rows(3)).encode().replace(b"/p/1", b"/p/" + bad)
                self.expect(self.push(payload), 400)
        self.assertEqual(self.stored(), (0, 0))

    def test_numbers_at_the_edges(self):
        for text, status in (("-0", 200), ("1.0", 200), ("1e400", 422), ('"1"', 422), ("9007199254740991", 200), ("9007199254740992", 422),
                             ("1e-400", 422), ("-1", 422), ("NaN", 400), ("0x1", 400), ("1e2", 200)):
            with self.subTest(number=text):
                payload = json.dumps(rows(1, sessions=7)).replace('"sessions": 7', f'"sessions": {text}').encode()
                self.expect(self.push(payload), status)

    def test_the_29th_of_february_exists_in_leap_years_only(self):
        for date, status in (("2024-02-29", 200), ("2025-02-29", 422), ("2000-02-29", 200), ("1900-02-29", 422)):
            with self.subTest(date=date):
                self.expect(self.push(json.dumps(rows(1, date=date)).encode()), status)

    def test_two_clients_with_the_same_batch_leave_one(self):
        payload = json.dumps(rows(2_000)).encode()
        answers = together([Client(self.acct, self.site, [payload] * 3) for _ in range(4)])
        self.assertEqual([status for status, _, _ in answers], [200] * 12)
        self.assertEqual(sum(body["accepted"] - body["deduplicated"] for _, _, body in answers), 2_000)
        self.assertEqual(self.stored(), (2_000, 2_000))

    def test_pushes_of_one_connection_are_in_order(self):
        client = Client(self.acct, self.site, [json.dumps(rows(100, pageviews=number)).encode() for number in range(20)])
        self.assertEqual({status for status, _, _ in together([client])}, {200})
        self.assertEqual(self.stored(), (100, 1_900))

    def test_disabling_while_a_push_runs_takes_it_whole_or_not_at_all(self):
        clients = [Client(self.acct, self.site, [json.dumps(rows(3_000, first=3_000 * (5 * number + part))).encode() for part in range(5)])
                   for number in range(4)]
        for each in clients:
            each.start()
        self.expect(self.acct.editor.delete(self.acct.connections(self.site["id"])), 200)
        for each in clients:
            each.join()
        answers = [answer for each in clients for answer in each.answers]
        self.assertLessEqual({status for status, _, _ in answers}, {200, 410})
        self.expect(self.acct.editor.post(self.acct.connections(), {"website": self.site["website"], "provider": "custom"}), 201)
        taken = sum(status == 200 for status, _, _ in answers)
        self.assertEqual(self.stored(), (3_000 * taken, 3_000 * taken))


class Queue(Pushing):
    """A program whose only ingest worker holds one push."""

    @classmethod
    def setUpClass(cls):
        cls.own = Program("--ingest-queue", "1", "--ingest-workers", "1")
        cls.own.start()

    @classmethod
    def tearDownClass(cls):
        cls.own.close()

    def test_beyond_the_queue_is_503_and_takes_nothing(self):
        clients = [Client(self.acct, self.site, [json.dumps(rows(4_000, first=4_000 * (4 * number + part))).encode() for part in range(4)])
                   for number in range(6)]
        answers = together(clients)
        refused = [(headers, body) for status, headers, body in answers if status == 503]
        self.assertEqual({status for status, _, _ in answers}, {200, 503})
        for headers, body in refused:
            self.assertGreaterEqual(int(headers["Retry-After"]), 1)
            self.assertIn("nothing of this one was taken", body["detail"])
        taken = len(answers) - len(refused)
        self.assertEqual(self.stored(), (4_000 * taken, 4_000 * taken))


class Memory(Case):
    """What bodies of 5 MiB cost, array and NDJSON, whole and in chunks."""

    BODIES = 16
    LIMIT_MIB = 16  # of each that is under way

    @classmethod
    def setUpClass(cls):
        cls.own = Program("--max-body-memory", str(256 * 2**20), "--ingest-queue", "64")
        cls.own.start()
        cls.acct = Account(cls.own)
        cls.sites = [cls.acct.connection(f"https://site{number}.example") for number in range(cls.BODIES)]

    @classmethod
    def tearDownClass(cls):
        cls.own.close()

    def peak(self) -> float:
        text = pathlib.Path(f"/proc/{self.own.process.pid}/status").read_text()
        return int(text.partition("VmHWM:")[2].split()[0]) / 1024

    def bodies(self, seed: int, ndjson: bool, chunked: bool):
        of = [json.dumps(row) for row in rows(10_000, pageviews=seed, raw_page_value="", sessions=2)]
        of = [text.replace('"raw_page_value": ""', f'"raw_page_value": "/{seed}/{number}/{"x" * 385}"') for number, text in enumerate(of)]
        body = ("\n".join(of) if ndjson else f"[{','.join(of)}]").encode()
        assert 4.7 * 2**20 < len(body) <= 5 * 2**20, len(body)
        return [body[at:at + 65_536] for at in range(0, len(body), 65_536)] if chunked else body

    def test_bodies_of_5_mib_cost_at_most_16_mib_each(self):
        one_by_one, seed = [], 0
        for _ in range(3):  # until the memory of the database itself is as large as it gets
            for ndjson in (False, True):
                for chunked in (False, True):
                    seed += 1
                    one_by_one.append((ndjson, self.bodies(seed, ndjson, chunked)))
        for number, (ndjson, body) in enumerate(one_by_one):
            media_type = "application/x-ndjson" if ndjson else "application/json"
            answers = together([Client(self.acct, self.sites[number % self.BODIES], [body], media_type)])
            self.assertEqual(answers[0][0], 200, answers)
        alone = self.peak()
        answers = together([Client(self.acct, site, [self.bodies(100 + number, False, False)]) for number, site in enumerate(self.sites)])
        self.assertEqual({status for status, _, _ in answers}, {200})
        each = (self.peak() - alone) / (self.BODIES - 1)
        print(f"    ({each:.1f} MiB for each of {self.BODIES} bodies)", flush=True)
        self.assertLess(each, self.LIMIT_MIB, f"{alone:.0f} MiB after one by one, {self.peak():.0f} MiB with {self.BODIES} at once")
