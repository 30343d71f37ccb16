import type { MimeBundle } from "../base/display";
import type { CommRegistry } from "./comm-registry";

/** How what a cell shows and asks gets to the front end; the kernel provides it. */
export interface NotebookTransport {
  /** Which cell runs, by a number that no other cell of the session has. */
  readonly cell?: number | undefined;
  /** Shows a bundle, or with `update` replaces the one shown under `displayId`. */
  displayData(bundle: MimeBundle, options: { displayId?: string; update?: boolean }): void;
  /** Removes the cell's outputs, with `wait` only once the next one arrives. */
  clearOutput(wait: boolean): void;
  /** Asks the user and waits for the answer. */
  input(prompt: string, password: boolean): string;
  /** The lines between cells and front ends; undefined where there are none. */
  readonly comms?: CommRegistry;
}

const key: unique symbol = Symbol.for("logitpress.transport") as never;

/** The transport of the kernel that runs this process; `undefined` outside a notebook. */
export function transport(): NotebookTransport | undefined {
  return (globalThis as { [key]?: NotebookTransport })[key];
}

/** Called by the kernel before the first cell; `undefined` takes the transport away. */
export function setTransport(value: NotebookTransport | undefined): void {
  (globalThis as { [key]?: NotebookTransport })[key] = value;
}
