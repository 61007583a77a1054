"""restore-rules with `rules=`: chosen rules as they were, under their ids, and nothing else."""
from .case import Case
from .program import Program
from .world import Account

PASS, MAP = "/passthrough-referrers", "/referrer-mappings"
NONE = {"added": 0, "changed": 0, "removed": 0, "unchanged": 0}


class Restores(Case):
    def setUp(self):
        self.acct = Account()

    def restore(self, rules, as_of, headers=None, client=None, **query):
        more = "".join(f"&{name}={value}" for name, value in query.items())
        return (client or self.acct.editor).post(f"/accounts/{self.acct.id}/restore-rules?as_of={as_of}&rules={rules}{more}", headers=headers)

    def rule(self, rule_id, path=MAP) -> dict:
        return self.expect(self.acct.viewer.get(self.acct.at(f"{path}/{rule_id}")), 200).data

    def version(self) -> int:
        return self.acct.viewer.get(f"/accounts/{self.acct.id}/state").data["version"]

    def delete(self, rule_id, path=MAP):
        self.expect(self.acct.editor.delete(self.acct.at(f"{path}/{rule_id}")), 204)

    def patch(self, rule_id, path=MAP, **fields):
        self.expect(self.acct.editor.patch(self.acct.at(f"{path}/{rule_id}"), fields), 200)

    def test_undoing_a_delete_leaves_what_a_colleague_changed_since(self):
        first = self.acct.mapping("a.example", label="x", priority=7)
        self.acct.mapping("b.example")
        self.delete(1)
        self.patch(2, utm_source="a colleague's")
        self.acct.mapping("c.example")
        self.expect(self.acct.editor.patch(f"/accounts/{self.acct.id}/attribution", {"ai_medium": "ai"}), 200)
        shown = self.expect(self.restore("referrer_mapping:1", 2, dry_run="true"), 200)
        self.assertEqual((shown.data["dry_run"], shown.data["version"]), (True, 6))
        preview = shown.data["preview"]
        self.assertEqual([rule["id"] for rule in preview["referrer_mappings"]["added"]], [1])
        self.assertEqual((preview["referrer_mappings"]["changed"], preview["referrer_mappings"]["removed"]), ([], []))
        self.assertEqual(preview["attribution"], {"changes": {}})
        self.assertEqual(self.version(), 6)
        done = self.expect(self.restore("referrer_mapping:1", 2), 200)
        self.assertEqual(done.data, {"dry_run": False, "version": 7, "passthrough_referrers": NONE,
                                     "referrer_mappings": {**NONE, "added": 1}, "attribution": {"changed": False}})
        self.assertEqual(done.json()["meta"]["as_of"]["version"], 2)
        again = self.rule(1)
        self.assertEqual({k: v for k, v in again.items() if k != "updated_at"}, {k: v for k, v in first.items() if k != "updated_at"})
        self.assertEqual(self.rule(2)["utm_source"], "a colleague's")
        self.assertEqual(self.rule(3)["referrer_pattern"], "c.example")
        self.assertEqual(self.acct.viewer.get(f"/accounts/{self.acct.id}/attribution").data["ai_medium"], "ai")
        event = self.acct.viewer.get(f"/events?account_id={self.acct.id}&after=6").data["events"][0]
        self.assertEqual((event["header"]["type"], event["part"]["payload"]["as_of"]["version"]), ("rules_restored", 2))
        self.assertEqual(self.acct.resolve(referrer="https://a.example/")["rule"]["id"], 1)

    def test_rules_of_both_kinds_go_back_in_one_event(self):
        self.acct.mapping("a.example")
        self.acct.passthrough("p.example")
        self.acct.passthrough("q.example")
        self.patch(1, utm_source="new")
        self.patch(1, PASS, utm_source="new")
        self.patch(2, PASS, utm_source="new")
        self.acct.mapping("later.example")
        chosen = "referrer_mapping:2,passthrough_referrer:1,referrer_mapping:1"
        shown = self.expect(self.restore(chosen, 3, dry_run="true"), 200).data
        done = self.expect(self.restore(chosen, 3), 200).data
        self.assertEqual((done["passthrough_referrers"], done["referrer_mappings"]), ({**NONE, "changed": 1}, {**NONE, "changed": 1, "removed": 1}))
        self.assertEqual(shown["referrer_mappings"], done["referrer_mappings"])
        self.assertEqual(done["version"], 8)
        self.assertEqual((self.rule(1)["utm_source"], self.rule(1, PASS)["utm_source"], self.rule(2, PASS)["utm_source"]), ("source", "source", "new"))
        self.rules_error(self.acct.viewer.get(self.acct.at(f"{MAP}/2")), 404, "not_found")
        # Both forms of the list are the same, and what is as it was is no event.
        same = self.expect(self.restore("referrer_mapping:1&rules=passthrough_referrer:1", 3), 200).data
        self.assertEqual((same["referrer_mappings"], same["passthrough_referrers"], same["version"]), ({**NONE, "unchanged": 1}, {**NONE, "unchanged": 1}, 8))

    def test_a_rule_in_the_way_is_named(self):
        self.acct.mapping("a.example")
        self.delete(1)
        self.acct.mapping("a.example")
        for dry_run in ("true", "false"):
            error = self.rules_error(self.restore("referrer_mapping:1", 1, dry_run=dry_run), 409, "duplicate_entry")
            self.assertEqual(error["detail"], {"existing_id": 2})
            self.assertIn("which referrer mapping 2 has now", error["message"])
        self.assertEqual(self.version(), 3)
        self.expect(self.restore("referrer_mapping:1,referrer_mapping:2", 1), 200)
        self.assertEqual(self.rule(1)["referrer_pattern"], "a.example")

    def test_what_is_not_a_rule_is_refused_and_never_means_all(self):
        self.acct.mapping("a.example")
        self.patch(1, utm_source="new")
        for rules in ("", ",", "referrer_mapping:1,", "1", "mapping:1", "referrer_mapping:", "referrer_mapping:x", "referrer_mapping:0",
                      "referrer_mapping:-1", "referrer_mapping:99999999999999999999", "referrer_mapping:1,referrer_mapping:1", ":1",
                      "referrer_mapping:2", "passthrough_referrer:1"):
            for dry_run in ("true", "false"):
                with self.subTest(rules=rules, dry_run=dry_run):
                    self.invalid(self.restore(rules, 1, dry_run=dry_run), "query.rules")
        told = self.invalid(self.restore("x," * 1000, 1), "query.rules")
        self.assertEqual(len(told), 100)
        self.assertEqual((self.version(), self.rule(1)["utm_source"]), (2, "new"))

    def test_a_key_makes_it_happen_once(self):
        self.acct.mapping("a.example")
        self.delete(1)
        key = {"Idempotency-Key": "once"}
        first = self.expect(self.restore("referrer_mapping:1", 1, key), 200)
        self.delete(1)
        again = self.expect(self.restore("referrer_mapping:1", 1, key), 200)
        self.assertEqual((again.header("Idempotent-Replayed"), again.body), ("true", first.body))
        self.rules_error(self.restore("referrer_mapping:1,", 1, {"Idempotency-Key": "a b"}), 422, "validation_error")
        self.rules_error(self.acct.viewer.get(self.acct.at(f"{MAP}/1")), 404, "not_found")

    def test_only_editors_may(self):
        self.acct.mapping("a.example")
        self.rules_error(self.restore("referrer_mapping:1", 0, client=self.acct.viewer), 403, "forbidden")
        self.assertEqual(self.version(), 1)

    def test_what_was_acknowledged_is_there_after_a_kill(self):
        with Program() as program:
            self.acct = Account(program)
            self.acct.mapping("a.example")
            self.acct.mapping("b.example")
            self.delete(1)
            self.patch(2, utm_source="new")
            self.expect(self.restore("referrer_mapping:1", 2), 200)
            state = self.acct.viewer.get(f"/accounts/{self.acct.id}/state").data
            program.kill()
            program.start()
            self.acct.find_again()
            self.assertEqual(self.acct.viewer.get(f"/accounts/{self.acct.id}/state").data, state)
            self.assertEqual((self.rule(1)["referrer_pattern"], self.rule(2)["utm_source"]), ("a.example", "new"))
