import { after, before } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium } from "./chromium";
import { type JupyterLab, startJupyterLab } from "./jupyter-lab";

/** JupyterLab and a browser for all tests of a file, started before the first and ended after the last. */
export function labSession(): { readonly lab: JupyterLab; readonly browser: Browser } {
  let lab: JupyterLab | undefined;
  let browser: Browser | undefined;
  before(async () => {
    [lab, browser] = await Promise.all([startJupyterLab(), launchChromium()]);
  });
  after(async () => {
    await browser?.close();
    await lab?.stop();
  });
  return {
    get lab() {
      return lab!;
    },
    get browser() {
      return browser!;
    },
  };
}
