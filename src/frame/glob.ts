import { type Dirent, existsSync, readdirSync } from "node:fs";
import { fail } from "../base/errors";

/** Whether a path has signs that stand for others. */
function isPattern(path: string): boolean {
  return /[*?[]/.test(path);
}

/**
 * The files that a path stands for: itself where it is there or has no signs of a pattern, else all that match, sorted by code
 * units. In a name `*` stands for any signs, `?` for one, `[a-c]` for one of some and `[!a-c]` for one of the others, but none for
 * a leading dot; `**` as a name stands for folders of any depth.
 * @throws `invalid-file` where none matches
 */
export function filesOf(path: string): readonly string[] {
  if (!isPattern(path) || existsSync(path)) return [path];
  const names = path.split(process.platform === "win32" ? /[/\\]/ : "/");
  const found = [...new Set(below("", names))].sort();
  if (found.length > 0) return found;
  return fail("invalid-file", {
    thing: "pattern of files",
    value: path,
    expected: "one file at least that matches",
    remedy: "Look at where the process runs: patterns are relative to its folder.",
  });
}

/** The files below a folder, written as its path with a slash at the end, whose names match one after the other. */
function* below(folder: string, [name, ...rest]: readonly string[]): Generator<string> {
  if (name === "**") {
    yield* below(folder, rest);
    for (const entry of entriesOf(folder)) {
      if (entry.isDirectory() && !entry.name.startsWith(".")) {
        yield* below(`${folder}${entry.name}/`, [name, ...rest]);
      }
    }
    return;
  }
  if (!isPattern(name)) {
    const path = `${folder}${name}`;
    if (rest.length > 0) yield* below(`${path}/`, rest);
    else if (existsSync(path)) yield path;
    return;
  }
  const matches = expressionOf(name);
  for (const entry of entriesOf(folder)) {
    if (!matches.test(entry.name) || (entry.name.startsWith(".") && !name.startsWith("."))) continue;
    const path = `${folder}${entry.name}`;
    if (rest.length > 0) yield* below(`${path}/`, rest);
    else if (!entry.isDirectory()) yield path;
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder === "" ? "." : folder, { withFileTypes: true });
  } catch {
    // No folder, or one that is not for this user: nothing matches there.
    return [];
  }
}

function expressionOf(name: string): RegExp {
  const parts = name.match(/\*|\?|\[!?[^\]]+\]|[\s\S]/gu) ?? [];
  const source = parts.map((part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    if (part.length > 1 && part.startsWith("[")) {
      const inside = part.slice(1, -1).replace(/^!/, "^");
      return `[${inside.replace(/[\\\]]/g, "\\$&")}]`;
    }
    return part.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
  });
  return new RegExp(`^${source.join("")}$`, "su");
}
