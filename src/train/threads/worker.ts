import { parentPort } from "node:worker_threads";
import { LogitpressError } from "../../base/errors";
import { adoptKernelModule, loadKernels } from "../../simd/load";
import { Arena } from "../../simd/memory";
import { serve } from "../../simd/team";
import { Design } from "../design";
import { runJob } from "../job";
import { layOut } from "../layout";
import type { Monitor } from "../monitor";
import { Throttle } from "../throttle";
import { handedOver } from "./lend";
import type { Question, Reply, Request } from "./messages";

const port = parentPort!;
/** How long a thread that works says nothing. */
const quiet = 500;
/** The memory of the last design, of which there may be more to do, and the design as it lies now. */
let last: { id: number; arena: Arena; design?: Design } | undefined;

port.on("message", (request: Request) => {
  adoptKernelModule(request.module);
  if (request.kind === "serve") serve(loadKernels(request.shared.memory), request.control);
  else {
    const reply = replyTo(request);
    port.postMessage(reply, handedOver(reply));
  }
});

function replyTo(request: Question): Reply {
  const { id, place, cancel } = request;
  try {
    if (last?.id !== id) last = { id, arena: new Arena(place.shared) };
    if (request.kind === "layout") {
      const design = Design.open(place, undefined, last.arena);
      design.team.check = monitorOf(cancel, design).check;
      return { kind: "placed", place: layOut(design, request.task) };
    }
    const { job, control } = request;
    last.design ??= Design.open(place, control ?? undefined, last.arena);
    const { design } = last;
    const monitor = monitorOf(cancel, design);
    design.team.check = monitor.check;
    const result = runJob(design, job, monitor);
    monitor.end();
    return { kind: "result", result };
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

/** A monitor that tells the last report at the end, so that what stays on the screen does not depend on the time. */
function monitorOf(cancel: Int32Array, design: Design): Monitor & { end(): void } {
  let told = { done: 0, total: 1, message: "" };
  let current = true;
  const throttle = new Throttle(true);
  const send = (message: string) => {
    throttle.made();
    port.postMessage({ kind: "progress", ...told, message } satisfies Reply);
  };
  return {
    check() {
      if (Atomics.load(cancel, 0) === 1) throw new LogitpressError("cancelled", { thing: "fit" });
      if (throttle.silence < quiet) return;
      const work = design.passes === 0 ? "laying out the data" : `${design.passes} passes over the data`;
      current = told.message === "";
      send(current ? work : `${told.message}, ${work}`);
    },
    report(done, total, message) {
      told = { done, total, message };
      current = throttle.due(done >= total);
      if (current) send(message);
    },
    end() {
      if (!current) send(told.message);
    },
  };
}
