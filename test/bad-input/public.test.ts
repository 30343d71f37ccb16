import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as logitpress from "../../src/index";
import { listen } from "../notebook/channel";
import { type PublicCall, type PublicCalls, publicCalls } from "./public-calls";

const exported: Readonly<Record<string, unknown>> = logitpress;
const wrong: readonly unknown[] = [
  ...[undefined, null, "nonsense", "", 42, -1, 0.5, Number.NaN, true],
  ...[{}, [], { nonsense: 1 }, ["nonsense"], new Float64Array(3), () => 1, Promise.resolve(1)],
];

/** Arithmetic that searches call millions of times: numbers alone are checked for by the compiler. */
const arithmetic = /^(AdaptiveCost#|roundToMantissa|supportBits|supportStep)/;
/** Methods that a cluster or a table on disk is needed for; what they are given is checked by `test/engine`. */
const elsewhere =
  /^(DuckDbEngine|PackedTable|ClusterTable|SparkEngine|WidgetModel|comms|datasets|LogitpressError|Exported)\b/;

const folder = mkdtemp(join(tmpdir(), "logitpress-public-"));
const home = process.cwd();
let calls: PublicCalls;

before(async () => {
  listen();
  // What takes any text for a path writes here.
  process.chdir(await folder);
  calls = await publicCalls(await folder);
});
after(async () => {
  process.chdir(home);
  await rm(await folder, { recursive: true });
});

/** What the call throws, at once, later or when it is iterated. */
async function thrownBy(call: () => unknown): Promise<unknown> {
  try {
    const result = call() as AsyncGenerator | undefined;
    await (typeof result?.next === "function" && Symbol.asyncIterator in result ? result.next() : result);
    return undefined;
  } catch (error) {
    return error ?? "nothing";
  }
}

function describeArgs(args: readonly unknown[]): string {
  return args
    .map((arg) =>
      typeof arg === "object" && arg !== null ? (arg.constructor?.name ?? "object") : String(arg),
    )
    .join(", ");
}

/** Complaints about a call that throws something else than a readable error of the library. */
async function untyped(
  name: string,
  args: readonly unknown[],
  call: (...args: readonly unknown[]) => unknown,
): Promise<string[]> {
  const error = await thrownBy(() => call(...args));
  if (error === undefined) return [];
  if (error instanceof logitpress.LogitpressError && !/undefined|\[object|\n/.test(error.message)) return [];
  const at =
    (error as Error).stack
      ?.split("\n")
      .find((line) => line.includes("/src/"))
      ?.replace(/.*\/src\//, "") ?? "";
  return [`${name}(${describeArgs(args)}): ${error} at ${at}`];
}

function replaced(args: readonly unknown[], at: number, value: unknown): unknown[] {
  return args.map((arg, k) => (k === at ? value : arg));
}

const isClass = (value: unknown): boolean => /^class\b/.test(Function.prototype.toString.call(value));
const functions = Object.keys(exported).filter((name) => typeof exported[name] === "function");

function methodsOf(name: string): string[] {
  const type = exported[name] as { prototype: object };
  const statics = Object.getOwnPropertyNames(type).filter(
    (key) => !["length", "name", "prototype"].includes(key),
  );
  const own = Object.entries(Object.getOwnPropertyDescriptors(type.prototype));
  const methods = own.filter(([key, { value }]) => key !== "constructor" && typeof value === "function");
  return [...statics.map((key) => `${name}.${key}`), ...methods.map(([key]) => `${name}#${key}`)];
}

function callOf(name: string, { self }: PublicCall): (...args: readonly unknown[]) => unknown {
  const [owner, method] = name.split(/[.#]/);
  const host = (self ?? (method === undefined ? exported : exported[owner])) as Record<
    string,
    (...args: readonly unknown[]) => unknown
  >;
  return (...args) => host[method ?? owner](...args);
}

describe("what is public refuses what it can't take by errors of the library alone", () => {
  test("each function, static function and method has a call below that works", async () => {
    const names = functions.flatMap((name) => (isClass(exported[name]) ? methodsOf(name) : [name]));
    const missing = names.filter((name) => !elsewhere.test(name) && !(name in calls));
    assert.deepEqual(missing, []);
    const gone = Object.keys(calls).filter((name) => !names.includes(name));
    assert.deepEqual(gone, []);
    const refused = [
      "fromOnnx",
      "readParquet",
      "fromSklearn",
      "fromLiblinear",
      "IntegerModel#predictor",
      "TableComparison#row",
    ];
    for (const [name, call] of Object.entries(calls)) {
      if (refused.includes(name)) continue;
      assert.equal(await thrownBy(() => callOf(name, call)(...call.args)), undefined, name);
    }
  });

  test("constructors", async () => {
    const faults: string[] = [];
    for (const name of functions.filter((one) => isClass(exported[one]) && one !== "LogitpressError")) {
      const type = exported[name] as new (...args: readonly unknown[]) => unknown;
      const make = (...args: readonly unknown[]) => new type(...args);
      faults.push(...(await untyped(`new ${name}`, [], make)));
      for (const first of wrong) {
        faults.push(...(await untyped(`new ${name}`, [first], make)));
        for (const second of wrong) faults.push(...(await untyped(`new ${name}`, [first, second], make)));
      }
    }
    assert.deepEqual(faults, []);
  });

  test("arguments", async () => {
    const faults: string[] = [];
    for (const [name, call] of Object.entries(calls)) {
      if (arithmetic.test(name)) continue;
      const run = callOf(name, call);
      faults.push(...(await untyped(name, [], run)));
      for (let at = 0; at < call.args.length; at++) {
        for (const value of wrong) faults.push(...(await untyped(name, replaced(call.args, at, value), run)));
      }
    }
    assert.deepEqual(faults, []);
  });

  test("options: the nearest name is the remedy for a misspelt one, and no value gives another error", async () => {
    const faults: string[] = [];
    for (const [name, call] of Object.entries(calls)) {
      const run = callOf(name, call);
      const last = call.args.length - 1;
      const args = call.slow ? replaced(call.args, last, { signal: AbortSignal.abort() }) : call.args;
      for (const at of call.options ?? []) {
        const given = args[at] as object;
        const attempt = (options: object) => thrownBy(() => run(...replaced(args, at, options)));
        const unknown = await attempt({ ...given, nonsense: 1 });
        if (!(unknown instanceof logitpress.LogitpressError) || unknown.code !== "unknown-option") {
          faults.push(`${name}: an unknown option of argument ${at} gives ${unknown}`);
          continue;
        }
        const names = unknown.complaint.expected!.replace(/^one of /, "").split(", ");
        for (const option of names) {
          const misspelt = `${option}${option.at(-1)}`;
          const error = await attempt({ ...given, [misspelt]: 1 });
          if (!String(error).includes(`Did you mean "${option}"?`))
            faults.push(`${name}: ${misspelt} gives ${error}`);
          for (const value of wrong) {
            faults.push(
              ...(await untyped(`${name} ${option}`, replaced(args, at, { ...given, [option]: value }), run)),
            );
          }
        }
      }
    }
    assert.deepEqual(faults, []);
  });
});
