"""Answers that their clients do not read: how much memory they hold, and what is left for others."""
import json
import pathlib
import threading
import time

from .abuse import MIB, SECONDS, Attack, connections, request
from .world import Account

CONNECTIONS = connections(60)
RULES = 50_000


class TestUnreadAnswers(Attack):
    @classmethod
    def prepare(cls):
        cls.second = Account(cls.own)
        cls.accounts.append(cls.second)
        rules = [{"referrer_pattern": f"partner{number}.example", "utm_source": "s", "description": "d" * 200} for number in range(RULES)]
        for each in (cls.hostile, cls.second):
            answer = each.editor.post(each.at("/referrer-mappings/import", mode="merge"), rules)
            assert answer.status == 200, answer

    def unread(self, target: str, token: str = None, coding: str = None, more_than: int = 0):
        """Holds connections that ask ten times or more, for 2 MiB at least, and do not read. A single answer has more bytes
        than `more_than`."""
        message = request(target, token)
        if coding:
            message = message.replace(b"\r\n\r\n", f"\r\nAccept-Encoding: {coding}\r\n\r\n".encode())
        with self.program.connect() as one:
            one.send(message)
            answer = self.expect(one.read_response(), 200)
        self.assertEqual(answer.header("Content-Encoding"), coding)
        self.assertGreater(len(answer.body), more_than)
        # Sockets take 128 KiB and some of it.
        self.hold(CONNECTIONS, message * max(10, 2 * MIB // len(answer.body)), buffer=4096)

    def others_are_served(self):
        self.others_are_served_in_time(SECONDS)
        self.expect(self.acct.viewer.get(self.acct.at("/referrer-mappings")), 200)

    def test_long_lists_stay_within_the_memory_of_answers(self):
        self.unread(self.hostile.at("/referrer-mappings"), self.hostile.viewer.token, more_than=MIB)
        self.others_are_served()

    def test_packed_lists_stay_within_it_too(self):
        self.unread(self.hostile.at("/referrer-mappings"), self.hostile.viewer.token, "gzip", more_than=256 * 1024)
        self.others_are_served()

    def test_lists_and_exports_of_two_accounts_leave_a_third_its_own(self):
        self.unread(self.hostile.at("/referrer-mappings/export"), self.hostile.viewer.token, more_than=MIB)
        self.unread(self.second.at("/referrer-mappings"), self.second.viewer.token, more_than=MIB)
        self.others_are_served()
        self.assertLess(self.memory.highest - self.memory.idle, CONNECTIONS * MIB, "more than pieces")

    def test_the_kernel_takes_little_of_what_is_not_read(self):
        clients = self.hold(CONNECTIONS, request("/openapi.json") * 20, buffer=4096)
        time.sleep(0.5)
        ports, unsent = {one.getsockname()[1] for one in clients}, []
        for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
            _, local, remote, _, queues = line.split()[:5]
            if int(local.split(":")[1], 16) == self.program.address[1] and int(remote.split(":")[1], 16) in ports:
                unsent.append(int(queues.split(":")[0], 16))
        self.assertEqual(len(unsent), CONNECTIONS)
        self.assertGreater(min(unsent), 0)
        self.assertLess(max(unsent), 256 * 1024)

    def test_the_description_of_the_api_needs_no_token_and_little_memory(self):
        self.unread("/openapi.json")
        self.others_are_served()

    def test_the_packed_description_costs_others_no_time(self):
        self.unread("/openapi.json", coding="gzip")
        self.others_are_served()

    def test_metrics_leave_others_their_answers(self):
        self.unread("/metrics")
        self.others_are_served()


class TestLongLists(Attack):
    """As many connections as a brand may have, each with a website of 8 KiB."""
    FLAGS = ("--rate-limit", "0")
    LISTED, MAKERS = 1_000, 16

    @classmethod
    def prepare(cls):
        statuses = []

        def make(first: int):
            client = cls.own.client(cls.hostile.editor.token)
            for number in range(first, cls.LISTED, cls.MAKERS):
                body = {"website": f"https://h{number}.example" + "\U0001f600" * 2_000, "provider": "custom"}
                made = client.post(cls.hostile.connections(), json.dumps(body, ensure_ascii=False).encode())
                statuses.append(made.status)
        makers = [threading.Thread(target=make, args=(first,)) for first in range(cls.MAKERS)]
        for maker in makers:
            maker.start()
        for maker in makers:
            maker.join()
        assert statuses == [201] * cls.LISTED, statuses

    def listing(self) -> bytes:
        return request(self.hostile.connections(), self.hostile.viewer.token)

    def test_a_list_of_megabytes_comes_in_pieces_and_whole(self):
        answer = self.expect(self.hostile.viewer.get(self.hostile.connections()), 200)
        self.assertEqual(answer.header("Transfer-Encoding"), "chunked")
        ids = [each["id"] for each in answer.json()["items"]]
        self.assertEqual(len(ids), self.LISTED)
        self.assertEqual(ids, sorted(set(ids)))

    def test_lists_that_are_being_made_hold_little_memory(self):
        # Held whole until they were sent, 60 of them took 600 MiB.
        self.attack(self.listing(), CONNECTIONS)
        self.others_are_served_in_time()

    def test_lists_that_are_not_read_hold_a_piece_each(self):
        self.hold(CONNECTIONS, self.listing() * 2, buffer=4096)
        self.others_are_served_in_time()
        self.assertLess(self.memory.highest - self.memory.idle, CONNECTIONS * MIB, "more than pieces")


def rules_of(version: int, count: int) -> list:
    return [{"referrer_pattern": f"p{number}.example", "utm_source": f"v{version}", "description": "d" * 490} for number in range(count)]


class TestHeldRules(Attack):
    """Lists, exports and streams of a slow client each hold the rules as they were when they began, while an editor of the
    same account replaces all rules again and again."""
    FLAGS = ("--rate-limit", "0", "--command-timeout", "60")
    RULES, VERSIONS = 10_000, 9  # more than one old version and 25,000 rules besides

    @classmethod
    def prepare(cls):
        cls.replace_rules(0)

    @classmethod
    def replace_rules(cls, version: int):
        answer = cls.hostile.editor.post(cls.hostile.at("/referrer-mappings/import", mode="replace"), rules_of(version, cls.RULES))
        assert answer.status == 200, answer

    @staticmethod
    def rest_of(connection) -> bytes:
        connection.settimeout(60)
        pieces = []
        try:
            while not pieces or not pieces[-1].endswith(b"0\r\n\r\n"):
                pieces.append(connection.recv(1 << 20))
                if not pieces[-1]:
                    break
        except ConnectionError:
            pass
        return b"".join(pieces)

    def test_slow_lists_exports_and_streams_hold_few_old_versions(self):
        visit = b'{"url":"https://www.shop.example/"}\n'
        stream = request(self.hostile.at("/resolve"), self.hostile.tracker.token, b"", "application/x-ndjson").replace(
            b"Content-Length: 0", b"Content-Length: 1000000") + visit
        held = []
        for version in range(1, self.VERSIONS + 1):
            path = ("/referrer-mappings", "/referrer-mappings/export")[version % 2]
            held += self.hold(1, request(self.hostile.at(path), self.hostile.viewer.token)) + self.hold(1, stream)
            time.sleep(0.1)
            self.replace_rules(version)
        time.sleep(1)
        last = self.rest_of(held[-2])
        self.assertTrue(last.endswith(b"0\r\n\r\n"), "the newest old version was let go")
        self.assertIn(b'"v%d"' % (self.VERSIONS - 1), last)
        self.assertNotIn(b'"v%d"' % self.VERSIONS, last)
        for one in held[:4]:
            self.assertFalse(self.rest_of(one).endswith(b"0\r\n\r\n"), "an old version is still held")


class TestThePast(Attack):
    """Each list of rules as they once were holds rules of its own."""
    FLAGS = ("--rate-limit", "0")
    RULES, LISTS = 5_000, 20  # each counts 2 MB, and the account has 32 MiB

    @classmethod
    def prepare(cls):
        answer = cls.hostile.editor.post(cls.hostile.at("/referrer-mappings/import", mode="replace"), rules_of(0, cls.RULES))
        assert answer.status == 200, answer

    def test_slow_lists_of_the_past_stay_within_the_memory_of_answers(self):
        held = self.hold(self.LISTS, request(self.hostile.at("/referrer-mappings", as_of=1), self.hostile.viewer.token), buffer=4096)
        statuses = []
        for one in held:
            one.settimeout(30)
            statuses.append(one.recv(12)[9:])
        self.assertGreater(statuses.count(b"200"), 10)
        self.assertGreater(statuses.count(b"503"), 2)
        self.expect(self.acct.viewer.get(self.acct.at("/referrer-mappings", as_of=0)), 200)


class TestSlowReaders(Attack):
    FLAGS = ("--rate-limit", "0", "--stream-timeout", "2")
    RULES = 5_000

    @classmethod
    def prepare(cls):
        answer = cls.hostile.editor.post(cls.hostile.at("/referrer-mappings/import", mode="replace"), rules_of(0, cls.RULES))
        assert answer.status == 200, answer

    def read_at(self, bytes_per_second: int, seconds: float) -> bytes:
        """What a client gets that reads so fast for so long, and then as fast as it can."""
        one = self.hold(1, request(self.hostile.at("/referrer-mappings"), self.hostile.viewer.token), buffer=16 * 1024)[0]
        one.settimeout(10)
        began, got = time.monotonic(), b""
        try:
            while not got.endswith(b"0\r\n\r\n"):
                now = time.monotonic()
                if now < began + seconds and len(got) > bytes_per_second * (now - began):
                    time.sleep(0.01)
                    continue
                more = one.recv(1024 if now < began + seconds else 1 << 16)
                if not more:
                    break
                got += more
        except ConnectionError:
            pass
        return got

    def test_a_client_that_reads_at_its_pace_gets_all(self):
        self.assertTrue(self.read_at(300 * 1024, 6).endswith(b"0\r\n\r\n"))


class TestReports(Attack):
    PAGES, BATCH = 60_000, 10_000

    @classmethod
    def prepare(cls):
        connection = cls.hostile.connection()
        for first in range(0, cls.PAGES, cls.BATCH):
            rows = [{"date": "2026-11-%02d" % (number % 20 + 1), "raw_referrer_value": "chatgpt.com", "raw_page_value": f"/page/{number}"}
                    for number in range(first, first + cls.BATCH)]
            answer = cls.hostile.editor.post(cls.hostile.events(connection), rows)
            assert answer.status == 200, answer

    def report(self) -> bytes:
        target = f"/v1/{self.hostile.brand}/ai-referrals?group_by=page,date&start_date=2026-10-25&end_date=2026-11-20&limit=1000"
        return request(target, self.hostile.viewer.token)

    def test_reports_that_are_not_read_stay_within_the_memory_of_answers(self):
        with self.program.connect() as one:
            one.send(self.report())
            length = len(self.expect(one.read_response(), 200).body)
        self.assertGreater(length, 64 * 1024, "less does not count as large")
        self.hold(CONNECTIONS, self.report() * max(10, 2 * MIB // length), buffer=4096)
        self.others_are_served_in_time()

    def test_work_on_reports_for_clients_that_have_gone_ends(self):
        self.work_ends_when_they_have_gone(self.hold(CONNECTIONS, self.report() * 20))
