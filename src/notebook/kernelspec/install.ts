import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail, LogitpressError } from "../../base/errors";
import { trySnapshot } from "../kernel/compiler/snapshot";
import { writeKernelspec, writeLabextension } from "./contents";
import {
  type Destination,
  dataFolder,
  type InstalledKernel,
  kernelName,
  type Owner,
  ownerOfKernel,
  ownerOfLabextension,
  placesIn,
  readObject,
} from "./places";
import { type Replacement, replaceFolders } from "./replace";

/** What an installation leaves in its kernelspec for the uninstallation. */
interface InstallationNotes {
  /** The Python that has our translator of papermill. */
  readonly papermill?: string;
}

/**
 * Installs the kernel and the chart extension of JupyterLab in a data folder of Jupyter. What is there of an earlier
 * installation is replaced; nothing is left half-installed, and no other kernel is touched.
 *
 * @throws {LogitpressError} `failed` where the folder can't be written or holds another kernel of the same name.
 */
export async function installKernel(
  destination: Destination,
  notes: InstallationNotes = {},
): Promise<InstalledKernel> {
  const data = dataFolder(destination);
  const places = placesIn(data);
  refuseOthers(places, ["another"]);
  const kept = { ...installationNotes(destination), ...notes };
  const snapshotFault = trySnapshot();
  replace("install", data, [
    { target: places.labextension, write: writeLabextension },
    { target: places.folder, write: (folder) => writeKernelspec(folder, kept) },
  ]);
  return snapshotFault === undefined ? places : { ...places, snapshotFault };
}

/**
 * Removes what {@link installKernel} has put in a data folder, and nothing else. Returns where it was and whether
 * anything was there.
 *
 * @throws {LogitpressError} `failed` where it can't be removed or is another kernel of the same name.
 */
export async function uninstallKernel(
  destination: Destination,
): Promise<InstalledKernel & { readonly removed: boolean }> {
  const data = dataFolder(destination);
  const places = placesIn(data);
  refuseOthers(places, ["another", "unreadable"]);
  const there = [places.folder, places.labextension].filter((target) => existsSync(target));
  replace(
    "uninstall",
    data,
    there.map((target) => ({ target })),
  );
  return { ...places, removed: there.length > 0 };
}

/** What the installation in a data folder has left for its uninstallation. */
export function installationNotes(destination: Destination): InstallationNotes {
  const { folder } = placesIn(dataFolder(destination));
  const metadata = readObject(join(folder, "kernel.json"))?.metadata as Record<string, unknown> | undefined;
  return (metadata?.[kernelName] ?? {}) as InstallationNotes;
}

function refuseOthers({ folder, labextension }: InstalledKernel, refused: readonly Owner[]): void {
  if (refused.includes(ownerOfKernel(folder))) refuse("kernel", folder);
  if (refused.includes(ownerOfLabextension(labextension))) refuse("extension of JupyterLab", labextension);
}

function refuse(thing: string, folder: string): never {
  fail("failed", {
    thing: `change of ${folder}`,
    expected: `the ${thing} of logitpress, not another of that name`,
    remedy: "Move that folder away, or choose another place.",
  });
}

function replace(step: string, data: string, replacements: readonly Replacement[]): void {
  try {
    replaceFolders(replacements);
  } catch (cause) {
    if (cause instanceof LogitpressError) throw cause;
    const remedy = (cause as Error).message;
    const thing = `${step} of the kernel`;
    fail("failed", { thing, value: data, expected: "a folder that can be written", remedy }, { cause });
  }
}
