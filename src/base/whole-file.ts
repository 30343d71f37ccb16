import { randomBytes } from "node:crypto";
import { realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { sep } from "node:path";
import { fail } from "./errors";
import { checkText } from "./shape";

/**
 * Writes a file under a temporary name beside it, which is then changed: at every moment `path` holds the old file or
 * the whole new one, and after a failure no temporary file stays. Its folder must be there. A link stays a link to the file that it
 * names; devices and pipes, such as /dev/stdout, are written to as they are, since a file must not take their place.
 * @param what is said to have failed
 * @throws `failed` where the file can't be written: no permission, no folder, a full disk
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array | AsyncIterable<string | Uint8Array>,
  what = "writing the file",
): Promise<void> {
  checkText(path, "path", "the path of a file");
  let temporary: string | undefined;
  try {
    const target = await targetOf(path);
    if (target === null) await writeFile(path, content, { flag: "a" });
    else {
      temporary = `${target}.${randomBytes(6).toString("hex")}.tmp`;
      await writeFile(temporary, content);
      await rename(temporary, target);
    }
  } catch (cause) {
    if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined);
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw cause;
    const full = code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG";
    fail(
      "failed",
      {
        thing: what,
        value: path,
        ...(full
          ? { expected: "room for all of it on the disk", remedy: "Free some, or write to another disk." }
          : { expected: "a writable path" }),
      },
      { cause },
    );
  }
}

/** The file that a path names, there or not, or `null` where it names no file but a device or a pipe. */
async function targetOf(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.isDirectory()) return path;
  return found.isFile() && !path.startsWith(`${sep}dev${sep}`) ? await realpath(path) : null;
}
