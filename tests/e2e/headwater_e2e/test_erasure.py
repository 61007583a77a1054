"""Erasure: one event, then every byte of an account goes while headers, chains and proofs stay."""
import json
import os
import pathlib
import random
import secrets
import string
import threading
import time

from . import signed_note
from .case import Case
from .program import Program, run_command
from .world import Account, make_token

PASS, MAP = "/passthrough-referrers", "/referrer-mappings"
PIECE = 8
KILLS = int(os.environ.get("HEADWATER_ERASURE_KILLS", "12"))
SOON = ("--checkpoint-seconds", "0.1", "--state-events", "5")


def text() -> str:
    """What nothing else holds, in letters so many that compression leaves pieces of it."""
    return "z" + "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(31))


def pieces_of(one: str) -> list:
    """A table is compressed: what stood before may be cut out of a text, but not of all its pieces."""
    return [one[at:at + PIECE].encode() for at in range(len(one) - PIECE + 1)]


def wait_for(condition, seconds: float = 60.0):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError("it did not come true in time")
        time.sleep(0.02)
    return found


def files_with(data: pathlib.Path, texts) -> dict:
    """Text -> the files below the directory that hold a piece of it, the snapshots left out."""
    found = {}
    for path in sorted(data.rglob("*")):
        if path.is_file() and "snapshots" not in path.relative_to(data).parts:
            try:
                held = path.read_bytes()
            except FileNotFoundError:
                continue  # a table that went meanwhile
            for one in texts:
                if any(piece in held for piece in pieces_of(one)):
                    found.setdefault(one, []).append(str(path.relative_to(data)))
    return found


class Erasing(Case):
    @classmethod
    def setUpClass(cls):
        pass

    def made(self, *flags) -> Program:
        own = Program(*SOON, "--failed-logins", "0", *flags)  # an erased account's tokens are tried a lot
        self.addCleanup(own.close)
        return own.start()

    def row(self, page: str, **more) -> dict:
        return {"date": "2026-05-20", "raw_referrer_value": "chatgpt.com", "raw_page_value": page, "pageviews": 3, **more}

    def filled(self, own) -> tuple:
        """An account with a text of its own in every field that takes one; the account and the texts."""
        acct, told = Account(own), {}

        def t(name):
            return told.setdefault(name, text())
        operator = acct.operator
        self.expect(operator.patch(f"/accounts/{acct.id}", {"name": t("account name")}), 200)
        make_token(operator, name=t("token name"), role="viewer", account_ids=[acct.id])
        utm = {f"utm_{part}": t(f"utm_{part}") for part in ("source", "medium", "campaign", "term")}
        self.expect(acct.editor.post(acct.at(PASS), {"domain": t("domain") + ".example", "service_name": t("service name"), **utm},
                                     {"Idempotency-Key": t("idempotency key"), "X-Request-ID": t("request id")}), 201)
        self.expect(acct.editor.patch(acct.at(f"{PASS}/1"), {"service_name": t("new service name")}), 200)
        self.expect(acct.editor.post(acct.at(MAP), {"referrer_pattern": t("pattern"), "match_type": "contains", "utm_source": t("mapped source"),
                                                        "utm_content": t("utm_content"), "label": t("label"), "description": t("description")}), 201)
        for number in range(12):  # enough for a kept state
            acct.passthrough(f"{t(f'domain {number}')}.example")
        link = acct.connection(f"https://{t('website')}.example")
        self.expect(acct.admin.put(acct.platforms(t("platform host") + ".example"), {"platform": t("platform name")}), 201)
        pushed = [self.row("/" + t("page"), batch_id=t("batch id")), self.row("/x", raw_referrer_value=f"https://chatgpt.com/{t('referrer')}"),
                  self.row("/y", raw_referrer_value=t("rejected referrer") + ".example")]
        answer = self.expect(acct.editor.post(acct.events(link), pushed, {"Idempotency-Key": t("push key")}), 200).json()
        self.assertEqual((answer["accepted"], answer["rejected"]), (2, 1), answer)
        spare = acct.connection(f"https://{t('disabled website')}.example", "matomo")
        self.expect(acct.editor.delete(acct.connections(spare["id"])), 200)
        return acct, told, link

    def expect(self, response, *statuses):
        self.assertIn(response.status, statuses, f"\n{response}")
        return super().expect(response, response.status)

    def erase(self, client, account_id: str) -> dict:
        return self.expect(client.delete(f"/accounts/{account_id}"), 202).data

    def progress(self, client, account_id: str) -> dict:
        return self.expect(client.get(f"/accounts/{account_id}/erasure"), 200).data

    def done(self, client, account_id: str) -> dict:
        deadline = time.monotonic() + 100
        while (data := self.progress(client, account_id))["status"] != "done":
            self.assertNotEqual(data["status"], "failed", data)
            self.assertLess(time.monotonic(), deadline, data)
            time.sleep(0.02)
        return data

    def run_ok(self, *arguments) -> str:
        done = run_command(*arguments)
        self.assertEqual(done.returncode, 0, f"{arguments}\n{done.stdout}{done.stderr}")
        return done.stdout

    def report(self, acct) -> bytes:
        path = f"/v1/{acct.brand}/ai-referrals?start_date=2026-05-01&end_date=2026-05-31&group_by=page,platform"
        return self.expect(acct.viewer.get(path), 200).body


class EveryByte(Erasing):
    def covered(self, client, position: int) -> dict:
        def look():
            listed = self.expect(client.get("/checkpoints?limit=1"), 200).data["checkpoints"]
            return listed and listed[0]["size"] >= position and listed[0]
        return wait_for(look)

    def test_no_byte_is_left_and_every_old_proof_verifies(self):
        own = self.made()
        other = Account(own)
        other.passthrough("kept.example")
        self.expect(other.editor.post(other.events(other.connection()), [self.row("/kept")]), 200)
        acct, told, _ = self.filled(own)
        operator, data = own.client(), own.data
        last = self.expect(operator.get("/events?limit=1000"), 200).data["events"][-1]["header"]
        before = self.covered(operator, last["position"])
        vkey = self.expect(operator.get("/checkpoints/key"), 200).data["verifier_key"]
        at = f"/proofs/inclusion?account_id={acct.id}&sequence=1&checkpoint={before['size']}"
        proof = self.expect(operator.get(at), 200).data
        export = own.home / "before.ndjson"
        self.run_ok("log", "export", "--data", data, "--all", "-o", export)
        held = files_with(data, told.values())
        missing = [name for name, one in told.items() if one not in held]
        self.assertEqual(missing, [], "these were never there, so not finding them would say nothing")
        snapshot = self.expect(operator.post("/snapshots"), 201).data["snapshot"]["name"]
        heads = {tuple(map(str, (e["header"]["stream"], e["header"]["sequence"], e["chain"])))
                 for e in self.expect(operator.get("/events?limit=1000"), 200).data["events"]}
        kept_report, kept_rules = self.report(other), self.expect(other.viewer.get(other.at(PASS)), 200).body

        asked = self.erase(operator, acct.id)
        self.assertEqual(asked["account_id"], acct.id)
        self.assertIn(snapshot, asked["snapshots"])
        ended = self.done(operator, acct.id)
        self.assertEqual(files_with(data, told.values()), {})
        self.assertEqual(ended["events"]["erased"], ended["events"]["total"])
        self.assertGreater(ended["events"]["total"], 20)
        self.assertEqual([step["status"] for step in ended["steps"]], ["done"] * 4)
        self.assertEqual(ended["snapshots"], [snapshot])
        self.assertIsNone(ended["reason"])
        self.assertLessEqual(ended["requested_at"], ended["started_at"])
        self.assertLessEqual(ended["started_at"], ended["finished_at"])
        later = self.expect(operator.post("/snapshots"), 201).data["snapshot"]["name"]
        self.assertEqual(self.progress(operator, acct.id)["snapshots"], [snapshot])
        self.run_ok("snapshot", "verify", data / "snapshots" / later)
        self.run_ok("snapshot", "verify", data / "snapshots" / snapshot)
        self.assertEqual(files_with(data / "snapshots" / later, told.values()), {})

        # Headers, chains, checkpoints and proofs are what they were.
        events = self.expect(operator.get("/events?limit=1000"), 200).data["events"]
        self.assertLessEqual(heads, {tuple(map(str, (e["header"]["stream"], e["header"]["sequence"], e["chain"]))) for e in events})
        self.assertEqual(self.expect(operator.get(at), 200).data, proof)
        self.assertEqual(self.expect(operator.get(f"/checkpoints/{before['size']}"), 200).body.decode(), before["note"])
        erasure = next(e["header"] for e in events if e["header"]["type"] == "account_erased")
        after = self.covered(operator, erasure["position"])
        path = self.expect(operator.get(f"/proofs/consistency?from={before['size']}&to={after['size']}"), 200).data["path"]
        signed_note.verify_consistency(before["size"], bytes.fromhex(before["root"]), after["size"],
                                       bytes.fromhex(after["root"]), [bytes.fromhex(one) for one in path])
        bare = [e for e in events if e["part"] is None]
        self.assertEqual(len(bare), ended["events"]["total"])
        self.assertTrue(all(e["salt"] is None for e in bare))
        self.assertNotIn(f"account/{other.id}", {e["header"]["stream"] for e in bare})
        said = self.run_ok("log", "verify", "--data", data)
        self.assertIn(f"{len(bare)} of them erased", said)
        shown = self.run_ok("log", "show", "--data", data, "--account", acct.id, "--human").splitlines()
        self.assertEqual(set(shown[1::2]), {"    without payload"})
        self.run_ok("log", "verify-export", export, "--key", vkey)
        again = own.home / "after.ndjson"
        self.run_ok("log", "export", "--data", data, "--all", "-o", again)
        self.assertFalse([one for one in told.values() if one in again.read_text()])
        self.assertIn("without payload", self.run_ok("log", "verify-export", again, "--key", vkey))
        self.assertEqual(self.report(other), kept_report)
        self.assertEqual(self.expect(other.viewer.get(other.at(PASS)), 200).body, kept_rules)

        # Tables that are built anew bring nothing back, and show the others as before.
        own.stop()
        self.assertEqual(files_with(data, told.values()), {})
        self.run_ok("log", "rebuild", "--data", data)
        self.run_ok("log", "verify", "--data", data)
        own.start()
        other.operator = own.client()
        other._clients = {role: own.client(client.token) for role, client in other._clients.items()}
        self.assertEqual(self.report(other), kept_report)
        self.assertEqual(self.expect(other.viewer.get(other.at(PASS)), 200).body, kept_rules)
        self.assertEqual(self.progress(own.client(), acct.id)["status"], "done")
        self.rules_error(own.client().get(f"/accounts/{acct.id}"), 410, "account_erased")
        self.assertEqual(files_with(data, told.values()), {})

    def test_export_waits_until_a_checkpoint_covers_the_erasure(self):
        own = self.made()
        acct, other = Account(own), Account(own)
        for each in (acct, other):
            each.passthrough("some.example")
        operator = own.client()
        last = self.expect(operator.get("/events?limit=1000"), 200).data["events"][-1]["header"]["position"]
        self.covered(operator, last)
        vkey = self.expect(operator.get("/checkpoints/key"), 200).data["verifier_key"]
        own.stop()
        own.flags = ["--checkpoint-seconds", "0"]
        own.start()
        operator = own.client()
        self.erase(operator, acct.id)
        self.done(operator, acct.id)
        erasure = next(e["header"]["position"] for e in self.expect(operator.get("/events?limit=1000"), 200).data["events"]
                       if e["header"]["type"] == "account_erased")
        said = f"the erasure of account {acct.id} (position {erasure}) has no checkpoint yet"
        for where in ("running", "stopped"):
            with self.subTest(where=where):
                for target in (own.home / "refused.ndjson", "/dev/stdout"):
                    done = run_command("log", "export", "--data", own.data, "--all", "-o", target)
                    self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
                    self.assertIn(said, done.stderr)
                    self.assertIn("--checkpoint-seconds", done.stderr)
                self.assertEqual(list(own.home.glob("refused*")), [])
                one = own.home / "one.ndjson"
                self.run_ok("log", "export", "--data", own.data, "--account", other.id, "-o", one)
                self.run_ok("log", "verify-export", one, "--key", vkey)
            if own.running:
                own.stop()
        own.flags = list(SOON)
        own.start()
        self.covered(own.client(), erasure)
        whole = own.home / "whole.ndjson"
        self.run_ok("log", "export", "--data", own.data, "--all", "-o", whole)
        self.assertIn("without payload", self.run_ok("log", "verify-export", whole, "--key", vkey))

    def test_what_may_hold_the_account_is_named_also_when_it_is_no_whole_snapshot(self):
        own = self.made()
        acct, operator, shelf = Account(own), own.client(), own.data / "snapshots"
        acct.passthrough("some.example")
        changed, bare, lacking, whole = [self.expect(operator.post("/snapshots"), 201).data["snapshot"]["name"] for _ in range(4)]
        manifest = shelf / changed / "MANIFEST.json"
        good = manifest.read_bytes()
        manifest.write_bytes(good[:20] + bytes([good[20] ^ 1]) + good[21:])
        (shelf / bare / "MANIFEST.json").unlink()
        (shelf / lacking / "db" / "CURRENT").unlink()
        left = ["20200101T000000Z-000000000001.partial", "20200101T000000Z.partial"]
        for name in (*left, "20990101T000000Z.partial", "20990101T000000Z-000000000001", "mine"):
            (shelf / name).mkdir()
        self.assertEqual([one["name"] for one in self.expect(operator.get("/snapshots"), 200).data["snapshots"]], [whole])
        held = [whole, *sorted((changed, bare, lacking)), *left]
        self.assertLessEqual(set(held), set(self.erase(operator, acct.id)["snapshots"]))
        # What was begun later does not hold it, whole or not.
        self.assertEqual(self.done(operator, acct.id)["snapshots"], held)
        listed = run_command("snapshot", "list", "--data", own.data)
        self.assertNotEqual(listed.returncode, 0)
        self.assertEqual([line.split()[0] for line in listed.stdout.splitlines()], [whole])
        for name in (changed, bare, lacking):
            self.assertIn(f"headwater: {name}: ", listed.stderr)

    def test_part_that_is_cut_out_of_an_export_is_not_taken_for_erased(self):
        own = self.made()
        Account(own).passthrough("cut.example")
        operator = own.client()
        self.covered(operator, self.expect(operator.get("/events?limit=1000"), 200).data["events"][-1]["header"]["position"])
        vkey = self.expect(operator.get("/checkpoints/key"), 200).data["verifier_key"]
        export = own.home / "whole.ndjson"
        self.run_ok("log", "export", "--data", own.data, "--all", "-o", export)
        lines = export.read_text().splitlines(keepends=True)
        for number, line in enumerate(lines[:-1]):
            event = json.loads(line)
            if event["header"]["stream"].startswith("account/"):
                head, _, _ = line.partition(',"part":')
                lines[number] = head + ',"part":null,"salt":null}\n'
                break
        export.write_text("".join(lines))
        done = run_command("log", "verify-export", export, "--key", vkey)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("no account_erased accounts for it", done.stderr)


class Killed(Erasing):
    def test_a_killed_erasure_goes_on_and_leaves_nothing(self):
        seed = int(os.environ.get("HEADWATER_SEED", random.randrange(1 << 32)))
        print(f"seed {seed}", flush=True)
        chance = random.Random(seed)
        own = self.made()
        other = Account(own)
        other.passthrough("kept.example")
        seen_by = other.viewer.token
        for number in range(KILLS):
            acct, told, _ = self.filled(own)
            self.erase(own.client(), acct.id)
            for _ in range(2):
                time.sleep(chance.random() * 0.12)
                own.kill()
                own.start()
                self.rules_error(own.client().get(acct.at(PASS)), 410, "account_erased")
            self.done(own.client(), acct.id)
            self.assertEqual(files_with(own.data, told.values()), {}, f"round {number}")
        said = self.run_ok("log", "verify", "--data", own.data)
        self.assertIn("erased", said)
        viewer = own.client(seen_by)
        self.assertEqual(self.expect(viewer.get(other.at(PASS)), 200).data["total"], 1)

    def test_a_kill_right_behind_the_answer_loses_no_erasure(self):
        own = self.made()
        acct, told, _ = self.filled(own)
        self.erase(own.client(), acct.id)
        own.kill()
        own.start()
        self.done(own.client(), acct.id)
        self.assertEqual(files_with(own.data, told.values()), {})


class Answers(Erasing):
    def setUp(self):
        self.own = self.made()
        self.acct = Account(self.own)
        self.acct.passthrough("a.example")
        self.link = self.acct.connection()

    def test_who_may_erase_and_ask(self):
        acct, operator = self.acct, self.own.client()
        path = f"/accounts/{acct.id}"
        for method, target in (("DELETE", path), ("GET", path + "/erasure")):
            self.rules_error(self.own.client(None).request(method, target), 401, "unauthorized")
            self.rules_error(acct.editor.request(method, target), 403, "forbidden")
            self.rules_error(acct.admin.request(method, target), 403, "forbidden")
            missing = target.replace(acct.id, "no-such-account")
            self.rules_error(operator.request(method, missing), 404, "account_not_found")
        self.rules_error(operator.get(path + "/erasure"), 404, "not_found")
        self.expect(operator.get(path), 200)

    def test_an_erased_account_is_gone_on_every_path(self):
        acct, operator = self.acct, self.own.client()
        other = Account(self.own)
        both = self.own.client(make_token(operator, role="admin", account_ids=[acct.id, other.id])["token"])
        everyone = self.own.client(make_token(operator, role="editor", account_ids=["*"])["token"])
        own_tokens = [acct.admin, acct.editor, acct.viewer, acct.tracker]
        first = self.erase(operator, acct.id)
        again = self.erase(operator, acct.id)
        self.assertEqual(again["requested_at"], first["requested_at"])
        ids = f"/accounts/{acct.id}"
        visit = {"url": "https://x.example/"}
        rules = [("GET", acct.at(PASS), None), ("POST", acct.at(PASS), {"domain": "n.example", "utm_source": "s"}), ("GET", acct.at(f"{PASS}/1"), None),
                 ("PATCH", acct.at(f"{PASS}/1"), {"label": "x"}), ("DELETE", acct.at(f"{PASS}/1"), None), ("GET", acct.at(MAP), None),
                 ("GET", acct.at(PASS, as_of=1), None), ("GET", f"{ids}/state", None), ("POST", acct.at("/resolve"), visit), ("GET", acct.at("/events"), None),
                 ("GET", f"{ids}/diff?from=0&to=1", None), ("POST", f"{ids}/restore-rules?as_of=0", None), ("GET", acct.at("/rules/lint"), None),
                 ("GET", f"{ids}/attribution", None), ("PATCH", f"{ids}/attribution", {"ai_medium": "x"})]
        brands = [("GET", acct.connections(), None), ("POST", acct.connections(), {"website": "https://n.example", "provider": "custom"}),
                  ("DELETE", acct.connections(self.link["id"]), None), ("POST", acct.events(self.link), [self.row("/")]),
                  ("GET", f"/v1/{acct.brand}/ai-referrals", None), ("GET", acct.platforms(), None), ("PUT", acct.platforms("a.example"), {"platform": "A"})]
        for when in ("at once", "once it is done"):
            for method, target, body in rules:
                with self.subTest(when=when, method=method, target=target):
                    self.rules_error(everyone.request(method, target, body), 410, "account_erased")
                    self.rules_error(both.request(method, target, body), 403, "forbidden")
                    for client in own_tokens:
                        self.rules_error(client.request(method, target, body), 401, "unauthorized")
            for method, target, body in brands:
                with self.subTest(when=when, method=method, target=target):
                    self.vendor_error((operator if method == "PUT" else everyone).request(method, target, body), 410)
                    self.vendor_error(both.request(method, target, body), 403, f"Access denied to brand: {acct.brand}")
                    self.vendor_error(own_tokens[0].request(method, target, body), 401)
            self.rules_error(operator.get(ids), 410, "account_erased")
            self.rules_error(operator.patch(ids, {"name": "n"}), 410, "account_erased")
            self.rules_error(operator.post("/accounts", {"account_id": acct.id, "name": "n"}), 409, "duplicate_entry")
            self.rules_error(operator.post("/accounts", {"account_id": "third", "name": "n", "brand_ids": [acct.brand]}), 409, "duplicate_entry")
            self.invalid(operator.post("/api-tokens", {"name": "n", "role": "viewer", "account_ids": [acct.id]}), "body.account_ids")
            listed = self.expect(operator.get("/accounts"), 200).data["accounts"]
            self.assertEqual([one["account_id"] for one in listed], [other.id])
            tokens = self.expect(operator.get("/api-tokens"), 200).data
            self.assertNotIn([acct.id], [one["account_ids"] for one in tokens["tokens" if "tokens" in tokens else "api_tokens"]])
            # Who audits sees what is left of it.
            events = self.expect(operator.get(acct.at("/events")), 200).data["events"]
            self.assertEqual([(e["header"]["sequence"], e["part"], e["salt"]) for e in events], [(1, None, None)])
            self.expect(both.get(other.at(PASS)), 200)
            self.done(operator, acct.id)
        types = [e["header"]["type"] for e in self.expect(operator.get("/events?stream=system&limit=1000"), 200).data["events"]]
        self.assertEqual(types.count("account_erased"), 1)

    def test_creation_under_an_old_key_does_not_bring_an_account_back(self):
        operator, body = self.own.client(), {"account_id": "phoenix", "name": "n"}
        self.expect(operator.post("/accounts", body, {"Idempotency-Key": "k1"}), 201)
        self.erase(operator, "phoenix")
        self.rules_error(operator.post("/accounts", body, {"Idempotency-Key": "k1"}), 409, "duplicate_entry")
        self.done(operator, "phoenix")
        self.rules_error(operator.post("/accounts", body, {"Idempotency-Key": "k1"}), 409, "duplicate_entry")
        # The key is free for another account.
        self.expect(operator.post("/accounts", {"account_id": "other", "name": "n"}, {"Idempotency-Key": "k1"}), 201)


class Racing(Erasing):
    def test_what_races_with_an_erasure_is_refused_or_erased(self):
        own = self.made()
        operator = own.client()
        for number in range(4):
            acct, link, told = Account(own), None, []
            link = acct.connection()
            tokens = [acct.editor.token for _ in range(4)]
            answers, enough = [], threading.Event()

            def write(which):
                client, count = own.client(tokens[which]), 0
                while not enough.is_set():
                    one = text()
                    told.append(one)
                    if which % 2:
                        response = client.post(acct.events(link), [self.row("/" + one)])
                    else:
                        response = client.post(acct.at(PASS), {"domain": one + ".example", "utm_source": "s"})
                    answers.append((which, response.status))
                    count += 1
                    if response.status == 401:
                        return
            writers = [threading.Thread(target=write, args=(which,)) for which in range(4)]
            for writer in writers:
                writer.start()
            time.sleep(0.05 + 0.05 * number)
            self.erase(operator, acct.id)
            for writer in writers:
                writer.join(20)
            enough.set()
            self.assertLessEqual({status for _, status in answers}, {200, 201, 401, 403, 404, 410}, set(answers))
            self.done(operator, acct.id)
            self.assertEqual(files_with(own.data, told), {})
            stream = self.expect(operator.get(acct.at("/events", limit=1000)), 200).data["events"]
            self.assertEqual(len(stream), min(1000, sum(1 for _, status in answers if status == 201)))
        self.run_ok("log", "verify", "--data", own.data)

    def test_other_accounts_go_on_while_one_is_erased(self):
        own = self.made()
        acct, told, _ = self.filled(own)
        other = Account(own)
        client, faults, enough = own.client(other.editor.token), [], threading.Event()

        def write():
            count = 0
            while not enough.is_set():
                response = client.post(other.at(PASS), {"domain": f"d{count}.example", "utm_source": "s"})
                count += 1
                if response.status != 201:
                    faults.append(str(response))
        writer = threading.Thread(target=write)
        writer.start()
        time.sleep(0.1)
        self.erase(own.client(), acct.id)
        self.done(own.client(), acct.id)
        time.sleep(0.1)
        enough.set()
        writer.join(20)
        self.assertEqual(faults, [])
        self.assertEqual(files_with(own.data, told.values()), {})
