"""Requests a minute of a token: what counts, what is said about it, and what comes after."""
import time

from .case import Case
from .program import Program, new_token
from .world import Account, make_token

HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
SELF = "/api-tokens/self"
VISIT = {"url": "https://www.example.com/", "referrer": None, "session": None}


class RateLimits(Case):
    def limited(self, rate_limit, role="viewer"):
        made = make_token(self.acct.operator, role=role, account_ids=[self.acct.id], rate_limit=rate_limit)
        return self.program.client(made["token"])

    def said(self, response) -> tuple:
        return tuple(int(response.header(name)) for name in HEADERS)

    def refused(self, response) -> int:
        self.rules_error(response, 429, "rate_limit_exceeded")
        self.assertRegex(response.header("Retry-After"), r"^[1-9]\d*$")
        return int(response.header("Retry-After"))

    def test_the_default_is_60000_a_minute(self):
        before = time.time()
        limit, remaining, reset = self.said(self.expect(self.acct.viewer.get(SELF), 200))
        self.assertEqual(limit, 60_000)
        self.assertGreater(remaining, 50_000)
        self.assertTrue(int(before) <= reset <= time.time() + 61, reset)

    def test_each_answer_counts_down_whatever_it_is(self):
        client = self.limited(100)
        paths = [(SELF, 200), ("/snapshots", 403), (self.acct.at("/referrer-mappings/999"), 404), ("/referrer-mappings", 422),
                 (self.acct.at("/referrer-mappings"), 200), (f"/v1/{self.acct.brand}/ai-referrals", 200)]
        for used, (path, status) in enumerate(paths, 1):
            now = time.time()
            limit, remaining, reset = self.said(self.expect(client.get(path), status))
            self.assertEqual((limit, remaining), (100, 100 - used))
            self.assertAlmostEqual(reset, now + used * 0.6, delta=2)
        tag = self.expect(client.get(self.acct.at("/referrer-mappings")), 200).header("ETag")
        unchanged = self.expect(client.get(self.acct.at("/referrer-mappings"), headers={"If-None-Match": tag}), 304)
        self.assertEqual(self.said(unchanged)[:2], (100, 100 - len(paths) - 2))

    def test_beyond_the_limit_it_is_429_until_the_time_that_is_told(self):
        client = self.limited(60)
        for _ in range(60):
            response = client.get(SELF)
            if response.status == 429:
                break
            self.expect(response, 200)
        response = client.get(SELF)
        while response.status == 200:  # on a slow machine one has come back meanwhile
            response = client.get(SELF)
        wait = self.refused(response)
        self.assertEqual(wait, 1)
        self.assertEqual(self.said(response)[:2], (60, 0))
        time.sleep(wait)
        self.expect(client.get(SELF), 200)

    def test_both_families_have_their_own_body(self):
        client = self.limited(1)
        self.expect(client.get(SELF), 200)
        self.refused(client.get(self.acct.at("/referrer-mappings")))
        response = client.get(f"/v1/{self.acct.brand}/ai-referrals")
        self.vendor_error(response, 429)
        self.assertTrue(response.header("Retry-After").isdigit())

    def test_a_limit_is_of_one_token_alone(self):
        client = self.limited(1)
        self.expect(client.get(SELF), 200)
        self.refused(client.get(SELF))
        self.expect(self.limited(1).get(SELF), 200)
        self.expect(self.acct.viewer.get(SELF), 200)

    def test_resolving_does_not_count_for_the_default(self):
        with Program("--rate-limit", "3") as program:
            operator = program.client()
            self.expect(operator.post("/accounts", {"account_id": "acme", "name": "Acme"}), 201)
            for _ in range(10):
                response = self.expect(operator.post("/resolve?account_id=acme", VISIT), 200)
                self.assertEqual([response.header(name) for name in HEADERS], [None] * 3)
            statuses = [operator.get(SELF).status for _ in range(4)]
            self.assertEqual(statuses, [200, 200, 429, 429])
            self.expect(operator.post("/resolve?account_id=acme", VISIT), 200)

    def test_a_tokens_own_limit_is_for_resolving_too(self):
        client = self.limited(2, "tracker")
        for left in (1, 0):
            response = self.expect(client.post(self.acct.at("/resolve"), VISIT), 200)
            self.assertEqual(self.said(response)[:2], (2, left))
        self.refused(client.post(self.acct.at("/resolve"), VISIT))

    def test_0_is_no_limit_for_a_token_and_for_all(self):
        with Program("--rate-limit", "1") as program:
            made = make_token(program.client(), role="admin", account_ids=["*"], rate_limit=0)
            client = program.client(made["token"])
            for _ in range(5):
                self.assertIsNone(self.expect(client.get(SELF), 200).header(HEADERS[0]))
        with Program("--rate-limit", "0") as program:
            for _ in range(5):
                self.assertIsNone(self.expect(program.client().get(SELF), 200).header(HEADERS[0]))

    def test_a_tokens_limit_is_shown_and_survives_a_restart(self):
        with Program() as program:
            operator = program.client()
            ids = {limit: make_token(operator, role="viewer", rate_limit=limit)["id"] for limit in (None, 0, 600)}
            gone = make_token(operator, role="viewer", rate_limit=601)
            self.expect(operator.delete(f"/api-tokens/{gone['id']}"), 200)
            for again in (False, True):
                if again:
                    program.stop()
                    program.start()
                    operator = program.client()
                listed = {each["id"]: each["rate_limit"] for each in self.expect(operator.get("/api-tokens"), 200).data["tokens"]}
                for limit, number in [*ids.items(), (601, gone["id"])]:
                    self.assertEqual(listed[number], limit)
                    self.assertEqual(self.expect(operator.get(f"/api-tokens/{number}"), 200).data["rate_limit"], limit)

    def test_21_failed_logins_a_second_from_an_address_are_429_and_valid_tokens_work_on(self):
        with Program() as program:
            operator, nobody, stranger = program.client(), program.client(None), program.client(new_token())
            expired = make_token(operator, role="viewer", account_ids=["*"])
            operator.delete(f"/api-tokens/{expired['id']}")
            clients = [nobody, stranger, program.client(expired["token"])]
            for path in (SELF, "/v1/1/ai-referrals"):
                time.sleep(1.1)
                began, answers = time.time(), []
                while len(answers) < 200 and not answers.count(429) >= 20:
                    answers.append(clients[len(answers) % 3].get(path).status)
                took = time.time() - began
                self.assertEqual(set(answers), {401, 429})
                self.assertEqual(answers[:20], [401] * 20)
                self.assertLessEqual(answers.count(401), 21 + took * 20)
                self.expect(operator.get(SELF), 200)
            response = nobody.get(SELF)
            while response.status == 401:
                response = nobody.get(SELF)
            self.assertEqual(self.refused(response), 1)
            time.sleep(1.1)
            self.rules_error(nobody.get(SELF), 401, "unauthorized", "Authentication required")
            self.rules_error(stranger.get(SELF), 401, "unauthorized", "Invalid API key")

    def test_failed_logins_may_be_as_many_as_the_operator_says(self):
        for most, refused in (("0", 0), ("3", 1)):
            with Program("--failed-logins", most) as program:
                nobody = program.client(None)
                answers = [nobody.get(SELF).status for _ in range(100)]
                self.assertEqual(answers[:3], [401] * 3)
                self.assertEqual(int(429 in answers), refused)

    def test_limits_that_are_none_are_422(self):
        for bad in (-1, 1.5, "5", 100_000_001, [5]):
            with self.subTest(bad=bad):
                response = self.acct.operator.post("/api-tokens", {"name": "n", "role": "viewer", "rate_limit": bad})
                self.invalid(response, "body.rate_limit")

    def test_who_has_a_pages_token_uses_up_the_limit_of_his_own_address_alone(self):
        with Program("--trusted-proxies", "127.0.0.1") as program:
            acct = Account(program)
            page = program.client(make_token(acct.operator, role="tracker", account_ids=[acct.id], rate_limit=3)["token"])

            def resolve(address):
                return page.post(acct.at("/resolve"), VISIT, headers={"X-Forwarded-For": address})

            for address in ("198.51.100.7", "2001:db8::1"):
                answers = [resolve(address) for _ in range(20)]
                self.assertEqual([each.status for each in answers[:3]], [200] * 3)
                self.refused(answers[-1])
            self.refused(resolve("2001:db8::2"))  # of the same network
            limit, remaining, _ = self.said(self.expect(resolve("198.51.100.8"), 200))
            self.assertEqual((limit, remaining), (3, 2))

    def test_a_token_gives_no_more_than_it_may_send_itself(self):
        admin = self.acct.admin
        slow = self.program.client(make_token(self.acct.operator, role="admin", account_ids=[self.acct.id], rate_limit=100)["token"])

        def asked(by, **of):
            return by.post("/api-tokens", {"name": "n", "account_ids": [self.acct.id], **of})

        for by, of, given in ((admin, {"role": "viewer", "rate_limit": 60_000}, 60_000), (admin, {"role": "viewer"}, None),
                              (admin, {"role": "tracker", "rate_limit": 0}, 0), (admin, {"role": "tracker", "rate_limit": 600_000}, 600_000),
                              (slow, {"role": "tracker"}, 100), (slow, {"role": "admin"}, 100), (slow, {"role": "viewer", "rate_limit": 100}, 100),
                              (self.acct.operator, {"role": "viewer", "rate_limit": 0}, 0)):
            with self.subTest(of=of):
                self.assertEqual(self.expect(asked(by, **of), 201).data["rate_limit"], given)
        for by, of, most in ((admin, {"role": "viewer", "rate_limit": 0}, 60_000), (admin, {"role": "editor", "rate_limit": 60_001}, 60_000),
                             (slow, {"role": "tracker", "rate_limit": 0}, 100), (slow, {"role": "viewer", "rate_limit": 101}, 100)):
            with self.subTest(of=of):
                refused = asked(by, **of)
                self.invalid(refused, "body.rate_limit")
                self.assertIn(f"from 1 to {most}: no more than the token that asks may send itself", refused.body.decode())
