"""Presets: packs of passthrough referrers that an account takes over on demand."""
from .case import Case
from .program import run_command
from .world import Account

PASS = "/passthrough-referrers"
NAMES = ["payment", "three_d_secure", "booking", "identity", "own_mail"]


class Presets(Case):
    def setUp(self):
        self.acct = Account()

    def apply(self, name="payment", client=None, headers=None, **query):
        return (client or self.acct.editor).post(self.acct.at(f"/presets/{name}/apply", **query), None, headers)

    def domains(self) -> set:
        return {rule["domain"] for rule in self.acct.viewer.get(self.acct.at(PASS)).data["referrers"]}

    def test_packs_are_listed_with_a_sentence_each(self):
        presets = self.expect(self.acct.viewer.get("/presets"), 200).data["presets"]
        self.assertEqual([each["name"] for each in presets], NAMES)
        for each in presets:
            self.assertTrue(each["description"].endswith("."))
            self.assertEqual(set(each["rules"][0]), {"domain", "utm_source", "utm_medium", "service_name"})
        self.assertIn("pay.twint.ch", [rule["domain"] for rule in presets[0]["rules"]])

    def test_nothing_is_applied_by_itself(self):
        self.assertEqual(self.domains(), set())

    def test_a_pack_is_taken_over_in_one_event(self):
        wanted = {rule["domain"] for rule in self.acct.viewer.get("/presets").data["presets"][0]["rules"]}
        done = self.expect(self.apply(), 200).data
        self.assertEqual({name: done[name] for name in ("mode", "dry_run", "rows", "added", "changed", "removed", "unchanged", "version")},
                         {"mode": "merge", "dry_run": False, "rows": len(wanted), "added": len(wanted), "changed": 0, "removed": 0,
                          "unchanged": 0, "version": 1})
        self.assertEqual(self.domains(), wanted)
        events = self.acct.viewer.get(self.acct.at("/events")).data["events"]
        self.assertEqual([event["header"]["type"] for event in events], ["passthrough_referrers_imported"])
        again = self.expect(self.apply(), 200).data
        self.assertEqual((again["added"], again["unchanged"], again["version"]), (0, len(wanted), 1))

    def test_what_is_there_stays_and_what_is_covered_is_not_added(self):
        own = self.acct.passthrough("paypal.com", utm_source="own", is_active=False)
        self.acct.passthrough("adyen.com")
        preview = self.expect(self.apply(dry_run="true"), 200).data
        self.assertTrue(preview["dry_run"])
        self.assertEqual(self.domains(), {"adyen.com"})
        added = {each["rule"]["domain"] for each in preview["preview"]["added"]}
        self.assertFalse({"paypal.com", "checkoutshopper-live.adyen.com"} & added)
        done = self.expect(self.apply(), 200).data
        self.assertEqual((done["added"], done["unchanged"]), (preview["added"], preview["unchanged"]))
        self.assertEqual(self.domains(), added | {"adyen.com"})
        self.assertEqual(self.acct.viewer.get(self.acct.at(f"{PASS}/{own['id']}")).data, own)

    def test_rules_of_a_pack_are_ordinary_ones(self):
        """Starting from a preset: the pack keeps sessions, and one of its rules is removed as any other."""
        self.expect(self.apply(), 200)
        session = {"utm_source": "newsletter", "utm_medium": "email"}
        visit = {"referrer": "https://www.paypal.com/checkout", "session": session}
        found = self.acct.resolve("https://shop.example/thanks", **visit)
        self.assertEqual((found["outcome"], found["utm"]["utm_source"]), ("passthrough", "newsletter"))
        rule = next(each for each in self.acct.viewer.get(self.acct.at(PASS)).data["referrers"] if each["domain"] == "paypal.com")
        self.expect(self.acct.editor.delete(self.acct.at(f"{PASS}/{rule['id']}")), 204)
        self.assertNotEqual(self.acct.resolve("https://shop.example/thanks", **visit)["outcome"], "passthrough")
        lint = self.expect(self.acct.viewer.get(self.acct.at("/rules/lint")), 200).data
        self.assertEqual([each for each in lint["findings"] if each["severity"] == "error"], [])

    def test_own_mail_keeps_the_session_and_counts_as_mail_without_one(self):
        self.expect(self.apply("own_mail"), 200)
        kept = self.acct.resolve("https://shop.example/confirm", "https://mail.google.com/", {"utm_source": "ad", "utm_medium": "cpc"})
        self.assertEqual((kept["outcome"], kept["utm"]["utm_source"]), ("passthrough", "ad"))
        fresh = self.acct.resolve("https://shop.example/", "https://mail.google.com/")
        self.assertEqual((fresh["utm"]["utm_source"], fresh["utm"]["utm_medium"]), ("gmail", "email"))
        lint = self.expect(self.acct.viewer.get(self.acct.at("/rules/lint")), 200).data
        self.assertEqual([each["code"] for each in lint["findings"] if each["code"] == "too_broad"], [])

    def test_a_repeated_key_gives_the_first_answer(self):
        key = {"Idempotency-Key": "pack"}
        first = self.expect(self.apply(headers=key), 200)
        second = self.expect(self.apply(headers=key), 200)
        self.assertEqual(second.header("Idempotent-Replayed"), "true")
        self.assertEqual(first.json(), second.json())
        self.rules_error(self.apply("booking", headers=key), 422, "idempotency_key_reused")

    def test_who_may_do_what(self):
        self.rules_error(self.apply("none"), 404, "not_found")
        self.rules_error(self.apply(client=self.acct.viewer), 403, "forbidden")
        self.rules_error(self.acct.tracker.get("/presets"), 403, "forbidden")
        self.rules_error(self.apply(client=Account().editor), 403, "forbidden")
        self.invalid(self.apply(dry_run="perhaps"), "query.dry_run")

    def test_the_command_line_takes_a_pack_over(self):
        def run(*arguments):
            return run_command("rules", "preset", *arguments, "--account", self.acct.id, "--url", self.program.url,
                               env={"HEADWATER_TOKEN": self.acct.editor.token})
        done = run("three_d_secure", "--dry-run")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('"arcot.com"', done.stdout)
        self.assertEqual(self.domains(), set())
        done = run("three_d_secure")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"^\d+ added, 0 changed, 0 removed, 0 unchanged; version 1\n$")
        self.assertIn("arcot.com", self.domains())
        self.assertEqual(run("everything").returncode, 1)
