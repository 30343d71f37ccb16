/** Rows whose places are looked up together, so that the waits for memory overlap. */
const batch: u32 = 32;

/**
 * Merges rows of the same stored values and label, in place: the first of them stays, in its order, with the sum of
 * their `shares`. Rows `[first, last)` join the `count` rows that are left of those before; returns how many are left
 * then. Writes to `merged` the new number of each row. `slots` is an
 * open-addressed table of `slotCount` pairs of a hash and a row's number plus one, zero at first; `slotCount` is a
 * power of two above the number of all rows. `scratch` holds 33 integers.
 */
export function mergeRows(
  pointers: usize,
  indices: usize,
  values: usize,
  first: u32,
  last: u32,
  count: u32,
  columns: u32,
  labels: usize,
  shares: usize,
  slots: usize,
  slotCount: u32,
  merged: usize,
  scratch: usize,
): u32 {
  const mask = slotCount - 1;
  let end = begin(pointers, columns, count);
  let from = begin(pointers, columns, first);
  let sink: u32 = 0;
  for (let head = first; head < last; head += batch) {
    const tail = min<u32>(last, head + batch);
    let at = from;
    for (let i = head; i < tail; i++) {
      const to = begin(pointers, columns, i + 1);
      const h = hash(pointers, indices, values, at, to, integer(labels, i));
      store<u32>(scratch + ((<usize>(i - head)) << 2), h);
      sink += load<u32>(slots + ((<usize>(h & mask)) << 3), 4);
      at = to;
    }
    for (let i = head; i < tail; i++) {
      const other = load<u32>(slots + ((<usize>(integer(scratch, i - head) & mask)) << 3), 4);
      if (other != 0) sink += load<u32>((pointers == 0 ? values : indices) + (begin(pointers, columns, other - 1) << 2));
    }
    for (let i = head; i < tail; i++) {
      const to = begin(pointers, columns, i + 1);
      const label = integer(labels, i);
      const share = load<f64>(shares + ((<usize>i) << 3));
      const h = integer(scratch, i - head);
      let slot = h & mask;
      let found = place(slots, slot);
      while (found != 0) {
        if (
          load<u32>(slots + ((<usize>slot) << 3)) == h &&
          integer(labels, found - 1) == label &&
          same(pointers, indices, values, columns, found - 1, from, to)
        ) {
          break;
        }
        slot = (slot + 1) & mask;
        found = place(slots, slot);
      }
      if (found == 0) {
        const length = to - from;
        if (count != i) {
          if (pointers != 0) move(indices, from, to, end);
          if (values != 0) move(values, from, to, end);
        }
        end += length;
        store<u32>(labels + ((<usize>count) << 2), label);
        store<f64>(shares + ((<usize>count) << 3), share);
        store<u32>(slots + ((<usize>slot) << 3), h);
        count++;
        found = count;
        store<u32>(slots + ((<usize>slot) << 3), found, 4);
        if (pointers != 0) store<u32>(pointers + ((<usize>count) << 2), <u32>end);
      } else {
        const sum = shares + ((<usize>(found - 1)) << 3);
        store<f64>(sum, load<f64>(sum) + share);
      }
      store<u32>(merged + ((<usize>i) << 2), found - 1);
      from = to;
    }
  }
  // What was loaded ahead is written down, else the compiler leaves the loads out.
  store<u32>(scratch + ((<usize>batch) << 2), sink);
  return count;
}

// @ts-expect-error: decorator
@inline
function integer(at: usize, i: u32): u32 {
  return load<u32>(at + ((<usize>i) << 2));
}

// @ts-expect-error: decorator
@inline
function place(slots: usize, slot: u32): u32 {
  return load<u32>(slots + ((<usize>slot) << 3), 4);
}

// @ts-expect-error: decorator
@inline
function begin(pointers: usize, columns: u32, i: u32): usize {
  return pointers == 0 ? <usize>i * <usize>columns : <usize>integer(pointers, i);
}

/** Moves words down; rows are short, for which the engine's own way, a call out of the module, takes longer. */
// @ts-expect-error: decorator
@inline
function move(words: usize, from: usize, to: usize, end: usize): void {
  let at = words + (end << 2);
  for (let k = from; k < to; k++) {
    store<u32>(at, load<u32>(words + (k << 2)));
    at += 4;
  }
}

/** One round of xxHash for each word (Collet, 2012), and its last mixing. */
// @ts-expect-error: decorator
@inline
function hash(pointers: usize, indices: usize, values: usize, from: usize, to: usize, label: u32): u32 {
  let h = label + 0x165667b1;
  for (let k = from; k < to; k++) {
    if (pointers != 0) h = rotl<u32>(h + load<u32>(indices + (k << 2)) * 0xc2b2ae3d, 17) * 0x27d4eb2f;
    if (values != 0) h = rotl<u32>(h + load<u32>(values + (k << 2)) * 0xc2b2ae3d, 17) * 0x27d4eb2f;
  }
  h = (h ^ (h >> 15)) * 0x85ebca77;
  h = (h ^ (h >> 13)) * 0xc2b2ae3d;
  return h ^ (h >> 16);
}

// @ts-expect-error: decorator
@inline
function same(pointers: usize, indices: usize, values: usize, columns: u32, row: u32, from: usize, to: usize): bool {
  const other = begin(pointers, columns, row);
  if (begin(pointers, columns, row + 1) - other != to - from) return false;
  for (let k: usize = 0; k < to - from; k++) {
    if (pointers != 0 && load<u32>(indices + ((other + k) << 2)) != load<u32>(indices + ((from + k) << 2))) return false;
    if (values != 0 && load<u32>(values + ((other + k) << 2)) != load<u32>(values + ((from + k) << 2))) return false;
  }
  return true;
}
