import type { Flow } from "../flow";
import type { BroadcastType, Header } from "../messages";
import type { Broadcast } from "./sockets";
import type { Frame, Outgoing, Wire } from "./wire";

const gatherMilliseconds = 20;
/** Front ends freeze on streams of many megabytes. In UTF-16 units. */
const largestText = 256 * 1024;

/** What goes with the content of a message, as JSON and bytes. */
interface Attached {
  readonly metadata: string;
  readonly buffers: readonly Uint8Array[];
}

interface Gathered {
  readonly name: "stdout" | "stderr";
  readonly parent: Header | undefined;
  readonly texts: string[];
  length: number;
  cost: number;
}

/** Publishes to all front ends, in order; what is printed is gathered for a moment. */
export class Iopub {
  #stream: Gathered | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly channel: Broadcast,
    readonly wire: Wire,
    readonly flow: Flow,
  ) {}

  /** Publishes a message; `cost` leaves the flow once zeromq has it. */
  publish(
    type: BroadcastType,
    parent: Header | undefined,
    content: object | string,
    cost = 0,
    attached?: Attached,
  ): void {
    this.flush();
    this.#send({ type, parent, content, identities: [type], ...attached }, cost);
  }

  status(state: "starting" | "busy" | "idle", parent: Header | undefined): void {
    this.publish("status", parent, { execution_state: state });
  }

  print(name: "stdout" | "stderr", text: string, parent: Header | undefined, cost = 0): void {
    const open = this.#stream;
    if (open && (open.name !== name || open.parent !== parent)) this.flush();
    this.#stream ??= { name, texts: [], length: 0, cost: 0, parent };
    this.#stream.texts.push(text);
    this.#stream.length += text.length;
    this.#stream.cost += cost;
    if (this.#stream.length >= largestText) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), gatherMilliseconds);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const open = this.#stream;
    if (open === undefined) return;
    this.#stream = undefined;
    const { name, parent } = open;
    const texts = pieces(open.texts.join(""));
    texts.forEach((text, at) => {
      const cost = at === texts.length - 1 ? open.cost : 0;
      this.#send({ type: "stream", parent, content: { name, text }, identities: ["stream"] }, cost);
    });
  }

  /** Greets each subscriber, so that a front end knows that from now on it misses nothing (JEP 65). */
  async welcome(): Promise<void> {
    for await (const [frame] of this.channel.socket) {
      if (frame === undefined) continue;
      const topic = frame.subarray(1);
      if (frame[0] === 1) this.channel.socket.admit(topic, this.#greeting(topic));
      else if (frame[0] === 0) this.channel.socket.dismiss(topic);
    }
  }

  #greeting(topic: Buffer): readonly Frame[] {
    const content = { subscription: topic.toString() };
    return this.wire.encode({ type: "iopub_welcome", parent: undefined, content, identities: [topic] });
  }

  #send(message: Outgoing, cost: number): void {
    this.channel.send(this.wire.encode(message), () => this.flow.leave(cost));
  }
}

/** Cuts a text into parts of bounded length, never inside a character. */
function pieces(text: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + largestText, text.length);
    if (end < text.length && /[\ud800-\udbff]/.test(text[end - 1]!)) end--;
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts;
}
