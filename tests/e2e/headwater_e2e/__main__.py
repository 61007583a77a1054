"""Runs the end-to-end tests and prints `N passed, N failed` as its last line.

  python3 -m headwater_e2e                       everything, OpenAPI coverage last
  python3 -m headwater_e2e test_resolve_steps    one module, or module.Class.test
"""
import argparse
import os
import pathlib
import sys
import time
import unittest

from . import observations, program, world

HERE = pathlib.Path(__file__).resolve().parent
LAST = "test_openapi"  # judges what the others observed


def module_names() -> list:
    names = sorted(path.stem for path in HERE.glob("test_*.py"))
    return [name for name in names if name != LAST] + [LAST]


class Result(unittest.TextTestResult):
    """Counts each test once, however many of its subtests failed, and times the slow ones."""

    def startTest(self, test):
        self.began = time.monotonic()
        super().startTest(test)

    def stopTest(self, test):
        took = time.monotonic() - self.began
        if took > 5:
            self.stream.writeln(f"    ({took:.1f} s: {test.id()})")
        super().stopTest(test)


def main() -> int:
    parser = argparse.ArgumentParser(prog="headwater_e2e", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--program", help="default: HEADWATER_PROGRAM or the release build")
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    os.environ["HEADWATER_PROGRAM"] = program.find_program(options.program)
    names = [f"{__package__}.{name}" for name in options.names or module_names()]
    suite = unittest.TestLoader().loadTestsFromNames(names)
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2 if options.verbose else 1,
                                     resultclass=Result)
    result = runner.run(suite)
    bad = {getattr(test, "test_case", test).id() for test, _ in result.failures + result.errors}
    bad |= {test.id() for test in result.unexpectedSuccesses}
    try:
        world.close_shared()
    except AssertionError as fault:
        print(f"FAIL: the shared program did not end well\n{fault}")
        bad.add("the shared program ends well")
    observations.save()
    skipped = len(result.skipped)
    if skipped:
        for test, why in result.skipped:
            print(f"skipped: {test.id()}: {why}")
    passed = max(0, result.testsRun - skipped - len(bad))
    # A class that is skipped as a whole, as without the corpora, runs no test; a wrong name neither.
    failed = len(bad) or (0 if result.testsRun or skipped else 1)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
