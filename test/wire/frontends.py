"""Several front ends, dying front ends, dying kernels, and messages that are none."""

import json
import os
import signal
import subprocess
import sys
import time
import unittest

import psutil
from client import KernelCase, TIMEOUT
from jupyter_client import BlockingKernelClient
from jupyter_client.manager import KernelManager

DYING = """
import sys, time
from jupyter_client import BlockingKernelClient
client = BlockingKernelClient(connection_file=sys.argv[1])
client.load_connection_file()
client.start_channels()
client.wait_for_ready(timeout=30)
client.execute("let count = 0; while (count < 25) { console.log('tick', ++count); await new Promise((r) => setTimeout(r, 100)) } 'survived'")
while True:
    message = client.get_iopub_msg(timeout=30)
    if message["msg_type"] == "stream":
        print("printing", flush=True)
"""


class FrontEnds(KernelCase):
    def another(self):
        client = BlockingKernelClient(connection_file=self.manager.connection_file)
        client.load_connection_file()
        client.start_channels()
        client.wait_for_ready(timeout=TIMEOUT)
        self.addCleanup(client.stop_channels)
        return client

    def iopub_of(self, client, message_id):
        found = []
        while True:
            message = client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") == message_id:
                found.append((message["msg_type"], message["content"]))
                if message["content"].get("execution_state") == "idle":
                    return found

    def test_two_at_once(self):
        other = self.another()
        mine = self.client.execute("const shared = 5; console.log('mine'); shared")
        seen = [self.iopub_of(client, mine) for client in (self.client, other)]
        self.assertEqual(seen[0], seen[1])
        self.assertEqual([kind for kind, _ in seen[0]], ["status", "execute_input", "stream", "execute_result", "status"])
        self.assertEqual(self.client.get_shell_msg(timeout=TIMEOUT)["parent_header"]["msg_id"], mine)
        theirs = other.execute("shared + 1")
        reply = other.get_shell_msg(timeout=TIMEOUT)
        self.assertEqual((reply["parent_header"]["msg_id"], reply["content"]["status"]), (theirs, "ok"))
        self.iopub_of(self.client, theirs)
        self.assertFalse(self.client.shell_channel.msg_ready() or other.shell_channel.msg_ready())

    def test_questions_go_to_who_asked(self):
        other = self.another()
        other.execute("import { input } from 'logitpress'; input('who? ')", allow_stdin=True)
        question = other.get_stdin_msg(timeout=TIMEOUT)
        self.assertEqual(question["content"]["prompt"], "who? ")
        self.assertFalse(self.client.stdin_channel.msg_ready())
        other.input("other")
        self.assertEqual(other.get_shell_msg(timeout=TIMEOUT)["content"]["status"], "ok")

    def test_a_front_end_killed_in_mid_cell(self):
        dying = subprocess.Popen([sys.executable, "-c", DYING, self.manager.connection_file], stdout=subprocess.PIPE)
        self.assertEqual(dying.stdout.readline(), b"printing\n")
        dying.send_signal(signal.SIGKILL)
        dying.wait()
        dying.stdout.close()
        client = self.another()
        message_id = client.execute("count")
        results = [content for kind, content in self.iopub_of(client, message_id) if kind == "execute_result"]
        self.assertEqual(results[0]["data"]["text/plain"], "25")

    def test_requests_on_control_are_answered_there(self):
        for kind, content in (
            ("kernel_info_request", {}),
            ("comm_info_request", {}),
            ("is_complete_request", {"code": "1"}),
            ("history_request", {"hist_access_type": "tail", "n": 1, "raw": True, "output": False}),
            ("complete_request", {"code": "Math.ma", "cursor_pos": 7}),
            ("inspect_request", {"code": "Math", "cursor_pos": 4, "detail_level": 0}),
            ("interrupt_request", {}),
        ):
            self.client.control_channel.send(self.client.session.msg(kind, content))
            reply = self.client.get_control_msg(timeout=TIMEOUT)
            self.assertEqual(reply["msg_type"], kind.replace("request", "reply"))

    def test_kernel_info(self):
        self.client.kernel_info()
        info = self.client.get_shell_msg(timeout=TIMEOUT)["content"]
        self.assertEqual((info["status"], info["implementation"], info["protocol_version"]), ("ok", "logitpress", "5.4"))
        language = info["language_info"]
        self.assertEqual((language["name"], language["file_extension"], language["mimetype"]), ("typescript", ".ts", "text/typescript"))
        self.assertRegex(language["version"], r"^\d+\.\d+\.\d+")
        self.assertIn("logitpress", info["banner"])
        self.assertEqual({tuple(sorted(link)) for link in info["help_links"]}, {("text", "url")})

    def test_iopub_welcome(self):
        client = BlockingKernelClient(connection_file=self.manager.connection_file)
        client.load_connection_file()
        client.start_channels()
        self.addCleanup(client.stop_channels)
        message = client.get_iopub_msg(timeout=TIMEOUT)
        self.assertEqual((message["msg_type"], message["content"]), ("iopub_welcome", {"subscription": ""}))

    def test_the_welcome_comes_before_all_else_while_a_cell_prints(self):
        running = self.client.execute(
            "for (let i = 0; ; i++) { console.log(i); "
            "(globalThis as any)[Symbol.for('logitpress.transport')].clearOutput(true); "
            "await new Promise((resolve) => setTimeout(resolve, 1)) }"
        )
        first = []
        for _ in range(60):
            client = BlockingKernelClient(connection_file=self.manager.connection_file)
            client.load_connection_file()
            client.iopub_channel.start()
            first.append(client.get_iopub_msg(timeout=TIMEOUT)["msg_type"])
            client.iopub_channel.stop()
            client.iopub_channel.close()
            # Not all that is there: on a busy machine there is always more.
            for _ in range(100):
                if self.client.iopub_channel.msg_ready():
                    self.client.get_iopub_msg(timeout=TIMEOUT)
        self.manager.interrupt_kernel()
        self.iopub_of(self.client, running)
        reply = self.client.get_shell_msg(timeout=TIMEOUT)
        self.assertEqual((reply["parent_header"]["msg_id"], reply["content"]["ename"]), (running, "KeyboardInterrupt"))
        self.assertEqual(set(first), {"iopub_welcome"})

    def test_malformed_messages_are_dropped(self):
        session = self.client.session

        def signed(*parts):
            frames = [json.dumps(part).encode() if not isinstance(part, bytes) else part for part in parts]
            return [b"<IDS|MSG>", session.sign(frames), *frames]

        header = session.msg_header("execute_request")
        header["date"] = header["date"].isoformat()
        forged = session.clone()
        forged.key = b"not the key"
        malformed = [
            [b""],
            [b"no delimiter", b"at all"],
            [b"<IDS|MSG>"],
            [b"<IDS|MSG>", b"signature"],
            signed(header, {}, {}),
            signed(b"{", {}, {}, {}),
            signed(b"\xff\xfe", {}, {}, {}),
            signed(None, {}, {}, {}),
            signed([], {}, {}, {}),
            signed({"msg_type": "execute_request"}, {}, {}, {}),
            signed({**header, "msg_type": 7}, {}, {}, {}),
            signed(header, {}, {}, None),
            signed(header, {}, {}, []),
            signed(header, {}, 3, {"code": "wrong"}),
            signed(b"x" * 60_000_000, {}, {}, {}),
            forged.serialize(forged.msg("execute_request", {"code": "globalThis.name = 'forged'"})),
        ]
        for channel in (self.client.shell_channel, self.client.control_channel, self.client.stdin_channel):
            for frames in malformed:
                channel.socket.send_multipart(frames)
        odd = [
            ("execute_request", {}),
            ("execute_request", {"code": None, "user_expressions": 7, "silent": "yes"}),
            ("complete_request", {"code": 5, "cursor_pos": "x"}),
            ("inspect_request", {"code": "Math", "cursor_pos": 10**9}),
            ("history_request", {"hist_access_type": [], "n": {}, "pattern": 9, "session": "x"}),
            ("comm_msg", {}),
            ("comm_open", {"comm_id": 5, "target_name": {}, "data": []}),
            ("comm_info_request", {"target_name": 4}),
            ("nonsense_request", {"a": 1}),
            ("hasOwnProperty", {}),
        ]
        for kind, content in odd:
            message = session.msg(kind, content)
            session.send(self.client.shell_channel.socket, message)
            self.iopub_of(self.client, message["header"]["msg_id"])
        self.assertEqual(self.run_cell("(globalThis as any).name === 'forged'").value(), "false")


class Ending(unittest.TestCase):
    def start(self):
        manager = KernelManager(kernel_name="logitpress")
        manager.start_kernel()
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=TIMEOUT)
        self.addCleanup(lambda: (client.stop_channels(), manager.shutdown_kernel(now=True)))
        return manager, client

    def run_cell(self, client, code):
        return client.execute_interactive(code, timeout=TIMEOUT, output_hook=lambda message: None)["content"]

    def gone(self, processes, seconds=5):
        _, alive = psutil.wait_procs(processes, timeout=seconds)
        self.assertEqual([process for process in alive if process.status() != psutil.STATUS_ZOMBIE], [])

    def tree(self, manager):
        process = psutil.Process(manager.provisioner.pid)
        return [process, *process.children(recursive=True)]

    def test_a_killed_kernel_is_noticed_and_leaves_nothing(self):
        manager, client = self.start()
        self.run_cell(client, "1")
        tree = self.tree(manager)
        os.kill(tree[0].pid, signal.SIGKILL)
        deadline = time.time() + 5
        while manager.is_alive() and time.time() < deadline:
            time.sleep(0.05)
        self.assertFalse(manager.is_alive())
        self.gone(tree)

    def test_a_cell_that_ends_the_process_does_so_in_order(self):
        manager, client = self.start()
        for code in (0, 3):
            client.execute(f"console.log('last words'); process.exit({code}); console.log('never')")
            printed = []
            while not printed:
                message = client.get_iopub_msg(timeout=TIMEOUT)
                if message["msg_type"] == "stream":
                    printed.append(message["content"]["text"])
            self.assertEqual(printed, ["last words\n"])
            self.assertEqual(manager.provisioner.process.wait(5), code)
            manager.restart_kernel(now=True)
            client.wait_for_ready(timeout=TIMEOUT)

    def test_restart_and_shutdown(self):
        manager, client = self.start()
        self.assertEqual(self.run_cell(client, "const before = 1")["execution_count"], 1)
        tree = self.tree(manager)
        manager.restart_kernel(now=False)
        client.wait_for_ready(timeout=TIMEOUT)
        self.gone(tree)
        again = self.run_cell(client, "typeof before")
        self.assertEqual((again["status"], again["execution_count"]), ("error", 1))
        tree = self.tree(manager)
        began = time.time()
        manager.shutdown_kernel(now=False)
        self.assertLess(time.time() - began, 4)
        self.gone(tree)

    def test_the_kernel_ends_with_its_front_end(self):
        code = (
            "import sys, time\n"
            "from jupyter_client.manager import start_new_kernel\n"
            "manager, client = start_new_kernel(kernel_name='logitpress')\n"
            "print(manager.provisioner.pid, flush=True)\n"
            "client.execute('while (true) {}')\n"
            "time.sleep(60)\n"
        )
        parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        kernel = psutil.Process(int(parent.stdout.readline()))
        tree = [kernel, *kernel.children(recursive=True)]
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        parent.stdout.close()
        self.gone(tree, 10)


if __name__ == "__main__":
    unittest.main()
