"""Metrics and the description of the API, which need no token and take work to make, asked for without end, and
requests sent ahead of their answers: what is left for an account's visits.

HEADWATER_ABUSE_SECONDS sets how long each attack lasts (3 by default).
"""
import gzip
import json
import multiprocessing
import os
import selectors
import socket
import time

from .case import Case
from .program import Program
from .test_abuse_visits import VISIT, read_answer, request
from .world import Account

SECONDS = float(os.environ.get("HEADWATER_ABUSE_SECONDS", "3"))
CONNECTIONS = 100


def ask(target: str, fields: str = "") -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: a\r\n{fields}\r\n".encode()


GZIP = "Accept-Encoding: gzip\r\n"


def attack(address, message: bytes, answers: int, go, stop, answered):
    """Sends the message, which has that many answers, on each of the connections, and again when they have come."""
    ready, count = selectors.DefaultSelector(), 0
    for _ in range(CONNECTIONS):
        one = socket.create_connection(address)
        one.setblocking(False)
        # What is still to be sent and to come, and the end of what was read last.
        ready.register(one, selectors.EVENT_READ | selectors.EVENT_WRITE, {"unsent": memoryview(message), "due": answers, "tail": b""})
    go.wait()
    while not stop.is_set():
        for key, events in ready.select(0.2):
            one, state = key.fileobj, key.data
            if events & selectors.EVENT_READ:
                text = state["tail"] + one.recv(1 << 20)
                found = text.count(b"HTTP/1.1 200 ")
                state["tail"] = text[-12:]
                state["due"] -= found
                count += found
                if state["due"] == 0:
                    state.update(unsent=memoryview(message), due=answers)
            if state["unsent"]:
                try:
                    state["unsent"] = state["unsent"][one.send(state["unsent"]):]
                except BlockingIOError:
                    pass
            ready.modify(one, selectors.EVENT_READ | (selectors.EVENT_WRITE if state["unsent"] else 0), state)
    answered.put(count)


class TestMetrics(Case):
    @classmethod
    def setUpClass(cls):
        cls.own = Program().start()
        cls.acct = Account(cls.own)

    @classmethod
    def tearDownClass(cls):
        cls.own.close()

    def check(self, message: bytes, answers: int):
        """Single visits of an account beside a hundred connections that send the message, which has that many answers."""
        go, stop, answered = multiprocessing.Event(), multiprocessing.Event(), multiprocessing.Queue()
        attacker = multiprocessing.Process(target=attack, args=(self.program.address, message, answers, go, stop, answered), daemon=True)
        attacker.start()
        mine = request(self.acct.at("/resolve"), self.acct.tracker.token, VISIT)
        clients = [socket.create_connection(self.program.address) for _ in range(6)]
        go.set()
        time.sleep(0.3)
        took, until = [], time.monotonic() + SECONDS
        while time.monotonic() < until:
            for each in clients:
                began = time.monotonic()
                each.sendall(mine)
                self.assertIn(b" 200 ", read_answer(each).split(b"\r\n")[0] + b" ")
                took.append(time.monotonic() - began)
            time.sleep(0.002)
        stop.set()
        count = answered.get(timeout=20)
        attacker.join(20)
        for each in clients:
            each.close()
        self.assertGreater(count, 100, "there was no attack")
        took.sort()
        late = took[int(len(took) * 0.99)]
        said = f"99 % of {len(took)} within {1e3 * late:.1f} ms, median {1e3 * took[len(took) // 2]:.1f} ms, beside {count / SECONDS:.0f} pages a second"
        if "HEADWATER_ABUSE_SECONDS" in os.environ:
            print(said)
        self.assertLess(late, 0.05, said)

    def test_metrics_leave_others_their_time(self):
        self.check(ask("/metrics") * 10, 10)

    def test_metrics_in_gzip_leave_others_their_time(self):
        self.check(ask("/metrics", GZIP) * 10, 10)

    def test_the_description_of_the_api_leaves_others_their_time(self):
        self.check(ask("/openapi.json") * 10, 10)

    def test_the_description_of_the_api_in_gzip_leaves_others_their_time(self):
        self.check(ask("/openapi.json", GZIP) * 10, 10)

    def test_requests_that_are_sent_ahead_leave_others_their_time(self):
        # Behind a body of more than 4 KiB the server reads 64 KiB at a time: this is the most that it takes in one piece.
        long = json.dumps({"url": "https://www.shop.example/" + "x" * 5_000}).encode()
        first = request(self.acct.at("/resolve"), self.acct.tracker.token, long)
        follow = 1_500
        self.check(first + ask("/livez") * follow, follow + 1)

    def pages(self, target: str, count: int, fields: str = "") -> list:
        """The answers to that many requests, sent at once."""
        with self.program.connect() as one:
            one.send(ask(target, fields) * count)
            return [one.read_response() for _ in range(count)]

    def test_metrics_are_made_ten_times_a_second_at_most(self):
        for fields in ("", GZIP):
            time.sleep(1.1)
            began = time.monotonic()
            pages = {one.body for one in self.pages("/metrics", 300, fields)}
            took = time.monotonic() - began
            # Each page counts the requests before it, so no two that are made are the same.
            self.assertLessEqual(len(pages), 10 + 10 * took + 2)
            self.assertGreater(len(pages), 1)

    def test_a_page_is_the_same_in_gzip(self):
        plain, packed = self.pages("/openapi.json", 1)[0], self.pages("/openapi.json", 1, GZIP)[0]
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        self.assertEqual((packed.header("Content-Encoding"), plain.header("Content-Encoding")), ("gzip", None))
        self.assertNotEqual(packed.header("ETag"), plain.header("ETag"))
        time.sleep(1.1)
        found = gzip.decompress(self.pages("/metrics", 1, GZIP)[0].body)
        self.assertIn(b"headwater_http_requests_total", found)

    def test_counters_never_go_back(self):
        values = []
        for one in self.pages("/metrics", 200):
            line = next(line for line in one.body.decode().splitlines() if line.startswith("headwater_http_accepted_total "))
            values.append(float(line.split()[1]))
        self.assertEqual(values, sorted(values))
