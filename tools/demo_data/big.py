"""10,000 rules in one import, for whoever wants to see how long lists behave."""
import json
import random

from .api import Api

RULES = 10_000
TOPICS = ("travel", "hotel", "beach", "city", "family", "spa", "golf", "wine", "hiking", "dive")
FORMS = ("blog", "magazine", "deals", "guide", "forum", "club")
LANDS = ("es", "com", "de", "fr", "it", "pt", "nl", "uk")


def rows(seed: str) -> list:
    source = random.Random(f"{seed} big")
    return [_row(source, number) for number in range(1, RULES + 1)]


def _row(source: random.Random, number: int) -> dict:
    topic, form, land = source.choice(TOPICS), source.choice(FORMS), source.choice(LANDS)
    name = f"{topic}-{form}-{number}"
    pattern, kind = source.choices(
        ((f"{name}-{land}.example", "exact"), (f".{name}-{land}.example", "ends_with"), (f"{name}.", "starts_with"), (name, "contains"),
         (rf"^{name}\.(com|{land})$", "regex")), (70, 15, 8, 6, 1))[0]
    return {"referrer_pattern": pattern, "match_type": kind, "utm_source": f"{topic}-{form}", "utm_medium": source.choice(("referral", "affiliate")),
            "label": f"{topic.capitalize()} {form} {number}", "description": f"Partner {number} of the list",
            "priority": source.choice((10, 50, 100)), "is_active": source.random() < 0.95}


def fill(api: Api, token: str, account: str, seed: str):
    query = {"account_id": account, "mode": "merge"}
    api.data(token, "POST", "/referrer-mappings/import", json.dumps(rows(seed)).encode(), query=query, form="application/json")
