"""Answers that their clients do not read: how much memory they hold, and what is left for others."""
import pathlib
import re
import socket
import time

from .case import Case
from .program import Program
from .world import Account

CONNECTIONS = 60
RULES = 50_000
MIB = 1 << 20
# By default 128 MiB for large bodies and 64 MiB for large answers, and something for the rest.
ALLOWED = (128 + 64 + 64) * MIB


class TestUnreadAnswers(Case):
    @classmethod
    def setUpClass(cls):
        cls.own = Program().start()
        cls.acct = Account(cls.own)
        cls.hostile = Account(cls.own)
        rules = [{"referrer_pattern": f"partner{number}.example", "utm_source": "s", "description": "d" * 200} for number in range(RULES)]
        answer = cls.hostile.editor.post(cls.hostile.at("/referrer-mappings/import", mode="merge"), rules)
        assert answer.status == 200, answer

    @classmethod
    def tearDownClass(cls):
        cls.own.close()

    def memory(self) -> int:
        text = pathlib.Path(f"/proc/{self.program.process.pid}/status").read_text()
        return int(re.search(r"^VmRSS:\s+(\d+) kB$", text, re.M)[1]) * 1024

    def unread(self, target: str, token: str = None) -> list:
        """Connections that ask and never read."""
        clients = []
        credentials = f"Authorization: Bearer {token}\r\n" if token else ""
        for _ in range(CONNECTIONS):
            one = socket.socket()
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.connect(self.program.address)
            one.sendall(f"GET {target} HTTP/1.1\r\nHost: a\r\n{credentials}\r\n".encode())
            clients.append(one)
        return clients

    def check(self, target: str, token: str = None):
        before = self.memory()
        clients = self.unread(target, token)
        try:
            highest, until = 0, time.monotonic() + 3
            while time.monotonic() < until:
                highest = max(highest, self.memory())
                self.expect(self.acct.viewer.get(self.acct.at("/referrer-mappings")), 200)
                time.sleep(0.02)
            self.assertLess(highest - before, ALLOWED, f"{(highest - before) / MIB:.0f} MiB")
        finally:
            for one in clients:
                one.close()

    def test_long_lists_stay_within_the_memory_of_answers(self):
        # Read once, so that what the allocator keeps is there before.
        self.expect(self.hostile.viewer.get(self.hostile.at("/referrer-mappings")), 200)
        self.check(self.hostile.at("/referrer-mappings"), self.hostile.viewer.token)

    def test_the_kernel_takes_little_of_what_is_not_read(self):
        message = b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n" * 20
        clients = []
        for _ in range(CONNECTIONS):
            one = socket.socket()
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.connect(self.program.address)
            one.sendall(message)
            clients.append(one)
        time.sleep(0.5)
        ports, unsent = {one.getsockname()[1] for one in clients}, []
        for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
            _, local, remote, _, queues = line.split()[:5]
            if int(local.split(":")[1], 16) == self.program.address[1] and int(remote.split(":")[1], 16) in ports:
                unsent.append(int(queues.split(":")[0], 16))
        for one in clients:
            one.close()
        self.assertEqual(len(unsent), CONNECTIONS)
        self.assertGreater(min(unsent), 0)
        self.assertLess(max(unsent), 256 * 1024)

    def test_the_description_of_the_api_needs_no_token_and_little_memory(self):
        self.check("/openapi.json")

    def test_metrics_leave_others_their_answers(self):
        self.check("/metrics")
