"""A heap that cells fill: the kernel lives on with its variables, and says what happened. The heap is small, to be full soon."""

import hashlib
import os
import time
import unittest

from client import KernelCase, TIMEOUT
from soak import COLLECT

os.environ["NODE_OPTIONS"] = "--max-old-space-size=128"

KINDS = {
    "objects": "const rows = [];\nfor (;;) rows.push({ x: Math.random(), s: 'row' + rows.length });",
    "an array that doubles": "const rows: number[] = [];\nfor (;;) rows.push(1.5);",
    "a map that doubles": "const rows = new Map<number, number>();\nfor (let i = 0; ; i++) rows.set(i, i);",
    "native code": "const rows: unknown[] = [];\nfor (;;) rows.push('a,b,c,d,'.repeat(1e5).split(','));",
    "a loop that awaits": "const rows: unknown[] = [];\nfor (;;) { await 1; rows.push(new Array(1000).fill({})); }",
    "timers": (
        "const rows: unknown[] = [];\nconst again = () => { rows.push(new Array(1e5).fill({})); setTimeout(again, 0); };\n"
        "again(); await new Promise(() => {});"
    ),
    "microtasks": (
        "const rows: unknown[] = [];\nconst again = (): unknown => Promise.resolve(rows.push(new Array(1000).fill({}))).then(again);\n"
        "again(); await new Promise(() => {});"
    ),
    "caught": (
        "const rows: unknown[] = [];\nwhile (true) { try { for (;;) rows.push(new Array(1e5).fill({})); } catch {} finally {}\n}"
    ),
}
SIZE = r"\d+ MB"


class Full(KernelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.execute_interactive("const kept = [1, 2, 3]; let count = 0;", timeout=TIMEOUT)

    def used(self):
        """Megabytes of the heap in use, once the garbage of what was stopped has been collected."""
        for _ in range(50):
            used = float(self.run_ok("process.memoryUsage().heapUsed / 1e6").value())
            if used < 64:
                break
            time.sleep(0.1)
        return used

    def test_each_way_to_fill_it(self):
        pid = self.manager.provisioner.pid
        for kind, code in KINDS.items():
            with self.subTest(kind):
                ran = self.run_cell(code)
                self.assertEqual(ran.status, "error", ran.outputs)
                self.assertEqual(ran.reply["ename"], "LogitpressError", kind)
                self.assertRegex(
                    ran.reply["evalue"],
                    rf"^failed cell: the kernel used {SIZE} of memory; expected at most {SIZE}, the limit of its heap\. "
                    r"The cell was stopped: variables of earlier cells are kept, what it declared is let go\..*typed arrays.*"
                    r"duckdb\(\).*NODE_OPTIONS=--max-old-space-size",
                )
                self.assertEqual(self.run_ok("kept").value(), "[ 1, 2, 3 ]")
                self.assertLess(self.used(), 64)
        self.assertEqual(self.manager.provisioner.pid, pid)
        self.assertTrue(self.manager.is_alive())

    def test_the_line_is_shown_and_what_was_printed(self):
        ran = self.run_cell("console.log('begun');\nconst fill: object[] = [];\nfor (;;)\n  fill.push({ a: fill.length });")
        self.assertEqual(ran.text(), "begun\n")
        self.assertRegex(ran.traceback(), r"at In \[\d+\]:[34]:\d+")
        self.assertRegex(ran.traceback(), r"> 4 \|   fill\.push\(\{ a: fill\.length \}\);|> 3 \| for \(;;\)")

    def test_what_the_cell_declared_is_let_go_and_nothing_else(self):
        self.run_ok("let again = 1;")
        ran = self.run_cell("let again: unknown[] = [], other = 2; count++; for (;;) again.push(new Array(1e5).fill(again))")
        self.assertEqual(ran.reply["ename"], "LogitpressError")
        self.assertIn("Cannot find name 'other'", self.run_cell("other").traceback())
        self.assertEqual(self.run_ok("[typeof again, count > 0]").value(), "[ 'undefined', true ]")
        self.assertEqual(self.run_ok("let again = 5; again").value(), "5")

    def test_what_an_earlier_cell_holds_can_still_be_let_go(self):
        self.run_ok("let mine: unknown[] = []")
        for _ in range(2):
            ran = self.run_cell("for (;;) mine.push(new Array(1e5).fill({}))")
            self.assertEqual(ran.reply["ename"], "LogitpressError")
        self.run_ok(f"mine = []; {COLLECT}")
        self.assertLess(self.used(), 64)

    def test_a_warning_comes_before(self):
        ran = self.run_ok(
            "{ const much: unknown[] = []; const { heap_size_limit: limit } = require('v8').getHeapStatistics();\n"
            "while (process.memoryUsage().heapUsed < 0.87 * (limit - 48 * 2 ** 20)) much.push(new Array(1e4).fill({}));\n"
            "await new Promise((r) => setTimeout(r, 1000)); much.length }"
        )
        self.assertRegex(ran.text("stderr"), rf"^The kernel uses {SIZE} of at most {SIZE} of its heap; a cell that needs more is stopped\.")
        self.assertEqual(ran.text("stderr").count("The kernel uses"), 1)
        # What was not stopped is garbage until V8 wants its room.
        self.run_ok(COLLECT)
        self.assertLess(self.used(), 64)

    def test_the_stop_button_beside_it(self):
        self.run_ok(COLLECT)
        self.run_ok("const ballast: unknown[] = []; while (process.memoryUsage().heapUsed < 60e6) ballast.push(new Array(1e4).fill({}));")
        for stopped in ("while (true) {}", "await new Promise(() => {})"):
            self.client.execute(stopped)
            time.sleep(0.4)
            self.manager.interrupt_kernel()
            reply = self.client.get_shell_msg(timeout=TIMEOUT)
            self.assertEqual(reply["content"]["ename"], "KeyboardInterrupt")
        self.assertEqual(self.run_ok("debugger; ballast.length > 0").value(), "true")
        self.run_ok("ballast.length = 0")

    def test_work_in_the_background_is_stopped_and_told(self):
        self.run_ok("let background = setTimeout(() => { const fill: unknown[] = []; for (;;) fill.push(new Array(1000).fill({})); }, 300)")
        deadline = time.time() + TIMEOUT
        text = ""
        while "work in the background" not in text and time.time() < deadline:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["msg_type"] == "stream":
                text += message["content"]["text"]
        self.assertRegex(text, rf"failed work in the background: the kernel used {SIZE} of memory while no cell ran")
        self.assertEqual(self.run_ok("kept").value(), "[ 1, 2, 3 ]")


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
