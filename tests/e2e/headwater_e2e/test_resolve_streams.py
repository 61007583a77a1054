"""NDJSON bodies of POST /resolve that are long: memory, order, back-pressure, revocation, fairness.

HEADWATER_VISITS sets how many visits the longest test sends (a million by default).
"""
import multiprocessing
import os
import pathlib
import re
import statistics
import threading
import time

from .case import Case
from .program import Program
from .wire import Connection
from .world import Account, make_token

VISITS = int(os.environ.get("HEADWATER_VISITS", "1000000"))
BLOCK = 1000  # visits that are sent at once; the last of each is none
RESULT = re.compile(rb'"utm_campaign":"(\d+)"|"(error)"')
MIB = 1 << 20


def memory(program, name: str) -> int:
    """A line of /proc/PID/status in bytes: VmRSS is the memory now, VmHWM the most ever."""
    text = pathlib.Path(f"/proc/{program.process.pid}/status").read_text()
    return int(re.search(rf"^{name}:\s+(\d+) kB$", text, re.M)[1]) * 1024


def block(number: int) -> bytes:
    """The number-th thousand of visits, each with its place as utm_campaign."""
    start = number * BLOCK
    return b"".join([b'{"url":"https://www.shop.example/rooms?page=2&utm_campaign=%d","referrer":"https://www.partner.example/x","session":'
                     b'{"utm_source":"s"}}\n' % place for place in range(start, start + BLOCK - 1)]) + b'{"url":\n'


class Stream(Connection):
    """One NDJSON request in chunks, whose body is sent while its answer is read."""

    def __init__(self, acct: Account, token: str, timeout: float = 60.0):
        super().__init__(acct.program.address, timeout)
        self.fault = None
        self.send((f"POST {acct.at('/resolve')} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n"
                   "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n").encode())

    def send_lines(self, lines: bytes):
        self.socket.sendall(b"%x\r\n%s\r\n" % (len(lines), lines))

    def end(self):
        self.socket.sendall(b"0\r\n\r\n")

    def send_blocks(self, count: int):
        """Sends so many blocks from a thread of its own; `sent` tells how many it got rid of."""
        self.sent_blocks = 0

        def work():
            try:
                for number in range(count):
                    self.send_lines(block(number))
                    self.sent_blocks += 1
                self.end()
            except OSError as fault:
                self.fault = fault
        self.sender = threading.Thread(target=work, daemon=True)
        self.sender.start()

    def check_results(self, case: Case, count: int):
        """Reads the answer to its end: the results of `count` blocks in their order."""
        case.assertEqual(self.read_head().status, 200)
        place, rest = 0, b""
        for chunk in self.chunks():
            text, _, rest = (rest + chunk).rpartition(b"\n")
            for campaign, error in RESULT.findall(text):
                expected = (b"", b"error") if place % BLOCK == BLOCK - 1 else (b"%d" % place, b"")
                if (campaign, error) != expected:
                    case.fail(f"visit {place} has the result of {campaign or error}")
                place += 1
        self.sender.join(self.timeout)
        case.assertEqual((place, rest, self.fault), (count * BLOCK, b"", None))


class Memory(Case):
    """A program of its own, because the most memory ever used is one of a process."""

    @classmethod
    def setUpClass(cls):
        cls.own = Program().start()
        cls.acct = Account(cls.own)

    @classmethod
    def tearDownClass(cls):
        cls.own.close()

    def check_memory(self, idle: int):
        most = memory(self.own, "VmHWM")
        self.assertLess(most - idle, 16 * MIB, f"from {idle} to {most} bytes")
        self.assertLess(most, 64 * MIB)

    def test_a_million_visits_pass_in_order_and_in_bounded_memory(self):
        token = self.acct.tracker.token
        for count in (1, VISITS // BLOCK):
            idle = memory(self.own, "VmRSS")
            with Stream(self.acct, token) as stream:
                stream.send_blocks(count)
                stream.check_results(self, count)
        self.check_memory(idle)

    def test_who_does_not_read_is_not_read_from(self):
        idle, count = memory(self.own, "VmRSS"), 200
        with Stream(self.acct, self.acct.tracker.token) as stream:
            stream.send_blocks(count)
            time.sleep(1)
            stuck = stream.sent_blocks
            time.sleep(1)
            self.assertEqual(stream.sent_blocks, stuck, "the server still reads")
            self.assertLess(stuck, count)
            self.check_memory(idle)
            stream.check_results(self, count)
        self.check_memory(idle)


class Dialogue(Case):
    def test_results_come_before_the_body_ends(self):
        with Stream(self.acct, self.acct.tracker.token) as stream:
            stream.send_lines(b'{"url":"https://a.example/"}\n{"url":"https://a.example/?utm_campaign=')
            self.assertEqual(stream.read_head().status, 200)
            results = stream.chunks()
            self.assertIn(b'"direct"', next(results))
            stream.send_lines(b'7"}\n')
            self.assertIn(b'"explicit_utm"', next(results))
            stream.end()
            self.assertEqual(list(results), [])


class Revoked(Case):
    def revoke(self, token: dict):
        self.expect(self.acct.operator.delete(f"/api-tokens/{token['id']}"), 200)

    def token(self) -> dict:
        return make_token(self.acct.operator, role="tracker", account_ids=[self.acct.id])

    def test_a_token_revoked_meanwhile_ends_the_stream_with_an_error_line(self):
        token = self.token()
        with Stream(self.acct, token["token"]) as stream:
            stream.send_lines(b'{"url":"https://a.example/"}\n')
            self.assertEqual(stream.read_head().status, 200)
            results = stream.chunks()
            self.assertIn(b'"direct"', next(results))
            self.revoke(token)
            stream.send_lines(b'{"url":"https://a.example/"}\n' * 3)
            self.assertEqual(b"".join(results), b'{"error":{"code":"unauthorized","message":"Invalid API key"}}\n')
            self.assertTrue(stream.is_closed())

    def test_the_connection_closes_though_the_body_has_ended(self):
        token = self.token()
        with Stream(self.acct, token["token"]) as stream:
            stream.send_lines(b'{"url":"https://a.example/"}\n')
            stream.read_head()
            results = stream.chunks()
            next(results)
            self.revoke(token)
            stream.end()
            self.assertIn(b'"unauthorized"', b"".join(results))
            self.assertTrue(stream.is_closed())

    def test_a_token_revoked_before_the_first_line_is_401(self):
        token = self.token()
        with Stream(self.acct, token["token"]) as stream:
            self.expect(self.acct.tracker.post(self.acct.at("/resolve"), {"url": "https://a.example/"}), 200)
            time.sleep(0.2)  # until the head of the stream was read, too
            self.revoke(token)
            stream.send_lines(b'{"url":"https://a.example/"}\n')
            self.rules_error(stream.read_response(), 401, "unauthorized", "Invalid API key")


def keep_sending(address, path, token, running, stop):
    """A process that keeps a batch running until it is told to stop."""
    lines = block(0)
    with Connection(address, 60) as connection:
        head = (f"POST {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n"
                "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.send(head.encode())

        def send():
            while not stop.is_set():
                connection.socket.sendall(b"%x\r\n%s\r\n" % (len(lines), lines))
            connection.socket.sendall(b"0\r\n\r\n")
        sender = threading.Thread(target=send, daemon=True)
        sender.start()
        connection.read_head()
        for _ in connection.chunks():
            running.value += 1
        sender.join(60)


class Fairness(Case):
    def test_a_running_batch_lets_the_visits_of_other_accounts_through(self):
        # Loose, because machines that test are busy; tests/bench/visits measures it.
        other, running, stop = Account(), multiprocessing.Value("Q", 0), multiprocessing.Event()
        batches = [multiprocessing.Process(target=keep_sending, daemon=True,
                                           args=(self.program.address, self.acct.at("/resolve"), self.acct.tracker.token, running, stop))
                   for _ in range(2)]
        clients = [self.program.client(other.tracker.token) for _ in range(4)]  # on every io thread
        for batch in batches:
            batch.start()
        try:
            while running.value < 4:
                time.sleep(0.01)
            before, took = running.value, []
            for client in clients * 50:
                began = time.monotonic()
                self.expect(client.post(other.at("/resolve"), {"url": "https://a.example/"}), 200)
                took.append(time.monotonic() - began)
            self.assertGreater(running.value, before, "the batches did not run beside")
        finally:
            stop.set()
            for batch in batches:
                batch.join(60)
        self.assertEqual([batch.exitcode for batch in batches], [0, 0])
        self.assertLess(statistics.median(took), 0.1)
        self.assertLess(max(took), 2)
