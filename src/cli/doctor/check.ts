/** What a check found: what it looked at, what it saw, and what to do where that is wrong. */
export interface Check {
  readonly name: string;
  /** `skip` where what the check needs is missing, which another check has said. */
  readonly status: "ok" | "warn" | "fail" | "skip";
  readonly detail: string;
  /** A command that mends it. */
  readonly remedy?: string;
  readonly seconds: number;
}

/** What a check says, before it is timed. */
export type Finding = Pick<Check, "status" | "detail" | "remedy">;

/** Runs a check; what it throws is its failure. */
export async function timed(name: string, look: () => Finding | Promise<Finding>): Promise<Check> {
  const started = performance.now();
  let finding: Finding;
  try {
    finding = await look();
  } catch (error) {
    finding = { status: "fail", detail: (error as Error).message };
  }
  return { name, ...finding, seconds: Math.round(performance.now() - started) / 1000 };
}

/** Something is as it should be. */
export function ok(detail: string): Finding {
  return { status: "ok", detail };
}

/** Something works in part, or only some need it. */
export function warn(detail: string, remedy: string): Finding {
  return { status: "warn", detail, remedy };
}

/** Something keeps the kernel from working. */
export function failing(detail: string, remedy: string): Finding {
  return { status: "fail", detail, remedy };
}

/** A word of a command, quoted where a shell would take it apart. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `"${word}"`;
}
