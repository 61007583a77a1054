"""The proxies that docs/security.md puts in front, with the very configurations that stand there: nginx (with TLS), HAProxy
with HTTP and with the PROXY protocol. Skipped where a proxy is not installed."""
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

from .program import ROOT, Program
from .test_client_addresses import Caller

PAGE = (ROOT / "docs" / "security.md").read_text()
EVERYWHERE = os.environ["PATH"] + ":/usr/sbin:/sbin"


def configurations(language: str) -> list:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Proxied(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="headwater-proxy-"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.port = free_port()

    def serve(self, *flags):
        self.own = Program(*flags, "--failed-logins", "3").start()
        self.addCleanup(self.own.close)
        self.upstream = f"127.0.0.1:{self.own.address[1]}"

    def certificate(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-keyout", self.home / "site.key", "-out", self.home / "site.pem"], check=True, capture_output=True)
        both = (self.home / "site.pem").read_text() + (self.home / "site.key").read_text()
        (self.home / "site-with-key.pem").write_text(both)

    def adapted(self, text: str, *changes) -> str:
        """The configuration with addresses and paths of this test; each change has to fit."""
        for old, new in (("127.0.0.1:8080", self.upstream), *changes):
            self.assertIn(old, text)
            text = text.replace(old, new)
        return text.replace("/etc/ssl/", f"{self.home}/")

    def run_proxy(self, name: str, *arguments):
        binary = shutil.which(name, path=EVERYWHERE)
        if not binary:
            self.skipTest(f"{name} is not installed")
        log = open(self.home / "log", "w")
        self.addCleanup(log.close)
        process = subprocess.Popen([binary, *map(str, arguments)], stdout=log, stderr=log)

        def end():
            process.terminate()
            process.wait(10)
        self.addCleanup(end)
        until = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                said = (self.home / "log").read_text()
                self.assertIsNone(process.poll(), said)
                self.assertLess(time.monotonic(), until, said)
                time.sleep(0.05)

    def caller(self, source: str, tls: bool) -> Caller:
        one = Caller(("127.0.0.1", self.port), source)
        self.addCleanup(one.close)
        if tls:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            one.socket = context.wrap_socket(one.socket)
        return one

    def check(self, tls: bool):
        """Both clients are served, and each is counted by its own address."""
        until = time.monotonic() + 10
        while self.caller("127.0.0.3", tls).ask("/readyz") != 200:  # HAProxy asks first whether it is ready
            self.assertLess(time.monotonic(), until, (self.home / "log").read_text())
            time.sleep(0.1)
        one, other = self.caller("127.0.0.3", tls), self.caller("127.0.0.4", tls)
        answers = [one.ask("/api-tokens/self", "X-Forwarded-For: 127.0.0.4") for _ in range(12)]
        self.assertEqual(answers[:3], [401] * 3)
        self.assertIn(429, answers)
        self.assertEqual([other.ask("/api-tokens/self") for _ in range(3)], [401] * 3)

    def test_nginx(self):
        self.serve("--trusted-proxies", "127.0.0.1")
        self.certificate()
        block, = configurations("nginx")
        user = "user root;" if os.geteuid() == 0 else ""
        (self.home / "nginx.conf").write_text(f"""
            {user} worker_processes 1; daemon off; pid {self.home}/pid; error_log stderr warn;
            events {{ worker_connections 256; }}
            http {{
              access_log off; client_body_temp_path {self.home}/body; proxy_temp_path {self.home}/proxy;
              fastcgi_temp_path {self.home}/fastcgi; uwsgi_temp_path {self.home}/uwsgi; scgi_temp_path {self.home}/scgi;
              {self.adapted(block, ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"))}
            }}""")
        self.run_proxy("nginx", "-p", self.home, "-e", "stderr", "-c", self.home / "nginx.conf")
        self.check(tls=True)

    def haproxy(self, text: str):
        (self.home / "haproxy.cfg").write_text("defaults\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n" + text)
        self.run_proxy("haproxy", "-db", "-f", self.home / "haproxy.cfg")

    def test_haproxy_with_http(self):
        self.serve("--trusted-proxies", "127.0.0.1")
        self.certificate()
        text, _ = configurations("haproxy")
        self.haproxy(self.adapted(text, ("bind :443 ssl", f"bind 127.0.0.1:{self.port} ssl")))
        self.check(tls=True)

    def test_haproxy_with_the_proxy_protocol(self):
        self.serve("--trusted-proxies", "127.0.0.2", "--proxy-protocol")
        _, text = configurations("haproxy")
        self.haproxy(self.adapted(text, ("bind :80", f"bind 127.0.0.1:{self.port}")))
        self.check(tls=False)
        # Commands and checks on the same machine need no header.
        direct = Caller(self.own.address)
        self.addCleanup(direct.close)
        self.assertEqual(direct.ask("/livez"), 200)
