import assert from "node:assert/strict";
import { test } from "node:test";
import { comms, WidgetModel } from "../../src";
import { Comm, type CommFrame } from "../../src/notebook/comm";
import { CommRegistry } from "../../src/notebook/comm-registry";
import { packBuffers, unpackBuffers } from "../../src/notebook/widget-buffers";

test("outside a notebook there are no comms", () => {
  assert.throws(() => comms.open("target"), { code: "failed" });
  assert.throws(() => new WidgetModel({}), { code: "failed" });
});

test("a registry sends, receives and forgets", async () => {
  const sent: CommFrame[] = [];
  const registry = new CommRegistry((frame) => sent.push(frame));
  const heard: unknown[] = [];
  const remove = registry.register("a", (comm, { data }) => {
    heard.push(data);
    comm.onMessage((message) => heard.push([...message.buffers[0]]));
  });
  const arrival = { content: { comm_id: "1", target_name: "a", data: { x: 1 } }, metadata: {}, buffers: [] };
  await registry.receive({ ...arrival, type: "comm_open" });
  await registry.receive({ ...arrival, type: "comm_msg", buffers: [Uint8Array.of(5)] });
  assert.deepEqual(heard, [{ x: 1 }, [5]]);
  assert.deepEqual(
    registry.list().map((comm) => comm.id),
    ["1"],
  );
  await registry.receive({ ...arrival, type: "comm_close" });
  assert.deepEqual(registry.list(), []);
  remove();
  assert.equal(registry.receive({ ...arrival, type: "comm_open" }), undefined);
  assert.deepEqual(
    sent.map(({ type }) => type),
    ["comm_close"],
  );
});

test("a comm sends the bytes of a view and nothing else, and nothing once closed", () => {
  const sent: CommFrame[] = [];
  const comm = new Comm("1", "a", (frame) => sent.push(frame));
  const floats = Float32Array.of(0, 1, 2);
  comm.send({ a: 1 }, { buffers: [floats.subarray(1, 2), new ArrayBuffer(3)] });
  assert.deepEqual(
    sent[0].buffers.map((b) => [...b]),
    [
      [0, 0, 128, 63],
      [0, 0, 0],
    ],
  );
  assert.throws(() => comm.send({}, { buffers: [1 as never] }), { code: "invalid-option" });
  assert.throws(() => comm.send({}, { bufers: [] } as never), { code: "unknown-option" });
  assert.throws(() => comm.onMessage(1 as never), { code: "invalid-option" });
  comm.close();
  comm.close();
  assert.equal(sent.length, 2);
  assert.throws(() => comm.send({}), { code: "failed" });
});

test("bytes leave a state and come back to their places", () => {
  const bytes = Uint8Array.of(1, 2);
  const { state, paths, buffers } = packBuffers({ a: bytes, b: [1, bytes, { c: bytes, d: null }], e: "x" });
  assert.deepEqual(state, { b: [1, null, { d: null }], e: "x" });
  assert.deepEqual(paths, [["a"], ["b", 1], ["b", 2, "c"]]);
  assert.equal(buffers.length, 3);
  const whole = unpackBuffers(state, paths, [bytes, bytes, bytes]);
  assert.deepEqual(whole, { a: bytes, b: [1, bytes, { d: null, c: bytes }], e: "x" });
});

test("paths that lead nowhere or to a prototype change nothing", () => {
  const wrong = [[], ["x", "y"], ["__proto__", "polluted"], ["toString", "a"], "no", 3];
  assert.deepEqual(unpackBuffers({ a: 1 }, wrong, Array(6).fill(new Uint8Array(1))), { a: 1 });
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  assert.deepEqual(unpackBuffers({ a: 1 }, "no list", []), { a: 1 });
});
