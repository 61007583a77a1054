"""Whose address a request counts for: X-Forwarded-For and PROXY headers of trusted proxies, and of nobody else."""
import socket
import struct
import time
import unittest

from .case import Case
from .program import Program, StartFailed
from .wire import Connection

SELF = "/api-tokens/self"
MANY = 12  # failed logins, of which 3 a second are let through
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def proxy_header(source: str, tlvs: bytes = b"", command: int = 1) -> bytes:
    """A header of the PROXY protocol, version 2, for a TCP connection from `source`."""
    family = socket.AF_INET6 if ":" in source else socket.AF_INET
    to = "2001:db8::1" if ":" in source else "192.0.2.1"
    rest = socket.inet_pton(family, source) + socket.inet_pton(family, to) + struct.pack("!HH", 50_000, 80) + tlvs
    return SIGNATURE + bytes([0x20 | command, 0x21 if ":" in source else 0x11]) + struct.pack("!H", len(rest)) + rest


class Caller(Connection):
    """A connection from an address of this machine, which may begin with other bytes than a request."""

    def __init__(self, address: tuple, source: str = "127.0.0.1", first: bytes = b"", timeout: float = 20.0):
        self.timeout, self.buffer, self.sent = timeout, b"", b""
        self.socket = socket.create_connection(address, timeout=timeout, source_address=(source, 0))
        if first:
            self.send(first)

    def ask(self, path: str = SELF, *fields) -> int:
        """The status of a request without a token."""
        self.send(f"GET {path} HTTP/1.1\r\nHost: a\r\n{''.join(f'{field}{chr(13)}{chr(10)}' for field in fields)}\r\n".encode())
        return self.read_response().status


class Addresses(unittest.TestCase):
    FLAGS = ("--trusted-proxies", "127.0.0.1,10.0.0.0/8,2001:db8:10::/48", "--failed-logins", "3")

    @classmethod
    def setUpClass(cls):
        cls.own = Program(*cls.FLAGS).start()

    @classmethod
    def tearDownClass(cls):
        cls.own.close()

    def setUp(self):
        time.sleep(1.1)  # until all buckets are full

    def caller(self, source: str = "127.0.0.1", first: bytes = b"") -> Caller:
        one = Caller(self.own.address, source, first)
        self.addCleanup(one.close)
        return one

    def is_one_address(self, callers: list) -> bool:
        """Whether failed logins of all of them, (caller, fields...), come out of one bucket."""
        answers = [one.ask(SELF, *fields) for _ in range(MANY // len(callers)) for one, *fields in callers]
        self.assertLessEqual(set(answers), {401, 429})
        first = answers[:3]
        self.assertEqual(first, [401] * 3)
        return answers.count(429) > MANY - 3 * len(callers)


class TestForwarded(Addresses):
    def together(self, *values) -> bool:
        one = self.caller()
        return self.is_one_address([(one, f"X-Forwarded-For: {value}") for value in values])

    def test_clients_behind_a_proxy_are_counted_one_by_one(self):
        self.assertFalse(self.together("198.51.100.1", "198.51.100.2", "2001:db8:1::1"))

    def test_one_client_is_counted_in_whatever_form_it_is_written(self):
        self.assertTrue(self.together("198.51.100.3", "198.51.100.3:5678", "::ffff:198.51.100.3", "[::ffff:198.51.100.3]:443"))

    def test_ipv6_is_counted_by_its_64_bits(self):
        self.assertTrue(self.together("2001:db8:2::1", "[2001:db8:2::2]", "[2001:db8:2::3]:443"))

    def test_what_a_client_has_written_itself_changes_nothing(self):
        self.assertTrue(self.together("198.51.100.4", "1.1.1.1, 198.51.100.4", "10.0.0.9, 198.51.100.4", "unknown,198.51.100.4"))

    def test_trusted_proxies_are_passed_over(self):
        self.assertTrue(self.together("198.51.100.5", "198.51.100.5, 10.0.0.2", "198.51.100.5, 2001:db8:10::1, 10.0.0.3"))
        time.sleep(1.1)
        one = self.caller()
        self.assertFalse(self.is_one_address([(one, "X-Forwarded-For: 198.51.100.6", "X-Forwarded-For: 10.0.0.2"),
                                              (one, "X-Forwarded-For: 198.51.100.7", "X-Forwarded-For: 10.0.0.2"),
                                              (one, "X-Forwarded-For: 198.51.100.8", "X-Forwarded-For: 10.0.0.2")]))

    def test_an_entry_that_is_no_address_counts_for_the_proxy(self):
        self.assertTrue(self.together("unknown", "198.51.100.9, _hidden", "[2001:db8::1", ""))

    def test_a_header_of_others_is_not_read(self):
        one = self.caller("127.0.0.2")
        self.assertTrue(self.is_one_address([(one, f"X-Forwarded-For: 198.51.100.{n}") for n in range(20, 24)]))

    def test_thousands_of_entries_take_no_time(self):
        one = self.caller()
        long = "X-Forwarded-For: 198.51.100.10" + ",10.0.0.2" * 1_750
        # Of the processor: on a busy machine they may wait for it.
        before = self.own.processor_seconds()
        self.assertEqual({one.ask(SELF, long) for _ in range(100)}, {401, 429})
        self.assertLess(self.own.processor_seconds() - before, 2)


class TestProxyProtocol(Addresses):
    FLAGS = (*Addresses.FLAGS, "--proxy-protocol", "--header-timeout", "1", "--max-connections-per-address", "2")

    def test_clients_are_counted_by_the_address_in_the_header(self):
        callers = [(self.caller(first=proxy_header(f"198.51.100.{n}")),) for n in range(40, 43)]
        self.assertFalse(self.is_one_address(callers))

    def test_a_client_with_several_connections_is_one(self):
        callers = [(self.caller(first=proxy_header(source)),) for source in ("2001:db8:3::1", "2001:db8:3::2")]
        self.assertTrue(self.is_one_address(callers))

    def test_what_follows_the_header_is_a_request_however_it_arrives(self):
        request = b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
        for tlvs in (b"", b"\x04\x00\x05hello", b"\x04\x0f\x00" + b"x" * 3_840):
            length = len(proxy_header("198.51.100.1", tlvs) + request * 2)
            for number, cut in enumerate(range(1, length, max(1, length // 40))):
                whole = proxy_header(f"198.51.100.{100 + number}", tlvs) + request * 2
                with self.caller(first=whole[:cut]) as one:
                    one.send(whole[cut:])
                    self.assertEqual([one.read_response().status for _ in range(2)], [200, 200])

    def test_a_proxys_own_connection_is_its_own(self):
        with self.caller(first=SIGNATURE + b"\x20\x00\x00\x00") as one:
            self.assertEqual(one.ask("/livez"), 200)

    def test_a_trusted_proxy_without_a_good_header_gets_nothing_and_the_log_says_why(self):
        for first, why in ((b"PROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\nGET /livez HTTP/1.1\r\nHost: a\r\n\r\n", "version 1 of the PROXY protocol"),
                           (b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n", "no PROXY header"),
                           (SIGNATURE + b"\x21\x11\xff\xff", "more than 4096 bytes"),
                           (SIGNATURE + b"\x21", "did not come in time")):
            with self.subTest(why=why), self.caller(first=first) as one:
                self.assertTrue(one.is_closed())
                time.sleep(0.1)
                self.assertIn(why, self.own.log_text())
                time.sleep(1.1)  # one line a second

    def test_operators_listener_asks_trusted_proxies_for_the_header_too(self):
        with Program("--trusted-proxies", "127.0.0.1", "--proxy-protocol", "--header-timeout", "1", "--ops-listen", "127.0.0.1:0") as own:
            with Connection(own.ops_address) as one:
                one.send(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
                self.assertTrue(one.is_closed())
            with Connection(own.ops_address) as one:
                one.send(proxy_header("198.51.100.1") + b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
                self.assertEqual(one.read_response().status, 200)

    def test_others_are_served_without_a_header(self):
        with self.caller("127.0.0.2") as one:
            self.assertEqual(one.ask("/livez"), 200)
        with self.caller("127.0.0.2", first=proxy_header("198.51.100.60")) as one:
            self.assertEqual(one.read_response().status, 400)

    def test_connections_are_limited_by_the_address_in_the_header(self):
        # Slow bodies, so none is idle; two is the limit of each address.
        slow = f"POST /accounts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.own.admin_token}\r\nContent-Length: 9\r\n\r\n".encode()
        held = [self.caller(first=proxy_header("2001:db8:4::1") + slow) for _ in range(2)]
        time.sleep(0.2)
        with self.caller(first=proxy_header("2001:db8:4::2")) as one:
            response = one.read_response()
            self.assertEqual(response.status, 503)
            self.assertTrue(response.header("Retry-After").isdigit())
        with self.caller(first=proxy_header("2001:db8:5::1")) as other:
            self.assertEqual(other.ask("/livez"), 200)
        held[0].close()
        time.sleep(0.2)
        with self.caller(first=proxy_header("2001:db8:4::2")) as one:
            self.assertEqual(one.ask("/livez"), 200)

    def test_it_needs_to_know_whom_to_trust(self):
        for flags, said in ((("--proxy-protocol",), "--proxy-protocol needs --trusted-proxies"),
                            (("--trusted-proxies", "10.0.0.1/8"), "bits beyond its prefix are set"),
                            (("--trusted-proxies", "127.0.0.1,proxy.example"), "not an address or network")):
            own = Program(*flags)
            try:
                with self.assertRaises(StartFailed) as caught:
                    own.start()
                self.assertIn(said, caught.exception.stderr)
                self.assertFalse(own.data.exists())
            finally:
                own.close(quiet=True)


class TestConnectionsOfAnAddress(Case):
    FLAGS = ("--max-connections", "40", "--max-connections-per-address", "10")

    @classmethod
    def setUpClass(cls):
        cls.own = Program(*cls.FLAGS).start()

    @classmethod
    def tearDownClass(cls):
        cls.own.close()

    def hold(self, count: int, first: bytes) -> list:
        held = []
        for _ in range(count):
            held.append(Caller(self.own.address, first=first))
            self.addCleanup(held[-1].close)
        time.sleep(0.2)
        return held

    def others_are_served(self):
        others = [Caller(self.own.address, f"127.0.0.{n}") for n in range(2, 12)]
        self.assertEqual([one.ask("/livez") for one in others], [200] * 10)
        for one in others:
            one.close()

    def test_slow_requests_of_one_address_leave_others_their_connections(self):
        self.hold(60, b"POST /resolve HTTP/1.1\r\nHost: a\r\n")
        self.others_are_served()

    def test_idle_connections_of_an_address_give_way_to_its_new_ones(self):
        held = self.hold(60, b"")
        self.others_are_served()
        with Caller(self.own.address) as one:
            self.assertEqual(one.ask("/livez"), 200)
        self.assertTrue(held[0].is_closed())
