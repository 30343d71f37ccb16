import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { python } from "../python";

/** A Jupyter server on loopback with a folder, settings and token of its own. */
export interface JupyterLab {
  /** The address of a notebook in `folder`, by its name, in JupyterLab. */
  readonly addressOf: (notebook: string) => string;
  /** The same in Notebook 7. */
  readonly notebookAddressOf: (notebook: string) => string;
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

/** What a test may ask of the server. */
export interface JupyterOptions {
  /** The module that is started; either serves the pages of both. */
  readonly module?: "jupyterlab" | "notebook";
  /** The path that all addresses start with. */
  readonly baseUrl?: string;
  /** `false` turns our labextension off. */
  readonly labextension?: boolean;
}

/** Starts Jupyter from the project's Python environment and waits until it answers. */
export async function startJupyterLab({
  module = "jupyterlab",
  baseUrl = "/",
  labextension = true,
}: JupyterOptions = {}): Promise<JupyterLab> {
  const home = mkdtempSync(join(tmpdir(), "logitpress-lab-"));
  const folder = join(home, "notebooks");
  mkdirSync(folder);
  showEveryCell(home);
  if (!labextension) disableLabextension(home);
  const port = await freePort();
  const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];
  // The page then holds the application as `jupyterapp`, so that tests can run its commands and wait for their end.
  const exposed = ["--LabApp.expose_app_in_browser=True", "--JupyterNotebookApp.expose_app_in_browser=True"];
  const args = [
    ...["-m", module, "--no-browser", `--ServerApp.root_dir=${folder}`, "--ServerApp.ip=127.0.0.1"],
    ...[`--ServerApp.port=${port}`, `--ServerApp.base_url=${baseUrl}`, "--IdentityProvider.token=test"],
    ...["--LabApp.news_url=None", ...exposed, ...asRoot],
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
  const site = `http://127.0.0.1:${port}${baseUrl}`;
  await answering(`${site}api?token=test`, server, () => said);
  return {
    addressOf: (notebook) => `${site}lab/tree/${notebook}?token=test&reset`,
    notebookAddressOf: (notebook) => `${site}notebooks/${notebook}?token=test`,
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

function disableLabextension(home: string): void {
  mkdirSync(join(home, "labconfig"));
  const config = { disabledExtensions: { logitpress: true } };
  writeFileSync(join(home, "labconfig", "page_config.json"), JSON.stringify(config));
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
    if (server.exitCode !== null) throw new Error(`Jupyter ended with ${server.exitCode}: ${said()}`);
    const reply = await fetch(url).catch(() => undefined);
    if (reply?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`Jupyter did not answer in a minute: ${said()}`);
}

async function ended(server: ChildProcess, home: string): Promise<void> {
  const exit = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  const killer = setTimeout(() => server.kill("SIGKILL"), 10_000);
  await exit;
  clearTimeout(killer);
  rmSync(home, { recursive: true, force: true });
}
