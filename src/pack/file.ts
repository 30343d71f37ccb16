import { readFile } from "node:fs/promises";
import { fail, LogitpressError } from "../base/errors";
import { readingRemedy } from "../base/reading";
import { writeWhole } from "../base/whole-file";
import type { Scorer } from "../model/scorer";
import type { PackedModel } from "./packed";
import { unpack } from "./read";
import { type PackOptions, pack } from "./write";

/**
 * Writes a model to a file, by custom named `.logit`, under a temporary name that is then changed: at every moment the
 * path holds the old file or the whole new one.
 *
 * @returns the size of the file
 * @throws as {@link pack}; `failed` where the file can't be written
 */
export async function save(model: Scorer, path: string, options: PackOptions = {}): Promise<number> {
  const bytes = pack(model, options);
  await writeWhole(path, bytes, "writing the model file");
  return bytes.length;
}

function checkPath(path: unknown): void {
  if (typeof path === "string") return;
  fail("invalid-file", {
    thing: "model file",
    value: path ?? "nothing",
    expected: "the path of a file",
    ...(path instanceof Uint8Array ? { remedy: "unpack(bytes) reads a model from bytes." } : {}),
  });
}

/**
 * Reads a model from a file.
 * @throws as {@link unpack}, the file named; `invalid-file` where there is no readable file
 */
export async function load(path: string): Promise<PackedModel> {
  checkPath(path);
  const bytes = await readFile(path).catch((cause: unknown) =>
    fail(
      "invalid-file",
      { thing: "model file", value: path, expected: "a readable file", ...readingRemedy(cause) },
      { cause },
    ),
  );
  try {
    return unpack(new Uint8Array(bytes));
  } catch (cause) {
    if (!(cause instanceof LogitpressError)) throw cause;
    const { thing, ...complaint } = cause.complaint;
    const place = thing.endsWith("file") ? path : `in ${path}`;
    throw new LogitpressError(cause.code, { ...complaint, thing: `${thing} ${place}` }, { cause });
  }
}
