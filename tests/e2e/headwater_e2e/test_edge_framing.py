"""How requests are framed, by raw sockets: what is refused, and what must keep working."""
from .case import Case

OK = b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"


class Framing(Case):
    def raw(self, data: bytes, head=False):
        """The first answer to these bytes, and the connection that it came on."""
        connection = self.program.connect(timeout=10)
        self.addCleanup(connection.close)
        connection.send(data)
        return connection.read_response(head), connection

    def refused(self, data: bytes, statuses=(400,)):
        response, connection = self.raw(data)
        self.assertIn(response.status, statuses, f"\n{response}")
        self.assertEqual((response.header("Connection") or "").lower(), "close", f"\n{response}")
        self.assertTrue(connection.is_closed(), f"the connection stayed open\n{response}")
        if response.status == 400:
            self.rules_error(response, 400, "bad_request")

    def post(self, *lines, body=b"", version="1.1", host="Host: a"):
        head = [f"POST {self.acct.at('/resolve')} HTTP/{version}", *([host] if host else []),
                f"Authorization: Bearer {self.acct.tracker.token}", *lines]
        return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body

    VISIT = b'{"url":"https://a.example/"}'

    def chunked(self, *chunks, end=b"0\r\n\r\n", lines=("Transfer-Encoding: chunked",)):
        return self.post(*lines, body=b"".join(chunks) + end)

    def chunk(self, data=VISIT, extension=b""):
        return b"%x%s\r\n%s\r\n" % (len(data), extension, data)

    # Host

    def test_exactly_one_valid_host_on_http_1_1(self):
        for lines in (b"", b"Host: a\r\nHost: b\r\n", b"Host: a\r\nhost: a\r\n", b"Host: a b\r\n", b"Host: a/b\r\n", b"Host: a@b\r\n",
                      b"Host: a:port\r\n", b"Host: a, b\r\n", b"Host: [::1\r\n", b"Host: %\r\n", b"Host: a%zz\r\n", b"Host: a%4\r\n",
                      b"Host: [:::]\r\n", b"Host: [abc]\r\n", b"Host: [1.2.3.4]\r\n", b"Host: [::1]x\r\n", b"Host: [fe80::1%25lo]\r\n",
                      b"Host: [1:2:3:4:5:6:7:8:9]\r\n"):
            with self.subTest(lines=lines):
                self.refused(b"GET /livez HTTP/1.1\r\n" + lines + b"\r\n")

    def test_hosts_of_all_valid_forms_are_fine(self):
        for host in (b"localhost", b"a.example:8080", b"127.0.0.1:80", b"[::1]:8080", b"[::1]", b"A.Example", b"a:", b"b%C3%BCcher.example",
                     b"[2001:DB8::8:800:200C:417A]:80", b"[::ffff:1.2.3.4]"):
            with self.subTest(host=host):
                response, _ = self.raw(b"GET /livez HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
                self.expect(response, 200)

    def test_http_1_0_needs_no_host_and_closes(self):
        response, connection = self.raw(b"GET /livez HTTP/1.0\r\n\r\n")
        self.expect(response, 200)
        self.assertTrue(connection.is_closed())

    # Length

    def test_transfer_encoding_is_exactly_chunked(self):
        for value in ("chunked, chunked", "xchunked", "cow, chunked", "chunked;q=1", "", "chunked,", ",chunked", "gzip,", "\x0bchunked",
                      "\xa0chunked", '"chunked"', "chunked gzip"):
            with self.subTest(value=value):
                self.refused(self.chunked(self.chunk(), lines=(f"Transfer-Encoding: {value}",)))

    def test_other_transfer_codings_are_501_and_close(self):
        for value in ("gzip, chunked", "gzip", "GZIP,\tChunked", "deflate", "compress, chunked", "identity", "chunked, identity", "x-gzip;q=1, chunked"):
            with self.subTest(value=value):
                request = self.chunked(self.chunk(), lines=(f"Transfer-Encoding: {value}",)) + OK
                response, connection = self.raw(request)
                self.rules_error(response, 501, "not_implemented")
                self.assertEqual(response.header("Connection"), "close", f"\n{response}")
                self.assertTrue(connection.is_closed(), "what followed was answered")

    def test_two_transfer_encodings_are_refused(self):
        self.refused(self.chunked(self.chunk(), lines=("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")))
        self.refused(self.chunked(self.chunk(), lines=("Transfer-Encoding: gzip", "Transfer-Encoding: chunked")))

    def test_transfer_encoding_with_content_length_is_refused(self):
        for lines in (("Transfer-Encoding: chunked", "Content-Length: 5"), ("Content-Length: 0", "Transfer-Encoding: chunked"),
                      ("Transfer-Encoding: gzip", "Content-Length: 5")):
            with self.subTest(lines=lines):
                self.refused(self.chunked(self.chunk(), lines=lines))

    def test_transfer_encoding_on_http_1_0_is_refused(self):
        self.refused(self.post("Transfer-Encoding: chunked", body=self.chunk() + b"0\r\n\r\n", version="1.0"))
        self.refused(self.post("Transfer-Encoding: gzip", body=self.chunk() + b"0\r\n\r\n", version="1.0"))

    def test_content_length_is_one_plain_number(self):
        for value in ("-1", "+5", "5,5", "5, 5", "1e1", "0x5", "5 5", "five", "", "18446744073709551616", "99999999999999999999999", "5;x"):
            with self.subTest(value=value):
                self.refused(self.post(f"Content-Length: {value}", body=self.VISIT))

    def test_two_content_lengths_are_refused_even_if_equal(self):
        self.refused(self.post(f"Content-Length: {len(self.VISIT)}", f"Content-Length: {len(self.VISIT)}", body=self.VISIT))
        self.refused(self.post("Content-Length: 5", f"Content-Length: {len(self.VISIT)}", body=self.VISIT))

    # Chunks

    def test_chunked_bodies_are_read(self):
        response, _ = self.raw(self.chunked(*(self.chunk(bytes([byte])) for byte in self.VISIT)))
        self.expect(response, 200)

    def test_small_chunk_extensions_are_ignored(self):
        response, _ = self.raw(self.chunked(self.chunk(extension=b";name=value;x")))
        self.expect(response, 200)

    def test_chunk_extensions_are_bounded(self):
        self.refused(self.chunked(self.chunk(extension=b";x=" + b"y" * 40000)))
        self.refused(self.chunked(*(self.chunk(bytes([byte]), b";x=" + b"y" * 2000) for byte in self.VISIT * 30)))

    def test_broken_chunks_are_refused(self):
        for body in (b"xyz\r\n", b"-1\r\n", b"5 \r\nabcde\r\n", b"5;\nabcde\r\n", b"5;a\nabcde\r\n", b"5\nabcde\r\n", b"5\r\nabcde\n0\r\n\r\n",
                     b"5\r\nabcdeXX0\r\n\r\n", b"FFFFFFFFFFFFFFFFF\r\n", b"\r\n", b"0x5\r\nabcde\r\n", b"5 5\r\nabcde\r\n"):
            with self.subTest(body=body):
                self.refused(self.post("Transfer-Encoding: chunked", body=body))

    # The header as a whole

    def test_header_lines_are_well_formed(self):
        for line in ("No-Colon", "Space : 1", " Folded: 1", "Bad\x01Name: 1", "A: 1\r\n folded", "A: b\x00c", ": empty", "A: b\x7fc"):
            with self.subTest(line=line):
                self.refused(f"GET /livez HTTP/1.1\r\nHost: a\r\n{line}\r\n\r\n".encode("latin-1"))

    def test_request_line_is_well_formed(self):
        for line in (b"GET /livez", b"GET  /livez HTTP/1.1", b"/livez HTTP/1.1", b"GET /li vez HTTP/1.1", b"G\x01T /livez HTTP/1.1",
                     b"GET /livez HTTP/1.1 x", b"GET /livez http/1.1", b"GET \x00 HTTP/1.1", b"GET /livez HTTP/x", b"\x16\x03\x01\x02"):
            with self.subTest(line=line):
                self.refused(line + b"\r\nHost: a\r\n\r\n")

    def test_unknown_versions_get_one_answer_and_a_close(self):
        for version in ("2.0", "0.9", "1.2", "3.7"):
            with self.subTest(version=version):
                response, connection = self.raw(f"GET /livez HTTP/{version}\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
                self.assertIn(response.status, (200, 400, 505), f"\n{response}")
                self.assertTrue(connection.is_closed())

    def test_header_over_16_kib_is_refused(self):
        self.refused(b"GET /livez HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 17000 + b"\r\n\r\n", (400, 431))
        self.refused(b"GET /livez HTTP/1.1\r\nHost: a\r\n" + b"X: 1\r\n" * 4000 + b"\r\n", (400, 431))
        self.refused(b"GET /" + b"x" * 17000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", (400, 414, 431))

    def test_header_just_under_16_kib_is_fine(self):
        start = b"GET /livez HTTP/1.1\r\nHost: a\r\nX: "
        response, _ = self.raw(start + b"x" * (16 * 1024 - len(start) - 4) + b"\r\n\r\n")
        self.expect(response, 200)

    def test_header_that_comes_byte_by_byte_is_read(self):
        with self.program.connect() as connection:
            for byte in OK:
                connection.send(bytes([byte]))
            self.expect(connection.read_response(), 200)

    # Connections

    def test_pipelined_requests_are_answered_in_order(self):
        requests = [f"GET /livez HTTP/1.1\r\nHost: a\r\nX-Request-ID: pipe-{n}\r\n\r\n".encode() for n in range(20)]
        with self.program.connect() as connection:
            connection.send(b"".join(requests))
            ids = [connection.read_response().header("X-Request-ID") for _ in requests]
        self.assertEqual(ids, [f"pipe-{n}" for n in range(20)])

    def test_pipelined_bodies_stay_in_step(self):
        one = self.post(f"Content-Length: {len(self.VISIT)}", body=self.VISIT)
        with self.program.connect() as connection:
            connection.send(one + self.chunked(self.chunk()) + one + OK)
            self.assertEqual([connection.read_response().status for _ in range(4)], [200] * 4)

    def test_refused_request_ends_the_pipeline(self):
        with self.program.connect() as connection:
            connection.send(OK + b"GET /livez HTTP/1.1\r\n\r\n" + OK)
            self.assertEqual(connection.read_response().status, 200)
            self.assertEqual(connection.read_response().status, 400)
            self.assertTrue(connection.is_closed())

    def test_close_is_honoured_whatever_stands_beside_it(self):
        for options in (b"Connection: close", b"Connection: close, keep-alive", b"Connection: keep-alive, CLOSE",
                        b"Connection: keep-alive\r\nConnection: close"):
            for version in (b"1.1", b"1.0"):
                with self.subTest(options=options, version=version):
                    response, connection = self.raw(b"GET /livez HTTP/%s\r\nHost: a\r\n%s\r\n\r\n" % (version, options) + OK)
                    self.expect(response, 200)
                    self.assertEqual(response.header("Connection"), "close", f"\n{response}")
                    self.assertTrue(connection.is_closed())

    def test_errors_of_a_well_framed_request_keep_the_connection(self):
        with self.program.connect() as connection:
            for request, status in ((b"GET /nope HTTP/1.1\r\nHost: a\r\n\r\n", 404), (self.post("Content-Length: 1", body=b"{"), 400),
                                    (self.post("Content-Length: 2", body=b"{}"), 422), (OK, 200)):
                connection.send(request)
                self.assertEqual(connection.read_response().status, status)

    def test_client_that_stops_sending_still_gets_its_answer(self):
        with self.program.connect() as connection:
            connection.send(OK)
            connection.socket.shutdown(1)
            self.expect(connection.read_response(), 200)

    # Expect

    def test_expected_continue_is_sent_before_the_body(self):
        with self.program.connect() as connection:
            connection.send(self.post("Expect: 100-continue", f"Content-Length: {len(self.VISIT)}"))
            self.assertEqual(connection.read_response().status, 100)
            connection.send(self.VISIT)
            self.expect(connection.read_response(), 200)

    def test_request_that_fails_early_gets_no_continue(self):
        request = self.post("Expect: 100-continue", "Content-Length: 1000").replace(self.acct.tracker.token.encode(), b"wrong" * 8)
        response, _ = self.raw(request)
        self.assertEqual(response.status, 401, f"\n{response}")
        response, _ = self.raw(self.post("Expect: 100-continue", f"Content-Length: {1 << 30}"))
        self.assertEqual(response.status, 413, f"\n{response}")
