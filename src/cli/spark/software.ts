import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fail } from "../../base/errors";
import type { ClusterPlace } from "./place";

/** The version of Spark that is installed where none is named. */
const version = "4.3.0";
const oldestJava = 17;

/** Makes sure of a Java that Spark runs on. @throws `missing-dependency` */
export function checkJava(env: NodeJS.ProcessEnv = process.env): void {
  const java = env.JAVA_HOME ? join(env.JAVA_HOME, "bin", "java") : "java";
  const { status, stderr } = spawnSync(java, ["-version"], { encoding: "utf8", env });
  const found = status === 0 ? /version "(\d+)/.exec(stderr)?.[1] : undefined;
  if (found !== undefined && Number(found) >= oldestJava) return;
  fail("missing-dependency", {
    thing: "Java",
    value: found === undefined ? java : `${java}, version ${found}`,
    expected: `version ${oldestJava} or newer`,
    remedy: "Install it, on Debian and Ubuntu by apt install openjdk-17-jre-headless, or set JAVA_HOME.",
  });
}

/**
 * The folder of Spark: of `SPARK_HOME`, of the Python that is named, or of an environment of the place's own, made here.
 * @param say tells of what takes long
 * @throws `missing-dependency`, `failed`
 */
export function sparkHome(
  place: ClusterPlace,
  python: string | undefined,
  say: (text: string) => void,
): string {
  const { SPARK_HOME } = process.env;
  if (python === undefined && SPARK_HOME) return checked(SPARK_HOME);
  if (python !== undefined) return checked(homeIn(python));
  const own = place.path("env", "bin", "python");
  if (!existsSync(own) || homeIn(own) === undefined) {
    say(`installing pyspark ${version} (460 MB)`);
    run("python3", ["-m", "venv", place.path("env")]);
    run(own, ["-m", "pip", "install", "-q", "--disable-pip-version-check", `pyspark==${version}`]);
  }
  return checked(homeIn(own));
}

function homeIn(python: string): string | undefined {
  const code = "import importlib.util as u; s = u.find_spec('pyspark'); print(s.origin if s else '')";
  const { status, stdout } = spawnSync(python, ["-c", code], { encoding: "utf8" });
  const origin = status === 0 ? stdout.trim() : "";
  return origin === "" ? undefined : dirname(origin);
}

function checked(home: string | undefined): string {
  if (home !== undefined && existsSync(join(home, "bin", "spark-class"))) return home;
  return fail("missing-dependency", {
    thing: "Spark",
    value: home ?? "no pyspark",
    expected: "bin/spark-class in SPARK_HOME or in the package pyspark",
    remedy: `Run pip install pyspark==${version} in that Python, or leave out --python.`,
  });
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status === 0) return;
  fail("failed", {
    thing: `${program} ${args.slice(0, 3).join(" ")} (${stderr.trim().split("\n").slice(-2).join(" ")})`,
  });
}
