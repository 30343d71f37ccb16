import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { createGunzip } from "node:zlib";
import { fail, LogitpressError } from "../base/errors";
import { type Watch, watchOf } from "../base/progress";
import { readingRemedy } from "../base/reading";
import { Decoder, TextFault } from "./decoder";
import { Pacer } from "./pacer";

/** How the bytes of a file become text. */
export interface EncodingOptions {
  /** As `TextDecoder` calls it, e.g. `windows-1252`. Default: what a byte order mark says, else `utf-8`. */
  readonly encoding?: string;
}

/**
 * The text of a local file in pieces, so that a file may be larger than memory; `.gz` is unpacked on the way. A byte
 * order mark is left out.
 * @throws `cancelled`; `invalid-option` for an encoding that nobody knows; `invalid-file` where the file can't be read, is cut short
 * or is no text in its encoding, naming line and character
 */
export async function* textPieces(
  path: string,
  options: EncodingOptions & Watch = {},
): AsyncGenerator<string, void, undefined> {
  const decoder = new Decoder(options.encoding);
  try {
    for await (const piece of bytesOf(path, options)) {
      const text = decoder.text(piece);
      if (text !== "") yield text;
    }
    const last = decoder.end();
    if (last !== "") yield last;
  } catch (error) {
    throw await placed(error, path);
  }
}

/**
 * The same text as bytes of UTF-8, whole characters in each piece.
 * @param columnOf the column of what follows some text in a line, given the first line; not asked where a line may be part of a row
 * @throws as {@link textPieces}
 */
export async function* utf8Pieces(
  path: string,
  options: EncodingOptions & Watch = {},
  columnOf: ColumnOf = () => undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = new Decoder(options.encoding);
  try {
    for await (const piece of bytesOf(path, options)) {
      const text = decoder.utf8(piece);
      if (text.length > 0) yield text;
    }
    const last = decoder.end();
    if (last !== "") yield Buffer.from(last);
  } catch (error) {
    throw await placed(error, path, columnOf);
  }
}

type ColumnOf = (first: string, before: string) => string | undefined;

/** A fault of a text with its line and character, for which the file is read again up to it; other errors as they are. */
async function placed(error: unknown, path: string, columnOf: ColumnOf = () => undefined): Promise<unknown> {
  if (!(error instanceof TextFault)) return error;
  const { byte, encoding, met, expected, likely } = error;
  const decoder = new TextDecoder(encoding);
  let left = byte;
  let line = 1;
  let before = "";
  let first = "";
  let quoted = false;
  for await (const piece of bytesOf(path, {})) {
    const text = decoder.decode(piece.subarray(0, left), { stream: true });
    quoted ||= text.includes('"');
    const lines = text.split("\n");
    if (line === 1) first += lines[0];
    line += lines.length - 1;
    before = lines.length === 1 ? before + text : lines[lines.length - 1];
    left -= piece.length;
    if (left <= 0) break;
  }
  const column = quoted || line === 1 ? undefined : columnOf(first, before);
  return new LogitpressError(
    "invalid-file",
    {
      thing: `text at line ${line}, character ${before.length + 1} of ${path}${column === undefined ? "" : `, column ${JSON.stringify(column)}`}`,
      value: met,
      expected,
      remedy: `Say how it is encoded, for instance encoding: "${likely}".`,
    },
    { cause: error },
  );
}

async function* bytesOf(path: string, watch: Watch): AsyncGenerator<Uint8Array, void, undefined> {
  const file = createReadStream(path, { highWaterMark: 2 ** 20 });
  const stream = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  file.on("error", (error) => stream.destroy(error));
  try {
    const pacer = new Pacer(watchOf(watch), `read ${basename(path)}`, (await stat(path)).size);
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
