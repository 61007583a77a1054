"""GET and PATCH /accounts/{account_id}/attribution, and the settings wherever the rules are told: the past, the
differences, restores, drafts, the log."""
import json

from .case import Case
from .program import Program, run_command
from .world import Account

DEFAULTS = {"own_domains": [], "return_paths": [], "campaign_parameters": ["utm"], "ai_medium": "ai-assistant", "drop_spam": True,
            "classification": "full", "timezone": "UTC", "currency": None}
OTHERS = {"own_domains": ["shop.example", "xn--mnchen-3ya.example"], "return_paths": ["/checkout", "/k%C3%BCche"], "campaign_parameters": ["utm", "ref", "utm_id"],
          "ai_medium": "ai", "drop_spam": False, "classification": "basic", "timezone": "America/New_York", "currency": "EUR"}


class Settings(Case):
    def setUp(self):
        self.acct = Account()

    def path(self, tail="") -> str:
        return f"/accounts/{self.acct.id}/attribution{tail}"

    def get(self, tail="", client=None):
        return self.expect((client or self.acct.viewer).get(self.path(tail)), 200)

    def patch(self, body, headers=None, client=None):
        return (client or self.acct.editor).patch(self.path(), body, headers)

    def shown(self, client=None) -> dict:
        data = self.get(client=client).data
        self.assertEqual(data.pop("account_id"), self.acct.id)
        return data

    def version(self) -> int:
        return self.expect(self.acct.viewer.get(f"/events?account_id={self.acct.id}&limit=1"), 200).json()["meta"]["end"]


class Resource(Settings):
    def test_an_account_that_set_nothing_has_the_defaults(self):
        self.assertEqual(self.shown(), DEFAULTS)
        self.assertEqual(list(self.shown()), list(DEFAULTS))
        self.assertEqual(self.get().header("ETag"), '"0"')
        self.assertEqual(self.version(), 0)

    def test_what_is_set_is_stored_in_its_normal_form_as_one_event(self):
        done = self.expect(self.patch({**OTHERS, "own_domains": ["https://Shop.example/", "münchen.example"], "return_paths": ["/küche/", "/checkout"],
                                       "campaign_parameters": ["utm_id", "ref", "utm"]}), 200)
        self.assertEqual(done.data, {"account_id": self.acct.id, **OTHERS})
        self.assertEqual(self.shown(), OTHERS)
        self.assertEqual((done.header("ETag"), self.get().header("ETag")), ('"1"', '"1"'))
        event = self.expect(self.acct.viewer.get(self.acct.at("/events")), 200).data["events"][0]
        self.assertEqual((event["header"]["type"], event["header"]["schema"]), ("attribution_settings_changed", 1))
        self.assertEqual(event["part"]["payload"], OTHERS)

    def test_what_get_shows_can_be_patched_back_and_changes_nothing(self):
        for settings in ({}, OTHERS):
            self.expect(self.patch(settings), 200)
            before, whole = self.version(), self.get().data
            again = self.expect(self.patch(whole, {"Prefer": "handling=strict"}), 200)
            self.assertEqual(again.data, whole)
            self.assertNotIn("meta", again.json())
            self.assertEqual(self.version(), before)
        other = Account()
        done = self.expect(other.editor.patch(f"/accounts/{other.id}/attribution", whole), 200)
        self.assertEqual({**done.data, "account_id": self.acct.id}, whole)

    def test_absent_and_null_leave_settings_as_they_are_but_null_takes_the_currency(self):
        self.expect(self.patch(OTHERS), 200)
        self.expect(self.patch({name: None for name in OTHERS if name != "currency"}), 200)
        self.assertEqual((self.shown(), self.version()), (OTHERS, 1))
        self.expect(self.patch({"currency": None}), 200)
        self.assertEqual(self.shown(), {**OTHERS, "currency": None})
        self.expect(self.patch({"own_domains": []}), 200)
        self.assertEqual(self.shown(), {**OTHERS, "currency": None, "own_domains": []})

    def test_all_faults_come_at_once(self):
        wrong = {"own_domains": ["a.example", "localhost", "10.0.0.1"], "return_paths": ["checkout", "/a/../b", "/a?b"], "campaign_parameters": ["ref"],
                 "ai_medium": "", "drop_spam": "yes", "classification": "ga4", "timezone": "Europe/Nowhere", "currency": "euro"}
        self.invalid(self.patch(wrong), "body.own_domains[1]", "body.own_domains[2]", "body.return_paths[0]", "body.return_paths[1]", "body.return_paths[2]",
                     "body.campaign_parameters", "body.ai_medium", "body.drop_spam", "body.classification", "body.timezone", "body.currency")
        self.invalid(self.patch({"own_domains": [f"h{n}.example" for n in range(101)]}), "body.own_domains")
        self.invalid(self.patch({"timezone": "localtime"}), "body.timezone")
        self.invalid(self.patch({"timezone": 7}), "body.timezone")
        self.invalid(self.patch([]), "body")
        self.rules_error(self.patch(b"{"), 400, "bad_request")
        self.assertEqual(self.version(), 0)

    def test_unknown_members_are_named_or_refused(self):
        body = {"ai_medium": "ai", "site": 1, "account_id": "other"}
        self.assertEqual(self.expect(self.patch(body), 200).json()["meta"], {"ignored_fields": ["site"]})
        self.invalid(self.patch(body, {"Prefer": "handling=strict"}), "body.site")

    def test_entity_tags_protect_against_lost_changes(self):
        tag = self.get().header("ETag")
        self.expect(self.patch({"ai_medium": "1"}, {"If-Match": tag}), 200)
        self.rules_error(self.patch({"ai_medium": "2"}, {"If-Match": tag}), 412, "precondition_failed")
        self.acct.mapping("a.example")  # a rule is something else
        now = self.get().header("ETag")
        self.assertEqual(self.expect(self.acct.viewer.get(self.path(), headers={"If-None-Match": now}), 304).body, b"")
        self.expect(self.patch({"ai_medium": "2"}, {"If-Match": now}), 200)
        self.assertNotEqual(self.get().header("ETag"), now)

    def test_nobody_else_may(self):
        other = Account()
        for client in (other.admin, other.viewer, other.tracker):
            for response in (client.get(self.path()), self.patch({"ai_medium": "x"}, client=client)):
                self.rules_error(response, 403, "forbidden")
        self.rules_error(self.acct.tracker.get(self.path()), 403, "forbidden", "Required scope: read")
        self.rules_error(self.patch({"ai_medium": "x"}, client=self.acct.tracker), 403, "forbidden", "Required scope: write")
        self.rules_error(self.patch({"ai_medium": "x"}, client=self.acct.viewer), 403, "forbidden", "Required scope: write")
        self.rules_error(self.program.client(None).get(self.path()), 401, "unauthorized")
        self.rules_error(self.acct.operator.get("/accounts/no-such-account/attribution"), 404, "account_not_found")
        self.expect(other.editor.patch(f"/accounts/{other.id}/attribution", OTHERS), 200)
        self.assertEqual((self.shown(), self.version()), (DEFAULTS, 0))


class Past(Settings):
    def test_settings_are_shown_as_they_were(self):
        self.expect(self.patch({"ai_medium": "first"}), 200)
        self.acct.mapping("a.example")
        self.expect(self.patch({"ai_medium": "second"}), 200)
        for version, medium, tag in ((0, "ai-assistant", '"0"'), (1, "first", '"1"'), (2, "first", '"1"'), (3, "second", '"3"')):
            then = self.get(f"?as_of={version}")
            self.assertEqual((then.data["ai_medium"], then.header("ETag")), (medium, tag))
            self.assertEqual(then.json()["meta"]["as_of"]["version"], version)
        self.invalid(self.acct.viewer.get(self.path("?as_of=4")), "query.as_of")

    def test_differences_tell_fields_and_who_changed_them(self):
        self.acct.mapping("a.example")
        who = self.expect(self.acct.editor.get("/api-tokens/self"), 200).data["id"]
        self.expect(self.patch({"own_domains": ["a.example"], "currency": "EUR"}), 200)
        self.expect(self.patch({"own_domains": ["a.example", "b.example"]}), 200)
        change = self.expect(self.acct.viewer.get(f"/accounts/{self.acct.id}/diff?from=1"), 200).data["attribution"]
        self.assertEqual(change["changes"], {"own_domains": {"from": [], "to": ["a.example", "b.example"]}, "currency": {"from": None, "to": "EUR"}})
        self.assertEqual((change["by"], change["version"]), (str(who), 3))
        self.assertRegex(change["at"], r"^\d{4}-.*Z$")
        for query in ("from=0&to=1", "from=3"):
            self.assertEqual(self.expect(self.acct.viewer.get(f"/accounts/{self.acct.id}/diff?{query}"), 200).data["attribution"], {"changes": {}})

    def test_state_hashes_tell_settings_apart(self):
        def state():
            return self.expect(self.acct.viewer.get(f"/accounts/{self.acct.id}/state"), 200).data["state_hash"]
        first = state()
        self.expect(self.patch({"ai_medium": "ai"}), 200)
        self.assertNotEqual(state(), first)

    def restore(self, version, **query):
        text = "".join(f"&{name}={value}" for name, value in query.items())
        return self.expect(self.acct.editor.post(f"/accounts/{self.acct.id}/restore-rules?as_of={version}{text}"), 200).data

    def test_restores_put_settings_back_with_the_rules(self):
        self.acct.mapping("a.example")
        self.expect(self.patch(OTHERS), 200)
        self.expect(self.patch(DEFAULTS), 200)
        preview = self.restore(2, dry_run="true")
        self.assertEqual(preview["attribution"], {"changed": True})
        self.assertEqual(preview["preview"]["attribution"]["changes"], {name: {"from": DEFAULTS[name], "to": OTHERS[name]} for name in OTHERS})
        self.assertEqual(self.shown(), DEFAULTS)
        self.assertEqual(self.restore(2)["attribution"], {"changed": True})
        self.assertEqual((self.shown(), self.get().header("ETag")), (OTHERS, '"4"'))
        event = self.expect(self.acct.viewer.get(self.acct.at("/events", after=3)), 200).data["events"][0]
        self.assertEqual((event["header"]["type"], event["header"]["schema"], event["part"]["payload"]["attribution"]), ("rules_restored", 2, OTHERS))
        self.assertEqual(self.restore(2), {"dry_run": False, "version": 4, "attribution": {"changed": False},
                                           "passthrough_referrers": {"added": 0, "changed": 0, "removed": 0, "unchanged": 0},
                                           "referrer_mappings": {"added": 0, "changed": 0, "removed": 0, "unchanged": 1}})
        # Where the settings stay, the event has the schema from before there were any.
        self.acct.mapping("b.example")
        self.assertEqual(self.restore(4)["attribution"], {"changed": False})
        event = self.expect(self.acct.viewer.get(self.acct.at("/events", after=5)), 200).data["events"][0]
        self.assertEqual((event["header"]["schema"], "attribution" in event["part"]["payload"]), (1, False))

    def test_key_makes_a_restore_of_settings_happen_once(self):
        self.expect(self.patch({"ai_medium": "x"}), 200)
        key = {"Idempotency-Key": "once"}
        target = f"/accounts/{self.acct.id}/restore-rules?as_of=0"
        first = self.expect(self.acct.editor.post(target, headers=key), 200)
        self.expect(self.patch({"ai_medium": "y"}), 200)
        again = self.expect(self.acct.editor.post(target, headers=key), 200)
        self.assertEqual((again.header("Idempotent-Replayed"), again.body), ("true", first.body))
        self.assertEqual(self.shown()["ai_medium"], "y")


class Drafted(Settings):
    def tried(self, settings, **more):
        return self.acct.viewer.post(self.acct.at("/resolve"), {"url": "https://shop.example/", "draft": {"attribution": settings, **more}})

    def test_a_draft_takes_settings_and_stores_nothing(self):
        self.expect(self.tried(OTHERS), 200)
        self.expect(self.tried(None), 200)
        response = self.expect(self.tried({"ai_medium": "x", "site": 1}, referrer_mappings={"add": [{"referrer_pattern": "a.example", "utm_source": "a"}]}), 200)
        self.assertEqual(response.json()["meta"], {"ignored_fields": ["draft.attribution.site"]})
        compared = self.acct.viewer.post(self.acct.at("/resolve"), {"visits": [{"url": "https://shop.example/"}], "compare": True,
                                                                   "draft": {"attribution": {"ai_medium": "x"}}})
        self.assertEqual(self.expect(compared, 200).data["summary"]["changed"], 0)
        self.assertEqual((self.shown(), self.version()), (DEFAULTS, 0))

    def test_faults_of_drafted_settings_have_their_places(self):
        self.invalid(self.tried({"own_domains": ["a.example", "x"], "timezone": "Europe/Nowhere", "drop_spam": 1}, referrer_mappings={"remove": [7]}),
                     "body.draft.attribution.own_domains[1]", "body.draft.attribution.timezone", "body.draft.attribution.drop_spam",
                     "body.draft.referrer_mappings.remove[0]")
        self.invalid(self.tried([]), "body.draft.attribution")
        self.invalid(self.tried({"own_domains": ["a.example"] * 40_000}), "body.draft.attribution.own_domains")


class Log(Settings):
    def setUp(self):
        self.own = Program().start()
        self.addCleanup(self.own.close)
        self.acct = Account(self.own)

    @property
    def program(self):
        return self.own

    def run_ok(self, command, *arguments) -> str:
        done = run_command("log", command, "--data", self.own.data, *arguments)
        self.assertEqual(done.returncode, 0, f"{arguments}\n{done.stdout}{done.stderr}")
        return done.stdout

    def test_settings_outlive_a_kill_and_the_log_tells_them(self):
        self.expect(self.patch(OTHERS), 200)
        self.acct.mapping("a.example")
        tag = self.get().header("ETag")
        state = self.expect(self.acct.viewer.get(f"/accounts/{self.acct.id}/state"), 200).data
        for end in (self.own.kill, self.own.stop):
            end()
            self.own.start()
            self.acct.find_again()
            self.assertEqual((self.shown(), self.get().header("ETag")), (OTHERS, tag))
            self.assertEqual(self.expect(self.acct.viewer.get(f"/accounts/{self.acct.id}/state"), 200).data, state)
        self.assertEqual(json.loads(self.run_ok("replay", "--account", self.acct.id, "--json")), state)
        told = self.run_ok("diff", "--account", self.acct.id, "--from", "0", "--to", "1")
        self.assertIn('~ attribution settings  by ', told)
        self.assertIn('    currency: null -> "EUR"\n', told)
        self.assertNotIn("are the same", told)
        self.run_ok("verify")
