"""Every statement of push-ai-referrals-events.txt; tests/README.md says which test is for which line."""
from .case import ULID, Case
from .world import Account

EXAMPLE = [{"date": "2026-05-20", "raw_referrer_value": "chatgpt.com", "raw_page_value": "/blog/launch-notes",
            "pageviews": 1, "sessions": 1, "transactions": 1, "purchase_revenue": 1, "batch_id": "<string>"}]
ROW = {"date": "2026-05-20", "raw_referrer_value": "chatgpt.com", "raw_page_value": "/p"}


class ReferencePush(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection = cls.acct.connection()

    def push(self, rows, client=None, **headers):
        return (client or self.acct.editor).post(self.acct.events(self.connection), rows, headers or None)

    def field(self, name, value):
        return self.push([{**ROW, name: value}])

    def without(self, name):
        return self.push([{key: value for key, value in ROW.items() if key != name}])

    def accepted(self, response, count=1):
        answer = self.expect(response, 200).json()
        self.assertEqual((answer["accepted"], answer["rejected"], answer["errors"]), (count, 0, []), f"\n{response}")

    def test_example_of_the_document_is_accepted(self):
        self.accepted(self.push(EXAMPLE))

    def test_path_serves_with_and_without_the_version_prefix(self):
        tail = self.acct.events(self.connection).removeprefix("/v1")
        for prefix in ["/v1", ""]:
            with self.subTest(prefix=prefix):
                self.accepted(self.acct.editor.post(prefix + tail, EXAMPLE))

    def test_answer_counts_accepted_and_rejected_and_lists_errors(self):
        answer = self.expect(self.push(EXAMPLE), 200).json()
        self.assertEqual(set(answer), {"accepted", "rejected", "errors", "deduplicated"})
        self.assertIs(type(answer["accepted"]), int)
        self.assertIs(type(answer["rejected"]), int)
        self.assertIs(type(answer["errors"]), list)

    def test_bearer_token_is_required(self):
        anonymous = self.program.client(None)
        response = self.push(EXAMPLE, anonymous)
        self.vendor_error(response, 401, "Authentication required")
        self.assertEqual(response.header("WWW-Authenticate", "").split()[0], "Bearer")
        self.vendor_error(self.push(EXAMPLE, self.program.client("wrong" * 8)), 401, "Invalid API key")

    def test_brand_id_is_an_integer(self):
        for bad in ["abc", "1.5", "1e3", "0x1", "%31x"]:
            with self.subTest(bad=bad):
                path = f"/v1/{bad}/ai-referrals/connections/{self.connection['id']}/events"
                self.vendor_invalid(self.acct.editor.post(path, EXAMPLE), ["path", "brand_id"])

    def test_connection_id_is_a_ulid(self):
        self.assertRegex(self.connection["id"], ULID)
        for bad in ["7", "x" * 26, "01J", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ"]:
            with self.subTest(bad=bad):
                self.vendor_error(self.acct.editor.post(self.acct.connections(bad, "/events"), EXAMPLE), 404)

    def test_unknown_connection_is_404(self):
        path = self.acct.connections("01ARZ3NDEKTSV4RRFFQ69G5FAV", "/events")
        self.vendor_error(self.acct.editor.post(path, EXAMPLE), 404)

    def test_date_is_required(self):
        self.vendor_invalid(self.without("date"), ["body", 0, "date"])

    def test_date_is_a_calendar_day(self):
        for bad in ["2026-02-30", "2026-13-01", "20.05.2026", "2026-5-20", "", None, 20260520,
                                  "2026-05-20T00:00:00Z", " 2026-05-20", "2025-02-29"]:
            with self.subTest(bad=bad):
                self.vendor_invalid(self.field("date", bad), ["body", 0, "date"])
        self.accepted(self.field("date", "2024-02-29"))

    def test_raw_referrer_value_is_required(self):
        self.vendor_invalid(self.without("raw_referrer_value"), ["body", 0, "raw_referrer_value"])

    def test_raw_referrer_value_has_1_to_512_characters(self):
        for bad in ["", "x" * 513, None, 7]:
            with self.subTest(bad=bad):
                self.vendor_invalid(self.field("raw_referrer_value", bad), ["body", 0, "raw_referrer_value"])
        longest = "https://chatgpt.com/" + "ü" * 492
        self.assertEqual(len(longest), 512)
        self.accepted(self.field("raw_referrer_value", longest))

    def test_raw_referrer_value_is_normalised_against_the_allow_list(self):
        answer = self.expect(self.push([{**ROW, "raw_referrer_value": "https://WWW.ChatGPT.com/c/1"},
                                        {**ROW, "raw_referrer_value": "google.com"}]), 200).json()
        self.assertEqual((answer["accepted"], answer["rejected"]), (1, 1))

    def test_raw_page_value_is_required(self):
        self.vendor_invalid(self.without("raw_page_value"), ["body", 0, "raw_page_value"])

    def test_raw_page_value_has_1_to_2048_characters(self):
        for bad in ["", "x" * 2049, None, []]:
            with self.subTest(bad=bad):
                self.vendor_invalid(self.field("raw_page_value", bad), ["body", 0, "raw_page_value"])
        self.accepted(self.field("raw_page_value", "é" * 2048))

    def test_page_may_be_a_path_or_a_name(self):
        self.accepted(self.push([{**ROW, "raw_page_value": "/blog/launch-notes"},
                                 {**ROW, "raw_page_value": "home : checkout | step 2"}]), 2)

    def test_metrics_are_integers_from_0_or_null_or_absent(self):
        for name in ["pageviews", "sessions", "transactions"]:
            with self.subTest(name=name):
                for good in (0, 1, 2**31, None):
                    self.accepted(self.field(name, good))
                for bad in (-1, 1.5, "1", True, [], {}):
                    self.vendor_invalid(self.field(name, bad), ["body", 0, name])
        self.accepted(self.push([ROW]))

    def test_revenue_is_a_number_from_0_or_null_or_absent(self):
        for good in [0, 1, 19.99, 1e3, None]:
            with self.subTest(good=good):
                self.accepted(self.field("purchase_revenue", good))
        for bad in [-0.01, -1, "19.99", True, [], 9.1e12]:
            with self.subTest(bad=bad):
                self.vendor_invalid(self.field("purchase_revenue", bad), ["body", 0, "purchase_revenue"])

    def test_batch_id_is_optional_with_at_most_128_characters(self):
        for good in [None, "", "b", "ü" * 128]:
            with self.subTest(good=good):
                self.accepted(self.field("batch_id", good))
        for bad in ["x" * 129, 5, True]:
            with self.subTest(bad=bad):
                self.vendor_invalid(self.field("batch_id", bad), ["body", 0, "batch_id"])

    def test_rejected_rows_have_diagnostics_that_name_them(self):
        rows = [ROW, {**ROW, "raw_referrer_value": "google.com"}, ROW, {**ROW, "raw_referrer_value": "bing.com"}]
        answer = self.expect(self.push(rows), 200).json()
        self.assertEqual((answer["accepted"], answer["rejected"], len(answer["errors"])), (2, 2, 2))
        self.assertIn("1", answer["errors"][0])
        self.assertIn("3", answer["errors"][1])

    def test_diagnostics_are_truncated(self):
        rows = [{**ROW, "raw_referrer_value": f"{'x' * 490}{n}.test"} for n in range(30)]
        answer = self.expect(self.push(rows), 200).json()
        self.assertEqual((answer["accepted"], answer["rejected"], len(answer["errors"])), (0, 30, 20))
        self.assertTrue(all(0 < len(text) <= 200 for text in answer["errors"]), answer["errors"])

    def test_body_is_an_array(self):
        self.vendor_error(self.push(EXAMPLE[0]), 400)

    def test_write_scope_is_required(self):
        for role in ["viewer", "tracker"]:
            with self.subTest(role=role):
                self.vendor_error(self.push(EXAMPLE, self.acct.client(role)), 403, "Required scope: write")

    def test_accepted_events_are_in_the_unified_referrals_store(self):
        fresh = Account()
        connection = fresh.connection()
        self.expect(fresh.editor.post(fresh.events(connection), EXAMPLE), 200)
        report = self.expect(fresh.viewer.get(f"/v1/{fresh.brand}/ai-referrals?start_date=2026-05-20"
                                              "&end_date=2026-05-20&group_by=platform"), 200).json()
        self.assertEqual(len(report["rows"]), 1)
        self.assertEqual(report["rows"][0]["platform"], "ChatGPT")
        self.assertEqual(report["totals"]["pageviews"], 1)
