import { readFileSync } from "node:fs";
import { writeWhole } from "../../src/base/whole-file";

/** Saves two files in turn to a third path until it is killed. */
async function save(path: string, ...sources: string[]): Promise<never> {
  const contents = sources.map((source) => new Uint8Array(readFileSync(source)));
  for (let turn = 0; ; turn++) {
    await writeWhole(path, contents[turn % contents.length]);
    if (turn === 1) process.stdout.write("saving\n");
  }
}

void save(process.argv[2], ...process.argv.slice(3));
