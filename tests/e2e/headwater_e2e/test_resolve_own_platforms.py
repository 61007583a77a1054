"""What an account's brands have added to the list of AI platforms counts for its visits, from the answer on."""
import json
import time

from .case import Case
from .program import Program
from .world import Account, make_token

HOME = "https://shop.example/"
HOST = "assistant.example"


class OwnPlatforms(Case):
    def setUp(self):
        self.acct = Account(brands=2)

    def path(self, host: str, brand: int = None, acct: Account = None) -> str:
        return f"/v1/{brand or (acct or self.acct).brand}/ai-referrals/platforms/{host}"

    def add(self, host: str, name: str, brand: int = None, acct: Account = None):
        response = (acct or self.acct).admin.put(self.path(host, brand, acct), {"platform": name})
        self.assertIn(response.status, (200, 201), f"\n{response}")

    def remove(self, host: str, brand: int = None):
        response = self.acct.admin.delete(self.path(host, brand))
        self.assertIn(response.status, (200, 204), f"\n{response}")

    def outcome(self, referrer: str = f"https://{HOST}/chat", acct: Account = None, **query):
        result = (acct or self.acct).resolve(HOME, referrer, **query)
        return result["outcome"], result["ai_platform"]

    def lines(self, referrers: list) -> list:
        body = "".join(json.dumps({"url": HOME, "referrer": referrer}) + "\n" for referrer in referrers).encode()
        response = self.acct.viewer.request("POST", self.acct.at("/resolve"), body, headers={"Content-Type": "application/x-ndjson"})
        return [json.loads(line)["ai_platform"] for line in self.expect(response, 200).body.decode().splitlines()]

    def test_each_change_is_seen_at_once(self):
        for number in range(20):
            self.assertEqual(self.outcome(), ("referral", None))
            self.add(HOST, f"House {number}")
            self.assertEqual(self.outcome(), ("ai_platform", f"House {number}"))
            self.add(HOST, "Home")
            self.assertEqual(self.outcome(f"https://www.{HOST}:443/x?y#z"), ("ai_platform", "Home"))
            self.remove(HOST)
        self.assertEqual(self.outcome(), ("referral", None))

    def test_every_form_of_resolving_knows_them(self):
        self.add(HOST, "House")
        visits = [{"url": HOME, "referrer": f"https://{HOST}/"}, {"url": HOME, "referrer": "https://claude.ai/"}, {"url": HOME}]
        names = ["House", "Claude", None]
        answer = self.expect(self.acct.viewer.post(self.acct.at("/resolve"), {"visits": visits}), 200).data
        self.assertEqual([result["ai_platform"] for result in answer["results"]], names)
        self.assertEqual(self.lines([visit.get("referrer") for visit in visits]), names)
        draft = {"visits": visits, "draft": {"referrer_mappings": {"create": [{"referrer_pattern": "z.example", "utm_source": "z"}]}}, "compare": True}
        answer = self.expect(self.acct.viewer.post(self.acct.at("/resolve"), draft), 200).data
        self.assertEqual([(result["current"]["ai_platform"], result["drafted"]["ai_platform"]) for result in answer["results"]],
                         [(name, name) for name in names])

    def test_explanation_names_the_entry_and_whose_it_is(self):
        self.add(HOST, "House", self.acct.brand_ids[1])
        step = self.acct.resolve(HOME, f"https://a.{HOST}/", explain="true")["explanation"]
        step = next(each for each in step if each["applied"])
        self.assertEqual(step["inputs"]["list_entry"], HOST)
        self.assertEqual(step["inputs"]["list_brand"], str(self.acct.brand_ids[1]))
        self.assertIn(f"brand {self.acct.brand_ids[1]}'s own list", step["reason"])
        step = self.acct.resolve(HOME, "https://claude.ai/", explain="true")["explanation"]
        step = next(each for each in step if each["applied"])
        self.assertNotIn("list_brand", step["inputs"])
        self.assertNotIn("brand", step["reason"])

    def test_longest_host_then_lowest_brand_then_the_own_entry(self):
        low, high = self.acct.brand_ids
        self.add(HOST, "High", high)
        self.assertEqual(self.outcome(), ("ai_platform", "High"))
        self.add(HOST, "Low", low)
        self.assertEqual(self.outcome(), ("ai_platform", "Low"))
        self.add(f"b.{HOST}", "Longer", high)
        self.assertEqual(self.outcome(f"https://a.b.{HOST}/"), ("ai_platform", "Longer"))
        self.add("chatgpt.com", "Ours", high)
        self.assertEqual(self.outcome("https://chatgpt.com/c/1"), ("ai_platform", "Ours"))
        self.remove("chatgpt.com", high)
        self.assertEqual(self.outcome("https://chatgpt.com/c/1"), ("ai_platform", "ChatGPT"))

    def test_source_of_a_tagged_visit_may_be_an_own_host(self):
        self.add(HOST, "House")
        for source, name in [(HOST, "House"), (f"www.{HOST}", "House"), ("House", None), ("chatgpt.com", "ChatGPT"), ("newsletter", None)]:
            with self.subTest(source=source):
                result = self.acct.resolve(f"{HOME}?utm_source={source}")
                self.assertEqual((result["outcome"], result["utm"]["utm_source"], result["ai_platform"]), ("explicit_utm", source, name))

    def test_rules_stand_before_them(self):
        self.add(HOST, "House")
        self.acct.mapping(HOST, utm_source="partner")
        self.assertEqual(self.outcome(), ("mapping", None))

    def test_other_accounts_neither_get_nor_notice_them(self):
        other = Account()
        self.assertEqual(self.outcome(acct=other), ("referral", None))
        self.add(HOST, "House")
        self.assertEqual(self.outcome(acct=other), ("referral", None))
        seen = other.resolve(HOME, f"https://{HOST}/", explain="true")
        self.assertNotIn("House", json.dumps(seen))
        self.assertNotIn("brand", json.dumps(seen))
        self.assertEqual(self.outcome(acct=other, as_of="2100-01-01T00:00:00Z"), ("referral", None))
        self.add(HOST, "Theirs", acct=other)
        self.assertEqual(self.outcome(acct=other), ("ai_platform", "Theirs"))
        self.assertEqual(self.outcome(), ("ai_platform", "House"))

    def test_brand_that_moves_takes_nothing_along(self):
        other = Account()
        gone = self.acct.brand_ids[1]
        self.add(HOST, "House", gone)
        then = self.now()
        self.remove(HOST, gone)
        operator = self.acct.operator
        self.expect(operator.patch(f"/accounts/{self.acct.id}", {"brand_ids": [self.acct.brand]}), 200)
        self.expect(operator.patch(f"/accounts/{other.id}", {"brand_ids": [other.brand, gone]}), 200)
        self.assertEqual(self.outcome(acct=other), ("referral", None))
        self.add(HOST, "Theirs", gone, other)
        self.assertEqual(self.outcome(acct=other), ("ai_platform", "Theirs"))
        self.assertEqual(self.outcome(), ("referral", None))
        self.assertEqual(self.outcome(as_of=then), ("ai_platform", "House"))
        self.assertEqual(self.outcome(acct=other, as_of=then), ("referral", None))

    @staticmethod
    def now() -> str:
        """A moment that no event before it and none after it shares."""
        time.sleep(0.002)
        seconds, micros = divmod(time.time_ns() // 1000, 1_000_000)
        time.sleep(0.002)
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{micros:06}Z"

    def test_as_of_has_those_of_that_time(self):
        self.acct.mapping("m1.example")
        before = self.now()
        self.add(HOST, "House")
        added = self.now()
        self.add(HOST, "Home")
        renamed = self.now()
        self.acct.mapping("m2.example")
        self.remove(HOST)
        removed = self.now()
        for _ in range(2):
            for moment, expected in [(before, None), (added, "House"), (renamed, "Home"), (removed, None), (1, None), (2, "Home")]:
                with self.subTest(as_of=moment):
                    self.assertEqual(self.outcome(as_of=moment), ("ai_platform" if expected else "referral", expected))
        self.assertEqual(self.outcome(), ("referral", None))

    def test_trackers_get_them_too(self):
        self.add(HOST, "House")
        response = self.acct.tracker.post(self.acct.at("/resolve"), {"url": HOME, "referrer": f"https://{HOST}/"})
        self.assertEqual(self.expect(response, 200).data["ai_platform"], "House")

    def test_stream_under_way_keeps_those_of_its_start_and_the_next_one_has_the_new(self):
        self.add(HOST, "House")
        self.assertEqual(self.lines([f"https://{HOST}/"] * 3), ["House"] * 3)
        self.remove(HOST)
        self.assertEqual(self.lines([f"https://{HOST}/"] * 3), [None] * 3)


class AfterAKill(Case):
    @classmethod
    def setUpClass(cls):
        pass

    def test_they_are_there_again(self):
        program = Program().start()
        try:
            acct = Account(program)
            self.acct = acct
            path = acct.platforms(HOST)
            self.assertEqual(acct.admin.put(path, {"platform": "House"}).status, 201)
            self.assertEqual(acct.resolve(HOME, f"https://{HOST}/")["ai_platform"], "House")
            moment = OwnPlatforms.now()
            self.assertEqual(acct.admin.put(path, {"platform": "Home"}).status, 200)
            program.kill()
            program.start()
            acct.find_again()
            self.assertEqual(acct.resolve(HOME, f"https://{HOST}/")["ai_platform"], "Home")
            self.assertEqual(acct.resolve(HOME, f"https://{HOST}/", as_of=moment)["ai_platform"], "House")
            self.assertLess(acct.admin.delete(path).status, 300)
            self.assertIsNone(acct.resolve(HOME, f"https://{HOST}/")["ai_platform"])
        finally:
            program.close()
