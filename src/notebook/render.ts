import { inspect } from "node:util";
import { displaySymbol, isDisplayable, type MimeBundle } from "../base/display";
import { errorText, isError } from "./failure";
import { folded } from "./fold";
import { frameBundle, isFrame } from "./frame";
import { gridBundle } from "./grid";
import {
  denseBundle,
  isDense,
  isNested,
  isScores,
  isSparse,
  nestedBundle,
  scoresBundle,
  sparseBundle,
} from "./matrix";
import { areNumbers, bytesBundle, numbersBundle } from "./numbers";
import { messageOf, plainText } from "./plain";
import { columnsGrid, isColumns, isRecords, recordsGrid } from "./records";
import { isSeveral, severalBundle } from "./several";
import { soundBundle } from "./sound";

/**
 * What a front end is to show of a value. Never throws, and can always be written as JSON: a display method that fails
 * is shown as its error. Long text is folded, within {@link displayBudget} bytes.
 */
export async function bundleOf(value: unknown): Promise<MimeBundle> {
  try {
    return await bundleNow(value);
  } catch (error) {
    return failedBundle(error);
  }
}

/** The bundle at once, but for values whose own display method is asynchronous. May throw, or reject. */
export function bundleNow(value: unknown): MimeBundle | Promise<MimeBundle> {
  if (!recognized(value, isDisplayable)) {
    return shownTogether(value) ? severalBundle(value, bundleAtOnce) : soundBundle(builtIn(value));
  }
  const bundle: unknown = value[displaySymbol]();
  const checked = (given: unknown) => (isObject(given) ? soundBundle(given) : soundBundle(builtIn(value)));
  return isObject(bundle) && typeof (bundle as { then?: unknown }).then === "function"
    ? Promise.resolve(bundle).then(checked)
    : checked(bundle);
}

function shownTogether(value: unknown): value is object {
  try {
    return isObject(value) && isSeveral(value);
  } catch {
    // A proxy or a getter that throws.
    return false;
  }
}

function bundleAtOnce(value: unknown): MimeBundle | Promise<MimeBundle> {
  try {
    const bundle = bundleNow(value);
    return bundle instanceof Promise ? bundle.catch(failedBundle) : bundle;
  } catch (error) {
    return failedBundle(error);
  }
}

/** What is shown where a display method has failed. */
export function failedBundle(error: unknown): MimeBundle {
  return soundBundle({ "text/plain": `(display failed: ${messageOf(error)})` });
}

function builtIn(value: unknown): MimeBundle {
  if (typeof value === "string") return stringBundle(value);
  if (isObject(value)) {
    try {
      const bundle = special(value);
      if (bundle !== undefined) return bundle;
    } catch {
      // A proxy or a getter that throws: what it is can't be told, so it is shown like any object.
    }
  }
  return inspected(value);
}

function inspected(value: unknown): MimeBundle {
  const remedy = "console.dir(value, { depth: null, maxArrayLength: null }) shows all";
  return folded({ text: plainText(value), remedy });
}

function special(value: object): MimeBundle | undefined {
  if (isError(value)) return folded({ text: errorText(value), remedy: "console.error(error) shows all" });
  if (ArrayBuffer.isView(value)) return viewBundle(value);
  if (value instanceof ArrayBuffer) return bytesBundle("ArrayBuffer", new Uint8Array(value));
  if (value instanceof SharedArrayBuffer) return bytesBundle("SharedArrayBuffer", new Uint8Array(value));
  if (Array.isArray(value)) return arrayBundle(value);
  if (isFrame(value)) return frameBundle(value);
  if (isDense(value)) return denseBundle(value);
  if (isSparse(value)) return sparseBundle(value);
  if (isScores(value)) return scoresBundle(value);
  if (isColumns(value)) return gridBundle(columnsGrid(value));
  return undefined;
}

function viewBundle(value: ArrayBufferView): MimeBundle {
  if (Buffer.isBuffer(value)) return bytesBundle("Buffer", value);
  if (!("length" in value)) {
    return bytesBundle("DataView", new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }
  return numbersBundle(
    value.constructor.name,
    value as unknown as ArrayLike<number | bigint>,
    value.byteLength,
  );
}

function arrayBundle(value: readonly unknown[]): MimeBundle | undefined {
  if (isNested(value)) return nestedBundle(value);
  if (isRecords(value)) return gridBundle(recordsGrid(value));
  return value.length > 100 && areNumbers(value) ? numbersBundle("number[]", value) : undefined;
}

function stringBundle(value: string): MimeBundle {
  const most = 120_000;
  const remedy = "console.log(value) shows all";
  const quoted = (text: string) => inspect(text, { maxStringLength: null, breakLength: 100 });
  if (value.length <= most) return folded({ text: quoted(value), remedy });
  const end = value.slice(-1_000);
  const omitted = value.length - most - end.length;
  return folded({ text: quoted(value.slice(0, most)), omitted, end: quoted(end), remedy });
}

function recognized<T>(value: unknown, is: (value: unknown) => value is T): value is T {
  try {
    return is(value) && typeof (value as { [displaySymbol]?: unknown })[displaySymbol] === "function";
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is MimeBundle {
  return typeof value === "object" && value !== null;
}
