"""What AI assistants sent to three sites in 90 days: 8 % more each week, fewer at weekends, and half as many more
from the day on which assistants began to cite a guide.

One connection is up to date, one has been silent for three days, and of one the last push was refused in part.
"""
import datetime
import json
import random
from typing import NamedTuple

from .api import NDJSON, Api, Failure

DAYS, CITED_ON = 90, 47  # days from the first, which is 1
WEEKLY = 1.08
BY_WEEKDAY = (1.18, 1.2, 1.16, 1.12, 1.05, 0.66, 0.63)
TWICE = 5  # this batch of each connection came twice, as from a job that somebody started again
SO_FAR = 0.4  # how much of the last day has been counted
SESSIONS = 118.0  # expected on the first day
MEAN_ORDER, LOWEST_ORDER = 131_00, 39_00  # in cents
GUIDE = "/guides/madrid-with-children"
PLATFORMS = (("chatgpt.com", 0.55), ("perplexity.ai", 0.19), ("gemini.google.com", 0.13), ("copilot.microsoft.com", 0.08),
             ("claude.ai", 0.05))
CITING = {"chatgpt.com": 5.0, "perplexity.ai": 7.0, "claude.ai": 3.0}  # how many times as many open the guide
NOT_ON_THE_LIST = ("google.com", "(direct)", "bing.com", "facebook.com", "acme-hotels.example", "trivago.de", "(not set)", "t.co",
                   "duckduckgo.com", "newsletter", "tripadvisor.es", "kayak.es")


class Site(NamedTuple):
    website: str
    provider: str
    silent_days: int  # days without data up to the last
    pages: tuple  # path, share of sessions, conversions of a session


SITES = (
    Site("https://www.acme.example", "google_analytics", 0, (
        ("/", 0.13, 0.012), (GUIDE, 0.11, 0.014), ("/guides/where-to-stay-in-seville", 0.09, 0.013), ("/hotels/madrid-gran-via", 0.14, 0.024),
        ("/hotels/barcelona-born", 0.12, 0.026), ("/hotels/valencia-playa", 0.08, 0.022), ("/offers", 0.07, 0.030),
        ("/blog/dogs-welcome", 0.06, 0.006))),
    Site("https://shop.acme.example", "matomo", 3, (("/vouchers", 0.05, 0.035), ("/breakfast-basket", 0.03, 0.028))),
    Site("https://book.acme.example", "custom", 1, (("/rooms", 0.08, 0.045), ("/groups", 0.04, 0.010))),
)


class Row(NamedTuple):
    date: datetime.date
    referrer: str
    page: str
    pageviews: int
    sessions: int
    transactions: int
    cents: int

    def sent(self, batch_id: str) -> dict:
        return {"date": str(self.date), "raw_referrer_value": self.referrer, "raw_page_value": self.page, "pageviews": self.pageviews,
                "sessions": self.sessions, "transactions": self.transactions, "purchase_revenue": self.cents / 100, "batch_id": batch_id}


def rows_of(site: Site, seed: str, day: datetime.date) -> list:
    """The rows of a site up to `day`, the oldest first."""
    source = random.Random(f"{seed} {day} {site.website}")
    found = []
    for number in range(1, DAYS + 1 - site.silent_days):
        date = day - datetime.timedelta(days=DAYS - number)
        for page, share, rate in site.pages:
            for referrer, part in PLATFORMS:
                sessions = _rounded(source, _expected(number, date, page, referrer) * share * part * source.gauss(1, 0.12))
                if sessions:
                    found.append(_row(source, date, referrer, page, sessions, rate))
    return found


def _expected(number: int, date: datetime.date, page: str, referrer: str) -> float:
    """Sessions of a day, were there but one page and one platform."""
    sessions = SESSIONS * WEEKLY ** ((number - 1) / 7) * BY_WEEKDAY[date.weekday()]
    if number == DAYS:
        sessions *= SO_FAR
    if number >= CITED_ON:
        sessions *= CITING.get(referrer, 1.0) if page == GUIDE else 1.1
    return sessions


def _rounded(source: random.Random, value: float) -> int:
    """A whole number that is the value on average."""
    return max(0, int(value + source.random()))


def _row(source: random.Random, date, referrer: str, page: str, sessions: int, rate: float) -> Row:
    pageviews = sum(source.choices((1, 2, 3, 5, 8), (40, 28, 18, 10, 4), k=sessions))
    transactions = sum(source.random() < rate for _ in range(sessions))
    cents = sum(max(LOWEST_ORDER, round(source.gauss(MEAN_ORDER, 60_00))) for _ in range(transactions))
    return Row(date, referrer, page, pageviews, sessions, transactions, cents)


def batches_of(site: Site, rows: list, day: datetime.date) -> list:
    """(batch id, rows): by week, and by day within the last seven days, as a nightly job pushes them."""
    name, found = site.website.partition("//")[2].partition(".")[0], {}
    for row in rows:
        year, week, _ = row.date.isocalendar()
        is_late = (day - row.date).days < 7
        found.setdefault(f"{name}-{row.date}" if is_late else f"{name}-{year}-W{week:02}", []).append(row)
    return list(found.items())


def refused_rows(batch_id: str, day: datetime.date) -> list:
    """A whole report instead of that of AI assistants: none of these is on the list."""
    return [{"date": str(day), "raw_referrer_value": referrer, "raw_page_value": "/rooms", "pageviews": 3, "sessions": 2, "batch_id": batch_id}
            for referrer in NOT_ON_THE_LIST]


def push(api: Api, token: str, brand: int, seed: str, day: datetime.date) -> dict:
    """Registers the connections and pushes everything; what was sent, added up."""
    sent = dict.fromkeys(("rows", "pageviews", "sessions", "transactions", "cents", "refused"), 0)
    for site in SITES:
        at = f"/v1/{brand}/ai-referrals/connections"
        link = api.send(token, "POST", at, {"website": site.website, "provider": site.provider})["id"]
        rows = rows_of(site, seed, day)
        sent["rows"] += len(rows)
        sent["refused"] += _push_all(api, token, f"{at}/{link}/events", site, batches_of(site, rows, day))
        for name in ("pageviews", "sessions", "transactions", "cents"):
            sent[name] += sum(getattr(each, name) for each in rows)
    return sent


def _push_all(api: Api, token: str, path: str, site: Site, batches: list) -> int:
    """How many rows were refused."""
    refused = 0
    for number, (batch_id, rows) in enumerate(batches, 1):
        lines = [each.sent(batch_id) for each in rows]
        if number == len(batches) and site.provider == "custom":
            lines += refused_rows(batch_id, rows[-1].date)
        for _ in range(2 if number == TWICE else 1):
            told = api.send(token, "POST", path, "\n".join(map(json.dumps, lines)).encode(), form=NDJSON)
        if told["accepted"] != len(rows):
            raise Failure(f"of batch {batch_id} {told['accepted']} rows were accepted instead of {len(rows)}")
        refused += told["rejected"]
    return refused
