"""Which raw referrer values are AI platforms, in whatever shape a tool emits them."""
import json
import unittest

from . import corpora
from .case import Case
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

    def test_every_host_of_the_shipped_list_is_its_platform(self):
        listed = corpora.ai_platforms()
        if not listed:
            raise unittest.SkipTest("no ai-platforms corpus")
        hosts = [(host, name) for name, found in listed.items() for host in found]
        answer = self.push([host for host, _ in hosts])
        self.assertEqual((answer["accepted"], answer["rejected"]), (len(hosts), 0), answer["errors"])
        self.assertEqual(self.counted(), {name: len(found) for name, found in listed.items()})
