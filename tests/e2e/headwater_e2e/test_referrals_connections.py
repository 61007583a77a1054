"""The life of an AI-referral connection."""
from .case import SECONDS, ULID, Case
from .world import Account

FIELDS = {"id", "brand_id", "website", "provider", "status", "created_at", "last_pushed_at", "last_push_error",
          "rows", "first_date", "last_date"}
ROW = {"date": "2026-05-20", "raw_referrer_value": "chatgpt.com", "raw_page_value": "/", "pageviews": 2}
GONE = "Connection is disabled; re-register before retrying."


class Connections(Case):
    def setUp(self):
        self.acct = Account()

    def post(self, website="https://shop.example", provider="custom", **more):
        return self.acct.editor.post(self.acct.connections(), {"website": website, "provider": provider, **more})

    def items(self):
        answer = self.expect(self.acct.viewer.get(self.acct.connections()), 200).json()
        self.assertEqual(set(answer), {"items"})
        return answer["items"]

    def delete(self, connection_id):
        return self.acct.editor.delete(self.acct.connections(connection_id))

    def total(self, **query):
        more = "".join(f"&{k}={v}" for k, v in query.items())
        path = f"/v1/{self.acct.brand}/ai-referrals?start_date=2026-05-20&end_date=2026-05-20&group_by=platform{more}"
        return self.expect(self.acct.viewer.get(path), 200).json()["totals"]["pageviews"] or 0

    def test_connection_is_created_with_all_its_fields(self):
        made = self.expect(self.post("https://WWW.Shop.example/?x"), 201).json()
        self.assertEqual(set(made), FIELDS)
        self.assertRegex(made["id"], ULID)
        self.assertRegex(made["created_at"], SECONDS)
        self.assertEqual((made["rows"], made["first_date"], made["last_date"]), (0, None, None))
        self.assertEqual((made["brand_id"], made["website"], made["provider"], made["status"], made["last_pushed_at"], made["last_push_error"]),
                         (self.acct.brand, "https://WWW.Shop.example/?x", "custom", "active", None, None))

    def test_each_known_provider_is_taken(self):
        for provider in ["adobe_analytics", "google_analytics", "matomo", "piwik_pro", "custom"]:
            with self.subTest(provider=provider):
                self.expect(self.post(f"https://{provider.replace('_', '-')}.example", provider), 201)

    def test_unknown_provider_is_400(self):
        for provider in ["plausible", "Custom", "x" * 64]:
            with self.subTest(provider=provider):
                self.vendor_error(self.post(provider=provider), 400)

    def test_provider_has_1_to_64_characters(self):
        for provider in ["", "x" * 65, None, 7]:
            with self.subTest(provider=provider):
                self.vendor_invalid(self.post(provider=provider), ["body", "provider"])

    def test_website_and_provider_are_required(self):
        response = self.acct.editor.post(self.acct.connections(), {})
        self.vendor_invalid(response, ["body", "website"], ["body", "provider"])
        for website in ["", None, 7]:
            with self.subTest(website=website):
                self.vendor_invalid(self.post(website), ["body", "website"])

    def test_what_is_not_json_is_400_and_not_an_object_422(self):
        self.vendor_error(self.acct.editor.post(self.acct.connections(), "{"), 400)
        self.vendor_invalid(self.acct.editor.post(self.acct.connections(), "[]"))

    def test_unknown_fields_are_ignored(self):
        self.expect(self.post(color="red"), 201)

    def test_list_has_disabled_ones_too_and_the_oldest_first(self):
        ids = [self.expect(self.post(f"https://s{n}.example"), 201).json()["id"] for n in range(3)]
        self.expect(self.delete(ids[1]), 200)
        self.assertEqual([(item["id"], item["status"]) for item in self.items()],
                         [(ids[0], "active"), (ids[1], "disabled"), (ids[2], "active")])

    def test_website_that_would_run_as_a_script_is_422(self):
        for website in ("javascript:alert(1)", " JAVASCRIPT:1/alert(1)", "data:text/html,x", "ftp://shop.example"):
            with self.subTest(website=website):
                [fault] = self.vendor_invalid(self.post(website), ["body", "website"])
                self.assertEqual((fault["type"], fault["msg"]), ("url_scheme", "URL scheme should be 'http' or 'https'"))
        self.expect(self.post("port.example:8080"), 201)

    def test_second_active_connection_of_a_website_is_409_whatever_its_provider(self):
        self.expect(self.post("https://shop.example"), 201)
        for website in ["https://shop.example", "http://shop.example/", "shop.example", "https://www.shop.example",
                                      "HTTPS://SHOP.example/?x=1#y"]:
            with self.subTest(website=website):
                for provider in ("custom", "matomo"):
                    self.vendor_error(self.post(website, provider), 409)
        self.expect(self.post("https://shop.example/other"), 201)

    def test_same_website_under_another_brand_is_fine(self):
        self.expect(self.post(), 201)
        two = Account(brands=2)
        for brand in two.brand_ids:
            self.expect(two.editor.post(f"/v1/{brand}/ai-referrals/connections", {"website": "https://shop.example", "provider": "custom"}), 201)

    def test_delete_disables_and_may_be_repeated(self):
        made = self.expect(self.post(), 201).json()
        for _ in range(2):
            gone = self.expect(self.delete(made["id"]), 200).json()
            self.assertEqual(gone, {**made, "status": "disabled"})

    def test_delete_of_an_unknown_or_malformed_id_is_404(self):
        for bad in ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "7", "not-a-ulid", "x" * 26]:
            with self.subTest(bad=bad):
                self.vendor_error(self.delete(bad), 404)

    def test_push_is_repeated_with_its_key_after_its_connection_was_disabled(self):
        made = self.acct.connection("https://repeated.example")
        key = {"Idempotency-Key": "push-once"}
        first = self.expect(self.acct.editor.post(self.acct.events(made), [ROW], key), 200)
        self.expect(self.delete(made["id"]), 200)
        again = self.expect(self.acct.editor.post(self.acct.events(made), [ROW], key), 200)
        self.assertEqual(again.json(), first.json())
        self.assertEqual(again.header("Idempotent-Replayed"), "true")
        for headers in ({"Idempotency-Key": "never-used"}, {"Idempotency-Key": "never-used", "Content-Type": "text/plain"}):
            self.vendor_error(self.acct.editor.post(self.acct.events(made), [ROW], headers), 410, GONE)

    def test_push_to_a_disabled_connection_is_410(self):
        made = self.acct.connection()
        self.expect(self.delete(made["id"]), 200)
        self.vendor_error(self.acct.editor.post(self.acct.events(made), [ROW]), 410, GONE)

    def test_registering_a_disabled_one_again_reactivates_it(self):
        made = self.acct.connection()
        self.expect(self.delete(made["id"]), 200)
        again = self.expect(self.post(), 201).json()
        self.assertEqual((again["id"], again["status"]), (made["id"], "active"))
        self.expect(self.acct.editor.post(self.acct.events(made), [ROW]), 200)
        self.assertEqual(len(self.items()), 1)

    def test_another_provider_for_a_disabled_website_is_a_new_connection(self):
        made = self.acct.connection()
        self.expect(self.delete(made["id"]), 200)
        self.assertNotEqual(self.expect(self.post(provider="matomo"), 201).json()["id"], made["id"])
        self.vendor_error(self.post(), 409)

    def test_data_of_a_disabled_connection_is_kept_and_counts_again_when_it_returns(self):
        made = self.acct.connection()
        self.expect(self.acct.editor.post(self.acct.events(made), [ROW]), 200)
        self.assertEqual(self.total(), 2)
        self.expect(self.delete(made["id"]), 200)
        self.assertEqual(self.total(), 0)
        self.assertEqual(self.total(connection=made["id"]), 2)
        self.expect(self.post(), 201)
        self.assertEqual(self.total(), 2)

    def test_push_is_noted_at_the_connection(self):
        made = self.acct.connection()
        self.expect(self.acct.editor.post(self.acct.events(made), [ROW]), 200)
        self.assertRegex(self.items()[0]["last_pushed_at"] or "", SECONDS)

    def get(self, connection_id):
        return self.acct.viewer.get(self.acct.connections(connection_id))

    def span(self, made):
        return tuple(self.expect(self.get(made["id"]), 200).json()[name] for name in ("rows", "first_date", "last_date"))

    def test_one_connection_is_read_as_the_list_has_it(self):
        made = self.expect(self.post(), 201).json()
        self.assertEqual(self.expect(self.get(made["id"]), 200).json(), made)
        self.expect(self.acct.editor.post(self.acct.events(made), [ROW]), 200)
        self.assertEqual([self.expect(self.get(made["id"].lower()), 200).json()], self.items())
        gone = self.expect(self.delete(made["id"]), 200).json()
        self.assertEqual(self.expect(self.get(made["id"]), 200).json(), gone)
        self.assertEqual((gone["rows"], gone["first_date"], gone["last_date"]), (1, "2026-05-20", "2026-05-20"))

    def test_get_of_an_unknown_or_malformed_id_is_404(self):
        for bad in ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "7", "not-a-ulid", "x" * 26]:
            with self.subTest(bad=bad):
                self.vendor_error(self.get(bad), 404)

    def test_rows_and_days_tell_what_a_connection_holds(self):
        made = self.acct.connection()
        days = ["2026-05-20", "2026-02-03", "2026-05-20", "2026-04-01"]
        rows = [{**ROW, "date": day, "raw_page_value": f"/{n}"} for n, day in enumerate(days)]
        self.expect(self.acct.editor.post(self.acct.events(made), rows), 200)
        self.assertEqual(self.span(made), (4, "2026-02-03", "2026-05-20"))
        self.expect(self.acct.editor.post(self.acct.events(made), rows), 200)  # resent: nothing changes
        self.expect(self.acct.editor.post(self.acct.events(made), [{**rows[1], "pageviews": 9}]), 200)
        self.assertEqual(self.span(made), (4, "2026-02-03", "2026-05-20"))
        rejected = {**ROW, "date": "2020-01-01", "raw_referrer_value": "google.com"}
        self.expect(self.acct.editor.post(self.acct.events(made), [rejected]), 200)
        self.assertEqual(self.span(made), (4, "2026-02-03", "2026-05-20"))
        self.expect(self.acct.editor.post(self.acct.events(made), [{**ROW, "date": "2026-06-01"}]), 200)
        self.assertEqual(self.span(made), (5, "2026-02-03", "2026-06-01"))

    def test_reactivation_tells_of_the_pushes_before_it_and_so_does_its_replay(self):
        made = self.acct.connection()
        self.expect(self.acct.editor.post(self.acct.events(made), [ROW]), 200)
        pushed = self.items()[0]["last_pushed_at"]
        self.expect(self.delete(made["id"]), 200)
        body, key = {"website": made["website"], "provider": made["provider"]}, {"Idempotency-Key": "again"}
        first = self.expect(self.acct.editor.post(self.acct.connections(), body, key), 201)
        again = self.expect(self.acct.editor.post(self.acct.connections(), body, key), 201)
        self.assertEqual(again.header("Idempotent-Replayed"), "true", f"\n{again}")
        self.assertEqual(again.json(), first.json())
        self.assertEqual((again.json()["last_pushed_at"], again.json()["rows"]), (pushed, 1))

    def test_each_refused_push_is_noted_whoever_refused_it(self):
        made = self.acct.connection()

        def noted():
            return self.expect(self.get(made["id"]), 200).json()["last_push_error"]

        def refused(status, body, headers=None):
            answer = self.expect(self.acct.editor.post(self.acct.events(made), body, headers), status)
            self.assertEqual(noted(), answer.json()["detail"])

        refused(413, b"[" + b" " * (5 << 20) + b"]")
        refused(415, b"x", {"Content-Type": "text/plain"})
        refused(400, b"{")
        refused(400, b"[" * 100)
        refused(413, [ROW] * 10_001)
        self.expect(self.acct.editor.post(self.acct.events(made), [{}]), 422)
        self.assertIn("faults", noted())
        self.expect(self.acct.editor.post(self.acct.events(made), [ROW]), 200)
        self.assertIsNone(noted())
        self.expect(self.delete(made["id"]), 200)
        refused(410, [ROW])

    def test_connection_of_another_brand_is_unknown(self):
        two = Account(brands=2)
        made = two.connection()
        path = f"/v1/{two.brand_ids[1]}/ai-referrals/connections/{made['id']}"
        self.vendor_error(two.editor.get(path), 404)
        self.vendor_error(two.editor.get(path + "/batches"), 404)
        self.vendor_error(two.editor.delete(path), 404)
        self.vendor_error(two.editor.post(path + "/events", [ROW]), 404)
        self.expect(two.editor.post(two.events(made), [ROW]), 200)
