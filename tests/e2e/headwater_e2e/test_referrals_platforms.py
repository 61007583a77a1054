"""Which raw referrer values are AI platforms, in whatever shape a tool emits them."""
import json
import threading
import urllib.parse

from . import corpora
from .case import SECONDS, Case
from .program import Program
from .world import Account

DAY = "2026-05-20"

SHAPES = {
    "ChatGPT": ["chatgpt.com", "CHATGPT.COM", "www.chatgpt.com", "https://chatgpt.com/", "https://chatgpt.com:443/c/1?x=1#y", "chatgpt.com.",
                "chatgpt.com:443", "https%3A%2F%2Fchatgpt.com%2Fc%2F1", "chatgpt.com / referral", "chatgpt.com / (none)", "chatgpt.com/ referral",
                "sub.chatgpt.com", "chat.openai.com", "//chatgpt.com/", "http://WWW.ChatGPT.com./", "chatgpt", "ChatGPT",
                "https://chatgpt.com/?utm_source=google.com", "android-app://com.openai.chatgpt/"],
    "Perplexity": ["perplexity", "perplexity.ai", "www.perplexity.ai / referral", "https://www.perplexity.ai/search/x", "PERPLEXITY"],
    "Grok": ["x.com/i/grok", "https://x.com/i/grok?conversation=1", "https://www.x.com/i/grok/share/1", "grok.com"],
    "Gemini": ["gemini.google.com", "bard.google.com / referral", "https://gemini.google.com/app"],
    "Copilot": ["copilot.microsoft.com", "https://copilot.microsoft.com/chats/1"],
    "Claude": ["claude.ai", "https://claude.ai/chat/1", "claude"],
}

NOT_AI = ["google.com", "notchatgpt.com", "chatgpt.com.evil.test", "https://example.org/chatgpt.com/", "platform.openai.com", "openai.com", "x.com",
          "https://x.com/home", "microsoft.com", "(direct) / (none)", "(not set)", "direct", "mychatgpt", "https://google.com/?q=chatgpt.com",
          "https://chatgpt.com@evil.test/", "chatgpt.community", "https://evil.test/x.com/i/grok", "%", "%zz", "::::", "/", "."]


class Platforms(Case):
    def setUp(self):
        self.acct = Account()
        self.connection = self.acct.connection()

    def push(self, values):
        rows = [{"date": DAY, "raw_referrer_value": value, "raw_page_value": f"/{n}", "pageviews": 1} for n, value in enumerate(values)]
        return self.expect(self.acct.editor.post(self.acct.events(self.connection), rows), 200).json()

    def counted(self) -> dict:
        path = f"/v1/{self.acct.brand}/ai-referrals?start_date={DAY}&end_date={DAY}&group_by=platform&limit=1000"
        return {row["platform"]: row["pageviews"] for row in self.expect(self.acct.viewer.get(path), 200).json()["rows"]}

    def test_each_shape_names_its_platform(self):
        for name, values in SHAPES.items():
            for value in values:
                with self.subTest(platform=name, value=value):
                    before = self.counted().get(name, 0)
                    answer = self.push([value])
                    self.assertEqual((answer["accepted"], answer["rejected"]), (1, 0), answer)
                    self.assertEqual(self.counted().get(name, 0), before + 1, self.counted())
                    self.setUp()

    def test_lookalikes_are_rejected(self):
        for value in NOT_AI:
            with self.subTest(value=value):
                answer = self.push([value])
                self.assertEqual((answer["accepted"], answer["rejected"], len(answer["errors"])), (0, 1, 1), answer)

    def test_allow_list_is_served(self):
        for prefix in ["", "/v1"]:
            with self.subTest(prefix=prefix):
                response = self.expect(self.acct.viewer.get(f"{prefix}/{self.acct.brand}/ai-referrals/platforms"), 200)
                text = json.dumps(response.json())
                for word in ("ChatGPT", "chatgpt.com", "Perplexity", "x.com/i/grok"):
                    self.assertIn(word, text)

    def test_every_shipped_entry_tells_where_it_comes_from(self):
        listed = self.expect(self.acct.viewer.get(self.acct.platforms()), 200).json()
        self.assertRegex(listed["version"], r"^[0-9a-f]{12}$")
        sources = set()
        for platform in listed["platforms"]:
            for entry in platform["entries"]:
                self.assertEqual(set(entry), {"kind", "value", "source", "provenance"})
                self.assertEqual(entry["source"], "shipped")
                origin = entry["provenance"]
                self.assertEqual(set(origin), {"source", "revision", "since", "reason"})
                self.assertRegex(origin["since"], r"^\d{4}-\d\d-\d\d$")
                self.assertTrue(origin["source"] and origin["reason"])
                self.assertEqual(origin["revision"] is None, origin["source"] == "headwater")
                sources.add(origin["source"])
        self.assertEqual(len(sources), 2)

    def test_every_host_of_the_shipped_list_is_its_platform(self):
        listed = corpora.ai_platforms()
        if not listed:
            corpora.skip("ai-platforms")
        hosts = [(host, name) for name, found in listed.items() for host in found]
        answer = self.push([host for host, _ in hosts])
        self.assertEqual((answer["accepted"], answer["rejected"]), (len(hosts), 0), answer["errors"])
        self.assertEqual(self.counted(), {name: len(found) for name, found in listed.items()})


class OwnPlatforms(Case):
    """What a brand adds to the allow-list."""

    def setUp(self):
        self.acct = Account()
        self.connection = self.acct.connection()

    def put(self, host, platform="House", status=None, **more):
        response = self.acct.admin.put(self.acct.platforms(urllib.parse.quote(host, safe="")), {"platform": platform, **more})
        return self.expect(response, status).json() if status else response

    def remove(self, host):
        return self.acct.admin.delete(self.acct.platforms(urllib.parse.quote(host, safe="")))

    def listed(self) -> dict:
        """The brand's own entries by host, each as (platform, entry)."""
        found = self.expect(self.acct.viewer.get(self.acct.platforms()), 200).json()
        return {entry["value"]: (platform["name"], entry) for platform in found["platforms"]
                for entry in platform["entries"] if entry["source"] == "brand"}

    def push(self, *values):
        rows = [{"date": DAY, "raw_referrer_value": value, "raw_page_value": f"/{n}", "pageviews": 1} for n, value in enumerate(values)]
        answer = self.expect(self.acct.editor.post(self.acct.events(self.connection), rows), 200).json()
        return answer["accepted"], answer["rejected"]

    def counted(self) -> dict:
        path = f"/v1/{self.acct.brand}/ai-referrals?start_date={DAY}&end_date={DAY}&group_by=platform&limit=1000"
        return {row["platform"]: row["pageviews"] for row in self.expect(self.acct.viewer.get(path), 200).json()["rows"]}

    def test_added_host_counts_in_the_next_push_in_every_shape(self):
        self.assertEqual(self.push("ai.example"), (0, 1))
        made = self.put("AI.Example", "House", 201)
        self.assertEqual(set(made), {"brand_id", "host", "platform", "created_at", "updated_at"})
        self.assertEqual((made["brand_id"], made["host"], made["platform"]), (self.acct.brand, "ai.example", "House"))
        self.assertRegex(made["created_at"], SECONDS)
        self.assertEqual(made["created_at"], made["updated_at"])
        self.assertEqual(self.push("ai.example", "https://www.ai.example/c?x", "sub.ai.example / referral", "notai.example"), (3, 1))
        self.assertEqual(self.counted(), {"House": 3})
        name, entry = self.listed()["ai.example"]
        self.assertEqual((name, entry["kind"]), ("House", "host"))
        self.assertEqual(set(entry), {"kind", "value", "source", "created_at", "updated_at"})

    def test_past_rows_keep_their_platform_and_later_ones_get_the_new_one(self):
        self.put("ai.example", "Old", 201)
        self.push("ai.example")
        changed = self.put("ai.example", "New", 200)
        self.assertEqual(changed["platform"], "New")
        self.assertEqual(self.counted(), {"Old": 1})
        self.assertEqual(self.push("www.ai.example", "a.ai.example"), (2, 0))
        self.assertEqual(self.counted(), {"Old": 1, "New": 2})
        self.expect(self.remove("ai.example"), 200)
        self.assertEqual(self.push("ai.example"), (0, 1))
        self.assertEqual(self.counted(), {"Old": 1, "New": 2})

    def test_same_again_is_200_and_changes_nothing(self):
        first = self.put("ai.example", "House", 201)
        self.assertEqual(self.put("ai.example", "House", 200), first)
        self.assertEqual(self.put("AI.EXAMPLE", "House", 200), first)

    def test_push_right_after_the_answer_sees_the_change(self):
        for n in range(30):
            self.put(f"h{n}.example", f"P{n}", 201)
            self.assertEqual(self.push(f"h{n}.example"), (1, 0), n)
            self.expect(self.remove(f"h{n}.example"), 200)
            self.assertEqual(self.push(f"h{n}.example"), (0, 1), n)

    def test_changes_beside_pushes_are_seen_by_each_push_that_starts_later(self):
        faults, stop = [], threading.Event()

        def pushing(client):
            while not stop.is_set():
                body = [{"date": DAY, "raw_referrer_value": "busy.example", "raw_page_value": "/busy", "pageviews": 1}]
                answer = client.post(self.acct.events(self.connection), body)
                if answer.status != 200:
                    faults.append(str(answer))

        threads = [threading.Thread(target=pushing, args=(self.acct.program.client(self.acct.editor.token),)) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            self.test_push_right_after_the_answer_sees_the_change()
        finally:
            stop.set()
            for thread in threads:
                thread.join(30)
        self.assertEqual(faults, [])

    def test_delete_answers_what_was_removed_and_then_404(self):
        made = self.put("ai.example", "House", 201)
        self.assertEqual(self.expect(self.remove("ai.example"), 200).json(), made)
        self.assertIn("ai.example", self.vendor_error(self.remove("ai.example"), 404))
        self.assertEqual(self.listed(), {})

    def test_entry_of_the_shipped_list_cannot_be_removed_and_the_message_says_so(self):
        self.assertIn("shipped list", self.vendor_error(self.remove("chatgpt.com"), 404))
        self.assertEqual(self.push("chatgpt.com"), (1, 0))
        self.put("chatgpt.com", "Ours", 201)
        self.expect(self.remove("chatgpt.com"), 200)
        self.assertEqual(self.push("www.chatgpt.com"), (1, 0))
        self.assertEqual(self.counted(), {"ChatGPT": 2})

    def test_own_entry_wins_on_its_host_and_below_and_a_longer_shipped_one_beside_it(self):
        for host, name in [("chatgpt.com", "Ours"), ("google.com", "Google"), ("x.com", "X"), ("duck.ai", "Duck")]:
            self.put(host, name, 201)
        self.assertEqual(self.push("chatgpt.com", "gemini.google.com", "news.google.com", "https://x.com/i/grok", "https://x.com/home",
                                   "duck.ai", "chatgpt"), (7, 0))
        self.assertEqual(self.counted(), {"Ours": 1, "Gemini": 1, "Google": 1, "Grok": 1, "X": 1, "Duck": 1, "ChatGPT": 1})

    def test_platform_that_is_shipped_too_is_listed_once_with_both_sorts_of_entries(self):
        self.put("gpt.example", "ChatGPT", 201)
        found = self.expect(self.acct.viewer.get(self.acct.platforms()), 200).json()["platforms"]
        named = [platform for platform in found if platform["name"] == "ChatGPT"]
        self.assertEqual(len(named), 1)
        self.assertEqual({entry["source"] for entry in named[0]["entries"]}, {"shipped", "brand"})

    def test_internationalised_host_is_stored_as_ascii_and_found_in_both_forms(self):
        self.assertEqual(self.put("Bücher-KI.example", "Bücher", 201)["host"], "xn--bcher-ki-65a.example")
        self.assertEqual(self.push("https://bücher-ki.example/x", "xn--bcher-ki-65a.example"), (2, 0))
        self.assertEqual(self.counted(), {"Bücher": 2})
        self.expect(self.remove("bücher-ki.EXAMPLE"), 200)

    def test_what_is_no_host_is_422_at_the_path(self):
        for bad in ["https://ai.example", "ai.example/chat", "ai.example:443", "u@ai.example", "*.ai.example", "localhost", "127.0.0.1",
                    "[::1]", "ai.example.", "a b.example", "ai_1.example", "-a.example", "a..example", "x" * 64 + ".example", "ai.example?x"]:
            with self.subTest(bad=bad):
                self.vendor_invalid(self.put(bad), ["path", "host"])
                self.vendor_invalid(self.remove(bad), ["path", "host"])
        self.assertEqual(self.listed(), {})

    def test_platform_has_1_to_64_characters_and_no_control_characters(self):
        self.put("a.example", "ü" * 64, 201)
        for bad in ["", " ", "ü" * 65, None, 7, "a\nb", "a\u0000b", "a\u0085b"]:
            with self.subTest(bad=bad):
                self.vendor_invalid(self.put("b.example", bad), ["body", "platform"])
        self.vendor_invalid(self.acct.admin.put(self.acct.platforms("b.example"), {}), ["body", "platform"])

    def test_name_that_no_report_could_be_asked_for_is_422(self):
        for bad in ("a,b", ",", " ChatGPT ", "ChatGPT ", " ChatGPT", "a ,b"):
            with self.subTest(bad=bad):
                self.vendor_invalid(self.put("c.example", bad), ["body", "platform"])
        self.assertEqual(self.expect(self.put("c.example", "House Assistant"), 201).json()["platform"], "House Assistant")
        self.put("b.example", "House", 201, colour="red")

    def test_only_an_admin_of_the_account_changes_the_list(self):
        for client in (self.acct.viewer, self.acct.editor, self.acct.tracker):
            self.vendor_error(client.put(self.acct.platforms("a.example"), {"platform": "A"}), 403, "Required scope: admin")
            self.vendor_error(client.delete(self.acct.platforms("a.example")), 403, "Required scope: admin")
        other = Account()
        self.vendor_error(other.admin.put(self.acct.platforms("a.example"), {"platform": "A"}), 403)
        self.vendor_error(other.admin.delete(self.acct.platforms("a.example")), 403)
        self.vendor_error(other.admin.get(self.acct.platforms()), 403)

    def test_brands_do_not_see_each_others_entries(self):
        two = Account(brands=2)
        self.expect(two.admin.put(two.platforms("a.example"), {"platform": "A"}), 201)
        beside = f"/v1/{two.brand_ids[1]}/ai-referrals"
        link = self.expect(two.editor.post(f"{beside}/connections", {"website": "https://b.example", "provider": "custom"}), 201).json()
        row = {"date": DAY, "raw_referrer_value": "a.example", "raw_page_value": "/"}
        self.assertEqual(self.expect(two.editor.post(f"{beside}/connections/{link['id']}/events", [row]), 200).json()["rejected"], 1)
        self.assertNotIn("a.example", json.dumps(self.expect(two.viewer.get(f"{beside}/platforms"), 200).json()))
        self.vendor_error(two.admin.delete(f"{beside}/platforms/a.example"), 404)

    def test_brand_with_own_platforms_stays_with_its_account(self):
        acct = Account()
        self.expect(acct.admin.put(acct.platforms("a.example"), {"platform": "A"}), 201)
        refused = acct.operator.patch(f"/accounts/{acct.id}", {"brand_ids": []})
        self.assertIn("AI platforms", self.rules_error(refused, 409, "duplicate_entry")["message"])
        self.expect(acct.admin.delete(acct.platforms("a.example")), 200)
        self.expect(acct.operator.patch(f"/accounts/{acct.id}", {"brand_ids": []}), 200)

    def test_a_brand_has_at_most_1000_and_then_it_is_422(self):
        token = self.acct.admin.token  # made here: threads share no client

        def add(first):
            client = self.acct.program.client(token)
            for n in range(first, 1000, 8):
                self.expect(client.put(self.acct.platforms(f"h{n}.example"), {"platform": f"P{n}"}), 201)
        threads = [threading.Thread(target=add, args=(first,)) for first in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(self.listed()), 1000)
        faults = self.vendor_invalid(self.put("one-more.example"), ["path", "host"])
        self.assertEqual(faults[0]["type"], "max_entries_reached")
        self.assertIn("1000", faults[0]["msg"])
        self.put("h7.example", "Other", 200)
        self.assertEqual(self.push("h999.example", "h1000.example"), (1, 1))
        self.expect(self.remove("h7.example"), 200)
        self.put("one-more.example", "House", 201)

    def test_entries_outlive_a_kill(self):
        with Program() as program:
            acct = Account(program)
            link = acct.connection()
            self.expect(acct.admin.put(acct.platforms("a.example"), {"platform": "A"}), 201)
            self.expect(acct.admin.put(acct.platforms("b.example"), {"platform": "B"}), 201)
            self.expect(acct.admin.delete(acct.platforms("b.example")), 200)
            before = self.expect(acct.viewer.get(acct.platforms()), 200).json()
            program.kill()
            program.start()
            viewer, editor = program.client(acct.viewer.token), program.client(acct.editor.token)
            self.assertEqual(self.expect(viewer.get(acct.platforms()), 200).json(), before)
            rows = [{"date": DAY, "raw_referrer_value": value, "raw_page_value": "/"} for value in ("a.example", "b.example")]
            answer = self.expect(editor.post(acct.events(link), rows), 200).json()
            self.assertEqual((answer["accepted"], answer["rejected"]), (1, 1))
