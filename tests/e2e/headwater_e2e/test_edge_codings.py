"""Bodies are read as they are sent: one that is compressed is 415 on every route that has a body."""
import gzip
import json
import re

from .case import Case

CODED = {"Content-Encoding": "gzip"}


class Codings(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection = cls.acct.connection()

    def routes_with_a_body(self):
        """(method, path with query) of this account for each of them, as the document lists them."""
        ids = {"account_id": self.acct.id, "brand_id": self.acct.brand, "connection_id": self.connection["id"], "host": "chatgpt.com"}
        for template, item in self.acct.viewer.get("/openapi.json").json()["paths"].items():
            for method, operation in item.items():
                if not isinstance(operation, dict) or "requestBody" not in operation:
                    continue
                rule = self.acct.mapping("coded.example") if "referrer-mappings/{" in template else \
                    self.acct.passthrough("coded.example") if "passthrough-referrers/{" in template else {}
                path = re.sub(r"\{(\w+)\}", lambda name: str(ids.get(name[1]) or rule["id"]), template)
                yield method.upper(), self.acct.at(path)

    def test_compressed_body_is_415_on_every_route(self):
        body = gzip.compress(b"{}")
        found = list(self.routes_with_a_body())
        self.assertGreater(len(found), 8, found)
        for method, target in found:
            with self.subTest(method=method, target=target):
                response = self.acct.operator.request(method, target, body, CODED)
                self.expect(response, 415)
                self.assertIn("Content-Encoding", str(response.json()), f"\n{response}")
                self.assertEqual(response.header("Accept-Encoding"), "identity", f"\n{response}")

    def test_every_coding_but_identity_is_415(self):
        for coding in ("gzip", "GZIP", "x-gzip", "deflate", "br", "zstd", "compress", "aes128gcm", "identity, gzip", "gzip, gzip", "nonsense"):
            with self.subTest(coding=coding):
                response = self.acct.tracker.post(self.acct.at("/resolve"), {"url": "https://a.example/"}, {"Content-Encoding": coding})
                self.rules_error(response, 415, "unsupported_media_type")
        for coding in ("identity", "Identity", "identity, identity", ""):
            with self.subTest(coding=coding):
                response = self.acct.tracker.post(self.acct.at("/resolve"), {"url": "https://a.example/"}, {"Content-Encoding": coding})
                self.expect(response, 200)

    def test_two_fields_count_as_one_list(self):
        body = b'{"url":"https://a.example/"}'
        head = (f"POST {self.acct.at('/resolve')} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.acct.tracker.token}\r\n"
                f"Content-Encoding: identity\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n").encode()
        with self.program.connect() as connection:
            connection.send(head + body)
            self.rules_error(connection.read_response(), 415, "unsupported_media_type")

    def test_push_and_stream_of_lines_are_no_exceptions(self):
        rows = gzip.compress(json.dumps([{"date": "2026-05-20"}]).encode())
        for kind in ("application/json", "application/x-ndjson", None):
            response = self.acct.editor.post(self.acct.events(self.connection), rows, {**CODED, "Content-Type": kind})
            self.vendor_error(response, 415)
        lines = gzip.compress(b'{"url":"https://a.example/"}\n')
        response = self.acct.tracker.post(self.acct.at("/resolve"), lines, {**CODED, "Content-Type": "application/x-ndjson"})
        self.rules_error(response, 415, "unsupported_media_type")

    def test_what_fails_first_answers_first(self):
        body = gzip.compress(b"{}")
        nobody = self.program.client("hw_" + "x" * 40)
        path = "/referrer-mappings"
        for status, client, target in ((404, self.acct.editor, "/nope"), (401, nobody, self.acct.at(path)), (403, self.acct.tracker, self.acct.at(path)),
                                       (422, self.acct.editor, path)):
            with self.subTest(status=status):
                self.expect(client.post(target, body, CODED), status)
        self.expect(self.acct.editor.patch(self.acct.at(path + "/999999"), body, CODED), 404)

    def test_coding_is_refused_before_the_body_comes(self):
        head = (f"POST {self.acct.at('/resolve')} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.acct.tracker.token}\r\n"
                "Content-Encoding: gzip\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n").encode()
        with self.program.connect() as connection:
            connection.send(head)
            self.rules_error(connection.read_response(), 415, "unsupported_media_type")

    def test_connection_goes_on_behind_a_refused_body(self):
        for _ in range(3):
            self.expect(self.acct.tracker.post(self.acct.at("/resolve"), gzip.compress(b"{}"), CODED), 415)
            self.expect(self.acct.tracker.post(self.acct.at("/resolve"), {"url": "https://a.example/"}), 200)

    def test_body_that_nobody_reads_may_be_coded(self):
        self.expect(self.acct.viewer.request("GET", self.acct.at("/referrer-mappings"), b"x", CODED), 200)


class Pieces(Case):
    """Long lists come in pieces, so they have no length, and are packed as they are sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rules = [{"referrer_pattern": f"m{number}.example", "utm_source": "s" * 100} for number in range(2000)]
        answer = cls.acct.editor.post(cls.acct.at("/referrer-mappings/import"), rules)
        assert answer.status == 200, answer

    def test_a_long_list_is_the_same_in_both_forms(self):
        for target in (self.acct.at("/referrer-mappings"), self.acct.at("/referrer-mappings/export"),
                       self.acct.at("/referrer-mappings/export", format="csv")):
            with self.subTest(target=target):
                bare = self.expect(self.acct.viewer.get(target), 200)
                self.assertGreater(len(bare.body), 200_000)
                self.assertIsNone(bare.header("Content-Length"))
                self.assertIsNone(bare.header("Content-Encoding"))
                packed = self.expect(self.acct.viewer.get(target, headers={"Accept-Encoding": "gzip"}), 200)
                self.assertEqual(packed.header("Content-Encoding"), "gzip")
                self.assertLess(len(packed.body), len(bare.body) // 4)
                self.assertEqual(gzip.decompress(packed.body), bare.body)
                self.assertEqual(packed.header("ETag"), bare.header("ETag")[:-1] + '-gz"')
                again = {"Accept-Encoding": "gzip", "If-None-Match": packed.header("ETag")}
                self.expect(self.acct.viewer.get(target, headers=again), 304)

    def test_results_as_lines_are_packed_only_if_they_are_whole(self):
        packed_lines = {"Content-Type": "application/x-ndjson", "Accept-Encoding": "gzip"}
        visit = b'{"url":"https://shop.example/","referrer":"https://m1.example/"}\n'
        target = self.acct.at("/resolve")
        whole = self.expect(self.acct.tracker.request("POST", target, visit * 20, packed_lines), 200)
        self.assertEqual(whole.header("Content-Encoding"), "gzip")
        self.assertEqual(len(gzip.decompress(whole.body).splitlines()), 20)
        pieces = self.expect(self.acct.tracker.request("POST", target, visit * 5_000, packed_lines), 200)
        self.assertIsNone(pieces.header("Content-Encoding"))
        self.assertEqual(len(pieces.body.splitlines()), 5_000)

    def test_a_client_of_http_1_0_gets_all_until_the_end(self):
        with self.program.connect() as connection:
            connection.send((f"GET {self.acct.at('/referrer-mappings')} HTTP/1.0\r\nAccept-Encoding: gzip\r\n"
                             f"Authorization: Bearer {self.acct.viewer.token}\r\n\r\n").encode())
            response = connection.read_response()
        self.assertEqual(len(json.loads(gzip.decompress(response.body))["data"]["mappings"]), 2000)

    def test_a_page_in_the_middle_is_whole(self):
        page = self.expect(self.acct.viewer.get(self.acct.at("/referrer-mappings", limit=1500, offset=250)), 200).data
        self.assertEqual([rule["id"] for rule in page["mappings"]], list(range(251, 1751)))
        self.assertEqual((page["total"], page["active_count"]), (2000, 2000))
