"""--ops-listen: what the listener for operators serves, what is left of it on the first, and how they share the program."""
import shutil
import socket
import tempfile
import time

from .case import Case
from .certificates import Authority
from .program import Program, run_command
from .wire import Client, Connection
from .world import Account, make_token

OPS = ("--ops-listen", "127.0.0.1:0")
MONITORING = ("/livez", "/health", "/readyz", "/metrics")


class WithOps(Case):
    @classmethod
    def setUpClass(cls):
        cls.own = Program(*OPS).start()
        cls.addClassCleanup(cls.own.close)
        cls.acct = Account(cls.own)

    def ops(self, token=None) -> Client:
        client = Client(self.own.ops_address, token)
        client.is_observed = False  # /openapi.json is about the other listener
        return client


class OperatorsListener(WithOps):
    def test_monitoring_needs_no_token(self):
        for path in MONITORING:
            self.expect(self.ops().get(path), 200)
            self.expect(self.ops().request("HEAD", path), 200)
        self.assertIn("headwater_http_requests_total", self.ops().get("/metrics").body.decode())

    def test_readiness_is_told_in_detail(self):
        with Program(*OPS) as own:
            operators, nobody = Client(own.ops_address), own.client(None)
            self.assertEqual(self.expect(operators.get("/readyz"), 200).data["status"], "ready")
            own.limit_file_size(0)
            own.client().post("/accounts", {"account_id": "lost", "name": "n", "brand_ids": []})
            short = self.rules_error(nobody.get("/readyz"), 503, "service_unavailable")["message"]
            self.assertEqual(self.rules_error(own.client().get("/readyz"), 503, "service_unavailable")["message"], short)
            told = self.rules_error(operators.get("/readyz"), 503, "service_unavailable")["message"]
            self.assertTrue(told.startswith("Not ready: "))
            self.assertNotEqual(told, short)
            own.kill()

    def test_snapshots_still_need_an_admin_of_all_accounts(self):
        self.rules_error(self.ops().get("/snapshots"), 401, "unauthorized")
        self.rules_error(self.ops(self.acct.client("admin").token).get("/snapshots"), 403, "forbidden")
        self.rules_error(self.ops(self.acct.client("viewer").token).post("/snapshots"), 403, "forbidden")
        self.expect(self.ops(self.own.admin_token).get("/snapshots"), 200)
        self.assertIn(self.ops(self.own.admin_token).post("/snapshots").status, (201, 202))

    def test_nothing_else_is_there(self):
        operator = self.ops(self.own.admin_token)
        for path in ("/accounts", "/api-tokens", "/openapi.json", "/api/v1/accounts", f"/v1/{self.acct.brand}/ai-referrals", "/events"):
            self.expect(operator.get(path), 404)
            self.expect(operator.post(path, {}), 404)
            self.expect(operator.request("OPTIONS", path), 404)
        self.assertEqual(self.expect(operator.post("/metrics"), 405).header("Allow"), "GET, HEAD, OPTIONS")

    def test_commands_that_talk_to_a_server_may_use_it(self):
        url = f"http://{self.own.ops_address[0]}:{self.own.ops_address[1]}"
        listed = run_command("snapshot", "list", "--url", url, env={"HEADWATER_TOKEN": self.own.admin_token})
        self.assertEqual(listed.returncode, 0, listed.stderr)


class ClientsListener(WithOps):
    def test_readiness_is_the_status_alone_for_everybody(self):
        for client in (self.own.client(None), self.own.client(), self.acct.client("viewer")):
            self.assertEqual(self.expect(client.get("/readyz"), 200).body, b'{"success":true,"data":{"status":"ready"}}')
        for path in ("/livez", "/health"):
            self.expect(self.own.client(None).get(path), 200)

    def test_metrics_are_for_admins_of_all_accounts(self):
        self.rules_error(self.own.client(None).get("/metrics"), 401, "unauthorized")
        self.rules_error(self.own.client("hw_" + "x" * 43).get("/metrics"), 401, "unauthorized")
        for role in ("admin", "viewer", "tracker"):
            self.rules_error(self.acct.client(role).get("/metrics"), 403, "forbidden")
        self.expect(self.own.client().get("/metrics"), 200)
        slow = self.own.client(make_token(self.own.client(), role="admin", account_ids=["*"], rate_limit=1)["token"])
        self.expect(slow.get("/metrics"), 200)
        self.rules_error(slow.get("/metrics"), 429, "rate_limit_exceeded")

    def test_snapshots_and_all_else_are_as_ever(self):
        operator = self.own.client()
        self.expect(operator.get("/snapshots"), 200)
        self.rules_error(self.own.client(None).get("/snapshots"), 401, "unauthorized")
        self.expect(operator.get("/accounts"), 200)
        self.expect(self.own.client(None).get("/openapi.json"), 200)


class OneListener(Case):
    def test_without_the_setting_metrics_need_no_token_and_details_one(self):
        nobody = self.program.client(None)
        for path in MONITORING:
            self.expect(nobody.get(path), 200)


class Sharing(Case):
    @staticmethod
    def slow(own) -> bytes:
        """A request without its body, so that it is at work and does not give way."""
        head = f"POST /accounts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {own.admin_token}\r\nContent-Type: application/json\r\n"
        return (head + "Content-Length: 1\r\n\r\n").encode()

    def test_operators_get_in_where_clients_fill_the_first_listener(self):
        with Program(*OPS, "--max-connections", "4", "--io-threads", "1") as own:
            busy = [Connection(own.address) for _ in range(4)]
            for one in busy:
                one.send(self.slow(own))
            time.sleep(0.3)
            with Connection(own.address) as refused:
                self.assertEqual(refused.read_response().status, 503)
            operator = Client(own.ops_address)
            self.expect(operator.get("/readyz"), 200)
            idle = [socket.create_connection(own.ops_address) for _ in range(70)]
            time.sleep(0.3)
            for one in busy:
                one.send(b"{")
                self.expect(one.read_response(), 400)  # no JSON, but read
                one.close()
            for one in idle:
                one.close()

    def test_an_idle_operator_does_not_give_way_to_clients(self):
        with Program(*OPS, "--max-connections", "4", "--io-threads", "1") as own:
            with Connection(own.ops_address) as operator:
                operator.send(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
                self.expect(operator.read_response(), 200)
                busy = [Connection(own.address) for _ in range(4)]
                for one in busy:
                    one.send(self.slow(own))
                time.sleep(0.3)
                with Connection(own.address) as refused:
                    self.assertEqual(refused.read_response().status, 503)
                operator.send(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
                self.expect(operator.read_response(), 200)
                for one in busy:
                    one.close()

    def test_sigterm_ends_both(self):
        own = Program(*OPS)
        try:
            own.start()
            with Connection(own.ops_address) as idle:
                self.assertEqual(own.stop(), 0)
                self.assertTrue(idle.is_closed())
            for address in (own.address, own.ops_address):
                with self.assertRaises(ConnectionRefusedError):
                    Connection(address)
        finally:
            own.close()

    def test_both_listeners_speak_tls_with_the_same_certificate(self):
        home = tempfile.mkdtemp(prefix="headwater-ops-")
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        authority = Authority(home)
        chain, key = authority.make("localhost")
        with Program(*OPS, "--tls-cert", str(chain), "--tls-key", str(key), tls=authority.trust()) as own:
            self.expect(own.client(None).get("/livez"), 200)
            self.expect(Client(own.ops_address, tls=own.tls).get("/metrics"), 200)

    def test_an_address_that_is_none_is_refused_before_anything_is_made(self):
        with tempfile.TemporaryDirectory() as home:
            done = run_command("serve", "--data", home + "/data", "--listen", "127.0.0.1:0", "--ops-listen", "nowhere")
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("--ops-listen", done.stderr)
