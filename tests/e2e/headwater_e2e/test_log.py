"""`headwater log show|replay|diff`: beside a running server and on a stopped one, against what the API says of the same moment."""
import hashlib
import json
import random
import shutil
import subprocess
import time
import unittest

from .case import Case
from .program import Program, find_program, run_command
from .test_time_travel import rfc3339
from .world import Account, make_token

PASS, MAP = "/passthrough-referrers", "/referrer-mappings"
FLUSHES_FOR = 6  # seconds
ROW = {"date": "2026-11-01", "raw_referrer_value": "chatgpt.com", "raw_page_value": "/", "sessions": 1}


class Log(Case):
    @classmethod
    def setUpClass(cls):
        pass

    def setUp(self):
        self.own = Program().start()
        self.addCleanup(self.own.close)
        self.acct = Account(self.own)

    @property
    def program(self):
        return self.own

    def run_ok(self, command: str, *arguments) -> str:
        done = run_command("log", command, "--data", self.own.data, *arguments)
        self.assertEqual(done.returncode, 0, f"{arguments}\n{done.stdout}{done.stderr}")
        return done.stdout

    def run_bad(self, status: int, command: str, *arguments) -> str:
        done = run_command("log", command, "--data", self.own.data, *arguments)
        self.assertEqual(done.returncode, status, f"{arguments}\n{done.stdout}{done.stderr}")
        self.assertTrue(done.stderr.strip())
        return done.stderr

    def fill(self) -> dict:
        """Some of everything; the connection."""
        for number in range(4):
            self.acct.passthrough(f"p{number}.example")
            self.acct.mapping(f"m{number}.example", priority=number)
        self.expect(self.acct.editor.patch(self.acct.at(f"{MAP}/2"), {"utm_source": "changed"}), 200)
        self.expect(self.acct.editor.delete(self.acct.at(f"{PASS}/3")), 204)
        link = self.acct.connection()
        self.expect(self.acct.editor.post(self.acct.events(link), [ROW]), 200)
        return link

    def state(self, **query) -> dict:
        target = f"/accounts/{self.acct.id}/state" + "".join(f"?{name}={value}" for name, value in query.items())
        return self.expect(self.acct.viewer.get(target), 200).data

    def both_ways(self):
        """Beside the running server, then without it."""
        yield "running"
        self.own.stop()
        yield "stopped"


class Show(Log):
    def lines(self, *arguments) -> list:
        return [json.loads(line) for line in self.run_ok("show", *arguments).splitlines()]

    def test_filters_choose_what_the_api_chooses(self):
        link = self.fill()
        everything = self.lines()
        times = [event["header"]["time"] for event in everything]
        of = {"account": ("--account", self.acct.id), "connection": ("--connection", link["id"]), "system": ("--system",)}
        for where in self.both_ways():
            with self.subTest(where=where):
                self.assertEqual([event["header"]["position"] for event in everything], list(range(1, len(everything) + 1)))
                for kind, flags in of.items():
                    chosen = [event for event in everything if event["header"]["stream"].startswith(kind)]
                    self.assertTrue(chosen)
                    self.assertEqual(self.lines(*flags), chosen)
                    self.assertEqual(self.lines("--stream", chosen[0]["header"]["stream"]), chosen)
                    self.assertEqual(self.lines(*flags, "--after", "1", "--limit", "2"), chosen[1:3])
                    self.assertEqual(self.lines(*flags, "--limit", "1"), chosen[:1])
                self.assertEqual(self.lines("--type", "referrer_mapping_created"),
                                 [event for event in everything if event["header"]["type"] == "referrer_mapping_created"])
                self.assertEqual(len(self.lines("--type", "referrer_mapping_created", "--limit", "3")), 3)
                self.assertEqual(self.lines("--after", len(everything)), [])
                for first, last in ((2, 5), (0, len(times) - 1), (7, 7)):
                    expected = [event for event in everything if times[first] <= event["header"]["time"] <= times[last]]
                    self.assertEqual(self.lines("--from", rfc3339(times[first]), "--to", rfc3339(times[last])), expected)
                mine = [event for event in everything if event["header"]["stream"] == f"account/{self.acct.id}"]
                last_of_mine = mine[-1]["header"]["time"]
                self.assertEqual(self.lines("--account", self.acct.id, "--from", rfc3339(last_of_mine)),
                                 [event for event in mine if event["header"]["time"] >= last_of_mine])
        shown = self.run_ok("show", "--account", self.acct.id)
        self.assertEqual(shown, self.run_ok("show", "--account", self.acct.id, "--json"))

    def test_people_see_place_time_type_who_and_payload(self):
        self.acct.passthrough("a.example", service_name="x" * 100, utm_source="y" * 255, utm_campaign="z" * 255)
        event = self.lines("--account", self.acct.id)[0]
        first, second = self.run_ok("show", "--account", self.acct.id, "--human").splitlines()
        header, part = event["header"], event["part"]
        self.assertRegex(first, rf"^{header['position']}  account/{self.acct.id} 1  \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{6}}Z  "
                                rf"passthrough_referrer_created  by {part['principal']} in {part['request_id']}$")
        self.assertTrue(second.startswith('    {"domain":"a.example","id":1,'), second)
        self.assertRegex(second, r" \.\.\. \(\d+ bytes\)$")

    def test_people_see_nothing_that_a_terminal_would_obey(self):
        link = self.acct.connection()
        self.expect(self.acct.editor.post(self.acct.events(link), [{**ROW, "raw_page_value": "/\u009b31mEvil\x7f\x1b[2J"}]), 200)
        text = self.run_ok("show", "--connection", link["id"], "--human")
        self.assertIn(r"/\u009b31mEvil\u007f\u001b[2J", text)
        self.assertEqual([c for c in text if c != "\n" and (ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0)], [])

    def test_what_cannot_be_shown_says_why(self):
        self.assertIn("there is no stream account/none", self.run_bad(2, "show", "--account", "none"))
        self.assertIn("--from: 'yesterday'", self.run_bad(2, "show", "--from", "yesterday"))
        self.assertIn("--to: '5'", self.run_bad(2, "show", "--to", "5"))
        self.run_bad(2, "show", "--account", self.acct.id, "--system")
        self.run_bad(2, "show", "--json", "--human")
        self.run_bad(2, "show", "--limit", "many")


class Replay(Log):
    def test_every_version_has_the_state_hash_of_the_api_beside_it_and_after_it(self):
        source, hashes = random.Random(7), [self.state()]
        for number in range(12):
            if number % 3 == 2:
                self.expect(self.acct.editor.delete(self.acct.at(f"{MAP}/{number // 3 * 2 + 1}")), 204)
            else:
                self.acct.mapping(f"m{number}.example", priority=source.randrange(5), is_active=number % 2 == 0)
            hashes.append(self.state())
        self.assertEqual([each["version"] for each in hashes], list(range(13)))
        self.assertEqual(len({each["state_hash"] for each in hashes}), 13)
        for version in (0, 1, 7, 12):
            self.assertEqual(self.state(as_of=version), hashes[version])
            self.assertEqual(self.state(as_of=hashes[version]["time"] or "2000-01-01T00:00:00Z")["version"], version)
        for where in self.both_ways():
            for version in (0, 1, 6, 7, 12):
                with self.subTest(where=where, version=version):
                    self.assertEqual(json.loads(self.run_ok("replay", "--account", self.acct.id, "--as-of", version, "--json")), hashes[version])
            at = hashes[7]["time"]
            self.assertEqual(json.loads(self.run_ok("replay", "--account", self.acct.id, "--as-of", at, "--json")), hashes[7])
            self.assertEqual(json.loads(self.run_ok("replay", "--account", self.acct.id, "--json")), hashes[12])

    def test_state_is_the_text_that_the_hash_is_of(self):
        self.fill()
        lines = self.run_ok("replay", "--account", self.acct.id, "--state").splitlines()
        told = self.state()
        self.assertEqual(lines[0], f"account {self.acct.id} at version 10 ({told['time']})")
        self.assertEqual(lines[1], "3 passthrough referrers (3 active), 4 referrer mappings (4 active)")
        self.assertEqual(lines[2], f"state hash {told['state_hash']}")
        self.assertEqual(hashlib.sha256(lines[3].encode()).hexdigest(), told["state_hash"])
        state = json.loads(self.run_ok("replay", "--account", self.acct.id, "--state", "--json"))["state"]
        self.assertEqual(state, json.loads(lines[3]))
        listed = self.expect(self.acct.viewer.get(self.acct.at(MAP, include_inactive="true")), 200).data["mappings"]
        by_id = sorted(listed, key=lambda rule: rule["id"])
        self.assertEqual([(each["rule"]["id"], each["rule"]["referrer_pattern"], each["rule"]["utm_source"]) for each in state["referrer_mappings"]],
                         [(rule["id"], rule["referrer_pattern"], rule["utm_source"]) for rule in by_id])

    def test_account_without_events_is_replayed_to_nothing(self):
        self.assertEqual(self.run_ok("replay", "--account", self.acct.id).splitlines()[0], f"account {self.acct.id} at version 0")
        self.assertEqual(json.loads(self.run_ok("replay", "--account", self.acct.id, "--json")), self.state())

    def test_all_streams_have_one_hash_that_tells_copies_apart(self):
        self.fill()
        other = Account(self.own)
        other.passthrough("b.example")
        self.own.stop()
        copy = self.own.home / "copy"
        shutil.copytree(self.own.data, copy)
        *lines, last = self.run_ok("replay", "--json").splitlines()
        total = json.loads(last)
        self.assertEqual(total["state_hash"], hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest())
        events = [json.loads(line) for line in self.run_ok("show").splitlines()]
        self.assertEqual((total["events"], total["streams"], total["accounts"], total["erased"]), (len(events), 4, 2, 0))
        self.assertEqual(sum(json.loads(line)["version"] for line in lines), len(events))
        one = next(json.loads(line) for line in lines if json.loads(line).get("account_id") == self.acct.id)
        self.assertEqual(one, json.loads(self.run_ok("replay", "--account", self.acct.id, "--json")))
        human = self.run_ok("replay")
        self.assertRegex(human, rf"^replayed {len(events)} events of 4 streams, 2 of them accounts' rules, in [\d.e-]+ s: \d+ events a second\n"
                                rf"state hash of all {total['state_hash']}\n$")
        self.own.start()
        then = run_command("log", "replay", "--data", copy, "--json").stdout.splitlines()[-1]
        self.assertEqual(then, last)
        other.editor.address = self.own.address
        other.editor.close()
        other.passthrough("c.example")
        self.assertNotEqual(self.run_ok("replay", "--json").splitlines()[-1], last)
        until = max(event["header"]["time"] for event in events)
        self.assertEqual(self.run_ok("replay", "--json", "--as-of", rfc3339(until)).splitlines()[-1], last)

    def test_what_cannot_be_replayed_says_why(self):
        self.acct.passthrough("a.example")
        self.assertIn("there is no account none", self.run_bad(2, "replay", "--account", "none"))
        self.assertIn("--as-of: version 2 is not there yet; the account is at 1", self.run_bad(2, "replay", "--account", self.acct.id, "--as-of", "2"))
        self.assertIn("--as-of: '1x' is neither", self.run_bad(2, "replay", "--account", self.acct.id, "--as-of", "1x"))
        self.assertIn("a time, not a version", self.run_bad(2, "replay", "--as-of", "1"))
        self.run_bad(2, "replay", "--state")
        done = run_command("log", "replay", "--data", self.own.home / "none")
        self.assertEqual(done.returncode, 2, done.stderr)

    def test_state_of_the_api_is_walled_and_checked(self):
        self.acct.passthrough("a.example")
        target = f"/accounts/{self.acct.id}/state"
        other = Account(self.own)
        self.rules_error(other.viewer.get(target), 403, "forbidden", f"Access denied to account: {self.acct.id}")
        self.rules_error(self.acct.tracker.get(target), 403, "forbidden")
        self.rules_error(self.own.client(None).get(target), 401, "unauthorized")
        everywhere = self.own.client(make_token(self.own.client(), role="viewer", account_ids=["*"])["token"])
        self.rules_error(everywhere.get("/accounts/none/state"), 404, "account_not_found")
        self.invalid(self.acct.viewer.get(f"{target}?as_of=2"), "query.as_of")
        self.invalid(self.acct.viewer.get(f"{target}?as_of=x"), "query.as_of")


class Diff(Log):
    def test_json_is_what_the_api_answers(self):
        self.fill()
        pairs = ((0, 10), (3, 9), (10, 10), (1, None))
        answers = {}
        for first, last in pairs:
            query = f"from={first}" + (f"&to={last}" if last is not None else "")
            answers[first, last] = self.expect(self.acct.viewer.get(f"/accounts/{self.acct.id}/diff?{query}"), 200).data
        for where in self.both_ways():
            for first, last in pairs:
                with self.subTest(where=where, first=first, last=last):
                    to = ("--to", last) if last is not None else ()
                    shown = json.loads(self.run_ok("diff", "--account", self.acct.id, "--from", first, *to, "--json"))
                    self.assertEqual(shown, answers[first, last])

    def test_people_see_rules_fields_who_and_when(self):
        self.fill()
        who = self.expect(self.acct.editor.get("/api-tokens/self"), 200).data["id"]
        text = self.run_ok("diff", "--account", self.acct.id, "--from", "8")
        at = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
        self.assertRegex(text, rf"^account {self.acct.id} from version 8 \({at}\) to version 10 \({at}\)\n"
                               rf'- passthrough referrer 3 "p2\.example"  by {who} \(made by a test\) at {at}, version 10\n(    .*\n)+'
                               rf'~ referrer mapping 2 "m1\.example"  by {who} \(made by a test\) at {at}, version 9\n    utm_source: "source" -> "changed"\n$')
        added = self.run_ok("diff", "--account", self.acct.id, "--from", "0", "--to", "1")
        self.assertIn("from version 0 (before the first event) to version 1 (", added)
        self.assertIn('+ passthrough referrer 1 "p0.example"  by ', added)
        self.assertIn('    utm_source: "source"\n', added)
        self.assertIn("the rules and settings are the same", self.run_ok("diff", "--account", self.acct.id, "--from", "10"))

    def test_points_are_checked(self):
        self.acct.passthrough("a.example")
        self.assertIn("--from: version 1 comes after version 0", self.run_bad(2, "diff", "--account", self.acct.id, "--from", "1", "--to", "0"))
        self.assertIn("--to: version 9 is not there yet", self.run_bad(2, "diff", "--account", self.acct.id, "--from", "1", "--to", "9"))
        self.assertIn("--from: 'x' is neither", self.run_bad(2, "diff", "--account", self.acct.id, "--from", "x"))
        self.assertIn("there is no account none", self.run_bad(2, "diff", "--account", "none", "--from", "1"))
        self.run_bad(2, "diff", "--account", self.acct.id)


class HeldCheckpoint(Log):
    """A checkpoint that an auditor took away, compared with the log of later."""

    def setUp(self):
        self.own = Program("--checkpoint-seconds", "0.1").start()
        self.addCleanup(self.own.close)
        self.acct = Account(self.own)
        self.key = self.expect(self.acct.viewer.get("/checkpoints/key"), 200).data["verifier_key"]

    def take(self, at_least: int):
        """The newest checkpoint in a file, once it covers so many events; the file and its size."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            response = self.acct.viewer.get("/checkpoints/latest")
            if response.status == 200 and int(response.body.split(b"\n")[1]) >= at_least:
                size = int(response.body.split(b"\n")[1])
                path = self.own.home / f"{size}.note"
                path.write_bytes(response.body)
                return path, size
            time.sleep(0.05)
        self.fail("no checkpoint in time")

    def test_the_log_that_went_on_holds_what_it_proves(self):
        self.acct.mapping("first.example")
        note, size = self.take(1)
        for number in range(20):
            self.acct.mapping(f"m{number}.example")
        said = f"the given checkpoint of {size} events is of this log\n"
        for when in self.both_ways():
            with self.subTest(when=when):
                self.assertTrue(self.run_ok("verify", "--checkpoint", note).endswith(said))
                self.assertTrue(self.run_ok("verify", "--checkpoint", note, "--key", self.key).endswith(said))
        with open(note, "ab") as file:
            file.write(b"\n\n")  # as after `| tee` and an echo
        self.assertTrue(self.run_ok("verify", "--checkpoint", note).endswith(said))

    def test_an_older_copy_of_the_log_is_found_out(self):
        self.acct.mapping("first.example")
        self.own.stop()
        copy = self.own.home / "copy"
        shutil.copytree(self.own.data, copy)
        self.own.start()
        self.acct = Account(self.own)
        for number in range(20):
            self.acct.mapping(f"m{number}.example")
        note, size = self.take(20)
        self.own.stop()
        shutil.rmtree(self.own.data)
        shutil.copytree(copy, self.own.data)
        self.run_ok("verify")  # by itself it is whole
        self.assertIn(f"covers {size} events, but the log has", self.run_bad(1, "verify", "--checkpoint", note))
        self.own.start()  # and grows beyond that size, with another past
        self.acct = Account(self.own)
        for number in range(40):
            self.acct.mapping(f"n{number}.example")
        self.run_ok("verify")
        self.assertIn(f"the given checkpoint of {size} events has another root", self.run_bad(1, "verify", "--checkpoint", note))

    def test_a_note_that_says_nothing_is_no_fault_of_the_log(self):
        self.acct.mapping("first.example")
        note, _ = self.take(1)
        text = note.read_bytes()
        bad = self.own.home / "bad.note"
        for content in (b"", b"hello\n", text.replace(b"\n", b"1\n", 2), text[:-10] + b"AAAAAAAA=\n", text + b"x" * (1 << 20)):
            with self.subTest(content=content[:60]):
                bad.write_bytes(content)
                self.assertIn(str(bad), self.run_bad(2, "verify", "--checkpoint", bad))
        self.run_bad(2, "verify", "--checkpoint", self.own.home / "missing.note")


@unittest.skipUnless(shutil.which("strace"), "there is no strace to slow a reader down")
class Flushes(Log):
    def test_a_flush_between_manifest_and_wal_is_no_damage(self):
        """A reader that lists files slowly beside a server that flushes for a while: until then what it sees has a hole."""
        self.fill()
        reader = subprocess.Popen(["strace", "-f", "-o", "/dev/null", "-e", "trace=getdents64", "-e", "inject=getdents64:delay_exit=250000",
                                   find_program(), "log", "verify", "--data", str(self.own.data)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        number, end = 0, time.monotonic() + FLUSHES_FOR
        while time.monotonic() < end and reader.poll() is None:
            number += 1
            self.acct.mapping(f"f{number}.example")
            self.expect(self.acct.operator.post("/snapshots"), 201)  # which flushes
        _, said = reader.communicate(timeout=120)
        if "ptrace" in said:
            self.skipTest(f"programs cannot be traced here: {said.strip()}")
        self.assertEqual(reader.returncode, 0, said)


class Ending(Log):
    def test_an_answer_that_cannot_be_written_is_not_success(self):
        self.acct.passthrough("a.example")
        vkey = self.expect(self.own.client().get("/checkpoints/key"), 200).data["verifier_key"]
        self.own.stop()  # which signs a checkpoint
        export, shelf = self.own.home / "export.ndjson", self.own.home / "shelf"
        made = run_command("log", "export", "--data", self.own.data, "--all", "-o", export)
        self.assertEqual(made.returncode, 0, made.stderr)
        made = run_command("snapshot", "create", "--data", self.own.data, "--to", shelf)
        self.assertEqual(made.returncode, 0, made.stderr)
        snapshot = shelf / made.stdout.splitlines()[0]
        data = ("--data", str(self.own.data))
        commands = [("log", "verify", *data), ("log", "rebuild", *data), ("log", "show", *data), ("log", "replay", *data),
                    ("log", "diff", *data, "--account", self.acct.id, "--from", "0"), ("log", "export", *data, "--all", "-o", str(export)),
                    ("log", "verify-export", str(export), "--key", vkey), ("snapshot", "verify", str(snapshot)), ("snapshot", "list", "--dir", str(shelf)),
                    ("snapshot", "create", *data, "--to", str(shelf)), ("snapshot", "restore", "--from", str(snapshot), "--data", str(self.own.home / "new")),
                    ("snapshot", "prune", "--dir", str(shelf), "--keep", "1")]
        for command in commands:
            with self.subTest(command=command[:2]), open("/dev/full", "wb") as full:
                done = subprocess.run([find_program(), *command], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn("cannot write to standard output", done.stderr)

    def test_help_tells_what_the_exit_status_means(self):
        for command in ("verify", "rebuild", "show", "replay", "diff", "export", "verify-export"):
            with self.subTest(command=command):
                done = run_command("log", command, "--help")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertRegex(done.stdout, r"Exit status: 0 [^,]+, 1 [^2]+, 2 it could not be ")


class OldHead(Log):
    def setUp(self):
        self.own = Program("--checkpoint-events", "1", "--checkpoint-seconds", "0.1").start()
        self.addCleanup(self.own.close)
        self.acct = Account(self.own)

    def test_a_head_that_a_power_cut_took_back_is_no_damage(self):
        """The tree and the checkpoints cover events that an older HEAD does not name."""
        old = (self.own.data / "HEAD").read_bytes()
        for number in range(3):
            self.acct.mapping(f"m{number}.example")
        end = time.monotonic() + 20
        while int((self.acct.viewer.get("/checkpoints/latest").body.split(b"\n") + [b"0"])[1]) < 5:  # events of which HEAD names some
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        self.own.kill()
        (self.own.data / "HEAD").write_bytes(old)
        shown = len(self.run_ok("show", "--json").splitlines())
        self.assertLess(shown, 5)
        said = self.run_ok("verify")
        events = int(said.split()[1])
        self.assertIn(f"{events - shown} of the events come after the last one that HEAD names", said)
        self.own.start()
        self.own.stop()
        self.assertNotIn("HEAD", self.run_ok("verify"))


class Damage(Log):
    def test_changed_event_is_named_by_stream_sequence_and_file(self):
        for number in range(400):  # more than a block, so that other streams can be read
            self.acct.mapping(f"m{number}.example", description="d" * 200)
        other = Account(self.own)
        other.passthrough("b.example")
        self.own.stop()
        self.own.start()  # brings everything into tables
        self.own.stop()
        changed = 0
        for file in (self.own.data / "db").glob("*.sst"):
            good = file.read_bytes()
            if b"payload_hash" in good:
                at = good.index(b"payload_hash")
                file.write_bytes(good[:at] + b"X" + good[at + 1:])
                changed += 1
        self.assertTrue(changed)
        named = rf"stream account/{self.acct.id}, sequence 1: .*\.sst"
        for arguments in (("show", "--account", self.acct.id), ("replay", "--account", self.acct.id), ("diff", "--account", self.acct.id, "--from", "1"), ("replay",)):
            self.assertRegex(self.run_bad(1, *arguments), named)
        self.run_ok("replay", "--account", other.id)


class DamagedTables(Log):
    """One byte of a table that is made of the log was changed while the server was stopped."""

    def setUp(self):
        self.own = Program("--state-events", "5").start()
        self.addCleanup(self.own.close)
        self.acct = Account(self.own)

    def answers(self, link) -> list:
        viewer = self.own.client(self.token)
        targets = (self.acct.at(MAP), self.acct.at(PASS), f"/{self.acct.brand}/ai-referrals/connections",
                   *(f"/{self.acct.brand}/ai-referrals?start_date=2026-11-01&end_date=2026-11-01&group_by={by}" for by in ("page", "date")))
        return [self.expect(viewer.get(target), 200).body for target in targets]

    @staticmethod
    def varint(text: bytes) -> int:
        value = shift = 0
        for byte in text:
            value |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80:
                break
        return value

    def damage(self, table: str, first: bool):
        """Changes a byte of the first or the last data block of a table's file."""
        for file in (self.own.data / "db").glob("*.sst"):
            content = bytearray(file.read_bytes())
            if b"name" + table.encode() in content:
                end = self.varint(content[content.rindex(b"data.size") + len(b"data.size"):][:10])
                content[10 if first else end - 6] ^= 1  # a block ends with five bytes of its own
                file.write_bytes(content)
                return
        self.fail(f"no file of {table}")

    def test_damage_in_a_table_made_of_the_log_is_found_and_mended(self):
        link = self.fill()
        rows = [{**ROW, "raw_page_value": f"/{number}/{random.Random(number).randbytes(40).hex()}"} for number in range(300)]
        self.expect(self.acct.editor.post(self.acct.events(link), rows), 200)
        self.token = self.acct.viewer.token
        before = self.answers(link)
        self.own.stop()
        self.own.start()  # brings everything into tables
        self.own.stop()
        whole = self.own.home / "whole"
        shutil.copytree(self.own.data, whole)
        shelf = self.own.home / "shelf"
        for table in ("directory", "referrals", "rows", "rollups", "usage", "states"):
            for first in (True, False):
                with self.subTest(table=table, first=first):
                    shutil.rmtree(self.own.data)
                    shutil.copytree(whole, self.own.data)
                    self.damage(table, first)
                    self.assertRegex(self.run_bad(1, "verify"), rf"table {table} is damaged: .*\.sst.*`headwater log rebuild`")
                    made = run_command("snapshot", "create", "--data", self.own.data, "--to", shelf)
                    self.assertEqual(made.returncode, 1, made.stdout + made.stderr)
                    self.assertIn(f"table {table} is damaged", made.stderr)
                    self.assertFalse(list(shelf.glob("*Z-*")))
                    self.run_ok("rebuild")
                    self.run_ok("verify")
                    self.own.start()
                    self.assertEqual(self.answers(link), before)
                    self.own.stop()

    def test_damage_in_what_a_start_reads_names_the_table_and_the_cure(self):
        self.fill()
        self.own.stop()
        self.own.start()  # brings everything into tables
        self.own.stop()
        whole = self.own.home / "whole"
        shutil.copytree(self.own.data, whole)
        for table in ("positions", "proofs"):
            with self.subTest(table=table):
                shutil.rmtree(self.own.data)
                shutil.copytree(whole, self.own.data)
                self.damage(table, True)
                self.assertRegex(self.run_bad(1, "verify"), rf"table {table}.*restore a snapshot into an empty directory")

    def test_counts_of_the_quota_that_cannot_be_read_are_made_anew_by_the_start(self):
        self.fill()
        self.own.stop()
        self.own.start()  # brings everything into tables
        self.own.stop()
        self.damage("usage", True)
        self.assertRegex(self.run_bad(1, "verify"), "table usage is damaged")
        self.own.start()
        self.own.stop()
        self.run_ok("verify")
