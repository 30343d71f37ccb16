import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../python";

interface Locked {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

type Names = Readonly<Record<string, string>>;

const environment = readFileSync(join(root, "environment.md"), "utf8");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Readonly<
  Record<string, Names>
>;
const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

/** The lines of the tables of environment.md that tell of a package, by its name. */
const told: ReadonlyMap<string, { readonly version: string; readonly licence: string }> = new Map(
  environment.split("\n").flatMap((line) => {
    const [, name, version, , , licence] = line.split("|").map((cell) => cell.trim());
    return /^`.+`$/.test(name ?? "") && licence ? [[name.slice(1, -1), { version, licence }] as const] : [];
  }),
);

/** A package as it is locked, also where another name stands for it. */
function locked(name: string): Locked | undefined {
  return packages[`node_modules/${name}`] ?? Object.values(packages).find((one) => one.name === name);
}

const words = (licence: string): string[] => licence.toLowerCase().split(/[^a-z0-9.-]+/);

test("environment.md tells of every package that the project asks for", () => {
  const asked = ["dependencies", "peerDependencies", "devDependencies"].flatMap((kind) =>
    Object.keys(manifest[kind]),
  );
  assert.ok(asked.length > 20);
  assert.deepEqual(
    asked.filter((name) => !told.has(name)),
    [],
  );
});

test("versions and licences in environment.md are those of the lock file", () => {
  assert.ok(told.size > 20);
  for (const [name, { version, licence }] of told) {
    const found = locked(name) ?? assert.fail(`${name} is not in the lock file`);
    if (found.link) continue;
    assert.equal(version, found.version, name);
    const missing = words(found.license ?? "").filter(
      (word) => !/^(?:and|or|)$/.test(word) && !words(licence).includes(word),
    );
    assert.deepEqual(missing, [], `${name}: ${found.license}`);
  }
});

test("two packages have install scripts, both named in environment.md and turned off in package.json", () => {
  const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
  const names = scripted.map(([path]) => path.split("node_modules/").at(-1)!).sort();
  assert.deepEqual(names, ["protobufjs", "zeromq"]);
  for (const name of names) {
    assert.ok(environment.includes(`\`${name}\``));
    assert.equal(manifest.allowScripts[name] as unknown, false);
  }
});
