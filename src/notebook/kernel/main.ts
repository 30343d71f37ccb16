import { writeSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { getHeapStatistics } from "node:v8";
import { MessageChannel, Worker } from "node:worker_threads";
import { setTransport } from "../transport";
import { watchAwaits } from "./cell/awaiting";
import { captureChildren } from "./cell/child-stdio";
import { CommHost } from "./cell/comm-host";
import { KernelTransport } from "./cell/kernel-transport";
import { exitInOrder } from "./cell/orderly-exit";
import { CellSession } from "./cell/session";
import { captureStreams } from "./cell/streams";
import { Flow } from "./flow";
import { Costs, type FromMain, type ToMain, type WorkerStart } from "./link";
import type { ChildFiles } from "./protocol/child-output";

const drainMilliseconds = 1000;
/** What V8's figure has for young values, which never fill it: three times 16 MiB, unless a flag says other. */
const youngLimit = 48 * 2 ** 20;

/** Starts a kernel on the connection file that the command line names. */
function main(connectionFile: string): void {
  const exit = process.exit.bind(process);
  const { port1: typed, port2 } = new MessageChannel();
  const bell = new SharedArrayBuffer(4);
  const [outstanding, waiting] = [new SharedArrayBuffer(4), new SharedArrayBuffer(8)];
  const heapLimit = getHeapStatistics().heap_size_limit - youngLimit;
  const workerData: WorkerStart = {
    connectionFile,
    bell,
    typed: port2,
    flow: outstanding,
    heapLimit,
    waiting,
  };
  const children = new Int32Array(waiting);
  const worker = new Worker(join(__dirname, "protocol", "protocol-worker.js"), {
    workerData,
    transferList: [port2],
  });
  const flow = new Flow(outstanding);
  const costs = new Costs();
  const send = (message: FromMain) => {
    const cost = costs.of(message);
    if (cost > 0) flow.enter(cost);
    worker.postMessage(message);
    if (cost > 0) flow.wait();
  };
  worker.on("error", (error) => {
    // Printing goes through the worker, which is gone.
    writeSync(2, `${inspect(error)}\n`);
    exit(1);
  });

  const transport = new KernelTransport(send, typed, bell);
  const session = new CellSession(send, transport);
  const comms = new CommHost(transport.comms, send);
  let files: ChildFiles | undefined;
  let signalsWatched = false;
  worker.on("message", (message: ToMain) => {
    switch (message.kind) {
      case "execute":
        return void session.execute(message.cell);
      case "keys":
        return send({ kind: "keys", id: message.id, keys: session.keys(message.path) });
      case "interrupt":
        session.interrupt();
        return send({ kind: "interrupted", id: message.id });
      case "comm":
        return void comms.receive(message.id, message.arrival);
      case "children":
        files = message.files;
        return;
      case "signals":
        signalsWatched = true;
        return;
      case "exit":
        // In the middle of its work zeromq aborts the process; so its thread ends first.
        worker.once("exit", () => exit(0));
        return send({ kind: "leaving" });
    }
  });

  setTransport(transport);
  watchAwaits();
  captureStreams((name, text) => send({ kind: "stream", name, text }));
  captureChildren({
    files: () => files,
    ended: () => {
      // What is printed next must not overtake what the child has written, nor the next child this one's.
      Atomics.store(children, 1, 0);
      send({ kind: "drain" });
      Atomics.wait(children, 1, 0, drainMilliseconds);
    },
    waiting: (begins) => Atomics.store(children, 0, begins ? 1 : 0),
  });
  exitInOrder(() => send({ kind: "quit" }), children.subarray(1));
  process.on("SIGINT", () => {
    if (!signalsWatched) session.interrupt();
  });
  const report = (what: string) => (thrown: unknown) => process.stderr.write(`${what}: ${inspect(thrown)}\n`);
  process.on("uncaughtException", report("Uncaught exception"));
  process.on("unhandledRejection", report("Unhandled promise rejection"));
}

main(process.argv[2]!);
