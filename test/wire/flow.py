"""Endless and huge output: it arrives whole, its memory is bounded, and who does not read does not stop the kernel."""

import time
import unittest

import psutil
import zmq
from client import KernelCase, TIMEOUT
from jupyter_client.manager import start_new_kernel

# What lies between the prints and the front ends may take this much; the rest is the heap of the program.
BOUND = 200e6


class Flow(KernelCase):
    def rss(self):
        return psutil.Process(self.manager.provisioner.pid).memory_info().rss

    def test_lines_of_a_loop_arrive_whole_in_messages_of_bounded_size(self):
        ran = self.run_ok("for (let i = 0; i < 300000; i++) console.log(i)")
        self.assertEqual(ran.text(), "".join(f"{i}\n" for i in range(300000)))
        ran = self.run_ok("process.stdout.write('é'.repeat(3_000_000)); process.stderr.write('😀'.repeat(400_001))")
        self.assertEqual(ran.text(), "é" * 3_000_000)
        self.assertEqual(ran.text("stderr"), "😀" * 400_001)
        self.assertLessEqual(max(len(o["text"]) for o in ran.of("stream")), 256 * 1024)

    def test_lone_surrogates_become_valid_text(self):
        ran = self.run_ok("console.log('a\\ud800b', '\\\\ud800', '\\ud83d\\ude00'); '\\udfff'")
        self.assertEqual(ran.text(), "a\ufffdb \\ud800 😀\n")
        ran.value().encode("utf8")

    def test_a_front_end_that_reads_slowly_misses_nothing(self):
        self.run_ok("1")
        message_id = self.client.execute("for (let i = 0; i < 400; i++) console.log('x'.repeat(200000) + i)")
        time.sleep(1)
        text, idle = [], False
        while not idle:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") != message_id:
                continue
            if message["msg_type"] == "stream":
                text.append(message["content"]["text"])
            idle = message["content"].get("execution_state") == "idle"
        self.assertEqual("".join(text), "".join("x" * 200000 + f"{i}\n" for i in range(400)))

    def endless(self, code):
        """Prints for three seconds to a front end that reads nothing, then interrupts."""
        context = zmq.Context()
        deaf = context.socket(zmq.SUB)
        deaf.setsockopt(zmq.RCVHWM, 2)
        deaf.setsockopt(zmq.RCVBUF, 65536)
        deaf.setsockopt(zmq.SUBSCRIBE, b"")
        deaf.connect(f"tcp://127.0.0.1:{self.manager.iopub_port}")
        try:
            self.run_ok("const kept = 7")
            before = self.rss()
            message_id = self.client.execute(code)
            most = 0
            for _ in range(30):
                time.sleep(0.1)
                most = max(most, self.rss() - before)
            began = time.time()
            self.manager.interrupt_kernel()
            while True:
                reply = self.client.get_shell_msg(timeout=TIMEOUT)
                if reply["parent_header"]["msg_id"] == message_id:
                    break
            self.assertLess(time.time() - began, 0.5)
            self.assertEqual(reply["content"]["ename"], "KeyboardInterrupt")
            self.assertLess(most, BOUND)
            # It answers, though nobody reads.
            message_id = self.client.execute("kept", user_expressions={"kept": "kept"})
            reply = self.client.get_shell_msg(timeout=TIMEOUT)
            self.assertEqual(reply["content"]["user_expressions"]["kept"]["data"]["text/plain"], "7")
            self.assertLess(self.rss() - before, BOUND)
        finally:
            context.destroy(linger=0)
        # Once it is gone the others have everything.
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") == message_id and message["content"].get("execution_state") == "idle":
                return

    def test_endless_lines(self):
        self.endless("for (let i = 0; ; i++) console.log(i)")

    def test_endless_large_lines_after_an_await(self):
        self.endless("await 1; while (true) process.stdout.write('x'.repeat(1_000_000))")

    def test_endless_displays(self):
        self.endless("import { display } from 'logitpress'; while (true) display({ 'text/plain': 'x'.repeat(100_000) })")

    def test_endless_child(self):
        self.endless("import { spawn } from 'node:child_process'; const yes = spawn('yes', { stdio: 'inherit' });"
                     "globalThis.setTimeout(() => yes.kill(), 2500).unref(); await new Promise(() => {})")

    def test_question_behind_much_output(self):
        code = "import { input } from 'logitpress'; for (let i = 0; i < 200000; i++) console.log(i); input('name? ')"
        ran = self.run_ok(code, allow_stdin=True, stdin_hook=lambda message: self.client.input("Ada"))
        self.assertEqual((ran.value(), len(ran.text().split())), ("'Ada'", 200000))


class Behind(unittest.TestCase):
    def test_the_end_of_an_interrupted_cell_is_not_far_behind_its_messages(self):
        manager, client = start_new_kernel(kernel_name="logitpress")
        self.addCleanup(lambda: (client.stop_channels(), manager.shutdown_kernel(now=True)))
        # The only front end, with small buffers of its own.
        client.iopub_channel.stop()
        client.iopub_channel.close()
        context = zmq.Context()
        self.addCleanup(lambda: context.destroy(linger=0))
        reader = context.socket(zmq.SUB)
        reader.setsockopt(zmq.RCVHWM, 2)
        reader.setsockopt(zmq.RCVBUF, 65536)
        reader.setsockopt(zmq.RCVTIMEO, TIMEOUT * 1000)
        reader.setsockopt(zmq.SUBSCRIBE, b"")
        reader.connect(f"tcp://127.0.0.1:{manager.iopub_port}")
        self.assertIn(b"iopub_welcome", reader.recv_multipart()[3])
        for code in ("import { display } from 'logitpress'; for (let i = 0; ; i++) display({ 'text/plain': `${i}` })",
                     "for (let i = 0; ; i++) { console.log(i); console.error(i) }"):
            running = client.execute(code)
            while reader.recv_multipart()[0] not in (b"display_data", b"stream"):
                pass
            time.sleep(1)
            manager.interrupt_kernel()
            reply = client.get_shell_msg(timeout=TIMEOUT)
            self.assertEqual((reply["parent_header"]["msg_id"], reply["content"]["ename"]), (running, "KeyboardInterrupt"))
            behind = 1
            while running.encode() not in (frames := reader.recv_multipart())[4] or b"idle" not in frames[6]:
                behind += 1
            self.assertLess(behind, 5000)


class Leaving(unittest.TestCase):
    def test_shutdown_while_the_output_is_stuck(self):
        manager, client = start_new_kernel(kernel_name="logitpress")
        client.execute("for (let i = 0; ; i++) console.log(i)")
        time.sleep(1)
        client.stop_channels()
        began = time.time()
        manager.shutdown_kernel()
        self.assertLess(time.time() - began, 4)


if __name__ == "__main__":
    unittest.main()
