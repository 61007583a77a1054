"""What was under way when an account was erased ends with 410, soon, and with nothing of the account."""
import json
import socket
import threading
import time

from .test_erasure import PASS, Erasing
from .world import Account, make_token


class Waiting:
    """A request that goes out piece by piece."""

    def __init__(self, own, head: str, token: str):
        self.socket = socket.create_connection(own.address, timeout=10)
        self.send(f"{head} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n".encode())

    def send(self, data: bytes):
        self.socket.sendall(data)

    def chunk(self, data: bytes):
        self.send(b"%x\r\n%s\r\n" % (len(data), data))

    def until(self, wanted: bytes) -> bytes:
        """All that comes up to there; less if the connection ends before."""
        seen = b""
        while wanted not in seen and (piece := self.socket.recv(65536)):
            seen += piece
        return seen

    def rest(self) -> bytes:
        return self.until(b"\0")


class UnderWay(Erasing):
    def setUp(self):
        self.own = self.made()
        self.operator = self.own.client()
        self.acct = Account(self.own)
        self.token = make_token(self.operator, role="admin", account_ids=["*"])["token"]

    def erased(self):
        self.erase(self.operator, self.acct.id)
        self.done(self.operator, self.acct.id)

    def test_push_whose_body_ends_behind_the_erasure_is_410_at_once(self):
        link, body = self.acct.connection(), json.dumps([self.row("/late")]).encode()
        late = Waiting(self.own, f"POST {self.acct.events(link)}", self.token)
        late.send(b"Content-Length: %d\r\n\r\n%s" % (len(body), body[:10]))
        time.sleep(0.2)
        self.erased()
        began = time.monotonic()
        late.send(body[10:])
        answer = late.until(b"}")
        self.assertTrue(answer.startswith(b"HTTP/1.1 410 "), answer)
        self.assertLess(time.monotonic() - began, 3)

    def test_resolve_stream_ends_with_an_error_line(self):
        self.acct.mapping("partner.example", utm_source="told-by-nobody-else")
        visit = json.dumps({"url": "https://a.example/", "referrer": "https://partner.example/"}).encode() + b"\n"
        stream = Waiting(self.own, f"POST /resolve?account_id={self.acct.id}", self.token)
        stream.send(b"Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
        stream.chunk(visit)
        self.assertIn(b"told-by-nobody-else", stream.until(b"told-by-nobody-else"))
        self.erased()
        stream.chunk(visit)
        after = stream.rest()
        self.assertIn(b"account_erased", after)
        self.assertNotIn(b"told-by-nobody-else", after)

    def test_followers_of_events_are_told(self):
        link = self.acct.connection()
        self.acct.passthrough("a.example")
        of_account = Waiting(self.own, f"GET {self.acct.at('/events')}", self.token)
        of_connection = Waiting(self.own, f"GET /events?connection_id={link['id']}", self.token)
        for one in (of_account, of_connection):
            one.send(b"Accept: text/event-stream\r\n\r\n")
            self.assertIn(b"event_", one.until(b'"type":').replace(b'"type":', b"event_"))
        self.erased()
        for one in (of_account, of_connection):
            self.assertIn(b"account_erased", one.rest())

    def test_readers_of_the_past_are_answered_or_told_but_never_that_the_log_is_damaged(self):
        for number in range(400):
            self.acct.passthrough(f"d{number}.example")
        statuses, told = set(), threading.Event()

        def read(target: str):
            client = self.own.client(self.token)
            while not told.is_set():
                answer = client.get(target)
                statuses.add(answer.status)
                if answer.status == 410:
                    return
        targets = [self.acct.at(PASS, as_of=390, limit=1), f"/accounts/{self.acct.id}/diff?from=1&to=400",
                   f"/accounts/{self.acct.id}/state?as_of=395", self.acct.at("/rules/lint", as_of=380)]
        readers = [threading.Thread(target=read, args=(targets[n % 4],)) for n in range(16)]
        for reader in readers:
            reader.start()
        time.sleep(0.3)
        self.erased()
        for reader in readers:
            reader.join(20)
        told.set()
        self.assertLessEqual({200, 410}, statuses)
        self.assertLessEqual(statuses, {200, 410, 503})


class Stopping(Erasing):
    def test_sigterm_ends_the_service_in_the_middle_of_erasures(self):
        own = self.made()
        for _ in range(4):
            accounts = [Account(own) for _ in range(12)]
            for acct in accounts:
                acct.mapping("partner.example")
            for acct in accounts:
                self.erase(own.client(), acct.id)
            self.assertEqual(own.stop(timeout=10), 0)
            own.start()
        for acct in accounts:
            self.done(own.client(), acct.id)
