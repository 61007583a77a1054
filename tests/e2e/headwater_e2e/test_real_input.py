"""Real input: the public hosts of AI platforms as mappings, the shipped list of payment, booking and
login hosts as passthrough referrers, and 10,000 synthetic visits over them, resolved, explained and
linted. What is expected comes from visit_model.py and from the data files, not from the program."""
import collections
import json
import os
import random

from . import corpora
from .case import Case
from .program import ROOT
from .visit_model import UTM, Generator, Model

DATA = ROOT / "domain" / "lint" / "data"
SITE = "grand-hotel.example"
VISITS = 10_000


def known_hosts(name: str) -> list:
    groups = corpora.read_yaml((DATA / name).read_bytes())
    return [host for hosts in groups.values() for host in hosts]


def ai_hosts() -> dict:
    """Public hosts by platform; entries with a path name no host of their own."""
    return {entry: name for name, entries in corpora.ai_platforms().items() for entry in entries if "/" not in entry}


def lies_below(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)


class Lists(Case):
    """The shipped lists themselves."""

    def test_there_are_at_least_sixty_hosts_that_visitors_pass_through(self):
        self.assertGreaterEqual(len(known_hosts("passthrough_hosts.yml")), 60)

    def test_every_group_has_a_comment(self):
        for name in ("passthrough_hosts.yml", "well_known_hosts.yml"):
            lines = (DATA / name).read_text().splitlines()
            for number, line in enumerate(lines):
                if line.endswith(":") and not line.startswith((" ", "#")):
                    self.assertTrue(lines[number - 1].startswith("# "), f"{name}:{number + 1}: {line}")


class RealInput(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.platforms = ai_hosts()
        if not cls.platforms:
            corpora.skip("ai-platforms")
        acct = cls.acct
        # Every third says what the list of AI platforms would say.
        said = {"utm_medium": "ai-assistant"}
        mappings = [{"referrer_pattern": host, "utm_source": platform, "label": platform, "priority": at % 4,
                     **(said if at % 3 == 0 else {"utm_medium": "assistant", "utm_campaign": f"campaign {at}"})}
                    for at, (host, platform) in enumerate(cls.platforms.items())]
        hosts = known_hosts("passthrough_hosts.yml")
        table = "domain,utm_source,service_name\r\n" + "".join(f"{host},{host.split('.')[-2]},known\r\n" for host in hosts)
        cls.bring("/referrer-mappings", json.dumps(mappings), "application/json", len(mappings))
        cls.bring("/passthrough-referrers", table, "text/csv", len(hosts))
        mappings = acct.viewer.get(acct.at("/referrer-mappings")).data["mappings"]
        referrers = acct.viewer.get(acct.at("/passthrough-referrers")).data["referrers"]
        cls.model = Model(SITE, mappings, referrers, cls.platforms)
        cls.seed = int(os.environ.get("HEADWATER_SEED", random.randrange(2 ** 32)))
        generator = Generator(random.Random(cls.seed), cls.model)
        cls.facts, cls.visits = zip(*(generator.next() for _ in range(VISITS)))

    @classmethod
    def bring(cls, path: str, body: str, kind: str, count: int):
        """Imports rules, after a dry run that must promise the same and do nothing."""
        for dry_run in ("true", "false"):
            target = cls.acct.at(path + "/import", mode="replace", dry_run=dry_run)
            response = cls.acct.editor.post(target, body, {"Content-Type": kind})
            data = response.data if response.status == 200 else {}
            if (data.get("added"), data.get("changed"), data.get("removed")) != (count, 0, 0):
                raise AssertionError(f"not imported\n{response}")
            total = cls.acct.viewer.get(cls.acct.at(path)).data["total"]
            if total != (0 if dry_run == "true" else count):
                raise AssertionError(f"{total} rules after dry_run={dry_run}\n{response}")

    def resolve(self, visits, **query) -> list:
        return self.expect(self.acct.viewer.post(self.acct.at("/resolve", **query), {"visits": visits}), 200).data["results"]

    def plain(self) -> list:
        """All visits in one batch; asked once."""
        if "results" not in vars(type(self)):
            type(self).results = self.resolve(list(self.visits))
        return self.results

    def explained(self) -> list:
        """The same with explanations, in four batches, because they are long; asked once."""
        if "explanations" not in vars(type(self)):
            quarter = VISITS // 4
            batches = [list(self.visits[at:at + quarter]) for at in range(0, VISITS, quarter)]
            type(self).explanations = [each for batch in batches for each in self.resolve(batch, explain="true")]
        return self.explanations

    def about(self, at: int) -> str:
        return f"HEADWATER_SEED={self.seed}, visit {at}: {json.dumps(self.visits[at])}"

    def test_every_host_became_a_rule(self):
        self.assertEqual(set(self.model.mappings), set(self.platforms))
        self.assertEqual(set(self.model.passthrough), set(known_hosts("passthrough_hosts.yml")))

    def test_every_visit_is_attributed_as_the_model_says(self):
        results = self.plain()
        self.assertEqual(len(results), VISITS)
        steps = collections.Counter()
        for at, (facts, result) in enumerate(zip(self.facts, results)):
            step, expected = self.model.attribute(facts)
            steps[step] += 1
            got = {name: result[name] for name in expected}
            self.assertEqual(got, expected, self.about(at))
            self.assertEqual(result["referrer_host"], facts.host, self.about(at))
            if step == 8:
                self.assertEqual(result["ai_platform"], expected["utm"]["utm_source"], self.about(at))
        # All fourteen steps decided, none of them by accident alone.
        self.assertEqual(set(steps), set(range(1, 15)), steps)
        self.assertGreater(min(steps.values()), 20, steps)

    def test_ndjson_answers_the_same(self):
        lines = "\n".join(json.dumps(visit) for visit in self.visits)
        response = self.acct.viewer.post(self.acct.at("/resolve"), lines, {"Content-Type": "application/x-ndjson"})
        self.assertEqual(self.expect(response, 200).ndjson(), self.plain())

    def test_explanations_end_with_the_step_that_decided(self):
        for at, (facts, result) in enumerate(zip(self.facts, self.explained())):
            step, expected = self.model.attribute(facts)
            told = result["explanation"]
            self.assertEqual([each["step"] for each in told], list(range(1, step + 1)), self.about(at))
            self.assertEqual([each["applied"] for each in told], [False] * (step - 1) + [True], self.about(at))
            for each in told:
                self.assertTrue(each["reason"].endswith("."), f"{each} {self.about(at)}")
            if expected["rule"]:
                self.assertIn(str(expected["rule"]["id"]), told[-1]["reason"], self.about(at))
            if facts.host and step in (1, 2, 5, 6, 8, 9, 10, 11, 12):
                self.assertIn(facts.host, told[-1]["reason"], self.about(at))

    def test_explaining_changes_no_answer(self):
        bare = [{k: v for k, v in each.items() if k != "explanation"} for each in self.explained()]
        self.assertEqual(bare, self.plain())

    def lint(self, **query):
        return self.expect(self.acct.viewer.get(self.acct.at("/rules/lint", **query)), 200).data

    def test_linter_finds_that_the_mappings_speak_of_ai_platforms_and_nothing_else(self):
        found = self.lint(site=f"https://www.{SITE}/")
        well_known = known_hosts("well_known_hosts.yml")
        expected = {("too_broad", "passthrough_referrer", rule["id"]) for domain, rule in self.model.passthrough.items()
                    if any(lies_below(host, domain) for host in well_known)}
        for host, rule in self.model.mappings.items():
            repeats = {name: rule[name] for name in UTM} == {**dict.fromkeys(UTM, ""), "utm_source": self.platforms[host], "utm_medium": "ai-assistant"}
            expected.add(("repeats_ai_platform" if repeats else "overrides_ai_platform", "referrer_mapping", rule["id"]))
        unassigned = [rule["id"] for rule in self.model.passthrough.values() if rule["utm_medium"] == "passthrough"]
        if unassigned:
            expected.add(("unassigned_channel", "passthrough_referrer", min(unassigned)))
        got = [(each["code"], each["rules"][0]["kind"], each["rules"][0]["id"]) for each in found["findings"]]
        self.assertEqual(sorted(got), sorted(expected))
        self.assertEqual((found["total"], found["complete"], found["sites"]), (len(expected), True, [SITE]))
        self.assertEqual(found["rules"], len(self.model.mappings) + len(self.model.passthrough))
        self.assertEqual(collections.Counter(code for code, _, _ in got), found["by_code"])

    def test_findings_stand_in_evaluation_order(self):
        order = [rule["id"] for rule in self.acct.viewer.get(self.acct.at("/referrer-mappings")).data["mappings"]]
        got = [each["rules"][0]["id"] for each in self.lint()["findings"]
               if each["severity"] == "info" and each["rules"][0]["kind"] == "referrer_mapping"]
        self.assertEqual(got, order)
