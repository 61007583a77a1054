"""Starts, stops and kills the real program, and keeps what it wrote on its standard error.

Every log is searched for tokens when its program ends: a secret in a log fails the test that
happens to own the program.
"""
import array
import fcntl
import os
import pathlib
import re
import resource
import secrets
import select
import shutil
import signal
import string
import subprocess
import tempfile
import termios
import threading
import time

from .wire import Client, Connection

ROOT = pathlib.Path(__file__).resolve().parents[3]
LISTENING = re.compile(r"^headwater is listening on https?://(127\.0\.0\.1):(\d+)$")
OPERATORS = re.compile(r"^operators are served on https?://(127\.0\.0\.1):(\d+)$")
TOKEN_SHAPE = re.compile(r"hw_[0-9A-Za-z]{40,}")
SECRETS = set()  # every token that a test made or was given


def find_program(given: str = None) -> str:
    """The program under test: as given, from HEADWATER_PROGRAM, or from the release build."""
    places = [given or os.environ.get("HEADWATER_PROGRAM"),
              ROOT / "build/release/headwater", ROOT / "build/release/tools/headwater"]
    for place in filter(None, places):
        if os.access(place, os.X_OK):
            return str(place)
    raise SystemExit("no headwater program: build the release preset or set HEADWATER_PROGRAM")


def new_token() -> str:
    alphabet = string.ascii_letters + string.digits
    token = "hw_" + "".join(secrets.choice(alphabet) for _ in range(43))
    SECRETS.add(token)
    return token


def clean_environment(extra: dict = None) -> dict:
    """This process's environment without any HEADWATER_ setting, plus `extra`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("HEADWATER_")}
    return {**kept, **(extra or {})}


class StartFailed(AssertionError):
    """The program ended before it listened. Carries its exit code and both outputs."""

    def __init__(self, code, stdout: str, stderr: str):
        super().__init__(f"exit code {code}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
        self.code, self.stdout, self.stderr = code, stdout, stderr


def waiting_in(pipe) -> bool:
    """Whether bytes are there that nobody has read."""
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0] > 0


class SecretInLog(AssertionError):
    pass


class Program:
    """One installation: a data directory, its settings, and the process that serves it, if any.

    Usable as a context manager, which starts it and at the end stops it and removes its files.
    """

    def __init__(self, *flags, program: str = None, data: str = None, env: dict = None,
                 admin_token: str = "own", listen: bool = True, tls=None):
        self.binary = find_program(program)
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="headwater-e2e-"))
        self.data = pathlib.Path(data) if data else self.home / "data"
        self.flags, self.env, self.listen = list(flags), dict(env or {}), listen
        self.admin_token = new_token() if admin_token == "own" else admin_token
        if self.admin_token:
            self.env.setdefault("HEADWATER_ADMIN_TOKEN", self.admin_token)
        self.log = self.home / "stderr.log"
        self._keeping = threading.Lock()  # while what was said goes from the pipe to the log
        self.process, self.address, self.stdout = None, None, []
        self.ops_address = None
        self.tls = tls  # the ssl.SSLContext of clients, for a program that speaks TLS

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, *_):
        self.close(quiet=kind is not None)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.address[0]}:{self.address[1]}"

    def command(self) -> list:
        where = ["--data", str(self.data), "--listen", "127.0.0.1:0"] if self.listen else []
        return [self.binary, "serve", *where, *self.flags]

    def start(self, timeout: float = 60.0):
        """Starts the process and waits until it says that it listens."""
        self.stdout, heard = [], threading.Event()
        earlier = len(self.log_text())  # of runs before this one
        self.process = subprocess.Popen(self.command(), stdout=subprocess.PIPE, text=True,
                                        stderr=subprocess.PIPE, env=clean_environment(self.env))
        self.address = None

        def read(process, lines):
            for line in process.stdout:
                lines.append(line.rstrip("\n"))
                if found := OPERATORS.match(lines[-1]):
                    self.ops_address = (found[1], int(found[2]))
                if found := LISTENING.match(lines[-1]):
                    self.address = (found[1], int(found[2]))
                    heard.set()
            heard.set()

        def keep(stream):  # through a pipe, so that a limit on file sizes does not reach the log
            said_something = select.poll()
            said_something.register(stream, select.POLLIN)
            with open(self.log, "ab", buffering=0) as log:
                while True:
                    said_something.poll()
                    with self._keeping:
                        said = os.read(stream.fileno(), 1 << 16)
                        log.write(said)
                    if not said:
                        return

        self._readers = [threading.Thread(target=read, args=(self.process, self.stdout), daemon=True),
                         threading.Thread(target=keep, args=(self.process.stderr,), daemon=True)]
        for reader in self._readers:
            reader.start()
        if not heard.wait(timeout):
            self.kill()
            raise StartFailed("none (no word in time)", "\n".join(self.stdout), self.log_text()[earlier:])
        if self.address is None:
            code = self._ended(timeout)
            raise StartFailed(code, "\n".join(self.stdout), self.log_text()[earlier:])
        if self.admin_token is None:
            for line in self.stdout:
                if line.startswith("admin token: "):
                    self.admin_token = line.partition(": ")[2]
                    SECRETS.add(self.admin_token)
        return self

    def processor_seconds(self) -> float:
        """What the process has taken of the processors so far."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def client(self, token="admin", timeout: float = 20.0) -> Client:
        return Client(self.address, self.admin_token if token == "admin" else token, timeout, self.tls)

    def connect(self, timeout: float = 20.0) -> Connection:
        return Connection(self.address, timeout, self.tls)

    def stop(self, timeout: float = 15.0) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self._ended(timeout)

    def kill(self):
        """SIGKILL: what a power cut is to a process."""
        self.process.kill()
        self._ended(15)

    def _ended(self, timeout: float) -> int:
        code = self.process.wait(timeout)
        for reader in self._readers:
            reader.join(timeout)
        return code

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def log_text(self) -> str:
        """All that the program has said so far, what is still in the pipe included."""
        while True:
            with self._keeping:
                if self.process is None or self.process.stderr is None or not waiting_in(self.process.stderr):
                    return self.log.read_text(errors="backslashreplace") if self.log.exists() else ""
            time.sleep(0.001)

    def limit_file_size(self, bytes_or_none):
        """Makes every write beyond this size fail for real (the program ignores SIGXFSZ)."""
        limit = resource.RLIM_INFINITY if bytes_or_none is None else bytes_or_none
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    def search_log_for_secrets(self):
        text = self.log_text()
        leaked = [line for line in text.splitlines()
                  if TOKEN_SHAPE.search(line) or any(secret in line for secret in SECRETS)]
        if leaked:
            raise SecretInLog("a token is in the log:\n" + "\n".join(leaked[:5]))

    def close(self, quiet: bool = False):
        """Ends the process if it runs, searches its log, and removes its files."""
        try:
            if self.running:
                code = self.stop()
                if code != 0 and not quiet:
                    raise AssertionError(f"exit code {code} after SIGTERM\n{self.log_text()[-3000:]}")
            if not quiet:
                self.search_log_for_secrets()
        finally:
            if self.running:
                self.process.kill()
            shutil.rmtree(self.home, ignore_errors=True)


def run_command(*arguments, env: dict = None, timeout: float = 60.0) -> subprocess.CompletedProcess:
    """Runs a subcommand to its end."""
    return subprocess.run([find_program(), *map(str, arguments)], capture_output=True, text=True,
                          env=clean_environment(env), timeout=timeout)
