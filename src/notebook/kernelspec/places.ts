import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The name by which Jupyter knows the kernel. */
export const kernelName: string = "logitpress";

/** The name that front ends show. */
export const displayName: string = "TypeScript (logitpress)";

/** Where {@link installKernel} puts things. */
export interface InstalledKernel {
  /** The folder of `kernel.json`. */
  readonly folder: string;
  /** The folder of the extension that draws charts in JupyterLab. */
  readonly labextension: string;
  /** Why the kernel has no start-up snapshot, where it has none; it works without, but starts later. */
  readonly snapshotFault?: string;
}

/** A data folder of Jupyter, or a prefix that has it as `share/jupyter`. */
export type Destination = { readonly prefix: string } | { readonly data: string };

/** The data folder of a destination. */
export function dataFolder(destination: Destination): string {
  return "data" in destination ? destination.data : join(destination.prefix, "share", "jupyter");
}

/** Where kernel and chart extension lie in a data folder. */
export function placesIn(data: string): InstalledKernel {
  return {
    folder: join(data, "kernels", kernelName),
    labextension: join(data, "labextensions", kernelName),
  };
}

/** The environment variables and platform that {@link userDataFolder} looks at. */
interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly home: string;
}

/** The user's data folder of Jupyter, by the rules of jupyter_core. */
export function userDataFolder({ env, platform, home }: Surroundings = here()): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  const native = env.JUPYTER_PLATFORM_DIRS !== undefined && isSet(env.JUPYTER_PLATFORM_DIRS);
  if (platform === "darwin") {
    return native
      ? join(home, "Library", "Application Support", "jupyter")
      : join(home, "Library", "Jupyter");
  }
  if (platform === "win32") {
    if (native) return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), "jupyter");
    return env.APPDATA ? join(env.APPDATA, "jupyter") : join(configFolder(env, home), "data");
  }
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

/** Whose a folder of our name is. What is there but can't be read, Jupyter can't use either. */
export type Owner = "nobody" | "us" | "another" | "unreadable";

/** Whose the kernelspec in a folder is. */
export function ownerOfKernel(folder: string): Owner {
  return owner(join(folder, "kernel.json"), ({ display_name: shown, metadata }) => {
    return (
      shown === displayName || (metadata as Record<string, unknown> | undefined)?.[kernelName] !== undefined
    );
  });
}

/** Whose the extension of JupyterLab in a folder is. */
export function ownerOfLabextension(folder: string): Owner {
  return owner(join(folder, "package.json"), ({ name }) => name === kernelName);
}

function owner(file: string, isOurs: (content: Record<string, unknown>) => boolean): Owner {
  if (!existsSync(file)) return "nobody";
  const content = readObject(file);
  if (content === undefined) return "unreadable";
  return isOurs(content) ? "us" : "another";
}

/** A JSON object of a file, or undefined where there is none. */
export function readObject(path: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function here(): Surroundings {
  return { env: process.env, platform: process.platform, home: homedir() };
}

function configFolder(env: Surroundings["env"], home: string): string {
  return env.JUPYTER_CONFIG_DIR || join(home, ".jupyter");
}

// jupyter_core takes these, in any case, for "not set".
function isSet(value: string): boolean {
  return !["no", "n", "false", "off", "0", "0.0", ""].includes(value.toLowerCase());
}
