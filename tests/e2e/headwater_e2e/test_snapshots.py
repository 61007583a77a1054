"""Snapshots: made under load, restored and compared; killed, short of room, tampered with, by schedule."""
import hashlib
import json
import os
import pathlib
import random
import resource
import shutil
import subprocess
import threading
import time

from . import signed_note
from .case import Case
from .program import Program, StartFailed, clean_environment, find_program, new_token, run_command
from .world import Account

PASS = "/passthrough-referrers"
NAME = r"^\d{8}T\d{6}Z-\d{12,}(-\d+)?$"
ROUNDS = int(os.environ.get("HEADWATER_SNAPSHOTS", "12"))
KILLS = int(os.environ.get("HEADWATER_SNAPSHOT_KILLS", "12"))


def seeded() -> random.Random:
    seed = int(os.environ.get("HEADWATER_SEED", random.randrange(1 << 32)))
    print(f"seed {seed}", flush=True)
    return random.Random(seed)


def lines_of(data) -> list:
    done = run_command("log", "show", "--data", data)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def digest_of(lines) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


class Snapshots(Case):
    @classmethod
    def setUpClass(cls):
        pass

    def setUp(self):
        self.own = self.program_with()

    @property
    def program(self):
        return self.own

    def program_with(self, *flags, **settings) -> Program:
        made = Program(*flags, **settings)
        self.addCleanup(made.close)
        return made

    def run_ok(self, *arguments, **settings) -> str:
        done = run_command("snapshot", *arguments, **settings)
        self.assertEqual(done.returncode, 0, f"{arguments}\n{done.stdout}{done.stderr}")
        return done.stdout

    def run_bad(self, status: int, *arguments, **settings) -> str:
        done = run_command("snapshot", *arguments, **settings)
        self.assertEqual(done.returncode, status, f"{arguments}\n{done.stdout}{done.stderr}")
        self.assertTrue(done.stderr.startswith("headwater: "), done.stderr)
        return done.stderr

    def fill(self, rules: int = 30) -> Account:
        account = Account(self.own)
        for number in range(rules):
            account.passthrough(f"r{number}.example")
        account.connection()
        return account

    def stopped(self, rules: int = 30) -> pathlib.Path:
        """A data directory with some events that nobody serves."""
        self.own.start()
        self.fill(rules)
        self.own.stop()
        return self.own.data

    def made(self, data) -> pathlib.Path:
        return data / "snapshots" / self.run_ok("create", "--data", data).splitlines()[0]

    def check_shelf(self, data):
        for name in self.names(data):
            self.run_ok("verify", data / "snapshots" / name)

    def names(self, data) -> list:
        return [line.split()[0] for line in self.run_ok("list", "--data", data).splitlines()]


class UnderLoad(Snapshots):
    WRITERS = 4

    def write(self, account, number):
        client, count = self.own.client(account.editor.token), 0
        while not self.enough.is_set():
            if not self.go.wait(0.05):
                continue
            domain = f"w{number}-{count}.example"
            response = client.post(account.at(PASS), {"domain": domain, "utm_source": "s"})
            count += 1
            if response.status == 201:
                self.acknowledged.append((account.id, domain))
            else:
                self.faults.append(str(response))

    def check_restored(self, name, position, before):
        """Restores, starts and compares; the digest of the events up to the position."""
        new = self.own.home / "restored"
        self.run_ok("restore", "--from", self.own.data / "snapshots" / name, "--data", new)
        lines = lines_of(new)
        self.assertEqual(len(lines), position + 1)
        last = json.loads(lines.pop())["header"]
        self.assertEqual((last["type"], last["position"], last["stream"]), ("log_restored", position + 1, "system"))
        events = [json.loads(line) for line in lines]
        self.assertEqual([event["header"]["position"] for event in events], list(range(1, position + 1)))
        there = {(event["header"]["stream"].partition("/")[2], event["part"]["payload"].get("domain"))
                 for event in events}
        self.assertEqual([one for one in before if one not in there], [])
        self.assertEqual(run_command("log", "verify", "--data", new).returncode, 0)
        with Program(data=str(new), admin_token=self.own.admin_token) as again:
            client = again.client()
            for account in self.accounts:
                listed = self.expect(client.get(account.at(PASS)), 200).data["referrers"]
                self.assertEqual({rule["domain"] for rule in listed}, {d for a, d in there if a == account.id and d})
        shutil.rmtree(new)
        return digest_of(lines)

    def test_snapshots_under_full_load_hold_exactly_what_was_acknowledged(self):
        self.own.start()
        self.accounts = [Account(self.own) for _ in range(self.WRITERS)]
        self.acknowledged, self.faults = [], []
        self.go, self.enough = threading.Event(), threading.Event()
        writers = [threading.Thread(target=self.write, args=(account, n)) for n, account in enumerate(self.accounts)]
        for writer in writers:
            writer.start()
        taken, operator = [], self.own.client()
        try:
            for _ in range(ROUNDS):
                self.go.set()
                time.sleep(0.05)
                before = list(self.acknowledged)
                made = self.expect(operator.post("/snapshots"), 201).data["snapshot"]
                self.go.clear()  # restoring is not about load, and the log need not grow
                taken.append((made, self.check_restored(made["name"], made["position"], before), len(before)))
        finally:
            self.enough.set()
            for writer in writers:
                writer.join(30)
        self.assertEqual(self.faults, [])
        self.assertGreater(taken[-1][2], taken[0][2] + ROUNDS)
        source = lines_of(self.own.data)
        for made, digest, _ in taken:
            self.assertEqual(digest, digest_of(source[:made["position"]]), made["name"])
        self.assertEqual(self.names(self.own.data), [made["name"] for made, _, _ in taken])


class Api(Snapshots):
    def test_snapshot_is_made_listed_counted_and_verifies(self):
        self.own.start()
        account = self.fill()
        before = self.own.client().get("/snapshots").data
        self.assertEqual(before, {"snapshots": [], "total": 0, "last_attempt": None})
        attempt = self.expect(self.own.client().post("/snapshots"), 201).data
        made = attempt["snapshot"]
        self.assertEqual((attempt["state"], attempt["error"]), ("complete", None))
        self.assertRegex(made["name"], NAME)
        self.assertEqual(made["position"], made["events"])
        self.assertEqual((made["accounts"], made["connections"]), (1, 1))
        manifest = json.loads((self.own.data / "snapshots" / made["name"] / "MANIFEST.json").read_text())
        self.assertRegex(made["merkle_root"], r"^[0-9a-f]{64}$")
        self.assertEqual(made["merkle_root"], manifest["merkle_root"])
        checksum = manifest.pop("checksum")
        self.assertEqual(checksum, hashlib.sha256((json.dumps(manifest, sort_keys=True, separators=(",", ":")) + "\n").encode()).hexdigest())
        self.assertGreater(made["bytes_shared"], 0)
        listed = self.expect(self.own.client().get("/snapshots"), 200).data
        self.assertEqual(listed["total"], 1)
        self.assertEqual(listed["last_attempt"], attempt)
        self.assertEqual(listed["snapshots"], [{name: made[name] for name in
                                                ("name", "position", "created_at", "bytes", "bytes_shared")}])
        path = self.own.data / "snapshots" / made["name"]
        self.run_ok("verify", path, "--manifest-sha256", made["manifest_sha256"])
        self.run_bad(1, "verify", path, "--manifest-sha256", "00" * 32)
        self.assertEqual(hashlib.sha256((path / "MANIFEST.json").read_bytes()).hexdigest(), made["manifest_sha256"])
        text = self.own.client(None).get("/metrics").body.decode()
        values = dict(line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("headwater_snapshot_"))
        self.assertGreater(float(values["headwater_snapshot_last_success_timestamp_seconds"]), time.time() - 600)
        self.assertGreater(float(values["headwater_snapshot_last_duration_seconds"]), 0)
        self.assertEqual(float(values["headwater_snapshot_failures_total"]), 0)
        self.assertEqual(self.expect(account.viewer.get(account.at(PASS)), 200).data["total"], 30)

    def test_only_an_admin_for_all_accounts_may(self):
        self.own.start()
        account = Account(self.own)
        for role in ("tracker", "viewer", "editor", "admin"):
            for method in ("GET", "POST"):
                self.rules_error(account.client(role).request(method, "/snapshots", None), 403, "forbidden")
        for method in ("GET", "POST"):
            self.rules_error(self.own.client(None).request(method, "/snapshots"), 401, "unauthorized")
        self.assertFalse((self.own.data / "snapshots").exists())

    def test_one_is_made_at_a_time(self):
        self.own.start()
        self.fill(5)
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(self.own.client().post("/snapshots"))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual({answer.status for answer in answers} - {201, 409}, set())
        made = [answer.data["snapshot"]["name"] for answer in answers if answer.status == 201]
        self.assertEqual(sorted(made), sorted(self.names(self.own.data)))
        self.assertTrue(made)
        for answer in answers:
            if answer.status == 409:
                self.rules_error(answer, 409, "duplicate_entry", "A snapshot is being made already")

    def test_snapshot_that_takes_longer_than_a_command_answers_202_and_is_made(self):
        self.own.start()
        self.fill(5)
        self.own.stop()
        self.own.flags += ["--command-timeout", "0.001"]  # noticed four times a second
        self.own.start()
        made = 0
        for _ in range(100):
            answer = self.own.client().post("/snapshots")
            self.assertIn(answer.status, (201, 202, 409, 503), f"\n{answer}")  # 503: the token's look-up
            if answer.status == 202:
                break
            made += answer.status == 201
        self.assertEqual((answer.status, answer.data["state"]), (202, "running"), f"\n{answer}")
        deadline = time.time() + 30
        while len(self.names(self.own.data)) <= made and time.time() < deadline:
            time.sleep(0.05)
        self.assertEqual(len(self.names(self.own.data)), made + 1)
        self.check_shelf(self.own.data)

    def test_command_line_asks_a_running_server(self):
        self.own.start()
        self.fill(5)
        env = {"HEADWATER_TOKEN": self.own.admin_token}
        name = self.run_ok("create", "--url", self.own.url, env=env).splitlines()[0]
        self.assertIn(name, self.run_ok("list", "--url", self.own.url, env=env))
        self.assertEqual(self.names(self.own.data), [name])
        self.run_bad(2, "create", "--data", self.own.data)  # in use
        self.run_bad(1, "create", "--url", self.own.url, env={"HEADWATER_TOKEN": new_token()})
        self.run_bad(2, "create", "--url", "http://127.0.0.1:1", env=env)


class Directories(Snapshots):
    def test_stopped_installation_is_copied_and_restored_elsewhere(self):
        data = self.stopped()
        shelf, new = self.own.home / "shelf", self.own.home / "new"
        before = lines_of(data)
        name = self.run_ok("create", "--data", data, "--to", shelf).splitlines()[0]
        self.assertEqual(lines_of(data), before)
        self.run_ok("verify", shelf / name)
        self.run_ok("restore", "--from", shelf / name, "--data", new)
        self.assertEqual(lines_of(new)[:-1], before)
        error = self.run_bad(2, "restore", "--from", shelf / name, "--data", new)
        self.assertIn("not empty", error)
        with Program(data=str(new), admin_token=self.own.admin_token) as again:
            self.expect(again.client().get("/accounts"), 200)
        self.own.start()

    def test_restored_log_names_the_origin_and_the_last_checkpoint_of_the_old_one(self):
        data, new = self.stopped(), self.own.home / "new"
        path = self.made(data)
        self.run_ok("restore", "--from", path, "--data", new)
        self.own.start()
        client = self.own.client()
        vkey = self.expect(client.get("/checkpoints/key"), 200).data["verifier_key"]
        position = json.loads((path / "MANIFEST.json").read_text())["position"]
        told = json.loads(lines_of(new)[-1])["part"]["payload"]
        self.assertEqual(told["old_origin"], vkey.split("+")[0])
        _, size, root, _ = signed_note.parse_checkpoint(told["old_checkpoint"], vkey)
        self.assertEqual(size, position, "the last checkpoint was cut at shutdown")
        self.assertEqual(root.hex(), json.loads((path / "MANIFEST.json").read_text())["merkle_root"])
        with Program(data=str(new), admin_token=self.own.admin_token) as again:
            self.assertNotEqual(self.expect(again.client().get("/checkpoints/key"), 200).data["origin"], told["old_origin"])

    def test_restore_is_held_to_what_the_operator_has_noted(self):
        data, new = self.stopped(), self.own.home / "new"
        name, *_, printed = self.run_ok("create", "--data", data).split()
        path = data / "snapshots" / name
        sha256 = hashlib.sha256((path / "MANIFEST.json").read_bytes()).hexdigest()
        self.assertEqual(printed, sha256)
        self.own.start()
        vkey = self.expect(self.own.client().get("/checkpoints/key"), 200).data["verifier_key"]
        self.own.stop()
        with Program() as other:
            foreign = self.expect(other.client().get("/checkpoints/key"), 200).data["verifier_key"]
        key = self.own.home / "key.txt"
        key.write_text(vkey + "\n")
        for noted, status, words in ((("--manifest-sha256", "0" * 64), 1, f"MANIFEST.json has the SHA-256 {sha256}, not {'0' * 64}"),
                                     (("--manifest-sha256", "zz"), 2, "not 64 hexadecimal digits"),
                                     (("--key", foreign), 1, "no checkpoint in the snapshot is signed by the key " + foreign.split("+")[0]),
                                     (("--key", foreign.split("+")[0]), 2, "--key: "),
                                     (("--key", self.own.home / "none"), 2, "--key: ")):
            for command in (("verify", path), ("restore", "--from", path, "--data", new)):
                with self.subTest(noted=noted, command=command[0]):
                    self.assertIn(words, self.run_bad(status, *command, *noted))
                    self.assertFalse(new.exists())
        for empty in ("--manifest-sha256", "--key"):  # as of a shell's variable that is not set
            done = run_command("snapshot", "restore", "--from", path, "--data", new, empty, "")
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(f"{empty}: it is empty", done.stderr)
            self.assertFalse(new.exists())
        events = json.loads((path / "MANIFEST.json").read_text())["events"]
        proven = f"the first {events} of them proven by a checkpoint of {vkey.split('+')[0]}"
        self.assertIn(proven, self.run_ok("verify", path, "--key", vkey))
        self.assertIn(proven, self.run_ok("restore", "--from", path, "--data", new, "--manifest-sha256", sha256.upper(), "--key", key))
        # A copy that was changed as a whole agrees with itself, and with nothing that was noted.
        text = (path / "MANIFEST.json").read_text()
        forged = json.loads(text)
        forged.pop("checksum")
        forged["program"] = "forged"
        forged["checksum"] = hashlib.sha256((json.dumps(forged, sort_keys=True, separators=(",", ":")) + "\n").encode()).hexdigest()
        (path / "MANIFEST.json").write_text(json.dumps(forged, sort_keys=True, separators=(",", ":")) + "\n")
        self.run_ok("verify", path)
        shutil.rmtree(new)
        self.run_bad(1, "restore", "--from", path, "--data", new, "--manifest-sha256", sha256)
        self.assertFalse(new.exists())

    def test_directory_that_is_no_installation_is_not_made_one(self):
        nowhere = self.own.home / "nowhere"
        self.run_bad(2, "create", "--data", nowhere)
        self.assertFalse(nowhere.exists())
        self.run_bad(2, "create")
        self.run_bad(2, "verify", nowhere)
        self.run_bad(2, "restore", "--from", nowhere, "--data", self.own.home / "new")
        self.assertFalse((self.own.home / "new").exists())

    def test_changed_byte_of_any_file_is_found_and_named(self):
        path = self.made(self.stopped())
        for entry in json.loads((path / "MANIFEST.json").read_text())["files"]:
            if entry["size"] == 0:
                continue
            target = path / entry["name"]
            good = target.read_bytes()
            target.unlink()  # it may be a hard link
            bad = bytearray(good)
            bad[len(bad) // 2] ^= 1
            target.write_bytes(bad)
            self.assertIn(entry["name"], self.run_bad(1, "verify", path))
            self.run_bad(1, "restore", "--from", path, "--data", self.own.home / "new")
            self.assertFalse((self.own.home / "new").exists())
            target.write_bytes(good)
        self.run_ok("verify", path)

    def test_server_does_not_start_on_a_snapshot(self):
        path = self.made(self.stopped(3))
        with self.assertRaises(StartFailed) as refused:
            self.program_with(data=str(path)).start()
        self.assertIn("is a snapshot", refused.exception.stderr)
        self.run_ok("verify", path)

    def test_prune_keeps_the_newest(self):
        data = self.stopped(3)
        made = [self.made(data).name for _ in range(4)]
        (data / "snapshots" / "notes").mkdir()
        self.run_ok("prune", "--data", data, "--keep", "2")
        self.assertEqual(self.names(data), made[2:])
        self.assertTrue((data / "snapshots" / "notes").exists())


class Schedule(Snapshots):
    def test_snapshots_come_by_schedule_and_the_oldest_go(self):
        shelf = self.own.home / "shelf"
        (shelf / "notes").mkdir(parents=True)
        (shelf / "20200101T000000Z.partial").mkdir()
        self.own.flags += ["--snapshot-dir", str(shelf), "--snapshot-every", "1s", "--snapshot-keep", "2"]
        self.own.start()
        seen, deadline = set(), time.time() + 30
        while len(seen) < 4 and time.time() < deadline:
            listed = [each["name"] for each in self.expect(self.own.client().get("/snapshots"), 200).data["snapshots"]]
            self.assertLessEqual(len(listed), 3)  # the newest and those that go now
            seen.update(listed)
            time.sleep(0.1)
        self.assertGreaterEqual(len(seen), 4)
        self.own.stop()
        left = {entry.name for entry in shelf.iterdir()}
        self.assertIn("notes", left)
        left.remove("notes")
        # A stop may come between a snapshot's success and the removal of the oldest, which the next success removes.
        self.assertIn(len(left), (2, 3), left)
        self.assertEqual(left, set(sorted(seen | left)[-len(left):]))

    def test_interval_without_a_unit_is_refused(self):
        for bad in ("6", "h", "6 h", "1.5h", "9999999d"):
            done = run_command("serve", "--data", self.own.data, "--snapshot-every", bad)
            self.assertNotEqual(done.returncode, 0, bad)
            self.assertIn("snapshot-every", done.stderr)
        self.assertFalse(self.own.data.exists())


class Failures(Snapshots):
    def limited(self, limit: int, *arguments) -> subprocess.CompletedProcess:
        """Writes beyond the limit fail, as on a full disk."""
        return subprocess.run([find_program(), "snapshot", *map(str, arguments)], capture_output=True, text=True,
                              env=clean_environment(), timeout=60,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))

    def killed_after(self, seconds: float, *arguments):
        process = subprocess.Popen([find_program(), "snapshot", *map(str, arguments)], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env=clean_environment())
        time.sleep(seconds)
        process.kill()
        process.wait(30)

    def test_full_disk_refuses_the_snapshot_and_the_server_goes_on(self):
        self.own.start()
        account = self.fill(5)
        self.own.limit_file_size(4 << 20)
        error = self.rules_error(self.own.client().post("/snapshots"), 503, "service_unavailable")
        self.assertIn("cannot reserve", error["message"])
        last = self.own.client().get("/snapshots").data["last_attempt"]
        self.assertEqual((last["state"], last["snapshot"]), ("failed", None))
        self.assertIn("cannot reserve", last["error"])
        account.passthrough("later.example")
        self.expect(self.own.client(None).get("/readyz"), 200)
        self.assertEqual(list((self.own.data / "snapshots").iterdir()), [])
        self.own.limit_file_size(None)
        self.expect(self.own.client().post("/snapshots"), 201)
        text = self.own.client(None).get("/metrics").body.decode()
        self.assertIn("\nheadwater_snapshot_failures_total 1", text)

    def test_full_disk_leaves_no_copy_and_the_source_as_it_was(self):
        data = self.stopped()
        before = lines_of(data)
        for limit in (2 << 20, 8 << 20):
            done = self.limited(limit, "create", "--data", data)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertEqual(list((data / "snapshots").iterdir()), [])
            self.assertEqual(lines_of(data), before)
        path, new = self.made(data), self.own.home / "new"
        done = self.limited(1 << 16, "restore", "--from", path, "--data", new)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("cannot reserve", done.stderr)
        self.assertFalse(new.exists())
        self.run_ok("verify", path)

    def test_kills_while_a_snapshot_is_made_leave_the_source_and_no_false_copy(self):
        random_numbers, data = seeded(), self.stopped(300)
        before = lines_of(data)
        began = time.monotonic()
        self.made(data)
        took = time.monotonic() - began
        for _ in range(KILLS):
            self.killed_after(random_numbers.uniform(0, took * 1.1), "create", "--data", data)
            self.assertEqual(run_command("log", "verify", "--data", data).returncode, 0)
            self.check_shelf(data)
        self.assertEqual(lines_of(data), before)
        self.made(data)
        self.check_shelf(data)
        self.assertEqual([entry.name for entry in (data / "snapshots").iterdir() if "partial" in entry.name], [])

    def test_kills_of_a_server_that_makes_a_snapshot_lose_nothing(self):
        random_numbers = seeded()
        acknowledged = []
        for number in range(max(3, KILLS // 3)):
            self.own.start()
            account = Account(self.own)
            for rule in range(20):
                account.passthrough(f"k{number}-{rule}.example")
                acknowledged.append(f"k{number}-{rule}.example")
            asking = threading.Thread(target=self.ask_in_vain)
            asking.start()
            time.sleep(random_numbers.uniform(0, 0.15))
            self.own.kill()
            asking.join(30)
            self.check_shelf(self.own.data)
            self.assertEqual(run_command("log", "verify", "--data", self.own.data).returncode, 0)
        text = "\n".join(lines_of(self.own.data))
        self.assertEqual([domain for domain in acknowledged if domain not in text], [])

    def ask_in_vain(self):
        try:
            self.own.client().post("/snapshots")
        except Exception:  # the server dies under it
            pass

    def test_kills_while_restoring_leave_nothing_that_starts_half(self):
        random_numbers, data = seeded(), self.stopped(300)
        path, new = self.made(data), self.own.home / "new"
        began = time.monotonic()
        self.run_ok("restore", "--from", path, "--data", new)
        took = time.monotonic() - began
        whole = len(lines_of(new))
        ends = []
        for _ in range(KILLS):
            shutil.rmtree(new)
            self.killed_after(random_numbers.uniform(0, took * 1.1), "restore", "--from", path, "--data", new)
            new.mkdir(exist_ok=True)
            if (new / "FORMAT").exists():
                ends.append("whole")
                self.assertEqual(len(lines_of(new)), whole)
                self.assertEqual(run_command("log", "verify", "--data", new).returncode, 0)
            elif [entry for entry in new.iterdir() if entry.name != "LOCK"]:
                ends.append("half")
                with self.assertRaises(StartFailed):
                    self.program_with(data=str(new)).start()
                self.run_bad(2, "restore", "--from", path, "--data", new)
            else:
                ends.append("nothing")
        print("restores that were killed left", {end: ends.count(end) for end in sorted(set(ends))}, flush=True)
        self.run_ok("verify", path)

