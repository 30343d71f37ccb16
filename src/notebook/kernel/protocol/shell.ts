import type { Router } from "zeromq";
import type { Outcome } from "../link";
import { type Header, type Incoming, type RequestType, replyTo } from "../messages";
import type { Cells } from "./cells";
import { type CommRouter, isComm } from "./comm-router";
import type { Compiler } from "./compiler";
import { toPoints, toUnits } from "./cursor";
import type { History } from "./history";
import type { Interrupter } from "./interrupt";
import type { Iopub } from "./iopub";
import { kernelInfo } from "./kernel-info";
import type { Channel } from "./sockets";
import type { Stdin } from "./stdin";
import type { Wire } from "./wire";

/** What the answers to requests are made with. */
interface Parts {
  readonly wire: Wire;
  readonly iopub: Iopub;
  readonly cells: Cells;
  readonly compiler: Compiler;
  readonly stdin: Stdin;
  readonly interrupter: Interrupter;
  readonly history: History;
  readonly comms: CommRouter;
  readonly exit: () => Promise<void>;
  /** What the first cell that is shown begins with, once. */
  readonly greeting: () => string | undefined;
}

type Handler = (request: Incoming, queued: Queued) => Promise<object> | object;

interface Queued {
  readonly request: Incoming;
  readonly channel: Channel<Router>;
}

/** Answers requests: cells and comms one after the other, all others at once. */
export class Shell {
  /** The header of the last cell, to which output belongs. */
  parent: Header | undefined;
  /** The request of the running cell. */
  running: Incoming | undefined;
  readonly #queue: Queued[] = [];
  #busy = false;
  #count = 0;
  #cells = 0;
  /** Cells that were sent before the one that has just failed. */
  #condemned: Queued[] = [];

  constructor(readonly parts: Parts) {}

  receive(request: Incoming, channel: Channel<Router>, urgent: boolean): void {
    if (isComm(request.header.msg_type)) {
      this.parts.comms.receive(request);
      return;
    }
    if (urgent || request.header.msg_type !== "execute_request") {
      void this.#answer({ request, channel });
      return;
    }
    this.#queue.push({ request, channel });
    if (!this.#busy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      await this.parts.interrupter.settled();
      await this.#answer(next);
    }
    this.#busy = false;
  }

  readonly #handlers: Record<RequestType, Handler> = {
    kernel_info_request: () => kernelInfo(),
    execute_request: (request) => this.#execute(request),
    complete_request: (request) => this.#complete(request),
    inspect_request: (request) => this.#inspect(request),
    is_complete_request: ({ content }) =>
      this.parts.compiler.ask({ kind: "is_complete", code: String(content.code ?? "") }),
    history_request: ({ content }) => ({ status: "ok", history: this.parts.history.find(content) }),
    comm_info_request: ({ content }) => ({
      status: "ok",
      comms: this.parts.comms.info(content.target_name),
    }),
    interrupt_request: async () => {
      await this.parts.interrupter.interrupt();
      return { status: "ok" };
    },
    shutdown_request: ({ content }) => ({ status: "ok", restart: content.restart === true }),
  };

  async #answer(queued: Queued): Promise<void> {
    const { iopub, comms } = this.parts;
    const { header } = queued.request;
    iopub.status("busy", header);
    const type = header.msg_type as RequestType;
    const handler = Object.hasOwn(this.#handlers, type) ? this.#handlers[type] : undefined;
    if (type === "execute_request") comms.hold();
    if (handler !== undefined) this.#reply(queued, type, await this.#answered(handler, queued));
    if (type === "execute_request") comms.release();
    iopub.status("idle", header);
    // Front ends take the last status for that of the kernel.
    if (this.running !== undefined && this.running !== queued.request) {
      iopub.status("busy", this.running.header);
    }
    if (type === "execute_request") this.#abort();
    if (type === "shutdown_request") await this.parts.exit();
  }

  async #answered(handler: Handler, queued: Queued): Promise<object> {
    try {
      return await handler(queued.request, queued);
    } catch (error) {
      return {
        status: "error",
        ename: (error as Error).name,
        evalue: (error as Error).message,
        traceback: [],
      };
    }
  }

  #reply({ request, channel }: Queued, type: RequestType, content: object): void {
    const { wire, iopub } = this.parts;
    iopub.flush();
    const { identities, header: parent } = request;
    channel.send(wire.encode({ type: replyTo(type), identities, parent, content }));
    if (type === "shutdown_request") iopub.publish("shutdown_reply", parent, content);
  }

  async #complete({ content }: Incoming): Promise<object> {
    const { code, cursor } = placeOf(content);
    const { start, end, names, kinds } = await this.parts.cells.complete(code, cursor);
    const [cursor_start, cursor_end] = [toPoints(code, start), toPoints(code, end)];
    const types = names.map((text, i) => ({ text, type: kinds[i], start: cursor_start, end: cursor_end }));
    return {
      status: "ok",
      matches: names,
      cursor_start,
      cursor_end,
      // The name by which JupyterLab knows what to show beside each.
      metadata: { _jupyter_types_experimental: types },
    };
  }

  async #inspect({ content }: Incoming): Promise<object> {
    const { code, cursor } = placeOf(content);
    const text = await this.parts.cells.describe(code, cursor);
    const data = text === undefined ? {} : { "text/plain": text };
    return { status: "ok", found: text !== undefined, data, metadata: {} };
  }

  async #execute(request: Incoming): Promise<object> {
    const { header, content } = request;
    const { iopub, history, cells } = this.parts;
    const code = String(content.code ?? "");
    const silent = content.silent === true;
    const stored = !silent && content.store_history !== false;
    if (stored) history.add(++this.#count, code);
    const execution_count = this.#count;
    if (!silent) iopub.publish("execute_input", header, { code, execution_count });
    const greeting = silent ? undefined : this.parts.greeting();
    if (greeting !== undefined) iopub.print("stderr", greeting, header);
    this.parent = header;
    this.running = request;
    const id = ++this.#cells;
    const outcome = await cells.run({
      id,
      label: stored ? `In [${execution_count}]` : `In [*${id}]`,
      code,
      allowStdin: content.allow_stdin === true,
      userExpressions: (content.user_expressions ?? {}) as Record<string, string>,
    });
    this.running = undefined;
    iopub.flush();
    this.#show(header, outcome, execution_count, silent);
    if (outcome.failure !== undefined) {
      if (content.stop_on_error !== false) await this.#condemn();
      return { status: "error", execution_count, ...outcome.failure };
    }
    if (outcome.result !== undefined) history.setOutput(execution_count, plain(outcome.result));
    return {
      status: "ok",
      execution_count,
      user_expressions: JSON.parse(outcome.userExpressions ?? "{}"),
      payload: outcome.payload ?? [],
    };
  }

  #show(parent: Header, { failure, result }: Outcome, execution_count: number, silent: boolean): void {
    if (silent) return;
    const { iopub } = this.parts;
    if (failure !== undefined) iopub.publish("error", parent, failure);
    if (result === undefined) return;
    iopub.publish(
      "execute_result",
      parent,
      `{"execution_count":${execution_count},"metadata":{},"data":${result}}`,
    );
  }

  /** Takes waiting cells out of the queue, before the client knows of the failure and sends others. */
  async #condemn(): Promise<void> {
    // What has arrived but not been read yet is queued first.
    await new Promise((resolve) => setTimeout(resolve, 0));
    for (const queued of this.#queue.splice(0)) {
      const cell = queued.request.header.msg_type === "execute_request";
      (cell ? this.#condemned : this.#queue).push(queued);
    }
  }

  /** Answers the cells that don't run. */
  #abort(): void {
    for (const queued of this.#condemned.splice(0)) {
      const { header } = queued.request;
      this.parts.iopub.status("busy", header);
      this.#reply(queued, "execute_request", { status: "aborted", execution_count: this.#count });
      this.parts.iopub.status("idle", header);
    }
  }
}

function placeOf({ code: given, cursor_pos: points }: Incoming["content"]): { code: string; cursor: number } {
  const code = String(given ?? "");
  return { code, cursor: toUnits(code, Number(points ?? 0)) };
}

function plain(bundle: string): string {
  return String((JSON.parse(bundle) as Record<string, unknown>)["text/plain"] ?? "");
}
