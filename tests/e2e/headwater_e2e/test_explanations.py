"""explain=true: each of the fourteen steps, its inputs, the rules tried, and a sentence."""
import json
import time

from .case import Case

HOME = "https://www.shop.example/"
NAMES = ["internal", "passthrough_session", "explicit_utm", "click_id", "passthrough_fallback", "mapping", "facebook_click_id",
         "ai_platform", "search", "email", "social", "referral", "continued", "direct"]


class Explanations(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        acct = cls.acct
        cls.pay = acct.passthrough("pay.example", utm_source="pay")["id"]
        cls.eu = acct.passthrough("eu.pay.example", utm_source="eu")["id"]
        cls.partner = acct.mapping("partner.example", utm_source="partner", priority=5)["id"]
        cls.tie = acct.mapping("partner", match_type="contains", utm_source="tie", priority=5)["id"]
        cls.low = acct.mapping(".example", match_type="ends_with", utm_source="low", priority=0)["id"]
        cls.costly = acct.mapping("^(a+)+[bc]$", match_type="regex", utm_source="costly", priority=9)["id"]

    def explained(self, referrer=None, url=HOME, session=None):
        return self.acct.resolve(url, referrer, session, explain="true")["explanation"]

    def step(self, number, *args, **kwargs):
        steps = self.explained(*args, **kwargs)
        self.assertEqual([s["name"] for s in steps], NAMES[:len(steps)])
        self.assertEqual([s["step"] for s in steps], list(range(1, len(steps) + 1)))
        self.assertEqual([s["applied"] for s in steps], [False] * (len(steps) - 1) + [True])
        for each in steps:
            self.assertEqual(set(each), {"step", "name", "applied", "reason", "inputs", "rules", "rules_omitted"})
        return steps[number - 1]

    def tried(self, step):
        return [(rule["kind"], rule["id"], rule["outcome"]) for rule in step["rules"]]

    def test_step_1(self):
        step = self.step(1, "https://m.shop.example/", session={"utm_source": "s"})
        self.assertTrue(step["applied"])
        self.assertEqual(step["inputs"], {"landing_host": "www.shop.example", "landing_domain": "shop.example",
                                          "referrer_host": "m.shop.example", "referrer_domain": "shop.example"})
        self.assertRegex(step["reason"], "^The visitor was on the same site already: m.shop.example and www.shop.example belong together by "
                                         "Mozilla's public suffix list of 20..-..-... The visit continues its session.$")

    def test_step_2(self):
        step = self.step(2, "https://a.eu.pay.example/", session={"utm_source": "s"})
        self.assertTrue(step["applied"])
        self.assertEqual(step["inputs"], {"referrer_host": "a.eu.pay.example", "domains_tried": ["a.eu.pay.example", "eu.pay.example"],
                                          "covering_domain": "eu.pay.example", "has_session": True})
        self.assertEqual(self.tried(step), [("passthrough_referrer", self.eu, "decided"), ("passthrough_referrer", self.pay, "less_specific")])
        self.assertIn(f"Passthrough referrer {self.eu} covers eu.pay.example", step["reason"])

    def test_step_3(self):
        step = self.step(3, "https://partner.example/", HOME + "?utm_source=News+Letter&utm_campaign=%C3%BC")
        self.assertTrue(step["applied"])
        self.assertEqual(step["inputs"], {"utm_source": "News Letter", "utm_medium": "", "utm_campaign": "ü", "utm_term": "", "utm_content": ""})

    def test_step_4(self):
        step = self.step(4, "https://partner.example/", HOME + "?gclid=1")
        self.assertEqual((step["applied"], step["inputs"]), (True, {"click_id_parameter": "gclid"}))
        self.assertIn("google", step["reason"])

    def test_step_5(self):
        steps = self.explained("https://pay.example/")
        self.assertEqual(self.tried(steps[1]), [("passthrough_referrer", self.pay, "needs_session")])
        self.assertEqual(steps[1]["reason"], f"Passthrough referrer {self.pay} covers pay.example, but the visit has no session to keep.")
        self.assertEqual(self.tried(steps[4]), [("passthrough_referrer", self.pay, "decided")])
        self.assertTrue(steps[4]["applied"])

    def test_step_6(self):
        step = self.step(6, "https://www.partner.example/")
        self.assertEqual(step["inputs"], {"referrer_host": "www.partner.example", "compared_as": ["www.partner.example", "partner.example"]})
        self.assertEqual(self.tried(step)[:3], [("referrer_mapping", self.partner, "decided"), ("referrer_mapping", self.tie, "same_priority_later"),
                                                ("referrer_mapping", self.low, "lower_priority")])
        self.assertEqual(step["reason"], f'Referrer mapping {self.partner} (exact "partner.example", priority 5) matches www.partner.example. '
                                         f"Mapping {self.tie} matches too and has the same priority, but a higher id. "
                                         f"Mapping {self.low} matches too, but has a lower priority.")

    def test_step_6_tells_of_a_regex_that_gave_up(self):
        step = self.step(6, "https://" + "a" * 60 + ".ab.test/")
        self.assertIn(("referrer_mapping", self.costly, "gave_up"), self.tried(step))
        self.assertIn(f"The regular expression of mapping {self.costly} was too costly", step["reason"])

    def test_step_7(self):
        step = self.step(7, "https://l.facebook.com/", HOME + "?fbclid=1")
        self.assertEqual((step["applied"], step["inputs"]), (True, {"click_id_parameter": "fbclid", "referrer_host": "l.facebook.com"}))

    def test_step_7_tells_why_an_fbclid_does_not_count(self):
        step = self.step(7, "https://blog.test/", HOME + "?fbclid=1")
        self.assertFalse(step["applied"])
        self.assertIn("carries fbclid, but the visitor came from blog.test", step["reason"])

    def test_step_8(self):
        step = self.step(8, "https://x.com/i/grok?c=1")
        self.assertEqual((step["applied"], step["inputs"]), (True, {"referrer_host": "x.com", "list_entry": "x.com/i/grok"}))
        self.assertRegex(step["reason"], "^x.com belongs to the AI platform Grok by the list of AI platforms")

    def test_steps_9_to_11_name_the_list_and_its_day(self):
        for number, referrer, name, kind, list_name, title in [
                (9, "https://www.google.de/", "Google", "is a search engine", "search-engines", "Matomo's list of search engines"),
                (10, "https://mail.google.com/", "Gmail", "is a mail host or mail app", "mail", "our list of webmail and mail apps"),
                (11, "https://www.badoo.com/", "Badoo", "belongs to a social network", "social-networks", "Matomo's list of social networks")]:
            with self.subTest(number=number):
                step = self.step(number, referrer)
                self.assertTrue(step["applied"])
                self.assertEqual(set(step["inputs"]), {"referrer_host", "list", "list_date", "list_entry"})
                self.assertEqual(step["inputs"]["list"], list_name)
                host = step["inputs"]["referrer_host"]
                self.assertIn(f"{host} {kind}, {name}, by {title} of {step['inputs']['list_date']} (entry ", step["reason"])
                without = self.step(number, "https://blog.test/")
                self.assertFalse(without["applied"])
                self.assertEqual(without["inputs"], {"referrer_host": "blog.test", "list": None, "list_date": None, "list_entry": None})
                self.assertRegex(without["reason"], r"^blog.test (is|belongs to) no .* of 20\d\d-\d\d-\d\d(, with Headwater's additions and exceptions)?\.$")

    def test_spam_counts_as_no_referrer_and_is_told(self):
        step = self.step(13, "https://semalt.com/", session={"utm_source": "s"})
        self.assertRegex(step["reason"], "^The referrer semalt.com is on Matomo's list of referrer spam of 20..-..-.., so it counts as none.")

    def test_step_12(self):
        step = self.step(12, "https://blog.test/")
        self.assertEqual((step["applied"], step["reason"]), (True, "The visitor came from blog.test, another site that no rule speaks of."))

    def test_step_12_tells_of_a_rule_that_was_too_costly(self):
        step = self.step(12, "https://" + "a" * 60 + ".ab.test/")
        self.assertTrue(step["applied"])
        self.assertNotIn("no rule speaks of", step["reason"])
        self.assertIn(f"the regular expression of mapping {self.costly} was too costly for this host and so did not count", step["reason"])

    def test_step_13_and_why_a_referrer_counts_as_none(self):
        for referrer, why in [(None, "The visit has no referrer."), ("", "The referrer is empty, so it counts as none."),
                              ("null", 'The referrer is the word "null"'), ("about:blank", 'The referrer "about:blank" is an empty page'),
                              ("mailto:a@b.test", "is not the address of a website"), ("https://[::", "cannot be read as a web address")]:
            with self.subTest(referrer=referrer):
                step = self.step(13, referrer, session={})
                self.assertIn(why, step["reason"])
                self.assertEqual(step["inputs"], {"referrer_host": None, "has_session": True})

    def test_step_14(self):
        step = self.step(14)
        self.assertEqual((step["applied"], step["inputs"]), (True, {"referrer_host": None, "has_session": False}))

    def test_client_that_leaves_in_the_middle_of_a_long_answer_harms_nobody(self):
        body = json.dumps({"visits": [{"url": HOME, "referrer": "https://www.partner.example/"}] * 10_000}).encode()
        with self.program.connect() as connection:
            connection.send(f"POST {self.acct.at('/resolve', explain='true')} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                            f"Authorization: Bearer {self.acct.viewer.token}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            connection.fill(time.monotonic() + 20)
            self.assertIn(b"200 OK", connection.buffer)
        self.assertEqual(len(self.explained()), 14)

    def test_long_answer_to_a_batch_is_complete_and_in_order(self):
        visits = [{"url": HOME, "referrer": f"https://n{number}.test/"} for number in range(10_000)]
        results = self.expect(self.acct.viewer.post(self.acct.at("/resolve", explain="true"), {"visits": visits}), 200).data["results"]
        self.assertEqual([result["referrer_host"] for result in results], [f"n{number}.test" for number in range(10_000)])

    def test_many_rules_are_listed_up_to_twenty(self):
        host = "zq0123456789abcdefghijklmnop.test"
        ids = [self.acct.mapping(host[:length], match_type="starts_with", priority=900, utm_source="r")["id"] for length in range(3, 27)]
        step = self.step(6, f"https://{host}/")
        self.assertEqual(self.tried(step), [("referrer_mapping", ids[0], "decided")] +
                         [("referrer_mapping", number, "same_priority_later") for number in ids[1:20]])
        self.assertEqual(step["rules_omitted"], 4)
        self.assertIn(f"Mappings {ids[1]}, {ids[2]}, {ids[3]} and 20 more match too", step["reason"])


class AllSteps(Case):
    """explain=all goes on after the step that decided."""

    VISITS = [{"url": "https://m.shop.example/?utm_source=x&gclid=1", "referrer": HOME, "session": {"utm_source": "s"}},
              {"url": HOME, "referrer": "https://pay.example/", "session": {"utm_source": "s"}},
              {"url": HOME, "referrer": "https://pay.example/", "session": None},
              {"url": HOME + "?utm_campaign=c&fbclid=1", "referrer": "https://partner.example/", "session": None},
              {"url": HOME + "?gclid=1", "referrer": "https://www.google.de/", "session": {}},
              {"url": HOME, "referrer": "https://chatgpt.com/", "session": None},
              {"url": HOME, "referrer": "https://other.example/", "session": None},
              {"url": HOME, "referrer": None, "session": {"utm_source": "s"}},
              {"url": HOME, "referrer": None, "session": None}]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pay = cls.acct.passthrough("pay.example", utm_source="pay")["id"]
        cls.partner = cls.acct.mapping("partner.example", utm_source="partner")["id"]

    def ask(self, body, client=None, headers=None, **query):
        return (client or self.acct.viewer).post(self.acct.at("/resolve", **query), body, headers)

    def check(self, every: dict, some: dict):
        """An answer with all steps against that with the steps reached."""
        self.assertEqual({**every, "explanation": None}, {**some, "explanation": None})
        steps, reached = every["explanation"], some["explanation"]
        self.assertEqual([step["name"] for step in steps], NAMES)
        for number, step in enumerate(steps):
            self.assertEqual(list(step)[-2:], ["reached", "would_have"])
            self.assertEqual(step["reached"], number < len(reached))
            if number < len(reached):
                self.assertEqual({name: step[name] for name in step if name not in ("reached", "would_have")}, reached[number])
                self.assertEqual(step["would_have"] is not None, step["applied"])
            else:
                self.assertFalse(step["applied"])
        without = {name: every[name] for name in every if name != "explanation"}
        self.assertEqual(steps[len(reached) - 1]["would_have"], without)

    def test_answer_and_steps_reached_are_those_of_explain_true(self):
        for visit in self.VISITS:
            with self.subTest(visit=visit):
                some = self.expect(self.ask(visit, explain="true"), 200)
                self.check(self.expect(self.ask(visit, explain="all"), 200).data, some.data)
                self.assertEqual(some.body, self.expect(self.ask(visit, explain="1"), 200).body)
                self.assertNotIn(b"would_have", some.body)

    def test_each_step_tells_what_it_would_have_said(self):
        def told(visit):
            steps = self.expect(self.ask(visit, explain="all"), 200).data["explanation"]
            return {step["name"]: (step["would_have"]["outcome"], step["would_have"]["utm"]["utm_source"]) for step in steps if step["would_have"]}
        end = {"continued": ("continued", "s"), "direct": ("direct", "(direct)")}
        self.assertEqual(told(self.VISITS[1]), {"passthrough_session": ("passthrough", "s"), "passthrough_fallback": ("passthrough", "pay"),
                                                "referral": ("referral", "pay.example"), **end})
        self.assertEqual(told(self.VISITS[0]), {"internal": ("internal", "s"), "explicit_utm": ("explicit_utm", "x"),
                                                "click_id": ("click_id", "google"), "referral": ("referral", "shop.example"), **end})
        self.assertEqual(told(self.VISITS[3]), {"explicit_utm": ("explicit_utm", "partner"), "mapping": ("mapping", "partner"),
                                                "referral": ("referral", "partner.example"), "direct": ("direct", "(direct)")})
        step = self.expect(self.ask(self.VISITS[3], explain="all"), 200).data["explanation"][5]
        self.assertEqual(step["would_have"]["rule"], {"kind": "referrer_mapping", "id": self.partner})
        self.assertEqual(step["rules"], [{"kind": "referrer_mapping", "id": self.partner, "outcome": "decided"}])

    def test_batches_lines_and_the_past_are_alike(self):
        alone = [self.ask(visit, explain="all").data for visit in self.VISITS]
        self.assertEqual(self.expect(self.ask({"visits": self.VISITS}, explain="all"), 200).data["results"], alone)
        lines = "".join(json.dumps(visit) + "\n" for visit in self.VISITS).encode()
        answer = self.expect(self.ask(lines, headers={"Content-Type": "application/x-ndjson"}, explain="all"), 200)
        self.assertEqual([json.loads(line) for line in answer.body.splitlines()], alone)
        version = self.acct.viewer.get(self.acct.at("/referrer-mappings")).json()["meta"]["version"]
        self.assertEqual(self.expect(self.ask({"visits": self.VISITS}, explain="all", as_of=version), 200).data["results"], alone)

    def test_drafts_and_comparisons_have_it_too(self):
        draft = {"referrer_mappings": {"add": [{"referrer_pattern": "www.google.de", "utm_source": "drafted"}]}}
        visit = self.VISITS[4]
        for compare in (False, True):
            some = self.expect(self.ask({**visit, "draft": draft, "compare": compare}, explain="true"), 200).data
            every = self.expect(self.ask({**visit, "draft": draft, "compare": compare}, explain="all"), 200).data
            batch = self.expect(self.ask({"visits": [visit], "draft": draft, "compare": compare}, explain="all"), 200).data["results"][0]
            self.assertEqual(every, batch)
            drafted = every["drafted"] if compare else every
            self.check(drafted, some["drafted"] if compare else some)
            self.assertEqual(drafted["explanation"][5]["would_have"]["rule"], {"kind": "referrer_mapping", "id": None, "draft": 0})
            if compare:
                self.check(every["current"], some["current"])
                self.assertIsNone(every["current"]["explanation"][5]["would_have"])

    def test_it_needs_the_scope_read_and_is_the_only_other_word(self):
        self.rules_error(self.ask(self.VISITS[0], self.acct.tracker, explain="all"), 403, "forbidden", "Required scope: read")
        for word in ("ALL", "every", ""):
            self.invalid(self.ask(self.VISITS[0], explain=word), "query.explain")
        self.invalid(self.ask({"url": "x"}, explain="all"), "body.url")
        bad = self.expect(self.ask({"visits": [{"url": "x"}, self.VISITS[0]]}, explain="all"), 200).data["results"]
        self.assertEqual([set(each) for each in bad][0], {"error"})
