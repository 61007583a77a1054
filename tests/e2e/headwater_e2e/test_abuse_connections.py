"""Connections that are held and not used: slow bodies, answers that are not read, idle sockets, followers."""
import time

from .abuse import Attack, connections, request
from .world import Account


class Held(Attack):
    def others_are_served(self):
        """Each on a connection of its own, so on every io thread."""
        time.sleep(0.3)
        for _ in range(20):
            client = self.program.client(self.acct.tracker.token)
            self.expect(client.post(self.acct.at("/resolve"), {"url": "https://a.example/"}), 200)
            client.close()
        self.others_are_served_in_time(1)


class TestManySlowRequests(Held):
    FLAGS = ("--max-in-flight", "20")

    def test_bodies_that_do_not_come_leave_others_their_places(self):
        head = (f"POST {self.hostile.at('/resolve')} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.hostile.tracker.token}\r\n"
                "Content-Length: 100\r\n\r\n{").encode()
        self.hold(connections(100), head)
        self.others_are_served()

    def test_heads_that_do_not_end_leave_others_their_places(self):
        self.hold(connections(100), b"GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow: ")
        self.others_are_served()

    def test_answers_that_are_not_read_leave_others_their_places(self):
        # Many requests on each connection, whose answers fill the sockets' buffers.
        self.hold(connections(60), request("/openapi.json") * 100)
        self.others_are_served()


class TestIdleConnections(Held):
    FLAGS = ("--max-connections", "100")

    def test_idle_connections_up_to_the_limit_give_way(self):
        self.hold(connections(150))
        self.others_are_served()


class TestManyIdleConnections(Held):
    def test_more_than_a_thousand_leave_the_store_its_files(self):
        self.hold(connections(1_100))
        self.others_are_served()
        for number in range(100):
            self.expect(self.acct.editor.post(self.acct.at("/passthrough-referrers"), {"domain": f"d{number}.example", "utm_source": "s"}), 201)


class TestFollowers(Held):
    @classmethod
    def prepare(cls):
        cls.more = [Account(cls.own) for _ in range(4)]
        cls.accounts += cls.more

    @staticmethod
    def following(account: Account) -> bytes:
        return request(f"/events?account_id={account.id}", account.viewer.token).replace(b"\r\n\r\n", b"\r\nAccept: text/event-stream\r\n\r\n")

    def test_the_seats_that_four_accounts_take_leave_others_one(self):
        for each in self.more:
            self.hold(30, self.following(each))
        self.others_are_served()
        # While they are held, the four get no more.
        for each in self.more:
            self.assertEqual(self.status_of(self.following(each)), 503)
        self.assertEqual(self.status_of(self.following(self.acct)), 200)

    def status_of(self, message: bytes) -> int:
        one = self.program.connect()
        self.addCleanup(one.close)
        one.send(message)
        return int(one.socket.recv(4096).split(b" ")[1])
