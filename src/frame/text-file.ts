import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { createGunzip } from "node:zlib";
import { fail, LogitpressError } from "../base/errors";
import type { Watch } from "../base/progress";
import { readingRemedy } from "../base/reading";
import { Pacer } from "./pacer";

/** How the bytes of a file become text. */
export interface EncodingOptions {
  /** As `TextDecoder` calls it, e.g. `windows-1252`. Default: what a byte order mark says, else `utf-8`. */
  readonly encoding?: string;
}

const marks: readonly (readonly [string, readonly number[]])[] = [
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/**
 * The text of a local file in pieces, so that a file may be larger than memory; `.gz` is unpacked on the way. A byte
 * order mark is left out.
 * @throws `cancelled`; `invalid-option` for an encoding that nobody knows; `invalid-file` where the file can't be read, is cut short
 * or is no text in its encoding
 */
export async function* textPieces(
  path: string,
  options: EncodingOptions & Watch = {},
): AsyncGenerator<string, void, undefined> {
  const { encoding } = options;
  if (encoding !== undefined) decoderOf(encoding);
  let decoder: TextDecoder | undefined;
  let bytes = 0;
  const decode = (piece?: Uint8Array): string => {
    decoder ??= decoderOf(encoding ?? marked(piece ?? new Uint8Array()));
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch (cause) {
      return fail(
        "invalid-file",
        {
          thing: `text of ${path} after byte ${bytes}`,
          value: "bytes of no character",
          expected: `text in ${decoder.encoding}`,
          remedy: 'Say how it is encoded, for instance encoding: "windows-1252".',
        },
        { cause },
      );
    }
  };
  for await (const piece of bytesOf(path, options)) {
    const text = decode(piece);
    if (text.includes("\0")) {
      fail("invalid-file", {
        thing: `text of ${path} after byte ${bytes}`,
        value: "a character of code 0",
        expected: "text",
        remedy: 'Say how it is encoded, for instance encoding: "utf-16le".',
      });
    }
    bytes += piece.length;
    if (text !== "") yield text;
  }
  const last = decode();
  if (last !== "") yield last;
}

async function* bytesOf(path: string, watch: Watch): AsyncGenerator<Uint8Array, void, undefined> {
  const file = createReadStream(path, { highWaterMark: 2 ** 20 });
  const stream = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  file.on("error", (error) => stream.destroy(error));
  try {
    const pacer = new Pacer(watch, `read ${basename(path)}`, (await stat(path)).size);
    for await (const piece of stream) {
      yield piece;
      pacer.at(Math.min(file.bytesRead, pacer.total));
    }
  } catch (cause) {
    if (cause instanceof LogitpressError) throw cause;
    const packed = String((cause as NodeJS.ErrnoException).code).startsWith("Z_");
    fail(
      "invalid-file",
      {
        thing: "file",
        value: path,
        expected: packed ? "whole gzip data" : "a file that can be read",
        ...readingRemedy(cause),
      },
      { cause },
    );
  } finally {
    file.destroy();
  }
}

function marked(bytes: Uint8Array): string {
  return marks.find(([, mark]) => mark.every((byte, k) => bytes[k] === byte))?.[0] ?? "utf-8";
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    return fail("invalid-option", {
      thing: "encoding",
      value: encoding,
      expected: "a name such as utf-8, windows-1252 or utf-16le",
    });
  }
}

/** What is longer is no line: a file without ends of lines, which memory would not hold. */
const longestLine = 2 ** 26;

/** The lines of a local file with their numbers, from 1; blank ones are left out. @throws as {@link textPieces} */
export async function* numberedLines(
  path: string,
  options: EncodingOptions & Watch = {},
): AsyncGenerator<{ readonly line: number; readonly text: string }, void, undefined> {
  let rest = "";
  let line = 1;
  for await (const piece of textPieces(path, options)) {
    if (!piece.includes("\n")) {
      // Only joined: to part a long line at each piece would take the square of its length.
      rest += piece;
      if (rest.length > longestLine) {
        fail("invalid-file", {
          thing: `line ${line} of ${path}`,
          value: `more than ${longestLine} characters`,
          expected: "lines that end",
        });
      }
      continue;
    }
    const lines = (rest + piece).split("\n");
    rest = lines.pop()!;
    for (const text of lines) {
      if (text.trim() !== "") yield { line, text };
      line++;
    }
  }
  if (rest.trim() !== "") yield { line, text: rest };
}
