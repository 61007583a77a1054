"""Idempotency-Key on POST: the same request again gets the first answer, another body an error."""
from .case import Case
from .program import SECRETS, Program
from .world import Account

PASS = "/passthrough-referrers"
BODY = {"domain": "i.example", "utm_source": "s"}


class Idempotency(Case):
    def setUp(self):
        self.acct = Account()

    def post(self, body=None, key="k1", path=PASS):
        return self.acct.editor.post(self.acct.at(path), body or BODY, {"Idempotency-Key": key})

    def replayed(self, first, again):
        self.expect(again, first.status)
        self.assertEqual(again.header("Idempotent-Replayed"), "true", f"\n{again}")
        self.assertIsNone(first.header("Idempotent-Replayed"), f"\n{first}")

    def test_same_request_again_gets_the_first_answer_and_changes_nothing(self):
        first = self.expect(self.post(), 201)
        again = self.post()
        self.replayed(first, again)
        self.assertEqual(again.data, first.data)
        self.assertEqual(self.acct.viewer.get(self.acct.at(PASS)).data["total"], 1)

    def test_replayed_answer_names_the_ignored_fields_as_the_first_did(self):
        body = {**BODY, "colour": "red", "size": 7}
        first, again = self.expect(self.post(body), 201), self.post(body)
        self.replayed(first, again)
        self.assertEqual(again.json(), first.json())
        self.assertEqual(again.json()["meta"], {"ignored_fields": ["colour", "size"]})
        for path, named in (("/accounts", {"account_id": f"{self.acct.id}-m"}), ("/api-tokens", {"role": "viewer", "account_ids": [self.acct.id]})):
            headers = {"Idempotency-Key": f"m-{self.acct.id}"}
            first, again = [self.acct.operator.post(path, {"name": "n", **named, "colour": 1}, headers) for _ in range(2)]
            SECRETS.update(filter(None, [first.data.get("token")]))
            self.replayed(first, again)
            self.assertEqual(again.json()["meta"], first.json()["meta"])

    def test_answer_is_the_first_one_even_after_the_rule_changed_or_went(self):
        first = self.expect(self.post(), 201)
        by_id = self.acct.at(f"{PASS}/{first.data['id']}")
        self.expect(self.acct.editor.patch(by_id, {"utm_source": "changed"}), 200)
        self.assertEqual(self.post().data, first.data)
        self.expect(self.acct.editor.delete(by_id), 204)
        self.replayed(first, again := self.post())
        self.assertEqual(again.data, first.data)
        self.assertEqual(self.acct.viewer.get(self.acct.at(PASS)).data["total"], 0)

    def test_same_key_with_another_body_or_target_is_an_error(self):
        self.expect(self.post(), 201)
        self.rules_error(self.post({"domain": "j.example", "utm_source": "s"}), 422, "idempotency_key_reused")
        self.rules_error(self.post({"referrer_pattern": "j.example", "utm_source": "s"}, path="/referrer-mappings"),
                         422, "idempotency_key_reused")

    def test_same_path_in_its_other_forms_is_the_same_request(self):
        first = self.expect(self.post(), 201)
        for path in (f"/api/v1{PASS}", f"{PASS}/", f"/api/v1{PASS}/"):
            with self.subTest(path=path):
                self.replayed(first, self.post(path=path))
        body, path = {"website": "https://forms.example", "provider": "custom"}, f"/{self.acct.brand}/ai-referrals/connections"
        first = self.expect(self.acct.editor.post(path, body, {"Idempotency-Key": "c1"}), 201)
        for other in (f"/v1{path}", f"{path}/", f"/v1{path}/"):
            with self.subTest(path=other):
                self.replayed(first, self.acct.editor.post(other, body, {"Idempotency-Key": "c1"}))

    def test_import_and_push_by_another_form_of_the_path_are_the_same(self):
        rules = {"referrers": [{"domain": "forms.example", "utm_source": "s"}]}
        target = self.acct.at("/passthrough-referrers/import")
        first = self.expect(self.acct.editor.post(target, rules, {"Idempotency-Key": "i1"}), 200)
        for other in (f"/api/v1{target}", target.replace("?", "/?")):
            with self.subTest(target=other):
                self.replayed(first, self.acct.editor.post(other, rules, {"Idempotency-Key": "i1"}))
        events = self.acct.events(self.acct.connection())
        rows = [{"date": "2026-05-20", "raw_referrer_value": "chatgpt.com", "raw_page_value": "/", "sessions": 1}]
        first = self.expect(self.acct.editor.post(events, rows, {"Idempotency-Key": "p1"}), 200)
        for other in (events.removeprefix("/v1"), events + "/"):
            with self.subTest(target=other):
                self.replayed(first, self.acct.editor.post(other, rows, {"Idempotency-Key": "p1"}))

    def test_another_query_is_another_request(self):
        self.expect(self.post(), 201)
        other = self.acct.editor.post(self.acct.at(PASS, more=1), BODY, {"Idempotency-Key": "k1"})
        self.rules_error(other, 422, "idempotency_key_reused")

    def test_keys_of_different_accounts_do_not_meet(self):
        self.expect(self.post(), 201)
        other = Account()
        response = other.editor.post(other.at(PASS), {"domain": "other.example", "utm_source": "s"}, {"Idempotency-Key": "k1"})
        self.assertIsNone(self.expect(response, 201).header("Idempotent-Replayed"))

    def test_errors_store_nothing(self):
        self.invalid(self.post({"domain": "i.example"}), "body.utm_source")
        self.assertIsNone(self.expect(self.post(), 201).header("Idempotent-Replayed"))
        self.rules_error(self.post(key="k2"), 409, "duplicate_entry")
        fresh = self.post({"domain": "k2.example", "utm_source": "s"}, key="k2")
        self.assertIsNone(self.expect(fresh, 201).header("Idempotent-Replayed"))

    def test_different_keys_are_different_requests(self):
        self.expect(self.post(), 201)
        self.rules_error(self.post(key="k2"), 409, "duplicate_entry")

    def test_replay_of_a_token_never_shows_the_secret(self):
        body = {"name": "once", "role": "viewer", "account_ids": [self.acct.id]}
        first = self.expect(self.acct.admin.post("/api-tokens", body, {"Idempotency-Key": f"t-{self.acct.id}"}), 201)
        secret = first.data["token"]
        SECRETS.add(secret)
        again = self.acct.admin.post("/api-tokens", body, {"Idempotency-Key": f"t-{self.acct.id}"})
        self.replayed(first, again)
        self.assertEqual(again.data["id"], first.data["id"])
        self.assertNotIn(secret.encode(), again.body)
        self.assertFalse(again.data.get("token"))

    def test_account_is_created_once(self):
        body = {"account_id": f"{self.acct.id}-i", "name": "n"}
        key = {"Idempotency-Key": f"a-{self.acct.id}"}
        first = self.expect(self.acct.operator.post("/accounts", body, key), 201)
        self.replayed(first, again := self.acct.operator.post("/accounts", body, key))
        self.assertEqual(again.data["account_id"], first.data["account_id"])

    def test_push_is_counted_once(self):
        path = self.acct.events(self.acct.connection())
        row = {"date": "2026-05-20", "raw_referrer_value": "chatgpt.com", "raw_page_value": "/", "pageviews": 3}
        first = self.expect(self.acct.editor.post(path, [row], {"Idempotency-Key": "p"}), 200)
        self.expect(self.acct.editor.post(path, [{**row, "pageviews": 4}]), 200)
        again = self.acct.editor.post(path, [row], {"Idempotency-Key": "p"})
        self.replayed(first, again)
        self.assertEqual(again.json(), first.json())
        report = self.acct.viewer.get(f"/v1/{self.acct.brand}/ai-referrals?start_date=2026-05-20&end_date=2026-05-20&group_by=platform")
        self.assertEqual(report.json()["totals"]["pageviews"], 4)
        self.expect(self.acct.editor.post(path, [{**row, "pageviews": 5}], {"Idempotency-Key": "p"}), 422)


class AfterRestart(Case):
    @classmethod
    def setUpClass(cls):
        cls.own = Program().start()
        cls.acct = Account(cls.own)

    @classmethod
    def tearDownClass(cls):
        cls.own.close()

    def test_keys_outlive_a_kill(self):
        headers = {"Idempotency-Key": "restart"}
        first = self.expect(self.acct.editor.post(self.acct.at(PASS), BODY, headers), 201)
        token = self.acct.editor.token
        self.own.kill()
        self.own.start()
        editor = self.own.client(token)
        again = self.expect(editor.post(self.acct.at(PASS), BODY, headers), 201)
        self.assertEqual(again.header("Idempotent-Replayed"), "true")
        self.assertEqual(again.data, first.data)
        self.rules_error(editor.post(self.acct.at(PASS), {"domain": "z.example", "utm_source": "s"}, headers),
                         422, "idempotency_key_reused")
