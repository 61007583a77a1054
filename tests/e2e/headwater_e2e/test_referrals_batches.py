"""What reached an AI-referral connection, batch by batch."""
from .case import SECONDS, Case
from .program import Program
from .world import Account

FIELDS = {"sequence", "time", "batch_ids", "batch_id_count", "accepted", "rejected", "deduplicated", "errors", "principal", "request_id"}


def row(page="/", referrer="chatgpt.com", **more):
    return {"date": "2026-05-20", "raw_referrer_value": referrer, "raw_page_value": page, "pageviews": 1, **more}


class Batches(Case):
    def setUp(self):
        self.acct = Account()
        self.link = self.acct.connection()

    def push(self, rows, **headers):
        return self.expect(self.acct.editor.post(self.acct.events(self.link), rows, headers), 200)

    def page(self, **query):
        text = "&".join(f"{name}={value}" for name, value in query.items())
        answer = self.expect(self.acct.viewer.get(self.acct.connections(self.link["id"], f"/batches?{text}")), 200).json()
        self.assertEqual(set(answer), {"items", "total"})
        return answer

    def test_connection_without_pushes_has_no_batches(self):
        self.assertEqual(self.page(), {"items": [], "total": 0})

    def test_batch_tells_what_was_answered_and_who_pushed_it(self):
        sent = self.push([row("/a", batch_id="one"), row("/a", batch_id="two"), row("/b"), row(referrer="google.com", batch_id="one")],
                         **{"X-Request-ID": "my-request"}).json()
        token = self.acct.editor.get("/api-tokens/self").data["id"]
        items = self.page()["items"]
        self.assertEqual(len(items), 1)
        self.assertEqual(set(items[0]), FIELDS)
        self.assertRegex(items[0]["time"], SECONDS)
        self.assertEqual({name: items[0][name] for name in sent}, sent)
        self.assertEqual((sent["accepted"], sent["rejected"], sent["deduplicated"], len(sent["errors"])), (3, 1, 1, 1))
        self.assertEqual((items[0]["batch_ids"], items[0]["batch_id_count"]), (["one", "two"], 2))
        self.assertEqual((items[0]["principal"], items[0]["request_id"]), (str(token), "my-request"))

    def test_resent_and_empty_batches_arrived_too_and_refused_ones_did_not(self):
        self.push([row()])
        self.push([row()])
        self.push([])
        self.expect(self.acct.editor.post(self.acct.events(self.link), [{}]), 422)
        page = self.page()
        self.assertEqual(page["total"], 3)
        self.assertEqual([(b["accepted"], b["deduplicated"]) for b in page["items"]], [(0, 0), (1, 1), (1, 0)])

    def test_replayed_push_is_the_same_batch(self):
        key = {"Idempotency-Key": "k"}
        self.push([row()], **key)
        self.push([row()], **key)
        self.assertEqual(self.page()["total"], 1)

    def test_newest_come_first_and_pages_fit_together_around_changes_of_life(self):
        for n in range(7):
            self.push([row(f"/{n}", batch_id=f"b{n}")])
            if n in (1, 2, 4):
                self.expect(self.acct.editor.delete(self.acct.connections(self.link["id"])), 200)
                again = {"website": self.link["website"], "provider": self.link["provider"]}
                self.expect(self.acct.editor.post(self.acct.connections(), again), 201)
        whole = self.page()
        self.assertEqual([b["batch_ids"] for b in whole["items"]], [[f"b{n}"] for n in reversed(range(7))])
        for limit in range(1, 9):
            for offset in range(9):
                page = self.page(limit=limit, offset=offset)
                self.assertEqual(page["items"], whole["items"][offset:offset + limit], (limit, offset))
                self.assertEqual(page["total"], 7)

    def test_page_has_50_unless_asked_and_at_most_100(self):
        for _ in range(60):
            self.push([])
        self.assertEqual(len(self.page()["items"]), 50)
        self.assertEqual(len(self.page(limit=100)["items"]), 60)

    def test_many_batch_ids_are_told_in_part(self):
        self.push([row(f"/{n}", batch_id=f"b{n}") for n in range(1000)])
        batch = self.page()["items"][0]
        self.assertEqual((len(batch["batch_ids"]), batch["batch_id_count"]), (20, 1000))

    def test_limit_and_offset_are_checked(self):
        path = self.acct.connections(self.link["id"], "/batches")
        for query, name in [("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("offset=-1", "offset"), ("offset=x", "offset")]:
            with self.subTest(query=query):
                self.vendor_invalid(self.acct.viewer.get(f"{path}?{query}"), ["query", name])
        self.assertEqual(self.page(offset=9223372036854775807), {"items": [], "total": 0})

    def test_unknown_connection_is_404(self):
        for bad in ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "7"]:
            self.vendor_error(self.acct.viewer.get(self.acct.connections(bad, "/batches")), 404)

    def test_batches_outlive_a_kill(self):
        with Program() as program:
            acct = Account(program)
            link = acct.connection()
            for n in range(3):
                self.expect(acct.editor.post(acct.events(link), [row(f"/{n}", batch_id=str(n))]), 200)
            path = acct.connections(link["id"], "/batches")
            before = self.expect(acct.viewer.get(path), 200).json()
            program.kill()
            program.start()
            self.assertEqual(self.expect(program.client(acct.viewer.token).get(path), 200).json(), before)
