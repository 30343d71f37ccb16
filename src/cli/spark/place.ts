import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fail } from "../../base/errors";
import { writeWhole } from "../../base/whole-file";
import { cacheFolder } from "../../frame/cache";

/** What is written down of a cluster that was started. */
export interface ClusterRecord {
  readonly address: string;
  /** The number of each process by its part, as `master`. */
  readonly processes: Readonly<Record<string, number>>;
}

/** The folder of a cluster's files: its Python environment, settings, token, logs and what executors write. */
export class ClusterPlace {
  readonly folder: string;

  /** @param folder default: `spark` in the library's cache folder */
  constructor(folder: string | undefined) {
    this.folder = resolve(folder ?? join(cacheFolder(), "spark"));
  }

  /** A path in the folder. */
  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  /** Makes the folder, which no other user can read. */
  make(): void {
    for (const name of ["", "conf", "logs", "work", "local", "tmp"])
      mkdirSync(this.path(name), { recursive: true, mode: 0o700 });
  }

  /** The cluster that was started here, `null` where there is none. */
  read(): ClusterRecord | null {
    const file = this.path("cluster.json");
    if (!existsSync(file)) return null;
    try {
      return JSON.parse(readFileSync(file, "utf8"));
    } catch (cause) {
      return fail(
        "corrupt-file",
        { thing: "record of the cluster", value: file, expected: "JSON" },
        { cause },
      );
    }
  }

  async write(record: ClusterRecord): Promise<void> {
    await writeWhole(this.path("cluster.json"), JSON.stringify(record));
  }

  /** Removes the record, and what processes that were killed have left; settings, token and logs stay. */
  remove(): void {
    rmSync(this.path("cluster.json"), { force: true });
    for (const name of ["local", "tmp", "work"]) rmSync(this.path(name), { recursive: true, force: true });
  }
}
