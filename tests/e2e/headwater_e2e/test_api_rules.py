"""Rules as resources: PATCH, preconditions, duplicates, ids, normalisation and the cap."""
import time

from .case import Case
from .program import Program
from .world import Account

PASS, MAP = "/passthrough-referrers", "/referrer-mappings"


class Patching(Case):
    def setUp(self):
        self.acct = Account()
        self.rule = self.acct.mapping("p.example", label="l", description="d", utm_campaign="c", priority=5)
        self.by_id = self.acct.at(f"{MAP}/{self.rule['id']}")

    def patch(self, body, headers=None):
        return self.acct.editor.patch(self.by_id, body, headers)

    def test_null_resets_label_and_description(self):
        after = self.expect(self.patch({"label": None, "description": None}), 200).data
        self.assertIsNone(after["label"])
        self.assertIsNone(after["description"])

    def test_null_leaves_any_other_field_as_it_is(self):
        fields = ("referrer_pattern", "match_type", "utm_source", "utm_medium", "utm_campaign", "utm_term",
                  "utm_content", "priority", "is_active")
        after = self.expect(self.patch({field: None for field in fields}), 200).data
        self.assertEqual(after, self.rule)

    def test_empty_text_is_a_value(self):
        after = self.expect(self.patch({"label": "", "utm_campaign": "", "utm_medium": ""}), 200).data
        self.assertEqual((after["label"], after["utm_campaign"], after["utm_medium"]), ("", "", ""))

    def test_null_on_create_is_not_given_for_every_optional_field(self):
        optional = ["utm_medium", "utm_campaign", "utm_term", "utm_content", "priority", "is_active", "match_type", "label",
                    "description"]
        unset = {"referrer_pattern": "q.example", "utm_source": "s", **{field: None for field in optional}}
        made = self.expect(self.acct.editor.post(self.acct.at(MAP), unset), 201).data
        self.assertEqual((made["utm_medium"], made["match_type"], made["is_active"], made["priority"], made["label"]),
                         ("referral", "exact", True, 0, None))
        for field in ["referrer_pattern", "utm_source"]:
            with self.subTest(field=field):
                response = self.acct.editor.post(self.acct.at(MAP), {**unset, "referrer_pattern": "r.example", field: None})
                self.invalid(response, f"body.{field}")

    def test_what_was_cut_off_a_pattern_is_told_on_create_and_patch(self):
        path = {"field": "referrer_pattern", "sent": "medium.com/@partner", "stored": "medium.com",
                "message": "the path /@partner was cut off: browsers send hosts only, and this rule takes every visit from medium.com"}
        made = self.expect(self.acct.editor.post(self.acct.at(MAP), {"referrer_pattern": "medium.com/@partner", "utm_source": "s"}), 201)
        self.assertEqual(made.json()["meta"], {"normalised": [path]})
        by_id = self.acct.at(f"{MAP}/{made.data['id']}")
        again = self.expect(self.acct.editor.patch(by_id, {"referrer_pattern": "medium.com/@partner", "colour": 1}), 200)
        self.assertEqual(again.json()["meta"], {"ignored_fields": ["colour"], "normalised": [path]})
        self.assertNotIn("meta", self.expect(self.acct.editor.patch(by_id, {"referrer_pattern": " Medium.COM "}), 200).json())
        made = self.expect(self.acct.editor.post(self.acct.at("/passthrough-referrers"), {"domain": "https://Pay.example/", "utm_source": "s"}), 201)
        self.assertEqual([each["stored"] for each in made.json()["meta"]["normalised"]], ["pay.example"])

    def test_a_replayed_answer_tells_it_again(self):
        body, key = {"referrer_pattern": "https://z.example/x", "utm_source": "s"}, {"Idempotency-Key": "normalised"}
        first = self.expect(self.acct.editor.post(self.acct.at(MAP), body, key), 201)
        second = self.expect(self.acct.editor.post(self.acct.at(MAP), body, key), 201)
        self.assertEqual(second.header("Idempotent-Replayed"), "true")
        self.assertEqual(first.json(), second.json())

    def test_change_of_nothing_leaves_updated_at_and_etag(self):
        tag = self.acct.viewer.get(self.by_id).header("ETag")
        time.sleep(1.1)
        for body in [{}, {"label": "l"}, {"referrer_pattern": "https://P.example/"}, {"utm_source": None}]:
            with self.subTest(body=body):
                after = self.expect(self.patch(body), 200)
                self.assertEqual(after.data, self.rule)
        self.assertEqual(self.acct.viewer.get(self.by_id).header("ETag"), tag)

    def test_change_moves_updated_at_and_keeps_created_at(self):
        time.sleep(1.1)
        after = self.expect(self.patch({"label": "new"}), 200).data
        self.assertGreater(after["updated_at"], self.rule["updated_at"])
        self.assertEqual(after["created_at"], self.rule["created_at"])

    def test_resulting_rule_is_validated_whole(self):
        self.expect(self.patch({"referrer_pattern": "bü+cher", "match_type": "regex"}), 200)
        self.invalid(self.patch({"match_type": "contains"}), "body.referrer_pattern")
        self.assertEqual(self.acct.viewer.get(self.by_id).data["match_type"], "regex")

    def test_all_faults_of_a_patch_are_named_at_once(self):
        self.invalid(self.patch({"utm_source": "", "priority": 1001, "label": "x" * 101}),
                     "body.utm_source", "body.priority", "body.label")

    def test_patch_is_normalised_like_create(self):
        self.assertEqual(self.expect(self.patch({"referrer_pattern": "HTTPS://Q.Example:80/x?y#z"}), 200).data["referrer_pattern"],
                         "q.example")


class Preconditions(Case):
    def setUp(self):
        self.acct = Account()
        self.rule = self.acct.passthrough("e.example")
        self.by_id = self.acct.at(f"{PASS}/{self.rule['id']}")
        self.tag = self.acct.viewer.get(self.by_id).header("ETag")

    def test_single_rules_carry_a_strong_etag(self):
        for response in (self.acct.viewer.get(self.by_id), self.acct.editor.patch(self.by_id, {})):
            self.assertRegex(self.expect(response, 200).header("ETag", ""), r'^"[^"]+"$')

    def test_current_etag_lets_a_change_through_and_moves(self):
        response = self.expect(self.acct.editor.patch(self.by_id, {"utm_source": "b"}, {"If-Match": self.tag}), 200)
        now = self.acct.viewer.get(self.by_id).header("ETag")
        self.assertNotEqual(now, self.tag)
        self.assertEqual(response.header("ETag"), now)

    def test_stale_etag_is_412_and_changes_nothing(self):
        self.expect(self.acct.editor.patch(self.by_id, {"utm_source": "b"}), 200)
        self.rules_error(self.acct.editor.patch(self.by_id, {"utm_source": "c"}, {"If-Match": self.tag}), 412, "precondition_failed")
        self.rules_error(self.acct.editor.delete(self.by_id, {"If-Match": self.tag}), 412, "precondition_failed")
        self.assertEqual(self.acct.viewer.get(self.by_id).data["utm_source"], "b")

    def test_current_etag_lets_a_delete_through(self):
        self.expect(self.acct.editor.delete(self.by_id, {"If-Match": self.tag}), 204)

    def test_star_and_lists_match(self):
        self.expect(self.acct.editor.patch(self.by_id, {"utm_source": "b"}, {"If-Match": "*"}), 200)
        tag = self.acct.viewer.get(self.by_id).header("ETag")
        self.expect(self.acct.editor.patch(self.by_id, {"utm_source": "c"}, {"If-Match": f'"other", {tag}'}), 200)

    def test_change_of_another_rule_leaves_the_etag(self):
        self.acct.passthrough("f.example")
        self.assertEqual(self.acct.viewer.get(self.by_id).header("ETag"), self.tag)


class Ids(Case):
    def setUp(self):
        self.acct = Account()

    def test_ids_count_from_1_per_account_and_kind(self):
        self.assertEqual([self.acct.passthrough(f"{c}.example")["id"] for c in "abc"], [1, 2, 3])
        self.assertEqual(self.acct.mapping("a.example")["id"], 1)
        self.assertEqual(Account().passthrough("a.example")["id"], 1)

    def test_ids_are_never_reused(self):
        for name in "ab":
            self.acct.mapping(f"{name}.example")
        for number in (2, 1):
            self.expect(self.acct.editor.delete(self.acct.at(f"{MAP}/{number}")), 204)
        self.assertEqual(self.acct.mapping("c.example")["id"], 3)

    def test_failed_create_uses_no_id(self):
        self.acct.passthrough("a.example")
        self.acct.editor.post(self.acct.at(PASS), {"domain": "a.example", "utm_source": "x"})
        self.acct.editor.post(self.acct.at(PASS), {"domain": "bad"})
        self.assertEqual(self.acct.passthrough("b.example")["id"], 2)

    def test_mappings_are_listed_in_evaluation_order(self):
        for name, priority in (("a", 5), ("b", 9), ("c", 5), ("d", 0), ("e", 9)):
            self.acct.mapping(f"{name}.example", priority=priority)
        listed = self.acct.viewer.get(self.acct.at(MAP)).data["mappings"]
        self.assertEqual([m["referrer_pattern"][0] for m in listed], ["b", "e", "a", "c", "d"])


class Wall(Case):
    def test_rules_of_another_account_are_out_of_reach(self):
        mine, other = Account(), Account()
        rule = other.passthrough("w.example")
        for method, path, body in [
                ("GET", PASS, None), ("GET", f"{PASS}/{rule['id']}", None), ("POST", PASS, {"domain": "x.example", "utm_source": "s"}),
                ("PATCH", f"{PASS}/{rule['id']}", {"utm_source": "s"}), ("DELETE", f"{PASS}/{rule['id']}", None),
                ("GET", MAP, None), ("POST", "/resolve", {"url": "https://a.example/"})]:
            with self.subTest(method=method, path=path):
                response = mine.admin.request(method, other.at(path), body)
                self.rules_error(response, 403, "forbidden", f"Access denied to account: {other.id}")
        self.assertEqual(other.viewer.get(other.at(PASS)).data["referrers"], [rule])

    def test_rules_of_one_account_do_not_touch_visits_of_another(self):
        mine, other = Account(), Account()
        other.mapping("w.example")
        self.assertEqual(mine.resolve(referrer="https://w.example/")["outcome"], "referral")
        mine.mapping("w.example")

    def test_unknown_account_looks_like_a_foreign_one_to_a_bound_token(self):
        mine = Account()
        response = mine.admin.get(f"{PASS}?account_id=no-such-account")
        self.rules_error(response, 403, "forbidden", "Access denied to account: no-such-account")
        self.rules_error(mine.operator.get(f"{PASS}?account_id=no-such-account"), 404, "account_not_found")


class Cap(Case):
    @classmethod
    def setUpClass(cls):
        cls.own = Program("--max-rules", "3").start()
        cls.acct = Account(cls.own)

    @classmethod
    def tearDownClass(cls):
        cls.own.close()

    def test_rule_beyond_the_cap_of_its_kind_is_422(self):
        for number in range(3):
            self.acct.passthrough(f"d{number}.example", is_active=number != 1)
        response = self.acct.editor.post(self.acct.at(PASS), {"domain": "d3.example", "utm_source": "s"})
        self.rules_error(response, 422, "max_entries_reached")
        self.acct.mapping("d3.example")
        self.expect(self.acct.editor.delete(self.acct.at(f"{PASS}/1")), 204)
        self.assertEqual(self.acct.passthrough("d3.example")["id"], 4)
