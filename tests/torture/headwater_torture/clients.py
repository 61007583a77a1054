"""Those that look on while the workers change things: readers, followers, an operator and an auditor.

Each `run`s in a thread until the service cannot answer, and remembers what it was told; after a restart `check` holds the
service to it.
"""
import hashlib
import json
import pathlib
import random
import shutil
import subprocess
import threading
import time

from headwater_e2e.program import Program, clean_environment, new_token
from headwater_e2e.test_events import Following, raw_member
from headwater_e2e.wire import NoResponse

from .model import KINDS, Broken, Lost, expect


class Onlooker:
    def __init__(self, seed: str):
        self.random, self.fault, self.checks, self.may_fail = random.Random(seed), None, 0, False

    def run(self, program: Program, stopping: threading.Event):
        client = program.client()
        try:
            while not stopping.is_set() and self.step(program, client):
                self.checks += 1
        except (NoResponse, OSError, StopIteration):
            pass
        except Exception as fault:  # a thread cannot raise into the test
            self.fault = fault
        finally:
            client.close()

    def answers(self, response, *statuses) -> bool:
        """False if the service cannot answer now."""
        if response.status == 503 or (response.status == 500 and self.may_fail):
            return False
        if response.status not in statuses:
            raise Broken(f"expected {statuses}\n{response}")
        return True


class Marks:
    """The newest version that was seen of each account, with the hash of its state: no later answer may show less."""

    def __init__(self):
        self._lock, self._seen = threading.Lock(), {}

    def of(self, place) -> tuple:
        with self._lock:
            return self._seen.get(place, (0, None))

    def see(self, place, before: tuple, data: dict):
        """`before`: what was known when the question was asked."""
        version, state_hash = data["version"], data["state_hash"]
        if version < before[0] or (version == before[0] and before[1] not in (None, state_hash)):
            raise Lost(f"{place.name} was at {before}, and is at {(version, state_hash)}: a read went back")
        with self._lock:
            if version > self._seen.get(place, (0, None))[0]:
                self._seen[place] = (version, state_hash)

    def check(self, client) -> int:
        """After a restart each account has the versions that were seen, with the same content."""
        with self._lock:
            seen = dict(self._seen)
        for place, (version, state_hash) in seen.items():
            data = expect(client.get(f"/accounts/{place.name}/state?as_of={version}"), 200).data
            if data["state_hash"] != state_hash:
                raise Lost(f"version {version} of {place.name} was {state_hash}, and is {data['state_hash']}")
        return len(seen)


class Reader(Onlooker):
    """Lists, states, reports and visits."""

    def __init__(self, seed: str, places: list, marks: Marks):
        super().__init__(seed)
        self.places, self.marks = places, marks

    def step(self, program, client) -> bool:
        place, roll = self.random.choice(self.places), self.random.random()
        if roll < 0.4:
            before = self.marks.of(place)
            response = client.get(f"/accounts/{place.name}/state")
            if not self.answers(response, 200):
                return False
            self.marks.see(place, before, response.data)
            return True
        if roll < 0.7:
            kind, (field, name) = self.random.choice(list(KINDS.items()))
            response = client.get(place.rules(kind, more="&include_inactive=true"))
            if not self.answers(response, 200):
                return False
            listed = response.data[name]
            if len({rule["id"] for rule in listed}) != response.data["total"] or len({rule[field] for rule in listed}) != response.data["total"]:
                raise Broken(f"a list does not agree with itself\n{response}")
            return True
        if roll < 0.85:
            return self.answers(client.get(place.report), 200)
        lines = '{"url":"https://shop.example/?utm_source=a","referrer":null}\n' * 200
        response = client.request("POST", f"/resolve?account_id={place.name}", lines, {"Content-Type": "application/x-ndjson"})
        if not self.answers(response, 200):
            return False
        if len(response.ndjson()) != 200:
            raise Broken(f"visits without a result\n{response}")
        return True


class Follower(Onlooker):
    """Follows one account's events by server-sent events, and goes on behind the last one after each restart."""

    def __init__(self, seed: str, place):
        super().__init__(seed)
        self.place, self.last, self.chain, self.time = place, 0, bytes(32), 0

    def run(self, program: Program, stopping: threading.Event):
        following = None
        try:
            more = {"Last_Event_ID": self.last} if self.last else {}
            following = Following(program, program.admin_token, f"/events?account_id={self.place.name}", timeout=4.0, **more)
            while following.head.status == 200 and not stopping.is_set() and (message := following.message()) and message.get("event") != "error":
                self.take(message)
        except (NoResponse, OSError, StopIteration, ValueError):
            pass
        except Exception as fault:  # a thread cannot raise into the test
            self.fault = fault
        finally:
            if following:
                following.close()

    def take(self, message: dict):
        line = message["data"]
        event = json.loads(line)
        header = raw_member(line, "header")
        self.chain = hashlib.sha256(self.chain + header.encode()).digest()
        if int(message["id"]) != self.last + 1 or event["header"]["sequence"] != self.last + 1:
            raise Broken(f"{self.place.name}: event {message['id']} came after {self.last}")
        if event["chain"] != self.chain.hex():
            raise Broken(f"{self.place.name}: event {message['id']} does not follow what was shown before it")
        if event["header"]["time"] < self.time:
            raise Broken(f"{self.place.name}: event {message['id']} is of {event['header']['time']}, the one before it of {self.time}")
        self.last, self.time = self.last + 1, event["header"]["time"]
        self.checks += 1

    def check(self, client) -> int:
        """The last event that was shown is there, as it was."""
        if self.last:
            event = expect(client.get(f"/events?account_id={self.place.name}&after={self.last - 1}&limit=1"), 200).data["events"]
            if not event or event[0]["chain"] != self.chain.hex():
                raise Broken(f"{self.place.name}: event {self.last} was shown with chain {self.chain.hex()}, and now there is {event}")
        return 1


class Operator(Onlooker):
    """Makes and revokes tokens, takes snapshots, erases accounts."""

    def __init__(self, seed: str, places: list, marks: Marks):
        super().__init__(seed)
        self.places, self.marks, self.serial = places, marks, 0
        self.tokens, self.revoked, self.unknown = {}, [], []  # token -> id; tokens; (token, what it may be)
        self.snapshots, self.erased, self.acknowledged = [], [], 0

    def step(self, program, client) -> bool:
        self.serial += 1
        roll = self.random.random()
        time.sleep(0.01)
        if roll < 0.5:
            return self.create_token(client)
        if roll < 0.95:
            return self.revoke_token(client) if self.tokens else True
        if roll < 0.99:
            return self.snapshot(client)
        return self.erase(client)

    def done(self, response, *statuses) -> bool:
        if not self.answers(response, *statuses):
            return False
        self.acknowledged += 1
        return True

    def create_token(self, client) -> bool:
        token = new_token()
        self.unknown.append(token)
        response = client.post("/api-tokens", {"name": f"n{self.serial}", "role": "viewer", "account_ids": [self.random.choice(self.places).name], "token": token})
        if not self.done(response, 201):
            return False
        self.unknown.remove(token)
        self.tokens[token] = response.data["id"]
        return True

    def revoke_token(self, client) -> bool:
        token = self.random.choice(list(self.tokens))
        number = self.tokens.pop(token)
        self.unknown.append(token)
        if not self.done(client.delete(f"/api-tokens/{number}"), 200, 204):
            return False
        self.unknown.remove(token)
        self.revoked.append(token)
        return self.holds(client, token, 401)

    def holds(self, client, token, status: int) -> bool:
        """Whether the token is taken, now; a token of one account may ask for itself."""
        client = client.with_token(token)
        try:
            return self.answers(client.get("/api-tokens/self"), status)
        finally:
            client.close()

    def snapshot(self, client) -> bool:
        known = {place: self.marks.of(place) for place in self.places}
        response = client.post("/snapshots")
        if response.status == 409:  # another one is being made
            return True
        if not self.done(response, 201):
            return False
        self.snapshots.append((response.data["snapshot"], known))
        return True

    def erase(self, client) -> bool:
        """An account comes, gets a rule and goes for ever."""
        name = f"gone{self.serial}"
        if not self.answers(client.post("/accounts", {"account_id": name, "name": name, "brand_ids": [100000 + self.serial]}), 201):
            return False
        if not self.answers(client.post(f"/referrer-mappings?account_id={name}", {"referrer_pattern": "secret.example", "utm_source": "s"}), 201):
            return False
        if not self.done(client.delete(f"/accounts/{name}"), 202):
            return False
        self.erased.append(name)
        return self.answers(client.get(f"/referrer-mappings?account_id={name}"), 410)

    def check(self, program, client, of_all: bool) -> int:
        """Tokens, erased accounts and snapshots are as was answered; of many of them a sample."""
        count = 0
        self.unknown.clear()  # either is right
        for token, status in [(token, 200) for token in self.some(list(self.tokens), of_all)] + [(token, 401) for token in self.some(self.revoked, of_all)]:
            if not self.holds(client, token, status):
                raise Broken("a token cannot be looked up")
            count += 1
        for name in self.some(self.erased, of_all):
            expect(client.get(f"/referrer-mappings?account_id={name}"), 410)
            count += 1
        while self.snapshots:
            self.check_snapshot(program, *self.snapshots.pop())
            count += 1
        for path in (pathlib.Path(program.data) / "snapshots").glob("*"):  # those whose answer did not come
            shutil.rmtree(path)
        return count

    def some(self, of: list, all_of_them: bool) -> list:
        return of if all_of_them else self.random.sample(of, min(len(of), 6))

    def check_snapshot(self, program, made: dict, known: dict):
        path = pathlib.Path(program.data) / "snapshots" / made["name"]
        command(program, "snapshot", "verify", path, "--manifest-sha256", made["manifest_sha256"])
        if self.random.random() < 0.5:
            restored = pathlib.Path(program.data).parent.parent / "restored"
            command(program, "snapshot", "restore", "--from", path, "--data", restored, "--accept-clock")  # which jumps here
            lines = [json.loads(line) for line in command(program, "log", "replay", "--data", restored, "--json").splitlines()]
            versions = {line["account_id"]: line for line in lines if "account_id" in line}
            for place, (version, state_hash) in known.items():
                found = versions.get(place.name, {"version": 0, "state_hash": None})
                if found["version"] < version or (found["version"] == version and version and found["state_hash"] != state_hash):
                    raise Broken(f"{place.name} was at {version} before snapshot {made['name']} was asked for, which has {found}")
            shutil.rmtree(restored)
        shutil.rmtree(path)

    def finish(self, client):
        """All erasures come to their end."""
        for name in self.erased:
            for _ in range(600):
                status = expect(client.get(f"/accounts/{name}/erasure"), 200).data["status"]
                if status == "done":
                    break
                # "failed" while the disk was bad: it is tried again by itself.
                threading.Event().wait(0.1)
            else:
                raise Broken(f"the erasure of {name} does not end")


class Auditor(Onlooker):
    """The program's own look at the log, beside the running server, or beside what a killed one left."""

    def __init__(self, seed: str, places: list, marks: Marks):
        super().__init__(seed)
        self.places, self.marks = places, marks

    def step(self, program, client) -> bool:
        place, roll = self.random.choice(self.places), self.random.random()
        if roll < 0.4:
            command(program, "log", "verify", "--data", program.data)
        elif roll < 0.7:
            before = self.marks.of(place)
            replayed = json.loads(command(program, "log", "replay", "--data", program.data, "--account", place.name, "--json"))
            self.marks.see(place, before, replayed)
        else:
            key = client.get("/checkpoints/key")
            if not self.answers(key, 200):
                return False
            to = program.home / "export.ndjson"  # not on the disk that may be full
            # Without a checkpoint nothing can be proven yet.
            done = subprocess.run([program.binary, "log", "export", "--data", program.data, "--account", place.name, "-o", to],
                                  capture_output=True, text=True, env=clean_environment())
            if done.returncode == 0:
                command(program, "log", "verify-export", to, "--key", key.data["verifier_key"])
            elif "checkpoint" not in done.stderr:
                raise Broken(f"log export: exit {done.returncode}\n{done.stdout}{done.stderr}")
            to.unlink(missing_ok=True)
        return True


def command(program: Program, *arguments) -> str:
    """Runs a subcommand that has to succeed."""
    done = subprocess.run([program.binary, *map(str, arguments)], capture_output=True, text=True, env=clean_environment(), timeout=120)
    if done.returncode != 0:
        raise Broken(f"{' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout
