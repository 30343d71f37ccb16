import { kernelName } from "../../notebook/kernelspec/places";
import { findPython, type Python } from "../python";
import { type Check, failing, ok, timed } from "./check";
import { askJupyter, jupyterChecks, type Seen } from "./jupyter-checks";
import { loopback, packageChecks } from "./package-checks";
import { startChecks } from "./start-checks";

/** `logitpress kernel doctor`: every check in turn; 0 where none fails. */
export async function doctorCommand(options: { python?: string; json?: boolean }): Promise<number> {
  const checks: Check[] = [];
  const say = (...more: Check[]): void => {
    checks.push(...more);
    if (!options.json) for (const check of more) console.log(line(check));
  };
  say(...(await packageChecks()));
  let python: Python | undefined;
  say(
    await timed("Python", () => {
      python = findPython(options.python);
      return ok(`${python.version}, ${python.executable} (${python.from})`);
    }).then(withRemedy),
  );
  let seen: Seen | undefined;
  if (python !== undefined) {
    const asked = python;
    const look = await timed("Jupyter", () => {
      seen = askJupyter<Seen>(asked, "look", kernelName);
      return ok("it answers");
    });
    if (seen === undefined) say(look);
    else say(...(await jupyterChecks(python, seen)));
  }
  say(await timed("loopback", loopback));
  const ready = !checks.some(({ status }) => status === "fail");
  if (ready && python !== undefined) say(...(await startChecks(python)));
  else say({ name: "kernel starts", status: "skip", detail: "not tried, for what fails above", seconds: 0 });
  const whole = !checks.some(({ status }) => status === "fail");
  if (options.json) console.log(JSON.stringify({ ok: whole, python: python?.executable, checks }));
  else if (!whole) console.error("logitpress: the kernel does not work as it is; see the remedies above");
  return whole ? 0 : 1;
}

function withRemedy(check: Check): Check {
  if (check.status !== "fail") return check;
  const remedy = "Install Python 3.10 or newer, or name it: logitpress kernel doctor --python PATH";
  return { ...check, ...failing(check.detail, remedy) };
}

function line({ name, status, detail, remedy, seconds }: Check): string {
  const time = seconds < 0.0005 ? "" : ` (${seconds.toFixed(3)} s)`;
  return `${status.padEnd(4)}  ${name}: ${detail}${time}${remedy === undefined ? "" : `\n      remedy: ${remedy}`}`;
}
