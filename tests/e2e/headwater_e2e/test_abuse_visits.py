"""What the visits of one account do to another's: the attacker holds a tracker's token, which stands in
every page, of an account whose editor has made the worst rules that there are.

HEADWATER_ABUSE_SECONDS sets how long each attack lasts (3 by default).
"""
import json
import multiprocessing
import os
import socket
import time

from .case import Case
from .program import Program
from .world import Account

SECONDS = float(os.environ.get("HEADWATER_ABUSE_SECONDS", "3"))
CONNECTIONS = 20
REGEXES = 20_000
VISIT = json.dumps({"url": "https://www.shop.example/", "referrer": "https://www.some-partner.example/"}).encode()


def request(target: str, token: str, body: bytes, media: str = "application/json") -> bytes:
    return (f"POST {target} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nContent-Type: {media}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def read_answer(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            raise ConnectionError("closed")
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += connection.recv(65536)
    return head


def attack(address, message: bytes, go, stop, answered):
    """Keeps one request under way on each of the connections."""
    import selectors
    ready, count = selectors.DefaultSelector(), 0
    for _ in range(CONNECTIONS):
        one = socket.create_connection(address)
        ready.register(one, selectors.EVENT_READ)
    go.wait()
    for key in ready.get_map().values():
        key.fileobj.sendall(message)
    while not stop.is_set():
        for key, _ in ready.select(0.2):
            read_answer(key.fileobj)
            count += 1
            key.fileobj.sendall(message)
    answered.put(count)


class TestVisits(Case):
    @classmethod
    def setUpClass(cls):
        cls.own = Program().start()
        cls.acct = Account(cls.own)
        cls.hostile = Account(cls.own)
        # None of them demands a literal, so each may have to run on any host.
        rules = [{"referrer_pattern": f"^[a-w.-]{{5}}[^q]+[0-9]$(?#{number})", "match_type": "regex", "utm_source": "s"}
                 for number in range(REGEXES)]
        answer = cls.hostile.editor.post(cls.hostile.at("/referrer-mappings/import", mode="merge"), rules)
        assert answer.status == 200, answer

    @classmethod
    def tearDownClass(cls):
        cls.own.close()

    def delays_beside(self, message: bytes) -> tuple:
        """Seconds that single visits of another account take beside the attack; how often the attacker was answered."""
        go, stop, answered = multiprocessing.Event(), multiprocessing.Event(), multiprocessing.Queue()
        attacker = multiprocessing.Process(target=attack, args=(self.program.address, message, go, stop, answered), daemon=True)
        attacker.start()
        mine = request(self.acct.at("/resolve"), self.acct.tracker.token, VISIT)
        # One of these connections is most likely on each io thread.
        clients = [socket.create_connection(self.program.address) for _ in range(6)]
        for each in clients:
            each.sendall(mine)
            read_answer(each)
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
        return sorted(took), count

    def check(self, message: bytes):
        took, count = self.delays_beside(message)
        self.assertGreater(count, 10, "there was no attack")
        late = took[int(len(took) * 0.99)]
        self.assertLess(late, 0.05, f"99 % of {len(took)} within {1e3 * late:.1f} ms, median {1e3 * took[len(took) // 2]:.1f} ms")

    def test_single_visits_against_thousands_of_regexes_leave_others_their_time(self):
        self.check(request(self.hostile.at("/resolve"), self.hostile.tracker.token, VISIT))

    def test_batches_against_thousands_of_regexes_leave_others_their_time(self):
        lines = (VISIT + b"\n") * 10
        self.check(request(self.hostile.at("/resolve"), self.hostile.tracker.token, lines, "application/x-ndjson"))

    def wait_until_compiled(self):
        """After a start, the first visit has the account's rules compiled in the background."""
        with socket.create_connection(self.program.address) as one:
            one.sendall(request(self.hostile.at("/resolve"), self.hostile.tracker.token, VISIT))
            read_answer(one)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            before = self.program.processor_seconds()
            time.sleep(0.5)
            if self.program.processor_seconds() - before < 0.05:
                break

    def check_that_work_ends(self, body: bytes, media: str):
        self.wait_until_compiled()
        clients = [socket.create_connection(self.program.address) for _ in range(4)]
        for each in clients:
            each.sendall(request(self.hostile.at("/resolve"), self.hostile.tracker.token, body, media))
        before = self.program.processor_seconds()
        time.sleep(1)
        self.assertGreater(self.program.processor_seconds() - before, 0.3, "there was no work")
        for each in clients:
            each.close()
        time.sleep(1)
        before = self.program.processor_seconds()
        time.sleep(1)
        self.assertLess(self.program.processor_seconds() - before, 0.2)

    def test_work_on_a_batch_for_clients_that_have_gone_ends(self):
        self.check_that_work_ends(json.dumps({"visits": [json.loads(VISIT)] * 10_000}).encode(), "application/json")

    def test_work_on_lines_for_clients_that_have_gone_ends(self):
        self.check_that_work_ends((VISIT + b"\n") * 2_000, "application/x-ndjson")

    def test_the_program_ends_in_time_under_attack(self):
        message = request(self.hostile.at("/resolve"), self.hostile.tracker.token, (VISIT + b"\n") * 1000, "application/x-ndjson")
        clients = [socket.create_connection(self.program.address) for _ in range(CONNECTIONS)]
        for each in clients:
            each.sendall(message)
        time.sleep(0.3)
        began = time.monotonic()
        self.program.stop()
        self.assertLess(time.monotonic() - began, 10)
        for each in clients:
            each.close()
        self.program.start()
