"""Pushing batches: forms of the body, limits, faults, replacement, deduplication, exact revenue."""
import datetime
import json
from decimal import Decimal

from .case import Case
from .world import Account

DAY = "2026-05-20"
ROW = {"date": DAY, "raw_referrer_value": "chatgpt.com", "raw_page_value": "/"}
NDJSON = {"Content-Type": "application/x-ndjson"}


def page(number, **fields):
    return {**ROW, "raw_page_value": f"/p{number}", **fields}


class Pushing(Case):
    def setUp(self):
        self.connection = self.fresh()

    def fresh(self):
        self.acct = Account()
        return self.acct.connection()

    def push(self, body, headers=None):
        return self.acct.editor.post(self.acct.events(self.connection), body, headers)

    def counts(self, body, headers=None):
        answer = self.expect(self.push(body, headers), 200).json()
        self.assertEqual(set(answer), {"accepted", "rejected", "errors", "deduplicated"})
        return answer["accepted"], answer["rejected"], answer["deduplicated"]

    def totals(self):
        path = f"/v1/{self.acct.brand}/ai-referrals?start_date={DAY}&end_date={DAY}&group_by=platform"
        return self.expect(self.acct.viewer.get(path), 200).json()["totals"]

    def revenue(self) -> Decimal:
        return Decimal(str(self.totals()["purchase_revenue"]))


class Forms(Pushing):
    def test_ndjson_skips_blank_lines_and_takes_crlf_and_a_missing_newline(self):
        rows = [json.dumps(page(n, pageviews=1)) for n in range(4)]
        text = f"\n{rows[0]}\r\n\r\n{rows[1]}\n   \n{rows[2]}\n\n\n{rows[3]}"
        self.assertEqual(self.counts(text, NDJSON), (4, 0, 0))
        self.assertEqual(self.totals()["pageviews"], 4)

    def test_first_byte_decides_without_a_content_type(self):
        rows = [page(n) for n in range(2)]
        self.assertEqual(self.counts(json.dumps(rows), {"Content-Type": None}), (2, 0, 0))
        self.assertEqual(self.counts("\n".join(map(json.dumps, rows)), {"Content-Type": None}), (2, 0, 2))

    def test_quiet_day_is_an_empty_array(self):
        self.assertEqual(self.counts("[]"), (0, 0, 0))
        self.assertEqual(self.counts(" [ ] "), (0, 0, 0))

    def test_what_is_not_a_json_array_is_400(self):
        for body in ["", " ", "{", "[", "[{}", "[]]", json.dumps(ROW), "null", '"x"', "7", f"[{json.dumps(ROW)},]",
                                   b'[{"date":"\xff"}]']:
            with self.subTest(body=body):
                self.vendor_error(self.push(body), 400)

    def test_broken_or_empty_ndjson_is_400(self):
        for body in ["", "\n\n", json.dumps(ROW) + "\n{", json.dumps(ROW) + json.dumps(ROW)]:
            with self.subTest(body=body):
                self.vendor_error(self.push(body, NDJSON), 400)

    def test_array_in_chunks_of_any_size_is_read(self):
        body = json.dumps([page(n) for n in range(5)]).encode()
        head = (f"POST {self.acct.events(self.connection)} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.acct.editor.token}\r\n"
                "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n").encode()
        with self.program.connect() as connection:
            connection.send(head + b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n")
            self.assertEqual(self.expect(connection.read_response(), 200).json()["accepted"], 5)


class Limits(Pushing):
    def test_ten_thousand_rows_are_fine_and_one_more_is_413(self):
        rows = [page(n) for n in range(10_000)]
        self.assertEqual(self.counts(rows), (10_000, 0, 0))
        self.vendor_error(self.push(rows + [page(10_000)]), 413)
        text = "\n".join(map(json.dumps, rows + [page(10_000)]))
        self.vendor_error(self.push(text, NDJSON), 413)

    def test_more_than_5_mib_is_413(self):
        body = "[" + json.dumps(ROW)[:-1] + ',"pad":"' + "x" * (5 << 20) + '"}]'
        self.vendor_error(self.push(body), 413)

    def test_more_than_1_mib_is_fine(self):
        rows = [page("x" * 1000 + str(n)) for n in range(3000)]
        self.assertEqual(self.counts(rows), (3000, 0, 0))


class Faults(Pushing):
    def test_bad_row_refuses_the_whole_request(self):
        rows = [page(0), page(1, pageviews=-1), page(2)]
        self.vendor_invalid(self.push(rows), ["body", 1, "pageviews"])
        self.assertFalse(self.totals()["pageviews"])
        self.assertEqual(self.counts([page(0), page(2)]), (2, 0, 0))

    def test_each_fault_has_its_place(self):
        rows = [page(0, sessions="x"), page(1), {"raw_page_value": "/"}, page(3, batch_id=7, date="2026-02-31")]
        self.vendor_invalid(self.push(rows), ["body", 0, "sessions"], ["body", 2, "date"], ["body", 2, "raw_referrer_value"],
                            ["body", 3, "batch_id"], ["body", 3, "date"])

    def test_row_that_is_no_object_is_422(self):
        for bad in [7, None, "x", [], True]:
            with self.subTest(bad=bad):
                self.vendor_invalid(self.push([page(0), bad]), ["body", 1])

    def test_duplicate_keys_of_a_row_are_422(self):
        text = '[%s,{"date":"%s","raw_referrer_value":"chatgpt.com","raw_page_value":"/","pageviews":1,"pageviews":2}]' % (json.dumps(ROW), DAY)
        detail = self.vendor_invalid(self.push(text))
        self.assertEqual(detail[0]["loc"][:2], ["body", 1])

    def test_first_100_faults_are_named(self):
        detail = self.vendor_invalid(self.push([page(n, pageviews=-1) for n in range(150)]))
        self.assertEqual([fault["loc"] for fault in detail], [["body", n, "pageviews"] for n in range(100)])

    def test_rows_of_ndjson_are_counted_from_0_too(self):
        text = "\n".join(json.dumps(row) for row in (page(0), page(1, pageviews=-1)))
        self.vendor_invalid(self.push(text, NDJSON), ["body", 1, "pageviews"])

    def test_unknown_fields_of_a_row_are_ignored(self):
        self.assertEqual(self.counts([page(0, color="red", nested={"x": [1]})]), (1, 0, 0))

    def test_number_out_of_range_is_422(self):
        for text in ['"pageviews":1e400', '"purchase_revenue":1e400', '"pageviews":99999999999999999999']:
            with self.subTest(text=text):
                body = '[{"date":"%s","raw_referrer_value":"chatgpt.com","raw_page_value":"/",%s}]' % (DAY, text)
                self.expect(self.push(body), 422)

    def test_whole_numbers_with_a_fraction_of_zero_are_integers(self):
        body = '[{"date":"%s","raw_referrer_value":"chatgpt.com","raw_page_value":"/","pageviews":7.0}]' % DAY
        self.assertEqual(self.counts(body), (1, 0, 0))
        self.assertEqual(self.totals()["pageviews"], 7)

    def test_date_after_tomorrow_rejects_the_row_and_not_the_request(self):
        today = datetime.datetime.now(datetime.timezone.utc).date()
        tomorrow, later = (str(today + datetime.timedelta(days=n)) for n in (1, 3))
        answer = self.expect(self.push([{**ROW, "date": tomorrow}, {**ROW, "date": later}]), 200).json()
        self.assertEqual((answer["accepted"], answer["rejected"], len(answer["errors"])), (1, 1, 1))
        self.assertIn("1", answer["errors"][0])

    def test_nul_is_422_and_other_control_characters_of_rows_are_kept(self):
        self.vendor_invalid(self.push([{**ROW, "raw_page_value": "a\u0000b"}]), ["body", 0, "raw_page_value"])
        self.assertEqual(self.counts([{**ROW, "raw_page_value": "a\tb\u0007"}]), (1, 0, 0))

    def test_accepted_and_rejected_add_up(self):
        rows = [page(n, raw_referrer_value="chatgpt.com" if n % 3 else "google.com") for n in range(300)]
        accepted, rejected, _ = self.counts(rows)
        self.assertEqual((accepted, rejected), (200, 100))


class Replacement(Pushing):
    def test_resending_a_whole_batch_changes_nothing(self):
        rows = [page(n, pageviews=n, purchase_revenue=1.5) for n in range(20)]
        self.assertEqual(self.counts(rows), (20, 0, 0))
        before = self.totals()
        self.assertEqual(self.counts(rows), (20, 0, 20))
        self.assertEqual(self.totals(), before)

    def test_row_sent_again_replaces_all_metrics_together(self):
        self.assertEqual(self.counts([page(0, pageviews=5, sessions=3, transactions=2, purchase_revenue=9.5)]), (1, 0, 0))
        self.assertEqual(self.counts([page(0, pageviews=7)]), (1, 0, 0))
        totals = self.totals()
        self.assertEqual(totals["pageviews"], 7)
        self.assertFalse(totals["sessions"])
        self.assertFalse(totals["transactions"])
        self.assertFalse(Decimal(str(totals["purchase_revenue"] or 0)))

    def test_key_is_connection_date_referrer_and_page(self):
        rows = [page(0, pageviews=1), page(1, pageviews=1), {**page(0, pageviews=1), "date": "2026-05-19"},
                {**page(0, pageviews=1), "raw_referrer_value": "www.chatgpt.com"}]
        self.assertEqual(self.counts(rows), (4, 0, 0))
        self.assertEqual(self.totals()["pageviews"], 3)  # one of the four is of the day before
        other = self.acct.connection("https://other.example")
        answer = self.expect(self.acct.editor.post(self.acct.events(other), [page(0, pageviews=1)]), 200).json()
        self.assertEqual(answer["deduplicated"], 0)
        self.assertEqual(self.totals()["pageviews"], 4)

    def test_null_is_distinct_from_0(self):
        self.assertEqual(self.counts([page(0, pageviews=None)]), (1, 0, 0))
        self.assertEqual(self.counts([page(0, pageviews=0)]), (1, 0, 0))
        self.assertEqual(self.counts([page(0, pageviews=0)]), (1, 0, 1))
        self.assertEqual(self.counts([page(0)]), (1, 0, 0))
        self.assertEqual(self.counts([page(0, pageviews=None)]), (1, 0, 1))

    def test_batch_id_is_no_part_of_the_comparison(self):
        self.assertEqual(self.counts([page(0, pageviews=1, batch_id="a")]), (1, 0, 0))
        self.assertEqual(self.counts([page(0, pageviews=1, batch_id="b")]), (1, 0, 1))

    def test_later_row_of_the_same_batch_wins(self):
        self.assertEqual(self.counts([page(0, pageviews=1), page(1, pageviews=1), page(0, pageviews=9)]), (3, 0, 1))
        self.assertEqual(self.totals()["pageviews"], 10)
        self.assertEqual(self.counts([page(0, pageviews=9)]), (1, 0, 1))

    def test_equal_revenue_written_differently_is_the_same(self):
        self.assertEqual(self.counts([page(0, purchase_revenue=10)]), (1, 0, 0))
        body = '[{"date":"%s","raw_referrer_value":"chatgpt.com","raw_page_value":"/p0","purchase_revenue":1.0000e1}]' % DAY
        self.assertEqual(self.counts(body), (1, 0, 1))


class Revenue(Pushing):
    def push_amounts(self, *texts):
        rows = ['{"date":"%s","raw_referrer_value":"chatgpt.com","raw_page_value":"/r%d","purchase_revenue":%s}' % (DAY, n, text)
                for n, text in enumerate(texts)]
        self.assertEqual(self.counts("[" + ",".join(rows) + "]")[:2], (len(texts), 0))

    def test_single_amounts_are_kept_to_six_decimals_half_to_even(self):
        for text, kept in (("0.1", "0.1"), ("19.990000000000002", "19.99"), ("0.0000005", "0"), ("0.0000015", "0.000002"),
                           ("0.0000025", "0.000002"), ("0.00000050000001", "0.000001"), ("1E2", "100"), ("1e-6", "0.000001"),
                           ("0.1234565000000000000001", "0.123457"), ("8999999999999.999999", "8999999999999.999999"),
                           ("9e12", "9000000000000"), ("0e999999", "0"), ("123456789.123456", "123456789.123456"),
                           ("0." + "0" * 300 + "1", "0"), ("12345678" + "0" * 5 + "e-5", "12345678")):
            with self.subTest(sent=text):
                self.connection = self.fresh()
                self.push_amounts(text)
                self.assertEqual(self.revenue(), Decimal(kept))

    def test_sums_are_exact(self):
        self.push_amounts("0.1", "0.2", "0.3", "1000000000000.000001", "2000000000000.000001")
        self.assertEqual(self.revenue(), Decimal("3000000000000.600002"))

    def test_thousand_dimes_are_a_hundred(self):
        self.push_amounts(*["0.1"] * 1000)
        self.assertEqual(self.revenue(), Decimal(100))

    def test_more_than_9e12_is_422(self):
        for text in ["9000000000000.000001", "9.1e12", "1e300"]:
            with self.subTest(text=text):
                body = '[{"date":"%s","raw_referrer_value":"chatgpt.com","raw_page_value":"/","purchase_revenue":%s}]' % (DAY, text)
                self.vendor_invalid(self.push(body), ["body", 0, "purchase_revenue"])
