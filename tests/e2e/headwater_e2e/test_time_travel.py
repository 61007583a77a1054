"""The past of an account's rules: as_of=, the difference between two points, and putting rules back."""
import json
import random
import time

from .case import Case
from .program import Program
from .world import Account

PASS, MAP = "/passthrough-referrers", "/referrer-mappings"
ALL = {"include_inactive": "true"}


def rfc3339(micros: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(micros // 10**6)) + f".{micros % 10**6:06}Z"


class Travel(Case):
    def setUp(self):
        self.acct = Account()

    def lists(self, client=None, **query) -> dict:
        """Both lists by path, with what meta says of them."""
        out = {}
        for path in (PASS, MAP):
            response = self.expect((client or self.acct.viewer).get(self.acct.at(path, **ALL, **query)), 200)
            out[path] = response.data
            meta = response.json()["meta"]
            self.assertEqual(set(meta), {"as_of", "version"} if "as_of" in query else {"version"})
            if "as_of" in query:
                out["as_of"] = meta["as_of"]
        return out

    def version(self) -> int:
        return self.expect(self.acct.viewer.get(f"/events?account_id={self.acct.id}&limit=1"), 200).json()["meta"]["end"]

    def times(self) -> list:
        """The time of each version, from 1."""
        lines = self.expect(self.acct.viewer.get(f"/events?account_id={self.acct.id}&format=ndjson"), 200).body.decode().splitlines()
        return [json.loads(line)["header"]["time"] for line in lines]

    def random_change(self, source: random.Random):
        path = source.choice((PASS, MAP))
        text = "domain" if path == PASS else "referrer_pattern"
        ids = [rule["id"] for rule in self.lists()[path]["referrers" if path == PASS else "mappings"]]
        what = source.choice(("create", "create", "update", "delete")) if ids else "create"
        if what == "create":
            self.acct.editor.post(self.acct.at(path), {text: f"h{source.randrange(12)}.example", "utm_source": f"s{source.randrange(5)}"})
        elif what == "update":
            body = source.choice(({"utm_source": f"s{source.randrange(5)}"}, {"is_active": source.random() < 0.5}, {text: f"h{source.randrange(12)}.example"}))
            self.acct.editor.patch(self.acct.at(f"{path}/{source.choice(ids)}"), body)
        else:
            self.acct.editor.delete(self.acct.at(f"{path}/{source.choice(ids)}"))

    def make_history(self, changes: int, seed: int) -> list:
        """Lists by version as they were when they were current."""
        source, states = random.Random(seed), [self.lists()]
        while len(states) <= changes:
            self.random_change(source)
            if self.version() == len(states):
                states.append(self.lists())
        return states

    # -- as_of ----------------------------------------------------------------------------------------

    def test_every_version_and_time_shows_what_was_current_then(self):
        seed = time.time_ns() % 100000
        states = self.make_history(25, seed)
        times = self.times()
        order = list(range(len(states)))
        random.Random(seed).shuffle(order)
        for version in order:
            with self.subTest(seed=seed, version=version):
                then = self.lists(as_of=version)
                self.assertEqual(then.pop("as_of"), {"version": version, "time": rfc3339(times[version - 1]) if version else None})
                self.assertEqual(then, states[version])
                if version == 0:
                    continue
                last = max(v for v, at in enumerate(times, 1) if at <= times[version - 1])
                at_time = self.lists(as_of=rfc3339(times[version - 1]))
                self.assertEqual(at_time.pop("as_of"), {"version": last, "time": rfc3339(times[last - 1])})
                self.assertEqual(at_time, states[last])
        before = self.lists(as_of=rfc3339(times[0] - 1))
        self.assertEqual(before.pop("as_of"), {"version": 0, "time": None})
        self.assertEqual(before, states[0])
        for late in ("2999-01-01T00:00:00Z", "2999-01-01T00:00:00.123456789%2B02:00"):
            now = self.lists(as_of=late)
            self.assertEqual(now.pop("as_of")["version"], 25)
            self.assertEqual(now, states[25])

    def test_limit_offset_and_inactive_work_in_the_past(self):
        for n in range(5):
            self.acct.mapping(f"m{n}.example", is_active=n != 2)
        self.expect(self.acct.editor.delete(self.acct.at(f"{MAP}/1")), 204)
        data = self.expect(self.acct.viewer.get(self.acct.at(MAP, as_of=5, limit=2, offset=1)), 200).data
        self.assertEqual([rule["id"] for rule in data["mappings"]], [2, 4])
        self.assertEqual((data["total"], data["active_count"]), (5, 4))

    def test_single_rule_is_shown_as_it_was(self):
        first = self.acct.mapping("a.example")
        tag = self.acct.viewer.get(self.acct.at(f"{MAP}/1")).header("ETag")
        self.expect(self.acct.editor.patch(self.acct.at(f"{MAP}/1"), {"utm_source": "new"}), 200)
        self.expect(self.acct.editor.delete(self.acct.at(f"{MAP}/1")), 204)
        then = self.expect(self.acct.viewer.get(self.acct.at(f"{MAP}/1", as_of=1)), 200)
        self.assertEqual((then.data, then.header("ETag")), (first, tag))
        self.assertEqual(then.json()["meta"]["as_of"]["version"], 1)
        self.assertEqual(self.expect(self.acct.viewer.get(self.acct.at(f"{MAP}/1", as_of=2)), 200).data["utm_source"], "new")
        for version in (0, 3):
            self.rules_error(self.acct.viewer.get(self.acct.at(f"{MAP}/1", as_of=version)), 404, "not_found")

    def test_exports_are_of_the_rules_of_then(self):
        states = self.make_history(12, 7)
        for version in range(len(states)):
            for path, name, text in ((PASS, "referrers", "domain"), (MAP, "mappings", "referrer_pattern")):
                response = self.expect(self.acct.viewer.get(self.acct.at(path + "/export", as_of=version)), 200)
                self.assertEqual(response.json()["meta"]["as_of"]["version"], version)
                self.assertEqual(response.data["version"], version)
                then = sorted(states[version][path][name], key=lambda rule: rule["id"])
                self.assertEqual(response.data[name], then)
                rows = self.expect(self.acct.viewer.get(self.acct.at(path + "/export", as_of=version, format="csv")), 200).body.decode()
                self.assertEqual(len(rows.splitlines()), 1 + len(then))
                for rule in then:
                    self.assertIn(rule[text], rows)
        now = self.expect(self.acct.viewer.get(self.acct.at(MAP + "/export")), 200)
        self.assertNotIn("meta", now.json())
        # What was exported of then is a document of today.
        document = self.expect(self.acct.viewer.get(self.acct.at(MAP + "/export", as_of=6)), 200).body
        self.expect(self.acct.editor.post(self.acct.at(MAP + "/import", mode="replace"), document), 200)
        for path in (PASS, MAP):
            self.invalid(self.acct.viewer.get(self.acct.at(path + "/export", as_of="x")), "query.as_of")
            self.invalid(self.acct.viewer.get(self.acct.at(path + "/export", as_of=999)), "query.as_of")

    def test_lint_is_of_the_rules_of_then(self):
        self.acct.mapping("partner", match_type="contains", priority=1)
        self.acct.mapping("partner.example")
        self.expect(self.acct.editor.delete(self.acct.at(f"{MAP}/1")), 204)
        for version, count in ((1, 0), (2, 1), (3, 0)):
            response = self.expect(self.acct.viewer.get(self.acct.at("/rules/lint", as_of=version)), 200)
            self.assertEqual(response.json()["meta"]["as_of"]["version"], version)
            self.assertEqual(response.data["total"], count, f"\n{response}")
        now = self.expect(self.acct.viewer.get(self.acct.at("/rules/lint")), 200)
        self.assertNotIn("meta", now.json())
        self.invalid(self.acct.viewer.get(self.acct.at("/rules/lint", as_of=4)), "query.as_of")

    def test_points_that_are_none_are_refused(self):
        self.acct.mapping("a.example")
        paths = [self.acct.at(MAP), self.acct.at(PASS), self.acct.at(f"{MAP}/1")]
        for text in ("x", "", "-1", "1.5", "2026-05-20", "2026-05-20T10:00:00", "2026-02-30T10:00:00Z", "2026-05-20T10:00:00+02:00", "0x1", "%2B1"):
            for path in paths:
                with self.subTest(text=text, path=path):
                    self.invalid(self.acct.viewer.get(f"{path}&as_of={text}"), "query.as_of")
        for beyond in ("2", "12", "99999999999999999999999"):
            for path in paths:
                response = self.acct.viewer.get(f"{path}&as_of={beyond}")
                self.assertEqual(self.invalid(response, "query.as_of")[0]["message"], f"version {beyond} is not there yet; the account is at 1")
            self.invalid(self.acct.viewer.post(self.acct.at("/resolve", as_of=beyond), {"url": "https://a.example/"}), "query.as_of")

    def test_change_that_was_answered_is_in_the_past_at_once(self):
        for n in range(20):
            self.acct.passthrough(f"p{n}.example")
            data = self.expect(self.acct.viewer.get(self.acct.at(PASS, as_of=n + 1)), 200).data
            self.assertEqual(data["total"], n + 1)

    def test_past_of_another_account_is_refused(self):
        other = Account()
        other.mapping("a.example")
        for target in (other.at(MAP, as_of=1), other.at(f"{MAP}/1", as_of=1), f"/accounts/{other.id}/diff?from=0"):
            self.rules_error(self.acct.admin.get(target), 403, "forbidden", f"Access denied to account: {other.id}")
        self.rules_error(self.acct.admin.post(f"/accounts/{other.id}/restore-rules?as_of=0"), 403, "forbidden")
        self.rules_error(self.acct.admin.post(other.at("/resolve", as_of=1), {"url": "https://a.example/"}), 403, "forbidden")

    # -- resolve --------------------------------------------------------------------------------------

    def test_visits_are_resolved_against_the_rules_of_then(self):
        visit = {"url": "https://shop.example/", "referrer": "https://partner.example/"}
        self.acct.mapping("partner.example", utm_source="first")
        self.expect(self.acct.editor.patch(self.acct.at(f"{MAP}/1"), {"utm_source": "second"}), 200)
        self.expect(self.acct.editor.delete(self.acct.at(f"{MAP}/1")), 204)
        self.acct.passthrough("partner.example", utm_source="third")
        expected = [("referral", "partner.example"), ("mapping", "first"), ("mapping", "second"), ("referral", "partner.example"), ("passthrough", "third")]
        for version, (outcome, source) in enumerate(expected):
            response = self.expect(self.acct.viewer.post(self.acct.at("/resolve", as_of=version, explain="true"), visit), 200)
            self.assertEqual((response.data["outcome"], response.data["utm"]["utm_source"]), (outcome, source))
            self.assertEqual(response.json()["meta"]["as_of"]["version"], version)
            many = self.expect(self.acct.viewer.post(self.acct.at("/resolve", as_of=version), {"visits": [visit] * 3}), 200)
            self.assertEqual({r["utm"]["utm_source"] for r in many.data["results"]}, {source})
            self.assertEqual(many.json()["meta"]["as_of"]["version"], version)
            lines = (json.dumps(visit) + "\n") * 3
            streamed = self.expect(self.acct.viewer.post(self.acct.at("/resolve", as_of=version), lines, {"Content-Type": "application/x-ndjson"}), 200)
            self.assertEqual([r["outcome"] for r in streamed.ndjson()], [outcome] * 3)
        self.assertNotIn("meta", self.expect(self.acct.viewer.post(self.acct.at("/resolve"), visit), 200).json())

    def test_draft_and_past_exclude_each_other(self):
        self.acct.mapping("a.example")
        body = {"url": "https://shop.example/", "draft": {"referrer_mappings": {"remove": [1]}}}
        self.invalid(self.acct.viewer.post(self.acct.at("/resolve", as_of=1), body), "query.as_of")

    def test_tracker_may_not_look_back(self):
        self.acct.mapping("a.example")
        response = self.acct.tracker.post(self.acct.at("/resolve", as_of=1), {"url": "https://shop.example/"})
        self.rules_error(response, 403, "forbidden", "Required scope: read")

    # -- diff -----------------------------------------------------------------------------------------

    def diff(self, **query) -> dict:
        text = "&".join(f"{name.rstrip('_')}={value}" for name, value in query.items())
        return self.expect(self.acct.viewer.get(f"/accounts/{self.acct.id}/diff?{text}"), 200).data

    def test_difference_tells_fields_and_who_and_when(self):
        me = str(self.acct.editor.get("/api-tokens/self").data["id"])
        boss = str(self.acct.admin.get("/api-tokens/self").data["id"])
        kept = self.acct.mapping("kept.example", label="x")                                                          # 1
        gone = self.acct.passthrough("gone.example")                                                                 # 2
        self.acct.mapping("same.example")                                                                            # 3
        self.expect(self.acct.editor.patch(self.acct.at(f"{MAP}/1"), {"priority": 7}), 200)                          # 4
        self.expect(self.acct.editor.patch(self.acct.at(f"{MAP}/2"), {"priority": 7}), 200)                          # 5
        self.expect(self.acct.editor.patch(self.acct.at(f"{MAP}/2"), {"priority": 0}), 200)                          # 6
        self.expect(self.acct.admin.patch(self.acct.at(f"{MAP}/1"), {"label": None}), 200)                           # 7
        self.expect(self.acct.admin.delete(self.acct.at(f"{PASS}/1")), 204)                                          # 8
        self.acct.passthrough("passing.example")                                                                     # 9
        self.expect(self.acct.editor.delete(self.acct.at(f"{PASS}/2")), 204)                                         # 10
        new = self.acct.passthrough("new.example")                                                                   # 11
        at = [None] + [rfc3339(t) for t in self.times()]
        data = self.diff(from_=3, to=11)
        self.assertEqual(data, {
            "from": {"version": 3, "time": at[3]}, "to": {"version": 11, "time": at[11]},
            "passthrough_referrers": {"added": [{**new, "by": me, "by_name": "made by a test", "at": at[11], "version": 11}],
                                      "removed": [{**gone, "by": boss, "by_name": "made by a test", "at": at[8], "version": 8}], "changed": []},
            "referrer_mappings": {"added": [], "removed": [], "changed": [
                {"id": kept["id"], "referrer_pattern": "kept.example", "by": boss, "by_name": "made by a test", "at": at[7], "version": 7,
                 "changes": {"label": {"from": "x", "to": None}, "priority": {"from": 0, "to": 7}}}]},
            "attribution": {"changes": {}}})
        self.assertEqual(self.diff(from_=3), data)
        self.assertEqual(self.diff(from_=at[3], to=at[11]), data)
        empty = {"added": [], "removed": [], "changed": []}
        self.assertEqual(self.diff(from_=5, to=5), {"from": {"version": 5, "time": at[5]}, "to": {"version": 5, "time": at[5]},
                                                    "passthrough_referrers": empty, "referrer_mappings": empty,
                                                    "attribution": {"changes": {}}})
        whole = self.diff(from_=0)
        self.assertEqual(whole["from"], {"version": 0, "time": None})
        self.assertEqual([rule["version"] for rule in whole["referrer_mappings"]["added"]], [7, 6])

    def test_difference_of_imports_names_their_event(self):
        self.expect(self.acct.editor.post(self.acct.at(f"{MAP}/import"), [{"referrer_pattern": f"m{n}.example", "utm_source": "s"} for n in range(3)]), 200)
        self.expect(self.acct.editor.post(self.acct.at(f"{MAP}/import", mode="replace"), [{"referrer_pattern": "m1.example", "utm_source": "t"}]), 200)
        change = self.diff(from_=1)["referrer_mappings"]
        self.assertEqual([(r["id"], r["version"]) for r in change["removed"]], [(1, 2), (3, 2)])
        self.assertEqual([(r["id"], r["version"], r["changes"]) for r in change["changed"]], [(2, 2, {"utm_source": {"from": "s", "to": "t"}})])

    def test_difference_applied_to_one_state_gives_the_other(self):
        seed = time.time_ns() % 100000
        states = self.make_history(20, seed)
        source = random.Random(seed)
        kinds = ((PASS, "passthrough_referrers", "referrers"), (MAP, "referrer_mappings", "mappings"))

        def stripped(rule: dict) -> dict:
            return {name: value for name, value in rule.items() if name not in ("updated_at", "by", "by_name", "at", "version")}
        for _ in range(12):
            low, high = sorted(source.choices(range(21), k=2))
            data = self.diff(from_=low, to=high)
            for path, kind, name in kinds:
                rules = {rule["id"]: stripped(rule) for rule in states[low][path][name]}
                for rule in data[kind]["removed"]:
                    self.assertEqual(rules.pop(rule["id"]), stripped(rule))
                for rule in data[kind]["added"]:
                    self.assertNotIn(rule["id"], rules)
                    rules[rule["id"]] = stripped(rule)
                for change in data[kind]["changed"]:
                    for field, values in change["changes"].items():
                        self.assertEqual(rules[change["id"]][field], values["from"])
                        self.assertNotEqual(values["from"], values["to"])
                        rules[change["id"]][field] = values["to"]
                self.assertEqual(rules, {rule["id"]: stripped(rule) for rule in states[high][path][name]}, (seed, low, high))

    def test_difference_that_no_answer_has_room_for_says_how_to_narrow_it(self):
        with Program("--max-answer-memory", str(1 << 20)) as own:
            acct = Account(own)
            rules = [{"referrer_pattern": f"n{i}.example", "utm_source": "s" * 200, "description": "d" * 400} for i in range(1000)]
            for half in (rules[:500], rules[500:]):
                self.expect(acct.editor.post(acct.at(MAP + "/import"), half), 200)
            path = f"/accounts/{acct.id}/diff?"
            for _ in range(2):
                refused = acct.viewer.get(path + "from=0&to=2")
                self.invalid(refused, "query.from")
                self.assertIn("move 'from' and 'to' together", refused.body.decode())
            self.expect(acct.viewer.get(path + "from=1&to=2"), 200)

    def test_points_of_a_difference_are_checked(self):
        self.acct.mapping("a.example")
        at = f"/accounts/{self.acct.id}/diff"
        self.invalid(self.acct.viewer.get(at), "query.from")
        self.invalid(self.acct.viewer.get(f"{at}?from=x&to=y"), "query.from", "query.to")
        self.invalid(self.acct.viewer.get(f"{at}?from=1&to=0"), "query.from")
        self.invalid(self.acct.viewer.get(f"{at}?from=0&to=2"), "query.to")
        self.rules_error(self.acct.operator.get("/accounts/no-such-account/diff?from=0"), 404, "account_not_found")
        self.rules_error(self.acct.tracker.get(f"{at}?from=0"), 403, "forbidden", "Required scope: read")

    # -- restore --------------------------------------------------------------------------------------

    def restore(self, client=None, headers=None, **query):
        text = "&".join(f"{name}={value}" for name, value in query.items())
        return (client or self.acct.editor).post(f"/accounts/{self.acct.id}/restore-rules?{text}", headers=headers)

    @staticmethod
    def without_update(state: dict) -> dict:
        return {path: [{k: v for k, v in rule.items() if k != "updated_at"} for rule in state[path][name]]
                for path, name in ((PASS, "referrers"), (MAP, "mappings"))}

    def test_restored_rules_are_those_of_then_with_their_ids_and_creation(self):
        seed = time.time_ns() % 100000
        states = self.make_history(15, seed)
        source = random.Random(seed)
        for _ in range(6):
            version = source.randrange(len(states))
            expected = self.without_update(self.lists(as_of=version))
            ids = {path: max([r["id"] for state in states for r in state[path][name]], default=0)
                   for path, name in ((PASS, "referrers"), (MAP, "mappings"))}
            before = self.version()
            preview = self.expect(self.restore(as_of=version, dry_run="true"), 200).data
            self.assertEqual(self.version(), before)
            done = self.expect(self.restore(as_of=version), 200)
            changed = any(done.data[kind][what] for kind in ("passthrough_referrers", "referrer_mappings") for what in ("added", "changed", "removed"))
            self.assertEqual(self.version(), before + changed)
            self.assertEqual(done.data["version"], before + changed)
            self.assertEqual(done.json()["meta"]["as_of"]["version"], version)
            for kind in ("passthrough_referrers", "referrer_mappings"):
                self.assertEqual(done.data[kind], preview[kind])
                shown = preview["preview"][kind]
                self.assertEqual({what: len(shown[what]) for what in shown}, {what: n for what, n in preview[kind].items() if what != "unchanged"})
            now = self.lists()
            self.assertEqual(self.without_update(now), expected, (seed, version))
            if changed:
                states.append(now)
            fresh = self.acct.passthrough(f"fresh{before}.example")
            self.assertGreater(fresh["id"], ids[PASS])
            states.append(self.lists())

    def test_restore_is_one_event_that_tells_what_it_did(self):
        first = self.acct.mapping("a.example", label="x")
        self.acct.passthrough("b.example")
        self.expect(self.acct.editor.delete(self.acct.at(f"{MAP}/1")), 204)
        self.expect(self.acct.editor.patch(self.acct.at(f"{PASS}/1"), {"utm_source": "new"}), 200)
        self.acct.passthrough("later.example")
        time.sleep(1.1)
        done = self.expect(self.restore(as_of=2), 200)
        self.assertEqual(done.data, {"dry_run": False, "version": 6,
                                     "passthrough_referrers": {"added": 0, "changed": 1, "removed": 1, "unchanged": 0},
                                     "referrer_mappings": {"added": 1, "changed": 0, "removed": 0, "unchanged": 0},
                                     "attribution": {"changed": False}})
        event = self.expect(self.acct.viewer.get(f"/events?account_id={self.acct.id}&after=5"), 200).data["events"][0]
        self.assertEqual((event["header"]["type"], event["header"]["schema"]), ("rules_restored", 1))
        payload = event["part"]["payload"]
        self.assertEqual(payload["passthrough_referrers"]["removed"], [2])
        self.assertEqual(payload["referrer_mappings"]["added"][0]["id"], 1)
        again = self.acct.viewer.get(self.acct.at(f"{MAP}/1")).data
        self.assertEqual({k: v for k, v in again.items() if k != "updated_at"}, {k: v for k, v in first.items() if k != "updated_at"})
        self.assertGreater(again["updated_at"], first["updated_at"])
        change = self.expect(self.acct.viewer.get(f"/accounts/{self.acct.id}/diff?from=5"), 200).data
        self.assertEqual(change["referrer_mappings"]["added"][0]["version"], 6)
        self.assertEqual(self.acct.resolve(referrer="https://a.example/")["outcome"], "mapping")

    def test_nothing_to_do_is_no_event(self):
        self.acct.mapping("a.example")
        for query in ({"as_of": 1}, {"as_of": 1, "dry_run": "true"}, {"as_of": "2999-01-01T00:00:00Z"}):
            data = self.expect(self.restore(**query), 200).data
            self.assertEqual((data["version"], data["referrer_mappings"]), (1, {"added": 0, "changed": 0, "removed": 0, "unchanged": 1}))
        self.assertEqual(self.version(), 1)

    def test_key_makes_a_restore_happen_once(self):
        self.acct.mapping("a.example")
        self.expect(self.acct.editor.delete(self.acct.at(f"{MAP}/1")), 204)
        key = {"Idempotency-Key": "once"}
        first = self.expect(self.restore(headers=key, as_of=1), 200)
        self.assertIsNone(first.header("Idempotent-Replayed"))
        self.expect(self.acct.editor.delete(self.acct.at(f"{MAP}/1")), 204)
        again = self.expect(self.restore(headers=key, as_of=1), 200)
        self.assertEqual(again.header("Idempotent-Replayed"), "true")
        self.assertEqual(again.body, first.body)
        self.assertEqual(self.lists()[MAP]["total"], 0)
        self.rules_error(self.restore(headers=key, as_of=0), 422, "idempotency_key_reused")
        self.invalid(self.restore(headers={"Idempotency-Key": "a b"}, as_of=0), "header.Idempotency-Key")

    def test_restore_needs_write_and_a_point(self):
        self.acct.mapping("a.example")
        self.rules_error(self.restore(self.acct.viewer, as_of=0), 403, "forbidden", "Required scope: write")
        self.invalid(self.restore(), "query.as_of")
        self.invalid(self.restore(as_of="x", dry_run="maybe"), "query.as_of", "query.dry_run")
        self.invalid(self.restore(as_of=2), "query.as_of")
        self.rules_error(self.acct.operator.post("/accounts/no-such-account/restore-rules?as_of=0"), 404, "account_not_found")
        self.assertEqual(self.version(), 1)

    def test_restores_outlive_a_kill(self):
        with Program() as program:
            acct = self.acct = Account(program)
            token, viewer = acct.editor.token, acct.viewer.token
            acct.mapping("a.example")
            acct.mapping("b.example")
            self.expect(acct.editor.delete(acct.at(f"{MAP}/1")), 204)
            for version in (2, 1, 3, 0, 2):
                self.expect(self.restore(program.client(token), as_of=version), 200)
                before = self.lists(program.client(viewer))
                program.kill()
                program.start()
                self.assertEqual(self.lists(program.client(viewer)), before)
            self.assertEqual([r["id"] for r in before[MAP]["mappings"]], [1, 2])
            then = self.lists(program.client(viewer), as_of=2)
            self.assertEqual(self.without_update(then), self.without_update(before))

    def test_more_rules_than_are_allowed_now_do_not_come_back(self):
        with Program() as program:
            acct = self.acct = Account(program)
            token = acct.editor.token
            for n in range(3):
                acct.mapping(f"m{n}.example")
            for n in range(3):
                self.expect(acct.editor.delete(acct.at(f"{MAP}/{n + 1}")), 204)
            program.stop()
            program.env["HEADWATER_MAX_RULES"] = "2"
            program.start()
            for how in ({}, {"dry_run": "true"}):
                self.rules_error(self.restore(program.client(token), as_of=3, **how), 422, "max_entries_reached")
            self.expect(self.restore(program.client(token), as_of=2, dry_run="true"), 200)
            self.expect(self.restore(program.client(token), as_of=2), 200)
