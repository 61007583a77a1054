"""The read side of the referrals store: groups, filters, totals, windows and CSV."""
import csv
import datetime
import io
import json
import threading
import time
from decimal import Decimal

from .case import Case
from .program import Program
from .wire import Client, Connection
from .world import Account

TODAY = datetime.datetime.now(datetime.timezone.utc).date()


def row(date, referrer, page, views, revenue=None):
    return {"date": date, "raw_referrer_value": referrer, "raw_page_value": page, "pageviews": views, "sessions": 1,
            "purchase_revenue": revenue}


ROWS = [row("2026-05-17", "chatgpt.com", "/blog/a", 1, 1.5), row("2026-05-18", "chatgpt.com", "/blog/b", 2),
        row("2026-05-24", "perplexity.ai", "/blog/a", 4, 2.25), row("2026-05-25", "claude.ai", "/shop", 8),
        row("2026-06-01", "www.chatgpt.com", "/blog/a", 16, 0.25)]


class Reports(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.acct.connection("https://one.example")
        cls.second = cls.acct.connection("https://two.example")
        for connection, rows in ((cls.first, ROWS), (cls.second, [row("2026-05-18", "chatgpt.com", "/blog/b", 32)])):
            response = cls.acct.editor.post(cls.acct.events(connection), rows)
            assert response.status == 200, str(response)

    def get(self, client=None, accept=None, **query):
        query = {"start_date": "2026-05-01", "end_date": "2026-06-30", **query}
        text = "&".join(f"{name}={value}" for name, value in query.items() if value is not None)
        headers = {"Accept": accept} if accept else None
        return (client or self.acct.viewer).request("GET", f"/v1/{self.acct.brand}/ai-referrals?{text}", headers=headers)

    def report(self, **query):
        answer = self.expect(self.get(**query), 200).json()
        self.assertLessEqual({"rows", "totals", "total"}, set(answer))
        return answer

    def by(self, key, **query):
        return {str(item[key]): item["pageviews"] for item in self.report(group_by=key, **query)["rows"]}

    def test_groups_by_platform_page_connection_and_date(self):
        self.assertEqual(self.by("platform"), {"ChatGPT": 51, "Perplexity": 4, "Claude": 8})
        self.assertEqual(self.by("page"), {"/blog/a": 21, "/blog/b": 34, "/shop": 8})
        self.assertEqual(self.by("connection"), {self.first["id"]: 31, self.second["id"]: 32})
        self.assertEqual(self.by("date"), {"2026-05-17": 1, "2026-05-18": 34, "2026-05-24": 4, "2026-05-25": 8, "2026-06-01": 16})

    def test_groups_by_week_and_month(self):
        weeks = self.report(group_by="week")["rows"]
        self.assertEqual(sorted(item["pageviews"] for item in weeks), [1, 8, 16, 38])
        months = self.report(group_by="month")["rows"]
        self.assertEqual(sorted(item["pageviews"] for item in months), [16, 47])

    def test_groups_by_several_keys(self):
        rows = self.report(group_by="date,platform")["rows"]
        self.assertEqual(len(rows), 5)
        self.assertIn(("2026-05-24", "Perplexity", 4), [(r["date"], r["platform"], r["pageviews"]) for r in rows])

    def test_totals_are_over_everything_whatever_the_window(self):
        answer = self.report(group_by="platform", limit=1)
        self.assertEqual((len(answer["rows"]), answer["total"]), (1, 3))
        self.assertEqual((answer["totals"]["pageviews"], answer["totals"]["sessions"]), (63, 6))
        self.assertEqual(Decimal(str(answer["totals"]["purchase_revenue"])), Decimal("4"))

    def test_limit_and_offset_walk_through_all_rows(self):
        whole = self.report(group_by="date,platform,page,connection")["rows"]
        parts = [self.report(group_by="date,platform,page,connection", limit=2, offset=n)["rows"] for n in range(0, 8, 2)]
        self.assertEqual([item for part in parts for item in part], whole)

    def test_filters_narrow_rows_and_totals(self):
        self.assertEqual(self.by("platform", platform="ChatGPT"), {"ChatGPT": 51})
        self.assertEqual(self.by("platform", connection=self.second["id"]), {"ChatGPT": 32})
        self.assertEqual(self.by("page", page_prefix="/blog/"), {"/blog/a": 21, "/blog/b": 34})
        self.assertEqual(self.by("date", start_date="2026-05-18", end_date="2026-05-24"), {"2026-05-18": 34, "2026-05-24": 4})
        self.assertEqual(self.report(group_by="platform", platform="Claude")["totals"]["pageviews"], 8)

    def test_default_is_the_last_30_days(self):
        account = Account()
        connection = account.connection()
        days = {0: 1, 20: 2, 45: 4}
        rows = [row(str(TODAY - datetime.timedelta(days=ago)), "chatgpt.com", "/", views) for ago, views in days.items()]
        self.expect(account.editor.post(account.events(connection), rows), 200)
        answer = self.expect(account.viewer.get(f"/{account.brand}/ai-referrals"), 200).json()
        self.assertEqual(answer["totals"]["pageviews"], 3)

    def test_at_most_366_days(self):
        self.expect(self.get(group_by="platform", start_date="2025-07-01", end_date="2026-07-01"), 200)
        self.expect(self.get(group_by="platform", start_date="2025-06-30", end_date="2026-07-01"), 422)

    def test_bad_parameters_are_422_at_their_place(self):
        for name, value in [("start_date", "yesterday"), ("end_date", "2026-02-30"), ("group_by", "color"), ("limit", "x"),
                                          ("offset", "-1"), ("order_by", "color")]:
            with self.subTest(name=name, value=value):
                self.vendor_invalid(self.get(**{name: value}), ["query", name])
        self.expect(self.get(start_date="2026-06-02", end_date="2026-06-01"), 422)

    def test_brand_id_must_be_an_integer(self):
        self.vendor_invalid(self.acct.viewer.get("/v1/x/ai-referrals"), ["path", "brand_id"])

    def test_csv_on_request(self):
        response = self.expect(self.get(group_by="platform", accept="text/csv"), 200)
        self.assertEqual(response.header("Content-Type", "").split(";")[0], "text/csv")
        self.assertRegex(response.header("Content-Disposition"), r'^attachment; filename="ai-referrals-\d+\.csv"$')
        self.assertIsNone(self.get(group_by="platform").header("Content-Disposition"))
        rows = list(csv.DictReader(io.StringIO(response.body.decode())))
        self.assertEqual({r["platform"]: r["pageviews"] for r in rows}, {"ChatGPT": "51", "Perplexity": "4", "Claude": "8"})

    def test_csv_is_answered_where_its_quality_is_not_below_that_of_json(self):
        for accept, wanted in [("text/csv", "csv"), ("TEXT/CSV;charset=utf-8;q=0.3", "csv"), ("text/csv;q=0", "json"), ("text/csv; q=0.000, */*;q=0.1", "json"),
                               ("text/csv;q=0.5, application/json", "json"), ("application/json;q=0.5, text/csv;q=0.6", "csv"),
                               ("application/json, text/csv", "csv"), ("text/csv;q=0.5, */*", "json"), ("text/html, text/csv, */*;q=0.8", "csv"),
                               ("*/*", "json"), ("text/*", "csv"), ("text/*, application/json", "json"), ("application/json;q=0, */*", "csv"),
                               ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "json"), ("text/csv;q=x", "json"), ("text/csvx", "json"),
                               ("text/csv;title=\"a, application/json\";q=0.5", "csv"), (",,", "json"), ("image/png", "json")]:
            with self.subTest(accept=accept):
                response = self.expect(self.get(group_by="platform", accept=accept), 200)
                kind = "text/csv" if wanted == "csv" else "application/json"
                self.assertEqual(response.header("Content-Type", "").split(";")[0], kind)

    def test_empty_report_has_no_rows(self):
        answer = self.report(group_by="platform", start_date="2024-01-01", end_date="2024-01-31")
        self.assertEqual((answer["rows"], answer["total"]), ([], 0))

    def test_report_of_another_brand_is_out_of_reach(self):
        self.vendor_error(self.get(client=Account().admin), 403)

    def test_order_can_be_chosen_by_a_metric(self):
        rows = self.report(group_by="platform", order_by="-pageviews")["rows"]
        self.assertEqual([r["platform"] for r in rows], ["ChatGPT", "Claude", "Perplexity"])

    def test_order_takes_a_period_by_the_name_of_its_column(self):
        for period in ("date", "week", "month"):
            with self.subTest(period=period):
                whole = self.report(group_by=period)["rows"]
                self.assertIn(period, whole[0])
                down = [r[period] for r in self.report(group_by=period, order_by=f"-{period}")["rows"]]
                self.assertEqual(down, sorted((r[period] for r in whole), reverse=True))
                self.assertEqual([r[period] for r in self.report(group_by=period, order_by="-date")["rows"]], down)
        for group, order in (("date", "week"), ("week", "month"), ("month", "week"), ("platform", "week")):
            with self.subTest(group=group, order=order):
                self.vendor_invalid(self.get(group_by=group, order_by=order), ["query", "order_by"])

    def test_order_takes_each_column_once(self):
        self.report(group_by="week,platform", order_by="-pageviews,week,platform")
        for group, order in (("platform", "platform,platform"), ("platform", "pageviews,-pageviews"), ("week", "week,date"),
                             ("platform", ",".join(["sessions"] * 1000))):
            with self.subTest(order=order[:40]):
                self.assertEqual(len(self.vendor_invalid(self.get(group_by=group, order_by=order), ["query", "order_by"])), 1)
        self.vendor_invalid(self.get(group_by="platform", order_by="sessions&order_by=sessions"), ["query", "order_by"])


class BusyReports(Case):
    """Many large reports at once, and little patience."""

    def test_report_that_takes_too_long_is_503(self):
        with Program() as own:
            acct = Account(own)
            connection = acct.connection()
            for part in range(8):
                rows = [row("2026-05-17", "chatgpt.com", f"/{part}/{page}", 1) for page in range(10_000)]
                self.expect(acct.editor.post(acct.events(connection), rows), 200)
            token = acct.viewer.token
            self.assertEqual(own.stop(), 0)
            own.flags += ["--command-timeout", "0.001"]  # noticed four times a second
            own.start()
            path = f"/v1/{acct.brand}/ai-referrals?start_date=2026-05-01&end_date=2026-05-31&group_by=date,page&limit=1"
            answers = []

            def ask():
                client = own.client(token, timeout=60)
                answers.extend(client.get(path) for _ in range(4))
            threads = [threading.Thread(target=ask) for _ in range(24)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            busy = [answer for answer in answers if answer.status != 200]
            self.assertEqual(len(answers), 96)
            self.assertTrue(busy, "every report was in time")
            for answer in busy:
                self.vendor_error(answer, 503)
                self.assertRegex(answer.header("Retry-After", ""), r"^\d+$")


class UnderLoad(Case):
    def test_a_batch_is_in_a_report_whole_or_not_at_all(self):
        rows, sums = 2000, {"page": set(), "page,platform": set(), "date,page": set(), "platform": set()}
        connection = self.acct.connection("https://whole.example")
        pusher = self.acct.editor
        batches = [json.dumps([row("2026-05-17", "chatgpt.com", f"/page/{n}", views) for n in range(rows)]).encode() for views in (1, 2)]
        ended = threading.Event()

        def push():
            client = Client(pusher.address, pusher.token)
            while not ended.is_set():
                for batch in batches:
                    assert client.post(self.acct.events(connection), batch).status == 200

        path = f"/v1/{self.acct.brand}/ai-referrals?start_date=2026-05-01&end_date=2026-06-30&group_by="
        self.assertEqual(pusher.post(self.acct.events(connection), batches[0]).status, 200)
        worker = threading.Thread(target=push)
        worker.start()
        try:
            end = time.monotonic() + 4
            while time.monotonic() < end:
                for group in sums:
                    sums[group].add(self.expect(self.acct.viewer.get(path + group), 200).json()["totals"]["pageviews"])
        finally:
            ended.set()
            worker.join()
        for group, seen in sums.items():
            with self.subTest(group_by=group):
                self.assertLessEqual(seen, {rows, 2 * rows})

    def test_reports_of_one_account_leave_another_its_turn(self):
        with Program("--report-readers", "1") as program:
            busy, other = Account(program), Account(program)
            connection = busy.connection("https://busy.example")
            for day in range(1, 21):
                batch = [row(f"2026-05-{day:02}", "chatgpt.com", f"/page/{n}", 1) for n in range(5000)]
                self.expect(busy.editor.post(busy.events(connection), batch), 200)
            path = "/ai-referrals?start_date=2026-05-01&end_date=2026-05-31&group_by=date,page&limit=1"
            viewer, ended = busy.viewer, threading.Event()
            statuses = []

            def ask():
                client = Client(viewer.address, viewer.token, 60)
                while not ended.is_set():
                    statuses.append(client.get(f"/v1/{busy.brand}{path}").status)

            workers = [threading.Thread(target=ask) for _ in range(40)]
            for worker in workers:
                worker.start()
            try:
                time.sleep(1)
                spent = []
                for _ in range(3):
                    began = time.monotonic()
                    self.expect(other.viewer.get(f"/v1/{other.brand}{path}"), 200)
                    spent.append(time.monotonic() - began)
            finally:
                ended.set()
                for worker in workers:
                    worker.join()
            self.assertLessEqual(set(statuses), {200, 503})
            # One report of the other account may be under way, not forty.
            one = 20 * 5000 * 10e-6
            self.assertLess(max(spent), 2 + 3 * one, statuses)

    def test_large_answers_and_bodies_have_a_share_of_memory_each(self):
        with Program("--max-answer-memory", "400000", "--max-body-memory", "4000000") as program:
            acct = Account(program)
            connection = acct.connection("https://large.example")
            long_page = "/" + "x" * 2000
            for part in range(2):
                batch = [row("2026-05-17", "chatgpt.com", f"{long_page}{part}-{n}", 1) for n in range(100)]
                self.expect(acct.editor.post(acct.events(connection), batch), 200)
            path = f"/v1/{acct.brand}/ai-referrals?start_date=2026-05-01&end_date=2026-05-31&group_by=page&limit="
            self.expect(acct.viewer.get(path + "60"), 200)
            refused = self.vendor_invalid(acct.viewer.get(path + "200"), ("query",))
            self.assertIn("one account may have 200000", refused[0]["msg"])
            # Uploads that stop in the middle hold what has come; an account has half of it all.
            head = (f"POST {acct.events(connection)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {acct.editor.token}\r\n"
                    "Content-Length: 1500000\r\n\r\n").encode()
            with Connection(program.address) as first, Connection(program.address) as second:
                first.send(head + b"[" + b" " * 1_200_000)
                time.sleep(0.5)
                second.send(head + b"[" + b" " * 1_200_000)
                answer = second.read_response()
                self.assertEqual(answer.status, 503, f"\n{answer}")
                other = Account(program)
                batch = json.dumps([row("2026-05-17", "chatgpt.com", f"{long_page}{n}", 1) for n in range(100)]).encode()
                theirs = other.connection("https://other.example")
                self.expect(other.editor.post(other.events(theirs), batch), 200)
