import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { MimeBundle } from "../../../base/display";
import { fail } from "../../../base/errors";
import { CommRegistry } from "../../comm-registry";
import type { NotebookTransport } from "../../transport";
import { Interrupted } from "../interruption";
import type { FromMain, Typed } from "../link";

/** A bundle as JSON; bytes become base64. */
export function bundleJson(bundle: MimeBundle): string {
  const entries = Object.entries(bundle).map(([type, value]) => [
    type,
    value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** How cells reach the front end, through the protocol's thread; each call leaves at once. */
export class KernelTransport implements NotebookTransport {
  cell: number | undefined;
  /** Whether the front end of the running cell can be asked. */
  allowStdin = false;
  readonly comms: CommRegistry = new CommRegistry((frame) => this.send({ kind: "comm", frame }));
  readonly #bell: Int32Array;

  constructor(
    readonly send: (message: FromMain) => void,
    readonly typed: MessagePort,
    bell: SharedArrayBuffer,
  ) {
    this.#bell = new Int32Array(bell);
  }

  displayData(bundle: MimeBundle, { displayId, update }: { displayId?: string; update?: boolean }): void {
    const transient = JSON.stringify(displayId === undefined ? {} : { display_id: displayId });
    const content = `{"metadata":{},"transient":${transient},"data":${bundleJson(bundle)}}`;
    this.send({ kind: "publish", type: update ? "update_display_data" : "display_data", content });
  }

  /** Publishes a whole `display_data` or `update_display_data` as tslab's own `display` makes it. */
  publishRaw(content: object, update: boolean): void {
    const type = update ? "update_display_data" : "display_data";
    this.send({ kind: "publish", type, content: JSON.stringify(content) });
  }

  clearOutput(wait: boolean): void {
    this.send({ kind: "publish", type: "clear_output", content: JSON.stringify({ wait }) });
  }

  input(prompt: string, password: boolean): string {
    if (!this.allowStdin) {
      fail("failed", {
        thing: "input",
        expected: "a front end that can be asked",
        remedy: "Run the cell where somebody can type.",
      });
    }
    Atomics.store(this.#bell, 0, 0);
    this.send({ kind: "input", prompt, password });
    Atomics.wait(this.#bell, 0, 0);
    const message = receiveMessageOnPort(this.typed)?.message as Typed | undefined;
    if (message?.text === undefined) throw new Interrupted();
    return message.text;
  }
}
