#!/usr/bin/env python3
"""Kills the program with kill -9 under load, again and again, and looks whether it kept its word.

Clients create, patch and delete rules and push batches over many accounts; at a random moment the
process dies. After each restart every acknowledged change is there exactly once, a request that
was in flight is there as a whole or not at all, requests with an Idempotency-Key are sent again
and take effect exactly once, and in the end a clean restart and a kill show the same state to the
byte as the live process did.

  tests/e2e/torture.py --kills 25                 what CI runs, about two minutes
  tests/e2e/torture.py --kills 1000 --seed 7      the long run; the seed repeats every choice but
                                                  the moments of the threads
"""
import argparse
import concurrent.futures
import random
import subprocess
import sys
import threading
import time

from headwater_e2e.program import Program, StartFailed, find_program
from headwater_e2e.torture_model import Broken, Place, Seen, Worker, expect

READERS = 8


def say(text: str):
    print(text, flush=True)


def furnish(program: Program, count: int) -> list:
    """Makes the accounts, each with a brand and a connection."""
    def make(number: int) -> Place:
        client = program.client()
        try:
            body = {"account_id": f"t{number}", "name": f"Torture {number}", "brand_ids": [number]}
            expect(client.post("/accounts", body), 201)
            made = client.post(f"/v1/{number}/ai-referrals/connections", {"website": f"https://t{number}.example", "provider": "custom"})
            return Place(f"t{number}", number, expect(made, 201).json()["id"])
        finally:
            client.close()
    with concurrent.futures.ThreadPoolExecutor(READERS) as pool:
        return list(pool.map(make, range(1, count + 1)))


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
    with concurrent.futures.ThreadPoolExecutor(READERS) as pool:
        list(pool.map(some, [places[n::READERS] for n in range(READERS)]))
    return seen


def load(program: Program, workers: list, seconds: float):
    """All clients at work, then kill -9."""
    threads = [threading.Thread(target=worker.run, args=(program.client(),)) for worker in workers]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    program.kill()
    for thread in threads:
        thread.join(60)
    for worker in workers:
        if worker.fault:
            raise worker.fault


def restart(program: Program, chance: random.Random) -> int:
    """Starts again; now and then the process is killed while it recovers, too."""
    kills = 0
    while chance.random() < 0.15:
        starting = subprocess.Popen(program.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0, 0.3))
        starting.kill()
        starting.wait(15)
        kills += 1
    program.start()
    return kills


def compare(workers: list, seen: Seen):
    """Settles what was in flight, then everything in the places seen must be as the clients know it."""
    landed = []
    for worker in workers:
        if worker.pending:
            landed.append((worker, worker.pending, worker.pending.change.settle(worker, seen)))
            worker.pending = None
    rules = {key: rule for worker in workers for key, rule in worker.rules.items() if key[0] in seen.places}
    pages = {key: value for worker in workers for key, value in worker.pages.items() if key[0] in seen.places}
    for known, shown in ((rules, seen.rules), (pages, seen.pages)):
        for key in known.keys() | shown.keys():
            if known.get(key) != shown.get(key):
                place, *rest = key
                raise Broken(f"{place.name} {rest}: acknowledged {known.get(key)}, but there is {shown.get(key)}")
    return landed


def insist(program: Program, landed: list) -> list:
    """Sends the keyed requests that were in flight again, twice: they take effect exactly once.

    Gives the place of each.
    """
    client, touched = program.client(), []
    for worker, pending, was_there in landed:
        if not pending.key:
            continue
        for time_sent in (1, 2):
            method, target, body = pending.request
            response = client.request(method, target, body, {"Idempotency-Key": pending.key})
            replayed = response.header("Idempotent-Replayed") == "true"
            if replayed != (was_there or time_sent == 2):
                raise Broken(f"replayed: {replayed}, but it was there before: {was_there}, sent time {time_sent}\n{response}")
            pending.change.acknowledge(worker, response)
        touched.append(pending.place)
    client.close()
    return touched


def ids_are_fresh(workers: list, used: dict):
    """No id is given twice, over all restarts."""
    for worker in workers:
        for (place, kind, name), rule in worker.rules.items():
            owner = used.setdefault((place.name, kind, rule["id"]), name)
            if owner != name:
                raise Broken(f"id {rule['id']} of {place.name} {kind} went to {owner} and to {name}")


def verify_chain(program: Program):
    """The program's own look over the whole log, beside the running server."""
    done = subprocess.run([program.command()[0], "log", "verify", "--data", program.data],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise Broken(f"log verify: exit {done.returncode}\n{done.stdout}{done.stderr}")


def torture(options) -> dict:
    chance = random.Random(options.seed)
    counts = {"kills": 0, "kills during recovery": 0, "acknowledged": 0, "in flight": 0, "of these there": 0, "sent again": 0}
    with Program("--rate-limit", "0", program=options.program) as program:
        places = furnish(program, options.accounts)
        workers = [Worker(number, options.seed, places) for number in range(options.clients)]
        used, began = {}, time.monotonic()
        for number in range(1, options.kills + 1):
            load(program, workers, chance.uniform(0.05, options.seconds))
            counts["kills during recovery"] += restart(program, chance)
            counts["kills"] = number
            landed = compare(workers, look(program, places))
            counts["in flight"] += len(landed)
            counts["of these there"] += sum(there for *_, there in landed)
            touched = insist(program, landed)
            counts["sent again"] += len(touched)
            compare(workers, look(program, list(dict.fromkeys(touched))))
            ids_are_fresh(workers, used)
            if number <= 25 or number % 100 == 0:  # it takes longer the longer the log is
                verify_chain(program)
            counts["acknowledged"] = sum(worker.acknowledged for worker in workers)
            if number % 25 == 0 or number == options.kills:
                say(f"{number} kills, {counts['acknowledged']} acknowledged changes, {time.monotonic() - began:.0f} s")
        if not counts["acknowledged"]:
            raise Broken("no client got anything done, so nothing was tested")
        live = look(program, places, texts=True).texts
        verify_chain(program)
        if program.stop() != 0:
            raise Broken(f"a clean end was none\n{program.log_text()[-2000:]}")
        for end in (program.start, program.kill):
            end()
            if not program.running:
                program.start()
            if look(program, places, texts=True).texts != live:
                raise Broken("replayed state differs from live state")
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program")
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--accounts", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=2.5, help="the longest stretch of work between two kills")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    options = parser.parse_args()
    options.program = find_program(options.program)
    say(f"seed {options.seed}: {options.kills} kills, {options.clients} clients, {options.accounts} accounts")
    try:
        counts = torture(options)
    except (Broken, StartFailed) as fault:
        say(f"FAILED with seed {options.seed}: {fault}\n0 passed, 1 failed")
        return 1
    say(", ".join(f"{name}: {count}" for name, count in counts.items()))
    say("1 passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
