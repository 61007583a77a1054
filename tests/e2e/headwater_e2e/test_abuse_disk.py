"""One editor fills the disk: it stays usable for removals, the operator and the next start."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from .abuse import ENDS_WITHIN
from .case import Case
from .program import Program
from .world import Account, make_token

MEBIBYTE = 1 << 20


class SmallDisk(Case):
    """A file system of 300 MB, most of which is taken already."""

    @classmethod
    def setUpClass(cls):
        pass  # no account in the shared program

    def setUp(self):
        self.disk = pathlib.Path(tempfile.mkdtemp(prefix="headwater-disk-"))
        self.addCleanup(shutil.rmtree, self.disk, True)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", str(self.disk)],
                              capture_output=True, text=True)
        if done.returncode != 0:
            self.skipTest(f"a file system cannot be mounted here: {done.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.disk)], check=True)

    def take(self, mebibytes: int) -> pathlib.Path:
        """Bytes of the disk for something else; what was taken before stays taken."""
        path = self.disk / "taken"
        with path.open("ab") as file:
            os.posix_fallocate(file.fileno(), file.tell(), mebibytes * MEBIBYTE)
        return path

    def take_until_low(self, program: Program):
        """Once what is in memory has become tables, which takes less room, the rest of the disk down to the mark."""
        before, same = -1, 0
        while same < 5:
            same, before = (same + 1, before) if self.free() == before else (0, self.free())
            time.sleep(0.3)
        while "disk" not in (seen := program.client().get("/readyz").data):
            self.assertGreater(self.free(), 12 * MEBIBYTE, "the mark was not seen")
            self.take(1 + max(0, self.free() // MEBIBYTE - 16) // 4)
            time.sleep(1.2)  # it looks at the disk once a second
        return seen["disk"]

    def free(self) -> int:
        seen = os.statvfs(self.disk)
        return seen.f_bavail * seen.f_frsize

    def started(self, *flags) -> Program:
        program = Program(*flags, data=str(self.disk / "data")).start()
        self.addCleanup(program.close)
        return program

    def storage_full(self, response):
        error = self.rules_error(response, 503, "storage_full")
        self.assertGreater(int(response.header("Retry-After")), 0)
        self.assertIn("The disk is almost full", error["message"])

    @staticmethod
    def document(number: int, rules: int = 10_000) -> bytes:
        """About 7 MB that do not compress."""
        noise = os.urandom(rules * 300).hex()
        return json.dumps([
            {"referrer_pattern": f"n{n}-{number}.example", "utm_source": noise[n * 600:n * 600 + 250],
             "utm_term": noise[n * 600 + 250:n * 600 + 500]} for n in range(rules)]).encode()

    def fill(self, account: Account):
        """Imports until the disk is too full; the refusal."""
        for number in range(40):
            response = account.editor.post(account.at("/referrer-mappings/import", mode="replace"), self.document(number),
                                           {"Content-Type": "application/json"})
            if response.status != 200:
                return response
        self.fail("nothing was refused")


class TestFullDisk(SmallDisk):
    def test_a_full_disk_takes_removals_and_the_next_start_and_recovers(self):
        taken = self.take(180)
        program = self.started("--command-timeout", "60")
        hostile, other = Account(program), Account(program)
        kept = other.mapping("kept.example")
        gone = other.mapping("gone.example")
        token = make_token(other.operator, role="viewer", account_ids=[other.id])
        self.storage_full(self.fill(hostile))
        self.assertGreater(self.free(), 8 * MEBIBYTE)
        disk = self.take_until_low(program)
        self.assertLess(disk["left"], disk["low_water"] * 9 / 8)

        # Nobody adds any more, and everybody reads and removes.
        self.storage_full(other.editor.post(other.at("/referrer-mappings"), {"referrer_pattern": "a.example", "utm_source": "a"}))
        self.vendor_error(other.editor.post(other.connections(), {"website": "https://a.example", "provider": "custom"}), 503)
        self.assertEqual(other.resolve(referrer="https://kept.example/")["outcome"], "mapping")
        self.expect(other.editor.delete(other.at(f"/referrer-mappings/{gone['id']}")), 204)
        self.expect(other.operator.delete(f"/api-tokens/{token['id']}"), 200)
        # The operator goes on, but for copies.
        self.expect(program.client().get("/readyz"), 200)
        self.assertIn("disk", program.client().get("/readyz").data)
        self.assertNotIn("disk", program.client(None).get("/readyz").data)
        metrics = program.client(None).get("/metrics").body.decode()
        self.assertIn("headwater_disk_below_low_water 1", metrics)
        self.assertRegex(metrics, r"headwater_disk_free_bytes \d")
        self.expect(program.client().patch(f"/accounts/{other.id}", {"name": "another name"}), 200)
        self.assertIn("the disk is almost full", program.log_text())

        # The next start finds room, and the erasure that the operator wants is taken.
        began = time.monotonic()
        program.stop()
        self.assertLess(time.monotonic() - began, ENDS_WITHIN)
        program.start()
        hostile.find_again()
        other.find_again()
        self.assertEqual(other.resolve(referrer="https://kept.example/")["outcome"], "mapping")
        self.assertEqual(other.resolve(referrer="https://gone.example/")["outcome"], "referral")
        self.expect(program.client().delete(f"/accounts/{hostile.id}"), 202)
        self.expect(hostile.editor.get(hostile.at("/referrer-mappings")), 401)

        # With room again, all goes on. (What was written until then takes less room since the start.)
        self.take_until_low(program)
        taken.unlink()
        end = time.monotonic() + 15
        while True:
            made = other.editor.post(other.at("/referrer-mappings"), {"referrer_pattern": "new.example", "utm_source": "a"})
            if made.status == 201 or time.monotonic() > end:
                break
            time.sleep(0.2)
        self.expect(made, 201)
        self.expect(other.viewer.get(other.at(f"/referrer-mappings/{kept['id']}")), 200)
        self.assertIn("headwater_disk_below_low_water 0", program.client(None).get("/metrics").body.decode())
        self.assertIn("the disk has room again", program.log_text())

    def test_snapshots_are_refused_on_a_full_disk(self):
        program = self.started()
        self.take(self.free() // MEBIBYTE - 12)
        response = program.client().post("/snapshots", {})
        self.assertIn("The disk is almost full", self.rules_error(response, 503, "storage_full")["message"])
        account_made = program.client().post("/accounts", {"account_id": "late", "name": "late"})
        self.expect(account_made, 201)  # the operator has half of the mark more
