"""Trailers of a chunked body: read within the limits of a header, dropped, and never believed."""
from .case import Case
from .wire import NoResponse

OK = b"GET /livez HTTP/1.1\r\nHost: a\r\nX-Request-ID: the-next-one\r\n\r\n"
LIMIT = 16 * 1024


class Trailers(Case):
    def request(self, trailers: bytes, more: str = "") -> bytes:
        visit = b'{"url":"https://a.example/"}'
        head = (f"POST {self.acct.at('/resolve')} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.acct.tracker.token}\r\n"
                f"{more}Transfer-Encoding: chunked\r\n\r\n").encode()
        return head + b"%x\r\n%s\r\n0\r\n%s\r\n" % (len(visit), visit, trailers)

    def dropped(self, trailers: bytes):
        """The body is taken, and the connection goes on with the very next byte."""
        with self.program.connect() as connection:
            connection.send(self.request(trailers) * 2 + OK)
            for _ in range(2):
                self.expect(connection.read_response(), 200)
            self.assertEqual(self.expect(connection.read_response(), 200).header("X-Request-ID"), "the-next-one")

    def refused(self, trailers: bytes, status: int, code: str):
        with self.program.connect() as connection:
            connection.send(self.request(trailers) + OK)
            response = connection.read_response()
            self.rules_error(response, status, code)
            self.assertEqual(response.header("Connection"), "close", f"\n{response}")
            self.assertTrue(connection.is_closed(), "what followed was answered")

    def test_trailers_are_dropped(self):
        for trailers in (b"", b"X-Trailer: 1\r\n", b"a:\r\nb: \xc3\xbc\t\r\n", b"X: y\r\n" * 100):
            with self.subTest(trailers=trailers):
                self.dropped(trailers)

    def test_trailers_say_nothing_about_message_or_connection(self):
        for trailers in (b"Content-Length: 1000\r\n", b"Content-Length: x\r\nContent-Length: 3\r\n", b"Transfer-Encoding: gzip\r\n",
                         b"Transfer-Encoding: chunked\r\n", b"Host: other\r\nHost: %\r\n", b"Connection: close\r\n",
                         b"Expect: 100-continue\r\n", b"Content-Encoding: gzip\r\n", b"Content-Type: text/plain\r\n"):
            with self.subTest(trailers=trailers):
                self.dropped(trailers)

    def test_trailers_are_no_credentials(self):
        secret = f"Authorization: Bearer {self.acct.tracker.token}\r\n".encode()
        request = self.request(secret).replace(secret, b"", 1)
        self.assertIn(secret, request)
        with self.program.connect() as connection:
            connection.send(request)
            self.rules_error(connection.read_response(), 401, "unauthorized")

    def test_announced_trailers_are_fine(self):
        with self.program.connect() as connection:
            connection.send(self.request(b"X-Checksum: 1\r\n", more="Trailer: X-Checksum\r\nTE: trailers\r\n"))
            self.expect(connection.read_response(), 200)

    def test_malformed_trailers_are_400_and_close(self):
        for trailers in (b"X : y\r\n", b" X: y\r\n", b"X: y\r\n folded\r\n", b"X: y\r\n\tfolded\r\n", b"nonsense\r\n", b": y\r\n", b"X: y\n",
                         b"\n", b"X: a\rb\r\n", b"X: \x00\r\n", b"X\x00: y\r\n", b"GET /livez HTTP/1.1\r\nHost: a\r\n"):
            with self.subTest(trailers=trailers):
                self.refused(trailers, 400, "bad_request")

    def test_bare_line_feeds_hide_no_request(self):
        for end in (b"\n\n", b"X: y\n\n", b"X: y\r\n\n"):
            with self.subTest(end=end), self.program.connect() as connection:
                connection.send(self.request(b"").removesuffix(b"\r\n") + end + OK)
                self.rules_error(connection.read_response(), 400, "bad_request")
                self.assertTrue(connection.is_closed(), "what followed was answered")

    def test_trailers_have_the_limits_of_a_header(self):
        self.dropped(b"X: " + b"y" * (LIMIT - 7) + b"\r\n")
        self.refused(b"X: " + b"y" * (LIMIT - 6) + b"\r\n", 431, "header_too_large")
        self.refused(b"X: y\r\n" * 101, 431, "header_too_large")
        self.refused((b"X: " + b"y" * 1000 + b"\r\n") * 20, 431, "header_too_large")

    def test_endless_trailer_is_431_without_its_end(self):
        with self.program.connect() as connection:
            connection.send(self.request(b"").removesuffix(b"\r\n") + b"X: " + b"y" * LIMIT)
            self.rules_error(connection.read_response(), 431, "header_too_large")

    def test_trailers_may_come_byte_by_byte(self):
        with self.program.connect() as connection:
            for byte in self.request(b"A: 1\r\nBc: 2\r\n"):
                connection.send(bytes([byte]))
            self.expect(connection.read_response(), 200)

    def test_body_is_not_answered_before_its_trailers_are_there(self):
        with self.program.connect() as connection:
            connection.send(self.request(b"A: 1\r\n").removesuffix(b"\r\n"))
            with self.assertRaises(NoResponse):
                connection.read_response(timeout=0.5)
            connection.send(b"\r\n")
            self.expect(connection.read_response(), 200)

    def test_refused_trailers_change_nothing(self):
        body = b'{"domain":"trailer.example","utm_source":"s"}'
        head = (f"POST {self.acct.at('/passthrough-referrers')} HTTP/1.1\r\nHost: a\r\n"
                f"Authorization: Bearer {self.acct.editor.token}\r\nTransfer-Encoding: chunked\r\n\r\n").encode()
        for trailers, status in ((b"X : y\r\n", 400), (b"X: y\r\n" * 101, 431), (b"X: y\r\n", 201)):
            with self.subTest(status=status), self.program.connect() as connection:
                connection.send(head + b"%x\r\n%s\r\n0\r\n%s\r\n" % (len(body), body, trailers))
                self.expect(connection.read_response(), status)

    def test_stream_of_lines_takes_trailers(self):
        head = (f"POST {self.acct.at('/resolve')} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.acct.tracker.token}\r\n"
                "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n").encode()
        line = b'{"url":"https://a.example/"}\n'
        with self.program.connect() as connection:
            connection.send(head + b"%x\r\n%s\r\n0\r\nX-Lines: 1\r\n\r\n" % (len(line), line) + OK)
            self.assertEqual(len(self.expect(connection.read_response(), 200).ndjson()), 1)
            self.expect(connection.read_response(), 200)
