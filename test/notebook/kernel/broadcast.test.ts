import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { Subscriber } from "zeromq";
import { Flow } from "../../../src/notebook/kernel/flow";
import { Iopub } from "../../../src/notebook/kernel/protocol/iopub";
import { bindSockets, type Sockets } from "../../../src/notebook/kernel/protocol/sockets";
import { Wire } from "../../../src/notebook/kernel/protocol/wire";

test("a front end that was there before the kernel is greeted before anything else", async () => {
  // How many turns of the queue of promises lie between what is published and the subscription.
  for (let turns = 0; turns < 8; turns++) {
    const { sockets, address, iopub } = await bound();
    const frontEnd = subscriber(address);
    await subscribed();
    void iopub.welcome();
    for (let turn = 0; turn < turns; turn++) await undefined;
    iopub.status("starting", undefined);
    assert.equal(await next(frontEnd), "iopub_welcome", `${turns} turns`);
    frontEnd.close();
    await sockets.close();
  }
});

test("a front end that reads nothing does not keep another from its greeting, nor is it greeted again", async () => {
  const { sockets, address, iopub } = await bound();
  void iopub.welcome();
  const deaf = subscriber(address, 1);
  assert.equal(await next(deaf), "iopub_welcome");
  const large = "x".repeat(1 << 17);
  for (let at = 0; at < 300; at++) iopub.print(at % 2 ? "stdout" : "stderr", large, undefined);
  await subscribed();
  const joining = subscriber(address);
  joining.receiveTimeout = 5_000;
  assert.equal(await next(joining), "iopub_welcome");
  assert.equal(await next(deaf), "stream");
  joining.close();
  for (let at = 1; at < 300; at++) assert.equal(await next(deaf), "stream");
  deaf.close();
  await sockets.close();
});

async function bound(): Promise<{ sockets: Sockets; address: string; iopub: Iopub }> {
  const [shell_port, control_port, stdin_port, iopub_port, hb_port] = await freePorts(5);
  const place = { transport: "tcp", ip: "127.0.0.1", key: "key", signature_scheme: "hmac-sha256" };
  const ports = { shell_port, control_port, stdin_port, iopub_port, hb_port } as Record<string, number>;
  const sockets = await bindSockets({ ...place, ...ports } as Parameters<typeof bindSockets>[0]);
  const wire = new Wire(place.key, place.signature_scheme);
  const iopub = new Iopub(sockets.iopub, wire, new Flow(new SharedArrayBuffer(4)));
  return { sockets, address: `tcp://127.0.0.1:${iopub_port}`, iopub };
}

function subscriber(address: string, receiveHighWaterMark = 1000): Subscriber {
  const socket = new Subscriber({ linger: 0, receiveHighWaterMark, receiveTimeout: 20_000 });
  socket.subscribe();
  socket.connect(address);
  return socket;
}

/** Long enough for a subscription to reach the kernel's socket; nobody can ask whether it has. */
function subscribed(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 200));
}

async function next(frontEnd: Subscriber): Promise<string> {
  const frames = await frontEnd.receive();
  return (JSON.parse(frames.at(-4)!.toString()) as { msg_type: string }).msg_type;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
