import { readFileSync } from "node:fs";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { Flow, overhead } from "../flow";
import { Costs, type FromMain, type ToMain, type WorkerStart } from "../link";
import { Cells } from "./cells";
import { ChildOutput } from "./child-output";
import { CommRouter } from "./comm-router";
import { Compiler } from "./compiler";
import { History } from "./history";
import { historyFolder } from "./history-files";
import { Interrupter } from "./interrupt";
import { Iopub } from "./iopub";
import { LastWords } from "./last-words";
import { MainThread } from "./main-thread";
import { MemoryGuard } from "./memory-guard";
import { Shell } from "./shell";
import { watchSignals } from "./signals";
import { bindSockets, type Connection } from "./sockets";
import { Stdin } from "./stdin";
import { Wire } from "./wire";

const exitMilliseconds = 1000;
const parentMilliseconds = 1000;
const holdMilliseconds = 10;

/** Starts the thread that owns the sockets; it never runs code of the user, so it always answers. */
async function start(): Promise<void> {
  const port = parentPort!;
  const { connectionFile, bell, typed, flow: outstanding, heapLimit, waiting } = workerData as WorkerStart;
  const connection = JSON.parse(readFileSync(connectionFile, "utf8")) as Connection;
  const sockets = await bindSockets(connection);
  const wire = new Wire(connection.key, connection.signature_scheme);
  const flow = new Flow(outstanding);
  const costs = new Costs();
  const waits = new Int32Array(waiting);
  const iopub = new Iopub(sockets.iopub, wire, flow);
  const send = (message: ToMain) => {
    port.postMessage(message);
    if (message.kind === "execute") comms.release();
  };
  const main = new MainThread(send, {
    began: (label) => {
      lastWords.began(label);
      guard.began();
    },
    ended: () => {
      lastWords.ended();
      guard.ended();
    },
  });
  const stdin = new Stdin(sockets.stdin, wire, bell, typed);
  const comms = new CommRouter(send, (state, parent) => iopub.status(state, parent));
  const interrupter = new Interrupter({
    ask: (id) => {
      stdin.abandon();
      cells.interrupt();
      comms.interrupting();
      send({ kind: "interrupt", id });
    },
    insist: () => interruptChildren(waits),
    ended: () => {
      main.interrupted();
      comms.interrupted();
    },
  });
  const history = new History(historyFolder());
  const compiler = new Compiler(process.cwd());
  const cells = new Cells(compiler, main);
  const lastWords = new LastWords(connectionFile, heapLimit);
  const shell = new Shell({
    ...{ wire, iopub, cells, compiler, stdin, interrupter, history, comms, exit },
    greeting: () => lastWords.ofPredecessor(),
  });
  const parent = () => comms.parent(shell.running !== undefined) ?? shell.parent;
  const warn = (text: string) => {
    iopub.print("stderr", text, parent());
    iopub.flush();
  };
  const guard = new MemoryGuard(heapLimit, {
    warn,
    looked: (rss, much) => lastWords.update(rss, much),
  });
  const children = new ChildOutput(
    (name, text) => {
      const cost = text.length + overhead;
      flow.enter(cost);
      iopub.print(name, text, parent(), cost);
      hold();
    },
    (print) => {
      // What the cell printed before the child did comes first; what is behind the child's end comes after it.
      let message: FromMain | undefined;
      do {
        message = receiveMessageOnPort(port)?.message as FromMain | undefined;
        if (message?.kind === "drain" || message?.kind === "finished") print();
        if (message !== undefined) receive(message);
      } while (message !== undefined && message.kind !== "drain" && message.kind !== "finished");
      if (message === undefined) print();
    },
  );

  /** Lets children wait while too much is on its way to the front ends. */
  function hold(): void {
    children.hold(flow.full);
    if (flow.full) setTimeout(hold, holdMilliseconds);
  }

  async function exit(): Promise<void> {
    setTimeout(kill, exitMilliseconds);
    await close();
    send({ kind: "exit" });
  }

  async function close(): Promise<void> {
    lastWords.close();
    guard.close();
    flow.release();
    children.drain();
    iopub.flush();
    await sockets.close();
  }

  function receive(message: FromMain): void {
    const cost = costs.of(message);
    switch (message.kind) {
      case "stream":
        iopub.print(message.name, message.text, parent(), cost);
        break;
      case "publish":
        iopub.publish(message.type, parent(), message.content, cost);
        break;
      case "comm":
        comms.published(message.frame);
        iopub.publish(message.frame.type, parent(), message.frame.content, cost, message.frame);
        break;
      case "handling":
        comms.handling(message.id, message.stage);
        break;
      case "quit":
        void close().then(() => {
          process.on("exit", () => {
            Atomics.store(waits, 1, 1);
            Atomics.notify(waits, 1);
          });
          process.exit();
        });
        break;
      case "leaving":
        process.exit();
        break;
      case "drain":
        children.drain();
        Atomics.store(waits, 1, 1);
        Atomics.notify(waits, 1);
        break;
      case "input":
        stdin.ask(message.prompt, message.password, shell.running);
        break;
      case "finished":
        children.drain();
        main.finished(message.cell, message.outcome);
        break;
      case "keys":
        main.answered(message.id, message.keys);
        break;
      case "packages":
        void compiler.ask({ kind: "refresh" });
        break;
      case "interrupted":
        interrupter.answered(message.id);
        break;
    }
  }

  port.on("message", receive);
  if (watchSignals({ SIGINT: () => void interrupter.interrupt(), SIGTERM: () => void exit() }))
    send({ kind: "signals" });
  void children.open().then((files) => send({ kind: "children", files }));
  void iopub.welcome();
  void stdin.listen();
  iopub.status("starting", undefined);
  const listen = async (channel: typeof sockets.shell, urgent: boolean) => {
    for await (const frames of channel.socket) {
      const message = wire.decode(frames);
      if (message !== undefined) shell.receive(message, channel, urgent);
    }
  };
  void listen(sockets.shell, false);
  void listen(sockets.control, true);
  exitWithParent(() => lastWords.close());
}

/** Ends what the main thread waits for; a process group of the kernel's own is there when Jupyter has started it. */
function interruptChildren(waiting: Int32Array): void {
  if (Atomics.load(waiting, 0) === 0) return;
  try {
    process.kill(-process.pid, "SIGINT");
  } catch {
    // No group of its own: the kernel waits for the child.
  }
}

/** Ends the process when the front end that started it is gone. */
function exitWithParent(before: () => void): void {
  if (process.env.JPY_PARENT_PID === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid === parent) return;
    before();
    kill();
  }, parentMilliseconds).unref();
}

function kill(): void {
  process.kill(process.pid, "SIGKILL");
}

void start();
