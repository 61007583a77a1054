"""Lists that tell what a change needs (etags, version), and changes of chosen rules in one event."""
import threading

from .case import Case
from .program import Program
from .world import Account

PASS, MAP = "/passthrough-referrers", "/referrer-mappings"


class Bulk(Case):
    def setUp(self):
        self.acct = Account()

    def make(self, count: int = 3, path=MAP) -> list:
        name = "referrer_pattern" if path == MAP else "domain"
        rows = [{name: f"r{n}.example", "utm_source": f"s{n}"} for n in range(count)]
        self.expect(self.acct.editor.post(self.acct.at(f"{path}/import"), rows), 200)
        return self.rules(path)

    def rules(self, path=MAP, **query) -> list:
        data = self.expect(self.acct.viewer.get(self.acct.at(path, include_inactive="true", **query)), 200).data
        return data["mappings" if path == MAP else "referrers"]

    def change(self, ids, fields, path=MAP, headers=None, client=None, **query):
        return (client or self.acct.editor).request("PATCH", self.acct.at(path, **query), {"ids": ids, "set": fields}, headers)

    def version(self) -> int:
        return self.expect(self.acct.viewer.get(f"/events?account_id={self.acct.id}&limit=1"), 200).json()["meta"]["end"]

    def events(self, after: int) -> list:
        data = self.expect(self.acct.viewer.get(f"/events?account_id={self.acct.id}&after={after}"), 200).data
        return data["events"]


class Lists(Bulk):
    def test_a_list_tells_its_version(self):
        for path in (PASS, MAP):
            self.assertEqual(self.acct.viewer.get(self.acct.at(path)).json()["meta"], {"version": 0})
        self.make()
        for path in (PASS, MAP):
            answer = self.acct.viewer.get(self.acct.at(path, limit=1))
            self.assertEqual(answer.json()["meta"], {"version": 1})
            self.assertTrue(answer.header("ETag").startswith('"1-'), f"\n{answer}")
        self.acct.mapping("later.example")
        then = self.acct.viewer.get(self.acct.at(MAP, as_of=1)).json()["meta"]
        self.assertEqual((then["version"], then["as_of"]["version"]), (1, 1))
        self.assertEqual(self.acct.viewer.get(self.acct.at(MAP)).json()["meta"], {"version": 2})

    def test_each_rule_has_its_etag_where_it_is_asked_for(self):
        for path in (PASS, MAP):
            self.make(path=path)
            rule_id = self.rules(path)[1]["id"]
            self.expect(self.acct.editor.patch(self.acct.at(f"{path}/{rule_id}"), {"utm_source": "new"}), 200)
            plain, tagged = self.rules(path), self.rules(path, include="etag")
            self.assertEqual([{k: v for k, v in rule.items() if k != "etag"} for rule in tagged], plain)
            for rule in tagged:
                self.assertEqual(list(rule)[-1], "etag")
                one = self.acct.viewer.get(self.acct.at(f"{path}/{rule['id']}"))
                self.assertEqual(rule["etag"], one.header("ETag"))
            target = self.acct.at(f"{path}/{tagged[1]['id']}")
            good = self.acct.editor.request("PATCH", target, {"utm_source": "newer"}, {"If-Match": tagged[1]["etag"]})
            self.expect(good, 200)
            stale = self.acct.editor.request("PATCH", target, {"utm_source": "newest"}, {"If-Match": tagged[1]["etag"]})
            self.rules_error(stale, 412, "precondition_failed")
        self.invalid(self.acct.viewer.get(self.acct.at(MAP, include="hits")), "query.include")

    def test_etags_of_long_lists_and_of_the_past_are_right(self):
        self.make(1000)
        old = self.rules(include="etag")
        self.assertEqual({rule["etag"] for rule in old}, {'"1"'})
        self.expect(self.change([rule["id"] for rule in old[::2]], {"priority": 3}), 200)
        now = {rule["id"]: rule["etag"] for rule in self.rules(include="etag")}
        self.assertEqual([now[rule["id"]] for rule in old], ['"2"', '"1"'] * 500)
        self.assertEqual(self.rules(include="etag", as_of=1), old)

    def test_what_a_list_shows_can_be_imported(self):
        self.make()
        answer = self.acct.viewer.get(self.acct.at(MAP, include="etag"))
        done = self.expect(self.acct.editor.post(self.acct.at(f"{MAP}/import"), answer.body), 200)
        self.assertEqual((done.data["unchanged"], done.json()["meta"]), (3, {"ignored_fields": ["etag"]}))


class Changes(Bulk):
    def test_chosen_rules_are_changed_in_one_event(self):
        for path, kind in ((PASS, "passthrough_referrers"), (MAP, "referrer_mappings")):
            before = self.make(4, path)
            version = self.version()
            ids = [before[2]["id"], before[0]["id"]]
            done = self.expect(self.change(ids, {"utm_medium": "cpc", "is_active": False}, path), 200)
            self.assertEqual(done.data, {"mode": "merge", "dry_run": False, "rows": 2, "added": 0, "changed": 2, "removed": 0,
                                         "unchanged": 0, "version": version + 1})
            self.assertNotIn("meta", done.json())
            events = self.events(version)
            self.assertEqual([each["header"]["type"] for each in events], [f"{kind}_imported"])
            for was, rule in zip(before, self.rules(path)):
                if was["id"] in ids:
                    self.assertEqual((rule.pop("utm_medium"), rule.pop("is_active")), ("cpc", False))
                    self.assertEqual(rule.pop("created_at"), was["created_at"])
                    self.assertEqual(rule, {name: was[name] for name in rule})
                else:
                    self.assertEqual(rule, was)

    def test_visits_are_resolved_by_the_changed_rules_from_the_answer_on(self):
        self.make(200)
        for round_number in range(5):
            ids = [rule["id"] for rule in self.rules()]
            self.expect(self.change(ids, {"utm_source": f"now{round_number}"}), 200)
            for host in ("r0", "r199"):
                self.assertEqual(self.acct.resolve(referrer=f"https://{host}.example/")["utm"]["utm_source"], f"now{round_number}")

    def test_rules_that_are_so_already_are_counted_and_where_all_are_there_is_no_event(self):
        rules = self.make(3)
        ids = [rule["id"] for rule in rules]
        self.expect(self.acct.editor.patch(self.acct.at(f"{MAP}/{ids[1]}"), {"priority": 9}), 200)
        done = self.expect(self.change(ids, {"priority": 9}), 200).data
        self.assertEqual((done["changed"], done["unchanged"], done["version"]), (2, 1, 3))
        for fields in ({"priority": 9}, {}, {"priority": None}):
            same = self.expect(self.change(ids, fields), 200).data
            self.assertEqual((same["changed"], same["unchanged"], same["version"]), (0, 3, 3))
        self.assertEqual(self.version(), 3)

    def test_a_dry_run_tells_what_would_change_and_changes_nothing(self):
        rules = self.make(3)
        ids = [rule["id"] for rule in rules]
        shown = self.expect(self.change(ids[:2], {"utm_source": "s0", "label": "x"}, dry_run="true"), 200).data
        self.assertEqual((shown["dry_run"], shown["rows"], shown["changed"], shown["unchanged"], shown["version"]), (True, 2, 2, 0, 1))
        changes = {"label": {"from": None, "to": "x"}}
        self.assertEqual(shown["preview"], {"added": [], "removed": [], "changed": [
            {"id": ids[0], "referrer_pattern": "r0.example", "changes": changes},
            {"id": ids[1], "referrer_pattern": "r1.example", "changes": {"utm_source": {"from": "s1", "to": "s0"}, **changes}}]})
        self.assertEqual((self.rules(), self.version()), (rules, 1))
        self.invalid(self.change([ids[0], 99], {"priority": 1001}, dry_run="true"), "body.set.priority", "body.ids[1]")
        self.invalid(self.change(ids, {}, dry_run="x"), "query.dry_run")

    def test_all_faults_are_told_at_once_and_nothing_is_changed(self):
        before = self.make(2)
        one, two = (rule["id"] for rule in before)
        detail = self.invalid(self.change([one, 77, one, "x"], {"utm_source": "", "priority": -1}),
                              "body.set.utm_source", "body.set.priority", "body.ids[1]", "body.ids[2]", "body.ids[3]")
        self.assertIn("There is no referrer mapping 77", [fault["message"] for fault in detail])
        self.invalid(self.change([two, 77], {"priority": 1}), "body.ids[1]")
        self.invalid(self.change([one, two], {"referrer_pattern": "one.example"}), "body.set.referrer_pattern")
        taken = self.invalid(self.change([one], {"referrer_pattern": "r1.example"}), "body.ids[0]")
        self.assertEqual((taken[0]["type"], f"rule {two}" in taken[0]["message"]), ("duplicate_entry", True))
        self.invalid(self.change([], {}), "body.ids")
        self.invalid(self.change(list(range(1, 1002)), {"priority": 1}), "body.ids")
        self.invalid(self.acct.editor.request("PATCH", self.acct.at(MAP), {}), "body.ids", "body.set")
        self.invalid(self.acct.editor.request("PATCH", self.acct.at(MAP), b"[1]"), "body")
        self.rules_error(self.acct.editor.request("PATCH", self.acct.at(MAP), b'{"ids":[1'), 400, "bad_request")
        self.assertEqual((self.rules(), self.version()), (before, 1))

    def test_a_match_type_is_tried_on_every_rule(self):
        fine, broken = self.acct.mapping("fine", match_type="contains"), self.acct.mapping("(", match_type="contains")
        detail = self.invalid(self.change([fine["id"], broken["id"]], {"match_type": "regex"}), "body.ids[1]")
        self.assertIn("Invalid regular expression", detail[0]["message"])
        cut = self.acct.mapping("cut.example/path", match_type="regex")
        done = self.expect(self.change([cut["id"]], {"match_type": "exact"}), 200)
        told = done.json()["meta"]["normalised"]
        self.assertEqual([(each["id"], each["stored"]) for each in told], [(cut["id"], "cut.example")])

    def test_unknown_members_are_named_or_refused(self):
        ids = [rule["id"] for rule in self.make(2)]
        body = {"ids": ids, "set": {"priority": 1, "colour": "x"}, "why": 1}
        done = self.expect(self.acct.editor.request("PATCH", self.acct.at(MAP), body), 200)
        self.assertEqual(done.json()["meta"], {"ignored_fields": ["why", "set.colour"]})
        strict = self.acct.editor.request("PATCH", self.acct.at(MAP), body, {"Prefer": "handling=strict"})
        self.invalid(strict, "body.why", "body.set.colour")

    def test_if_match_takes_the_tag_of_any_list_or_the_version(self):
        ids = [rule["id"] for rule in self.make(3)]
        tags = [self.acct.viewer.get(self.acct.at(MAP, **query)).header("ETag") for query in ({}, {"include": "etag"}, {"limit": 1})]
        for number, tag in enumerate([*tags, '"1"']):
            for dry_run in ("true", "false"):
                given = {"If-Match": tag if number == 0 else f'"{number + 1}"'}
                self.expect(self.change(ids, {"priority": number + 1}, headers=given, dry_run=dry_run), 200)
            for dry_run in ("true", "false"):
                stale = self.change(ids, {"priority": 0}, headers={"If-Match": tag}, dry_run=dry_run)
                self.rules_error(stale, 412, "precondition_failed")
        self.assertEqual({rule["priority"] for rule in self.rules()}, {4})
        # A rule that is not there any more is less surprising than the list that changed.
        self.rules_error(self.change([*ids, 99], {"priority": 0}, headers={"If-Match": tags[0]}), 412, "precondition_failed")
        self.rules_error(self.change(ids, {"priority": 0}, headers={"If-None-Match": "*"}), 412, "precondition_failed")
        self.expect(self.change(ids, {"priority": 0}, headers={"If-Match": "*"}), 200)
        [other] = [rule["id"] for rule in self.make(1, PASS)]
        self.rules_error(self.change([other], {"label": "x"}, PASS, {"If-Match": '"0"'}), 412, "precondition_failed")

    def test_change_that_fails_on_the_disk_changes_nothing_that_is_shown(self):
        for path in (PASS, MAP):
            for change in (lambda own, at: own.editor.request("PATCH", at, {"ids": [1], "set": {"utm_source": "x"}}),
                           lambda own, at: own.editor.request("DELETE", at + "&ids=1")):
                with Program("--checkpoint-seconds", "0") as program:  # whose checkpointer does not write
                    own = Account(program)
                    made = own.mapping("a.example") if path == MAP else own.passthrough("a.example")
                    own.editor, own.viewer  # tokens, while they can be made
                    program.limit_file_size(0)
                    self.rules_error(change(own, own.at(path)), 503, "outcome_unknown")
                    self.assertEqual(self.expect(own.viewer.get(own.at(f"{path}/{made['id']}")), 200).data, made)
                    program.limit_file_size(None)

    def test_an_idempotency_key_replays_the_answer(self):
        ids = [rule["id"] for rule in self.make(3)]
        key = {"Idempotency-Key": "bulk-1"}
        first = self.expect(self.change(ids, {"priority": 5, "colour": 1}, headers=key), 200)
        self.expect(self.acct.editor.delete(self.acct.at(f"{MAP}/{ids[0]}")), 204)
        again = self.expect(self.change(ids, {"priority": 5, "colour": 1}, headers=key), 200)
        self.assertEqual((again.data, again.json()["meta"]), (first.data, first.json()["meta"]))
        self.assertEqual((first.header("Idempotent-Replayed"), again.header("Idempotent-Replayed")), (None, "true"))
        self.rules_error(self.change(ids, {"priority": 6}, headers=key), 422, "idempotency_key_reused")
        self.assertEqual(self.version(), 3)

    def test_only_editors_of_the_account_may_change(self):
        ids = [rule["id"] for rule in self.make(2)]
        self.rules_error(self.change(ids, {"priority": 1}, client=self.acct.viewer), 403, "forbidden")
        self.rules_error(self.change(ids, {"priority": 1}, client=Account().editor), 403, "forbidden")
        self.assertEqual(self.version(), 1)

    def test_it_is_in_the_past_in_differences_and_in_exports(self):
        before = self.make(3)
        ids = [rule["id"] for rule in before]
        self.expect(self.change(ids[:2], {"priority": 7}), 200)
        self.assertEqual(self.rules(as_of=1), before)
        found = self.expect(self.acct.viewer.get(f"/accounts/{self.acct.id}/diff?from=1&to=2"), 200).data
        self.assertEqual([(each["id"], each["changes"], each["version"]) for each in found["referrer_mappings"]["changed"]],
                         [(rule_id, {"priority": {"from": 0, "to": 7}}, 2) for rule_id in ids[:2]])
        self.expect(self.acct.editor.post(f"/accounts/{self.acct.id}/restore-rules?as_of=1", b""), 200)
        self.assertEqual([rule["priority"] for rule in self.rules()], [0, 0, 0])

    def test_what_was_acknowledged_is_there_after_a_kill(self):
        with Program() as program:
            acct = Account(program)
            rows = [{"referrer_pattern": f"r{n}.example", "utm_source": "s"} for n in range(50)]
            self.expect(acct.editor.post(acct.at(f"{MAP}/import"), rows), 200)
            ids = [rule["id"] for rule in acct.viewer.get(acct.at(MAP)).data["mappings"]]
            self.expect(acct.editor.request("PATCH", acct.at(MAP), {"ids": ids, "set": {"priority": 8}}), 200)
            state = acct.viewer.get(f"/accounts/{acct.id}/state").data["state_hash"]
            program.kill()
            program.start()
            acct.find_again()
            self.assertEqual({rule["priority"] for rule in acct.viewer.get(acct.at(MAP)).data["mappings"]}, {8})
            self.assertEqual(acct.viewer.get(f"/accounts/{acct.id}/state").data["state_hash"], state)

    def test_changes_that_race_are_each_whole(self):
        ids = [rule["id"] for rule in self.make(40)]
        statuses = []

        def run(number):
            for turn in range(10):
                statuses.append(self.change(ids, {"utm_term": f"{number}-{turn}", "priority": number}).status)
        threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(statuses, [200] * 40)
        self.assertEqual(len({(rule["utm_term"], rule["priority"]) for rule in self.rules()}), 1)


class Removals(Bulk):
    def remove(self, ids, path=MAP, headers=None, client=None, **query):
        text = ids if isinstance(ids, str) else ",".join(map(str, ids))
        return (client or self.acct.editor).request("DELETE", self.acct.at(path, ids=text, **query), None, headers)

    def test_chosen_rules_are_removed_in_one_event(self):
        for path, kind in ((PASS, "passthrough_referrers"), (MAP, "referrer_mappings")):
            before = self.make(4, path)
            version = self.version()
            ids = [before[3]["id"], before[1]["id"]]
            shown = self.expect(self.remove(ids, path, dry_run="true"), 200).data
            self.assertEqual((shown["dry_run"], shown["removed"], shown["version"]), (True, 2, version))
            self.assertEqual(shown["preview"], {"added": [], "changed": [], "removed": [before[1], before[3]]})
            self.assertEqual((self.rules(path), self.version()), (before, version))
            done = self.expect(self.remove(ids, path), 200).data
            self.assertEqual(done, {"mode": "merge", "dry_run": False, "rows": 0, "added": 0, "changed": 0, "removed": 2,
                                    "unchanged": 0, "version": version + 1})
            self.assertEqual(self.rules(path), [before[0], before[2]])
            event = self.events(version)[0]
            self.assertEqual((event["header"]["type"], event["part"]["payload"]["removed"]), (f"{kind}_imported", sorted(ids)))
            # All of them come back under their ids.
            named = ",".join(f"{kind[:-1]}:{rule_id}" for rule_id in ids)
            self.expect(self.acct.editor.post(f"/accounts/{self.acct.id}/restore-rules?as_of={version}&rules={named}", b""), 200)
            self.assertEqual([rule["id"] for rule in self.rules(path)], [rule["id"] for rule in before])

    def test_what_names_no_rules_is_refused_and_never_means_all(self):
        before = self.make(2)
        one = before[0]["id"]
        self.invalid(self.acct.editor.delete(self.acct.at(MAP)), "query.ids")
        for ids in ("", ",", f"{one},", "x", "1.5", "*", f"{one},{one}", f"{one},99", "0", "-1", "9" * 30):
            for dry_run in ("true", "false"):
                with self.subTest(ids=ids, dry_run=dry_run):
                    self.invalid(self.remove(ids, dry_run=dry_run), "query.ids")
        self.invalid(self.remove(range(1, 1002)), "query.ids")
        told = self.invalid(self.remove(range(100, 400)), "query.ids")
        self.assertEqual((len(told), told[0]["message"]), (100, "There is no referrer mapping 100"))
        self.assertEqual((self.rules(), self.version()), (before, 1))

    def test_conditions_and_keys_work_as_for_a_change(self):
        ids = [rule["id"] for rule in self.make(3)]
        old = self.acct.viewer.get(self.acct.at(MAP)).header("ETag")
        self.expect(self.change(ids, {"priority": 1}), 200)
        for dry_run in ("true", "false"):
            self.rules_error(self.remove(ids, headers={"If-Match": old}, dry_run=dry_run), 412, "precondition_failed")
        key = {"Idempotency-Key": "gone"}
        first = self.expect(self.remove(ids[:2], headers={"If-Match": '"2"', **key}), 200)
        again = self.expect(self.remove(ids[:2], headers=key), 200)
        self.assertEqual((again.data, again.header("Idempotent-Replayed")), (first.data, "true"))
        self.rules_error(self.remove(ids[2:], headers=key), 422, "idempotency_key_reused")
        self.assertEqual([rule["id"] for rule in self.rules()], ids[2:])

    def test_only_editors_of_the_account_may_remove(self):
        ids = [rule["id"] for rule in self.make(2)]
        self.rules_error(self.remove(ids, client=self.acct.viewer), 403, "forbidden")
        self.rules_error(self.remove(ids, client=Account().editor), 403, "forbidden")
        self.assertEqual(self.version(), 1)
