import { checkKeys } from "../base/check";
import { fail } from "../base/errors";

/** Bytes that go with a message as they are. */
export type CommBuffer = ArrayBuffer | ArrayBufferView;

/** What goes with the data of a message. */
export interface CommOptions {
  /** What front ends may want beside the data. Default none. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Bytes beside the JSON. Default none. */
  readonly buffers?: readonly CommBuffer[];
}

/** A message from a front end. */
export interface CommMessage {
  /** What was said, as JSON. */
  readonly data: Readonly<Record<string, unknown>>;
  /** What front ends add to it. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Bytes beside the JSON. */
  readonly buffers: readonly Uint8Array[];
}

/** Called with a message; while a promise that it returns is pending, front ends see the kernel busy. */
export type CommListener = (message: CommMessage) => unknown;

/** A message on its way to the front ends: content and metadata as JSON. */
export interface CommFrame {
  readonly type: "comm_open" | "comm_msg" | "comm_close";
  readonly content: string;
  readonly metadata: string;
  readonly buffers: readonly Uint8Array[];
}

/** A line of its own between the cells and the front ends, both of which may write and close it. */
export class Comm {
  readonly #listeners = new Set<CommListener>();
  readonly #closers = new Set<CommListener>();
  #open = true;

  /** Comms are made by `comms.open` and for the handlers of `comms.register`. */
  constructor(
    /** What both sides know the line by. */
    readonly id: string,
    /** The name that the other side listens for. */
    readonly target: string,
    private readonly post: (frame: CommFrame) => void,
  ) {}

  /** False once either side has closed it. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** Sends `data`, which must be JSON, to all front ends. @throws `failed` when the comm is closed */
  send(data: object, options: CommOptions = {}): void {
    if (!this.#open) {
      fail("failed", { thing: `comm of ${this.target}`, expected: "an open comm", remedy: "Open another." });
    }
    this.post(frameOf("comm_msg", { comm_id: this.id, data }, options));
  }

  /** Closes it for all front ends; the listeners of this side are not called. */
  close(data: object = {}, options: CommOptions = {}): void {
    if (!this.#open) return;
    this.post(frameOf("comm_close", { comm_id: this.id, data }, options));
    this.#open = false;
  }

  /** Calls `listener` with each message of a front end. Returns a function that takes it away. */
  onMessage(listener: CommListener): () => void {
    return added(this.#listeners, listener);
  }

  /** Calls `listener` when a front end closes the comm. Returns a function that takes it away. */
  onClose(listener: CommListener): () => void {
    return added(this.#closers, listener);
  }

  /** @internal Gives what came from a front end to the listeners; the first to throw ends it. */
  receive(message: CommMessage, closes: boolean): Promise<unknown> {
    if (closes) this.#open = false;
    return Promise.all([...(closes ? this.#closers : this.#listeners)].map((listener) => listener(message)));
  }
}

/** A message as the wire takes it. @throws `invalid-option` where something can't be sent */
export function frameOf(type: CommFrame["type"], content: object, options: CommOptions): CommFrame {
  checkKeys(options, ["metadata", "buffers"], type);
  const { metadata = {}, buffers = [] } = options;
  return {
    type,
    content: JSON.stringify(content),
    metadata: JSON.stringify(metadata),
    buffers: buffers.map(bytesOf),
  };
}

function bytesOf(buffer: CommBuffer): Uint8Array {
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  return fail("invalid-option", {
    thing: "buffers",
    value: buffer,
    expected: "ArrayBuffers or views of them",
  });
}

function added(listeners: Set<CommListener>, listener: CommListener): () => void {
  if (typeof listener !== "function") {
    fail("invalid-option", { thing: "listener of a comm", value: listener, expected: "a function" });
  }
  listeners.add(listener);
  return () => listeners.delete(listener);
}
