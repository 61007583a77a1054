"""Probes and metrics, and what the service does when its disk no longer takes writes."""
import os
import pathlib
import re
import threading
import time

from .case import Case
from .program import Program, new_token, run_command
from .wire import NoResponse
from .world import Account

PASS, MAP = "/passthrough-referrers", "/referrer-mappings"


class Probes(Case):
    def test_livez_and_its_alias_and_readyz_answer_200(self):
        for path in ("/livez", "/health", "/readyz"):
            with self.subTest(path=path):
                response = self.expect(self.program.client(None).get(path), 200)
                self.assertEqual(response.header("Content-Type", "").split(";")[0], "application/json")
                response.json()


class Metrics(Case):
    def read(self) -> dict:
        """Sample name with labels -> value."""
        response = self.expect(self.acct.operator.get("/metrics"), 200)
        self.assertEqual(response.header("Content-Type", "").split(";")[0], "text/plain", f"\n{response}")
        samples = {}
        for line in response.body.decode().splitlines():
            if line and not line.startswith("#"):
                match = re.match(r"^([a-zA-Z_:][\w:]*(?:\{.*\})?) ([-+.eE\d]+|NaN|[+-]?Inf)$", line)
                self.assertTrue(match, line)
                samples[match[1]] = float(match[2])
        return samples

    def total(self, samples, name) -> float:
        found = [value for key, value in samples.items() if key.split("{")[0] == name]
        self.assertTrue(found, f"no {name} among {sorted({key.split('{')[0] for key in samples})}")
        return sum(found)

    def test_journal_counts_commits_commands_and_events(self):
        names = [f"headwater_journal_{what}_total" for what in ("commits", "commands", "events")]
        before = self.read()
        for number in range(5):
            self.acct.passthrough(f"m{number}.example")
        after = self.read()
        for name in names:
            self.assertGreaterEqual(self.total(after, name) - self.total(before, name), 5, name)
        self.assertGreater(self.total(after, "headwater_journal_commit_seconds_count"),
                           self.total(before, "headwater_journal_commit_seconds_count"))

    def test_requests_and_latencies_are_counted(self):
        samples = self.read()
        self.assertTrue([name for name in samples if re.match(r"headwater_(http_)?requests_total", name)], sorted(samples)[:40])
        self.assertTrue([name for name in samples if re.match(r"headwater_.*seconds_bucket", name)])

    def test_loaded_accounts_are_shown(self):
        self.assertTrue([name for name in self.read() if "accounts" in name])

    def test_program_process_and_disk_are_shown(self):
        samples = self.read()
        version = run_command("--version").stdout.split()[0]
        self.assertEqual(samples[f'headwater_build_info{{version="{version}"}}'], 1)
        self.assertAlmostEqual(samples["process_start_time_seconds"], time.time(), delta=6 * 3600)
        self.assertLessEqual(samples["process_start_time_seconds"], time.time() + 2)
        self.assertEqual(self.read()["process_start_time_seconds"], samples["process_start_time_seconds"])
        pages = int(pathlib.Path(f"/proc/{self.program.process.pid}/statm").read_text().split()[1])
        self.assertAlmostEqual(samples["process_resident_memory_bytes"], pages * os.sysconf("SC_PAGESIZE"), delta=64 << 20)
        disk = os.statvfs(self.program.data)
        self.assertEqual(samples["headwater_disk_size_bytes"], disk.f_blocks * disk.f_frsize)
        self.assertGreater(samples["headwater_disk_free_bytes"], 0)
        self.assertLessEqual(samples["headwater_disk_free_bytes"], samples["headwater_disk_size_bytes"])

    def test_no_client_text_is_in_a_metric(self):
        self.acct.viewer.get(self.acct.at(f"{PASS}/1"))
        self.acct.viewer.get("/some-path-of-a-scanner")
        text = self.acct.operator.get("/metrics").body.decode()
        self.assertNotIn(self.acct.id, text)
        self.assertNotIn("some-path-of-a-scanner", text)


class FullDisk(Case):
    """RLIMIT_FSIZE makes each write of the program fail for real, as a full disk does."""

    def setUp(self):
        # The checkpointer writes too: without it the first write that fails is that of a request.
        self.own = Program("--checkpoint-seconds", "0").start()
        self.addCleanup(self.own.close, quiet=False)
        self.acct = Account(self.own)
        self.rule = self.acct.passthrough("kept.example")
        self.acct.mapping("kept.example")
        self.link = self.acct.connection()
        self.spare = self.acct.connection("https://spare.example")
        self.victim = self.acct.operator.post("/api-tokens", {"name": "v", "role": "viewer", "token": new_token()}).data
        for role in ("viewer", "editor", "admin", "tracker"):
            self.acct.client(role)
        self.expect(self.acct.admin.put(self.acct.platforms("kept.example"), {"platform": "Kept"}), 201)

    @classmethod
    def setUpClass(cls):
        pass

    def unavailable(self, response, *codes):
        self.expect(response, 503)
        self.assertRegex(response.header("Retry-After") or "", r"^\d+$", f"\n{response}")
        if "/ai-referrals" in response.request.decode("latin-1").split("\r\n")[0]:
            self.vendor_error(response, 503)
        else:
            self.assertIn(response.error["code"], codes, f"\n{response}")

    def writes(self):
        at, acct = self.acct.at, self.acct
        row = {"date": "2026-05-20", "raw_referrer_value": "chatgpt.com", "raw_page_value": "/"}
        return [("POST", at(PASS), {"domain": "new.example", "utm_source": "s"}), ("PATCH", at(f"{PASS}/1"), {"utm_source": "new"}),
                ("DELETE", at(f"{PASS}/1"), None), ("POST", at(MAP), {"referrer_pattern": "new.example", "utm_source": "s"}),
                ("PATCH", at(f"{MAP}/1"), {"utm_source": "new"}), ("DELETE", at(f"{MAP}/1"), None),
                ("POST", f"/accounts/{acct.id}/restore-rules?as_of=0", None), ("POST", acct.at("/presets/payment/apply"), None), ("PATCH", f"/accounts/{acct.id}/attribution", {"ai_medium": "new"}),
                ("POST", "/accounts", {"account_id": "new", "name": "n"}), ("PATCH", f"/accounts/{acct.id}", {"name": "new"}),
                ("DELETE", f"/accounts/{acct.id}", None), ("POST", "/api-tokens", {"name": "n", "role": "viewer"}), ("DELETE", f"/api-tokens/{self.victim['id']}", None),
                ("POST", acct.connections(), {"website": "https://new.example", "provider": "custom"}),
                ("DELETE", acct.connections(self.spare["id"]), None), ("POST", acct.events(self.link), [row]),
                ("PUT", acct.platforms("new.example"), {"platform": "New"}), ("DELETE", acct.platforms("kept.example"), None)]

    def test_failed_append_is_503_stops_writes_keeps_reads_and_is_over_after_a_restart(self):
        acct = self.acct
        self.expect(self.own.client(None).get("/readyz"), 200)
        self.own.limit_file_size(0)
        first = acct.editor.post(acct.at(PASS), {"domain": "unknown.example", "utm_source": "s"})
        self.unavailable(first, "outcome_unknown")
        for method, path, body in self.writes():
            with self.subTest(method=method, path=path):
                self.unavailable(acct.operator.request(method, path, body), "service_unavailable", "outcome_unknown")
        response = self.expect(self.own.client(None).get("/readyz"), 503)
        self.assertRegex(response.header("Retry-After") or "", r"^\d+$", f"\n{response}")
        self.assertTrue(response.error["message"])
        self.expect(self.own.client(None).get("/livez"), 200)
        self.assertEqual(self.expect(acct.viewer.get(acct.at(PASS)), 200).data["referrers"], [self.rule])
        self.assertEqual(acct.resolve(referrer="https://kept.example/")["outcome"], "passthrough")
        self.own.limit_file_size(None)  # a failed fsync is never retried: only a restart helps
        self.unavailable(acct.editor.post(acct.at(PASS), {"domain": "later.example", "utm_source": "s"}), "service_unavailable")
        self.own.kill()
        self.own.start()
        viewer, editor = self.own.client(acct.viewer.token), self.own.client(acct.editor.token)
        domains = [r["domain"] for r in self.expect(viewer.get(acct.at(PASS)), 200).data["referrers"]]
        self.assertIn(domains, (["kept.example"], ["kept.example", "unknown.example"]))
        self.expect(editor.post(acct.at(PASS), {"domain": "later.example", "utm_source": "s"}), 201)
        self.expect(self.own.client(None).get("/readyz"), 200)

    def test_concurrent_writers_at_the_failure_all_hear_503(self):
        heard = []

        def write(number):
            try:
                heard.append(self.own.client(self.acct.editor.token).post(
                    self.acct.at(PASS), {"domain": f"c{number}.example", "utm_source": "s"}).status)
            except (NoResponse, OSError) as fault:
                heard.append(str(fault))

        self.own.limit_file_size(0)
        threads = [threading.Thread(target=write, args=(n,)) for n in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual(heard, [503] * 20)
        self.own.limit_file_size(None)
