import { createRequire } from "node:module";
import type { MimeBundle } from "../../../base/display";
import { transport } from "../../transport";

/** What tslab's own `display` publishes. */
interface DisplayContent {
  readonly data: MimeBundle;
  readonly transient?: { readonly display_id?: string };
}

/**
 * tslab's public module, so that notebooks written for tslab run: `display`, `newDisplay`. It wants tslab's kernel,
 * and with it all of TypeScript, for one function and a version; these stand in for both here.
 */
export function requireTslab(): unknown {
  const near = createRequire(require.resolve("tslab/package.json"));
  const typescript = near.resolve("@tslab/typescript-for-tslab");
  const path = near.resolve("./dist/jupyter.js");
  near.cache[path] ??= standIn(path, { lastWriteDisplayData });
  if (near.cache[typescript] !== undefined) return near("tslab");
  const { version } = near("@tslab/typescript-for-tslab/package.json") as { version: string };
  near.cache[typescript] = standIn(typescript, { version });
  try {
    return near("tslab");
  } finally {
    // A cell that wants TypeScript itself gets the whole of it.
    delete near.cache[typescript];
  }
}

function lastWriteDisplayData({ data, transient }: DisplayContent, update?: boolean): void {
  const displayId = transient?.display_id;
  transport()?.displayData(data, { ...(displayId !== undefined && { displayId }), update: update === true });
}

function standIn(path: string, exports: object): NodeJS.Module {
  return { id: path, filename: path, loaded: true, exports } as NodeJS.Module;
}
