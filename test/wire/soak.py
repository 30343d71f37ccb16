"""Many cells: no message is lost or out of order, and the memory stays flat.

LOGITPRESS_SOAK names another number of cells than 2,000.
"""

import os
import time
import unittest

import psutil
from client import KernelCase, TIMEOUT

CELLS = int(os.environ.get("LOGITPRESS_SOAK", "2000"))
# Growth of the kernel's processes from a quarter of the cells to all of them.
BOUND = 30e6
# Collected now and then, the memory shows what is kept and not how lazily V8 collects.
COLLECT_EVERY = 100
COLLECT = (
    "{ require('v8').setFlagsFromString('--expose-gc'); const collect = require('vm').runInNewContext('gc');"
    " collect(); collect(); }"
)


class Soak(KernelCase):
    def rss(self):
        """Of the kernel and its processes, once garbage is gone."""
        self.run_ok(COLLECT, silent=True)
        time.sleep(0.5)
        process = psutil.Process(self.manager.provisioner.pid)
        return sum(p.memory_info().rss for p in [process, *process.children(recursive=True)])

    def cell(self, n):
        code = f"const soak = {n}; console.log('line', soak); soak * 2"
        message_id = self.client.execute(code)
        expected = [
            ("status", "busy"),
            ("execute_input", code),
            ("stream", f"line {n}\n"),
            ("execute_result", str(2 * n)),
            ("status", "idle"),
        ]
        seen = []
        while len(seen) < len(expected):
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") == message_id:
                seen.append((message["msg_type"], said(message["content"])))
        self.assertEqual(seen, expected)
        reply = self.client.get_shell_msg(timeout=TIMEOUT)
        self.assertEqual((reply["parent_header"]["msg_id"], reply["content"]["status"]), (message_id, "ok"))
        return reply["content"]["execution_count"]

    def test_soak(self):
        self.run_ok("function early(): never {\n  throw new Error('of the first cell');\n}")
        first = self.cell(0)
        for n in range(1, CELLS):
            self.assertEqual(self.cell(n), first + n)
            if n % COLLECT_EVERY == 0:
                self.run_ok(COLLECT, silent=True)
            if n == CELLS // 4:
                before = self.rss()
        growth = self.rss() - before
        self.assertIn("> 2 |   throw new Error('of the first cell');", self.run_cell("early()").traceback())
        print(f"{CELLS} cells: {before / 1e6:.0f} MB at a quarter, {growth / 1e6:+.0f} MB at the end")
        self.assertLess(growth, BOUND)


def said(content):
    for key in ("execution_state", "code", "text"):
        if key in content:
            return content[key]
    return content["data"]["text/plain"]


if __name__ == "__main__":
    unittest.main()
