import { kernelName } from "../../notebook/kernelspec/places";
import type { Python } from "../python";
import { type Check, failing, ok, timed } from "./check";
import { askJupyter } from "./jupyter-checks";

interface Cell {
  readonly status: string;
  readonly value: string | null;
  readonly ename?: string;
  readonly evalue?: string;
  readonly seconds: number;
}

interface Started {
  readonly ready?: number;
  readonly answer?: Cell;
  readonly refusal?: Cell;
  readonly stopped?: number;
  readonly error?: string;
  /** The end of what the kernel wrote to its own output. */
  readonly said: string;
}

const log = "Look at what it says on its own: jupyter console --kernel logitpress --debug";

/** Starts the kernel as a front end does, runs cells in it and stops it. */
export async function startChecks(python: Python): Promise<Check[]> {
  let started: Started = { said: "" };
  const start = await timed("kernel starts", () => {
    started = askJupyter<Started>(python, "start", kernelName);
    if (started.ready !== undefined) return ok("it answers");
    const said = started.said.trim().split("\n").slice(-3).join(" | ");
    return failing(`${started.error}${said === "" ? "" : `; it said: ${said}`}`, log);
  });
  const { ready, answer, refusal, stopped, error } = started;
  if (start.status !== "ok") return [start];
  return [
    { ...start, seconds: rounded(ready) },
    cell("1 + 1", answer, error, answer?.value === "2" ? "2" : undefined),
    cell(
      "a type error",
      refusal,
      error,
      refusal?.status === "error" && refusal.ename?.startsWith("TS")
        ? `is refused: ${refusal.ename}`
        : undefined,
    ),
    {
      name: "kernel stops",
      ...(stopped === undefined ? failing("it goes on", log) : ok("it is gone")),
      seconds: rounded(stopped),
    },
  ];
}

function cell(
  name: string,
  ran: Cell | undefined,
  error: string | undefined,
  right: string | undefined,
): Check {
  const wrong = ran === undefined ? error : `${ran.status}: ${ran.value ?? ran.evalue ?? "no value"}`;
  const finding = right === undefined ? failing(`${wrong ?? "no answer"}`, log) : ok(right);
  return { name, ...finding, seconds: rounded(ran?.seconds) };
}

function rounded(seconds: number | undefined): number {
  return Math.round((seconds ?? 0) * 1000) / 1000;
}
