"""What one account can do to another through each operation of the API: 100 connections with its token send the
operation's worst request, and single visits of another account are timed beside it.

HEADWATER_ABUSE_SECONDS sets how long each attack lasts (0.7 by default); HEADWATER_ABUSE_ONLY names operations
("resolveVisits", or "resolveVisits:7" for one of its requests).
"""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from .abuse import ALLOWED, MIB, SLOWEST, VISIT, Attack, connections, read_answer, request

SECONDS = float(os.environ.get("HEADWATER_ABUSE_SECONDS", "0.7"))
ONLY = os.environ.get("HEADWATER_ABUSE_ONLY", "").split()
CONNECTIONS = connections(100)
REGEXES, MAPPINGS = 10_000, 20_000
SCRIPT = pathlib.Path(__file__).parent.parent / "attack.lua"
JSON, NDJSON, CSV = "application/json", "application/x-ndjson", "text/csv"
LONGEST = 600  # seconds that wrk would go on


def many_members(size: int) -> bytes:
    """An object of unknown members."""
    count = size // 20
    return b"{" + b",".join(b'"key%09d":%d' % (number, number % 10) for number in range(count)) + b"}"


def visits_that_cost(count: int) -> list:
    return [{"url": f"https://www.shop.example/?p={number}", "referrer": f"https://www.some-partner{number}.example/"} for number in range(count)]


def draft(count: int) -> dict:
    return {"referrer_mappings": {"add": [{"referrer_pattern": f"^(a|b)*draft{number}[0-9]+(c|d)$", "match_type": "regex",
                                              "utm_source": "s"} for number in range(count)]}}


def p99(took: list) -> float:
    """Of durations in order, the one that a hundredth of them exceed."""
    return took[int(len(took) * 0.99)]


@unittest.skipUnless(shutil.which("wrk"), "there is no wrk to attack with")
class TestOperations(Attack):
    FLAGS = ("--rate-limit", "0")

    @classmethod
    def prepare(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        at = cls.hostile.at
        rules = [{"referrer_pattern": f"^[a-w.-]{{5}}[^q]+[0-9]$(?#{number})", "match_type": "regex", "utm_source": "s"}
                 for number in range(REGEXES)]
        rules += [{"referrer_pattern": f"partner{number}.example", "utm_source": "s", "description": "d" * 100} for number in range(MAPPINGS)]
        cls.rules = json.dumps(rules).encode()
        answer = cls.hostile.editor.post(at("/referrer-mappings/import", mode="merge"), rules)
        assert answer.status == 200, answer
        cls.domain = cls.hostile.passthrough("pay.example")
        answer = cls.hostile.editor.patch(f"/accounts/{cls.hostile.id}/attribution", {"return_paths": [f"/checkout{number}" for number in range(100)]})
        assert answer.status == 200, answer
        cls.connection = cls.hostile.connection()
        for batch in range(4):
            rows = [{"date": "2026-11-%02d" % (number % 20 + 1), "raw_referrer_value": "chatgpt.com",
                     "raw_page_value": f"/page/{batch}/{number}", "sessions": 1} for number in range(10_000)]
            answer = cls.hostile.editor.post(cls.hostile.events(cls.connection), rows)
            assert answer.status == 200, answer
        cls.rows = json.dumps(rows).encode()
        answer = cls.hostile.editor.post(cls.hostile.events(cls.connection), cls.rows, {"Content-Type": "text/plain"})
        assert answer.status == 415, answer
        for number in range(200):
            cls.hostile.connection(f"https://site{number}.example")
        cls.worst = cls.worst_requests()

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()
        super().tearDownClass()

    @classmethod
    def worst_requests(cls) -> dict:
        """By operationId: method, target, media type and body of the worst requests that we know."""
        own, at, brand = cls.hostile, cls.hostile.at, f"/v1/{cls.hostile.brand}/ai-referrals"
        one_mapping, one_domain = at("/referrer-mappings/1"), at(f"/passthrough-referrers/{cls.domain['id']}")
        numbers = b'{"visits":[' + b",".join([b"1e999"] * (MIB * 8 // 6 - 3)) + b"]}"
        batch = json.dumps({"visits": visits_that_cost(10_000)}).encode()
        lines = b"".join(json.dumps(each).encode() + b"\n" for each in visits_that_cost(1000))
        big = many_members(MIB - 100)
        long_path = json.dumps({"url": "https://www.shop.example/" + "a" * (7 * MIB), "referrer": "https://b.example/", "session": {"utm_source": "s"}}).encode()
        long_query = {"url": "https://www.shop.example/?" + "gclie=&" * MIB, "referrer": "https://b.example/"}
        drafted = json.dumps({**visits_that_cost(1)[0], "draft": draft(1000)}).encode()
        tried = json.dumps({"draft": draft(1), "compare": True, "visits": [long_query]}).encode()
        domains = json.dumps({"own_domains": ["a"] * (MIB // 5 - 10)}, separators=(",", ":")).encode()
        settings = json.dumps({**visits_that_cost(1)[0], "draft": {"attribution": {"own_domains": ["a"] * (2 * MIB - 100)}}}, separators=(",", ":")).encode()
        # Half of these make every rule another expression, the rest are the longest bodies.
        chosen = [json.dumps({"ids": list(range(1, 1001)), "set": fields}).encode()
                  for fields in ({"match_type": "contains"}, {"match_type": "regex"}, {"utm_source": "s" * (MIB - 10_000)})]
        ids = b'{"set":{},"ids":[' + b"1," * (MIB // 2 - 20) + b"1]}"
        csv_text = b"domain,utm_source\n" + b"".join(b"d%d.example,s\n" % number for number in range(20_000))
        get, post, patch, delete = "GET", "POST", "PATCH", "DELETE"

        def reads(target):
            return [(get, target, JSON, b"")]
        return {
            "resolveVisits": [(post, at("/resolve"), JSON, numbers), (post, at("/resolve"), JSON, batch),
                              (post, at("/resolve"), JSON, many_members(8 * MIB - 100)), (post, at("/resolve"), NDJSON, lines),
                              (post, at("/resolve"), JSON, VISIT), (post, at("/resolve"), JSON, drafted), (post, at("/resolve"), JSON, settings),
                              (post, at("/resolve"), JSON, long_path),
                              (post, at("/resolve", explain="true"), JSON, VISIT),
                              (post, at("/resolve", explain="all"), JSON, VISIT), (post, at("/resolve", explain="all"), JSON, batch),
                              (post, at("/resolve", as_of=1), JSON, VISIT),
                              (post, at("/resolve"), JSON, json.dumps(long_query).encode()),
                              (post, at("/resolve"), JSON, json.dumps({"visits": [long_query]}).encode()),
                              (post, at("/resolve", explain="all"), JSON, json.dumps(long_query).encode()),
                              (post, at("/resolve"), JSON, tried)],
            "listReferrerMappings": reads(at("/referrer-mappings")) + reads(at("/referrer-mappings", as_of=1)),
            "getReferrerMapping": reads(one_mapping),
            "createReferrerMapping": [(post, at("/referrer-mappings"), JSON, big)],
            "updateReferrerMapping": [(patch, one_mapping, JSON, big), (patch, one_mapping, JSON, b'{"label":"x"}')],
            "updateReferrerMappings": [(patch, at("/referrer-mappings"), JSON, body) for body in (*chosen, ids, big)]
            + [(patch, at("/referrer-mappings", dry_run="true"), JSON, chosen[0])],
            "deleteReferrerMapping": [(delete, at("/referrer-mappings/999999"), JSON, b"")],
            "deleteReferrerMappings": [(delete, at("/referrer-mappings", ids=",".join(map(str, range(900_000, 901_000)))), JSON, b"")],
            "exportReferrerMappings": reads(at("/referrer-mappings/export")) + reads(at("/referrer-mappings/export", format="csv")),
            "importReferrerMappings": [(post, at("/referrer-mappings/import", mode="merge"), JSON, cls.rules),
                                       (post, at("/referrer-mappings/import", mode="merge", dry_run="true"), JSON, cls.rules)],
            "listPassthroughReferrers": reads(at("/passthrough-referrers")),
            "getPassthroughReferrer": reads(one_domain),
            "createPassthroughReferrer": [(post, at("/passthrough-referrers"), JSON, big)],
            "updatePassthroughReferrer": [(patch, one_domain, JSON, big)],
            "updatePassthroughReferrers": [(patch, at("/passthrough-referrers"), JSON, big)],
            "deletePassthroughReferrer": [(delete, at("/passthrough-referrers/999999"), JSON, b"")],
            "deletePassthroughReferrers": [(delete, at("/passthrough-referrers", ids="999999"), JSON, b"")],
            "exportPassthroughReferrers": reads(at("/passthrough-referrers/export")),
            "importPassthroughReferrers": [(post, at("/passthrough-referrers/import", mode="merge", dry_run="true"), CSV, csv_text)],
            "listPresets": reads("/presets"),
            "tellSource": reads("/sources?host=" + "a." * 1000 + "google.de") + reads("/sources?host=" + "%C3%A4" * 300 + ".example"),
            "applyPreset": [(post, at("/presets/payment/apply", dry_run="true"), JSON, b""),
                            (post, at("/presets/payment/apply"), JSON, b"")],
            "lintRules": reads(at("/rules/lint")),
            "getRuleState": reads(f"/accounts/{own.id}/state"),
            "diffRules": reads(f"/accounts/{own.id}/diff?from=0&to=1"),
            "restoreRules": [(post, f"/accounts/{own.id}/restore-rules?as_of=1", JSON, b"")],
            "getAttributionSettings": reads(f"/accounts/{own.id}/attribution") + reads(f"/accounts/{own.id}/attribution?as_of=1"),
            "updateAttributionSettings": [(patch, f"/accounts/{own.id}/attribution", JSON, big), (patch, f"/accounts/{own.id}/attribution", JSON, domains),
                                          (patch, f"/accounts/{own.id}/attribution", JSON, b'{"ai_medium":"x"}')],
            "readEvents": reads(at("/events")) + reads(at("/events", limit=1000)),
            "listCheckpoints": reads("/checkpoints"),
            "getLatestCheckpoint": reads("/checkpoints/latest"),
            "getCheckpointKey": reads("/checkpoints/key"),
            "getCheckpoint": reads("/checkpoints/1"),
            "proveInclusion": reads(at("/proofs/inclusion", sequence=1)),
            "proveConsistency": reads("/proofs/consistency?from=1&to=2"),
            "getOwnApiToken": reads("/api-tokens/self"),
            "listConnections": reads(f"{brand}/connections"),
            "createConnection": [(post, f"{brand}/connections", JSON, big)],
            "getConnection": reads(own.connections(cls.connection["id"])),
            "disableConnection": [(delete, own.connections("01ARZ3NDEKTSV4RRFFQ69G5FAV"), JSON, b"")],
            "pushAiReferralsEvents": [(post, own.events(cls.connection), JSON, cls.rows), (post, own.events(cls.connection), JSON, cls.rows[:200] + b"]"),
                                      (post, own.events(cls.connection), "text/plain", cls.rows)],
            "listAiReferralsBatches": reads(own.connections(cls.connection["id"], "/batches")),
            "getAiReferralsReport": reads(f"{brand}?group_by=page,date&start_date=2026-10-20&end_date=2026-11-20&limit=1000"),
            "listAiPlatforms": reads(f"{brand}/platforms"),
            "live": reads("/livez"), "health": reads("/health"), "ready": reads("/readyz"), "metrics": reads("/metrics"),
            "openapi": reads("/openapi.json"),
        }

    #: Operations that only admins may call.
    FOR_ADMINS = {"listAccounts", "createAccount", "getAccount", "updateAccount", "eraseAccount", "getErasure", "listApiTokens",
                  "createApiToken", "getApiToken", "revokeApiToken", "createSnapshot", "listSnapshots", "putAiPlatform", "removeAiPlatform"}

    def test_every_operation_has_a_worst_request(self):
        document = self.expect(self.acct.viewer.get("/openapi.json"), 200).json()
        known = {operation["operationId"] for item in document["paths"].values() for operation in item.values()
                 if isinstance(operation, dict) and "operationId" in operation}
        self.assertEqual(known - self.FOR_ADMINS, set(self.worst))

    def attacker(self, role: str, method: str, target: str, media: str, body: bytes) -> subprocess.Popen:
        path = pathlib.Path(self.scratch.name) / "body"
        path.write_bytes(body)
        host, port = self.program.address
        # The attacker is somewhere else in truth, so it gets what the program and its clients leave.
        attacker = subprocess.Popen(["nice", "-n", "19", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{LONGEST}", "--timeout", "30s", "-s", str(SCRIPT),
                                     "-H", f"Authorization: Bearer {self.hostile.client(role).token}", f"http://{host}:{port}{target}",
                                     "--", method, media, str(path)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        # From when it catches SIGINT on, that makes it end with a summary.
        status, until = pathlib.Path(f"/proc/{attacker.pid}/status"), time.monotonic() + 30
        while not int(re.search(r"^SigCgt:\s+(\w+)$", status.read_text(), re.M)[1], 16) >> (signal.SIGINT - 1) & 1:
            self.assertIsNone(attacker.poll(), "wrk did not begin")
            self.assertLess(time.monotonic(), until, "wrk does not begin")
            time.sleep(0.01)
        return attacker

    def end(self, attacker: subprocess.Popen) -> int:
        """Ends the attack, which has gone on until now; how often it was answered."""
        self.assertIsNone(attacker.poll(), "the attack ended early")
        attacker.send_signal(signal.SIGINT)
        said = attacker.communicate(timeout=60)[0]
        self.assertRegex(said, r"\d+ requests in ")
        return int(re.search(r"(\d+) requests in ", said)[1])

    def cost_alone(self, attack: tuple, role: str) -> float:
        """Seconds of the processor that the program takes under the attack and nothing else."""
        self.wait_until_compiled()  # and until the attack before has ended
        before = self.program.processor_seconds()
        attacker = self.attacker(role, *attack)
        time.sleep(1.5)
        used = self.program.processor_seconds() - before
        self.end(attacker)
        return used

    def timed_beside(self, attack: tuple, role: str) -> tuple:
        """Seconds that single visits of another account take, sorted; answers other than 200; answers to the attacker."""
        mine = request(self.acct.at("/resolve"), self.acct.tracker.token, VISIT)
        clients = [socket.create_connection(self.program.address) for _ in range(6)]  # most likely one on each io thread
        for each in clients:
            each.settimeout(30)
            each.sendall(mine)
            read_answer(each)
        attacker = self.attacker(role, *attack)
        time.sleep(0.3)
        took, refused, began = [], 0, time.monotonic()
        # Enough of them that the slowest one is no percentile.
        while (lasted := time.monotonic() - began) < SECONDS or (len(took) < 300 and lasted < SECONDS + 3):
            for each in clients:
                asked = time.monotonic()
                each.sendall(mine)
                refused += b" 200 " not in read_answer(each).split(b"\r\n")[0] + b" "
                took.append(time.monotonic() - asked)
            time.sleep(0.002)
        answered = self.end(attacker)
        for each in clients:
            each.close()
        return sorted(took), refused, answered

    def test_no_operation_takes_the_time_of_others(self):
        lines = []
        for name, attacks in self.worst.items():
            for number, attack in enumerate(attacks):
                if ONLY and not {name, f"{name}:{number}"} & set(ONLY):
                    continue
                with self.subTest(operation=name, number=number):
                    role = "tracker" if name == "resolveVisits" and not re.search("explain|as_of", attack[1]) and b'"draft"' not in attack[3][:400] \
                        else "editor"
                    self.memory.forget()  # earlier attacks have left rules, rows and their caches
                    took, refused, answered = self.timed_beside(attack, role)
                    if p99(took) >= SLOWEST:
                        # Three of 300 visits that met a busy moment of this machine are enough: what is slow, is so again.
                        print(f"{name} {number}: p99 {1e3 * p99(took):.1f} ms, measured once more", flush=True)
                        took, refused_again, answered = self.timed_beside(attack, role)
                        refused += refused_again
                    grown = self.memory.highest - self.memory.idle
                    late = p99(took)
                    lines.append(f"{name} {number}: attacker answered {answered} times, p99 {1e3 * late:.1f} ms, median {1e3 * took[len(took) // 2]:.1f}, longest {1e3 * took[-1]:.1f}, of {len(took)}, {grown / MIB:.0f} MiB more")
                    if os.environ.get("HEADWATER_ABUSE_PRINT"):
                        print(lines[-1], flush=True)
                    if not answered:  # the first answer takes longer, so what the attack costs is seen
                        used = self.cost_alone(attack, role)
                        if os.environ.get("HEADWATER_ABUSE_PRINT"):
                            print(f"{name} {number}: {used:.2f} s of the processor alone", flush=True)
                        self.assertGreater(used, 0.1, "there was no attack")
                    self.assertEqual(refused, 0)
                    self.assertLess(late, SLOWEST, lines[-1])
                    self.assertLess(grown, ALLOWED, lines[-1])
