import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../python";

/** The cluster in the folder that LOGITPRESS_SPARK_FOLDER names, which is left running, or one of the test's own. */
export class TestCluster {
  readonly folder: string = process.env.LOGITPRESS_SPARK_FOLDER ?? mkdtempSync(join(tmpdir(), "spark-test-"));
  address = "";
  token = "";

  async up(): Promise<void> {
    const status = await this.command("status");
    const found = status.running ? status : await this.start();
    this.address = String(found.address);
    this.token = readFileSync(join(this.folder, "token"), "utf8").trim();
  }

  /** Starts what does not run. */
  async start(): Promise<Record<string, unknown>> {
    const python = process.env.LOGITPRESS_SPARK_PYTHON;
    // One that has run comes back where its clients wait for it, whichever process started it.
    const port = this.address === "" ? String(15100 + (process.pid % 800)) : /:(\d+)/.exec(this.address)![1];
    return await this.command("up", "--port", port, ...(python === undefined ? [] : ["--python", python]));
  }

  async down(): Promise<void> {
    if (process.env.LOGITPRESS_SPARK_FOLDER !== undefined) return;
    await this.command("down");
    rmSync(this.folder, { recursive: true, force: true });
  }

  async command(...args: readonly string[]): Promise<Record<string, unknown>> {
    const main = join(root, "dist/src/cli/main.js");
    const all = [main, "spark", ...args, "--folder", this.folder, "--json"];
    const { stdout } = await promisify(execFile)(process.execPath, all);
    return JSON.parse(stdout);
  }

  /** The numbers of processes that run below the cluster's folder and whose command holds a text. */
  processes(text: string): number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
          return command.includes(text) && readlinkSync(`/proc/${pid}/cwd`).startsWith(this.folder);
        } catch {
          return false;
        }
      })
      .map(Number);
  }

  /** What all processes of the machine were started with. */
  commandLines(): string {
    return spawnSync("ps", ["-eww", "-o", "args="], { encoding: "utf8" }).stdout;
  }
}
