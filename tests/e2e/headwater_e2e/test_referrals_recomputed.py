"""A thousand random reports, each compared with what an independent reading of the log adds up to.

The log is read with `headwater log show` beside the running server: the model here knows nothing of
rollups, only that a batch's rows replace those with the same connection, date, referrer and page.
"""
import collections
import datetime
import json
import os
import random
import subprocess
import urllib.parse
from decimal import Decimal

from .case import Case
from .program import Program
from .world import Account

REPORTS = int(os.environ.get("HEADWATER_REPORTS", "1000"))
SEED = int(os.environ.get("HEADWATER_SEED", "20261121"))
METRICS = ("pageviews", "sessions", "transactions", "purchase_revenue")
FIRST, DAYS = datetime.date(2025, 3, 10), 400
REFERRERS = ("chatgpt.com", "CHATGPT.COM", "https://chatgpt.com/", "claude.ai / referral", "perplexity", "www.perplexity.ai",
             "gemini.google.com", "google.com", "(direct) / (none)")
PAGES = [f"/{section}/{number}" for section in ("blog", "shop", "a,\"b\"", "é") for number in range(12)]


def log_events(program) -> list:
    done = subprocess.run([program.binary, "log", "show", "--data", str(program.data)], capture_output=True, text=True, check=True)
    return [json.loads(line, parse_float=Decimal) for line in done.stdout.splitlines()]


class Model:
    """The rows as the log tells them."""

    def __init__(self, events):
        self.rows, self.disabled = {}, set()
        for event in events:
            header, part = event["header"], event["part"]
            stream, _, connection = header["stream"].partition("/")
            if stream != "connection":
                continue
            if header["type"] == "batch_received":
                for row in part["payload"]["rows"]:
                    self.rows[connection, row["date"], row["raw_referrer_value"], row["raw_page_value"]] = row
            elif header["type"] == "connection_disabled":
                self.disabled.add(connection)
            else:
                self.disabled.discard(connection)

    def report(self, query):
        groups, totals = collections.defaultdict(lambda: [None] * 4), [None] * 4
        for (connection, date, _, page), row in self.rows.items():
            if not (query["start"] <= date <= query["end"] and page.startswith(query["prefix"])):
                continue
            if query["platforms"] and row["platform"] not in query["platforms"]:
                continue
            if connection not in query["connections"] if query["connections"] else connection in self.disabled:
                continue
            day = datetime.date.fromisoformat(date)
            starts = {"date": day, "week": day - datetime.timedelta(days=day.weekday()), "month": day.replace(day=1)}
            values = {**{name: start.isoformat() for name, start in starts.items()}, "platform": row["platform"], "page": page,
                      "connection": connection}
            for sums in (groups[tuple((name, values[name]) for name in query["by"])], totals):
                for place, metric in enumerate(METRICS):
                    if metric in row:
                        sums[place] = (sums[place] or 0) + Decimal(row[metric])
        return dict(groups), totals


class Recomputed(Case):
    @classmethod
    def setUpClass(cls):
        cls.own = Program()
        cls.own.start()
        cls.acct = Account(cls.own)
        cls.chance = random.Random(SEED)
        cls.sites = [cls.acct.connection(f"https://site{number}.example") for number in range(4)]
        for _ in range(60):
            site = cls.chance.choice(cls.sites)
            response = cls.acct.editor.post(cls.acct.events(site), [cls.row() for _ in range(cls.chance.randrange(1, 120))])
            assert response.status == 200, str(response)
        response = cls.acct.editor.delete(f"/{cls.acct.brand}/ai-referrals/connections/{cls.sites[3]['id']}")
        assert response.status == 200, str(response)

    @classmethod
    def tearDownClass(cls):
        cls.own.close()

    def report(self, query: str):
        """A restart moves the program to another port."""
        viewer = self.own.client(self.acct.viewer.token)
        return self.expect(viewer.get(f"/{self.acct.brand}/ai-referrals?{query}"), 200)

    @classmethod
    def row(cls) -> dict:
        def amount(*choices):
            return cls.chance.choice((None, 0, *choices))
        # A narrow key, so that many rows replace others.
        date = FIRST + datetime.timedelta(days=cls.chance.choice((0, 30, 31, 200, cls.chance.randrange(DAYS))))
        return {"date": date.isoformat(), "raw_referrer_value": cls.chance.choice(REFERRERS), "raw_page_value": cls.chance.choice(PAGES),
                "pageviews": amount(1, 7, 2**53 - 1), "sessions": amount(1, 3), "transactions": amount(2),
                "purchase_revenue": amount(0.1, 19.990001, 1e12)}

    def random_query(self) -> dict:
        start = FIRST + datetime.timedelta(days=self.chance.randrange(-5, DAYS))
        by = [name for name in ("platform", "page", "connection") if self.chance.random() < 0.4]
        grain = self.chance.choice(("date", "week", "month", None))
        by = ([grain] if grain else []) + by or ["platform"]
        return {"start": start.isoformat(), "end": (start + datetime.timedelta(days=self.chance.randrange(366))).isoformat(), "by": by,
                "prefix": self.chance.choice(("", "", "/blog/", "/shop/1", "/é", "/none")),
                "platforms": self.chance.choice(([], [], ["ChatGPT"], ["Claude", "Perplexity"])),
                "connections": self.chance.choice(([], [], [self.sites[0]["id"]], [self.sites[3]["id"], self.sites[1]["id"]]))}

    def test_totals_and_groups_of_random_reports_are_those_of_the_log(self):
        model = Model(log_events(self.own))
        self.assertGreater(len(model.rows), 1000)
        for number in range(REPORTS):
            query = self.random_query()
            given = {"start_date": query["start"], "end_date": query["end"], "group_by": ",".join(query["by"]), "limit": "10000",
                     "page_prefix": query["prefix"], "platform": ",".join(query["platforms"]), "connection": ",".join(query["connections"])}
            with self.subTest(seed=SEED, number=number, query=query):
                got = self.report(urllib.parse.urlencode(given)).json()
                groups, totals = model.report(query)
                self.assertEqual([got["totals"][name] for name in METRICS], totals)
                self.assertEqual(got["total"], len(groups))
                shown = {tuple((name, row[name]) for name in query["by"]): [row[metric] for metric in METRICS] for row in got["rows"]}
                self.assertEqual(shown, groups)

    def test_rebuilt_tables_give_the_same_reports(self):
        queries = [f"start_date=2025-03-01&end_date=2026-02-28&limit=10000&group_by={by}"
                   for by in ("date,platform", "page", "month,page", "page,platform,connection")]
        before = [self.report(query).body for query in queries]
        self.own.stop()
        done = subprocess.run([self.own.binary, "log", "rebuild", "--data", str(self.own.data)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([line.split()[1] for line in done.stdout.splitlines()], ["directory", "referrals", "rows", "rollups", "usage", "Merkle"])
        self.own.start()
        self.assertEqual([self.report(query).body for query in queries], before)

    def test_one_stream_is_shown_with_the_bytes_that_are_hashed(self):
        import hashlib
        done = subprocess.run([self.own.binary, "log", "show", "--data", str(self.own.data), "--stream",
                               f"connection/{self.sites[0]['id']}"], capture_output=True, check=True)
        chain = bytes(32)
        lines = done.stdout.splitlines()
        self.assertGreater(len(lines), 3)
        for line in lines:
            event = json.loads(line)
            part = line[line.index(b',"part":') + 8:line.rindex(b',"salt":')]
            header = line[line.index(b'"header":') + 9:line.index(b',"part":')]
            chain = hashlib.sha256(chain + header).digest()
            self.assertEqual(event["chain"], chain.hex())
            self.assertEqual(event["header"]["payload_hash"], hashlib.sha256(bytes.fromhex(event["salt"]) + part).hexdigest())
