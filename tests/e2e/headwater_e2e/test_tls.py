"""TLS: what is agreed on, how connections end, which files are taken, and how they are read again."""
import pathlib
import shutil
import signal
import socket
import ssl
import tempfile
import time

from .case import Case
from .certificates import Authority, openssl
from .program import Program, StartFailed, run_command
from .world import Account

HELLO = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
STRICT = "Strict-Transport-Security"


class WithFiles(Case):
    """A directory with an authority and a pair, `cls.chain` and `cls.key`."""

    @classmethod
    def setUpClass(cls):
        cls.home = pathlib.Path(tempfile.mkdtemp(prefix="headwater-tls-"))
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        cls.authority = Authority(cls.home)
        cls.chain, cls.key = cls.authority.make("localhost")

    @classmethod
    def own_program(cls, *flags, chain=None, key=None) -> Program:
        return Program("--tls-cert", str(chain or cls.chain), "--tls-key", str(key or cls.key), *flags, tls=cls.authority.trust())


class Served(WithFiles):
    FLAGS = ("--header-timeout", "1", "--idle-timeout", "2")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.own_program(*cls.FLAGS).start()
        cls.addClassCleanup(cls.own.close)
        cls.acct = Account(cls.own)

    def plain_socket(self) -> socket.socket:
        one = socket.create_connection(self.own.address, timeout=10)
        self.addCleanup(one.close)
        return one

    def wrapped(self, **with_) -> ssl.SSLSocket:
        context = with_.pop("context", None) or self.authority.trust()
        return context.wrap_socket(self.plain_socket(), server_hostname="localhost", **with_)

    # what is agreed on

    def test_clients_that_trust_the_root_get_answers_by_tls_1_2_and_1_3(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.authority.trust()
            context.minimum_version = context.maximum_version = version
            one = self.wrapped(context=context)
            self.assertEqual(one.version(), str(version.name).replace("_", "."))
            self.assertIsNone(one.compression())
            self.assertRegex(one.cipher()[0], "GCM|CHACHA20")
            one.sendall(HELLO)
            self.assertTrue(one.recv(65536).startswith(b"HTTP/1.1 200 "))

    def test_tls_1_1_is_refused(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.wrapped(context=context)

    def test_alpn_is_http_1_1_or_nothing(self):
        for offered, chosen in ((["h2", "http/1.1"], "http/1.1"), ([], None)):
            context = self.authority.trust()
            if offered:
                context.set_alpn_protocols(offered)
            self.assertEqual(self.wrapped(context=context).selected_alpn_protocol(), chosen)
        context = self.authority.trust()
        context.set_alpn_protocols(["h2"])
        with self.assertRaises(ssl.SSLError):
            self.wrapped(context=context)

    def test_a_session_is_resumed_by_its_ticket(self):
        context = self.authority.trust()
        first = self.wrapped(context=context)
        first.sendall(HELLO)
        first.recv(65536)
        self.assertFalse(first.session_reused)
        self.assertTrue(self.wrapped(context=context, session=first.session).session_reused)

    def test_renegotiation_is_refused(self):
        address = f"{self.own.address[0]}:{self.own.address[1]}"
        done = openssl("s_client", "-tls1_2", "-connect", address, home=self.home, stdin="R\n")
        self.assertIn("no renegotiation", done.stderr + done.stdout)

    # requests and answers

    def test_bodies_and_answers_of_all_sizes_come_through(self):
        editor = self.acct.client("editor")
        rows = [{"domain": f"d{i}.example", "service_name": "s", "utm_source": "x" * 80} for i in range(3000)]
        imported = editor.post(self.acct.at("/passthrough-referrers/import"), rows)
        self.expect(imported, 200)
        listed = self.expect(editor.get(f"/passthrough-referrers?account_id={self.acct.id}"), 200)
        self.assertEqual(listed.data["total"], 3000)
        self.assertGreater(len(listed.body), 300_000)
        for _ in range(20):
            self.expect(editor.get("/livez"), 200)

    def test_visits_stream_both_ways(self):
        tracker = self.acct.client("tracker")
        with self.own.connect() as connection:
            head = tracker.head_lines("POST", f"/resolve?account_id={self.acct.id}", None,
                                      {"Transfer-Encoding": "chunked", "Content-Type": "application/x-ndjson"})
            connection.send(head)
            line = b'{"url":"https://shop.example/","referrer":"https://a.example/"}\n'
            connection.send(b"%x\r\n%s\r\n" % (len(line), line))
            self.expect(connection.read_head(), 200)
            chunks = connection.chunks()
            self.assertIn(b"referral", next(chunks))
            connection.send(b"%x\r\n%s\r\n0\r\n\r\n" % (len(line), line))
            self.assertIn(b"referral", b"".join(chunks))

    def test_pipelined_requests_are_answered_in_order(self):
        with self.own.connect() as connection:
            connection.send(b"".join(HELLO.replace(b"\r\n\r\n", b"\r\nX-Request-ID: %d\r\n\r\n" % i) for i in range(200)))
            for i in range(200):
                self.assertEqual(connection.read_response().header("X-Request-ID"), str(i))

    def test_a_client_that_reads_slowly_gets_all_of_a_large_answer(self):
        viewer = self.acct.client("viewer")
        with self.own.connect() as connection:
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            wire = viewer.head_lines("GET", "/openapi.json", None, {})
            connection.send(wire * 60)  # 6 MB, more than the sockets hold
            time.sleep(0.5)
            sizes = {len(connection.read_response().body) for _ in range(60)}
            self.assertEqual(len(sizes), 1)

    def test_every_answer_over_tls_says_that_tls_stays(self):
        nobody = self.own.client(None)
        for path, status in (("/livez", 200), ("/none", 404), ("/accounts", 401)):
            response = self.expect(nobody.get(path), status)
            self.assertEqual(response.header(STRICT), "max-age=31536000")
            self.assertEqual(response.header("X-Content-Type-Options"), "nosniff")
        with Program() as plain:
            self.assertIsNone(self.expect(plain.client().get("/livez"), 200).header(STRICT))

    # how connections end

    def test_an_answer_that_ends_the_connection_is_followed_by_close_notify(self):
        for head in (b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"GET /livez HTTP/1.0\r\n\r\n", b"NONSENSE\r\n\r\n"):
            with self.own.connect() as connection:
                connection.send(head)
                connection.read_response()
                self.assertTrue(connection.is_closed())  # recv() raises where close_notify is missing

    def test_idle_connections_end_with_close_notify(self):
        with self.own.connect() as connection:
            connection.send(HELLO)
            self.expect(connection.read_response(), 200)
            began = time.monotonic()
            self.assertTrue(connection.is_closed(6))
            self.assertGreater(time.monotonic() - began, 1)

    def test_a_body_that_is_cut_off_changes_nothing(self):
        for closes in (False, True):
            operator = self.own.client()
            account = f"cut-{closes}"
            body = b'{"account_id":"%s","name":"n","brand_ids":[]}' % account.encode()
            with self.own.connect() as connection:
                connection.send(operator.head_lines("POST", "/accounts", body + b" ", {"Content-Type": "application/json"}) + body)
                if closes:
                    try:
                        connection.socket.settimeout(2)
                        connection.socket.unwrap()  # close_notify and then the end
                    except (OSError, ValueError):
                        pass
            time.sleep(0.3)
            self.rules_error(operator.get(f"/accounts/{account}"), 404, "account_not_found")

    def test_a_slow_header_is_408_by_tls_too(self):
        with self.own.connect() as connection:
            connection.send(HELLO[:-2])
            self.assertEqual(connection.read_response(timeout=5).status, 408)
            self.assertTrue(connection.is_closed())

    # what is no TLS

    def test_plain_http_gets_one_plain_400(self):
        for sent in (HELLO, b"DELETE /x HTTP/1.1\r\n\r\n"):
            one = self.plain_socket()
            one.sendall(sent)
            got = b""
            while more := one.recv(65536):
                got += more
            self.assertTrue(got.startswith(b"HTTP/1.1 400 "), got)
            self.assertIn(b"https://", got)
            self.assertNotIn(STRICT.encode(), got)

    def test_other_bytes_are_closed(self):
        for sent in (b"\0" * 100, b"\x16\x03\x01\xff\xff" + b"x" * 1000, b"SSH-2.0-x\r\n"):
            one = self.plain_socket()
            one.sendall(sent)
            one.shutdown(socket.SHUT_WR)
            began = time.monotonic()
            try:
                while one.recv(65536):
                    pass
            except ConnectionError:
                pass
            self.assertLess(time.monotonic() - began, 3)
        self.expect(self.own.client().get("/livez"), 200)

    def test_the_handshake_has_a_deadline(self):
        for sent in (b"", b"\x16\x03\x01"):
            one = self.plain_socket()
            one.sendall(sent)
            began = time.monotonic()
            self.assertEqual(one.recv(1), b"")
            self.assertLess(time.monotonic() - began, 3)
            self.assertGreater(time.monotonic() - began, 0.7)

    def test_metrics_show_the_certificate_and_failed_handshakes(self):
        self.plain_socket().close()
        time.sleep(0.2)
        text = self.own.client().get("/metrics").body.decode()
        values = {line.split()[0]: float(line.split()[1]) for line in text.splitlines() if line.startswith("headwater_tls_")}
        self.assertGreater(values["headwater_tls_failed_handshakes_total"], 0)
        left = values["headwater_tls_certificate_expiry_timestamp_seconds"] - time.time()
        self.assertTrue(86_400 < left < 3 * 86_400)


class Room(WithFiles):
    def test_connections_that_do_not_shake_hands_give_way(self):
        with self.own_program("--max-connections", "8", "--io-threads", "1") as own:
            held = [socket.create_connection(own.address) for _ in range(8)]
            time.sleep(0.2)
            for _ in range(4):
                self.expect(own.client().get("/livez"), 200)
            for one in held:
                one.close()

    def test_handshakes_of_an_address_give_way_to_its_new_ones(self):
        with self.own_program("--max-connections", "80", "--max-connections-per-address", "8", "--io-threads", "1") as own:
            held = [socket.create_connection(own.address) for _ in range(12)]
            time.sleep(0.2)
            for _ in range(4):
                self.expect(own.client().get("/livez"), 200)
            for one in held:
                one.close()

    def test_beyond_the_connections_a_client_is_closed(self):
        with self.own_program("--max-connections", "1", "--io-threads", "1") as own:
            with own.connect() as busy:
                busy.send(b"POST /accounts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Length: 2\r\n\r\n"
                          % own.admin_token.encode())
                time.sleep(0.3)
                with self.assertRaises(OSError):
                    own.connect()
                busy.send(b"{}")
                self.assertEqual(busy.read_response().status, 422)

    def test_sigterm_ends_idle_connections_and_handshakes_at_once(self):
        own = self.own_program()
        try:
            own.start()
            with own.connect() as idle, socket.create_connection(own.address) as silent:
                idle.send(HELLO)
                self.expect(idle.read_response(), 200)
                began = time.monotonic()
                self.assertEqual(own.stop(), 0)
                self.assertLess(time.monotonic() - began, 4)
                self.assertTrue(idle.is_closed())
                silent.settimeout(1)
                self.assertEqual(silent.recv(1), b"")
        finally:
            own.close()


class Reading(WithFiles):
    """SIGHUP reads both files again."""

    def serial(self, own) -> int:
        with own.connect() as connection:
            return int(connection.socket.getpeercert()["serialNumber"], 16)

    def hang_up(self, own, word: str):
        before = own.log_text().count(word)
        own.process.send_signal(signal.SIGHUP)
        end = time.monotonic() + 10
        while own.log_text().count(word) == before and time.monotonic() < end:
            time.sleep(0.02)
        self.assertEqual(own.log_text().count(word), before + 1, own.log_text()[-2000:])

    def test_new_connections_get_the_new_certificate_and_old_ones_live_on(self):
        chain, key = self.home / "used.chain", self.home / "used.key"
        shutil.copy(self.chain, chain)
        shutil.copy(self.key, key)
        with self.own_program(chain=chain, key=key) as own, own.connect() as old:
            first = self.serial(own)
            fresh_chain, fresh_key = self.authority.make("fresh")
            shutil.copy(fresh_chain, chain)
            self.hang_up(own, "the old certificate stays in use")
            self.assertIn(f"--tls-key {key}", own.log_text())
            self.assertEqual(self.serial(own), first)
            shutil.copy(fresh_key, key)
            self.hang_up(own, "new connections get the certificate")
            second = self.serial(own)
            self.assertNotEqual(second, first)
            chain.write_text("nothing\n")
            self.hang_up(own, "the old certificate stays in use")
            self.assertEqual(self.serial(own), second)
            old.send(HELLO)
            self.expect(old.read_response(), 200)


class Refused(WithFiles):
    def refusal(self, *flags, code: int = 1) -> str:
        with tempfile.TemporaryDirectory() as home:
            data = pathlib.Path(home) / "data"
            done = run_command("serve", "--data", data, "--listen", "127.0.0.1:0", *flags)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertEqual(done.stdout, "")
            self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
            self.assertFalse(data.exists(), "a data directory was made")
            return done.stderr

    def refused_pair(self, chain, key) -> str:
        return self.refusal("--tls-cert", chain, "--tls-key", key)

    def test_a_start_names_the_file_that_it_cannot_use(self):
        none, text = self.home / "none", self.home / "text"
        text.write_text("no PEM\n")
        text.chmod(0o600)
        _, other = self.authority.make("other")
        locked = self.home / "locked.key"
        openssl("ec", "-in", self.key, "-aes256", "-passout", "pass:secret", "-out", locked, home=self.home)
        locked.chmod(0o600)
        for flags, words in (((none, self.key), (str(none), "No such file")), ((self.chain, none), (str(none), "No such file")),
                             ((text, self.key), (str(text), "no certificate")), ((self.chain, text), (str(text), "no private key")),
                             ((self.chain, other), (str(other), "is not the key", str(self.chain))),
                             ((self.chain, locked), (str(locked), "passphrase")), ((self.home, self.key), (str(self.home), "no regular file"))):
            said = self.refused_pair(*flags)
            for word in words:
                self.assertIn(word, said)

    def test_one_file_without_the_other_is_refused(self):
        for flags in (("--tls-cert", self.chain), ("--tls-key", self.key)):
            self.assertIn("both or none", self.refusal(*flags, code=2))

    def test_a_key_that_every_user_may_read_is_refused(self):
        key = self.home / "open.key"
        shutil.copy(self.key, key)
        key.chmod(0o644)
        self.assertIn(f"chmod o= {key}", self.refused_pair(self.chain, key))
        key.chmod(0o640)
        with self.own_program(key=key) as own:
            self.expect(own.client().get("/livez"), 200)

    def test_an_expired_certificate_is_served_with_a_warning(self):
        chain, key = self.authority.make("expired", days=-1)
        with self.own_program(chain=chain, key=key) as own:
            until = time.monotonic() + 10  # stderr is read beside stdout
            while "the certificate has expired" not in own.log_text():
                self.assertLess(time.monotonic(), until, own.log_text())
                time.sleep(0.05)
            with self.assertRaises(ssl.SSLCertVerificationError):
                own.connect()
            own.tls.check_hostname, own.tls.verify_mode = False, ssl.CERT_NONE
            self.expect(own.client().get("/livez"), 200)
