"""The process that checks cells: it answers while a cell computes, and the kernel outlives it."""

import os
import time
import unittest

import psutil
from client import KernelCase, TIMEOUT
from jupyter_client.manager import start_new_kernel


class Compiler(KernelCase):
    def reply_to(self, message_id):
        while True:
            reply = self.client.get_shell_msg(timeout=TIMEOUT)
            if reply["parent_header"]["msg_id"] == message_id:
                return reply["content"]

    def compilers(self):
        return psutil.Process(self.manager.provisioner.pid).children()

    def completed(self, code):
        content = self.reply_to(self.client.complete(code, len(code)))
        self.assertEqual(content["status"], "ok")
        return content

    def test_completes_and_inspects_while_a_cell_computes(self):
        self.run_ok("const measurement = { kilograms: 1 }")
        busy = self.client.execute("const until = Date.now() + 2000; while (Date.now() < until);")
        time.sleep(0.5)
        began = time.time()
        self.assertEqual(self.completed("measurement.kilo")["matches"], ["kilograms"])
        inspected = self.reply_to(self.client.inspect("measurement", 3))
        self.assertIn("kilograms: number", inspected["data"]["text/plain"])
        self.assertEqual(self.reply_to(self.client.is_complete("while (1) {"))["status"], "incomplete")
        self.assertLess(time.time() - began, 1)
        self.assertEqual(self.reply_to(busy)["status"], "ok")

    def test_completion_says_what_each_name_is(self):
        content = self.completed("[1].fla")
        types = content["metadata"]["_jupyter_types_experimental"]
        self.assertEqual({"flat", "flatMap"}, {entry["text"] for entry in types})
        self.assertEqual({"method"}, {entry["type"] for entry in types})
        self.assertEqual([(4, 7)], sorted({(entry["start"], entry["end"]) for entry in types}))

    def test_completes_what_the_types_do_not_know(self):
        self.run_ok("const untyped: any = { rowsOfIt: { deep: 1 }, get trap(): any { throw new Error('called') } }")
        self.assertEqual(self.completed("untyped.rows")["matches"], ["rowsOfIt"])
        self.assertEqual(self.completed("untyped.rowsOfIt.d")["matches"], ["deep"])
        self.assertEqual(self.completed("untyped.trap.d")["matches"], [])
        self.assertEqual(self.completed("nowhere.d")["matches"], [])

    def test_killed_it_starts_again(self):
        self.run_ok("const survives = 5")
        (compiler,) = self.compilers()
        compiler.kill()
        self.assertEqual(self.run_ok("survives + 1").value(), "6")
        (other,) = self.compilers()
        self.assertNotEqual(compiler.pid, other.pid)

    def test_it_ends_with_the_kernel(self):
        compilers = self.compilers()
        self.manager.restart_kernel(now=True)
        self.client.wait_for_ready(timeout=TIMEOUT)
        _, alive = psutil.wait_procs(compilers, timeout=5)
        self.assertEqual(alive, [])

    def test_interrupt_while_it_checks(self):
        with open(os.path.join(self.folder, "given-once.ts"), "w", encoding="utf8") as file:
            file.write("export const given = 8;\n")
        slow = "import { given } from './given-once';\n"
        slow += "type Deep<N extends number, T extends unknown[] = []> = T['length'] extends N ? T : Deep<N, [...T, 1]>;\n"
        slow += "\n".join(f"let d{i}: Deep<{500 + i}>['length'] = {500 + i};" for i in range(25))
        message_id = self.client.execute(slow)
        time.sleep(0.2)
        self.manager.interrupt_kernel()
        began = time.time()
        reply = self.reply_to(message_id)
        self.assertLess(time.time() - began, 0.5)
        self.assertEqual(reply.get("ename"), "KeyboardInterrupt", reply)
        self.assertEqual(self.run_ok("'next'").value(), "'next'")
        # The compiler gives a module once; the cell that it was meant for never ran.
        self.assertEqual(self.run_ok("import { given } from './given-once'; given").value(), "8")


class WithoutSnapshot(KernelCase):
    """The same answers, only later."""

    snapshot = "nowhere.blob"

    @classmethod
    def setUpClass(cls):
        os.environ["LOGITPRESS_SNAPSHOT"] = cls.snapshot
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        del os.environ["LOGITPRESS_SNAPSHOT"]

    def test_cells_run_and_are_checked(self):
        self.assertEqual(self.run_ok("const x = [1, 2]; x.map((y) => y * 2)").value(), "[ 2, 4 ]")
        self.assertEqual(self.run_cell("const wrong: number = 'a'").reply["ename"], "TS2322")
        (compiler,) = psutil.Process(self.manager.provisioner.pid).children()
        self.assertNotIn("--snapshot-blob", compiler.cmdline())


class WithBrokenSnapshot(WithoutSnapshot):
    snapshot = __file__


class WithSnapshot(KernelCase):
    """In which libraries have no comments until they are asked for."""

    inspected = (
        "[1].map",
        "new Map",
        "Promise.all",
        "setTimeout",
        "structuredClone",
        "process.hrtime",
        "new Set([1]).add",
        "''.substr",
        "parseInt",
        "Math.PI",
        "fs.readFileSync",
        "fs.promises.mkdir",
        "new EventEmitter().once",
        "EventEmitter.defaultMaxListeners",
        "own",
    )

    def documented(self, client):
        run = client.execute_interactive(
            "import * as fs from 'fs'; import { EventEmitter } from 'events';\n/** Own words. */\nfunction own() {}",
            timeout=TIMEOUT,
        )
        self.assertEqual(run["content"]["status"], "ok")
        return [
            client.inspect(code, len(code), reply=True, timeout=TIMEOUT)["content"]["data"]["text/plain"]
            for code in self.inspected
        ]

    def test_documentation_is_whole(self):
        shown = self.documented(self.client)
        for text, words in zip(shown, ("Calls a defined callback function", "", "Creates a Promise", "after `delay` milliseconds")):
            self.assertIn(words, text)
        self.assertIn("Own words.", shown[-1])
        environment = {**os.environ, "LOGITPRESS_SNAPSHOT": ""}
        manager, other = start_new_kernel(kernel_name="logitpress", cwd=self.folder, env=environment)
        try:
            self.assertEqual(shown, self.documented(other))
        finally:
            other.stop_channels()
            manager.shutdown_kernel(now=True)

    def test_it_is_used(self):
        self.assertEqual(self.run_ok("1").value(), "1")
        (compiler,) = psutil.Process(self.manager.provisioner.pid).children()
        self.assertIn("--snapshot-blob", compiler.cmdline())


if __name__ == "__main__":
    unittest.main()
