"""One installation after another, under load and under faults, and what has to hold after each fault."""
import concurrent.futures
import errno
import json
import pathlib
import random
import re
import shutil
import signal
import subprocess
import threading
import time

from headwater_e2e.program import Program, StartFailed, clean_environment
from headwater_e2e.wire import NoResponse

from .clients import Auditor, Follower, Marks, Operator, Reader, command
from .disk import CLASSES, Disk
from .model import Broken, Lost, Place, Seen, Worker, expect

LOOKERS = 4
MOST_SHIFT = 7200  # seconds: less than keys of requests and tokens live
SETTINGS = ("--rate-limit", "0", "--failed-logins", "0", "--accept-clock", "--checkpoint-seconds", "0.3", "--state-events", "50")


def furnish(program: Program, count: int) -> list:
    """Makes the accounts, each with a brand and a connection."""
    client = program.client()
    try:
        places = []
        for number in range(1, count + 1):
            expect(client.post("/accounts", {"account_id": f"t{number}", "name": f"Torture {number}", "brand_ids": [number]}), 201)
            made = client.post(f"/v1/{number}/ai-referrals/connections", {"website": f"https://t{number}.example", "provider": "custom"})
            places.append(Place(f"t{number}", number, expect(made, 201).json()["id"]))
        return places
    finally:
        client.close()


def look(program: Program, places: list, texts: bool = False) -> Seen:
    """What the service shows of these places; with `texts`, to the byte as well."""
    seen = Seen(texts)

    def some(part: list):
        client = program.client()
        try:
            for place in part:
                seen.read(client, place)
        finally:
            client.close()
    with concurrent.futures.ThreadPoolExecutor(LOOKERS) as pool:
        list(pool.map(some, [places[n::LOOKERS] for n in range(LOOKERS)]))
    return seen


def compare(workers: list, seen: Seen) -> list:
    """Settles what was in flight, then everything in the places seen must be as the workers know it."""
    landed = []
    for worker in workers:
        if worker.pending:
            landed.append((worker, worker.pending, worker.pending.settle(worker, seen)))
            worker.pending = None
    rules = {key: rule for worker in workers for key, rule in worker.rules.items() if key[0] in seen.places}
    pages = {key: value for worker in workers for key, value in worker.pages.items() if key[0] in seen.places}
    for known, shown in ((rules, seen.rules), (pages, seen.pages)):
        for key in known.keys() | shown.keys():
            if known.get(key) != shown.get(key):
                place, *rest = key
                raise Lost(f"{place.name} {rest}: acknowledged {known.get(key)}, but there is {shown.get(key)}")
    return landed


def send_until_answered(client, pending) -> tuple:
    """The answer, and whether it was the first one: where the processors are taken, the service may lose patience."""
    method, target, body = pending.request
    for attempt in range(5):
        response = client.request(method, target, body, {"Idempotency-Key": pending.key})
        if response.status != 503:
            break
    return response, attempt == 0


def insist(program: Program, landed: list) -> list:
    """Sends the keyed requests that were in flight again, twice: they take effect exactly once.

    Gives the place of each.
    """
    client, touched = program.client(), []
    for worker, pending, was_there in landed:
        if not pending.key:
            continue
        for time_sent in (1, 2):
            response, at_once = send_until_answered(client, pending)
            replayed = response.header("Idempotent-Replayed") == "true"
            if (at_once or time_sent == 2) and replayed != (was_there or time_sent == 2):
                raise Broken(f"replayed: {replayed}, but it was there before: {was_there}, sent time {time_sent}\n{response}")
            pending.change.acknowledge(worker, response)
        touched.append(pending.place)
    client.close()
    return touched


class Installation:
    """One data directory on a disk of its own, its clients, and all that they know."""

    def __init__(self, options, seed: str, counts: dict, libraries: str):
        self.options, self.counts, self.random = options, counts, random.Random(seed)
        self.disk = Disk(libraries, options.scratch, lies=options.lying_disk)
        self.program = Program(*SETTINGS, program=options.program, data=str(self.disk.data), env=self.disk.env)
        self.history = []  # what was done to it, a line for each fault
        self.program.start()
        self.places = furnish(self.program, options.accounts)
        self.marks, self.ids = Marks(), {}
        self.workers = [Worker(number, seed, self.places) for number in range(options.clients)]
        self.readers = [Reader(f"{seed}/reader {n}", self.places, self.marks) for n in range(2)]
        self.followers = [Follower(f"{seed}/follower {place.name}", place) for place in self.places[:3]]
        self.operator = Operator(f"{seed}/operator", self.places, self.marks)
        self.auditor = Auditor(f"{seed}/auditor", self.places, self.marks)
        self.threads, self.stopping, self.cycles = [], threading.Event(), 0

    # ---- load

    def begin(self, may_fail: bool = False):
        """All clients at work, until the service cannot answer. `may_fail`: a reading of the disk may."""
        self.stopping = threading.Event()
        onlookers = [*self.readers, *self.followers, self.operator] + ([self.auditor] if self.random.random() < 0.2 else [])
        for each in (*self.workers, *onlookers):
            each.may_fail = may_fail
        self.threads = [threading.Thread(target=worker.run, args=(self.program.client(timeout=30),)) for worker in self.workers]
        self.threads += [threading.Thread(target=each.run, args=(self.program, self.stopping)) for each in onlookers]
        for thread in self.threads:
            thread.start()

    def join(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(90)
            if thread.is_alive():
                raise Broken("a client got no answer and no end of its connection in 90 s")
        for each in (*self.workers, *self.readers, *self.followers, self.operator, self.auditor):
            if each.fault:
                raise each.fault

    def work(self):
        time.sleep(self.random.uniform(0.05, self.options.seconds))

    def keep_stacks(self):
        """Where all threads of a process are that does not end."""
        if shutil.which("gdb"):
            done = subprocess.run(["gdb", "-p", str(self.program.process.pid), "-batch", "-ex", "thread apply all bt 25"],
                                  capture_output=True, text=True, timeout=120)
            (self.program.home / "stacks").write_text(done.stdout)

    def told(self, text: str):
        self.history.append(f"{self.cycles}: {text}")

    # ---- faults: each leaves the process dead and the disk sound

    def kill(self):
        self.begin()
        self.work()
        if self.random.random() < 0.25:
            self.told("SIGTERM, then SIGKILL")
            self.program.process.terminate()
            time.sleep(self.random.uniform(0, 0.1))
        else:
            self.told("SIGKILL")
        self.program.kill()
        self.join()
        self.counts["kills"] += 1

    def cut_power(self):
        self.begin()
        self.work()
        self.program.kill()
        self.join()
        self.told(f"power cut: {self.disk.cut_power(self.random)}")
        self.counts["power cuts"] += 1

    def pause(self):
        self.begin()
        self.work()
        self.program.process.send_signal(signal.SIGSTOP)
        time.sleep(self.random.uniform(0.5, 3))
        self.program.process.send_signal(signal.SIGCONT)
        self.work()
        self.told("SIGSTOP, SIGCONT, SIGKILL")
        self.program.kill()
        self.join()
        self.counts["pauses"] += 1
        self.counts["kills"] += 1

    def set_clock(self):
        self.begin()
        self.work()
        shift = self.random.randint(-MOST_SHIFT, MOST_SHIFT)
        self.disk.set_clock(shift)
        self.told(f"clock at {shift} s, SIGKILL")
        self.work()
        self.program.kill()
        self.join()
        self.counts["clock jumps"] += 1
        self.counts["kills"] += 1

    def storage_fault(self):
        of = self.random.choices(CLASSES, (4, 3, 2, 2))[0]
        number = self.random.choice((errno.EIO, errno.EIO, errno.ENOSPC)) if of != "read" else errno.EIO
        stays, torn = self.random.random() < 0.3, self.random.random() < 0.3
        if self.random.random() < 0.2:
            return self.fault_at_start(of, number, stays, torn)
        self.begin(may_fail=True)
        time.sleep(self.random.uniform(0.02, 0.3))
        # Names change with snapshots, checkpoints of the database and full WALs alone, so the first will do.
        nth = 1 if of == "name" else self.random.randint(1, 20 if of == "read" else 60)
        self.disk.fail(of, nth, number, stays, torn)
        asked = None
        if of in ("name", "read") or self.random.random() < 0.1:
            asked = threading.Thread(target=self.ask_for_files)
            asked.start()
        self.wait_for_hit(1.0)
        time.sleep(self.random.uniform(0, 0.15))
        if asked:
            asked.join(30)
        hit = self.disk.hit
        what = f"the {nth}. {of} fails with {errno.errorcode[number]}{', all after it too' * stays}{', torn' * torn}: {hit or 'none'}"
        self.told(what)
        self.stopping.set()
        self.check_between(what, of == "read")
        if self.random.random() < 0.3:
            self.program.process.terminate()
            try:
                self.program.process.wait(15)
            except subprocess.TimeoutExpired:
                self.keep_stacks()
                raise Broken(f"no end 15 s after SIGTERM; {what}") from None
        self.program.kill()
        self.join()
        self.disk.heal()
        self.counts["storage faults"] += bool(hit)
        if hit and self.random.random() < 0.2:
            # What a failed sync did not cover may be gone.
            self.told(f"power cut: {self.disk.cut_power(self.random)}")
            self.counts["power cuts"] += 1

    def fault_at_start(self, of: str, number: int, stays: bool, torn: bool):
        """While the log is opened; then without."""
        self.begin()
        self.work()
        self.program.kill()
        self.join()
        nth = self.random.randint(1, 40)
        self.disk.fail(of, nth, number, stays, torn)
        what = f"at the start, the {nth}. {of} fails with {errno.errorcode[number]}{', all after it too' * stays}"
        try:
            self.program.start()
            self.program.kill()
        except StartFailed as refused:
            if not self.disk.hit:
                raise
            if refused.code not in (1, 2):
                raise Broken(f"{what}: {self.disk.hit}\n{refused}") from refused
        self.told(f"{what}: {self.disk.hit or 'none'}")
        self.counts["storage faults"] += bool(self.disk.hit)
        self.counts["kills"] += 1
        self.disk.heal()

    def fill_disk(self):
        if not self.disk.is_mounted:
            self.counts["full disks skipped"] += 1
            return self.kill()
        self.begin(may_fail=True)
        self.work()
        self.disk.fill()
        time.sleep(0.5)
        self.stopping.set()
        self.told("full disk")
        self.check_between("a full disk")
        self.program.kill()
        self.join()
        self.disk.drain()
        self.counts["full disks"] += 1

    def ask_for_files(self):
        """A snapshot makes the database write tables, names and a manifest, and read them back."""
        client = self.program.client()
        try:
            client.post("/snapshots")
        except (NoResponse, OSError):
            pass
        finally:
            client.close()

    def wait_for_hit(self, seconds: float):
        until = time.monotonic() + seconds
        while not self.disk.hit and time.monotonic() < until:
            time.sleep(0.01)

    def check_between(self, what: str, may_not_read: bool = False):
        """While the disk is bad: reads go on, and writes do if and only if the service says that it is ready."""
        client = self.program.client()
        try:
            for _ in range(3):
                ready = client.get("/readyz")
                probe = client.post("/accounts", {"account_id": "x y"})  # refused, whatever the disk does
                if ready.status not in (200, 503):
                    raise Broken(f"{what}\n{ready}")
                if probe.status not in (422, 503):
                    raise Broken(f"{what}\n{probe}")
                if ready.status == 503:
                    if not ready.json()["error"]["message"].startswith("Not ready: "):
                        raise Broken(f"{what}\n{ready}")
                    answer = client.post("/accounts", {"account_id": f"late{self.cycles}", "name": "late", "brand_ids": [10**6 + self.cycles]})
                    if answer.status != 503 and not (answer.status == 500 and may_not_read):
                        raise Broken(f"{what}: not ready, and a change is answered\n{answer}")
                    self.counts["stopped journals"] += 1
                place = self.random.choice(self.places)
                before = self.marks.of(place)
                read = client.get(f"/accounts/{place.name}/state")
                if read.status == 200:
                    self.marks.see(place, before, read.data)
                elif read.status not in (500, 503):
                    raise Broken(f"{what}\n{read}")
                listed = client.get(place.rules("referrer-mappings"))
                if listed.status != 200 and not may_not_read:
                    raise Broken(f"{what}: no list\n{listed}")
                self.counts["checks"] += 3
                if ready.status == 503:
                    return
                time.sleep(0.05)
        except (NoResponse, OSError) as fault:
            if not self.was_ended_by_rocksdb():
                raise Broken(f"{what}: the service does not answer: {fault}") from fault
            self.counts["ended by RocksDB"] += 1
        finally:
            client.close()

    def was_ended_by_rocksdb(self) -> bool:
        """RocksDB 7.8.3 may end its process by an assertion after a failed write, as in a compaction on a full disk. It
        is a crash like any other: what was acknowledged must be there."""
        try:
            code = self.program.process.wait(5)
        except subprocess.TimeoutExpired:
            return False
        last = self.program.log_text().rstrip().rpartition("\n")[2]
        return code == -signal.SIGABRT and re.search(r": rocksdb::.*Assertion .* failed\.$", last) is not None

    # ---- after a fault

    def restart(self):
        """Starts again; now and then the process is killed while it recovers, or the power fails."""
        while self.random.random() < 0.15:
            starting = subprocess.Popen(self.program.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env=clean_environment(self.program.env))
            time.sleep(self.random.uniform(0, 0.15))
            starting.kill()
            starting.wait(15)
            self.counts["kills"] += 1
            self.counts["kills in a start"] += 1
            if self.random.random() < 0.5:
                self.told(f"power cut in a start: {self.disk.cut_power(self.random)}")
                self.counts["power cuts"] += 1
            else:
                self.told("SIGKILL in a start")
        self.disk.read_journal()
        try:
            self.program.start()
        except StartFailed as refused:
            if refused.code == 1:  # it has ended by itself; the disk is good, and the program had started before
                raise Lost(f"it starts no more: {refused}") from refused
            raise

    def check(self, of_all: bool = False):
        landed = compare(self.workers, look(self.program, self.places))
        self.counts["in flight"] += len(landed)
        touched = insist(self.program, landed)
        if touched:
            compare(self.workers, look(self.program, list(dict.fromkeys(touched))))
        for worker in self.workers:
            for (place, kind, name), rule in worker.rules.items():
                owner = self.ids.setdefault((place.name, kind, rule["id"]), name)
                if owner != name:
                    raise Broken(f"id {rule['id']} of {place.name} {kind} went to {owner} and to {name}")
            self.counts["acknowledged"] += worker.acknowledged
            self.counts["checks"] += worker.checks + len(worker.rules) + len(worker.pages)
            worker.acknowledged = worker.checks = 0
        client = self.program.client()
        try:
            self.counts["checks"] += self.marks.check(client) + sum(follower.check(client) for follower in self.followers)
            self.counts["checks"] += self.operator.check(self.program, client, of_all)
        finally:
            client.close()
        self.counts["acknowledged"] += self.operator.acknowledged
        self.operator.acknowledged = 0
        for each in (*self.readers, *self.followers, self.operator, self.auditor):
            self.counts["checks"] += each.checks
            each.checks = 0
        if of_all or self.cycles % 3 == 0:
            command(self.program, "log", "verify", "--data", self.program.data)
            self.compare_replay()

    def compare_replay(self):
        """The state of every account by replay of the log alone is the one that the service shows."""
        lines = [json.loads(line) for line in command(self.program, "log", "replay", "--data", self.program.data, "--json").splitlines()]
        replayed = {line["account_id"]: line for line in lines if "account_id" in line}
        client = self.program.client()
        for place in self.places:
            shown = expect(client.get(f"/accounts/{place.name}/state"), 200).data
            if shown["version"] and replayed.get(place.name) != shown:
                raise Broken(f"replay gives {replayed.get(place.name)}, and the service shows {shown}")
            self.counts["checks"] += 1
        client.close()

    def cycle(self, fault: str):
        self.cycles += 1
        getattr(self, fault)()
        self.restart()
        self.check()

    def finish(self):
        """A clean end, a start and a kill show the same to the byte as the live process did."""
        client = self.program.client()
        self.operator.finish(client)
        client.close()
        self.check(of_all=True)
        live = look(self.program, self.places, texts=True).texts
        if self.program.stop() != 0:
            raise Broken(f"a clean end was none\n{self.program.log_text()[-2000:]}")
        for end in (self.program.start, self.program.kill):
            end()
            if not self.program.running:
                self.program.start()
            if look(self.program, self.places, texts=True).texts != live:
                raise Broken("the state after a restart differs from the live state")

    def close(self, keep_in: pathlib.Path = None):
        if self.program.running:
            self.program.process.kill()
            self.program.process.wait(15)
        if keep_in:
            keep_in.mkdir(parents=True, exist_ok=True)
            for name in ("stderr.log", "stacks"):
                if (self.program.home / name).exists():
                    shutil.copy(self.program.home / name, keep_in / name)
            (keep_in / "history").write_text("\n".join(self.history) + "\n")
        self.disk.close(keep_in)
        self.program.close(quiet=True)



def torture(options, counts: dict, libraries: str, say):
    """Until the time is up, or what was asked for is done."""
    chance, began = random.Random(options.seed), time.monotonic()
    wanted = {"kills": options.kills, "power cuts": options.power_cuts, "storage faults": options.faults}
    usual = {"kill": 5, "cut_power": 4, "storage_fault": 6, "pause": 0.5, "set_clock": 1, "fill_disk": 1}
    behind = {"kill": "kills", "cut_power": "power cuts", "storage_fault": "storage faults"}
    has_counts = any(count is not None for count in wanted.values())

    def weights() -> dict:
        """What was asked for and is not done yet comes up; the others, as they are."""
        if not has_counts:
            return usual
        left = {fault: max(0, (wanted[name] or 0) - counts[name]) for fault, name in behind.items()}
        total = sum(left.values())
        return {**usual, **left, "pause": total / 40, "set_clock": total / 20, "fill_disk": total / 30} if total else {}

    def is_over() -> bool:
        return (options.minutes is not None and time.monotonic() - began > 60 * options.minutes) or not weights()

    number, told = 0, began
    while not is_over():
        number += 1
        installation = Installation(options, f"{options.seed}/{number}", counts, libraries)
        try:
            for _ in range(options.cycles):
                if is_over():
                    break
                now = weights()
                installation.cycle(chance.choices(list(now), list(now.values()))[0])
                if time.monotonic() > told + 60:
                    told = time.monotonic()
                    say(", ".join(f"{name}: {count}" for name, count in counts.items()) + f", {told - began:.0f} s")
            installation.finish()
        except BaseException:
            keep_in = pathlib.Path(options.keep) / f"seed-{options.seed}-{number}-{int(time.time())}"
            installation.close(keep_in)
            say(f"kept: {keep_in}")
            raise
        installation.close()
        counts["installations"] += 1
    if not counts["acknowledged"]:
        raise Broken("no client got anything done, so nothing was tested")
