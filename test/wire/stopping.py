"""Interruption of everything that a cell can do, by message and by signal, and what lives on after it."""

import os
import signal
import threading
import time
import unittest

from client import KernelCase, TIMEOUT

LIMIT = 0.5
KINDS = {
    "loop": "while (true) {}",
    "loop after await": "await 1; while (true) {}",
    "microtasks": "const again = (): unknown => Promise.resolve().then(again); again(); await new Promise(() => {})",
    "timer": "setTimeout(() => { while (true) {} }, 5); await new Promise(() => {})",
    "pending await": "await new Promise(() => {})",
    "regular expression": "/^(a+)+$/.test('a'.repeat(60) + 'b')",
    "Atomics.wait": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
    "sort": "const big = Float64Array.from({ length: 1e6 }, (_, i) => Math.sin(i)); while (true) [...big].sort((a, b) => a - b)",
    "printing": "for (let i = 0; ; i++) console.log(i)",
    "constant inner loop": "const build = () => { let last: unknown; for (;;) last = new Array(1000).fill(last === 1) }; build()",
    "caught": "while (true) { try { while (true) {} } catch {} finally { while (true) {} } }",
    "worker thread": (
        "const { Worker } = await import('node:worker_threads');\n"
        "const worker = new Worker('while (true) {}', { eval: true }); worker.unref();\n"
        "signal().addEventListener('abort', () => void worker.terminate());\n"
        "await new Promise((r) => worker.on('exit', r))"
    ),
    "fit": "await fits()",
}
# Enough for fits that take threads of their own.
SETUP = (
    "const kept = 7; const signal = (): AbortSignal => (globalThis as any)[Symbol.for('logitpress.signal')];\n"
    "import { Dataset, LogisticRegression } from 'logitpress';\n"
    "const heard: string[] = [];\n"
    "const features = Array.from({ length: 40000 }, (_, i) => Array.from({ length: 60 }, (_, j) => Math.sin(i * 60 + j) * 10 ** (j % 7)));\n"
    "const data = Dataset.from({ features, labels: features.map((row) => row[0]! + row[1]! / 10 > Math.sin(row[2]!)) });\n"
    "const fits = async (signal?: AbortSignal) => { while (true) await new LogisticRegression({ lambda: 1e-9, tolerance: 1e-12 })"
    ".fit(data, signal ? { signal } : {}).catch((error) => { heard.push(error.code); throw error }) }"
)


class Stopping(KernelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.execute_interactive(SETUP, timeout=TIMEOUT)

    def by_message(self):
        self.manager.interrupt_kernel()

    def by_signal(self):
        os.kill(self.manager.provisioner.pid, signal.SIGINT)

    def interrupted(self, kind, stop):
        """Seconds from the interruption to the reply."""
        started = threading.Event()
        times = []

        def interrupt():
            started.wait(TIMEOUT)
            time.sleep(0.05)
            times.append(time.time())
            stop()

        thread = threading.Thread(target=interrupt)
        thread.start()
        ran = self.run_cell(f"console.log('begin'); {KINDS[kind]}", on_output=lambda m: m["msg_type"] == "stream" and started.set())
        seconds = time.time() - times[0]
        thread.join()
        self.assertEqual(ran.reply["ename"], "KeyboardInterrupt", kind)
        self.assertEqual(ran.of("error")[0]["ename"], "KeyboardInterrupt", kind)
        self.assertEqual(self.run_ok("kept").value(), "7", kind)
        return seconds

    def check(self, stop):
        for kind in KINDS:
            with self.subTest(kind):
                self.assertLess(self.interrupted(kind, stop), LIMIT)

    def test_each_by_message(self):
        self.check(self.by_message)

    def test_each_by_signal(self):
        self.check(self.by_signal)

    def test_a_hundred_in_a_row(self):
        kinds = [kind for kind in KINDS if kind != "printing"]
        slow = {}
        for n in range(100):
            kind = kinds[n % len(kinds)]
            seconds = self.interrupted(kind, self.by_signal if n % 2 else self.by_message)
            if seconds >= LIMIT:
                slow[n, kind] = seconds
        self.assertEqual(slow, {})

    def test_between_cells_nothing_breaks(self):
        for n in range(40):
            (self.by_signal if n % 2 else self.by_message)()
            ran = self.run_cell(f"{n}")
            if ran.status == "error":
                self.assertEqual(ran.reply["ename"], "KeyboardInterrupt")
            else:
                self.assertEqual(ran.value(), str(n))
        for n in range(100):
            self.by_signal()
        time.sleep(0.2)
        self.assertEqual(self.run_ok("kept").value(), "7")

    def test_input_is_interrupted(self):
        code = "import { input } from 'logitpress'; input('name? ')"
        ran = self.run_cell(code, allow_stdin=True, stdin_hook=lambda message: self.by_signal())
        self.assertEqual(ran.reply["ename"], "KeyboardInterrupt")
        self.assertEqual(self.run_ok("kept").value(), "7")

    def test_a_progress_bar_ends_as_stopped(self):
        updates = []
        code = "import { progress } from 'logitpress'; for (const i of progress([1, 2, 3])) while (i === 2) {}"
        shown = lambda: [m["content"]["data"]["text/plain"] for m in updates if "display_data" in m["msg_type"]]

        def hear(message):
            updates.append(message)
            if len(shown()) == 1 and "display_data" in message["msg_type"]:
                threading.Timer(0.3, self.by_message).start()

        ran = self.run_cell(code, on_output=hear)
        self.assertEqual(ran.reply["ename"], "KeyboardInterrupt")
        self.assertRegex(shown()[-1], r"stopped at 1/3")

    def test_a_step_of_the_library_hears(self):
        self.run_ok("heard.length = 0")
        for start in ("await fits()", "await fits(new AbortController().signal)"):
            seen = threading.Timer(0.5, self.by_message)
            seen.start()
            began = time.time()
            self.assertEqual(self.run_cell(start).reply["ename"], "KeyboardInterrupt")
            self.assertLess(time.time() - began, 1.0)
            seen.join()
        self.assertEqual(self.run_ok("await new Promise((r) => setTimeout(r, 100)); heard").value(), "[ 'cancelled', 'cancelled' ]")
        # A fit of an earlier cell does not hear of a later cell's interruption.
        self.run_ok("heard.length = 0; const own = new AbortController(); const background = fits(own.signal).catch(() => 'ended')")
        timer = threading.Timer(0.3, self.by_message)
        timer.start()
        self.assertEqual(self.run_cell("await new Promise(() => {})").reply["ename"], "KeyboardInterrupt")
        self.assertEqual(self.run_ok("heard").value(), "[]")
        self.assertEqual(self.run_ok("own.abort(); await background").value(), "'ended'")


class Ended(KernelCase):
    def test_sigterm_ends_in_order(self):
        self.run_ok("process.on('exit', () => require('node:fs').writeFileSync('left', 'x')); 1")
        self.client.execute("console.log('last words'); await new Promise(() => {})")
        while self.client.get_iopub_msg(timeout=TIMEOUT)["msg_type"] != "stream":
            pass
        process = self.manager.provisioner.process
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(5), 0)
        self.assertTrue(os.path.exists(f"{self.folder}/left"))


if __name__ == "__main__":
    unittest.main()
