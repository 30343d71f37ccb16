import { checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { parseArguments } from "./arguments";
import { numberOf } from "./model/command";
import { ClusterPlace } from "./spark/place";
import { end, isOurs } from "./spark/processes";
import { up } from "./spark/up";

const usage = `Usage: logitpress spark up [--executors N] [--cores N] [--memory MB] [--port PORT] [--python PYTHON]
                           [--folder FOLDER] [--json]
       logitpress spark down|status [--folder FOLDER] [--json]

up starts an Apache Spark cluster on this machine, for trying and for tests: two executors and a Connect server, all of it on
127.0.0.1. Clients need its token: that of the variable SPARK_CONNECT_AUTHENTICATE_TOKEN, or one that is made up and
written to FOLDER/token. Whoever has the token can run any program as this user. down stops it.

  --executors N    default 2
  --cores N        of each executor, default 1
  --memory MB      of each executor, default 1024
  --port PORT      of the Connect server, default 15002
  --python PYTHON  one that has pyspark 4; default: $SPARK_HOME, else an environment in FOLDER, with pyspark installed by pip
  --folder FOLDER  settings, token, logs; default: spark in the library's cache folder
  --json           print one JSON object

Needs Java 17 or newer.

Example: logitpress spark up && logitpress spark down`;

/** `logitpress spark`: starts and stops a cluster on this machine. */
export async function sparkCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArguments({
    args,
    allowPositionals: true,
    options: {
      executors: { type: "string" },
      cores: { type: "string" },
      memory: { type: "string" },
      port: { type: "string" },
      python: { type: "string" },
      folder: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [action, ...more] = positionals;
  if (action === undefined) fail("missing-option", { thing: "action", expected: "up, down or status" });
  if (more.length > 0)
    fail("invalid-option", { thing: "arguments", value: more.join(" "), expected: "none after the action" });
  const place = new ClusterPlace(values.folder);
  const say = (text: string): void => {
    if (!values.json) console.error(`logitpress: ${text}`);
  };
  const show = (result: object, text: string): number => {
    console.log(values.json ? JSON.stringify(result) : text);
    return 0;
  };
  if (action === "up") {
    const { address } = await up(
      place,
      {
        python: values.python,
        executors: whole(values.executors, "executors", 2),
        cores: whole(values.cores, "cores", 1),
        memory: whole(values.memory, "memory", 1024, 768),
        port: whole(values.port, "port", 15002),
      },
      say,
    );
    const token = place.path("token");
    return show(
      { action, address, token, folder: place.folder },
      `${address}\nexport SPARK_CONNECT_AUTHENTICATE_TOKEN="$(cat ${JSON.stringify(token)})"`,
    );
  }
  const record = place.read();
  const pids = Object.values(record?.processes ?? {});
  if (action === "status") {
    const running = pids.filter((pid) => isOurs(place, pid)).length;
    const up = running > 0 && running === pids.length;
    const text = running === 0 ? "no cluster runs" : `${running} of ${pids.length} processes run`;
    return show({ action, running: up, address: record?.address, processes: record?.processes }, text);
  }
  if (action === "down") {
    const ended = await end(place, pids.reverse());
    place.remove();
    return show(
      { action, ended: ended.length },
      ended.length === 0 ? "no cluster ran" : "the cluster is stopped",
    );
  }
  return fail("invalid-option", { thing: "action", value: action, expected: "up, down or status" });
}

function whole(text: string | undefined, name: string, default_: number, min: number = 1): number {
  return checkNumber(numberOf(text, name) ?? default_, `--${name}`, { min, max: 1_000_000, integer: true });
}
