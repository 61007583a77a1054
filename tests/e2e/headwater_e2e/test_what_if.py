"""POST /resolve with a draft: rules are tried on visits without being stored."""
import json
import random

from .case import Case
from .program import Program
from .world import Account

PATH = "/resolve"
HOME = "https://www.shop.example/"
MAPPINGS = "/referrer-mappings"
PASSTHROUGH = "/passthrough-referrers"


def mapping(pattern, **fields):
    return {"referrer_pattern": pattern, "utm_source": "drafted", **fields}


class WhatIf(Case):
    def setUp(self):
        self.acct = Account()
        self.pay = self.acct.passthrough("pay.example", utm_source="pay")
        self.partner = self.acct.mapping("partner.example", utm_source="partner", priority=5)

    def post(self, body, client=None, headers=None, **query):
        return (client or self.acct.viewer).post(self.acct.at(PATH, **query), body, headers)

    def tried(self, referrer, mappings=None, passthrough=None, **fields):
        draft = {"referrer_mappings": mappings, "passthrough_referrers": passthrough}
        response = self.post({"url": HOME, "referrer": referrer, "draft": draft, **fields})
        return self.expect(response, 200).data

    def state(self):
        """Everything that a draft must leave alone."""
        pages = [self.acct.viewer.get(self.acct.at(path, include_inactive="true")).body for path in (MAPPINGS, PASSTHROUGH)]
        tags = [self.acct.viewer.get(self.acct.at(f"{path}/{rule['id']}")).header("ETag")
                for path, rule in ((MAPPINGS, self.partner), (PASSTHROUGH, self.pay))]
        return pages, tags

    # What a draft does

    def test_added_mapping_decides_under_its_place_in_the_draft(self):
        result = self.tried("https://new.example/", {"add": [mapping("other.example"), mapping("https://NEW.example/x")]})
        self.assertEqual((result["outcome"], result["utm"]["utm_source"]), ("mapping", "drafted"))
        self.assertEqual(result["rule"], {"kind": "referrer_mapping", "id": None, "draft": 1})
        self.assertEqual(set(result), {"outcome", "continues_session", "utm", "rule", "referrer_host", "ai_platform",
                                       "source_name", "channel", "click_id"})

    def test_added_passthrough_keeps_the_session(self):
        result = self.tried("https://x.book.example/", passthrough={"add": [{"domain": "book.example", "utm_source": "b"}]},
                            session={"utm_source": "mail"})
        self.assertEqual((result["outcome"], result["utm"]["utm_source"], result["continues_session"]), ("passthrough", "mail", True))
        self.assertEqual(result["rule"], {"kind": "passthrough_referrer", "id": None, "draft": 0})

    def test_changed_rule_keeps_its_id_and_shows_its_place(self):
        change = {"id": self.partner["id"], "utm_source": "renamed", "label": None, "account_id": "ignored"}
        result = self.tried("https://partner.example/", {"change": [change]})
        self.assertEqual(result["utm"]["utm_source"], "renamed")
        self.assertEqual(result["rule"], {"kind": "referrer_mapping", "id": self.partner["id"], "draft": 0})

    def test_rule_that_the_draft_leaves_alone_looks_stored(self):
        result = self.tried("https://partner.example/", {"change": [{"id": self.partner["id"], "priority": 5}]})
        self.assertEqual(result["rule"], {"kind": "referrer_mapping", "id": self.partner["id"]})

    def test_removed_rule_decides_no_longer(self):
        self.assertEqual(self.tried("https://partner.example/", {"remove": [self.partner["id"]]})["outcome"], "referral")
        self.assertEqual(self.tried("https://pay.example/", passthrough={"remove": [self.pay["id"]]})["outcome"], "referral")

    def test_order_is_removals_changes_additions(self):
        other = self.acct.mapping("other.example", utm_source="other")
        result = self.tried("https://other.example/", {
            "add": [mapping("other.example")], "change": [{"id": other["id"], "referrer_pattern": "partner.example"}],
            "remove": [self.partner["id"]]})
        self.assertEqual(result["utm"]["utm_source"], "drafted")

    def test_empty_draft_changes_no_answer(self):
        plain = self.acct.resolve(HOME, "https://partner.example/")
        for draft in [{}, {"referrer_mappings": {}}, {"referrer_mappings": None, "passthrough_referrers": {"add": []}}]:
            with self.subTest(draft=draft):
                response = self.post({"url": HOME, "referrer": "https://partner.example/", "draft": draft})
                self.assertEqual(self.expect(response, 200).data, plain)

    def test_null_draft_is_none(self):
        body = {"url": HOME, "referrer": "https://partner.example/", "draft": None, "compare": None}
        self.assertEqual(self.expect(self.post(body, self.acct.tracker), 200).data["outcome"], "mapping")

    def test_explanation_names_drafted_rules(self):
        result = self.tried_explained("https://a.partner.example/", {
            "add": [mapping("partner", match_type="contains", priority=9)],
            "change": [{"id": self.partner["id"], "match_type": "ends_with"}]})
        step = result["explanation"][5]
        self.assertEqual(step["reason"], 'New referrer mapping 0 of the draft (contains "partner", priority 9) matches a.partner.example. '
                         f'Mapping {self.partner["id"]} as drafted matches too, but has a lower priority.')
        self.assertEqual(step["rules"], [
            {"kind": "referrer_mapping", "id": None, "draft": 0, "outcome": "decided"},
            {"kind": "referrer_mapping", "id": self.partner["id"], "draft": 0, "outcome": "lower_priority"}])

    def tried_explained(self, referrer, mappings):
        body = {"url": HOME, "referrer": referrer, "draft": {"referrer_mappings": mappings}}
        return self.expect(self.post(body, explain="true"), 200).data

    def test_nothing_is_stored(self):
        before = self.state()
        draft = {"referrer_mappings": {"add": [mapping("new.example")], "remove": [self.partner["id"]]},
                 "passthrough_referrers": {"change": [{"id": self.pay["id"], "domain": "else.example"}]}}
        for compare in (False, True):
            self.expect(self.post({"url": HOME, "referrer": "https://new.example/", "draft": draft, "compare": compare}), 200)
        self.assertEqual(self.state(), before)
        self.assertEqual(self.acct.resolve(HOME, "https://new.example/")["outcome"], "referral")
        # The ids that the draft had for the time of a request were not used up.
        self.assertEqual(self.acct.mapping("real.example")["id"], self.partner["id"] + 1)

    def test_draft_equals_storing_it(self):
        source = random.Random(20261121)
        hosts = [f"{name}.example" for name in "abcdefgh"] + ["x.a.example", "www.b.example"]
        types = ["exact", "contains", "starts_with", "ends_with"]
        for host in hosts[:4]:
            self.acct.mapping(host, utm_source="old", match_type=source.choice(types), priority=source.randrange(3))
        draft = {"referrer_mappings": {
            "remove": [2], "change": [{"id": 3, "priority": 2, "match_type": "contains"}, {"id": 4, "is_active": False}],
            "add": [mapping(host, match_type=source.choice(types), priority=source.randrange(4)) for host in hosts[4:]]},
            "passthrough_referrers": {"add": [{"domain": "a.example", "utm_source": "p"}]}}
        visits = [{"url": HOME, "referrer": f"https://{host}/", "session": session} for host in hosts for session in (None, {})]
        drafted = self.expect(self.post({"visits": visits, "draft": draft}), 200).data["results"]
        editor, kinds = self.acct.editor, {"referrer_mappings": MAPPINGS, "passthrough_referrers": PASSTHROUGH}
        for kind, changes in draft.items():
            for number in changes.get("remove", []):
                self.expect(editor.delete(self.acct.at(f"{kinds[kind]}/{number}")), 204)
            for change in changes.get("change", []):
                self.expect(editor.patch(self.acct.at(f"{kinds[kind]}/{change['id']}"), change), 200)
            for rule in changes["add"]:
                self.expect(editor.post(self.acct.at(kinds[kind]), rule), 201)
        stored = self.expect(self.post({"visits": visits}), 200).data["results"]
        without_rules = [[{**result, "rule": None} for result in side] for side in (drafted, stored)]
        self.assertEqual(*without_rules)
        self.assertGreater(len({result["outcome"] for result in stored}), 2)

    # Comparing

    def test_compare_shows_both_sides_of_one_visit(self):
        body = {"url": HOME, "referrer": "https://partner.example/", "compare": True,
                "draft": {"referrer_mappings": {"remove": [self.partner["id"]]}}}
        result = self.expect(self.post(body), 200).data
        self.assertEqual(set(result), {"current", "drafted", "changed"})
        self.assertEqual((result["current"]["outcome"], result["drafted"]["outcome"], result["changed"]), ("mapping", "referral", True))
        same = self.expect(self.post({**body, "referrer": "https://pay.example/"}), 200).data
        self.assertEqual((same["current"], same["changed"]), (same["drafted"], False))

    def test_compare_works_with_explain(self):
        body = {"url": HOME, "referrer": "https://partner.example/", "compare": True,
                "draft": {"referrer_mappings": {"remove": [self.partner["id"]]}}}
        result = self.expect(self.post(body, explain="true"), 200).data
        self.assertEqual(result["current"]["explanation"][-1]["name"], "mapping")
        self.assertEqual(result["drafted"]["explanation"][-1]["name"], "referral")

    def test_summary_of_ten_thousand_visits_counts_outcomes_and_rules(self):
        referrers = ["https://partner.example/"] * 2000 + ["https://new.example/"] * 5000 + ["https://pay.example/"] * 1500 + [None] * 1499
        visits = [{"url": HOME, "referrer": referrer} for referrer in referrers] + [{"url": "/relative"}]
        random.Random(1).shuffle(visits)
        draft = {"referrer_mappings": {"add": [mapping("new.example")], "remove": [self.partner["id"]]}}
        data = self.expect(self.post({"visits": visits, "draft": draft, "compare": True}), 200).data
        self.assertEqual(set(data), {"results", "summary"})
        self.assertEqual(data["summary"], {
            "visits": 10_000, "errors": 1, "changed": 7000,
            "by_outcome": [{"from": "referral", "to": "mapping", "visits": 5000}, {"from": "mapping", "to": "referral", "visits": 2000}],
            "by_rule": [
                {"rule": {"kind": "referrer_mapping", "id": None, "draft": 0}, "current": 0, "drafted": 5000},
                {"rule": {"kind": "referrer_mapping", "id": self.partner["id"]}, "current": 2000, "drafted": 0},
                {"rule": {"kind": "passthrough_referrer", "id": self.pay["id"]}, "current": 1500, "drafted": 1500}]})
        self.assertEqual(len(data["results"]), 10_000)
        for visit, result in zip(visits, data["results"]):
            if visit["url"] == HOME:
                self.assertEqual(result["changed"], visit["referrer"] in ("https://partner.example/", "https://new.example/"))
            else:
                self.assertEqual(set(result), {"error"})

    def test_without_compare_a_batch_has_no_summary(self):
        data = self.expect(self.post({"visits": [{"url": HOME}, 7], "draft": {}}), 200).data
        self.assertEqual(set(data), {"results"})
        self.assertEqual([set(result) == {"error"} for result in data["results"]], [False, True])

    # What is refused

    def test_compare_needs_a_draft(self):
        for body in [{"url": HOME, "compare": True}, {"visits": [], "compare": True}, {"url": HOME, "compare": True, "draft": None}]:
            with self.subTest(body=body):
                self.invalid(self.post(body), "body.compare")
        self.expect(self.post({"url": HOME, "compare": False}), 200)

    def test_compare_is_a_boolean(self):
        for compare in ["yes", 1, [], {}]:
            with self.subTest(compare=compare):
                self.invalid(self.post({"url": HOME, "draft": {}, "compare": compare}), "body.compare")

    def test_draft_must_have_its_shape(self):
        for draft, field in [(7, ""), ("x", ""), ([], ""), ({"referrer_mappings": []}, ".referrer_mappings"),
                             ({"passthrough_referrers": {"add": {}}}, ".passthrough_referrers.add"),
                             ({"referrer_mappings": {"change": "x"}}, ".referrer_mappings.change"),
                             ({"referrer_mappings": {"remove": 7}}, ".referrer_mappings.remove")]:
            with self.subTest(draft=draft):
                self.invalid(self.post({"url": HOME, "draft": draft}), "body.draft" + field)

    def test_keys_given_twice_are_named(self):
        body = f'{{"url":"{HOME}","draft":{{"referrer_mappings":{{"add":[{{"utm_source":"a","utm_source":"b","referrer_pattern":"c"}}],"add":[]}}}}}}'
        self.invalid(self.post(body.encode()), "body.draft.referrer_mappings.add", "body.draft.referrer_mappings.add[0].utm_source")

    def test_all_faults_are_told_at_once_with_their_places(self):
        draft = {"referrer_mappings": {"add": [mapping("good.example"), {"referrer_pattern": "(", "match_type": "regex"}, 5],
                                       "change": [{"id": self.partner["id"], "priority": 1001}, {"priority": 1}, {"id": "7"}, {"id": 999}],
                                       "remove": [998, "x"]},
                 "passthrough_referrers": {"add": [{"domain": "127.0.0.1", "utm_source": ""}]}}
        self.invalid(self.post({"referrer": HOME, "draft": draft, "compare": "x"}),
                     "body.url", "body.compare",
                     "body.draft.referrer_mappings.add[1].referrer_pattern", "body.draft.referrer_mappings.add[1].utm_source",
                     "body.draft.referrer_mappings.add[2]", "body.draft.referrer_mappings.change[0].priority",
                     "body.draft.referrer_mappings.change[1].id", "body.draft.referrer_mappings.change[2].id",
                     "body.draft.referrer_mappings.change[3].id", "body.draft.referrer_mappings.remove[0]",
                     "body.draft.referrer_mappings.remove[1]", "body.draft.passthrough_referrers.add[0].domain",
                     "body.draft.passthrough_referrers.add[0].utm_source")

    def test_url_that_cannot_be_used_is_told_beside_the_drafts_faults(self):
        self.invalid(self.post({"url": "/relative", "draft": {"referrer_mappings": {"remove": [99]}}}),
                     "body.url", "body.draft.referrer_mappings.remove[0]")
        self.invalid(self.post({"url": "/relative", "draft": {}}), "body.url")

    def test_duplicates_are_faults_of_the_draft(self):
        detail = self.invalid(self.post({"url": HOME, "draft": {"referrer_mappings": {
            "add": [mapping("partner.example"), mapping("twice.example"), mapping("Twice.example")]}}}),
            "body.draft.referrer_mappings.add[0].referrer_pattern", "body.draft.referrer_mappings.add[2].referrer_pattern")
        self.assertEqual({fault["type"] for fault in detail}, {"duplicate_entry"})
        self.assertIn(f"with id {self.partner['id']}", detail[0]["message"])
        self.assertIn("add[1]", detail[1]["message"])

    def test_thousand_changes_are_fine_and_one_more_is_not(self):
        def draft(count):
            return {"referrer_mappings": {"add": [mapping(f"n{i}.example") for i in range(count)]}}
        result = self.expect(self.post({"url": HOME, "referrer": "https://n999.example/", "draft": draft(1000)}), 200).data
        self.assertEqual(result["rule"]["draft"], 999)
        self.invalid(self.post({"url": HOME, "draft": draft(1001)}), "body.draft")

    def test_syntax_comes_first(self):
        self.rules_error(self.post(b'{"url":"https://a.example/","draft":{"referrer_mappings":{'), 400, "bad_request")
        self.rules_error(self.post({"url": HOME, "draft": {}}, headers={"Content-Type": "text/plain"}), 415, "unsupported_media_type")
        self.rules_error(self.post(b'{"draft":{"x":"' + b"x" * (8 << 20) + b'"}}'), 413, "payload_too_large")

    def test_too_many_visits_are_413_with_a_draft_too(self):
        self.rules_error(self.post({"visits": [{"url": HOME}] * 10_001, "draft": {}}), 413, "payload_too_large")

    # Who may, and unknown fields

    def test_tracker_may_neither_draft_nor_compare(self):
        for body in [{"url": HOME, "draft": {}}, {"visits": [], "draft": {}}, {"url": HOME, "compare": True}, {"url": HOME, "draft": 7}]:
            with self.subTest(body=body):
                self.rules_error(self.post(body, self.acct.tracker), 403, "forbidden", "Required scope: read")

    def test_viewer_and_editor_may(self):
        for client in (self.acct.viewer, self.acct.editor):
            self.expect(self.post({"url": HOME, "draft": {}, "compare": True}, client), 200)

    def test_draft_of_another_account_is_refused_as_any_request(self):
        self.rules_error(self.post({"url": HOME, "draft": {}}, Account().viewer), 403, "forbidden")
        self.rules_error(self.post({"url": HOME, "draft": {}}, self.program.client(None)), 401, "unauthorized")

    def test_unknown_fields_are_named_and_ignored(self):
        draft = {"note": 1, "referrer_mappings": {"replace": [{"a": 1}], "add": [mapping("new.example", colour="red")]}}
        response = self.post({"url": HOME, "visitor": "v", "draft": draft})
        self.assertEqual(sorted(self.expect(response, 200).json()["meta"]["ignored_fields"]),
                         ["draft.note", "draft.referrer_mappings.add[0].colour", "draft.referrer_mappings.replace", "visitor"])
        batch = self.post({"visits": [{"url": HOME, "visitor": "v"}], "page": 1})
        self.assertEqual(self.expect(batch, 200).json()["meta"], {"ignored_fields": ["page", "visits[0].visitor"]})
        self.assertNotIn("meta", self.post({"url": HOME, "draft": {}}).json())

    def test_strict_handling_refuses_unknown_fields(self):
        strict = {"Prefer": "handling=strict"}
        draft = {"note": 1, "referrer_mappings": {"add": [mapping("new.example", colour="red")]}}
        self.invalid(self.post({"url": HOME, "visitor": "v", "draft": draft}, headers=strict),
                     "body.visitor", "body.draft.note", "body.draft.referrer_mappings.add[0].colour")
        self.invalid(self.post({"url": HOME, "visitor": "v"}, headers=strict), "body.visitor")
        self.invalid(self.post({"visits": [], "page": 1}, headers=strict), "body.page")
        self.expect(self.post({"url": HOME, "draft": {}, "compare": True}, headers=strict), 200)

    def test_lines_have_no_draft(self):
        line = json.dumps({"url": HOME, "referrer": "https://new.example/", "compare": True,
                           "draft": {"referrer_mappings": {"add": [mapping("new.example")]}}})
        response = self.post(line, self.acct.tracker, {"Content-Type": "application/x-ndjson"})
        self.assertEqual([result["outcome"] for result in self.expect(response, 200).ndjson()], ["referral"])


class Limits(Case):
    @classmethod
    def setUpClass(cls):
        cls.own = Program("--max-rules", "3").start()
        cls.acct = Account(cls.own)

    @classmethod
    def tearDownClass(cls):
        cls.own.close()

    def test_rules_of_an_account_are_limited_in_a_draft_too(self):
        first = self.acct.mapping("one.example")
        add = [mapping(f"n{i}.example") for i in range(3)]
        body = {"url": HOME, "draft": {"referrer_mappings": {"add": add}}}
        detail = self.invalid(self.acct.viewer.post(self.acct.at(PATH), body), "body.draft.referrer_mappings.add[2]")
        self.assertEqual(detail[0]["type"], "max_entries_reached")
        body["draft"]["referrer_mappings"]["remove"] = [first["id"]]
        self.expect(self.acct.viewer.post(self.acct.at(PATH), body), 200)
