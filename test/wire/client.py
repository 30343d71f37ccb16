"""A kernel and a real client for the tests: one kernel a test class, in a folder far from the project."""

import re
import shutil
import tempfile
import unittest

from jupyter_client.manager import start_new_kernel

TIMEOUT = 30


class Ran:
    """What came back for one cell."""

    def __init__(self, reply, outputs):
        self.reply = reply
        self.outputs = outputs
        self.status = reply["status"]

    def of(self, kind):
        return [content for name, content in self.outputs if name == kind]

    def text(self, stream="stdout"):
        return "".join(o["text"] for o in self.of("stream") if o["name"] == stream)

    def traceback(self):
        return re.sub(r"\x1b\[\d+m", "", "\n".join(self.of("error")[0]["traceback"]))

    def value(self, mime="text/plain"):
        return self.of("execute_result")[0]["data"][mime]


class KernelCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.manager, cls.client = start_new_kernel(kernel_name="logitpress", cwd=cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel()
        shutil.rmtree(cls.folder)

    def run_cell(self, code, on_output=None, **options):
        outputs = []

        def hook(message):
            if message["msg_type"] == "status":
                return
            outputs.append((message["msg_type"], message["content"]))
            if on_output:
                on_output(message)

        try:
            reply = self.client.execute_interactive(code, output_hook=hook, timeout=TIMEOUT, **options)
        except (RuntimeError, TimeoutError) as error:
            self.fail_if_dead(error)
            raise
        return Ran(reply["content"], outputs)

    def fail_if_dead(self, cause):
        """Fails by the exit code of a kernel that has ended, or by its signal below zero; else does nothing."""
        process = getattr(self.manager.provisioner, "process", None)
        code = None if process is None else process.poll()
        if code is not None:
            raise AssertionError(f"the kernel has ended with exit code {code}") from cause

    def run_ok(self, code, **options):
        ran = self.run_cell(code, **options)
        self.assertEqual(ran.status, "ok", ran.outputs)
        return ran
