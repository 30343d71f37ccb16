import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { crc32 } from "node:zlib";
import { fail } from "../../base/errors";
import type { FitState } from "./cluster-fitter";

const magic = "logitpress-checkpoint-3";

/** The states of fits by their names: one, or those of all classes, steps of a path and folds. */
export type FitStates = Readonly<Record<string, FitState>>;

/**
 * The file of the state of fits. It is written under another name that is then changed, so it holds one whole state at every
 * moment, and it names the fit that it belongs to: another fit refuses it.
 */
export class Checkpoint {
  readonly #path: string;
  readonly #fit: string;

  /** @param fit all that the state depends on, as plain values */
  constructor(path: string, fit: unknown) {
    this.#path = path;
    this.#fit = createHash("sha256").update(JSON.stringify(fit)).digest("hex");
  }

  /** The states, `null` where there are none. @throws `corrupt-file`, `invalid-file` */
  read(): FitStates | null {
    if (!existsSync(this.#path)) return null;
    const bytes = readFileSync(this.#path);
    const end = bytes.indexOf(10);
    const damaged = (): never =>
      fail("corrupt-file", {
        thing: "checkpoint",
        value: this.#path,
        expected: "a file as a fit wrote it",
        remedy: "Remove it; the fit then starts anew.",
      });
    if (end < 0 || bytes.length < end + 5) return damaged();
    const body = bytes.subarray(end + 5);
    const header = bytes.subarray(0, end);
    if (bytes.readUInt32LE(end + 1) !== crc32(body, crc32(header))) return damaged();
    const { kind, fit, state } = JSON.parse(header.toString()) as {
      kind: string;
      fit: string;
      state: unknown;
    };
    if (kind !== magic) return damaged();
    if (fit !== this.#fit) {
      fail("invalid-file", {
        thing: "checkpoint",
        value: this.#path,
        expected: "one of this table and these options",
        remedy: "Name another file, or remove it; the fit then starts anew.",
      });
    }
    const own = body.buffer.slice(body.byteOffset, body.byteOffset + body.length);
    return revived(state, own) as FitStates;
  }

  /** Writes the states. @throws `failed` where the disk is full or the folder is not there */
  write(states: FitStates): void {
    const arrays: Float64Array[] = [];
    const plain = flattened(states, arrays);
    const header = Buffer.from(JSON.stringify({ kind: magic, fit: this.#fit, state: plain }));
    // Of no bytes at all crc32 forgets what came before.
    const body = arrays
      .filter(({ length }) => length > 0)
      .map((a) => new Uint8Array(a.buffer, a.byteOffset, a.byteLength));
    const sum = Buffer.alloc(5);
    sum[0] = 10;
    sum.writeUInt32LE(
      body.reduce((crc, part) => crc32(part, crc), crc32(header)),
      1,
    );
    const temporary = `${this.#path}.${randomBytes(6).toString("hex")}.tmp`;
    try {
      const file = openSync(temporary, "wx", 0o600);
      try {
        for (const part of [header, sum, ...body]) {
          for (let done = 0; done < part.length; ) done += writeSync(file, part, done);
        }
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, this.#path);
    } catch (cause) {
      rmSync(temporary, { force: true });
      fail(
        "failed",
        {
          thing: `write of the checkpoint ${this.#path} (${(cause as Error).message})`,
          remedy: "Make room, or name another file.",
        },
        { cause },
      );
    }
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}

interface Place {
  readonly floats: readonly [offset: number, length: number];
}

/** An array that is zero but for some numbers: where these are, and what. */
interface SparsePlace {
  readonly some: readonly [places: Place["floats"], values: Place["floats"], length: number];
}

/** The value with arrays of floats taken out and their places left; NaN and infinity as text. */
function flattened(value: unknown, arrays: Float64Array[]): unknown {
  if (value instanceof Float64Array) {
    const places = Float64Array.from(value.keys()).filter((j) => !Object.is(value[j], 0));
    if (2 * places.length >= value.length) return { floats: placed(value, arrays) } satisfies Place;
    const some = [
      placed(places, arrays),
      placed(
        places.map((j) => value[j]),
        arrays,
      ),
      value.length,
    ] as const;
    return { some } satisfies SparsePlace;
  }
  if (typeof value === "number" && !Number.isFinite(value)) return { number: String(value) };
  if (Array.isArray(value)) return value.map((item) => flattened(item, arrays));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, flattened(item, arrays)]));
}

function placed(array: Float64Array, arrays: Float64Array[]): Place["floats"] {
  const offset = arrays.reduce((sum, { length }) => sum + length, 0);
  arrays.push(array);
  return [offset, array.length];
}

function revived(value: unknown, body: ArrayBufferLike): unknown {
  if (Array.isArray(value)) return value.map((item) => revived(item, body));
  if (typeof value !== "object" || value === null) return value;
  if ("number" in value && Object.keys(value).length === 1) return Number(value.number);
  if ("floats" in value) {
    const [offset, length] = (value as Place).floats;
    return new Float64Array(body, 8 * offset, length);
  }
  if ("some" in value && Object.keys(value).length === 1) {
    const [places, values, length] = (value as SparsePlace).some;
    const whole = new Float64Array(length);
    const own = new Float64Array(body, 8 * values[0], values[1]);
    new Float64Array(body, 8 * places[0], places[1]).forEach((j, k) => {
      whole[j] = own[k];
    });
    return whole;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revived(item, body)]));
}
