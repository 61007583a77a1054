"""What every test of an attack also asserts: the program keeps to its memory, and ends in time under attack.

A test leaves its attack running: what ends it is a cleanup, which comes after the program has been stopped.
HEADWATER_ABUSE_SECONDS says how long each attack lasts at least (3 by default), HEADWATER_ABUSE_CONNECTIONS how many
connections the attacker has (each test has a number of its own).
"""
import json
import multiprocessing
import os
import pathlib
import re
import resource
import selectors
import socket
import threading
import time

from .case import Case
from .program import Program
from .world import Account

SECONDS = float(os.environ.get("HEADWATER_ABUSE_SECONDS", "3"))
MIB = 1 << 20
# --max-body-memory and --max-answer-memory as they are by default, and something for all else.
ALLOWED = (128 + 64 + 64) * MIB
SLOWEST = 0.05  # seconds, within which 99 % of the others' requests are answered
ENDS_WITHIN = 10  # seconds after SIGTERM
VISIT = json.dumps({"url": "https://www.shop.example/", "referrer": "https://www.some-partner.example/"}).encode()


def connections(usual: int) -> int:
    return int(os.environ.get("HEADWATER_ABUSE_CONNECTIONS", usual))


def request(target: str, token: str = None, body: bytes = None, media: str = "application/json", verb: str = None) -> bytes:
    lines = [f"{verb or ('GET' if body is None else 'POST')} {target} HTTP/1.1", "Host: a"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body is not None:
        lines += [f"Content-Type: {media}", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")


def read_answer(connection: socket.socket) -> bytes:
    """Reads an answer of known length; its head."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            raise ConnectionError("closed")
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        more = connection.recv(65536)
        if not more:
            raise ConnectionError("closed")
        body += more
    return head


def keep_asking(address, message: bytes, answers: int, count: int, go, stop, answered):
    """The attacker: sends the message, which has that many answers, on each of its connections, and again when they come.
    What the program closes, as it does after a 503, it opens anew."""
    ready = selectors.DefaultSelector()

    def open_one():
        one = socket.create_connection(address)
        one.setblocking(False)
        # What is still to be sent and to come, and the end of what was read last.
        ready.register(one, selectors.EVENT_READ | selectors.EVENT_WRITE, {"unsent": memoryview(message), "due": answers, "tail": b""})

    def go_on(one, state: dict, events: int):
        if events & selectors.EVENT_READ:
            text = one.recv(1 << 20)
            if not text:
                raise ConnectionError("closed")
            found = (state["tail"] + text).count(b"HTTP/1.1 ")
            state["tail"] = text[-8:]
            state["due"] -= found
            answered.value += found
            if state["due"] <= 0:
                state.update(unsent=memoryview(message), due=answers)
        if state["unsent"]:
            try:
                state["unsent"] = state["unsent"][one.send(state["unsent"]):]
            except BlockingIOError:
                pass
        ready.modify(one, selectors.EVENT_READ | (selectors.EVENT_WRITE if state["unsent"] else 0), state)

    for _ in range(count):
        open_one()
    go.wait()
    while not stop.is_set():
        for key, events in ready.select(0.2):
            try:
                go_on(key.fileobj, key.data, events)
            except ConnectionError:
                ready.unregister(key.fileobj)
                key.fileobj.close()
                open_one()


def run_until_stopped(attack, arguments, go, stop, answered, ended):
    """Sets `ended` if the attack cannot go on."""
    try:
        attack(*arguments, go, stop, answered)
    except OSError:  # the program has ended
        ended.set()
        stop.wait()


class Attacker:
    """A process that runs keep_asking, or another function that takes such events and counts its answers."""

    def __init__(self, attack, *arguments):
        self._go, self._stop, self._ended = (multiprocessing.Event() for _ in range(3))
        self._answered = multiprocessing.Value("q", 0)
        self._process = multiprocessing.Process(
            target=run_until_stopped, args=(attack, arguments, self._go, self._stop, self._answered, self._ended), daemon=True)
        self._process.start()
        self._go.set()

    @property
    def answered(self) -> int:
        """How many answers it got so far."""
        return self._answered.value

    @property
    def still_runs(self) -> bool:
        return self._process.is_alive() and not self._ended.is_set()

    def end(self):
        self._stop.set()
        self._process.join(20)
        if self._process.is_alive():
            self._process.terminate()


class Memory:
    """Watches the resident memory of a process."""

    def __init__(self, pid: int):
        self.path = pathlib.Path(f"/proc/{pid}/status")
        self.idle = self.highest = self.now()
        self._ends = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def now(self) -> int:
        return int(re.search(r"^VmRSS:\s+(\d+) kB$", self.path.read_text(), re.M)[1]) * 1024

    def _watch(self):
        while not self._ends.wait(0.02):
            self.highest = max(self.highest, self.now())

    def forget(self):
        """From now on what there is now counts as idle."""
        self.idle = self.highest = self.now()

    def stop(self) -> int:
        """By how many bytes it grew at most."""
        self._ends.set()
        self._watcher.join()
        return self.highest - self.idle


class Attack(Case):
    """Another account, `acct`, and the attacker's, `hostile`, in a program that is fresh for each test."""
    FLAGS = ()
    accounts = ()  # all of them: prepare() may add some

    @classmethod
    def setUpClass(cls):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16_384), hard))
        cls.own = cls.make_program().start()
        cls.acct, cls.hostile = Account(cls.own), Account(cls.own)
        cls.accounts = [cls.acct, cls.hostile]
        for each in cls.accounts:
            for role in ("viewer", "editor", "tracker", "admin"):
                each.client(role)
        cls.prepare()
        cls.own.stop()

    @classmethod
    def make_program(cls) -> Program:
        return Program(*cls.FLAGS)

    def connected(self) -> socket.socket:
        one = socket.create_connection(self.program.address)
        self.addCleanup(one.close)
        one.settimeout(30)
        return one

    @classmethod
    def prepare(cls):
        """What the attacker and the others have, made once for all tests."""

    @classmethod
    def tearDownClass(cls):
        cls.own.close()

    def setUp(self):
        # What loading made the allocator keep is not part of the idle program.
        self.own.start()
        for each in self.accounts:
            each.find_again()
            each.resolve()
        self.wait_until_compiled()
        self.attackers = []
        self.memory = Memory(self.own.process.pid)

    def wait_until_compiled(self):
        """The first visit after a start has the account's rules compiled in the background."""
        until, used = time.monotonic() + 60, 1
        while used > 0.02:
            self.assertLess(time.monotonic(), until, "it never rests")
            before = self.program.processor_seconds()
            time.sleep(0.2)
            used = self.program.processor_seconds() - before

    def tearDown(self):
        grown = self.memory.stop()
        began = time.monotonic()
        self.assertEqual(self.own.stop(timeout=60), 0)
        took = time.monotonic() - began
        if os.environ.get("HEADWATER_ABUSE_PRINT"):
            print(f"{self.id()}: {grown / MIB:.0f} MiB more, ended within {took:.1f} s", flush=True)
        self.assertLess(took, ENDS_WITHIN, "seconds after SIGTERM")
        self.assertLess(grown, ALLOWED, f"{grown / MIB:.0f} MiB more than idle, with the same rules")

    def attack(self, message: bytes, count: int, answers: int = 1):
        """Starts an attacker, which keeps the message, which has that many answers, under way on each of so many
        connections."""
        return self.attack_by(keep_asking, self.program.address, message, answers, count)

    def attack_by(self, attack, *arguments):
        attacker = Attacker(attack, *arguments)
        self.addCleanup(attacker.end)
        self.attackers.append(attacker)
        return attacker

    def hold(self, count: int, message: bytes = b"", buffer: int = None) -> list:
        """Connections that send this, if anything, and never read."""
        held = []
        for _ in range(count):
            one = socket.socket()
            if buffer:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            one.connect(self.program.address)
            self.addCleanup(one.close)
            if message:
                one.sendall(message)
            held.append(one)
        return held

    def delays(self, seconds: float = SECONDS, pause: float = 0.002) -> list:
        """Seconds that single visits of the other account take, sorted. None is refused."""
        mine = request(self.acct.at("/resolve"), self.acct.tracker.token, VISIT)
        clients = [self.connected() for _ in range(6)]  # most likely one on each io thread
        took, until = [], time.monotonic() + seconds
        while time.monotonic() < until:
            for each in clients:
                began = time.monotonic()
                each.sendall(mine)
                head = read_answer(each)
                took.append(time.monotonic() - began)
                self.assertIn(b" 200 ", head.split(b"\r\n")[0] + b" ")
            time.sleep(pause)
        return sorted(took)

    def others_are_served_in_time(self, seconds: float = SECONDS):
        """While each attacker goes on and is answered."""
        before = [attacker.answered for attacker in self.attackers]
        took = self.delays(seconds)
        for attacker, answered in zip(self.attackers, before):
            self.assertTrue(attacker.still_runs, "the attack ended early")
            self.assertGreater(attacker.answered, answered, "the attack is not answered")
        late = took[int(len(took) * 0.99)]
        said = f"99 % of {len(took)} within {1e3 * late:.1f} ms, median {1e3 * took[len(took) // 2]:.1f} ms"
        if os.environ.get("HEADWATER_ABUSE_PRINT"):
            print(f"{self.id()}: {said}", flush=True)
        self.assertLess(late, SLOWEST, said)

    def work_ends_when_they_have_gone(self, clients: list):
        """For clients that have asked for work of many seconds."""
        before = self.program.processor_seconds()
        time.sleep(1)
        self.assertGreater(self.program.processor_seconds() - before, 0.3, "there was no work")
        for each in clients:
            each.close()
        time.sleep(1)
        before = self.program.processor_seconds()
        time.sleep(1)
        self.assertLess(self.program.processor_seconds() - before, 0.2)
