import { randomUUID } from "node:crypto";
import { fail } from "../base/errors";
import { Comm, type CommFrame, type CommMessage, type CommOptions, frameOf } from "./comm";

/** Called when a front end opens a comm of a target, with the message that opened it. */
export type CommHandler = (comm: Comm, message: CommMessage) => unknown;

/** What a front end sends: `content` names the comm. */
export interface CommArrival {
  readonly type: CommFrame["type"];
  readonly content: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Uint8Array[];
}

/** The targets that are known here and the comms that are open; one a kernel. */
export class CommRegistry {
  readonly #targets = new Map<string, CommHandler>();
  readonly #open = new Map<string, Comm>();

  constructor(readonly send: (frame: CommFrame) => void) {}

  register(target: string, handler: CommHandler): () => void {
    checkTarget(target);
    if (typeof handler !== "function") {
      fail("invalid-option", { thing: `handler of ${target}`, value: handler, expected: "a function" });
    }
    this.#targets.set(target, handler);
    return () => {
      if (this.#targets.get(target) === handler) this.#targets.delete(target);
    };
  }

  open(target: string, data: object, options: CommOptions): Comm {
    checkTarget(target);
    const comm = this.#add(randomUUID(), target);
    this.send(frameOf("comm_open", { comm_id: comm.id, target_name: target, data }, options));
    return comm;
  }

  list(): Comm[] {
    return [...this.#open.values()];
  }

  /**
   * Takes what a front end sends. Throws or rejects when a handler does; a comm that could not be opened is closed.
   */
  receive({ type, content, metadata, buffers }: CommArrival): Promise<unknown> | undefined {
    const message = { data: objectOf(content.data), metadata, buffers };
    const id = String(content.comm_id);
    if (type === "comm_open") return this.#opened(id, String(content.target_name), message);
    const comm = this.#open.get(id);
    if (type === "comm_close") this.#open.delete(id);
    return comm?.receive(message, type === "comm_close");
  }

  #opened(id: string, target: string, message: CommMessage): Promise<unknown> | undefined {
    const comm = this.#add(id, target);
    const refuse = (error: unknown): never => {
      comm.close();
      throw error;
    };
    const handler = this.#targets.get(target);
    if (handler === undefined) {
      // Front ends ask for targets that a kernel may lack, and take this for the answer.
      comm.close();
      return undefined;
    }
    try {
      return Promise.resolve(handler(comm, message)).catch(refuse);
    } catch (error) {
      return refuse(error);
    }
  }

  #add(id: string, target: string): Comm {
    const comm = new Comm(id, target, (frame) => {
      if (frame.type === "comm_close") this.#open.delete(id);
      this.send(frame);
    });
    this.#open.set(id, comm);
    return comm;
  }
}

function checkTarget(target: string): void {
  if (typeof target !== "string" || target === "") {
    fail("invalid-option", { thing: "target", value: target, expected: "the name of a comm's target" });
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
