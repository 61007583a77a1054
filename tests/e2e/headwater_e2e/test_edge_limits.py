"""Deadlines, sizes and counts of the edge, each set small, each seen to bite over a raw socket."""
import time

from .case import Case
from .program import Program
from .wire import NoResponse
from .world import Account

HEAD = b"POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"


class Own(Case):
    FLAGS = ()

    @classmethod
    def setUpClass(cls):
        cls.own = Program(*cls.FLAGS).start()
        cls.acct = Account(cls.own)
        cls.head = HEAD % (cls.acct.at("/passthrough-referrers").encode(), cls.acct.editor.token.encode())

    @classmethod
    def tearDownClass(cls):
        cls.own.close()

    def ended(self, connection, within: float) -> float:
        """Waits for the server to end the connection, at most with one 4xx; the seconds it took."""
        began = time.monotonic()
        try:
            response = connection.read_response(timeout=within)
            self.assertIn(response.status, (400, 408), f"\n{response}")
        except NoResponse as fault:
            self.assertNotIn("in time", str(fault))
        except ConnectionError:
            return time.monotonic() - began
        self.assertTrue(connection.is_closed(within))
        return time.monotonic() - began


class Deadlines(Own):
    FLAGS = ("--header-timeout", "1", "--body-timeout", "1.5", "--idle-timeout", "2")

    def test_header_has_an_absolute_deadline(self):
        with self.own.connect() as connection:
            connection.send(b"GET /livez HTTP/1.1\r\n")
            self.assertLess(self.ended(connection, 5), 4)

    def test_slow_drip_of_a_header_does_not_move_the_deadline(self):
        with self.own.connect() as connection:
            began = time.monotonic()
            try:
                connection.send(b"GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow: ")
                while time.monotonic() - began < 6:
                    connection.send(b"x")
                    time.sleep(0.1)
            except ConnectionError:
                pass
            self.assertLess(time.monotonic() - began, 4)

    def test_body_has_an_absolute_deadline(self):
        with self.own.connect() as connection:
            began = time.monotonic()
            try:
                connection.send(self.head + b"Content-Length: 1000\r\n\r\n")
                while time.monotonic() - began < 8:
                    connection.send(b"x")
                    time.sleep(0.1)
            except ConnectionError:
                pass
            self.assertLess(time.monotonic() - began, 6)

    def test_body_that_never_comes_ends_the_connection(self):
        with self.own.connect() as connection:
            connection.send(self.head + b"Content-Length: 10\r\n\r\n")
            self.assertLess(self.ended(connection, 8), 6)

    def test_idle_connection_is_closed_without_a_word(self):
        with self.own.connect() as connection:
            connection.send(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
            self.expect(connection.read_response(), 200)
            self.assertTrue(connection.says_nothing(1.2))
            self.assertTrue(connection.is_closed(5))

    def test_idle_connection_may_go_on_before_its_deadline(self):
        with self.own.connect() as connection:
            for _ in range(4):
                connection.send(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
                self.expect(connection.read_response(), 200)
                time.sleep(1.2)

    def test_silent_connection_is_closed(self):
        with self.own.connect() as connection:
            self.assertTrue(connection.is_closed(6))

    def test_silent_connections_do_not_hinder_others(self):
        silent = [self.own.connect() for _ in range(200)]
        try:
            began = time.monotonic()
            self.expect(self.own.client(None).get("/livez"), 200)
            self.assertLess(time.monotonic() - began, 1)
        finally:
            for connection in silent:
                connection.close()


class Sizes(Own):
    FLAGS = ("--max-header-bytes", "2048", "--max-body-bytes", "1000", "--max-events-bytes", "2000", "--max-events", "3")

    def test_header_limit_is_a_setting(self):
        with self.own.connect() as connection:
            connection.send(b"GET /livez HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 2100 + b"\r\n\r\n")
            response = connection.read_response()
            self.assertIn(response.status, (400, 431), f"\n{response}")
            self.assertTrue(connection.is_closed())
        with self.own.connect() as connection:
            connection.send(b"GET /livez HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 1900 + b"\r\n\r\n")
            self.expect(connection.read_response(), 200)

    def test_body_limit_is_a_setting(self):
        start = '{"domain":"%s","utm_source":"s","x":"'
        for size, status in ((1000, 201), (1001, 413)):
            head = start % f"s{size}.example"
            response = self.acct.editor.post(self.acct.at("/passthrough-referrers"), head + "x" * (size - len(head) - 2) + '"}')
            self.expect(response, status)

    def test_chunked_body_is_limited_too(self):
        with self.own.connect() as connection:
            connection.send(self.head + b"Transfer-Encoding: chunked\r\n\r\n" + b"100\r\n" + b" " * 256 + b"\r\n")
            for _ in range(8):
                connection.send(b"100\r\n" + b" " * 256 + b"\r\n")
            self.rules_error(connection.read_response(), 413, "payload_too_large")

    def test_limits_of_pushes_are_settings(self):
        path = self.acct.events(self.acct.connection())
        row = {"date": "2026-05-20", "raw_referrer_value": "chatgpt.com", "raw_page_value": "/"}
        self.expect(self.acct.editor.post(path, [row] * 3), 200)
        self.vendor_error(self.acct.editor.post(path, [row] * 4), 413)
        self.vendor_error(self.acct.editor.post(path, [{**row, "raw_page_value": "x" * 2000}]), 413)


class Depth(Own):
    FLAGS = ("--json-depth", "4")

    def test_depth_limit_is_a_setting(self):
        for depth, status in ((4, 201), (5, 400)):
            body = '{"domain":"d%d.example","utm_source":"s","x":%s%s}' % (depth, "[" * (depth - 1), "]" * (depth - 1))
            self.expect(self.acct.editor.post(self.acct.at("/passthrough-referrers"), body), status)


class EarlyAnswers(Own):
    """An answer that comes before the upload ends must be readable, not lost in a reset."""

    def upload(self, token: bytes, size: int):
        head = HEAD % (self.acct.at("/passthrough-referrers").encode(), token) + b"Content-Length: %d\r\n\r\n" % size
        with self.own.connect() as connection:
            connection.send(head)
            for _ in range(size // 65536):
                connection.send(b"x" * 65536)
            return connection.read_response()

    def test_401_to_a_large_upload_can_be_read(self):
        self.rules_error(self.upload(b"wrong" * 8, 12 << 20), 401, "unauthorized")

    def test_413_to_a_large_upload_can_be_read(self):
        self.rules_error(self.upload(self.acct.editor.token.encode(), 12 << 20), 413, "payload_too_large")

    def test_413_comes_before_the_body(self):
        with self.own.connect() as connection:
            connection.send(self.head + b"Content-Length: 99999999999\r\n\r\n")
            began = time.monotonic()
            self.rules_error(connection.read_response(), 413, "payload_too_large")
            self.assertLess(time.monotonic() - began, 1)

    def test_draining_is_bounded_in_time(self):
        with self.own.connect() as connection:
            connection.send(self.head + b"Content-Length: 99999999999\r\n\r\n")
            connection.read_response()
            self.assertTrue(connection.is_closed(6), "still draining after 6 s")

    def test_draining_is_bounded_in_bytes(self):
        with self.own.connect() as connection:
            connection.send(self.head + b"Content-Length: 99999999999\r\n\r\n")
            connection.read_response()
            sent, block = 0, b"x" * 65536
            try:
                while sent < 256 << 20:
                    connection.send(block)
                    sent += len(block)
            except ConnectionError:
                pass
            self.assertLess(sent, 256 << 20)


class Connections(Own):
    FLAGS = ("--max-connections", "5")

    def test_idle_connections_give_way_to_new_ones(self):
        held = []
        for _ in range(30):
            connection = self.own.connect()
            connection.send(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
            self.assertEqual(connection.read_response().status, 200)
            held.append(connection)
        for _ in range(20):
            self.assertTrue(self.served(5))
        for connection in held:
            connection.close()

    def test_heads_that_do_not_end_give_way_to_new_connections(self):
        held = []
        for _ in range(30):
            connection = self.own.connect()
            connection.send(b"GET /livez HTTP/1.1\r\nHost: a\r\n")
            held.append(connection)
        for _ in range(20):
            self.assertTrue(self.served(5))
        for connection in held:
            connection.close()

    def test_connections_beyond_the_limit_are_turned_away_if_none_is_idle_and_places_come_back(self):
        self.acct.operator.close()
        self.acct.editor.close()
        time.sleep(0.3)
        held = []
        for _ in range(5):
            connection = self.own.connect()
            connection.send(self.head + b"Content-Length: 100\r\n\r\n{")  # and no end
            held.append(connection)
        time.sleep(0.3)
        self.assertFalse(self.served(2))
        held.pop().close()
        deadline = time.monotonic() + 10
        while not self.served(2):
            self.assertLess(time.monotonic(), deadline, "the freed place did not come back")
            time.sleep(0.1)
        for connection in held:
            connection.close()

    def served(self, timeout: float) -> bool:
        try:
            with self.own.connect(timeout) as connection:
                connection.send(b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                response = connection.read_response(timeout=timeout)
        except (NoResponse, OSError):
            return False
        if response.status == 503:
            self.assertRegex(response.header("Retry-After") or "", r"^\d+$", f"\n{response}")
        return response.status == 200
