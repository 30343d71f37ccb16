import type { CommArrival, CommRegistry } from "../../comm-registry";
import type { FromMain } from "../link";
import { failureOf } from "./traceback";

/** Runs the handlers of what front ends send over comms, and tells the protocol's thread what belongs to which. */
export class CommHost {
  constructor(
    readonly registry: CommRegistry,
    readonly send: (message: FromMain) => void,
  ) {}

  async receive(id: number, arrival: CommArrival): Promise<void> {
    this.send({ kind: "handling", id, stage: "started" });
    let handled: Promise<unknown> | undefined;
    try {
      handled = this.registry.receive(arrival);
    } catch (thrown) {
      complain(thrown);
    }
    // At once: what the handler has woken, such as a cell that awaits it, runs next.
    this.send({ kind: "handling", id, stage: "returned" });
    await handled?.catch(complain);
    this.send({ kind: "handling", id, stage: "settled" });
  }
}

function complain(thrown: unknown): void {
  process.stderr.write(`${failureOf(thrown).traceback.join("\n")}\n`);
}
