"""Adds up what tools/check did, and says so in one line: `N passed, N failed`.

Arguments: the folder with CTest's JUnit files, then the outcome of each step. A step whose tests
are counted one by one in a JUnit file is counted by them; a failed step counts as a failure even
if it did not get as far as running one.
"""
import pathlib
import sys
import xml.etree.ElementTree as xml


def main() -> int:
    folder, outcomes = pathlib.Path(sys.argv[1]), sys.argv[2:]
    passed = failed = 0
    for report in sorted(folder.glob("*.xml")):
        cases = xml.parse(report).getroot().findall("testcase")
        bad = [case for case in cases if case.get("status") not in ("run", "disabled")]
        passed += len(cases) - len(bad)
        failed += len(bad)
        for case in bad:
            print(f"failed: {report.stem} {case.get('name')}")
    steps_failed = sum(outcome != "passed" for outcome in outcomes)
    passed += len(outcomes) - steps_failed
    failed += steps_failed
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
