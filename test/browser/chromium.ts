import { type Browser, chromium as engine } from "playwright-core";

/** Starts the Chromium that comes from the registry; it needs no system packages. */
export async function launchChromium(): Promise<Browser> {
  const { default: chromium } = await import("@sparticuz/chromium");
  const quiet = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
  ];
  return await engine.launch({
    executablePath: await chromium.executablePath(),
    // In a single process, closing a window may end the browser.
    args: [...chromium.args.filter((flag) => flag !== "--single-process"), ...quiet],
    headless: true,
  });
}
