"""Readings that take long: accounts take turns, and what answers hold in memory is bounded."""
import pathlib
import random
import re
import socket
import threading
import time

from .case import Case
from .program import Program
from .wire import Client
from .world import Account, make_token

PASS, MAP = "/passthrough-referrers", "/referrer-mappings"
MIB = 1 << 20
RULES = 3000


def memory(program) -> int:
    """What the process has in memory, in bytes."""
    text = pathlib.Path(f"/proc/{program.process.pid}/status").read_text()
    return int(re.search(r"^VmRSS:\s+(\d+) kB$", text, re.M)[1]) * 1024


def large_import(case: Case, acct: Account):
    """One event of about 11 MB."""
    text = "domain,utm_source,service_name\n" + "".join(f"d{n}.{'x' * 60}.example,{'s' * 200},{'n' * 100}\n" for n in range(20000))
    case.expect(acct.editor.post(acct.at(f"{PASS}/import"), text, {"Content-Type": "text/csv"}), 200)


def create_rules(case: Case, acct: Account, count: int):
    """One event for each."""
    editor = acct.editor  # its token is made here, by one thread

    def create(first: int):
        client = Client(editor.address, editor.token, 60)
        for n in range(first, count, 8):
            case.assertEqual(client.post(acct.at(MAP), {"referrer_pattern": f"m{n}.example", "utm_source": "s"}).status, 201)
    workers = [threading.Thread(target=create, args=(first,)) for first in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


class Attack:
    """Many connections that ask again and again; used with `with`."""

    def __init__(self, client: Client, targets, connections: int):
        self.statuses, self.ended = [], threading.Event()
        self.workers = [threading.Thread(target=self.ask, args=(client, targets, seed)) for seed in range(connections)]

    def ask(self, client: Client, targets, seed: int):
        own, source = Client(client.address, client.token, 60), random.Random(seed)
        while not self.ended.is_set():
            self.statuses.append(own.get(targets(source)).status)
            if self.statuses[-1] == 503:
                time.sleep(0.02)

    def __enter__(self):
        for worker in self.workers:
            worker.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for worker in self.workers:
            worker.join()


class Turns(Case):
    def spent(self, count: int, ask) -> float:
        """The longest of so many."""
        times = []
        for _ in range(count):
            began = time.monotonic()
            ask()
            times.append(time.monotonic() - began)
        return max(times)

    def test_account_that_asks_much_of_the_past_leaves_others_their_turn(self):
        with Program() as program:
            busy, other = Account(program), Account(program)
            create_rules(self, busy, RULES)
            busy.passthrough("one.example")
            other.mapping("own.example")
            other.mapping("more.example")
            with Attack(busy.viewer, lambda source: busy.at(MAP, as_of=source.randrange(1, RULES), limit=1), 60) as attack:
                time.sleep(1)
                took = self.spent(10, lambda: self.expect(other.viewer.get(other.at(MAP, as_of=1)), 200))
                restored = self.spent(1, lambda: self.expect(other.editor.post(f"/accounts/{other.id}/restore-rules?as_of=1"), 200))
                self.assert_all_are_refused_in_time(busy)
            self.assertLessEqual(set(attack.statuses), {200, 503})
            self.assertIn(200, attack.statuses)
            print(f"as_of beside 60 connections: {took:.3f} s, restore-rules: {restored:.3f} s")
            self.assertLess(max(took, restored), 3)

    def assert_all_are_refused_in_time(self, busy: Account):
        """Where so many of its own questions wait, an account is told to come again."""
        visit = {"url": "https://shop.example/", "referrer": None, "session": None}
        asked = [("GET", busy.at(path + tail, as_of=5)) for path in (MAP, PASS) for tail in ("", "/1", "/export")]
        asked += [("GET", busy.at("/rules/lint", as_of=5)), ("GET", f"/accounts/{busy.id}/attribution?as_of=5"), ("GET", f"/accounts/{busy.id}/state?as_of=5"), ("GET", f"/accounts/{busy.id}/diff?from=5"),
                  ("POST", busy.at("/resolve", as_of=5)), ("POST", f"/accounts/{busy.id}/restore-rules?as_of=5&dry_run=true")]
        for method, target in asked:
            with self.subTest(method=method, target=target):
                deadline = time.monotonic() + 20
                while (response := busy.editor.request(method, target, visit if "resolve" in target else None)).status != 503:
                    self.assertLess(time.monotonic(), deadline, f"\n{response}")
                self.rules_error(response, 503, "service_unavailable")
                self.assertRegex(response.header("Retry-After"), r"^\d+$")

    def test_account_that_reads_its_events_leaves_others_their_turn(self):
        with Program() as program:
            busy, other = Account(program), Account(program)
            large_import(self, busy)
            other.mapping("own.example")
            with Attack(busy.viewer, lambda _: f"/events?account_id={busy.id}&type=none", 60) as attack:
                time.sleep(1)
                took = self.spent(10, lambda: self.expect(other.viewer.get(f"/events?account_id={other.id}"), 200))
            self.assertLessEqual(set(attack.statuses), {200, 503})
            self.assertIn(200, attack.statuses)
            print(f"events beside 60 connections: {took:.3f} s")
            self.assertLess(took, 3)


class Held(Case):
    """Clients that ask and do not read."""

    def setUp(self):
        self.lazy = []
        self.addCleanup(self.let_go)

    def let_go(self):
        for one in self.lazy:
            one.close()
        self.lazy.clear()

    def ask_and_wait(self, program, client: Client, target: str):
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.connect(program.address)
        one.sendall(f"GET {target} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {client.token}\r\n\r\n".encode())
        self.lazy.append(one)

    def at_once(self, acct, target: str) -> int:
        """How many such answers the memory for one token's holds."""
        return 32 * MIB // len(self.expect(acct.viewer.get(target), 200).body)

    def test_seventy_readers_of_events_that_do_not_read_hold_little(self):
        with Program() as program:
            accounts = [Account(program) for _ in range(3)]
            for acct in accounts:
                large_import(self, acct)
                self.expect(acct.viewer.get(f"/events?account_id={acct.id}"), 200)
            before, most = memory(program), 0
            for n in range(70):
                acct = accounts[n % 3]
                self.ask_and_wait(program, acct.viewer, f"/events?account_id={acct.id}&format=ndjson")
            for _ in range(20):
                time.sleep(0.1)
                most = max(most, memory(program))
            print(f"70 readers that do not read: {(most - before) / MIB:.0f} MiB more than {before / MIB:.0f}")
            self.assertLess(most - before, 150 * MIB)
            self.expect(accounts[0].viewer.get(accounts[0].at(MAP)), 200)
            self.expect(accounts[0].viewer.get(f"/events?account_id={accounts[1].id}"), 403)

    def test_long_events_wait_for_memory_and_short_ones_do_not(self):
        with Program() as program:
            acct, other = Account(program), Account(program)
            large_import(self, acct)
            create_rules(self, acct, 1)
            target = f"/events?account_id={acct.id}&format=ndjson"
            for n in range(self.at_once(acct, target)):
                self.ask_and_wait(program, acct.viewer, target)
            time.sleep(1)
            # The memory for this token's answers is in use: what has not begun is refused.
            response = acct.viewer.get(target)
            self.rules_error(response, 503, "service_unavailable")
            self.assertRegex(response.header("Retry-After"), r"^\d+$")
            self.rules_error(acct.viewer.get(f"/events?account_id={acct.id}"), 503, "service_unavailable")
            # What is small needs none.
            self.assertEqual(len(self.expect(acct.viewer.get(f"{target}&after=1"), 200).body.splitlines()), 1)
            self.expect(other.viewer.get(f"/events?account_id={other.id}"), 200)
            self.let_go()

    def test_readers_of_lines_have_seats(self):
        with Program() as program:
            acct, other = Account(program), Account(program)
            # Slow readers of much that is small.
            link = acct.connection()
            rows = [{"date": "2026-05-20", "raw_referrer_value": "chatgpt.com", "raw_page_value": f"/{n}/" + "x" * 300, "pageviews": 1} for n in range(100)]
            for n in range(400):
                self.expect(acct.editor.post(acct.events(link), [{**row, "sessions": n} for row in rows]), 200)
            target = f"/events?connection_id={link['id']}&format=ndjson"
            for n in range(25):
                self.ask_and_wait(program, acct.viewer, target)
            time.sleep(1)
            self.rules_error(acct.viewer.get(target), 503, "service_unavailable")
            self.expect(other.viewer.get(f"/events?account_id={other.id}&format=ndjson"), 200)
            self.expect(acct.viewer.get(f"/events?account_id={acct.id}"), 200)
            self.let_go()

    def test_answer_that_has_begun_waits_for_memory_or_ends_its_page(self):
        with Program() as program:
            acct = Account(program)
            create_rules(self, acct, 200)
            large_import(self, acct)
            target = f"/events?account_id={acct.id}"
            for n in range(self.at_once(acct, f"{target}&format=ndjson&after=200")):
                self.ask_and_wait(program, acct.viewer, f"{target}&format=ndjson&after=200")
            time.sleep(1)
            page = self.expect(acct.viewer.get(f"{target}&limit=1000"), 200).json()
            self.assertEqual((len(page["data"]["events"]), page["meta"]), (200, {"end": 201, "next_after": 200}))
            self.rules_error(acct.viewer.get(f"{target}&after=200"), 503, "service_unavailable")
            lines = []

            def read():
                client = Client(acct.viewer.address, acct.viewer.token, 60)
                lines.extend(self.expect(client.get(f"{target}&format=ndjson"), 200).body.splitlines())

            reader = threading.Thread(target=read)
            reader.start()
            time.sleep(1)
            self.assertEqual(lines, [])
            self.let_go()
            reader.join()
            self.assertEqual(len(lines), 201)
            self.assertGreater(len(lines[-1]), 8 * MIB)

    def test_previews_and_differences_are_counted(self):
        with Program("--max-answer-memory", "400000") as program:
            acct = Account(program)
            rows = [{"referrer_pattern": f"m{n}.example", "utm_source": "s" * 200} for n in range(2000)]
            at = acct.at(f"{MAP}/import", dry_run="true")
            self.expect(acct.editor.post(at, rows[:20]), 200)
            refused = [acct.editor.post(at, rows)]
            self.expect(acct.editor.post(acct.at(f"{MAP}/import"), rows), 200)
            restore = f"/accounts/{acct.id}/restore-rules?as_of=0"
            refused += [acct.editor.post(f"{restore}&dry_run=true"), acct.viewer.get(f"/accounts/{acct.id}/diff?from=0")]
            for response in refused:
                # The same the next time, so not 503.
                self.expect(response, 422)
                self.assertRegex(response.body.decode(), "one account may have 200000|more than an answer may have")
            # The counts are small.
            self.expect(acct.editor.post(restore), 200)


class Bodies(Case):
    @classmethod
    def setUpClass(cls):
        pass

    def test_account_that_holds_bodies_with_many_tokens_leaves_others_their_memory(self):
        own = Program("--max-body-memory", str(16 * MIB))
        self.addCleanup(own.close)
        own.start()
        greedy, other = Account(own), Account(own)
        link = other.connection()
        batch = [{"date": "2026-05-20", "raw_referrer_value": "chatgpt.com", "raw_page_value": f"/{n}", "pageviews": 1} for n in range(1500)]
        tokens = [make_token(greedy.operator, role="tracker", account_ids=[greedy.id])["token"] for _ in range(3)]
        held = []
        self.addCleanup(lambda: [one.close() for one in held])

        def hold(token: str, piece: bytes):
            one = socket.create_connection(own.address, timeout=10)
            one.sendall(f"POST {greedy.at('/resolve')} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
                        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
                        + b"%x\r\n%s\r\n" % (len(piece), piece))
            held.append(one)
        for token in tokens:  # those that send next to nothing ...
            for _ in range(16):
                hold(token, b"{")
        time.sleep(0.3)
        self.assertEqual(greedy.editor.post(greedy.at("/resolve"), {"visits": [{"url": "https://a.example/" + "p" * 1000}] * 300}).status, 200)
        for token in tokens:  # ... and those that send much
            for _ in range(8):
                hold(token, b"[" + b" " * 700_000)
        time.sleep(0.5)
        for _ in range(5):
            self.expect(other.editor.post(other.events(link), batch), 200)
