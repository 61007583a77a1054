"""GET /rules/lint: each way to get a rule wrong has its finding, and the suggested change mends it."""
import threading

from .case import Case
from .program import Program
from .world import Account

PATH = "/rules/lint"


def import_hostile_rules(case: Case, acct: Account):
    hostile = [{"referrer_pattern": f"^(a+)+\\W{{1,{n + 1}}}$", "match_type": "regex", "utm_source": f"r{n}", "priority": 9} for n in range(300)]
    hosts = [{"referrer_pattern": "a" * 55 + f".host{n}.example", "utm_source": f"h{n}"} for n in range(300)]
    case.expect(acct.editor.post(acct.at("/referrer-mappings/import", mode="replace"), hostile + hosts), 200)


class Lint(Case):
    def setUp(self):
        self.acct = Account()

    def lint(self, tail="", **query):
        return self.expect(self.acct.viewer.get(self.acct.at(PATH, **query) + tail), 200).data

    def found(self, **query) -> list:
        """(code, ids of the rules that it names)"""
        return [(each["code"], [rule["id"] for rule in each["rules"]]) for each in self.lint(**query)["findings"]]

    def mend(self, finding: dict):
        for change in finding["fix"]:
            response = self.acct.editor.request(change["method"], self.acct.at(change["path"]), change.get("body"))
            self.assertIn(response.status, (200, 201, 204), f"{change}\n{response}")

    def test_account_without_rules_has_no_findings(self):
        self.assertEqual(self.lint(), {"findings": [], "total": 0, "by_severity": {"error": 0, "warning": 0, "info": 0}, "by_code": {},
                                       "rules": 0, "complete": True, "sites": []})

    def test_each_bad_rule_gets_its_finding(self):
        bad = {
            "never_matches": [dict(referrer_pattern="*.partner.example")],
            "shadowed": [dict(referrer_pattern="partner", match_type="contains", priority=1), dict(referrer_pattern="partner.example")],
            "maybe_shadowed": [dict(referrer_pattern="^part[a-z]+", match_type="regex", priority=1),
                               dict(referrer_pattern="partner", match_type="starts_with")],
            "partly_shadowed": [dict(referrer_pattern="www.part", match_type="starts_with", priority=1), dict(referrer_pattern="partner.example")],
            "equal_priority": [dict(referrer_pattern="partner.example"), dict(referrer_pattern="partner", match_type="contains")],
            "too_broad": [dict(referrer_pattern="box.com", match_type="contains")],
            "no_label_boundary": [dict(referrer_pattern="partner.de", match_type="ends_with")],
            "regex_without_anchor": [dict(referrer_pattern=r"partner\.example", match_type="regex")],
            "regex_without_literal": [dict(referrer_pattern=r"^[a-z]{4}[0-9]\.[a-z]{2}$", match_type="regex")],
            "regex_unescaped_dot": [dict(referrer_pattern="^partner.example$", match_type="regex")],
            "usual_passthrough_host": [dict(referrer_pattern="www.paypal.com")],
            "repeats_ai_platform": [dict(referrer_pattern="claude.ai", utm_source="Claude", utm_medium="ai-assistant")],
            "overrides_ai_platform": [dict(referrer_pattern="chatgpt.com")],
        }
        for code, rules in bad.items():
            with self.subTest(code):
                self.setUp()
                for number, rule in enumerate(rules):
                    pattern = rule["referrer_pattern"]
                    self.acct.mapping(pattern, **{"utm_source": f"s{number}", **{k: v for k, v in rule.items() if k != "referrer_pattern"}})
                findings = self.lint()["findings"]
                self.assertEqual([each["code"] for each in findings], [code])
                one = findings[0]
                self.assertEqual(one["rules"][0], {"kind": "referrer_mapping", "id": len(rules)})
                self.assertRegex(one["message"], rf"^Mapping {len(rules)} \(.*\.$")
                self.assertRegex(one["suggestion"], r"^[A-Z]")

    def test_t_co_is_told_what_else_it_matches(self):
        self.acct.mapping("t.co", match_type="contains")
        self.assertEqual(self.acct.resolve(referrer="https://www.microsoft.com/")["outcome"], "mapping")
        lost, one = sorted(self.lint()["findings"], key=lambda each: each["code"])
        self.assertRegex(one["message"], r"also matches [a-z.]+, [a-z.]+, [a-z.]+ and \d+ more, which it hardly means")
        self.assertIn("chatgpt.com (ChatGPT)", lost["message"])
        self.mend(one)
        self.assertEqual(self.found(), [])
        self.assertEqual(self.acct.resolve(referrer="https://www.microsoft.com/")["outcome"], "referral")
        self.assertEqual(self.acct.resolve(referrer="https://t.co/x")["outcome"], "mapping")

    def test_t_co_as_a_regular_expression_is_tried_on_the_same_hosts(self):
        self.acct.mapping("t.co", match_type="regex")
        self.assertEqual(self.acct.resolve(referrer="https://www.microsoft.com/")["outcome"], "mapping")
        codes = {code for code, _ in self.found()}
        self.assertTrue({"too_broad", "regex_without_anchor", "regex_unescaped_dot", "overrides_ai_platform"} <= codes, codes)
        self.expect(self.acct.editor.patch(self.acct.at("/referrer-mappings/1"), {"referrer_pattern": r"(^|\.)t\.co$"}), 200)
        self.assertEqual([code for code in self.found() if code[0] != "regex_without_literal"], [])
        self.assertEqual(self.acct.resolve(referrer="https://www.microsoft.com/")["outcome"], "referral")
        self.assertEqual(self.acct.resolve(referrer="https://t.co/x")["outcome"], "mapping")

    def test_google_as_organic_without_losing_gemini(self):
        """A team wants Google as organic, and is told what that costs before a report shows it."""
        self.acct.mapping("google", match_type="contains", utm_source="google", utm_medium="organic")
        self.assertEqual(self.acct.resolve(referrer="https://gemini.google.com/")["outcome"], "mapping")
        one = self.lint()["findings"][0]
        self.assertEqual((one["code"], one["severity"]), ("overrides_ai_platform", "warning"))
        self.assertIn("gemini.google.com (", one["message"])
        self.expect(self.acct.editor.patch(self.acct.at("/referrer-mappings/1"), {"referrer_pattern": "google.com", "match_type": "exact"}), 200)
        self.assertEqual(self.found(), [("repeats_source_list", [1])])  # the lists know Google, too
        self.assertEqual(self.acct.resolve(referrer="https://gemini.google.com/")["outcome"], "ai_platform")
        self.assertEqual(self.acct.resolve(referrer="https://www.google.com/")["utm"]["utm_medium"], "organic")

    def test_a_partner_by_path_is_told_that_the_path_is_cut(self):
        made = self.expect(self.acct.editor.post(self.acct.at("/referrer-mappings"), {"referrer_pattern": "https://medium.com/@partner", "utm_source": "partner"}), 201)
        self.assertIn("this rule takes every visit from medium.com", made.json()["meta"]["normalised"][0]["message"])
        self.assertEqual(self.acct.resolve(referrer="https://medium.com/@somebody-else")["utm"]["utm_source"], "partner")

    def test_two_rules_about_the_same_hosts_contradict(self):
        self.acct.mapping("partner.example", priority=5, utm_source="a")
        self.acct.mapping(r"^partner\.example$", match_type="regex", utm_source="b")
        findings = self.lint()["findings"]
        self.assertEqual([(each["code"], each["fix"]) for each in findings], [("shadowed", [])])
        self.assertIn("contradict each other", findings[0]["message"])

    def test_passthrough_domain_makes_a_mapping_dead(self):
        rule = self.acct.passthrough("partner.example", utm_medium="referral")
        self.acct.mapping("pay.partner.example")
        self.assertEqual(self.found(), [("behind_passthrough", [1, rule["id"]])])
        one = self.lint()["findings"][0]
        self.assertEqual((one["severity"], one["rules"][1]["kind"]), ("error", "passthrough_referrer"))
        self.mend(one)
        self.assertEqual(self.found(), [])

    def test_the_medium_of_no_channel_is_told_once(self):
        self.acct.passthrough("one.example")
        self.acct.passthrough("two.example")
        self.assertEqual(self.found(), [("unassigned_channel", [1, 2])])
        self.assertEqual(self.lint()["findings"][0]["severity"], "info")

    def test_passthrough_domain_below_another_is_redundant(self):
        self.acct.passthrough("partner.example", utm_medium="referral")
        self.acct.passthrough("pay.partner.example", utm_medium="referral")
        self.acct.passthrough("book.partner.example", utm_source="other", utm_medium="referral")
        self.assertEqual(self.found(), [("redundant_passthrough", [2, 1])])
        self.mend(self.lint()["findings"][0])
        self.assertEqual(self.found(), [])

    def test_regex_that_hit_a_limit_is_an_error(self):
        self.acct.mapping(r"^(a+)+[bc]\.hostile$", match_type="regex")
        self.acct.resolve(referrer="https://" + "a" * 60 + ".ab.hostile/")
        one = self.lint()["findings"][0]
        self.assertEqual((one["code"], one["severity"]), ("regex_limit_hit", "error"))

    def test_own_sites_are_those_of_connections_and_of_the_query(self):
        self.acct.mapping("blog.acme-hotels.com")
        self.acct.mapping("acme-shop.com")
        self.assertEqual(self.found(), [])
        connection = self.acct.connection("https://www.acme-hotels.com/en/")
        self.assertEqual(self.found(), [("own_site", [1])])
        found = self.lint("&site=www.acme-shop.com&site=https://other.example/x")
        self.assertEqual([each["rules"][0]["id"] for each in found["findings"]], [1, 2])
        self.assertEqual(found["sites"], ["acme-hotels.com", "acme-shop.com", "other.example"])
        self.expect(self.acct.editor.request("DELETE", self.acct.connections(connection["id"])), 200)
        self.assertEqual(self.found(), [])

    def test_inactive_rules_are_left_out(self):
        self.acct.mapping("*.partner.example", is_active=False)
        self.acct.passthrough("co.uk", is_active=False)
        self.assertEqual(self.lint()["rules"], 0)

    def test_findings_come_by_severity_and_in_pages(self):
        self.acct.mapping("chatgpt.com", priority=9)
        self.acct.mapping("box.com", match_type="contains", priority=5)
        self.acct.mapping("*.partner.example")
        self.acct.mapping("*.other.example", priority=2)
        whole = self.lint()
        self.assertEqual([each["severity"] for each in whole["findings"]], ["error", "error", "warning", "info"])
        self.assertEqual([each["rules"][0]["id"] for each in whole["findings"]], [4, 3, 2, 1])
        self.assertEqual(whole["by_severity"], {"error": 2, "warning": 1, "info": 1})
        self.assertEqual(whole["by_code"], {"never_matches": 2, "too_broad": 1, "overrides_ai_platform": 1})
        pages = [self.lint(limit=3, offset=at) for at in (0, 3)]
        self.assertEqual([each for page in pages for each in page["findings"]], whole["findings"])
        self.assertEqual({page["total"] for page in pages}, {4})

    def test_parameters_are_checked_together(self):
        self.invalid(self.acct.viewer.get(f"{PATH}?limit=0&offset=-1&site=a%20b"),
                     "query.account_id", "query.limit", "query.offset", "query.site")
        self.invalid(self.acct.viewer.get(self.acct.at(PATH, limit=1001)), "query.limit")

    def test_scope_read_is_needed_and_another_account_is_a_wall(self):
        self.rules_error(self.acct.tracker.get(self.acct.at(PATH)), 403, "forbidden", "Required scope: read")
        self.rules_error(self.program.client(None).get(self.acct.at(PATH)), 401, "unauthorized", "Authentication required")
        other = Account()
        self.rules_error(other.viewer.get(self.acct.at(PATH)), 403, "forbidden", f"Access denied to account: {self.acct.id}")

    def test_change_is_seen_at_once(self):
        for number in range(20):
            rule = self.acct.mapping(f"*.partner{number}.example")
            self.assertEqual(self.lint()["by_code"], {"never_matches": 1})
            self.expect(self.acct.editor.request("DELETE", self.acct.at(f"/referrer-mappings/{rule['id']}")), 204)
            self.assertEqual(self.lint()["total"], 0)

    def test_hostile_rules_end_a_lint_early_and_it_says_so(self):
        import_hostile_rules(self, self.acct)
        answers = []
        worker = threading.Thread(target=lambda: answers.append(self.lint(limit=1)))
        worker.start()
        other = Account()  # which needs look-ups that no lint may hold up
        self.assertEqual(other.viewer.get(other.at("/referrer-mappings")).data["total"], 0)
        self.assertEqual(other.viewer.get(other.at(PATH)).status, 200)
        worker.join()
        self.assertEqual(len(answers), 1)
        self.assertFalse(answers[0]["complete"])
        # What costs nothing is still said of every rule.
        self.assertEqual(answers[0]["by_code"]["regex_without_literal"], 300)
        # The linter's own looking counts as no visit.
        self.assertNotIn("regex_limit_hit", answers[0]["by_code"])

    def test_lint_that_takes_too_long_for_its_client_is_answered_503(self):
        with Program("--command-timeout", "0.5") as program:
            own = Account(program)
            import_hostile_rules(self, own)
            response = own.viewer.get(own.at(PATH))
            self.rules_error(response, 503, "service_unavailable")
            self.assertTrue(response.header("Retry-After").isdigit())
