"""Metrics and the description of the API, which need no token and take work to make, asked for without end, and
requests sent ahead of their answers: what is left for an account's visits.
"""
import gzip
import json
import threading
import time

from .abuse import Attack, connections, request

CONNECTIONS = connections(100)


def ask(target: str, fields: str = "") -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: a\r\n{fields}\r\n".encode()


GZIP = "Accept-Encoding: gzip\r\n"


class TestMetrics(Attack):
    def check(self, message: bytes, answers: int):
        """Single visits of an account beside connections that send the message, which has that many answers."""
        attacker = self.attack(message, CONNECTIONS, answers)
        self.others_are_served_in_time()
        self.assertGreater(attacker.answered, 100, "there was no attack")

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
        first = request(self.hostile.at("/resolve"), self.hostile.tracker.token, long)
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
        seen = []  # when it was asked for and answered, and how many requests there had been

        def read(until: float):
            with self.program.connect() as one:
                while time.monotonic() < until:
                    asked = time.monotonic()
                    one.send(ask("/metrics"))
                    lines = one.read_response().body.decode().splitlines()
                    answered = time.monotonic()
                    seen.append((asked, answered, sum(float(line.split()[-1]) for line in lines if line.startswith("headwater_http_requests_total{"))))

        until = time.monotonic() + 2
        readers = [threading.Thread(target=read, args=(until,)) for _ in range(8)]
        for each in readers:
            each.start()
        for each in readers:
            each.join()
        self.assertGreater(len({count for *_, count in seen}), 10)
        # An answer shows no less than each that had come when it was asked for.
        came, most = sorted(seen, key=lambda one: one[1]), 0
        for asked, _, count in sorted(seen):
            while came and came[0][1] <= asked:
                most = max(most, came.pop(0)[2])
            self.assertGreaterEqual(count, most)
