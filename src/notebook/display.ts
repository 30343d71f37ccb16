import { inspect } from "node:util";
import { checkKeys } from "../base/check";
import { displaySymbol, isDisplayable, type MimeBundle } from "../base/display";
import { significant } from "../chart/format";
import { frameBundle, isFrame } from "./frame";
import { attachDisplays, isLedger, ledgerBundle } from "./results";
import { transport } from "./transport";

attachDisplays();

/** What {@link display} returns: a way to replace what it has shown. As a cell's last value it shows nothing more. */
export class DisplayHandle {
  constructor(readonly displayId: string) {}

  /** Shows another value in the same place. */
  update(value: unknown): void {
    show(value, this.displayId, true);
  }
}

Object.defineProperty(DisplayHandle.prototype, displaySymbol, { value: () => ({}) });

let displays = 0;

/**
 * Shows a value, or a MIME bundle as it is, below the cell; in a terminal prints it as text. At once, but for values
 * whose own display method is asynchronous.
 */
export function display(value: unknown, options: { readonly displayId?: string } = {}): DisplayHandle {
  checkKeys(options, ["displayId"], "display");
  const handle = new DisplayHandle(options.displayId ?? `logitpress-${process.pid}-${++displays}`);
  show(value, handle.displayId, false);
  return handle;
}

/** Removes the outputs of the cell; with `wait` only when the next output arrives. */
export function clearOutput(wait = false): void {
  transport()?.clearOutput(wait);
}

/** What a front end is to show of a value. Never throws: a display method that fails is shown as its error. */
export async function bundleOf(value: unknown): Promise<MimeBundle> {
  try {
    return await richBundle(value);
  } catch (error) {
    return failedBundle(error);
  }
}

function show(value: unknown, displayId: string, update: boolean): void {
  const send = (bundle: MimeBundle) => {
    const channel = transport();
    if (channel === undefined)
      process.stdout.write(`${bundle["text/plain"] ?? Object.keys(bundle).join(", ")}\n`);
    else channel.displayData(bundle, { displayId, update });
  };
  try {
    const bundle = isBundle(value) ? value : richBundle(value);
    if (bundle instanceof Promise) bundle.catch(failedBundle).then(send);
    else send(bundle);
  } catch (error) {
    send(failedBundle(error));
  }
}

function richBundle(value: unknown): MimeBundle | Promise<MimeBundle> {
  if (isDisplayable(value)) return value[displaySymbol]();
  if (typeof value === "object" && value !== null) {
    if (isFrame(value)) return frameBundle(value);
    if (isLedger(value)) return ledgerBundle(value);
    if (isNumbers(value)) return { "text/plain": numbersText(value) };
  }
  return {
    "text/plain": inspect(value, {
      depth: 4,
      maxArrayLength: 100,
      maxStringLength: 10_000,
      breakLength: 100,
    }),
  };
}

function failedBundle(error: unknown): MimeBundle {
  return { "text/plain": `(display failed: ${messageOf(error)})` };
}

function isBundle(value: unknown): value is MimeBundle {
  if (typeof value !== "object" || value === null) return false;
  const proto = Object.getPrototypeOf(value);
  const keys = Object.keys(value);
  return (
    (proto === null || Object.getPrototypeOf(proto) === null) &&
    keys.length > 0 &&
    keys.every((key) => /^[a-z]+\/[\w.+-]+$/.test(key))
  );
}

type Numbers = ArrayLike<number | bigint> & { readonly BYTES_PER_ELEMENT: number };

function isNumbers(value: object): value is Numbers {
  return ArrayBuffer.isView(value) && "length" in value;
}

function numbersText(values: Numbers): string {
  const show = (v: number | bigint) => (typeof v === "number" ? significant(v, 5) : String(v));
  const head = Array.from({ length: Math.min(values.length, 10) }, (_, i) => show(values[i]));
  const name = `${values.constructor.name}(${values.length})`;
  if (values.length <= 10) return `${name} [${head.join(", ")}]`;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const v = Number(values[i]);
    if (v < low) low = v;
    if (v > high) high = v;
    sum += v;
  }
  const mean = significant(sum / values.length);
  return `${name} [${head.join(", ")}, …] from ${significant(low)} to ${significant(high)}, mean ${mean}`;
}

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "an error that can't be shown";
  }
}
