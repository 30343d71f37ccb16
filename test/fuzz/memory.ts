import { Random } from "../../src/base/random";
import { corpus } from "./corpus";
import { mutations } from "./mutations";
import { outcome, resealed } from "./outcome";

declare const gc: () => void;

// Prints the most bytes, of arrays and of objects, by which a file that is refused made the process grow, its own size left out.
const whole = corpus(40, 3);
const kinds = Object.values(mutations);
const hostile = Array.from({ length: 450 }, (_, at) => {
  const random = new Random(at);
  if (at % 3 > 0) return mutate(at, random);
  // A right checksum over few bytes that declare as much as they can.
  const stream = Array.from({ length: 12 }, (_, i) => (i < 4 ? random.bits() & 255 : at % 2 === 0 ? 0 : 255));
  return resealed(Uint8Array.of(0x8c, 2, ...stream, 0, 0, 0, 0));
});
const held = () => {
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
};

let refused = 0;
let most = 0;
for (const file of hostile.slice(0, 90)) outcome(file);
for (const file of hostile) {
  gc();
  const before = held();
  const result = outcome(file);
  const grown = held() - before;
  if (result === "read") continue;
  refused++;
  most = Math.max(most, grown);
}
console.log(JSON.stringify({ refused, most }));

function mutate(at: number, random: Random): Uint8Array {
  return kinds[at % kinds.length](whole, random).bytes;
}
