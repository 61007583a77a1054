"""How the program starts, refuses to start, and ends."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

from .case import Case
from .program import LISTENING, ROOT, TOKEN_SHAPE, Program, StartFailed, clean_environment, new_token, run_command
from .wire import Client, NoResponse
from .world import Account

PASS = "/passthrough-referrers"


def contents(folder: pathlib.Path) -> dict:
    """Every file with a hash, but for RocksDB's info log and locks, which hold no data."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files if not re.match(r"(?i)^(LOG(\.old.*)?|.*lock)$", path.name)}


class WrongDirectory(Case):
    def test_log_commands_make_no_installation_where_there_is_none(self):
        with tempfile.TemporaryDirectory(prefix="headwater-e2e-") as name:
            home = pathlib.Path(name)
            (home / "empty").mkdir()
            (home / "other").mkdir()
            (home / "other" / "notes.txt").write_text("not ours")
            before = sorted(home.rglob("*"))
            for command in ("verify", "rebuild", "show"):
                for wrong in ("missing", "empty", "other"):
                    with self.subTest(command=command, wrong=wrong):
                        done = run_command("log", command, "--data", home / wrong)
                        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
                        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                        self.assertEqual(sorted(home.rglob("*")), before)


class Installation(Case):
    """Each test has an installation of its own."""

    @classmethod
    def setUpClass(cls):
        pass

    def setUp(self):
        self.own = Program()
        self.addCleanup(self.own.close)

    def refused(self, program, *words) -> str:
        """The program must not start: non-zero exit and one clear line with these words."""
        with self.assertRaises(StartFailed) as caught:
            program.start()
        failure = caught.exception
        self.assertNotEqual(failure.code, 0, failure)
        self.assertGreater(failure.code, 0, f"ended by a signal: {failure}")
        lines = failure.stderr.strip().splitlines()
        self.assertEqual(len(lines), 1, failure)
        for word in words:
            self.assertIn(word, lines[0])
        return lines[0]


class Starting(Installation):
    def test_first_start_prints_one_admin_token_and_later_ones_none(self):
        own = Program(admin_token=None)
        self.addCleanup(own.close)
        own.start()
        printed = [line for line in own.stdout if line.startswith("admin token: ")]
        self.assertEqual(len(printed), 1, own.stdout)
        self.assertRegex(own.admin_token, r"^hw_[0-9A-Za-z]{40,}$")
        self.expect(own.client().get("/accounts"), 200)
        self.assertEqual(own.stop(), 0)
        own.start()
        self.assertFalse([line for line in own.stdout if TOKEN_SHAPE.search(line)], own.stdout)
        self.expect(own.client().get("/accounts"), 200)

    def test_admin_token_can_be_given_and_is_not_printed(self):
        self.own.start()
        self.assertEqual([line for line in self.own.stdout if not LISTENING.match(line)], [])
        self.expect(self.own.client().get("/accounts"), 200)

    def test_a_busy_port_is_found_before_anything_is_made_or_shown(self):
        with socket.socket() as busy:
            busy.bind(("127.0.0.1", 0))
            busy.listen()
            taken = f"127.0.0.1:{busy.getsockname()[1]}"
            for flags in (["--listen", taken], ["--listen", "127.0.0.1:0", "--ops-listen", taken]):
                with self.subTest(flags=flags):
                    own = Program("--data", str(self.own.data), *flags, admin_token=None, listen=False)
                    self.addCleanup(own.close, True)
                    with self.assertRaises(StartFailed) as caught:
                        own.start()
                    self.assertEqual(caught.exception.stdout, "")
                    self.assertIn(f"cannot listen on {taken}: ", caught.exception.stderr)
                    self.assertFalse(self.own.data.exists())
        own = Program("--data", str(self.own.data), "--listen", taken, "--ops-listen", taken, admin_token=None, listen=False)
        self.addCleanup(own.close, True)
        self.refused(own, f"cannot listen on {taken}: ")
        self.assertFalse(self.own.data.exists())

    def test_missing_data_directory_is_made(self):
        self.own.data = self.own.home / "not" / "yet"
        try:
            self.own.start()
        except StartFailed:
            self.own.data.parent.mkdir()  # making one level is enough of a service
            self.own.start()
        self.expect(self.own.client().get("/livez"), 200)

    def test_an_admin_token_that_is_easy_to_guess_is_refused_in_one_line(self):
        for weak, why in (("a" * 24, "8 different characters"), ("abcdefghijklmnopqrstuvwxyz", "runs such as"), ("changeme!" * 3, "again and again")):
            program = Program(admin_token=weak)
            with self.subTest(weak=weak):
                self.assertNotIn(weak, self.refused(program, "HEADWATER_ADMIN_TOKEN: String should", why))
            program.env["HEADWATER_ADMIN_TOKEN"] = program.admin_token = new_token()
            with program:  # what was refused has left nothing
                self.expect(program.client().get("/api-tokens/self"), 200)

    def test_state_outlives_a_clean_restart(self):
        self.own.start()
        account = Account(self.own)
        rule = account.passthrough("kept.example")
        token = account.viewer.token
        self.assertEqual(self.own.stop(), 0)
        self.own.start()
        self.assertEqual(self.own.client(token).get(account.at(f"{PASS}/1")).data, rule)

    def test_state_outlives_a_kill(self):
        self.own.start()
        account = Account(self.own)
        rules = [account.passthrough(f"k{n}.example") for n in range(20)]
        token = account.viewer.token
        self.own.kill()
        self.own.start()
        self.assertEqual(self.own.client(token).get(account.at(PASS)).data["referrers"], rules)


class Refusing(Installation):
    def made(self) -> Account:
        self.own.start()
        account = Account(self.own)
        for number in range(30):
            account.passthrough(f"r{number}.example", service_name="x" * 80)
        return account

    def test_locked_data_directory_is_refused_and_its_server_undisturbed(self):
        account = self.made()
        account.client("viewer")
        second = Program(data=str(self.own.data))
        self.addCleanup(second.close)
        self.refused(second, str(self.own.data))
        account.passthrough("after.example")
        self.own.kill()
        self.own.start()
        self.assertEqual(self.own.client(account.viewer.token).get(account.at(PASS)).data["total"], 31)

    def test_data_path_that_is_a_file_is_refused(self):
        self.own.data.write_text("hello")
        self.refused(self.own, str(self.own.data))
        self.assertEqual(self.own.data.read_text(), "hello")

    def test_directory_of_something_else_is_refused_and_left_alone(self):
        self.own.data.mkdir()
        (self.own.data / "holiday.jpg").write_bytes(b"\xff\xd8")
        self.refused(self.own, str(self.own.data))
        self.assertEqual([path.name for path in self.own.data.iterdir() if not re.search("(?i)lock", path.name)], ["holiday.jpg"])

    def test_unreadable_data_directory_is_refused(self):
        if os.geteuid() == 0:
            self.skipTest("root may read everything")
        self.made()
        self.own.kill()
        self.own.data.chmod(0)
        try:
            self.refused(self.own, str(self.own.data))
        finally:
            self.own.data.chmod(0o700)

    def test_lost_head_is_refused_and_nothing_written(self):
        self.made()
        self.own.kill()
        heads = [path for path in self.own.data.rglob("HEAD")]
        self.assertEqual(len(heads), 1, list(self.own.data.rglob("*")))
        heads[0].unlink()
        before = contents(self.own.data)
        self.refused(self.own, "HEAD")
        self.assertEqual(contents(self.own.data), before)

    def test_log_that_ends_before_head_is_refused_and_nothing_written(self):
        self.made()
        self.own.kill()
        logs = sorted(self.own.data.rglob("*.log"), key=lambda path: path.stat().st_size)
        self.assertTrue(logs, list(self.own.data.rglob("*")))
        with open(logs[-1], "r+b") as log:
            log.truncate(logs[-1].stat().st_size * 2 // 3)
        before = contents(self.own.data)
        self.refused(self.own)
        self.assertEqual(contents(self.own.data), before)

    def test_flipped_byte_in_the_log_is_refused_and_nothing_written(self):
        self.made()
        self.own.kill()
        log = max(self.own.data.rglob("*.log"), key=lambda path: path.stat().st_size)
        data = bytearray(log.read_bytes())
        data[len(data) // 2] ^= 0x40
        log.write_bytes(data)
        before = contents(self.own.data)
        self.refused(self.own)
        self.assertEqual(contents(self.own.data), before)

    def test_old_data_under_a_newer_head_is_refused(self):
        account = self.made()
        account.client("editor")
        self.own.stop()
        old = self.own.home / "old"
        shutil.copytree(self.own.data, old)
        self.own.start()
        editor = self.own.client(account.editor.token)
        self.expect(editor.post(account.at(PASS), {"domain": "newer.example", "utm_source": "s"}), 201)
        self.own.stop()
        head = next(self.own.data.rglob("HEAD"))
        shutil.copy(head, next(old.rglob("HEAD")))
        shutil.rmtree(self.own.data)
        old.rename(self.own.data)
        self.refused(self.own)

    def under_an_old_backup(self, with_head: bool):
        """A backup copied over the directory that went on; each start since brought a log into tables."""
        account = self.made()
        editor = account.editor.token
        self.own.stop()
        backup = self.own.home / "backup"
        shutil.copytree(self.own.data, backup)
        for number in range(2):
            self.own.start()
            made = self.own.client(editor).post(account.at(PASS), {"domain": f"later{number}.example", "utm_source": "s"})
            self.expect(made, 201)
            self.own.stop()
        ignored = None if with_head else shutil.ignore_patterns("HEAD")
        shutil.copytree(backup, self.own.data, dirs_exist_ok=True, ignore=ignored)

    def test_backup_copied_over_a_later_directory_is_refused_and_nothing_written(self):
        for with_head in (True, False):
            with self.subTest(with_head=with_head):
                self.own = Program()
                self.addCleanup(self.own.close)
                self.under_an_old_backup(with_head)
                before = contents(self.own.data)
                line = self.refused(self.own, str(self.own.data), "has a hole: positions", "restore it into an empty one")
                for command in ("verify", "replay", "show"):
                    done = run_command("log", command, "--data", self.own.data)
                    self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
                    self.assertIn(line.partition("the log in")[2], done.stderr)
                self.assertEqual(contents(self.own.data), before)

    def test_backup_that_was_started_elsewhere_and_is_copied_over_is_refused(self):
        """By its MANIFEST the write-ahead log that is left of the later directory is outdated."""
        account = self.made()
        add = lambda first, count: [self.expect(self.own.client(account.editor.token).post(
            account.at(PASS), {"domain": f"more{first + number}.example", "utm_source": "s"}), 201) for number in range(count)]
        add(0, 8)
        backup = Program(data=str(self.own.home / "backup"), admin_token=None)
        self.addCleanup(backup.close)
        shutil.copytree(self.own.data, self.own.home / "backup")
        add(8, 60)
        self.own.kill()
        backup.start()
        backup.stop()
        shutil.copytree(self.own.home / "backup", self.own.data, dirs_exist_ok=True)
        before = contents(self.own.data)
        line = self.refused(self.own, str(self.own.data), "000004.log", "reaches to position", "into an empty")
        done = run_command("log", "verify", "--data", self.own.data)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertIn(line.partition("the log in")[2], done.stderr)
        self.assertEqual(contents(self.own.data), before)

    def test_copied_write_ahead_log_is_refused_by_name_and_nothing_written(self):
        self.made()
        self.own.kill()
        log = max(self.own.data.rglob("*.log"), key=lambda path: path.stat().st_size)
        copy = log.with_name(f"{int(log.stem) + 100:06}.log")
        shutil.copy(log, copy)
        before = contents(self.own.data)
        self.refused(self.own, str(copy), "holds again")
        done = run_command("log", "verify", "--data", self.own.data)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertIn(str(copy), done.stderr)
        self.assertEqual(contents(self.own.data), before)

    def test_newer_format_is_refused(self):
        self.made()
        self.own.stop()
        marks = [path for path in self.own.data.rglob("*") if path.is_file() and re.match("(?i)^.*(format|version).*$", path.name)]
        if not marks:
            self.skipTest("no file of the data directory is named after its format")
        mark = marks[0]
        mark.write_text(re.sub(r"\d+", lambda number: str(int(number[0]) + 1000), mark.read_text(), count=1))
        self.refused(self.own)

    def test_taken_port_is_refused_with_the_address(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            self.own.listen = False
            self.own.flags = ["--data", str(self.own.data), "--listen", f"127.0.0.1:{port}"]
            self.refused(self.own, str(port))


class Ending(Installation):
    def test_sigterm_finishes_what_is_in_flight_and_exits_0_within_10_s(self):
        self.own.start()
        accounts = [Account(self.own) for _ in range(8)]
        acknowledged, stop = [], threading.Event()

        def create(account):
            number, client = 0, self.own.client(account.editor.token)
            while not stop.is_set():
                number += 1
                try:
                    response = client.post(account.at(PASS), {"domain": f"t{number}.example", "utm_source": "s"})
                except (NoResponse, OSError):
                    return
                if response.status == 201:
                    acknowledged.append((account, response.data["id"], response.data["domain"]))
                elif response.status != 503:
                    acknowledged.append((account, "unexpected", str(response)))

        for account in accounts:
            account.client("editor")
            account.client("viewer")
        threads = [threading.Thread(target=create, args=(account,)) for account in accounts]
        for thread in threads:
            thread.start()
        time.sleep(1)
        began = time.monotonic()
        self.own.process.send_signal(signal.SIGTERM)
        code = self.own._ended(15)
        took = time.monotonic() - began
        stop.set()
        for thread in threads:
            thread.join(10)
        self.assertEqual(code, 0, self.own.log_text()[-2000:])
        self.assertLess(took, 10)
        self.assertTrue(acknowledged)
        self.own.start()
        for account, number, domain in acknowledged:
            shown = self.own.client(account.viewer.token).get(account.at(f"{PASS}/{number}"))
            self.assertEqual(self.expect(shown, 200).data["domain"], domain)

    def test_sigterm_does_not_wait_for_idle_or_stuck_connections(self):
        self.own.start()
        idle, stuck = self.own.connect(), self.own.connect()
        idle.send(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
        idle.read_response()
        stuck.send(b"POST /resolve HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{")
        began = time.monotonic()
        self.assertEqual(self.own.stop(), 0)
        self.assertLess(time.monotonic() - began, 10)
        idle.close()
        stuck.close()

    def test_request_in_flight_at_sigterm_gets_its_answer(self):
        self.own.start()
        account = Account(self.own)
        visits = json.dumps({"visits": [{"url": "https://a.example/", "referrer": "https://b.example/"}] * 10_000}).encode()
        with self.own.connect() as connection:
            connection.send(f"POST {account.at('/resolve')} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {account.tracker.token}\r\n"
                            f"Content-Length: {len(visits)}\r\n\r\n".encode() + visits[:-1])
            time.sleep(0.3)
            self.own.process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            connection.send(visits[-1:])
            response = connection.read_response()
        self.assertIn(response.status, (200, 503), f"\n{response}")
        self.assertEqual(self.own._ended(15), 0)


class FullDisk(Case):
    """On a file system of its own that is really full, which a limit on file sizes is not."""

    def setUp(self):
        self.disk = pathlib.Path(tempfile.mkdtemp(prefix="headwater-disk-"))
        self.addCleanup(shutil.rmtree, self.disk, True)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(self.disk)], capture_output=True, text=True)
        if done.returncode != 0:
            self.skipTest(f"a file system cannot be mounted here: {done.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", str(self.disk)], check=True)

    def test_writes_are_refused_and_reads_go_on_and_nothing_acknowledged_is_lost(self):
        with Program("--low-water-percent", "0", data=str(self.disk / "data")) as program:
            account = Account(program)
            connection = account.connection()
            viewer = account.viewer
            acknowledged, refused = 0, None
            for number in range(200):
                batch = [{"date": "2026-05-17", "raw_referrer_value": "chatgpt.com", "pageviews": 1,
                          "raw_page_value": f"/{number}/{n}/{os.urandom(50).hex()}"} for n in range(1000)]
                refused = account.editor.post(account.events(connection), batch)
                if refused.status != 200:
                    break
                acknowledged += 1000
            self.assertEqual(refused.status, 503, f"\n{refused}")
            # RocksDB tries to go on by itself after some seconds, if one lets it.
            end = time.monotonic() + 12
            while time.monotonic() < end:
                self.expect(viewer.get(f"/{account.brand}/ai-referrals/connections/{connection['id']}"), 200)
                time.sleep(0.5)
            self.assertEqual(program.client(None).get("/readyz").status, 503)
            self.assertEqual(account.editor.post(account.events(connection), batch).status, 503)
            program.stop()
            subprocess.run(["mount", "-o", "remount,size=200m", str(self.disk)], check=True)
            program.start()
            shown = program.client().get(f"/{account.brand}/ai-referrals/connections/{connection['id']}").json()
            self.assertIn(shown["rows"], (acknowledged, acknowledged + 1000))
            self.expect(program.client().post(account.events(connection), batch), 200)


class StartScript(Installation):
    def test_sighup_reaches_the_server_and_ends_nothing(self):
        script = ROOT / "tools" / "start"
        env = clean_environment({**self.own.env, "HEADWATER_PROGRAM": self.own.binary})
        log = open(self.own.log, "ab")
        self.addCleanup(log.close)
        started = subprocess.Popen([script, "--data", self.own.data, "--listen", "127.0.0.1:0"], env=env, text=True,
                                   stdout=subprocess.PIPE, stderr=log, start_new_session=True)
        self.addCleanup(started.stdout.close)
        try:
            for line in started.stdout:
                if found := LISTENING.match(line.rstrip("\n")):
                    address = (found[1], int(found[2]))
                if "Ctrl-C ends the server" in line:
                    break
            for times in (1, 2, 3):
                started.send_signal(signal.SIGHUP)
                end = time.monotonic() + 10
                while self.own.log_text().count("SIGHUP") < times and time.monotonic() < end:
                    time.sleep(0.05)
                self.assertEqual(self.own.log_text().count("SIGHUP"), times)
                self.expect(Client(address).get("/livez"), 200)
                self.assertIsNone(started.poll())
            started.send_signal(signal.SIGTERM)
            self.assertEqual(started.wait(15), 0)
        finally:
            if started.poll() is None:
                os.killpg(started.pid, signal.SIGKILL)
                started.wait()

    def test_sighup_to_the_program_itself_is_noted(self):
        self.own.start()
        self.own.process.send_signal(signal.SIGHUP)
        self.expect(self.own.client(None).get("/livez"), 200)
        time.sleep(0.2)
        self.assertTrue(self.own.running)
        self.assertIn("SIGHUP", self.own.log_text())


class TokenCommand(Installation):
    def test_token_create_recovers_a_stopped_installation(self):
        self.own.start()
        self.own.stop()
        done = run_command("token", "create", "--data", self.own.data, "--name", "rescue", "--role", "admin")
        self.assertEqual(done.returncode, 0, done.stderr)
        token = TOKEN_SHAPE.search(done.stdout)[0]
        self.assertNotIn(token, done.stderr)
        self.own.start()
        self.expect(self.own.client(token).get("/accounts"), 200)
        self.assertEqual(self.own.client(token).get("/api-tokens/self").data["name"], "rescue")
        self.expect(self.own.client().get("/accounts"), 200)

    def test_token_create_on_a_running_installation_is_refused(self):
        self.own.start()
        done = run_command("token", "create", "--data", self.own.data, "--role", "admin")
        self.assertNotEqual(done.returncode, 0)
        self.assertTrue(done.stderr.strip())
        self.expect(self.own.client().get("/accounts"), 200)

    def test_token_create_makes_no_installation(self):
        done = run_command("token", "create", "--data", self.own.home / "nothing", "--role", "admin")
        self.assertNotEqual(done.returncode, 0)
        self.assertFalse((self.own.home / "nothing").exists())


class Secrets(Installation):
    def test_no_token_reaches_the_log_at_its_most_talkative(self):
        self.own.flags = ["--log-level", "debug"]
        self.own.start()
        account = Account(self.own)
        mine = new_token()
        self.expect(account.admin.post("/api-tokens", {"name": "own", "role": "viewer", "token": mine}), 201)
        self.own.client(mine).get(account.at(PASS))
        self.own.client(None).request("GET", account.at(PASS), headers={"X-API-Key": mine})
        self.own.client(None).request("GET", account.at(PASS), headers={"Authorization": f"Bearer {new_token()}"})
        account.admin.post("/api-tokens", f'{{"name":"n","token":"{new_token()}"')
        with self.own.connect() as connection:
            connection.send(f"GET / HTTP/1.1\r\nAuthorization: Bearer {mine}\r\n\r\n".encode())
            connection.read_response()
        self.own.stop()
        self.assertTrue(self.own.log_text(), "debug logs nothing at all")
        self.own.search_log_for_secrets()

    def test_log_lines_carry_the_request_id(self):
        self.own.flags = ["--log-level", "debug"]
        self.own.start()
        self.own.client().request("GET", "/accounts", headers={"X-Request-ID": "find-me-in-the-log"})
        self.own.stop()
        self.assertIn("find-me-in-the-log", self.own.log_text())
