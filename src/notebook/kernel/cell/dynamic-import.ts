import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isModuleNamespaceObject } from "node:util/types";
import { constants, Script } from "node:vm";

type Require = (id: string) => unknown;
type Import = (id: string | URL) => Promise<unknown>;

/**
 * What `import()` in a cell becomes: the module that `require` gives, so that both give the same one; Node's own
 * import for those that can't be required.
 */
export function importBy(require: Require, folder: string): Import {
  let native: Import | undefined;
  return async (given) => {
    const id = String(given);
    const name = requirable(id);
    try {
      if (name !== undefined) return namespaceOf(require(name));
    } catch (error) {
      if (!awaits(error)) throw error;
    }
    native ??= nativeImport(folder);
    return await native(id);
  };
}

/** What `require` knows a module by: the path in a URL of a file; nothing for one with a query, which is a module of its own. */
function requirable(id: string): string | undefined {
  if (!/^(?:file|data):/.test(id)) return id;
  const { protocol, search, hash } = new URL(id);
  return protocol === "file:" && search === "" && hash === "" ? fileURLToPath(id) : undefined;
}

/** True of the error of Node that a module awaits at its top level, and so can't be required. */
export function awaits(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  return code === "ERR_REQUIRE_ASYNC_MODULE" || (cause !== undefined && awaits(cause));
}

function namespaceOf(exports: unknown): unknown {
  const { __esModule: converted } = (exports ?? {}) as { __esModule?: unknown };
  return converted === true || isModuleNamespaceObject(exports)
    ? exports
    : { ...(exports as object), default: exports };
}

/** Node's import as it would work in a module in `folder`. */
function nativeImport(folder: string): Import {
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER as never;
  const script = new Script("(id) => import(id)", {
    filename: join(folder, "notebook.js"),
    importModuleDynamically,
  });
  return script.runInThisContext() as Import;
}
