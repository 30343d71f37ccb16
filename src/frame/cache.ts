import { mkdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { writeWhole } from "../base/whole-file";

/**
 * What `make` gives, from the user's cache folder where an earlier call has put it. It is written under a temporary
 * name and renamed, so that nobody reads half of it. A cache that can't be read or written costs time only.
 * @param key names the file: it must change whenever the value does
 * @param holds tells whether what was read is a whole value
 */
export async function cached<T>(
  key: string,
  holds: (value: unknown) => value is T,
  make: () => Promise<T>,
): Promise<T> {
  const path = join(cacheFolder(), `${key}.json`);
  const stored = await readFile(path, "utf8").then(parsed, () => undefined);
  if (holds(stored)) return stored;
  const value = await make();
  await store(path, JSON.stringify(value)).catch(() => undefined);
  return value;
}

/** `LOGITPRESS_CACHE`, or the platform's folder for caches. */
export function cacheFolder(): string {
  const { env, platform } = process;
  if (env.LOGITPRESS_CACHE) return env.LOGITPRESS_CACHE;
  if (platform === "darwin") return join(homedir(), "Library", "Caches", "logitpress");
  if (platform === "win32" && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, "logitpress", "Cache");
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "logitpress");
}

async function store(path: string, text: string): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeWhole(path, text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
