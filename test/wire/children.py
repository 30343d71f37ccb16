"""What child processes and worker threads print."""

import time
import unittest

from client import KernelCase, TIMEOUT

IMPORT = "import { spawn, spawnSync, execSync, execFileSync, execFile, fork } from 'node:child_process';\n"


class Children(KernelCase):
    def run_children(self, code, **options):
        return self.run_ok(IMPORT + code, **options)

    def streams(self, ran):
        return [(o["name"], o["text"]) for o in ran.of("stream")]

    def test_in_order_with_the_cells_own_prints(self):
        ran = self.run_children(
            "console.log('1'); spawnSync('sh', ['-c', 'echo a; echo b >&2; printf é'], { stdio: 'inherit' });\n"
            "console.log(' 2'); console.error('3'); void execFileSync('echo', ['c'], { stdio: [0, 1, 2] });\n"
            "void execSync('echo d >&2', { stdio: ['ignore', process.stdout, process.stderr] }); console.log('4')"
        )
        self.assertEqual(ran.text("stdout"), "1\na\né 2\nc\n4\n")
        self.assertEqual(ran.text("stderr"), "b\n3\nd\n")
        whole = [text for _, text in self.streams(ran)]
        self.assertLess(whole.index("b\n"), next(i for i, text in enumerate(whole) if " 2" in text) + 1)
        self.assertEqual(whole[-1], "4\n")

    def test_many_times_in_order(self):
        ran = self.run_children("for (let i = 0; i < 60; i++) { console.log('p' + i); spawnSync('echo', ['c' + i], { stdio: 'inherit' }) }")
        self.assertEqual(ran.text(), "".join(f"p{i}\nc{i}\n" for i in range(60)))

    def test_asynchronous_children_and_what_follows_their_end(self):
        ran = self.run_children(
            "const child = spawn('sh', ['-c', 'echo one; sleep 0.2; echo two >&2'], { stdio: 'inherit' });\n"
            "console.log(child.stdout); await new Promise((r) => child.on('exit', r)); console.log('after')"
        )
        self.assertEqual(ran.text("stderr"), "two\n")
        self.assertEqual(sorted(ran.text().split()), ["after", "null", "one"])
        self.assertEqual(self.streams(ran)[-1], ("stdout", "after\n"))

    def test_output_while_the_child_runs(self):
        seen = []
        self.run_children(
            "spawnSync('sh', ['-c', 'echo early; sleep 1.5'], { stdio: 'inherit' })",
            on_output=lambda message: seen.append((time.time(), message["msg_type"])),
        )
        printed = next(at for at, kind in seen if kind == "stream")
        self.assertGreater(time.time() - printed, 1)

    def test_forked_node(self):
        with open(f"{self.folder}/child.js", "w", encoding="utf8") as file:
            file.write("console.log('forked'); process.send({ answer: 42 }); console.error('err')")
        ran = self.run_children(
            "const forked = fork('./child.js'); const got = new Promise((r) => forked.on('message', r));\n"
            "await new Promise((r) => forked.on('exit', r)); await got"
        )
        self.assertEqual((ran.text(), ran.text("stderr"), ran.value()), ("forked\n", "err\n", "{ answer: 42 }"))

    def test_failing_command_shows_its_stderr(self):
        ran = self.run_cell(IMPORT + "execSync('echo why >&2; exit 3', { stdio: 'inherit' })")
        self.assertEqual((ran.status, ran.text("stderr")), ("error", "why\n"))
        ran = self.run_cell(IMPORT + "execSync('echo because >&2; exit 3')")
        self.assertEqual((ran.status, ran.text("stderr")), ("error", "because\n"))

    def test_what_is_not_inherited_stays_the_callers(self):
        ran = self.run_children(
            "const piped = execSync('echo mine').toString(); const both = spawnSync('echo', ['x']);\n"
            "const later = await new Promise<string>((r) => execFile('echo', ['y'], (_, out) => r(out)));\n"
            "const half = spawnSync('sh', ['-c', 'echo kept; echo shown >&2'], { stdio: ['ignore', 'pipe', 'inherit'] });\n"
            "[piped, both.stdout.toString(), later, half.stdout.toString(), half.stderr, spawnSync.name]"
        )
        self.assertEqual(ran.value(), "[ 'mine\\n', 'x\\n', 'y\\n', 'kept\\n', null, 'spawnSync' ]")
        self.assertEqual(self.streams(ran), [("stderr", "shown\n")])

    def test_five_megabytes_arrive_whole(self):
        ran = self.run_children("spawnSync('sh', ['-c', 'seq 1 750000'], { stdio: 'inherit' }); console.log('end')")
        self.assertEqual(ran.text(), "".join(f"{n}\n" for n in range(1, 750001)) + "end\n")

    def test_a_child_that_outlives_its_cell(self):
        message_id = self.client.execute(IMPORT + "void spawn('sh', ['-c', 'sleep 0.5; echo later'], { stdio: 'inherit' })")
        text, idle = "", False
        while text != "later\n":
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") != message_id:
                continue
            if message["content"].get("execution_state") == "idle":
                idle = True
            if message["msg_type"] == "stream":
                self.assertTrue(idle)
                text += message["content"]["text"]

    def test_garbage_breaks_nothing(self):
        ran = self.run_children("spawnSync('head', ['-c', '300000', '/dev/urandom'], { stdio: 'inherit' }); 'fine'")
        self.assertGreater(len(ran.text()), 100_000)
        self.assertEqual(ran.value(), "'fine'")

    def test_the_others_can_be_interrupted(self):
        self.interrupt_after(1, IMPORT + "spawnSync('sleep', ['20'], { stdio: 'inherit' }); while (true);")

    def interrupt_after(self, seconds, code):
        import threading

        timer = threading.Timer(seconds, self.manager.interrupt_kernel)
        timer.start()
        began = time.time()
        ran = self.run_cell(code)
        timer.join()
        self.assertEqual(ran.reply["ename"], "KeyboardInterrupt")
        self.assertLess(time.time() - began, seconds + 2)

    def test_worker_threads(self):
        ran = self.run_ok(
            "import { Worker } from 'node:worker_threads';\n"
            "const source = \"console.log('from a thread'); process.stderr.write('its error')\";\n"
            "await new Promise((r) => new Worker(source, { eval: true }).on('exit', r))"
        )
        self.assertEqual((ran.text(), ran.text("stderr")), ("from a thread\n", "its error"))


if __name__ == "__main__":
    unittest.main()
