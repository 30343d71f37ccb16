import { parentPort } from "node:worker_threads";
import { LogitpressError } from "../../base/errors";
import { adoptKernelModule, loadKernels } from "../../simd/load";
import { serve } from "../../simd/team";
import { Design } from "../design";
import { runJob } from "../job";
import type { Monitor } from "../monitor";
import type { JobRequest, Reply, Request } from "./messages";

const port = parentPort!;
const reportEvery = 50;
/** The design of the last job, of which there may be more. */
let last: { id: number; design: Design } | undefined;

port.on("message", (request: Request) => {
  adoptKernelModule(request.module);
  if (request.kind === "serve") serve(loadKernels(request.shared.memory), request.control);
  else port.postMessage(replyTo(request));
});

function replyTo({ id, place, job, control, cancel }: JobRequest): Reply {
  try {
    const monitor = monitorOf(cancel);
    const design = last?.id === id ? last.design : Design.open(place, control ?? undefined);
    last = { id, design };
    design.team.check = monitor.check;
    return { kind: "result", result: runJob(design, job, monitor) };
  } catch (error) {
    if (error instanceof LogitpressError) {
      const { thing, expected, remedy, value } = error.complaint;
      // A value need not survive the way to another thread; its text does.
      const shown = typeof value === "number" || typeof value === "string" ? value : String(value);
      const complaint = { thing, expected, remedy, ...(value === undefined ? {} : { value: shown }) };
      return { kind: "refused", code: error.code, complaint: complaint as typeof error.complaint };
    }
    const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
    return { kind: "broken", message, stack };
  }
}

function monitorOf(cancel: Int32Array): Monitor {
  let reported = Number.NEGATIVE_INFINITY;
  return {
    check() {
      if (Atomics.load(cancel, 0) === 1) throw new LogitpressError("cancelled", { thing: "fit" });
    },
    report(done, total, message) {
      const now = performance.now();
      if (done < total && now - reported < reportEvery) return;
      reported = now;
      port.postMessage({ kind: "progress", done, total, message } satisfies Reply);
    },
  };
}
