"""The history: in the process, and in files over sessions."""

import glob
import json
import os
import shutil
import stat
import tempfile
import time
import unittest

from client import KernelCase, TIMEOUT
from jupyter_client.manager import start_new_kernel


class Past(unittest.TestCase):
    def setUp(self):
        self.folder = os.path.join(tempfile.mkdtemp(), "history")
        self.kernels = []

    def tearDown(self):
        for manager, client in self.kernels:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
        shutil.rmtree(os.path.dirname(self.folder))

    def start(self, folder=None):
        env = {**os.environ, "LOGITPRESS_HISTORY": self.folder if folder is None else folder}
        kernel = start_new_kernel(kernel_name="logitpress", env=env)
        self.kernels.append(kernel)
        return kernel

    def run_all(self, client, *codes, **options):
        for code in codes:
            client.execute_interactive(code, timeout=TIMEOUT, output_hook=lambda message: None, **options)

    def ask(self, client, kind, **options):
        options = {"raw": True, "output": False, **options}
        content = {"hist_access_type": kind, **options}
        message = client.session.msg("history_request", content)
        client.shell_channel.send(message)
        while True:
            reply = client.get_shell_msg(timeout=TIMEOUT)
            if reply["parent_header"]["msg_id"] == message["header"]["msg_id"]:
                return [tuple(line) for line in reply["content"]["history"]]

    def write(self, session, lines, pid=None):
        os.makedirs(self.folder, exist_ok=True)
        head = [] if pid is None else [json.dumps({"pid": pid})]
        with open(os.path.join(self.folder, f"session-{session:06}.jsonl"), "w", encoding="utf8") as file:
            file.write("\n".join(head + lines) + "\n")

    def test_over_sessions(self):
        self.write(3, [json.dumps({"count": n, "input": f"old{n}"}) for n in (1, 2, 3)], pid=1 << 22)
        manager, client = self.start()
        self.run_all(client, "1 + 1", "'two'", "old2 = 1; // no")
        self.run_all(client, "'hidden'", store_history=False)
        self.run_all(client, "'hidden too'", silent=True)
        manager.shutdown_kernel(now=True)
        _, second = self.start()
        self.run_all(second, "1 + 1", "'again'")
        now = [(5, 1, "1 + 1"), (5, 2, "'again'")]
        killed = [(4, 1, "1 + 1"), (4, 2, "'two'"), (4, 3, "old2 = 1; // no")]
        old = [(3, n, f"old{n}") for n in (1, 2, 3)]
        self.assertEqual(self.ask(second, "tail", n=100), old + killed + now)
        self.assertEqual(self.ask(second, "tail", n=4), killed[1:] + now)
        self.assertEqual(self.ask(second, "tail", n=2, output=True), [(5, 1, ["1 + 1", "2"]), (5, 2, ["'again'", "'again'"])])
        self.assertEqual(self.ask(second, "range", session=0, start=1, stop=None), now)
        self.assertEqual(self.ask(second, "range", session=-1, start=2, stop=3), killed[1:2])
        self.assertEqual(self.ask(second, "range", session=3, start=-2), old[1:])
        self.assertEqual(self.ask(second, "range", session=5, start=1, stop=-1), now[:1])
        self.assertEqual(self.ask(second, "range", session=99, start=0), [])
        self.assertEqual(self.ask(second, "search", pattern="old?"), old)
        self.assertEqual(self.ask(second, "search", pattern="*[13]"), [old[0], old[2], killed[0], now[0]])
        self.assertEqual(self.ask(second, "search", pattern="*1*", unique=True, n=3), [old[0], killed[2], now[0]])
        self.assertEqual(self.ask(second, "search", pattern="1 + 1", n=1), now[:1])
        self.assertEqual(self.ask(second, "search", pattern="[z-a]"), [])

    def test_kill_9_loses_nothing_but_the_running_cell(self):
        manager, client = self.start()
        self.run_all(client, "'done'")
        client.execute("while (true) {}")
        time.sleep(1)
        manager.shutdown_kernel(now=True)
        _, second = self.start()
        self.assertEqual(self.ask(second, "tail", n=9, output=True)[0], (1, 1, ["'done'", "'done'"]))

    def test_broken_lines_are_passed_over(self):
        good = json.dumps({"count": 2, "input": "good"})
        self.write(1, ['{"count": 1, "inp', "[]", "null", '{"count": "x", "input": "y"}', good, '{"count":2,"output":7}'])
        _, client = self.start()
        self.assertEqual(self.ask(client, "tail", n=9, output=True), [(1, 2, ["good", None])])

    def test_two_kernels_at_once_have_their_own_numbers_and_files(self):
        clients = [self.start()[1] for _ in range(3)]
        ids = [client.execute(f"'kernel {n}'") for n, client in enumerate(clients)]
        for client in clients:
            client.get_shell_msg(timeout=TIMEOUT)
        sessions = {self.ask(client, "range", session=0, start=1)[0][0] for client in clients}
        self.assertEqual(sessions, {1, 2, 3})
        files = sorted(glob.glob(os.path.join(self.folder, "*")))
        self.assertEqual(len(files), 3)
        self.assertEqual({stat.S_IMODE(os.stat(file).st_mode) for file in files}, {0o600})
        self.assertEqual(stat.S_IMODE(os.stat(self.folder).st_mode), 0o700)

    def test_old_sessions_go_but_not_those_of_the_living(self):
        line = [json.dumps({"count": 1, "input": "x"})]
        self.write(1, line, pid=os.getpid())
        for session in range(2, 1011):
            self.write(session, line, pid=1 << 22)
        _, client = self.start()
        self.run_all(client, "1")
        kept = {int(name[8:14]) for name in os.listdir(self.folder)}
        self.assertEqual(kept, {1, *range(12, 1012)})
        # The bytes bound it too.
        self.write(5000, [json.dumps({"count": 1, "input": "x" * 21_000_000})], pid=1 << 22)
        _, client = self.start()
        self.run_all(client, "1")
        self.assertEqual({int(name[8:14]) for name in os.listdir(self.folder)} - {1}, {1011, 5001})

    def test_a_large_history_is_quick(self):
        for session in range(1, 101):
            self.write(session, [json.dumps({"count": n, "input": f"const cell{n} = {session};", "output": "x" * 40}) for n in range(1000)])
        began = time.time()
        _, client = self.start()
        self.run_all(client, "1")
        began = time.time()
        self.assertEqual(len(self.ask(client, "tail", n=1000)), 1000)
        self.assertLess(time.time() - began, 0.5)
        self.assertEqual(len(self.ask(client, "search", pattern="const cell7 *")), 100)
        self.assertLess(time.time() - began, 3)

    def test_passwords_stay_out(self):
        _, client = self.start()
        client.execute_interactive(
            "import { input } from 'logitpress'; const secret = input('password', { password: true }); secret.length",
            timeout=TIMEOUT,
            allow_stdin=True,
            stdin_hook=lambda message: client.input("hunter2"),
            output_hook=lambda message: None,
        )
        (file,) = glob.glob(os.path.join(self.folder, "*"))
        with open(file, encoding="utf8") as lines:
            text = lines.read()
        self.assertIn('"output":"7"', text)
        self.assertNotIn("hunter2", text)

    def test_off_and_a_folder_that_can_not_be_written(self):
        blocked = os.path.join(os.path.dirname(self.folder), "file")
        with open(blocked, "w", encoding="utf8"):
            pass
        for folder in ("", "0", os.path.join(blocked, "below")):
            _, client = self.start(folder)
            self.run_all(client, "'here'")
            self.assertEqual(self.ask(client, "tail", n=5), [(1, 1, "'here'")])
        self.assertEqual(os.listdir(os.path.dirname(self.folder)), ["file"])


if __name__ == "__main__":
    unittest.main()
