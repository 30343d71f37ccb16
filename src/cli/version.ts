import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../base/package-root";

/** The content of package.json that the command line needs. */
interface OwnPackage {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
}

/** This package's own package.json. */
export function ownPackage(): OwnPackage {
  return JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as OwnPackage;
}

/** The version of logitpress. */
export function packageVersion(): string {
  return ownPackage().version;
}
