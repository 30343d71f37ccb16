import { statSync } from "node:fs";

type System = import("@tslab/typescript-for-tslab").System;
type Watcher = import("@tslab/typescript-for-tslab").FileWatcher;
type Changed = import("@tslab/typescript-for-tslab").FileWatcherCallback;

interface Watched {
  readonly path: string;
  readonly changed: Changed;
  stamp: string;
}

const changedKind = 1;

/**
 * Watches files by looking at them when asked: what was written before a cell is run is seen by that cell, which the
 * operating system's events do not promise.
 */
export class WatchedFiles {
  readonly #watched = new Set<Watched>();

  /** `system` with this way of watching. */
  system(system: System): System {
    const watched: System = Object.create(system);
    watched.watchFile = (path, changed): Watcher => {
      const entry = { path, changed, stamp: stampOf(path) };
      for (const other of this.#watched) if (other.path === path) this.#watched.delete(other);
      this.#watched.add(entry);
      return { close: () => void this.#watched.delete(entry) };
    };
    watched.watchDirectory = () => ({ close: () => undefined });
    return watched;
  }

  /** Tells the watchers of every file that has changed since the last look. */
  look(): void {
    for (const entry of this.#watched) {
      const stamp = stampOf(entry.path);
      if (stamp === entry.stamp) continue;
      entry.stamp = stamp;
      entry.changed(entry.path, changedKind);
    }
  }
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? "" : `${stat.mtimeMs} ${stat.ctimeMs} ${stat.size} ${stat.ino}`;
}
