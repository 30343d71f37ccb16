import { fail } from "../base/errors";
import { isMissing } from "./columns";
import { filesOf } from "./glob";

/**
 * One file, or several that are parts of one table. A path may be a pattern, as `data/2026-*.parquet`: `*`, `?`, `[a-c]` within
 * a name, `**` for folders of any depth; its files come in the order of their names by code units.
 */
export type Paths = string | readonly string[];

/** The files as a list. @throws `empty-data` for none, `invalid-file` for a pattern that no file matches */
export function pathList(paths: Paths): readonly string[] {
  if (typeof paths === "string") return filesOf(paths);
  if (!Array.isArray(paths) || !paths.every((path) => typeof path === "string")) {
    fail("invalid-option", {
      thing: "path",
      value: paths ?? "nothing",
      expected: "the path of a file, or a list of them",
    });
  }
  if (paths.length === 0)
    fail("empty-data", { thing: "list of files", value: paths, expected: "at least one" });
  return paths.flatMap(filesOf);
}

/** Sees to it that the files of a table have the same columns. */
export class SameColumns {
  #first: { readonly path: string; readonly names: ReadonlySet<string> } | undefined;

  /** Looks at the columns of a file, in any order. @throws `invalid-file` where one is missing or new, naming file and column */
  check(path: string, names: readonly string[]): void {
    if (this.#first === undefined) {
      this.#first = { path, names: new Set(names) };
      return;
    }
    const { path: first, names: known } = this.#first;
    const fresh = names.find((name) => !known.has(name));
    const own = new Set(names);
    const absent = [...known].find((name) => !own.has(name));
    if (fresh === undefined && absent === undefined) return;
    fail("invalid-file", {
      thing: `columns of ${path}`,
      value: fresh ?? `no ${absent}`,
      expected: `those of ${first}`,
      remedy: "Read files of the same columns at a time, or write them anew.",
    });
  }
}

/**
 * Puts the columns of files one below the other.
 * @throws `invalid-file` where columns are missing, new or of another type than in an earlier file, naming file and column
 */
export function joinedColumns(
  files: readonly { readonly path: string; readonly columns: ReadonlyMap<string, readonly unknown[]> }[],
): Map<string, readonly unknown[]> {
  if (files.length === 1) return new Map(files[0].columns);
  const same = new SameColumns();
  for (const { path, columns } of files) same.check(path, [...columns.keys()]);
  return new Map(
    Array.from(files[0].columns.keys(), (name) => {
      let known: TypedIn | undefined;
      for (const { path, columns } of files) {
        const type = typeOf(columns.get(name)!);
        if (type === undefined) continue;
        if (known !== undefined && known.type !== type) refuseType(name, { type, path }, known);
        known ??= { type, path };
      }
      return [name, files.flatMap(({ columns }) => columns.get(name)!)];
    }),
  );
}

/** The type that a column has in a file. */
interface TypedIn {
  readonly type: string;
  readonly path: string;
}

/**
 * Sees to it that a column has the same type in all files, of which parts come one after the other. Within one file values may be of
 * several types, as JSON has them.
 */
export class SameTypes {
  readonly #known = new Map<string, TypedIn>();

  /** Looks at a part of a column. @throws `invalid-file` where it is of another type than in an earlier file */
  check(path: string, name: string, values: ArrayLike<unknown>): void {
    const type = typeOf(values);
    if (type === undefined) return;
    const known = this.#known.get(name);
    if (known === undefined || (known.path === path && known.type !== type)) {
      this.#known.set(name, { type: known === undefined ? type : mixed, path });
    } else if (known.type !== type && known.type !== mixed && type !== mixed) {
      refuseType(name, { type, path }, known);
    }
  }
}

function refuseType(name: string, { type, path }: TypedIn, known: TypedIn): never {
  return fail("invalid-file", {
    thing: `type of column "${name}" of ${path}`,
    value: type,
    expected: `${known.type}, as in ${known.path}`,
    remedy: `Say what it is: schema: { ${JSON.stringify(name)}: "string" }.`,
  });
}

const mixed = "mixed";

/** The type of the values that are there; `undefined` where none is. */
function typeOf(values: ArrayLike<unknown>): string | undefined {
  let type: string | undefined;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (isMissing(value)) continue;
    const own = value instanceof Date ? "date" : typeof value;
    if (type !== undefined && own !== type) return mixed;
    type = own;
  }
  return type;
}
