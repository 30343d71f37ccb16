import { writeSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { MessageChannel, Worker } from "node:worker_threads";
import { setTransport } from "../transport";
import { watchAwaits } from "./awaiting";
import { KernelTransport } from "./kernel-transport";
import type { FromMain, ToMain, WorkerStart } from "./link";
import { CellSession } from "./session";
import { captureStreams } from "./streams";

/** Starts a kernel on the connection file that the command line names. */
function main(connectionFile: string): void {
  const { port1: typed, port2 } = new MessageChannel();
  const bell = new SharedArrayBuffer(4);
  const workerData: WorkerStart = { connectionFile, bell, typed: port2 };
  const worker = new Worker(join(__dirname, "protocol-worker.js"), { workerData, transferList: [port2] });
  const send = (message: FromMain) => worker.postMessage(message);
  worker.on("error", (error) => {
    // Printing goes through the worker, which is gone.
    writeSync(2, `${inspect(error)}\n`);
    process.exit(1);
  });

  const transport = new KernelTransport(send, typed, bell);
  const session = new CellSession(send, transport);
  worker.on("message", (message: ToMain) => {
    switch (message.kind) {
      case "execute":
        return void session.execute(message.cell);
      case "keys":
        return send({ kind: "keys", id: message.id, keys: session.keys(message.path) });
      case "interrupt":
        session.interrupt();
        return send({ kind: "interrupted", id: message.id });
      case "exit":
        return process.exit(0);
    }
  });

  setTransport(transport);
  watchAwaits();
  captureStreams((name, text) => send({ kind: "stream", name, text }));
  process.on("SIGINT", () => session.interrupt());
  const report = (what: string) => (thrown: unknown) => process.stderr.write(`${what}: ${inspect(thrown)}\n`);
  process.on("uncaughtException", report("Uncaught exception"));
  process.on("unhandledRejection", report("Unhandled promise rejection"));
}

main(process.argv[2]!);
