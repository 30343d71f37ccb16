import { randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { fail } from "./errors";

/**
 * Writes a file under a temporary name beside it, which is then changed: at every moment `path` holds the old file or
 * the whole new one, and after a failure no temporary file stays. Its folder must be there.
 * @param what is said to have failed
 * @throws `failed` where the file can't be written: no permission, no folder, a full disk
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array | AsyncIterable<string | Uint8Array>,
  what = "writing the file",
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
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
