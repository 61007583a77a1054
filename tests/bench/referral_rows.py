"""Rows of AI referrals for the benchmarks: the same ones in every run, from fixed seeds."""
import datetime
import json
import random

PLATFORM_REFERRERS = ("chatgpt.com", "https://www.perplexity.ai/", "claude.ai / referral", "gemini.google.com",
                      "copilot.microsoft.com / referral", "perplexity", "chat.deepseek.com", "grok.com", "meta.ai", "you.com",
                      "chat.mistral.ai", "poe.com", "https://chatgpt.com/c/1", "www.perplexity.ai / referral",
                      "android-app://com.openai.chatgpt", "CHATGPT.COM", "claude.ai", "gemini.google.com / referral",
                      "copilot.microsoft.com", "phind.com")
PAGES = 50_000
FIRST_DAY = datetime.date(2025, 1, 1)


def page(number: int) -> str:
    return f"https://www.shop.example/{('blog', 'rooms', 'shop', 'guides')[number % 4]}/item-{number:05d}/"


def day(number: int) -> str:
    return (FIRST_DAY + datetime.timedelta(days=number)).isoformat()


def rows(day_number: int, first: int, count: int, metric: int = 0, seed: int = 0) -> list:
    """`count` rows of a day with distinct keys, from the first-th of its (page, referrer) pairs on."""
    chance = random.Random(day_number * 1_000_003 + first + seed)
    out = []
    for place in range(first, first + count):
        # Steps through all pairs once: both numbers have no factor in common with 50,000 * 20.
        pair = (place * 700_001 + day_number * 7_919 + seed) % (PAGES * len(PLATFORM_REFERRERS))
        out.append({"date": day(day_number), "raw_referrer_value": PLATFORM_REFERRERS[pair % len(PLATFORM_REFERRERS)],
                    "raw_page_value": page(pair // len(PLATFORM_REFERRERS)), "pageviews": chance.randrange(1, 400) + metric,
                    "sessions": chance.randrange(1, 200), "transactions": chance.randrange(0, 3),
                    "purchase_revenue": chance.randrange(0, 100_000) / 100, "batch_id": f"day-{day_number}"})
    return out


def body(of: list) -> bytes:
    return json.dumps(of, separators=(",", ":")).encode()
