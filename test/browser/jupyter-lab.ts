import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { python } from "../python";

/** A JupyterLab on loopback with a folder, settings and token of its own. */
export interface JupyterLab {
  /** The address of a notebook in `folder`, by its name. */
  readonly addressOf: (notebook: string) => string;
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

/** Starts JupyterLab from the project's Python environment and waits until it answers. */
export async function startJupyterLab(): Promise<JupyterLab> {
  const home = mkdtempSync(join(tmpdir(), "logitpress-lab-"));
  const folder = join(home, "notebooks");
  mkdirSync(folder);
  showEveryCell(home);
  const port = await freePort();
  const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];
  const args = [
    ...["-m", "jupyter", "lab", "--no-browser", `--notebook-dir=${folder}`, "--ServerApp.ip=127.0.0.1"],
    ...[`--ServerApp.port=${port}`, "--IdentityProvider.token=test", "--LabApp.news_url=None", ...asRoot],
  ];
  const { NODE_TEST_CONTEXT: _, ...outside } = process.env;
  const env = {
    ...outside,
    HOME: home,
    JUPYTERLAB_SETTINGS_DIR: join(home, "settings"),
    JUPYTER_CONFIG_DIR: home,
  };
  const server = spawn(python, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  server.stderr.on("data", (text) => {
    said += text;
  });
  await answering(`http://127.0.0.1:${port}/api?token=test`, server, () => said);
  return {
    addressOf: (notebook) => `http://127.0.0.1:${port}/lab/tree/${notebook}?token=test&reset`,
    folder,
    stop: () => ended(server, home),
  };
}

// By default JupyterLab draws only the cells in view, and the rest would look blank to the test; and it asks
// whether it may fetch news.
function showEveryCell(home: string): void {
  setting(home, "notebook-extension", "tracker", { windowingMode: "none" });
  setting(home, "apputils-extension", "notification", { fetchNews: "false" });
}

function setting(home: string, extension: string, plugin: string, values: object): void {
  const folder = join(home, "settings", "@jupyterlab", extension);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${plugin}.jupyterlab-settings`), JSON.stringify(values));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

async function answering(url: string, server: ChildProcess, said: () => string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (server.exitCode !== null) throw new Error(`JupyterLab ended with ${server.exitCode}: ${said()}`);
    const reply = await fetch(url).catch(() => undefined);
    if (reply?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`JupyterLab did not answer in a minute: ${said()}`);
}

async function ended(server: ChildProcess, home: string): Promise<void> {
  const exit = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  const killer = setTimeout(() => server.kill("SIGKILL"), 10_000);
  await exit;
  clearTimeout(killer);
  rmSync(home, { recursive: true, force: true });
}
