import type { MimeBundle } from "../../src/base/display";
import { setTransport } from "../../src/notebook/transport";

/** A message to the front end. */
export interface Sent {
  readonly bundle: MimeBundle;
  readonly options: { displayId?: string; update?: boolean };
}

/** Puts a transport in place that keeps what is sent; `cell` says which cell runs. */
export function listen(): { readonly sent: Sent[]; readonly cleared: boolean[]; cell: number | undefined } {
  const kept = { sent: [] as Sent[], cleared: [] as boolean[], cell: undefined as number | undefined };
  setTransport({
    get cell() {
      return kept.cell;
    },
    displayData: (bundle, options) => void kept.sent.push({ bundle, options }),
    clearOutput: (wait) => void kept.cleared.push(wait),
    input: (prompt, password) => `${prompt}${password}`,
  });
  return kept;
}
