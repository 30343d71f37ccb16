import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { Cells } from "./cells";
import { Compiler } from "./compiler";
import { History } from "./history";
import { Interrupter } from "./interrupt";
import { Iopub } from "./iopub";
import type { FromMain, ToMain, WorkerStart } from "./link";
import { MainThread } from "./main-thread";
import { Shell } from "./shell";
import { bindSockets, type Connection } from "./sockets";
import { Stdin } from "./stdin";
import { Wire } from "./wire";

const exitMilliseconds = 1000;
const parentMilliseconds = 1000;

/** Starts the thread that owns the sockets; it never runs code of the user, so it always answers. */
async function start(): Promise<void> {
  const port = parentPort!;
  const { connectionFile, bell, typed } = workerData as WorkerStart;
  const connection = JSON.parse(readFileSync(connectionFile, "utf8")) as Connection;
  const sockets = await bindSockets(connection);
  const wire = new Wire(connection.key, connection.signature_scheme);
  const iopub = new Iopub(sockets.iopub, wire);
  const send = (message: ToMain) => port.postMessage(message);
  const main = new MainThread(send);
  const stdin = new Stdin(sockets.stdin, wire, bell, typed);
  const interrupter = new Interrupter((id) => {
    stdin.abandon();
    cells.interrupt();
    send({ kind: "interrupt", id });
  });
  const compiler = new Compiler(process.cwd());
  const cells = new Cells(compiler, main);
  const parts = { wire, iopub, cells, compiler, stdin, interrupter, history: new History(), exit };
  const shell = new Shell(parts);

  async function exit(): Promise<void> {
    await sockets.close();
    setTimeout(() => process.kill(process.pid, "SIGKILL"), exitMilliseconds);
    send({ kind: "exit" });
  }

  port.on("message", (message: FromMain) => {
    switch (message.kind) {
      case "stream":
        return iopub.print(message.name, message.text, shell.parent);
      case "publish":
        return iopub.publish(message.type, shell.parent, message.content);
      case "input":
        return stdin.ask(message.prompt, message.password, shell.running);
      case "finished":
        return main.finished(message.cell, message.outcome);
      case "keys":
        return main.answered(message.id, message.keys);
      case "packages":
        return void compiler.ask({ kind: "refresh" });
      case "interrupted":
        return interrupter.answered(message.id);
    }
  });
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
  exitWithParent();
}

/** Ends the process when the front end that started it is gone. */
function exitWithParent(): void {
  if (process.env.JPY_PARENT_PID === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  }, parentMilliseconds).unref();
}

void start();
