import { stripVTControlCharacters } from "node:util";
import { displaySymbol, type MimeBundle } from "../base/display";
import { isPlain } from "../base/shape";
import "./attach";
import { bundleNow, failedBundle } from "./render";
import { soundBundle } from "./sound";
import { transport } from "./transport";

/** What {@link display} returns: a way to replace what it has shown. As a cell's last value it shows nothing more. */
export class DisplayHandle {
  constructor(
    /** What front ends know the output by. */
    readonly displayId: string,
  ) {}

  /** Shows another value in the same place. */
  update(value: unknown): void {
    show(value, this.displayId, true);
  }
}

Object.defineProperty(DisplayHandle.prototype, displaySymbol, { value: () => ({}) });

/** How {@link display} shows a value. */
export interface DisplayOptions {
  /** The name of the place, by which {@link DisplayHandle.update} and other front ends' tools replace it. */
  readonly displayId: string;
}

let displays = 0;

/**
 * Shows values below the cell, one below the other: results, figures, frames, arrays, errors, what `html`, `markdown`
 * and their like make, and MIME bundles as they are. In a terminal prints them as text. At once, but for values whose
 * own display method is asynchronous. Never throws.
 * @param more further values; where the last argument is `{ displayId }` it is taken for the options
 * @returns the handle of the last value
 */
export function display(value: unknown, ...more: readonly unknown[]): DisplayHandle {
  const last = more.at(-1);
  const options = isOptions(last) ? last : undefined;
  const values = [value, ...(options === undefined ? more : more.slice(0, -1))];
  let handle: DisplayHandle | undefined;
  for (const shown of values) {
    handle = new DisplayHandle(options?.displayId ?? `logitpress-${process.pid}-${++displays}`);
    show(shown, handle.displayId, false);
  }
  return handle!;
}

/** Removes the outputs of the cell; with `wait` only when the next output arrives. */
export function clearOutput(wait = false): void {
  transport()?.clearOutput(wait);
}

function show(value: unknown, displayId: string, update: boolean): void {
  const send = (bundle: MimeBundle) => {
    const channel = transport();
    if (channel !== undefined) channel.displayData(bundle, { displayId, update });
    else print(bundle);
  };
  try {
    const bundle = isBundle(value) ? soundBundle(value) : bundleNow(value);
    if (bundle instanceof Promise) bundle.catch(failedBundle).then(send);
    else send(bundle);
  } catch (error) {
    send(failedBundle(error));
  }
}

function print(bundle: MimeBundle): void {
  const text = String(bundle["text/plain"] ?? Object.keys(bundle).join(", "));
  process.stdout.write(`${process.stdout.isTTY ? text : stripVTControlCharacters(text)}\n`);
}

function isOptions(value: unknown): value is DisplayOptions & Record<string, unknown> {
  return hasKeys(value, (key) => key === "displayId") && typeof value.displayId === "string";
}

function isBundle(value: unknown): value is MimeBundle {
  return hasKeys(value, (key) => /^[a-z]+\/[\w.+-]+$/.test(key));
}

/** True for a plain object whose every key is as asked. */
function hasKeys(value: unknown, right: (key: string) => boolean): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  try {
    const keys = Object.keys(value);
    return isPlain(value) && keys.length > 0 && keys.every(right);
  } catch {
    return false;
  }
}
