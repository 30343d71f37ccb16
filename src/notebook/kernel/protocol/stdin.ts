import type { MessagePort } from "node:worker_threads";
import type { Router } from "zeromq";
import type { Typed } from "../link";
import type { Incoming } from "../messages";
import type { Channel } from "./sockets";
import type { Wire } from "./wire";

/** Asks the front end whose cell is running, and wakes the main thread with what was typed. */
export class Stdin {
  readonly #bell: Int32Array;
  #waiting = false;

  constructor(
    readonly channel: Channel<Router>,
    readonly wire: Wire,
    bell: SharedArrayBuffer,
    readonly port: MessagePort,
  ) {
    this.#bell = new Int32Array(bell);
  }

  ask(prompt: string, password: boolean, request: Incoming | undefined): void {
    this.#waiting = true;
    if (request === undefined) {
      this.abandon();
      return;
    }
    const { identities, header: parent } = request;
    this.channel.send(
      this.wire.encode({ type: "input_request", parent, content: { prompt, password }, identities }),
    );
  }

  /** Ends a waiting question without an answer. */
  abandon(): void {
    this.#answer({ text: undefined });
  }

  async listen(): Promise<void> {
    for await (const frames of this.channel.socket) {
      const message = this.wire.decode(frames);
      if (message?.header.msg_type === "input_reply") this.#answer({ text: String(message.content.value) });
    }
  }

  #answer(typed: Typed): void {
    if (!this.#waiting) return;
    this.#waiting = false;
    this.port.postMessage(typed);
    Atomics.store(this.#bell, 0, 1);
    Atomics.notify(this.#bell, 0);
  }
}
