"""Connections that are held and not used: slow bodies, answers that are not read, idle sockets."""
import socket
import time

from .case import Case
from .program import Program
from .world import Account


class Held(Case):
    FLAGS = ()

    @classmethod
    def setUpClass(cls):
        cls.own = Program(*cls.FLAGS).start()
        cls.acct, cls.hostile = Account(cls.own), Account(cls.own)
        cls.own_token, cls.hostile_token = cls.acct.tracker.token, cls.hostile.tracker.token

    @classmethod
    def tearDownClass(cls):
        cls.own.close()

    def hold(self, count: int, message: bytes) -> list:
        held = []
        for _ in range(count):
            one = socket.create_connection(self.program.address)
            self.addCleanup(one.close)
            if message:
                one.sendall(message)
            held.append(one)
        time.sleep(0.3)
        return held

    def others_are_served(self):
        """Each on a connection of its own, so on every io thread."""
        for _ in range(20):
            client = self.program.client(self.own_token)
            self.expect(client.post(self.acct.at("/resolve"), {"url": "https://a.example/"}), 200)
            client.close()


class TestManySlowRequests(Held):
    FLAGS = ("--max-in-flight", "20")

    def test_bodies_that_do_not_come_leave_others_their_places(self):
        head = (f"POST {self.hostile.at('/resolve')} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.hostile_token}\r\n"
                "Content-Length: 100\r\n\r\n{").encode()
        self.hold(100, head)
        self.others_are_served()

    def test_answers_that_are_not_read_leave_others_their_places(self):
        # Many requests on each connection, whose answers fill the sockets' buffers.
        message = b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n" * 100
        self.hold(60, message)
        self.others_are_served()


class TestIdleConnections(Held):
    FLAGS = ("--max-connections", "100")

    def test_idle_connections_up_to_the_limit_give_way(self):
        self.hold(150, b"")
        self.others_are_served()

    def test_the_program_ends_in_time_beside_them(self):
        self.hold(90, b"")
        began = time.monotonic()
        self.program.stop()
        self.assertLess(time.monotonic() - began, 10)
        self.program.start()
