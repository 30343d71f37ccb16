"""A heap that cells fill: the kernel warns and ends, and the next one says why. The heap is small, to be full soon."""

import hashlib
import os
import time
import unittest

from client import KernelCase, TIMEOUT
from soak import COLLECT

os.environ["NODE_OPTIONS"] = "--max-old-space-size=128"

KINDS = {
    "objects": "const rows = [];\nfor (;;) rows.push({ x: Math.random(), s: 'row' + rows.length });",
    "a loop that awaits": "const rows: unknown[] = [];\nfor (;;) { await 1; rows.push(new Array(1000).fill({})); }",
    "caught": (
        "const rows: unknown[] = [];\nwhile (true) { try { for (;;) rows.push(new Array(1e5).fill({})); } catch {} finally {}\n}"
    ),
}
SIZE = r"\d+ MB"
FILL = "while (process.memoryUsage().heapUsed < {share} * (require('v8').getHeapStatistics().heap_size_limit - 48 * 2 ** 20)) much.push(new Array(1e4).fill({{}}));"


class Full(KernelCase):
    """The kernel ends with its heap full, and the next one knows why."""

    def ended(self):
        deadline = time.time() + 4 * TIMEOUT
        while self.manager.is_alive() and time.time() < deadline:
            time.sleep(0.05)
        self.assertFalse(self.manager.is_alive())

    def restart(self):
        self.manager.restart_kernel(now=True)
        self.client.wait_for_ready(timeout=TIMEOUT)

    def test_each_way_to_fill_it(self):
        for kind, code in KINDS.items():
            with self.subTest(kind):
                self.client.execute(code)
                self.ended()
                self.restart()
                said = self.run_ok("2").text("stderr")
                self.assertRegex(said, rf"^The kernel before this one ended while In \[\d+\] ran, after \d+ s, with {SIZE} of memory in use; its heap may have {SIZE}\.")
                self.assertRegex(said, r"typed arrays.*duckdb\(\).*NODE_OPTIONS=--max-old-space-size.*run the cells anew")
                self.assertEqual(self.run_ok("3").text("stderr"), "")

    def test_a_full_heap_between_cells(self):
        self.run_ok("setTimeout(() => { const fill: unknown[] = []; for (;;) fill.push(new Array(1000).fill({})); }, 1000); 1")
        self.ended()
        self.restart()
        self.assertRegex(self.run_ok("2").text("stderr"), r"^The kernel before this one ended between two cells")

    def test_a_warning_comes_before(self):
        ran = self.run_ok(f"{{ const much: unknown[] = []; {FILL.format(share=0.87)} await new Promise((r) => setTimeout(r, 1000)); much.length }}")
        self.assertRegex(ran.text("stderr"), rf"^The kernel uses {SIZE} of at most {SIZE} of its heap; one that needs more ends, and all variables are lost\.")
        self.assertEqual(ran.text("stderr").count("The kernel uses"), 1)
        self.run_ok(COLLECT)
        self.assertLess(float(self.run_ok("process.memoryUsage().heapUsed / 1e6").value()), 64)

    def test_the_stop_button_beside_it(self):
        self.run_ok(COLLECT)
        self.run_ok(f"const much: unknown[] = []; {FILL.format(share=0.7)}")
        for stopped in ("while (true) {}", "await new Promise(() => {})"):
            self.client.execute(stopped)
            time.sleep(0.4)
            self.manager.interrupt_kernel()
            reply = self.client.get_shell_msg(timeout=TIMEOUT)
            self.assertEqual(reply["content"]["ename"], "KeyboardInterrupt")
        self.assertEqual(self.run_ok("debugger; much.length > 0").value(), "true")
        self.run_ok(f"much.length = 0; {COLLECT}")


class Successor(KernelCase):
    """What a kernel says that takes the place of one which did not end in order."""

    def restart(self, now):
        self.manager.restart_kernel(now=now)
        self.client.wait_for_ready(timeout=TIMEOUT)

    def files(self):
        file = self.manager.connection_file
        path = os.path.join(os.path.dirname(file), f".logitpress-{hashlib.sha256(file.encode()).hexdigest()[:16]}")
        return [path] if os.path.exists(path) else []

    def begin(self, code):
        """Starts a cell that does not end, and waits until the kernel has noted it."""
        self.client.execute(code)
        deadline = time.time() + TIMEOUT
        while not self.files() and time.time() < deadline:
            time.sleep(0.05)
        self.assertEqual(len(self.files()), 1)

    def test_it_says_once_how_the_one_before_ended(self):
        self.run_ok("1")
        self.begin("while (true) {}")
        self.restart(now=True)
        ran = self.run_ok("2")
        said = ran.text("stderr")
        self.assertRegex(said, rf"^The kernel before this one ended while In \[2\] ran, after \d+ s, with {SIZE} of memory in use; its heap may have {SIZE}\.")
        self.assertTrue(said.endswith("Its variables are gone: run the cells anew.\n"), said)
        self.assertEqual(self.run_ok("3").text("stderr"), "")
        self.assertEqual(self.files(), [])

    def test_nothing_is_said_after_an_end_in_order(self):
        for _ in range(2):
            self.begin("while (true) {}")
            self.restart(now=False)
            self.assertEqual(self.run_ok("2").text("stderr"), "")
        self.begin("await new Promise((r) => setTimeout(r, 400)); process.exit(3)")
        while self.manager.is_alive():
            time.sleep(0.05)
        self.assertEqual(self.files(), [])
        self.restart(now=True)
        self.assertEqual(self.run_ok("2").text("stderr"), "")


if __name__ == "__main__":
    unittest.main()
