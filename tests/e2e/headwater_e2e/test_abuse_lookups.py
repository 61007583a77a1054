"""One account has as many connections and tokens as it may and lists them from 60 clients, or asks for what takes many
look-ups: others do not notice."""
import datetime
import secrets
import threading
import time

from .abuse import SLOWEST, Attack, request
from .wire import NoResponse

CONNECTIONS, TOKENS, CLIENTS, SECONDS = 1_000, 1_000, 60, 4
ROLES = 4  # tokens that the account has from the start


def percentile(times: list, part: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * part))]


class TestLookups(Attack):
    FLAGS = ("--failed-logins", "0", "--rate-limit", "0")

    @classmethod
    def prepare(cls):
        cls.acct.connection()
        cls.acct.passthrough("kept.example")
        clients = [cls.own.client(cls.hostile.editor.token) for _ in range(16)]
        admins = [cls.own.client(cls.hostile.admin.token) for _ in range(16)]
        made = []

        def make(worker: int):
            for number in range(worker, CONNECTIONS, 16):
                made.append(clients[worker].post(cls.hostile.connections(),
                                                 {"website": f"https://n{number}.example", "provider": "custom"}).status)
            for number in range(worker, TOKENS, 16):
                response = admins[worker].post("/api-tokens", {"name": str(number), "role": "tracker", "account_ids": [cls.hostile.id],
                                                               "token": secrets.token_urlsafe(40)})
                made.append(response.status)
        threads = [threading.Thread(target=make, args=(n,)) for n in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        cls.statuses = made

    def ask_for(self, seconds: float) -> dict:
        """Another account's requests of each kind, one after the other: seconds that each took, by kind."""
        viewer, editor = self.own.client(self.acct.viewer.token), self.own.client(self.acct.editor.token)
        times = {"connections": [], "unknown token": [], "write with a key": []}

        def timed(kind: str, status: int, call):
            before = time.monotonic()
            response = call()
            times[kind].append(time.monotonic() - before)
            self.expect(response, status)
        end, number = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            number += 1
            timed("connections", 200, lambda: viewer.get(self.acct.connections()))
            timed("unknown token", 401, lambda: self.own.client("hw_" + secrets.token_hex(24)).get("/api-tokens/self"))
            timed("write with a key", 201, lambda: editor.post(
                self.acct.at("/passthrough-referrers"), {"domain": f"d{number}-{secrets.token_hex(4)}.example", "utm_source": "a"},
                {"Idempotency-Key": secrets.token_hex(8)}))
        return times

    def test_sixty_clients_that_list_leave_others_their_lookups(self):
        # All that the quotas allow were made, and one token for each role besides.
        self.assertEqual(self.statuses.count(201), CONNECTIONS + TOKENS - ROLES)
        self.assertEqual(self.statuses.count(422), ROLES)
        stop, answered = threading.Event(), []

        def list_all(number: int):
            own = self.own.client((self.hostile.admin if number % 2 else self.hostile.editor).token, timeout=60)
            path = "/api-tokens" if number % 2 else self.hostile.connections()
            while not stop.is_set():
                try:
                    answered.append(own.get(path).status)
                except (OSError, NoResponse):
                    stop.wait()  # the program has ended
        alone = self.ask_for(1)
        threads = [threading.Thread(target=list_all, args=(n,)) for n in range(CLIENTS)]

        def end():
            stop.set()
            for thread in threads:
                thread.join()
        self.addCleanup(end)
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        beside = self.ask_for(SECONDS)
        self.assertEqual(set(answered), {200})
        # Without turns a request waited for up to 10 seconds.
        for kind, times in beside.items():
            with self.subTest(kind=kind, median=percentile(times, 0.5), p99=percentile(times, 0.99), alone=percentile(alone[kind], 0.99)):
                self.assertLess(percentile(times, 0.99), SLOWEST)


class TestManyBrands(Attack):
    """An account with as many brands as it may have, each with counts of its own, makes changes."""
    FLAGS = ("--failed-logins", "0", "--rate-limit", "0")
    BRANDS = 10_000

    @classmethod
    def prepare(cls):
        brands = cls.hostile.brand_ids + list(range(1_000_000, 1_000_000 + cls.BRANDS - 1))
        response = cls.hostile.operator.patch(f"/accounts/{cls.hostile.id}", {"brand_ids": brands})
        assert response.status == 200, response

    def changes(self, seconds: float) -> list:
        """Another account's changes, of a rule and of a platform in turn: seconds that each took."""
        admin, times = self.own.client(self.acct.admin.token), []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            text = secrets.token_hex(6)
            before = time.monotonic()
            self.expect(admin.post(self.acct.at("/passthrough-referrers"), {"domain": f"{text}.example", "utm_source": "a"}), 201)
            between = time.monotonic()
            self.assertIn(admin.put(self.acct.platforms("bot.example"), {"platform": text}).status, (200, 201))
            times += [between - before, time.monotonic() - between]
        return times

    def test_changes_of_an_account_with_many_brands_leave_others_theirs(self):
        put = request(self.hostile.platforms("bot.example"), self.hostile.admin.token, b'{"platform":"a"}', verb="PUT")
        self.attack(put, 2)  # the same again writes nothing, and is counted all the same
        other = request(self.hostile.at("/passthrough-referrers"), self.hostile.admin.token, b'{"domain":"a.example","utm_source":"a"}')
        self.attack(other, 2)
        stop, answered = threading.Event(), []

        def change():
            own, number = self.own.client(self.hostile.admin.token, timeout=60), 0
            while not stop.is_set():
                number += 1
                try:
                    answered.append(own.put(self.hostile.platforms(f"h{number % 50}.example"), {"platform": secrets.token_hex(4)}).status)
                except (OSError, NoResponse):
                    stop.wait()  # the program has ended
        worker = threading.Thread(target=change)

        def end():
            stop.set()
            worker.join()
        self.addCleanup(end)
        worker.start()
        time.sleep(0.5)
        times = self.changes(SECONDS)
        self.assertLessEqual(set(answered), {200, 201})
        self.assertGreater(len(answered), 100)
        # Its counts were read anew for each of these: 300 ms on the actors that all accounts share.
        self.assertLess(percentile(times, 0.99), SLOWEST)


class TestLongLookups(Attack):
    """Descriptions of a connection with rows on very many days, proofs of an event of many megabytes, and other answers
    that take more than one look-up, all with a viewer's token."""
    FLAGS = ("--failed-logins", "0", "--rate-limit", "0", "--checkpoint-seconds", "1")
    DAYS, BATCH, RULES = 100_000, 10_000, 10_000

    @classmethod
    def prepare(cls):
        cls.long = cls.hostile.connection()
        first = datetime.date(1, 1, 1)
        for begin in range(0, cls.DAYS, cls.BATCH):
            rows = [{"date": (first + datetime.timedelta(begin + day)).isoformat(), "raw_referrer_value": "chatgpt.com", "raw_page_value": "/"}
                    for day in range(cls.BATCH)]
            answer = cls.hostile.editor.post(cls.hostile.events(cls.long), rows)
            assert answer.status == 200, answer
        rules = [{"referrer_pattern": f"p{number}.example", "utm_source": "s", "description": "d" * 490} for number in range(cls.RULES)]
        answer = cls.hostile.editor.post(cls.hostile.at("/referrer-mappings/import", mode="replace"), rules)
        assert answer.status == 200, answer
        cls.own_one = cls.acct.connection()
        cls.acct.passthrough("kept.example")

    def test_a_description_has_the_number_of_rows_and_their_days(self):
        shown = self.expect(self.hostile.viewer.get(self.hostile.connections(self.long["id"])), 200).json()
        last = datetime.date(1, 1, 1) + datetime.timedelta(self.DAYS - 1)
        self.assertEqual((shown["rows"], shown["first_date"], shown["last_date"]), (self.DAYS, "0001-01-01", last.isoformat()))

    def test_answers_of_many_lookups_leave_others_theirs(self):
        viewer, editor = self.acct.viewer, self.acct.editor
        kinds = {
            "connection": (200, lambda: viewer.get(self.acct.connections(self.own_one["id"]))),
            "proof": (200, lambda: viewer.get(self.acct.at("/proofs/inclusion", sequence=1))),
            "unknown token": (401, lambda: self.own.client("hw_" + secrets.token_hex(24)).get("/api-tokens/self")),
            "write with a key": (201, lambda: editor.post(
                self.acct.at("/passthrough-referrers"), {"domain": f"d{secrets.token_hex(6)}.example", "utm_source": "a"},
                {"Idempotency-Key": secrets.token_hex(8)})),
        }
        for target in (self.hostile.connections(self.long["id"]), self.hostile.at("/proofs/inclusion", sequence=1),
                       self.hostile.connections(self.long["id"], "/batches?limit=100"), "/checkpoints?limit=1000", "/checkpoints/latest"):
            attacker = self.attack(request(target, self.hostile.viewer.token), CLIENTS)
            times, until = {kind: [] for kind in kinds}, time.monotonic() + SECONDS
            while time.monotonic() < until:
                for kind, (status, call) in kinds.items():
                    began = time.monotonic()
                    response = call()
                    times[kind].append(time.monotonic() - began)
                    self.expect(response, status)
            self.assertGreater(attacker.answered, 0)
            attacker.end()
            for kind, took in times.items():
                with self.subTest(attack=target, kind=kind, median=percentile(took, 0.5), p99=percentile(took, 0.99)):
                    self.assertLess(percentile(took, 0.99), SLOWEST)


class TestImpatience(Attack):
    """Look-ups that would wait for their turn for longer than the operator lets them are refused."""
    FLAGS = ("--command-timeout", "0.001")

    @classmethod
    def prepare(cls):
        cls.paths = ["/api-tokens", "/accounts", cls.hostile.connections()]

    def test_lists_that_would_wait_too_long_are_503(self):
        for path in self.paths:
            for role in ("admin", "viewer"):
                self.hold(CLIENTS, request(path, self.hostile.client(role).token) * 200)
        for path in self.paths:
            until, statuses = time.monotonic() + 20, set()
            while 503 not in statuses:
                self.assertLess(time.monotonic(), until, f"{path}: {statuses}")
                response = self.acct.admin.get(self.acct.connections() if "connections" in path else path)
                statuses.add(response.status)
            self.assertRegex(response.header("Retry-After"), r"^\d+$")
            self.assertLessEqual(statuses, {200, 503})
