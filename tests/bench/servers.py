"""The servers that Headwater is measured against, each an instance of our own: nginx and PostgreSQL."""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")


class RequestsFailed(Exception):
    """A benchmark whose requests fail measures nothing."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Nginx:
    """nginx answering `return 200` on a loopback port: two workers, keep-alive, no access log. /refused is 401,
    /taken waits for the body, and /openapi.json is the file `document`, which the caller writes. With `pair`, files of a
    certificate and its key, over TLS."""

    def __init__(self, home: pathlib.Path, pair: tuple = None):
        self.home, self.port = home / ("nginx-tls" if pair else "nginx"), free_port()
        self.home.mkdir()
        self.document = self.home / "openapi.json"
        self.url = f"{'https' if pair else 'http'}://127.0.0.1:{self.port}"
        listen = f"{self.port}{' ssl' if pair else ''}"
        certificate = f"ssl_certificate {pair[0]}; ssl_certificate_key {pair[1]};" if pair else ""
        user = "user root;" if os.geteuid() == 0 else ""
        (self.home / "nginx.conf").write_text(f"""
            {user} worker_processes 2; daemon off; pid {self.home}/pid; error_log {self.home}/error.log crit;
            worker_rlimit_nofile 20000;
            events {{ worker_connections 8192; }}
            http {{
              access_log off; keepalive_requests 1000000000; keepalive_timeout 600s;
              client_body_temp_path {self.home}/body; proxy_temp_path {self.home}/proxy;
              fastcgi_temp_path {self.home}/fastcgi; uwsgi_temp_path {self.home}/uwsgi; scgi_temp_path {self.home}/scgi;
              server {{
                listen 127.0.0.1:{listen}; {certificate} default_type application/json; root {self.home};
                location / {{ return 200 '{{"success":true}}'; }}
                location = /openapi.json {{ }}
                location = /refused {{ return 401; }}
                location = /taken {{ proxy_pass {self.url}/; }}
              }}
            }}""")

    def pids(self) -> list:
        """Of its workers."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(each) for each in children.split()]

    def __enter__(self):
        binary = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
        if not binary:
            raise SystemExit("nginx is missing: tools/setup check")
        self.process = subprocess.Popen([binary, "-p", str(self.home), "-e", str(self.home / "error.log"),
                                         "-c", str(self.home / "nginx.conf")])
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"nginx did not start: {(self.home / 'error.log').read_text()}")
                time.sleep(0.05)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)


class Postgres:
    """A fresh PostgreSQL 15 cluster with its default durability: fsync and synchronous_commit on."""

    def __init__(self, home: pathlib.Path):
        self.home = home / "postgres"
        self.home.mkdir(mode=0o755)
        self.data, self.as_user = self.home / "data", []
        if os.geteuid() == 0:
            shutil.chown(self.home, "postgres", "postgres")
            self.as_user = ["runuser", "-u", "postgres", "--"]

    def run(self, *command) -> str:
        done = subprocess.run([*self.as_user, *map(str, command)], capture_output=True, text=True, cwd="/")
        if done.returncode:
            raise RequestsFailed(f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def __enter__(self):
        if not (POSTGRES / "initdb").exists():
            raise SystemExit("PostgreSQL 15 is missing: tools/setup check")
        self.run(POSTGRES / "initdb", "-D", self.data, "-U", "postgres", "-A", "trust")
        options = f"-c listen_addresses='' -c unix_socket_directories={self.home} -c max_connections=100 -c fsync=on -c synchronous_commit=on"
        self.run(POSTGRES / "pg_ctl", "-D", self.data, "-w", "-l", self.home / "log", "-o", options, "start")
        self.run(POSTGRES / "psql", "-q", "-h", self.home, "-U", "postgres", "-c", (HERE / "schema.sql").read_text())
        return self

    def __exit__(self, *_):
        self.run(POSTGRES / "pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")

    def inserts_per_second(self, seconds: int, clients: int = 64) -> float:
        script = self.home / "insert.sql"
        script.write_text((HERE / "insert.sql").read_text())
        script.chmod(0o644)
        said = self.run(POSTGRES / "pgbench", "-n", "-M", "prepared", "-c", clients, "-j", 2, "-T", seconds, "-f", script,
                        "-h", self.home, "-U", "postgres", "postgres")
        failed = re.search(r"number of failed transactions: (\d+)", said)
        if failed and int(failed[1]):
            raise RequestsFailed(said)
        return float(re.search(r"tps = ([\d.]+)", said)[1])


def wrk(url: str, seconds: int, *, token: str = None, script: str = None, arguments=(), connections: int = 64) -> float:
    """Requests per second over 64 connections; raises if a single request failed."""
    command = ["wrk", "-t", "2", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s"]
    if token:
        command += ["-H", f"Authorization: Bearer {token}"]
    if script:
        command += ["-s", str(HERE / script)]
    done = subprocess.run([*command, url, "--", *map(str, arguments)], capture_output=True, text=True)
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if done.returncode or not found or "Non-2xx" in done.stdout or "Socket errors" in done.stdout or float(found[1]) == 0:
        raise RequestsFailed(f"wrk at {url} {script or ''}\n{done.stdout}{done.stderr}")
    return float(found[1])
