"""Runs the commands of docs/audit.md, one after the other in one shell, as a person pastes them.

  PYTHONPATH=tests/e2e python3 -m headwater_e2e.audit_walk --write    writes their answers into the page

A command stands behind "$ " in a console block, its further lines behind "> ".
"""
import argparse
import os
import pathlib
import re
import signal
import subprocess
import tempfile

from .program import ROOT, clean_environment, find_program

PAGE = ROOT / "docs" / "audit.md"
BLOCK = re.compile(r"(```console\n)(.*?)(```\n)", re.DOTALL)
ENDED = "=== the command ended"
VOLATILE = [
    (re.compile(r"headwater/[0-9a-f]{16}"), "ORIGIN"),
    (re.compile(r"\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{40,}"), "+KEY"),
    (re.compile(r"[0-9a-f]{64}"), "HASH"),
    (re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])"), "ROOT"),
    (re.compile(r"\u2014 ORIGIN \S+"), "\u2014 ORIGIN SIGNATURE"),
    (re.compile(r"[0-9a-f]{32}"), "SALT"),
    (re.compile(r"\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b"), "ULID"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"), "TIME"),
    (re.compile(r'"(time|created_at|updated_at)":\d{16}'), r'"\1":TIME'),
    (re.compile(r"\b\d+ checkpoints"), "N checkpoints"),
    (re.compile(r"in [\d.e-]+ s: \d+ events a second"), "in S s: N events a second"),
    (re.compile(r"db/\d{6}\."), "db/N."),
    (re.compile(r"byte \d+"), "byte N"),
]


def commands_of(block: str) -> list:
    """The commands of a console block, whole with all their lines."""
    out = []
    for line in block.splitlines():
        if line.startswith("$ "):
            out.append(line[2:])
        elif line.startswith("> ") and out:
            out[-1] += "\n" + line[2:]
    return out


def shown(command: str, answer: str) -> str:
    return "$ " + command.replace("\n", "\n> ") + "\n" + answer


class Shell:
    """One bash in a directory of its own, with the program as `headwater`."""

    def __init__(self):
        self.home = tempfile.TemporaryDirectory(prefix="headwater-walk-")
        tools = pathlib.Path(self.home.name) / "bin"
        self.work = pathlib.Path(self.home.name) / "work"
        tools.mkdir()
        self.work.mkdir()
        (tools / "headwater").symlink_to(pathlib.Path(find_program()).resolve())
        env = clean_environment({"LC_ALL": "C.UTF-8", "SOURCE": str(ROOT), "PATH": f"{tools}:{os.environ['PATH']}"})
        self.bash = subprocess.Popen(["bash"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                     text=True, env=env, cwd=self.work, start_new_session=True)

    def run(self, command: str) -> str:
        # An answer need not end its last line.
        self.bash.stdin.write(f"{command}\nprintf '\\n%s\\n' '{ENDED}'\n")
        self.bash.stdin.flush()
        heard = []
        while not (line := self.bash.stdout.readline()).startswith(ENDED):
            if not line:
                raise AssertionError(f"the shell ended at: {command}\n{''.join(heard)}")
            heard.append(line)
        answer = "".join(heard).rstrip("\n")
        return answer and answer + "\n"

    def close(self):
        try:
            os.killpg(self.bash.pid, signal.SIGKILL)  # it and what it started
        except ProcessLookupError:
            pass
        self.bash.communicate()
        self.home.cleanup()


def walk(page: str) -> str:
    """The page with today's answers."""
    shell = Shell()
    try:
        return BLOCK.sub(lambda block: block[1] + "".join(shown(each, shell.run(each)) for each in commands_of(block[2])) + block[3], page)
    finally:
        shell.close()


def still(text: str) -> str:
    """The text without what differs from run to run."""
    for pattern, constant in VOLATILE:
        text = pattern.sub(constant, text)
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    page = walk(PAGE.read_text())
    if given.write:
        PAGE.write_text(page)
    else:
        print(page)


if __name__ == "__main__":
    main()
