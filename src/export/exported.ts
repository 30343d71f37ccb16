import { lstat, readlink, realpath, writeFile } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { shownAs } from "../base/display";
import { fail, LogitpressError } from "../base/errors";
import { checkShape, checkText } from "../base/shape";
import { writeWhole } from "../base/whole-file";

/** One file of an export. */
export interface ExportedFile {
  /** The file's name. */
  readonly name: string;
  /** Its text, or its bytes where it is none. */
  readonly content: string | Uint8Array;
}

/** What an export gives: one file or several, and what is known of them. */
export class Exported {
  /**
   * @param format what it was exported to
   * @param files the main file first; names are suggestions that go together
   * @param facts sizes in bytes, bounds of the error and the like, by name
   */
  constructor(
    /** What it was exported to. */
    readonly format: "c" | "javascript" | "onnx" | "sql" | "sklearn",
    /** The files, the main one first. */
    readonly files: readonly ExportedFile[],
    /** What is known of it, such as sizes and bounds of the error, by name. */
    readonly facts: Readonly<Record<string, number | string>>,
  ) {}

  /** The main file as text. @throws `invalid-option` where it is no text */
  get text(): string {
    const { content, name } = this.files[0];
    if (typeof content === "string") return content;
    return fail("invalid-option", { thing: "text of", value: name, expected: "a text file; read its bytes" });
  }

  /** The main file as bytes. */
  get bytes(): Uint8Array {
    const { content } = this.files[0];
    return typeof content === "string" ? new TextEncoder().encode(content) : content;
  }
}

shownAs("export", Exported);

/**
 * Writes an export: the main file to `path`, its companions beside it, those of the same name under the name that `path` has. Each
 * is written whole or not at all; what a symbolic link leads to is replaced, not the link.
 * @returns the paths written
 * @throws `failed` where one can't be written (no folder, no permission, a full disk, a folder of that name)
 */
export async function saveExport(exported: Exported, path: string): Promise<string[]> {
  checkShape(exported, "export", "what toC, toSql and the like return", { files: "list" });
  checkText(path, "path", "the path of a file");
  if (path.length === 0 || path.includes("\0")) refuse(path);
  const [main, ...others] = exported.files;
  const own = main.name.slice(0, main.name.indexOf("."));
  const stem = path.slice(0, path.length - extname(path).length);
  const pairs = [{ to: path, content: main.content }].concat(
    others.map(({ name, content }) => ({
      to: name.startsWith(`${own}.`) ? stem + name.slice(own.length) : join(dirname(path), name),
      content,
    })),
  );
  if (new Set(pairs.map(({ to }) => to)).size < pairs.length) {
    const { name } = main;
    fail("invalid-option", {
      thing: "path",
      value: path,
      expected: `a name ending in ${name.slice(name.indexOf("."))}`,
    });
  }
  for (const { to, content } of pairs) {
    await write(to, content).catch((cause: unknown) => refuse(to, cause));
  }
  return pairs.map(({ to }) => to);
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  const target = await followed(path, 0);
  const kind = await lstat(target).catch(() => undefined);
  if (kind?.isDirectory()) throw new Error("it is a folder");
  // Devices and pipes can't be replaced by a new file.
  if (kind !== undefined && !kind.isFile()) await writeFile(target, content);
  else await writeWhole(target, content, "writing the export");
}

async function followed(path: string, depth: number): Promise<string> {
  const known = await realpath(path).catch(() => undefined);
  if (known !== undefined) return known;
  const kind = await lstat(path).catch(() => undefined);
  if (!kind?.isSymbolicLink()) return path;
  if (depth > 32) throw new Error("links lead in a circle");
  return followed(resolve(dirname(path), await readlink(path)), depth + 1);
}

function refuse(path: string, cause?: unknown): never {
  if (cause instanceof LogitpressError) throw cause;
  const why = cause instanceof Error ? ` (${cause.message.split("\n")[0]})` : "";
  return fail(
    "failed",
    { thing: "writing the export", value: path, expected: `a path that can be written${why}` },
    { cause },
  );
}
