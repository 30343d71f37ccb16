"""Comms between cells and a front end, with bytes, and the widget protocol over them."""

import time
import unittest

from client import KernelCase, TIMEOUT

REGISTER = """
import { comms } from "logitpress";
const seen: unknown[] = [];
let opened: any;
comms.register("echo", (comm, message) => {
  opened = comm;
  console.log("opened with " + JSON.stringify(message.data));
  comm.onMessage(({ data, metadata, buffers }) => {
    console.log("handled " + data.n);
    seen.push(data.n);
    if (data.fail) throw new RangeError("the handler fails");
    if (data.loop) while (true);
    comm.send({ n: data.n }, { metadata, buffers: buffers.map((b) => b.map((x) => x + 1)) });
  });
  comm.onClose(({ data }) => console.log("closed with " + JSON.stringify(data)));
});
"""


class CommCase(KernelCase):
    def send(self, kind, content, buffers=(), metadata=None):
        """Sends over a comm as a front end does; returns the message's id."""
        message = self.client.session.msg(kind, content, metadata=metadata or {})
        self.client.session.send(self.client.shell_channel.socket, message, buffers=list(buffers))
        return message["header"]["msg_id"]

    def outputs_of(self, message_id):
        """What comes on iopub with this parent, from busy to idle."""
        found = []
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") != message_id:
                continue
            found.append(message)
            if message["content"].get("execution_state") == "idle":
                self.assertEqual(found[0]["content"].get("execution_state"), "busy")
                return found[1:-1]

    def kinds(self, messages):
        return [message["msg_type"] for message in messages]

    def info(self, target=None):
        message_id = self.client.comm_info(target)
        while True:
            reply = self.client.get_shell_msg(timeout=TIMEOUT)
            if reply["parent_header"]["msg_id"] == message_id:
                return reply["content"]["comms"]


class Comms(CommCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        reply = cls.client.execute_interactive(REGISTER, silent=True, timeout=TIMEOUT)
        assert reply["content"]["status"] == "ok", reply

    def open(self, comm_id, target="echo"):
        return self.outputs_of(self.send("comm_open", {"comm_id": comm_id, "target_name": target, "data": {"a": 1}}))

    def test_a_front_end_opens_sends_bytes_and_closes(self):
        (printed,) = self.open("one")
        self.assertEqual(printed["content"]["text"], 'opened with {"a":1}\n')
        self.assertEqual(self.info("echo")["one"], {"target_name": "echo"})
        sent = self.send("comm_msg", {"comm_id": "one", "data": {"n": 5}}, [b"\x00\xff", bytes(1000)], {"m": 2})
        printed, answer = self.outputs_of(sent)
        self.assertEqual(printed["content"], {"name": "stdout", "text": "handled 5\n"})
        self.assertEqual((answer["msg_type"], answer["metadata"]), ("comm_msg", {"m": 2}))
        self.assertEqual(answer["content"], {"comm_id": "one", "data": {"n": 5}})
        self.assertEqual([bytes(b) for b in answer["buffers"]], [b"\x01\x00", b"\x01" * 1000])
        (printed,) = self.outputs_of(self.send("comm_close", {"comm_id": "one", "data": {"bye": True}}))
        self.assertEqual(printed["content"]["text"], 'closed with {"bye":true}\n')
        self.assertNotIn("one", self.info())
        self.assertEqual(self.run_ok("opened.isOpen").value(), "false")
        self.assertEqual(self.outputs_of(self.send("comm_msg", {"comm_id": "one", "data": {"n": 6}})), [])

    def test_an_unknown_target_is_closed(self):
        (closing,) = self.open("stray", "nobody")
        self.assertEqual(closing["msg_type"], "comm_close")
        self.assertEqual(closing["content"]["comm_id"], "stray")
        self.assertNotIn("stray", self.info())

    def test_a_handler_that_throws(self):
        self.open("wrong")
        (printed, failed) = self.outputs_of(self.send("comm_msg", {"comm_id": "wrong", "data": {"n": 1, "fail": True}}))
        self.assertEqual(failed["content"]["name"], "stderr")
        self.assertIn("RangeError", failed["content"]["text"])
        self.assertIn("wrong", self.info())
        ran = self.run_ok("comms.register('bad', () => { throw new Error('no') })")
        messages = self.open("refused", "bad")
        self.assertEqual(sorted(self.kinds(messages)), ["comm_close", "stream"])

    def test_a_cell_opens_sends_and_closes(self):
        ran = self.run_messages(
            "const mine = comms.open('theirs', { x: 1 }, { buffers: [Float64Array.of(1.5)] });\n"
            "mine.send([1, 'ä']); mine.id"
        )
        opening = next(m for m in ran if m["msg_type"] == "comm_open")
        self.assertEqual((opening["content"]["target_name"], opening["content"]["data"]), ("theirs", {"x": 1}))
        self.assertEqual(bytes(opening["buffers"][0]), b"\x00\x00\x00\x00\x00\x00\xf8\x3f")
        message = next(m for m in ran if m["msg_type"] == "comm_msg")
        self.assertEqual(message["content"]["data"], [1, "ä"])
        comm_id = opening["content"]["comm_id"]
        self.assertEqual(self.info("theirs"), {comm_id: {"target_name": "theirs"}})
        self.assertEqual(self.info("none"), {})
        ran = self.run_messages("mine.close({ done: 1 })")
        self.assertIn("comm_close", self.kinds(ran))
        self.assertEqual(self.info("theirs"), {})
        self.assertEqual(self.run_cell("mine.send({})").reply["ename"], "LogitpressError")

    def run_messages(self, code):
        return self.outputs_of(self.client.execute(code))

    def test_in_order_and_in_its_place_among_cells(self):
        self.run_ok("comms.register('late', (comm) => { comm.onMessage(({ data }) => { seen.push(data.n) }) }); seen.length = 0")
        self.client.execute("comms.register('fresh', (comm) => { comm.onMessage(({ data }) => { seen.push(data.n) }) })")
        self.send("comm_open", {"comm_id": "f", "target_name": "fresh", "data": {}})
        for n in range(200):
            self.send("comm_msg", {"comm_id": "f", "data": {"n": n}})
        self.assertEqual(self.run_ok("JSON.stringify(seen)").value(), f"'{str(list(range(200))).replace(' ', '')}'")

    def test_a_cell_that_awaits_hears(self):
        self.open("waits")
        cell = self.client.execute(
            "console.log('waiting'); await new Promise((r) => opened.onMessage(r)); console.log('heard')"
        )
        time.sleep(0.3)
        sent = self.send("comm_msg", {"comm_id": "waits", "data": {"n": 9}})
        by_parent = {cell: "", sent: ""}
        idle = set()
        while len(idle) < 2:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            parent = message["parent_header"].get("msg_id")
            if parent in by_parent and message["msg_type"] == "stream":
                by_parent[parent] += message["content"]["text"]
            if message["content"].get("execution_state") == "idle":
                idle.add(parent)
        self.assertEqual(by_parent, {cell: "waiting\nheard\n", sent: "handled 9\n"})

    def test_a_handler_in_a_loop_is_interrupted(self):
        self.open("stuck")
        sent = self.send("comm_msg", {"comm_id": "stuck", "data": {"n": 1, "loop": True}})
        time.sleep(0.3)
        self.manager.interrupt_kernel()
        self.outputs_of(sent)
        self.assertEqual(self.run_ok("1 + 1").value(), "2")

    def test_what_can_not_be_sent_is_refused(self):
        for code in (
            "comms.open('', {})",
            "comms.register('x', 3 as any)",
            "comms.open('x', {}, { buffers: ['text' as any] })",
            "comms.open('x', {}, { buffer: [] } as any)",
        ):
            self.assertEqual(self.run_cell(code).reply["ename"], "LogitpressError", code)


class Widgets(CommCase):
    def test_the_cell_makes_a_widget(self):
        code = (
            "import { WidgetModel } from 'logitpress';\n"
            "const slider = new WidgetModel({ _model_module: '@jupyter-widgets/controls', _model_name: 'IntSliderModel',"
            " _model_module_version: '2.0.0', value: 3, deep: [{ bytes: Uint8Array.of(7, 8) }] });\n"
            "slider.onChange((values) => console.log('changed', Object.keys(values).join()));\n"
            "slider"
        )
        messages = self.outputs_of(self.client.execute(code))
        opening = next(m for m in messages if m["msg_type"] == "comm_open")
        self.assertEqual(opening["metadata"], {"version": "2.1.0"})
        self.assertEqual(opening["content"]["target_name"], "jupyter.widget")
        data = opening["content"]["data"]
        self.assertEqual((data["state"]["value"], data["state"]["deep"]), (3, [{}]))
        self.assertEqual(data["buffer_paths"], [["deep", 0, "bytes"]])
        self.assertEqual(bytes(opening["buffers"][0]), b"\x07\x08")
        shown = next(m for m in messages if m["msg_type"] == "execute_result")["content"]["data"]
        comm_id = opening["content"]["comm_id"]
        self.assertEqual(shown["application/vnd.jupyter.widget-view+json"]["model_id"], comm_id)

        state = {"value": 8, "deep": [{}]}
        update = {"method": "update", "state": state, "buffer_paths": [["deep", 0, "bytes"]]}
        echo, printed = self.outputs_of(self.send("comm_msg", {"comm_id": comm_id, "data": update}, [b"\x01\x02\x03"]))
        self.assertEqual(echo["content"]["data"], {**update, "method": "echo_update"})
        self.assertEqual(bytes(echo["buffers"][0]), b"\x01\x02\x03")
        self.assertEqual(printed["content"]["text"], "changed value,deep\n")

        ran = self.outputs_of(self.client.execute("slider.set({ value: 11 }); [...(slider.state.deep as any)[0].bytes]"))
        sent = next(m for m in ran if m["msg_type"] == "comm_msg")["content"]["data"]
        self.assertEqual(sent, {"method": "update", "state": {"value": 11}, "buffer_paths": []})
        self.assertEqual(next(m for m in ran if m["msg_type"] == "execute_result")["content"]["data"]["text/plain"], "[ 1, 2, 3 ]")

        (whole,) = self.outputs_of(self.send("comm_msg", {"comm_id": comm_id, "data": {"method": "request_state"}}))
        self.assertEqual((whole["content"]["data"]["method"], whole["content"]["data"]["state"]["value"]), ("update", 11))

    def test_a_front_end_makes_a_widget(self):
        self.run_ok(
            "import { WidgetModel } from 'logitpress';\n"
            "let made: WidgetModel[] = [];\n"
            "WidgetModel.accept((model) => { made.push(model); model.onCustom((c: any, b) => model.send({ got: c.ask, bytes: b.length })) })"
        )
        opening = {"comm_id": "w", "target_name": "jupyter.widget", "data": {"state": {"value": 1}, "buffer_paths": []}}
        self.assertEqual(self.outputs_of(self.send("comm_open", opening, metadata={"version": "2.1.0"})), [])
        update = {"method": "update", "state": {"value": 2}, "buffer_paths": []}
        (echo,) = self.outputs_of(self.send("comm_msg", {"comm_id": "w", "data": update}))
        self.assertEqual(echo["content"]["data"], {**update, "method": "echo_update"})
        self.assertEqual(self.run_ok("made[0]!.state").value(), "{ value: 2 }")
        custom = {"method": "custom", "content": {"ask": 4}}
        (answer,) = self.outputs_of(self.send("comm_msg", {"comm_id": "w", "data": custom}, [b"", b"x"]))
        self.assertEqual(answer["content"]["data"], {"method": "custom", "content": {"got": 4, "bytes": 2}})


class Restarted(CommCase):
    def test_a_restart_forgets(self):
        self.run_ok("import { comms } from 'logitpress'; comms.open('kept', {})")
        self.assertEqual(len(self.info()), 1)
        self.manager.restart_kernel(now=False)
        self.client.wait_for_ready(timeout=TIMEOUT)
        self.assertEqual(self.info(), {})


if __name__ == "__main__":
    unittest.main()
