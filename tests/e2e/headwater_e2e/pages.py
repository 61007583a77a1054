"""Runs the commands of README.md and docs/*.md, each page in one shell beside a server of its own.

  PYTHONPATH=tests/e2e python3 -m headwater_e2e.pages docs/rules.md --write    writes today's answers into the page

A command stands behind "$ " in a console block, its further lines behind "> ". What the page shows below it must
be the answer; "..." stands for any text, and a command with nothing below it may answer what it likes. Each command
must succeed. Pages other than README.md begin where docs/quickstart.md ends: with its account, token and rules.

docs/audit.md and docs/quickstart.md are run by audit_walk.py and tools/transcript.
"""
import argparse
import pathlib
import re
import subprocess

from .audit_walk import BLOCK, Shell, commands_of, shown, still
from .program import ROOT, Program

OF_THEIR_OWN = {"audit.md", "quickstart.md"}
EXPORT = """# A report of an analytics tool
Date,Session source,Landing page,Views,Sessions,Transactions,Total revenue
20260520,chatgpt.com,/rooms,12,7,1,180.00
20260521,google,/rooms,80,51,4,720.00
"""


def all_pages() -> list:
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def pages_with_commands() -> list:
    return [page for page in all_pages() if page.name not in OF_THEIR_OWN and BLOCK.search(page.read_text())]


def quickstart_lines(url: str, token: str) -> list:
    text = subprocess.run([ROOT / "tools" / "quickstart", url, token], check=True, capture_output=True, text=True).stdout
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def answers_of(block: str) -> list:
    """(command, what the page shows below it) for each command of a console block."""
    out = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            out.append([line[2:].rstrip("\n"), ""])
        elif line.startswith("> ") and out and not out[-1][1]:
            out[-1][0] += "\n" + line[2:].rstrip("\n")
        elif out:
            out[-1][1] += line
    return [(command, "".join(answer)) for command, answer in out]


def agrees(told: str, answer: str) -> bool:
    """Whether the page tells the answer, "..." being any text."""
    pattern = ".*".join(re.escape(part) for part in still(told).strip().split("..."))
    return re.fullmatch(pattern, still(answer).strip(), re.DOTALL) is not None


class Page:
    """One page's server and shell. What went wrong is in `faults`."""

    def __init__(self, path: pathlib.Path):
        self.path, self.faults = path, []

    def __enter__(self):
        self.server = Program().start()
        self.shell = Shell()
        try:
            self.set_up()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            self.shell.close()
        finally:
            self.server.close()

    def set_up(self):
        self.do(f"URL={self.server.url} ADMIN={self.server.admin_token} DATA={self.server.data}")
        if self.path.name == "README.md":
            return
        for line in quickstart_lines(self.server.url, self.server.admin_token):
            self.do(line)
        (self.shell.work / "ga4.csv").write_text(EXPORT)
        self.do("export HEADWATER_TOKEN=$TOKEN; printf '%s\\n' \"$ADMIN\" > admin.token")

    def do(self, command: str) -> str:
        answer = self.shell.run(command + "\nheard=$?; [ $heard = 0 ] || echo \"=== exit status $heard\"")
        refused = re.search(r'"success":false|"detail":|=== exit status \d+|command not found', answer)
        if refused:
            self.faults.append(f"{command}\n{answer}")
        return answer

    def run(self, text: str) -> str:
        """The page with today's answers; what it tells otherwise is a fault."""
        return BLOCK.sub(lambda block: block[1] + "".join(self.one(*each) for each in answers_of(block[2])) + block[3], text)

    def one(self, command: str, told: str) -> str:
        answer = self.do(command)
        if told.strip() and not agrees(told, answer):
            self.faults.append(f"{command}\nthe page tells:\n{told}\nbut it answers:\n{answer}")
        kept = told if not told.strip() or agrees(told, answer) else answer.rstrip("\n") + "\n"
        return shown(command, kept)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    with Page(given.page) as page:
        text = page.run(given.page.read_text())
    if given.write:
        given.page.write_text(text)
    print("\n".join(page.faults) or "The page tells what happens.")


if __name__ == "__main__":
    main()
