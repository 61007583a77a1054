"""The read side of the referrals store: groups, filters, totals, windows and CSV."""
import csv
import datetime
import io
from decimal import Decimal

from .case import Case
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
        rows = list(csv.DictReader(io.StringIO(response.body.decode())))
        self.assertEqual({r["platform"]: r["pageviews"] for r in rows}, {"ChatGPT": "51", "Perplexity": "4", "Claude": "8"})

    def test_empty_report_has_no_rows(self):
        answer = self.report(group_by="platform", start_date="2024-01-01", end_date="2024-01-31")
        self.assertEqual((answer["rows"], answer["total"]), ([], 0))

    def test_report_of_another_brand_is_out_of_reach(self):
        self.vendor_error(self.get(client=Account().admin), 403)

    def test_order_can_be_chosen_by_a_metric(self):
        rows = self.report(group_by="platform", order_by="-pageviews")["rows"]
        self.assertEqual([r["platform"] for r in rows], ["ChatGPT", "Claude", "Perplexity"])
