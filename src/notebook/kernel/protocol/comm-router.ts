import type { CommFrame } from "../../comm";
import type { CommArrival } from "../../comm-registry";
import type { CommStage, ToMain } from "../link";
import type { CommType, Header, Incoming } from "../messages";

interface Handling {
  readonly header: Header;
  stage: CommStage | "sent";
}

const types: readonly string[] = ["comm_open", "comm_msg", "comm_close"] satisfies CommType[];

/** True for what goes over a comm: no request, and no reply to it. */
export function isComm(type: string): type is CommType {
  return types.includes(type);
}

/**
 * Brings what front ends send over comms to the main thread, past cells that are running or waiting: it is handled
 * when that thread is free or awaits something. Only a cell that came before and has not reached it yet goes first.
 */
export class CommRouter {
  readonly #open = new Map<string, string>();
  readonly #handling = new Map<number, Handling>();
  readonly #held: Incoming[] = [];
  #holding = false;
  #id = 0;
  #before = 0;
  #current: Handling | undefined;

  constructor(
    readonly send: (message: ToMain) => void,
    readonly status: (state: "busy" | "idle", parent: Header) => void,
  ) {}

  receive(request: Incoming): void {
    if (this.#holding) this.#held.push(request);
    else this.#deliver(request);
  }

  /** A cell is on its way to the main thread. */
  hold(): void {
    this.#holding = true;
  }

  /** It has got there, or won't. */
  release(): void {
    this.#holding = false;
    for (const request of this.#held.splice(0)) this.#deliver(request);
  }

  /** The message to which output belongs now; undefined where that is the cell's affair. */
  parent(running: boolean): Header | undefined {
    const current = this.#current;
    return current === undefined || (running && current.stage === "returned") ? undefined : current.header;
  }

  /** Notes how far the main thread is. */
  handling(id: number, stage: CommStage): void {
    const handling = this.#handling.get(id);
    if (handling === undefined) return;
    handling.stage = stage;
    if (stage === "started") {
      this.#current = handling;
      this.status("busy", handling.header);
    }
    if (stage === "settled") this.#settle(id, handling);
  }

  /** The main thread is asked to end what it does: what is sent from now on, it will get. */
  interrupting(): void {
    this.#before = this.#id;
  }

  /** After an interruption: handlers that it has ended won't tell any more. */
  interrupted(): void {
    for (const [id, handling] of this.#handling) {
      if (id <= this.#before && handling.stage !== "returned") this.#settle(id, handling);
    }
  }

  /** Notes what the cells have opened and closed. */
  published({ type, content }: CommFrame): void {
    if (type === "comm_msg") return;
    this.#note(type, JSON.parse(content) as Record<string, unknown>);
  }

  /** The open comms, all or those of one target, as a `comm_info_reply` lists them. */
  info(target: unknown): Record<string, { target_name: string }> {
    const chosen = [...this.#open].filter(([, name]) => typeof target !== "string" || target === name);
    return Object.fromEntries(chosen.map(([id, target_name]) => [id, { target_name }]));
  }

  #deliver({ header, content, metadata, buffers }: Incoming): void {
    const type = header.msg_type as CommType;
    this.#note(type, content);
    const id = ++this.#id;
    this.#handling.set(id, { header, stage: "sent" });
    const arrival: CommArrival = { type, content, metadata, buffers };
    this.send({ kind: "comm", id, arrival });
  }

  #note(type: CommType, content: Readonly<Record<string, unknown>>): void {
    const id = String(content.comm_id);
    if (type === "comm_open") this.#open.set(id, String(content.target_name));
    if (type === "comm_close") this.#open.delete(id);
  }

  #settle(id: number, handling: Handling): void {
    this.#handling.delete(id);
    if (this.#current === handling) this.#current = undefined;
    if (handling.stage === "sent") this.status("busy", handling.header);
    this.status("idle", handling.header);
  }
}
