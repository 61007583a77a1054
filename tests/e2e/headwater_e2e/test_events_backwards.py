"""GET /events from the newest event on, and of one rule: pages, lines, filters, names, and what a search may cost others."""
import json
import threading
import time

from .case import Case
from .program import Program
from .test_events import MAP, NDJSON, PASS, SSE, numbers
from .world import Account, make_token

RFC3339 = "%Y-%m-%dT%H:%M:%S"


def micros_text(micros: int) -> str:
    return time.strftime(RFC3339, time.gmtime(micros // 10**6)) + f".{micros % 10**6:06}Z"


class Pages(Case):
    def setUp(self):
        self.acct = Account()

    def page(self, client=None, **query):
        query.setdefault("account_id", self.acct.id)
        target = "/events?" + "&".join(f"{name}={value}" for name, value in query.items() if value is not None)
        response = self.expect((client or self.acct.viewer).get(target), 200)
        return response.data["events"], response.json()["meta"]

    def walk(self, client=None, **query) -> list:
        """All pages, by their cursors; each but the last has `limit` events."""
        got, after = [], None
        while True:
            events, meta = self.page(client, after=after, **query)
            got += events
            if meta["next_after"] is None:
                return got
            self.assertEqual(len(events), query["limit"])
            self.assertNotEqual(meta["next_after"], after)
            after = meta["next_after"]

    def lines(self, **query) -> list:
        target = self.acct.at("/events", **query)
        return [json.loads(line) for line in self.expect(self.acct.viewer.get(target, headers=NDJSON), 200).body.splitlines()]

    def change(self, count: int):
        for n in range(count):
            if n % 2:
                self.expect(self.acct.editor.patch(self.acct.at(f"{MAP}/1"), {"utm_source": f"s{n}"}), 200)
            else:
                self.acct.mapping(f"m{n}.example")

    def test_newest_come_first_and_pages_fit_together(self):
        self.change(11)
        whole = self.page()[0]
        self.assertEqual(self.page(order="asc")[0], whole)
        self.assertEqual(self.page(order="desc"), (whole[::-1], {"end": 11, "next_after": None}))
        self.assertEqual(self.lines(order="desc"), whole[::-1])
        self.assertEqual(self.lines(order="desc", limit=3), whole[:7:-1])
        for limit in range(1, 13):
            self.assertEqual(self.walk(order="desc", limit=limit), whole[::-1])
        self.assertEqual(self.page(order="desc", after=1), ([], {"end": 11, "next_after": None}))
        self.assertEqual(self.page(order="desc", after=4, limit=2)[0], whole[2:0:-1])
        self.assertEqual(self.page(order="desc", after=9223372036854775807)[0], whole[::-1])

    def test_what_is_written_meanwhile_does_not_move_a_page(self):
        self.change(6)
        first, meta = self.page(order="desc", limit=4)
        self.acct.mapping("meanwhile.example")
        second, _ = self.page(order="desc", limit=4, after=meta["next_after"])
        self.assertEqual(numbers(first + second), [6, 5, 4, 3, 2, 1])
        self.assertEqual(numbers(self.page(order="desc", limit=1)[0]), [7])

    def test_account_without_events_has_none(self):
        self.assertEqual(self.page(order="desc"), ([], {"end": 0, "next_after": None}))
        self.assertEqual(self.lines(order="desc"), [])

    def test_times_and_types_filter_backwards_too(self):
        self.change(9)
        whole = self.page()[0]
        times = [event["header"]["time"] for event in whole]
        for low, high in ((2, 5), (0, 0), (8, 8), (0, 8)):
            expected = [event for event in whole if times[low] <= event["header"]["time"] <= times[high]]
            query = {"from": micros_text(times[low]), "to": micros_text(times[high])}
            self.assertEqual(self.page(order="desc", **query), (expected[::-1], {"end": 9, "next_after": None}))
            self.assertEqual(self.walk(order="desc", limit=2, **query), expected[::-1])
            self.assertEqual(self.lines(order="desc", **query), expected[::-1])
        self.assertEqual(self.page(order="desc", to=micros_text(times[0] - 1))[0], [])
        for kind in ("referrer_mapping_created", "referrer_mapping_changed", "no_such_type"):
            expected = [event for event in whole if event["header"]["type"] == kind]
            self.assertEqual(self.page(order="desc", type=kind), (expected[::-1], {"end": 9, "next_after": None}))

    def test_other_streams_and_all_of_them_are_read_backwards(self):
        with Program() as program:
            self.acct = acct = Account(program)
            other = Account(program)
            acct.mapping("a.example")
            other.mapping("b.example")
            link = acct.connection()
            for query in ({}, {"stream": "system"}, {"connection_id": link["id"]}):
                whole = self.page(acct.operator, account_id=None, **query)[0]
                self.assertTrue(whole)
                self.assertEqual(self.page(acct.operator, account_id=None, order="desc", **query)[0], whole[::-1])
                self.assertEqual(self.walk(acct.operator, account_id=None, order="desc", limit=1, **query), whole[::-1])
            for query in ("order=desc", "stream=system&order=desc"):
                self.rules_error(acct.admin.get(f"/events?{query}"), 403, "forbidden")
            self.rules_error(acct.viewer.get(f"/events?account_id={other.id}&order=desc"), 403, "forbidden")

    def test_of_a_rule_come_all_changes_alone_and_in_bulk(self):
        acct = self.acct
        acct.mapping("one.example", label='"id":2,')  # 1
        acct.mapping("two.example")  # 2
        acct.passthrough("one.example")  # 3
        self.expect(acct.editor.patch(acct.at(f"{MAP}/1"), {"label": '{"removed":[2]}'}), 200)  # 4
        rows = [{"referrer_pattern": "two.example", "utm_source": "new"}, {"referrer_pattern": "three.example", "utm_source": "s"}]
        self.expect(acct.editor.post(acct.at(f"{MAP}/import"), rows), 200)  # 5: changes 2, adds 3
        self.expect(acct.editor.delete(acct.at(f"{MAP}/1")), 204)  # 6
        self.expect(acct.editor.post(acct.at(f"{MAP}/import", mode="replace"), rows[1:]), 200)  # 7: removes 2
        self.expect(acct.editor.post(f"/accounts/{acct.id}/restore-rules?as_of=2"), 200)  # 8: brings back 1 and 2, removes the rest
        for rule, expected in (("referrer_mapping:1", [1, 4, 6, 8]), ("referrer_mapping:2", [2, 5, 7, 8]), ("referrer_mapping:3", [5, 8]),
                               ("passthrough_referrer:1", [3, 8]), ("passthrough_referrer:2", []), ("referrer_mapping:9223372036854775807", [])):
            with self.subTest(rule=rule):
                self.assertEqual(numbers(self.page(rule=rule)[0]), expected)
                self.assertEqual(numbers(self.page(rule=rule, order="desc")[0]), expected[::-1])
                self.assertEqual(numbers(self.lines(rule=rule, order="desc")), expected[::-1])
        self.assertEqual(numbers(self.page(rule="referrer_mapping:1", type="referrer_mapping_deleted")[0]), [6])
        self.assertEqual(numbers(self.page(rule="referrer_mapping:1", order="desc", limit=2)[0]), [8, 6])
        self.assertEqual(self.page(rule="referrer_mapping:1", order="desc", limit=2)[1], {"end": 8, "next_after": 6})

    def test_each_event_tells_who_it_was_by_id_and_name(self):
        client = self.program.client(make_token(self.acct.operator, name="Ana", role="editor", account_ids=[self.acct.id])["token"])
        self.expect(client.post(self.acct.at(MAP), {"referrer_pattern": "ana.example", "utm_source": "s"}), 201)
        self.expect(self.acct.operator.post(self.acct.at(MAP), {"referrer_pattern": "boss.example", "utm_source": "s"}), 201)
        own = str(client.get("/api-tokens/self").data["id"])
        for reader in (self.acct.viewer, self.acct.editor):
            newest, oldest = self.page(reader, order="desc")[0]
            self.assertEqual((oldest["part"]["principal"], oldest["principal_name"]), (own, "Ana"))
            self.assertEqual(newest["principal_name"], "operator")
        self.rules_error(self.acct.viewer.get("/api-tokens"), 403, "forbidden")

    def test_what_cannot_be_read_is_refused_by_name(self):
        at = self.acct.at("/events")
        for query, field in (("order=newest", "order"), ("order=", "order"), ("order=desc&after=0", "after"), ("order=desc&after=-1", "after"),
                             ("type=A", "type"), ("type=a%20b", "type"), ("type=" + "a" * 65, "type"), ("rule=", "rule"), ("rule=5", "rule"),
                             ("rule=mapping:5", "rule"), ("rule=referrer_mapping:0", "rule"), ("rule=referrer_mapping:x", "rule"),
                             ("rule=referrer_mapping:9223372036854775808", "rule"), ("rule=return_path:1", "rule")):
            with self.subTest(query=query):
                detail = self.invalid(self.acct.viewer.get(f"{at}&{query}"), f"query.{field}")
                self.assertEqual(len(detail), 1)
        self.invalid(self.acct.viewer.get(f"{at}&order=x&rule=y&type=Z&limit=0"), "query.order", "query.rule", "query.type", "query.limit")
        link = self.acct.connection()["id"]
        for target in ("/events?rule=referrer_mapping:1", f"/events?connection_id={link}&rule=referrer_mapping:1",
                       f"{at}&connection_id={link}&rule=referrer_mapping:1", "/events?stream=system&rule=referrer_mapping:1"):
            self.invalid(self.acct.operator.get(target), "query.rule")

    def test_whoever_follows_goes_forwards_only(self):
        at = self.acct.at("/events", order="desc")
        for headers, target in ((SSE, at), ({}, at + "&format=sse")):
            detail = self.invalid(self.acct.viewer.get(target, headers=headers), "query.order")
            self.assertIn("forwards only", detail[0]["message"])
        response = self.expect(self.acct.viewer.request("HEAD", self.acct.at("/events", order="asc", format="sse")), 200)
        self.assertEqual(response.header("Content-Type"), "text/event-stream")

    def test_tracker_gets_none_in_any_order(self):
        self.rules_error(self.acct.tracker.get(self.acct.at("/events", order="desc", rule="referrer_mapping:1")), 403, "forbidden", "Required scope: read")

    def test_of_an_erased_account_no_rule_is_told(self):
        with Program() as program:
            self.acct = Account(program)
            self.change(3)
            self.expect(self.acct.operator.delete(f"/accounts/{self.acct.id}"), 202)
            rest, _ = self.page(self.acct.operator, order="desc")
            self.assertTrue(rest)
            self.assertTrue(all(event["part"] is None for event in rest))
            self.assertEqual(self.page(self.acct.operator, rule="referrer_mapping:1")[0], [])


class Searches(Case):
    def test_long_search_leaves_others_their_turn_and_tells_where_to_go_on(self):
        """Nothing of what is asked for is there, so each search goes through all of a log of large events."""
        with Program() as program:
            busy, other = Account(program), Account(program)
            other.mapping("own.example")
            rows = [{"referrer_pattern": f"m{n}.example", "utm_source": "s" * 200} for n in range(2000)]
            for n in range(60):
                for row in rows:
                    row["utm_campaign"] = f"c{n}"
                self.expect(busy.editor.post(busy.at(f"{MAP}/import"), rows), 200)
            ended = threading.Event()
            statuses = set()

            def search(client, query):
                while not ended.is_set():
                    statuses.add(client.get(busy.at("/events", **query)).status)
            queries = [{"order": "desc", "rule": "referrer_mapping:999999"}, {"order": "desc", "type": "none"}, {"rule": "referrer_mapping:999999"}]
            searches = [threading.Thread(target=search, args=(program.client(busy.viewer.token), queries[n % 3])) for n in range(24)]
            for one in searches:
                one.start()
            longest = 0
            for _ in range(10):
                began = time.monotonic()
                self.assertEqual(numbers(self.expect(other.viewer.get(other.at("/events", order="desc")), 200).data["events"]), [1])
                longest = max(longest, time.monotonic() - began)
            ended.set()
            for one in searches:
                one.join()
            print(f"events beside 24 searches: {longest:.3f} s")
            self.assertLess(longest, 3)
            self.assertLessEqual(statuses, {200, 503})
            after, pages = None, 0
            while pages == 0 or after is not None:
                query = {"order": "desc", "rule": "referrer_mapping:999999", **({"after": after} if after else {})}
                response = self.expect(busy.viewer.get(busy.at("/events", **query)), 200)
                self.assertEqual(response.data["events"], [])
                after, pages = response.json()["meta"]["next_after"], pages + 1
            self.assertLessEqual(pages, 60)
