import type { Browser, Page } from "playwright-core";

/** A notebook open in JupyterLab or Notebook 7, and the errors of our script so far. */
export interface NotebookPage {
  readonly page: Page;
  readonly problems: readonly string[];
}

/** Opens a notebook in a window of its own and waits until its cells are there. */
export async function openNotebook(browser: Browser, address: string): Promise<NotebookPage> {
  const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
  const problems: string[] = [];
  // Notebook 7 has faults of its own (no command to open a path, no schema of a setting).
  page.on("pageerror", ({ message, stack = "" }) => {
    if (/logitpress|plotly/i.test(`${message} ${stack}`)) problems.push(`${message}\n${stack}`);
  });
  await page.goto(address, { waitUntil: "domcontentloaded" });
  await page.locator(".jp-NotebookPanel .jp-CodeCell").first().waitFor({ timeout: 60_000 });
  await page.evaluate("jupyterapp.restored.then(() => undefined)");
  return { page, problems };
}

/** Runs all cells and waits for the end of the last, or of the first that fails. */
export async function runCells(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const { sessionContext } = jupyterapp.shell.currentWidget;
    await sessionContext.ready;
    await jupyterapp.commands.execute("notebook:run-all-cells");
  })()`);
}

/** Changes the theme of the page and waits until its colours are there. */
export async function setTheme(page: Page, theme: "JupyterLab Light" | "JupyterLab Dark"): Promise<void> {
  await page.evaluate(`jupyterapp.commands.execute("apputils:change-theme", { theme: "${theme}" })`);
  await page.waitForFunction(`document.body.dataset.jpThemeName === "${theme}"`);
}
