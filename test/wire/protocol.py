"""What the kernel answers besides running cells."""

import time
import unittest

from client import KernelCase, TIMEOUT


class Protocol(KernelCase):
    def reply_to(self, message_id):
        while True:
            reply = self.client.get_shell_msg(timeout=TIMEOUT)
            if reply["parent_header"]["msg_id"] == message_id:
                return reply

    def test_comm_info(self):
        reply = self.reply_to(self.client.comm_info())
        self.assertEqual(reply["msg_type"], "comm_info_reply")
        self.assertEqual(reply["content"], {"status": "ok", "comms": {}})

    def test_control_answers_while_busy(self):
        message_id = self.client.execute("const end = Date.now() + 2000; while (Date.now() < end);")
        time.sleep(0.3)
        began = time.time()
        request = self.client.session.msg("kernel_info_request")
        self.client.control_channel.send(request)
        reply = self.client.get_control_msg(timeout=TIMEOUT)
        self.assertEqual(reply["msg_type"], "kernel_info_reply")
        self.assertLess(time.time() - began, 1)
        self.assertEqual(self.reply_to(message_id)["content"]["status"], "ok")

    def test_stop_on_error_aborts_the_queue(self):
        codes = ["await new Promise((r) => setTimeout(r, 300)); throw new Error('stop')", "1", "2"]
        ids = [self.client.execute(code) for code in codes]
        statuses = [self.reply_to(message_id)["content"]["status"] for message_id in ids]
        self.assertEqual(statuses, ["error", "aborted", "aborted"])
        self.assertEqual(self.run_cell("'on'").value(), "'on'")

    def test_wrong_signature_is_dropped(self):
        session = self.client.session
        forged = session.clone()
        forged.key = b"not the key"
        self.client.shell_channel.socket.send_multipart(
            forged.serialize(forged.msg("execute_request", {"code": "globalThis.name = 'forged'"}))
        )
        self.assertEqual(self.run_cell("(globalThis as any).name === 'forged'").value(), "false")

    def test_completion_knows_variables_and_unicode(self):
        self.run_ok("const longVariable = { inner: 1 }")
        code = "'😀'; longVar"
        content = self.reply_to(self.client.complete(code, len(code)))["content"]
        self.assertIn("longVariable", content["matches"])
        self.assertEqual(content["cursor_start"], code.index("longVar"))
        self.assertEqual(content["cursor_end"], len(code))

    def test_inspect_knows_variables(self):
        self.run_ok("const measured: number[] = [1]")
        content = self.reply_to(self.client.inspect("measured", 4))["content"]
        self.assertIn("number[]", content["data"]["text/plain"])


class Shutdown(KernelCase):
    def test_shutdown_ends_the_process(self):
        self.client.shutdown()
        reply = self.client.get_control_msg(timeout=TIMEOUT)
        self.assertEqual(reply["content"], {"status": "ok", "restart": False})
        deadline = time.time() + 5
        while self.manager.is_alive() and time.time() < deadline:
            time.sleep(0.05)
        self.assertFalse(self.manager.is_alive())


if __name__ == "__main__":
    unittest.main()
