"""HEAD: the head of what GET answers, never a body, and no length that is not so."""
from .case import Case
from .wire import NoResponse

OK = b"GET /livez HTTP/1.1\r\nHost: a\r\nX-Request-ID: the-next-one\r\n\r\n"
# What may differ from one answer to the next.
VARYING = {"date", "x-request-id", "x-ratelimit-remaining", "x-ratelimit-reset"}


class Head(Case):
    def head_of(self, target: str, client=None, **headers):
        """The answer to HEAD, once it is known that nothing but a next answer follows it."""
        with self.program.connect() as connection:
            connection.send((client or self.acct.viewer).head_lines("HEAD", target, None, headers) + OK)
            response = connection.read_response(head=True)
            self.assertEqual(connection.read_response().header("X-Request-ID"), "the-next-one", f"a body followed\n{response}")
        return response

    def fields(self, response) -> dict:
        return {name.lower(): value for name, value in response.headers if name.lower() not in VARYING}

    def test_head_has_the_fields_of_get(self):
        self.acct.mapping("head.example")
        for target in ("/livez", "/openapi.json", self.acct.at("/referrer-mappings"), self.acct.at("/referrer-mappings/export"),
                       self.acct.at("/referrer-mappings/export", format="csv"), self.acct.at("/events"),
                       self.acct.connections(), "/nope", self.acct.at("/referrer-mappings/999999")):
            with self.subTest(target=target):
                got = self.acct.viewer.get(target)
                head = self.head_of(target)
                self.assertEqual(head.status, got.status, f"\n{head}")
                self.assertEqual(self.fields(head), self.fields(got), f"\n{head}")

    def test_head_of_streamed_events_claims_no_length(self):
        self.acct.mapping("events.example")
        for form, kind in (("ndjson", "application/x-ndjson"), ("sse", "text/event-stream")):
            for target, headers in ((self.acct.at("/events", format=form), {}), (self.acct.at("/events"), {"Accept": kind})):
                with self.subTest(target=target, headers=headers):
                    response = self.head_of(target, **headers)
                    self.expect(response, 200)
                    self.assertIsNone(response.header("Content-Length"), f"\n{response}")
                    self.assertEqual(response.header("Content-Type"), kind, f"\n{response}")
        self.assertEqual(self.head_of(self.acct.at("/events", format="sse")).header("Cache-Control"), "no-store")

    def test_head_of_streamed_events_on_http_1_0_closes(self):
        with self.program.connect() as connection:
            request = self.acct.viewer.head_lines("HEAD", self.acct.at("/events", format="ndjson"), None, {})
            connection.send(request.replace(b"HTTP/1.1", b"HTTP/1.0"))
            response = self.expect(connection.read_response(head=True), 200)
            self.assertIsNone(response.header("Content-Length"), f"\n{response}")
            self.assertIsNone(response.header("Transfer-Encoding"), f"\n{response}")
            self.assertTrue(connection.is_closed())

    def test_refused_head_of_events_has_the_length_of_its_error(self):
        for target, client in ((self.acct.at("/events", format="ndjson", after="x"), None), (self.acct.at("/events", format="sse"), self.acct.tracker),
                               ("/events?format=sse", None)):
            with self.subTest(target=target):
                got = (client or self.acct.viewer).get(target)
                head = self.head_of(target, client)
                self.assertGreaterEqual(head.status, 400, f"\n{head}")
                self.assertEqual(head.status, got.status, f"\n{head}")
                self.assertEqual(self.fields(head), self.fields(got), f"\n{head}")

    def test_head_of_a_long_export_claims_no_length(self):
        for number in range(300):
            self.acct.mapping(f"long-{number}.example", label="x" * 100)
        target = self.acct.at("/referrer-mappings/export")
        got = self.acct.viewer.get(target)
        self.assertIsNone(got.header("Content-Length"), "the export is too short for this test")
        self.assertEqual(self.fields(self.head_of(target)), self.fields(got))

    def test_malformed_head_gets_no_body(self):
        for request in (b"HEAD /livez HTTP/1.1\r\n\r\n", b"HEAD /livez HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n", b"HEAD /livez HTTP/1.1\nHost: a\n\n",
                        b"HEAD /livez\r\n\r\n", b"HEAD /livez http/1.1\r\nHost: a\r\n\r\n", b"HEAD  /livez HTTP/1.1\r\nHost: a\r\n\r\n",
                        b"HEAD\t/livez HTTP/1.1\r\nHost: a\r\n\r\n", b"HEAD /li vez HTTP/1.1\r\nHost: a\r\n\r\n",
                        b"HEAD /livez HTTP/1.1\r\nHost: %\r\n\r\n", b"\r\nHEAD /livez HTTP/1.1\r\n folded\r\n\r\n",
                        b"HEAD /livez HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
                        b"HEAD /livez HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", b"HEAD /livez HTTP/3.7\r\nHost: a\r\n\r\n",
                        b"HEAD /livez HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 101 + b"\r\n",
                        b"HEAD /" + b"x" * 20_000 + b" HTTP/1.1\r\n", b"HEAD /livez HTTP/1.1\r\nX: " + b"x" * 20_000):
            with self.subTest(request=request[:60]), self.program.connect() as connection:
                connection.send(request)
                response = connection.read_response(head=True)
                self.assertIn(response.status, (400, 414, 431, 501, 505), f"\n{response}")
                self.assertNotEqual(response.header("Content-Length"), "0", f"\n{response}")
                self.assertTrue(connection.is_closed(), "a body followed")

    def test_other_methods_that_look_like_head_get_a_body(self):
        for method in (b"HEADS", b"head", b"HEA", b"XHEAD"):
            with self.subTest(method=method), self.program.connect() as connection:
                connection.send(method + b" /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                response = connection.read_response()
                self.assertGreaterEqual(response.status, 400, f"\n{response}")
                self.assertTrue(response.body, f"\n{response}")

    def test_head_that_never_ends_gets_no_body(self):
        with self.program.connect(timeout=15) as connection:
            connection.send(b"HEAD /livez HTTP/1.1\r\nHost: a\r\n")
            try:
                response = connection.read_response(head=True)
            except NoResponse as fault:
                self.fail(str(fault))
            self.assertEqual(response.status, 408, f"\n{response}")
            self.assertTrue(connection.is_closed(), "a body followed")
