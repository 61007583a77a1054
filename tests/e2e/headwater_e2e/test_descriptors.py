"""The limit of open files: raised at the start, and shared between connections and the store."""
import os
import pathlib
import re
import resource
import select
import socket
import subprocess
import time

from .case import Case
from .program import Program, clean_environment
from .test_startup import Installation
from .wire import Connection, NoResponse
from .world import Account

PASS = "/passthrough-referrers"
LINE = re.compile(r"open files: limit (\d+), (\d+) connections(?: in place of (\d+))?, (\d+) files of the store")
# As on any machine, and patient with who is idle: a client that had to connect again among a
# thousand others would have a number that select() does not take.
STEADY = ("--io-threads", "2", "--idle-timeout", "300")
UNDER = 'ulimit -Sn "$1" && ulimit -Hn "$2" && shift 2 && exec "$@"'
ours = None


def setUpModule():
    """This process holds the other end of each connection."""
    global ours
    ours = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(ours[1], 16_384), ours[1]))


def tearDownModule():
    resource.setrlimit(resource.RLIMIT_NOFILE, ours)


def under(soft: int, hard: int, command: list) -> list:
    return ["bash", "-c", UNDER, "bash", str(soft), str(hard), *map(str, command)]


class Limited(Program):
    """A program that is started under a soft and a hard limit of open files."""

    def __init__(self, soft: int, hard: int, *flags, **more):
        super().__init__(*STEADY, *flags, **more)
        self.soft, self.hard = soft, hard

    def command(self) -> list:
        return under(self.soft, self.hard, super().command())

    def said(self) -> re.Match:
        """The line about open files, once it is there: stderr is read beside stdout."""
        deadline = time.monotonic() + 10
        while not (found := LINE.findall(self.log_text())) and time.monotonic() < deadline:
            time.sleep(0.05)
        if len(found) != 1:
            raise AssertionError(f"{len(found)} lines about open files\n{self.log_text()}")
        return LINE.search(self.log_text())

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


class Idle:
    """Connections that say nothing. Each that finds no place takes that of the one that has been idle for longest."""

    def __init__(self, address: tuple, count: int):
        self.sockets = [socket.create_connection(address, timeout=20) for _ in range(count)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for one in self.sockets:
            one.close()

    def ended(self) -> list:
        """Those that the server has ended."""
        poll, by_number = select.poll(), {one.fileno(): one for one in self.sockets}
        for number in by_number:
            poll.register(number, select.POLLIN | select.POLLHUP)
        found, before = [], None
        while len(found) != before:  # until no more come
            before = len(found)
            time.sleep(0.5)
            found = poll.poll(500)
        return [by_number[number] for number, _ in found]


def rows(count: int, tag: str) -> list:
    return [{"date": "2026-05-17", "raw_referrer_value": "chatgpt.com", "pageviews": 1,
             "raw_page_value": f"/{tag}/{n}/{os.urandom(50).hex()}"} for n in range(count)]


class Working(Installation):
    """Asks for what makes the store open files: rules, rows, flushes with a new WAL, copies of all."""

    def account(self) -> Account:
        """Its clients' connections are open before others take the places."""
        account = Account(self.own)
        self.row_place = account.events(account.connection())
        account.viewer.get(account.at(PASS))
        return account

    def work(self, account: Account, tag: str):
        account.passthrough(f"{tag}.example")
        self.expect(account.editor.post(self.row_place, rows(500, tag)), 200)
        made = self.expect(account.operator.post("/snapshots"), 201)
        self.assertEqual(made.data["state"], "complete", f"\n{made}")
        shown = self.expect(account.viewer.get(account.at(PASS)), 200)
        self.assertIn(f"{tag}.example", [rule["domain"] for rule in shown.data["referrers"]])

    def served(self, timeout: float = 2) -> bool:
        try:
            with self.own.connect(timeout) as connection:
                connection.send(b"GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                return connection.read_response(timeout=timeout).status == 200
        except (NoResponse, OSError):
            return False

    def wait_until_served(self):
        deadline = time.monotonic() + 10
        while not self.served():
            self.assertLess(time.monotonic(), deadline, "no place came back")
            time.sleep(0.1)

    def start(self, soft: int, hard: int, *flags):
        if hard > ours[1]:
            self.skipTest(f"needs a hard limit of {hard} open files, and here it is {ours[1]}")
        self.own = Limited(soft, hard, *flags)
        self.addCleanup(self.own.close)
        self.own.start()


class Raised(Working):
    def test_more_connections_than_the_soft_limit_leave_the_store_its_files(self):
        self.start(1_024, 8_192, "--max-connections", "2000")
        account = self.account()
        with Idle(self.own.address, 1_150) as idle:
            self.assertEqual(idle.ended(), [])
            self.assertGreater(self.own.open_files(), 1_150)
            for turn in range(4):
                self.work(account, f"t{turn}")
            self.assertTrue(self.served())
        self.work(account, "after")

    def test_start_says_what_it_got(self):
        self.start(1_024, 16_384)
        limit, connections, asked, files = self.own.said().groups()
        self.assertIsNone(asked)
        self.assertEqual(int(connections), 10_000)
        self.assertGreater(int(files), 1_000)
        self.assertGreaterEqual(int(limit), int(connections) + int(files))
        soft, hard = resource.prlimit(self.own.process.pid, resource.RLIMIT_NOFILE)
        self.assertEqual((soft, hard), (int(limit), 16_384))

    def test_a_soft_limit_that_is_enough_stays_as_it_is(self):
        self.start(8_000, 16_384, "--max-connections", "100")
        self.assertEqual(self.own.said()[1], "8000")

    def test_metrics_show_limits_and_what_is_open(self):
        self.start(1_024, 1_024)
        limit, connections, *_ = self.own.said().groups()
        text = self.own.client(None).get("/metrics").body.decode()
        self.assertRegex(text, rf"(?m)^headwater_http_connections_limit {connections}$")
        self.assertRegex(text, rf"(?m)^process_max_fds {limit}$")
        if os.stat("/proc/self/fd").st_size:  # Linux 6.2
            shown = re.search(r"(?m)^process_open_fds (\d+)$", text)
            self.assertAlmostEqual(int(shown[1]), self.own.open_files(), delta=5)


class Small(Working):
    def test_connections_keep_to_their_share_and_the_store_has_its_own(self):
        self.start(256, 256)
        account = self.account()
        places = int(self.own.said()[2])
        before = self.own.open_files()
        with Idle(self.own.address, places + 50) as idle:
            ended = idle.ended()
            self.assertEqual(len(idle.sockets) - len(ended), places)
            for one in ended:
                self.assertEqual(one.recv(4096), b"")
            most = 0
            for turn in range(8):
                self.work(account, f"t{turn}")
                most = max(most, self.own.open_files())
            self.assertLess(most, 256)
            self.assertTrue(self.served())
        self.wait_until_served()
        self.work(account, "after")
        self.assertLess(self.own.open_files(), before + 100)
        self.assertNotIn("accept_failed", self.own.log_text())

    def test_start_says_that_it_takes_fewer_and_what_would_be_enough(self):
        self.start(200, 1_024)
        limit, connections, asked, _ = self.own.said().groups()
        self.assertEqual((limit, asked), ("1024", "10000"))
        self.assertTrue(500 < int(connections) < 1_024, connections)
        line = next(line for line in self.own.log_text().splitlines() if LINE.search(line))
        self.assertIn(" warning ", line)
        enough = re.search(r"ulimit -n (\d+)' or LimitNOFILE=(\d+)", line)
        self.assertEqual(enough[1], enough[2])
        self.own.stop()
        if int(enough[1]) > ours[1]:
            return
        self.own.log.unlink()
        self.own.soft = self.own.hard = int(enough[1])
        self.own.start()
        self.assertEqual(self.own.said().group(2, 3), ("10000", None))

    def test_too_small_a_limit_is_refused_and_the_least_that_it_names_is_enough(self):
        own = Limited(64, 64)
        self.addCleanup(own.close)
        line = self.refused(own, "64 files", "ulimit -n", "LimitNOFILE=")
        self.assertFalse(own.data.exists())
        least = int(re.search(r"ulimit -n (\d+)", line)[1])
        below = Limited(least - 1, least - 1)
        self.addCleanup(below.close)
        self.refused(below, f"LimitNOFILE={least}")
        self.start(least, least)
        account = self.account()
        places = int(self.own.said()[2])
        with Idle(self.own.address, places) as idle:
            idle.ended()
            for turn in range(12):
                self.work(account, f"t{turn}")
        self.wait_until_served()


class NoneLeft(Installation):
    def processor_seconds(self) -> float:
        fields = pathlib.Path(f"/proc/{self.own.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def test_accepting_waits_without_spinning_and_goes_on(self):
        """As where another process has taken all that the system has."""
        self.own.start()
        soft, hard = resource.prlimit(self.own.process.pid, resource.RLIMIT_NOFILE)
        used = max(map(int, os.listdir(f"/proc/{self.own.process.pid}/fd"))) + 1
        filler = [self.own.connect() for _ in range(20)]  # numbers below `used` that are free
        time.sleep(0.3)
        resource.prlimit(self.own.process.pid, resource.RLIMIT_NOFILE, (used, hard))
        try:
            waiting = self.own.connect()
            waiting.send(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
            began = self.processor_seconds()
            self.assertTrue(waiting.says_nothing(2))
            self.assertLess(self.processor_seconds() - began, 0.5)
        finally:
            resource.prlimit(self.own.process.pid, resource.RLIMIT_NOFILE, (soft, hard))
        self.assertEqual(waiting.read_response().status, 200)
        for one in [waiting, *filler]:
            one.close()
        self.expect(self.own.client().get("/accounts"), 200)
        self.assertEqual(self.own.log_text().count("accept_failed"), 1, self.own.log_text())


class Commands(Working):
    def test_readers_may_open_every_table_at_once(self):
        self.start(1_024, 4_096)
        account = self.account()
        for turn in range(3):
            self.work(account, f"t{turn}")
        self.assertEqual(self.own.stop(), 0)
        tables = len(list((self.own.data / "db").glob("*.sst")))
        self.assertGreater(tables, 8)
        soft = 3 + tables // 2  # too few, whichever of the tables are still in use
        command = under(soft, 4_096, [self.own.binary, "log", "verify", "--data", self.own.data])
        done = subprocess.run(command, capture_output=True, text=True, env=clean_environment(), timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        # What it takes, and so the limit, was not larger by chance.
        command = under(soft, soft, [self.own.binary, "log", "verify", "--data", self.own.data])
        done = subprocess.run(command, capture_output=True, text=True, env=clean_environment(), timeout=60)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertIn("Too many open files", done.stderr)
