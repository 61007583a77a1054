"""Checkpoints, proofs and exports of the real program, read by signed_note.py, which was written from the specifications alone."""
import base64
import hashlib
import json
import os
import random
import subprocess
import time

from . import signed_note
from .case import Case
from .program import Program, StartFailed, find_program, run_command
from .world import Account, make_token

SOON = ("--checkpoint-seconds", "0.1")


def wait_for(condition, seconds: float = 30.0):
    """The first true value that `condition` gives."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError("it did not come true in time")
        time.sleep(0.02)
    return found


def events_of(program, *stream) -> list:
    """What `headwater log show` prints: (header, chain) by line."""
    shown = run_command("log", "show", "--data", program.data, *stream)
    if shown.returncode:
        raise AssertionError(shown.stderr)
    return [(value["header"], value["chain"]) for value in map(json.loads, shown.stdout.splitlines())]


class Installation(Case):
    """Each test has an installation of its own."""

    @classmethod
    def setUpClass(cls):
        pass

    def made(self, *flags) -> Program:
        own = Program(*flags)
        self.addCleanup(own.close)
        return own.start()

    def key(self, client) -> str:
        data = self.expect(client.get("/checkpoints/key"), 200).data
        self.assertEqual(data["origin"], signed_note.parse_vkey(data["verifier_key"])[0])
        return data["verifier_key"]

    def covered(self, client, position: int) -> int:
        """Waits for a checkpoint that covers the position; its size."""
        def look():
            listed = self.expect(client.get("/checkpoints?limit=1"), 200).data["checkpoints"]
            return listed and listed[0]["size"] >= position and listed[0]["size"]
        return wait_for(look)

    def checkpoints(self, client, vkey: str) -> dict:
        """Every stored checkpoint, verified: size -> root."""
        found, offset, sizes = {}, 0, []
        while True:
            page = self.expect(client.get(f"/checkpoints?limit=7&offset={offset}"), 200).data
            for one in page["checkpoints"]:
                origin, size, root, extensions = signed_note.parse_checkpoint(one["note"], vkey)
                self.assertEqual((origin, size, root.hex(), []), (one["origin"], one["size"], one["root"], extensions))
                found[size] = root
                sizes.append(size)
            if not page["has_more"]:
                self.assertEqual(sizes, sorted(sizes, reverse=True))
                return found
            offset += 7

    def included(self, client, target: str, header: dict, chain: str, vkey: str) -> dict:
        """Verifies an inclusion proof against the event as the log shows it."""
        proof = self.expect(client.get(target), 200).data
        _, size, root, _ = signed_note.parse_checkpoint(proof["checkpoint"], vkey)
        leaf = signed_note.leaf_hash(bytes.fromhex(chain))
        self.assertEqual((proof["stream"], proof["sequence"], proof["position"], proof["chain"], proof["leaf_hash"]),
                         (header["stream"], header["sequence"], header["position"], chain, leaf.hex()))
        path = [bytes.fromhex(each) for each in proof["path"]]
        signed_note.verify_inclusion(leaf, header["position"] - 1, size, path, root)
        return proof


class Proofs(Installation):
    def test_every_event_and_every_pair_of_checkpoints_is_proven_over_a_kill_and_a_restart(self):
        own = self.made(*SOON)
        account = Account(own)
        link = account.connection()
        row = {"date": "2026-11-01", "raw_referrer_value": "chatgpt.com", "raw_page_value": "/", "sessions": 1}
        for number in range(12):
            account.passthrough(f"p{number}.example")
            if number % 4 == 0:
                self.expect(account.editor.post(account.events(link), [{**row, "sessions": number}]), 200)
                self.covered(own.client(), 1)
                time.sleep(0.15)
        vkey = self.key(own.client())
        before = self.checkpoints(own.client(), vkey)
        own.kill()
        own.start()
        self.assertEqual(self.key(own.client()), vkey)
        for number in range(5):
            account.editor.address = own.address
            account.editor.close()
            account.passthrough(f"later{number}.example")
        self.covered(own.client(), max(before) + 1)
        own.stop()
        own.start()
        client = own.client()
        events = events_of(own)
        latest = self.covered(client, len(events))
        self.assertEqual(latest, len(events), "the last checkpoint was cut at shutdown")
        for header, chain in events:
            kind, _, name = header["stream"].partition("/")
            where = {"account": f"account_id={name}", "connection": f"connection_id={name}", "system": "stream=system"}[kind]
            proof = self.included(client, f"/proofs/inclusion?{where}&sequence={header['sequence']}", header, chain, vkey)
            same = self.included(client, f"/proofs/inclusion?position={header['position']}", header, chain, vkey)
            self.assertEqual(proof, same)
        roots = self.checkpoints(client, vkey)
        self.assertLessEqual(before.items(), roots.items())
        self.assertGreaterEqual(len(roots), 4)
        self.assert_consistent(client, roots)
        self.assert_earlier_checkpoints_prove_what_they_cover(client, events, roots, vkey)

    def assert_consistent(self, client, roots: dict):
        for first in roots:
            for second in roots:
                if first <= second:
                    proof = self.expect(client.get(f"/proofs/consistency?from={first}&to={second}"), 200).data
                    self.assertEqual((proof["from"], proof["to"]), (first, second))
                    path = [bytes.fromhex(each) for each in proof["path"]]
                    signed_note.verify_consistency(first, roots[first], second, roots[second], path)
        latest = self.expect(client.get(f"/proofs/consistency?from={min(roots)}"), 200).data
        self.assertEqual(latest["to"], max(roots))

    def assert_earlier_checkpoints_prove_what_they_cover(self, client, events, roots, vkey):
        for size in sorted(roots)[:3]:
            header, chain = events[size - 1]
            self.included(client, f"/proofs/inclusion?position={size}&checkpoint={size}", header, chain, vkey)
            if size < len(events):
                self.rules_error(client.get(f"/proofs/inclusion?position={size + 1}&checkpoint={size}"), 404, "not_found")

    def test_notes_are_plain_text_and_the_newest_is_the_latest(self):
        own = self.made(*SOON)
        client = own.client()
        size = self.covered(client, 1)
        vkey = self.key(client)
        for target in ("/checkpoints/latest", f"/checkpoints/{size}", f"/api/v1/checkpoints/{size}"):
            response = self.expect(client.get(target), 200)
            self.assertEqual(response.header("Content-Type"), "text/plain; charset=utf-8")
            self.assertEqual(signed_note.parse_checkpoint(response.body, vkey)[1], size)
        self.rules_error(client.get(f"/checkpoints/{size + 1}"), 404, "not_found")
        self.rules_error(client.get("/checkpoints/0"), 404, "not_found")
        self.invalid(client.get("/checkpoints/first"), "path.size")

    def test_bad_parameters_are_named(self):
        own = self.made(*SOON)
        client = own.client()
        self.covered(client, 1)
        self.invalid(client.get("/checkpoints?limit=0&offset=-1"), "query.limit", "query.offset")
        self.invalid(client.get("/proofs/inclusion"), "query")
        self.invalid(client.get("/proofs/inclusion?position=1&stream=system&sequence=1"), "query")
        self.invalid(client.get("/proofs/inclusion?account_id=a"), "query.sequence")
        self.invalid(client.get("/proofs/inclusion?position=1&sequence=2"), "query.sequence")
        self.invalid(client.get("/proofs/inclusion?stream=other&sequence=1"), "query.stream")
        self.invalid(client.get("/proofs/inclusion?position=0&checkpoint=x"), "query.position", "query.checkpoint")
        self.invalid(client.get("/proofs/consistency"), "query.from")
        self.invalid(client.get("/proofs/consistency?from=1&to=0"), "query.to")
        self.rules_error(client.get("/proofs/consistency?from=999"), 404, "not_found")
        self.rules_error(client.get("/proofs/inclusion?position=999"), 404, "not_found")
        self.rules_error(client.get("/proofs/inclusion?account_id=none&sequence=1"), 404, "account_not_found")
        self.rules_error(client.get("/proofs/inclusion?connection_id=none&sequence=1"), 404, "not_found")
        size = self.covered(client, 1)
        self.expect(client.post("/accounts", {"account_id": "more", "name": "More"}), 201)
        later = self.covered(client, size + 1)
        self.invalid(client.get(f"/proofs/consistency?from={later}&to={size}"), "query.from")

    def test_an_event_behind_the_last_checkpoint_is_not_proven_yet(self):
        own = self.made("--checkpoint-seconds", "3600")
        client = own.client()
        size = self.covered(client, 1)
        self.expect(client.post("/accounts", {"account_id": "more", "name": "More"}), 201)
        fault = self.rules_error(client.get(f"/proofs/inclusion?position={size + 1}"), 404, "not_found")
        self.assertIn("the next checkpoint will cover it", fault["message"])

    def test_many_events_are_reason_enough_for_a_checkpoint(self):
        own = self.made("--checkpoint-seconds", "3600", "--checkpoint-events", "5")
        self.covered(own.client(), 1)
        account = Account(own)
        for number in range(5):
            account.passthrough(f"p{number}.example")
        self.covered(own.client(), 6)
        self.assertRegex(own.client().get("/metrics").body.decode(), r"(?m)^headwater_checkpoint_size [1-9]")
        self.assertRegex(own.client().get("/metrics").body.decode(), r"(?m)^headwater_checkpoint_time_seconds 1\.?\d")

    def test_walls_between_accounts(self):
        own = self.made(*SOON)
        mine, other = Account(own), Account(own)
        mine.passthrough("a.example")
        link = mine.connection()
        events = events_of(own)
        self.covered(own.client(), len(events))
        of_mine = next(header for header, _ in events if header["stream"] == f"account/{mine.id}")
        for target in (f"/proofs/inclusion?account_id={mine.id}&sequence=1", f"/proofs/inclusion?position={of_mine['position']}"):
            self.expect(mine.viewer.get(target), 200)
            self.rules_error(other.viewer.get(target), 403, "forbidden")
            self.rules_error(mine.tracker.get(target), 403, "forbidden")
            self.rules_error(own.client(None).get(target), 401, "unauthorized")
        target = f"/proofs/inclusion?connection_id={link['id']}&sequence=1"
        self.expect(mine.viewer.get(target), 200)
        self.rules_error(other.viewer.get(target), 404, "not_found", "Connection not found")
        for target in ("/proofs/inclusion?stream=system&sequence=1", "/proofs/inclusion?position=1"):
            self.expect(own.client().get(target), 200)
            self.rules_error(mine.admin.get(target), 403, "forbidden")
            everywhere = make_token(own.client(), role="viewer", account_ids=["*"])["token"]
            self.rules_error(own.client(everywhere).get(target), 403, "forbidden")
        for target in ("/checkpoints", "/checkpoints/latest", "/checkpoints/key", "/checkpoints/1", "/proofs/consistency?from=1"):
            self.assertIn(other.viewer.get(target).status, (200, 404))
            self.rules_error(other.tracker.get(target), 403, "forbidden")
            self.rules_error(own.client(None).get(target), 401, "unauthorized")


class Keys(Installation):
    def test_key_file_is_the_owners_alone_and_a_damaged_one_is_refused(self):
        own = self.made("--origin", "log.example/headwater", *SOON)
        self.assertTrue(self.key(own.client()).startswith("log.example/headwater+"))
        own.stop()
        path = own.data / "signing_key"
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertEqual([found for found in own.data.rglob("*") if found.is_file() and found != path
                          and path.read_bytes().splitlines()[2] in found.read_bytes()], [], "the seed lies elsewhere")
        path.chmod(0o640)
        own.start()
        self.assertIn("others than its owner may read", own.log_text())
        own.stop()
        good = path.read_bytes()
        path.write_bytes(good[:-3] + b"x" + good[-2:])
        with self.assertRaises(StartFailed) as caught:
            own.start()
        self.assertGreater(caught.exception.code, 0)
        self.assertEqual(len(caught.exception.stderr.strip().splitlines()), 1, caught.exception)
        self.assertIn(f"{path} is damaged", caught.exception.stderr)
        path.write_bytes(good)
        own.start()

    def test_lost_key_is_replaced_under_another_name_and_old_checkpoints_stay(self):
        own = self.made(*SOON)
        self.covered(own.client(), 1)
        first = self.key(own.client())
        own.stop()
        (own.data / "signing_key").unlink()
        own.start()
        second = self.key(own.client())
        self.assertNotEqual(first.split("+")[0], second.split("+")[0])
        self.assertIn("made a new key", own.log_text())
        self.expect(own.client().post("/accounts", {"account_id": "more", "name": "More"}), 201)
        wait_for(lambda: own.client().get("/checkpoints/latest").body.decode().startswith(second.split("+")[0]))
        notes = [one["note"] for one in own.client().get("/checkpoints").data["checkpoints"]]
        signed_note.parse_checkpoint(notes[0], second)
        signed_note.parse_checkpoint(notes[-1], first)
        verified = run_command("log", "verify", "--data", own.data)
        self.assertEqual(verified.returncode, 0, verified.stderr)
        self.assertIn("by another key", verified.stdout)

    def test_off_is_off(self):
        own = self.made("--checkpoint-seconds", "0")
        client = own.client()
        self.rules_error(client.get("/checkpoints/key"), 404, "not_found")
        self.rules_error(client.get("/checkpoints/latest"), 404, "not_found")
        self.assertEqual(client.get("/checkpoints").data, {"checkpoints": [], "has_more": False})
        self.rules_error(client.get("/proofs/inclusion?position=1"), 404, "not_found")
        own.stop()
        self.assertFalse((own.data / "signing_key").exists())
        own.flags = list(SOON)
        own.start()
        self.covered(own.client(), 1)


class Commands(Installation):
    def filled(self) -> tuple:
        own = self.made(*SOON)
        account = Account(own)
        for number in range(6):
            account.passthrough(f"p{number}.example", service_name="Schr\u00f6der \u2014 \"x\"\n" [:12])
        link = account.connection()
        self.covered(own.client(), len(events_of(own)))
        return own, account, link, self.key(own.client())

    def run_ok(self, *arguments) -> str:
        done = run_command(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_verify_checks_tree_and_checkpoints_beside_a_server_and_without(self):
        own, _, _, vkey = self.filled()
        for _ in range(2):
            said = self.run_ok("log", "verify", "--data", own.data)
            self.assertRegex(said, r"^verified \d+ events in \d+ streams; [1-9]\d* checkpoints, signed by headwater/[0-9a-f]{16} up to event [1-9]\d*; a Merkle tree of [1-9]")
            self.run_ok("log", "verify", "--data", own.data, "--key", vkey)
            own.stop() if own.running else None
        bad = run_command("log", "verify", "--data", own.data, "--key", "nonsense")
        self.assertEqual(bad.returncode, 2)
        self.assertIn("--key", bad.stderr)
        name = vkey.split("+")[0]
        other = b"\x01" + bytes(31) + b"\x01"
        forged = f"{name}+{hashlib.sha256(name.encode() + bytes([10]) + other).hexdigest()[:8]}+" + base64.b64encode(other).decode()
        refused = run_command("log", "verify", "--data", own.data, "--key", forged)
        self.assertEqual(refused.returncode, 1, refused.stdout)
        self.assertIn("the checkpoint of", refused.stderr)
        name = "headwater/0123456789abcdef"
        foreign = f"{name}+{hashlib.sha256(name.encode() + bytes([10]) + other).hexdigest()[:8]}+" + base64.b64encode(other).decode()
        refused = run_command("log", "verify", "--data", own.data, "--key", foreign)
        self.assertEqual(refused.returncode, 1, refused.stdout)
        self.assertIn(f"no checkpoint of this log is signed by the key {name}", refused.stderr)

    def test_rebuild_makes_the_same_tree(self):
        own, _, _, _ = self.filled()
        own.stop()
        before = self.run_ok("log", "verify", "--data", own.data)
        self.assertIn("rebuilt Merkle tree", self.run_ok("log", "rebuild", "--data", own.data))
        self.assertEqual(self.run_ok("log", "verify", "--data", own.data), before)

    def test_exports_verify_elsewhere_and_no_changed_byte_is_accepted(self):
        own, account, link, vkey = self.filled()
        seed = int.from_bytes(os.urandom(4), "big")
        chance = random.Random(seed)
        for what in (("--account", account.id), ("--connection", link["id"]), ("--all",)):
            file = own.home / "export.ndjson"
            self.assertIn("proven by the checkpoint of", self.run_ok("log", "export", "--data", own.data, *what, "-o", file))
            good = file.read_bytes()
            elsewhere = own.home / "elsewhere"
            elsewhere.write_bytes(good)
            self.assertIn("verified", self.run_ok("log", "verify-export", elsewhere, "--key", vkey))
            self.assert_proven(good, vkey)
            for _ in range(25):
                at, bit = chance.randrange(len(good)), 1 << chance.randrange(8)
                elsewhere.write_bytes(good[:at] + bytes([good[at] ^ bit]) + good[at + 1:])
                done = run_command("log", "verify-export", elsewhere, "--key", vkey)
                self.assertEqual(done.returncode, 1, f"seed {seed}: {what}, byte {at}, bit {bit} changed: {done.stdout}{done.stderr}")
                self.assertRegex(done.stderr, r"^headwater: .*elsewhere: line \d+: ")
            elsewhere.write_bytes(good[:chance.randrange(len(good))])
            self.assertEqual(run_command("log", "verify-export", elsewhere, "--key", vkey).returncode, 1)

    def test_an_export_says_whose_it_is_and_is_held_to_an_account_and_a_checkpoint(self):
        own, account, link, vkey = self.filled()
        own.stop()
        time = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
        file = own.home / "export.ndjson"
        verify = ("log", "verify-export", file, "--key", vkey)
        for what, whose in ((("--account", account.id), f"account {account.id}"), (("--connection", link["id"]), f"connection {link['id']}"),
                            (("--all",), "the system, .*account.*, connection.*")):
            self.run_ok("log", "export", "--data", own.data, *what, "-o", file)
            self.assertRegex(self.run_ok(*verify), rf"(?m)^of {whose}: positions \d+ to \d+, {time} to {time}$")
            done = run_command(*verify, "--account", account.id)
            self.assertEqual(done.returncode, 0 if what[0] == "--account" else 1, done.stderr)
            done = run_command(*verify, "--account", "another")
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn("it is not of account/another", done.stderr)
        note = json.loads(file.read_text().splitlines()[-1])["checkpoint"]
        held = own.home / "held"
        held.write_text(note)
        self.assertRegex(self.run_ok(*verify, "--checkpoint", held), r"(?m)^the given checkpoint of \d+ events is of this log$")
        held.write_text(note.replace("\u2014 ", "\u2014 x", 1))
        done = run_command(*verify, "--checkpoint", held)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn(str(held), done.stderr)

    def test_a_key_before_the_first_checkpoint_is_told_plainly(self):
        own = self.made("--checkpoint-events", "1000000", "--checkpoint-seconds", "3600")
        Account(own)
        vkey = self.key(own.client())
        own.kill()
        done = run_command("log", "verify", "--data", own.data, "--key", vkey)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn("there is no checkpoint in this log yet", done.stderr)

    def assert_proven(self, export: bytes, vkey: str):
        """The same verification, in Python and from FORMAT.md."""
        *lines, last = export.decode().splitlines()
        chains, leaves = {}, []
        for line in lines:
            event = json.loads(line)
            raw = line[line.index('"header":') + 9:line.index(',"part":')]
            part = line[line.index(',"part":') + 8:line.rindex(',"salt":')]
            self.assertEqual(hashlib.sha256(bytes.fromhex(event["salt"]) + part.encode()).hexdigest(), event["header"]["payload_hash"])
            stream = event["header"]["stream"]
            chains[stream] = hashlib.sha256(chains.get(stream, bytes(32)) + raw.encode()).digest()
            self.assertEqual(chains[stream].hex(), event["chain"])
            leaves.append(signed_note.leaf_hash(chains[stream]))
        proof = json.loads(last)
        _, size, root, _ = signed_note.parse_checkpoint(proof["checkpoint"], vkey)
        if proof["inclusion"] is None:
            self.assertEqual(size, len(leaves))
            self.assertEqual(self.root_of(leaves), root)
            return
        path = [bytes.fromhex(each) for each in proof["inclusion"]["path"]]
        self.assertEqual(proof["inclusion"]["position"], json.loads(lines[-1])["header"]["position"])
        signed_note.verify_inclusion(leaves[-1], proof["inclusion"]["position"] - 1, size, path, root)

    def root_of(self, leaves: list) -> bytes:
        if len(leaves) == 1:
            return leaves[0]
        half = 1 << (len(leaves) - 1).bit_length() - 1
        return signed_note.node_hash(self.root_of(leaves[:half]), self.root_of(leaves[half:]))

    def test_export_into_a_stream_is_the_file_and_nothing_else(self):
        own, account, _, vkey = self.filled()
        own.stop()
        command = [find_program(), "log", "export", "--data", str(own.data), "--account", account.id, "-o"]
        file = own.home / "export.ndjson"
        summary = subprocess.run([*command, str(file)], capture_output=True, check=True).stdout
        self.assertIn(b"proven by the checkpoint of", summary)
        good = file.read_bytes()
        piped = subprocess.run([*command, "/dev/stdout"], capture_output=True, check=True)
        self.assertEqual((piped.stdout, piped.stderr), (good, summary))
        # A file that others write, too, as `{ date; headwater log export ... -o /dev/stdout; } > file` has it.
        shared = own.home / "shared"
        with open(shared, "wb") as to:
            to.write(b"before\n")
            to.flush()
            done = subprocess.run([*command, "/dev/stdout"], stdout=to, stderr=subprocess.PIPE, check=True)
            to.write(b"after\n")
        self.assertEqual(done.stderr, summary)
        self.assertEqual(shared.read_bytes(), b"before\n" + good + b"after\n")
        self.assertTrue(os.path.islink("/dev/stdout"))
        link, behind = own.home / "link", own.home / "behind"
        behind.write_text("old")
        link.symlink_to(behind)
        subprocess.run([*command, str(link)], capture_output=True, check=True)
        self.assertTrue(link.is_symlink())
        self.assertEqual(behind.read_bytes(), good)
        fifo = own.home / "fifo"
        os.mkfifo(fifo)
        with subprocess.Popen([*command, str(fifo)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as writing:
            self.assertEqual(fifo.read_bytes(), good)
            self.assertEqual(writing.communicate(timeout=20), (b"", summary))
        with open("/dev/full", "wb") as full:
            done = subprocess.run([*command, "/dev/stdout"], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(b"cannot write /dev/stdout", done.stderr)
        check = [find_program(), "log", "verify-export", "/dev/stdin", "--key", vkey]
        self.assertIn(b"verified", subprocess.run(check, input=good, capture_output=True, check=True).stdout)
        bad = subprocess.run(check, input=good[:-1], capture_output=True)
        self.assertEqual(bad.returncode, 1, bad.stderr)
        with open(file, "rb") as redirected:
            subprocess.run(check, stdin=redirected, capture_output=True, check=True)
        self.assertEqual(run_command("log", "verify-export", own.home, "--key", vkey).returncode, 2)

    def test_what_cannot_run_says_so(self):
        own, account, _, vkey = self.filled()
        file = own.home / "export.ndjson"
        for arguments in (("log", "export", "--data", own.data, "--account", "none", "-o", file),
                          ("log", "export", "--data", own.data, "--account", account.id, "-o", own.home / "no" / "file"),
                          ("log", "export", "--data", own.home / "none", "--all", "-o", file),
                          ("log", "export", "--data", own.data, "-o", file),
                          ("log", "export", "--data", own.data, "--all", "--account", account.id, "-o", file),
                          ("log", "verify-export", own.home / "none", "--key", vkey),
                          ("log", "verify-export", own.log, "--key", "x")):
            done = run_command(*arguments)
            self.assertEqual(done.returncode, 2, (arguments, done.stdout, done.stderr))
            self.assertTrue(done.stderr.strip())
            self.assertFalse(file.exists())
