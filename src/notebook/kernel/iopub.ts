import type { XPublisher } from "zeromq";
import type { BroadcastType, Header } from "./messages";
import type { Channel } from "./sockets";
import type { Wire } from "./wire";

const gatherMilliseconds = 20;

/** Publishes to all front ends, in order; what is printed is gathered for a moment. */
export class Iopub {
  #stream: { name: string; texts: string[]; parent: Header | undefined } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly channel: Channel<XPublisher>,
    readonly wire: Wire,
  ) {}

  publish(type: BroadcastType, parent: Header | undefined, content: object | string): void {
    this.flush();
    this.channel.send(this.wire.encode({ type, parent, content, identities: [type] }));
  }

  status(state: "starting" | "busy" | "idle", parent: Header | undefined): void {
    this.publish("status", parent, { execution_state: state });
  }

  print(name: "stdout" | "stderr", text: string, parent: Header | undefined): void {
    const open = this.#stream;
    if (open && (open.name !== name || open.parent !== parent)) this.flush();
    this.#stream ??= { name, texts: [], parent };
    this.#stream.texts.push(text);
    this.#timer ??= setTimeout(() => this.flush(), gatherMilliseconds);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const open = this.#stream;
    if (open === undefined) return;
    this.#stream = undefined;
    const content = { name: open.name, text: open.texts.join("") };
    this.channel.send(
      this.wire.encode({ type: "stream", parent: open.parent, content, identities: ["stream"] }),
    );
  }

  /** Greets each subscriber, so that a front end knows that from now on it misses nothing (JEP 65). */
  async welcome(): Promise<void> {
    for await (const [frame] of this.channel.socket) {
      if (frame === undefined || frame[0] !== 1) continue;
      const topic = frame.subarray(1);
      const content = { subscription: topic.toString() };
      this.channel.send(
        this.wire.encode({ type: "iopub_welcome", parent: undefined, content, identities: [topic] }),
      );
    }
  }
}
