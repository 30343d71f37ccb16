import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../../../base/package-root";
import { protocolVersion } from "../messages";

/** The content of a `kernel_info_reply`; needs no compiler. */
export function kernelInfo(): object {
  const own = version(packageRoot());
  const typescript = version(compilerRoot());
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "logitpress",
    implementation_version: own,
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { name: "javascript", mode: "typescript", typescript: true },
      nbconvert_exporter: "script",
    },
    banner: `logitpress ${own}, TypeScript ${typescript}, Node ${process.version}`,
    help_links: [{ text: "TypeScript", url: "https://www.typescriptlang.org/docs/" }],
    supported_features: [],
    debugger: false,
  };
}

function version(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }).version;
}

function compilerRoot(): string {
  return dirname(require.resolve("@tslab/typescript-for-tslab/package.json"));
}
