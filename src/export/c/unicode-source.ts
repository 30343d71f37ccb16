import { lines } from "./literals";
import type { Source } from "./source";
import { type UnicodeTables, unicodeTables } from "./unicode";

/** An array of 16-bit numbers by planes of Unicode, and where each plane begins. */
function planes(name: string, points: readonly number[]): Source {
  const starts = Array.from({ length: 18 }, (_, plane) => {
    const at = points.findIndex((p) => p >> 16 >= plane);
    return at < 0 ? points.length : at;
  });
  return {
    source: `${array("uint16_t", `${name}_planes`, starts)}${array(
      "uint16_t",
      name,
      points.map((p) => p & 0xffff),
    )}`,
    bytes: 2 * (starts.length + points.length),
  };
}

function array(type: string, name: string, numbers: readonly number[]): string {
  return `static const ${type} ${name}[] = {\n${lines(numbers)}\n};\n`;
}

function ranges(name: string, all: readonly (readonly [number, number, ...number[]])[]): Source {
  const first = planes(
    name,
    all.map(([from]) => from),
  );
  return {
    source:
      first.source +
      array(
        "uint16_t",
        `${name}_ends`,
        all.map(([, to]) => to & 0xffff),
      ),
    bytes: first.bytes + 2 * all.length,
  };
}

/** The functions that read a text by the tables of Unicode: NFKC, lower case, words. */
export function unicodeReader(): Source {
  const t: UnicodeTables = unicodeTables();
  const units: number[] = [];
  const offsets: number[] = [];
  for (const points of t.decompositions.values()) {
    offsets.push(units.length);
    const text = String.fromCodePoint(...points);
    for (let i = 0; i < text.length; i++) units.push(text.charCodeAt(i));
  }
  offsets.push(units.length);
  const keys = planes("name_parted", [...t.decompositions.keys()]);
  const pairs = planes(
    "name_pairs",
    t.compositions.map(([first]) => first),
  );
  const marks = ranges("name_marks", t.marks);
  const words = ranges("name_words", t.words);
  const cased = ranges("name_cased", t.cased);
  const ignorable = ranges("name_ignorable", t.ignorable);
  const lower = ranges("name_lower", t.lower);
  const low = (n: number): number => n & 0xffff;
  const source = [
    keys.source,
    array("uint16_t", "name_parted_at", offsets),
    array("uint16_t", "name_parts", units),
    pairs.source,
    array(
      "uint16_t",
      "name_pairs_second",
      t.compositions.map(([, b]) => low(b)),
    ),
    array(
      "uint16_t",
      "name_pairs_whole",
      t.compositions.map(([, , c]) => low(c)),
    ),
    marks.source,
    array(
      "uint8_t",
      "name_marks_rank",
      t.marks.map(([, , rank]) => rank),
    ),
    words.source,
    cased.source,
    ignorable.source,
    lower.source,
    array(
      "uint8_t",
      "name_lower_step",
      t.lower.map(([, , step]) => step),
    ),
    array(
      "int32_t",
      "name_lower_by",
      t.lower.map(([, , , by]) => by),
    ),
  ].join("");
  const bytes =
    [keys, pairs, marks, words, cased, ignorable, lower].reduce((sum, part) => sum + part.bytes, 0) +
    2 * (offsets.length + units.length) +
    4 * t.compositions.length +
    t.marks.length +
    5 * t.lower.length;
  return { source: source + unicodeCode, bytes };
}

const unicodeCode = `#ifndef NAME_MARKS
#define NAME_MARKS 30 /* the most combining marks on one letter */
#endif

typedef struct {
  const uint8_t *at, *end;
  int32_t parts[18], whole[NAME_MARKS + 1], held, after;
  uint8_t part, part_count, lower, cased, fault;
  uint16_t at_whole, whole_count;
} name_reader;

static inline void name_open(name_reader *r, const name_string *text, uint8_t lower) {
  r->at = (const uint8_t *)text->bytes;
  r->end = r->at + (text->bytes ? text->length : 0u);
  r->held = -1;
  r->after = -1;
  r->part = r->part_count = r->cased = r->fault = 0;
  r->lower = lower;
  r->at_whole = r->whole_count = 0;
}

/* The place of the last key that is not above the point, or -1. */
static inline int32_t name_place(const uint16_t *keys, const uint16_t *planes, int32_t point) {
  uint32_t plane = (uint32_t)point >> 16, key = (uint32_t)point & 0xffffu;
  int32_t from = planes[plane], to = planes[plane + 1], start = from;
  while (from < to) {
    int32_t half = (from + to) / 2;
    if (keys[half] <= key) from = half + 1;
    else to = half;
  }
  return from == start ? -1 : from - 1;
}

static inline int32_t name_range(const uint16_t *keys, const uint16_t *planes, const uint16_t *ends, int32_t point) {
  int32_t at = name_place(keys, planes, point);
  return at >= 0 && ends[at] >= ((uint32_t)point & 0xffffu) ? at : -1;
}

static inline int name_is_word(int32_t c) {
  if (c < 0x80)
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  return name_range(name_words, name_words_planes, name_words_ends, c) >= 0;
}

static inline int32_t name_decode(name_reader *r) {
  uint32_t left = (uint32_t)(r->end - r->at), n, i, c;
  if (left == 0) return -1;
  c = *r->at++;
  if (c < 0x80) return (int32_t)c;
  n = c >= 0xf0 && c < 0xf5 ? 3u : c >= 0xe0 ? 2u : 1u;
  if (c < 0xc2 || c >= 0xf5 || left <= n) return 0xfffd;
  c &= 0x3fu >> n;
  for (i = 0; i < n; i++) {
    if ((r->at[i] & 0xc0u) != 0x80u) return 0xfffd;
    c = (c << 6) | (r->at[i] & 0x3fu);
  }
  if (c > 0x10ffffu || (n == 2 && c < 0x800u) || (n == 3 && c < 0x10000u) || (c >= 0xd800u && c < 0xe000u))
    return 0xfffd;
  r->at += n;
  return (int32_t)c;
}

static inline int32_t name_part(name_reader *r) {
  int32_t c, at, i;
  if (r->part < r->part_count) return r->parts[r->part++];
  c = name_decode(r);
  if (c < 0xa0) return c;
  r->part = r->part_count = 0;
  if (c >= 0xac00 && c < 0xac00 + 11172) {
    int32_t s = c - 0xac00;
    r->parts[r->part_count++] = 0x1161 + (s % 588) / 28;
    if (s % 28 != 0) r->parts[r->part_count++] = 0x11a7 + s % 28;
    return 0x1100 + s / 588;
  }
  at = name_place(name_parted, name_parted_planes, c);
  if (at < 0 || name_parted[at] != ((uint32_t)c & 0xffffu)) return c;
  for (i = name_parted_at[at]; i < name_parted_at[at + 1]; i++) {
    int32_t unit = name_parts[i];
    if (unit >= 0xd800 && unit < 0xdc00) {
      unit = 0x10000 + ((unit - 0xd800) << 10) + (name_parts[i + 1] - 0xdc00);
      i++;
    }
    r->parts[r->part_count++] = unit;
  }
  return r->parts[r->part++];
}

static inline uint32_t name_rank(int32_t c) {
  int32_t at = c < 0x300 ? -1 : name_range(name_marks, name_marks_planes, name_marks_ends, c);
  return at < 0 ? 0u : name_marks_rank[at];
}

static inline int32_t name_pair(int32_t a, int32_t b) {
  int32_t at, low, start;
  if (a >= 0x1100 && a < 0x1113 && b >= 0x1161 && b < 0x1176) return 0xac00 + ((a - 0x1100) * 21 + (b - 0x1161)) * 28;
  if (a >= 0xac00 && a < 0xac00 + 11172 && (a - 0xac00) % 28 == 0 && b > 0x11a7 && b < 0x11c3) return a + (b - 0x11a7);
  at = name_place(name_pairs, name_pairs_planes, a);
  start = name_pairs_planes[(uint32_t)a >> 16];
  low = a & 0xffff;
  for (; at >= start && name_pairs[at] == low; at--)
    if (name_pairs_second[at] == (b & 0xffff) && (a >> 16) == (b >> 16)) return (a & ~0xffff) | name_pairs_whole[at];
  return -1;
}

static inline void name_join(name_reader *r) {
  uint32_t i, kept = 1, last = 0;
  if (name_rank(r->whole[0]) != 0) return;
  for (i = 1; i < r->whole_count; i++) {
    uint32_t rank = name_rank(r->whole[i]);
    int32_t both = last < rank ? name_pair(r->whole[0], r->whole[i]) : -1;
    if (both >= 0) r->whole[0] = both;
    else {
      last = rank;
      r->whole[kept++] = r->whole[i];
    }
  }
  r->whole_count = (uint16_t)kept;
}

/* The next code point in the normal form NFKC. */
static inline int32_t name_normal(name_reader *r) {
  int32_t c;
  if (r->at_whole < r->whole_count) return r->whole[r->at_whole++];
  c = r->held >= 0 ? r->held : name_part(r);
  r->held = -1;
  if (c < 0) return -1;
  r->whole[0] = c;
  r->whole_count = 1;
  for (;;) {
    uint32_t rank, i;
    c = name_part(r);
    rank = c < 0 ? 0u : name_rank(c);
    if (rank > 0) {
      if (r->whole_count > NAME_MARKS) {
        r->fault = 1;
        continue;
      }
      for (i = r->whole_count++; i > 0 && name_rank(r->whole[i - 1]) > rank; i--) r->whole[i] = r->whole[i - 1];
      r->whole[i] = c;
      continue;
    }
    name_join(r);
    if (c >= 0 && r->whole_count == 1) {
      int32_t both = name_pair(r->whole[0], c);
      if (both >= 0) {
        r->whole[0] = both;
        continue;
      }
    }
    r->held = c;
    break;
  }
  r->at_whole = 1;
  return r->whole[0];
}

static inline int32_t name_plain(name_reader *r) {
  int32_t c;
  if (r->at_whole == r->whole_count && r->held < 0 && r->part == r->part_count && r->at != r->end &&
      r->at[0] < 0x80 && (r->end - r->at == 1 || r->at[1] < 0x80))
    return *r->at++;
  c = name_normal(r);
  return c == 0x2019 ? 0x27 : c;
}

static inline int name_is_cased(int32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return name_range(name_cased, name_cased_planes, name_cased_ends, c) >= 0;
}

static inline int name_is_ignorable(int32_t c) {
  if (c < 0x80) return c == 0x27 || c == '.' || c == ':' || c == '^' || c == '\`';
  return name_range(name_ignorable, name_ignorable_planes, name_ignorable_ends, c) >= 0;
}

static inline int name_cased_follows(const name_reader *r) {
  name_reader ahead = *r;
  int32_t c = name_plain(&ahead);
  while (c >= 0 && name_is_ignorable(c)) c = name_plain(&ahead);
  return c >= 0 && name_is_cased(c);
}

static inline int32_t name_next(name_reader *r) {
  int32_t c, at;
  if (r->after >= 0) {
    c = r->after;
    r->after = -1;
    return c;
  }
  c = name_plain(r);
  if (c < 0 || !r->lower) return c;
  if (c == 0x3a3) {
    int last = r->cased && !name_cased_follows(r);
    r->cased = 1;
    return last ? 0x3c2 : 0x3c3;
  }
  if (!name_is_ignorable(c)) r->cased = (uint8_t)name_is_cased(c);
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
  if (c == 0x130) {
    r->after = 0x307;
    return 0x69;
  }
  at = name_range(name_lower, name_lower_planes, name_lower_ends, c);
  return at < 0 || (((uint32_t)c & 0xffffu) - name_lower[at]) % name_lower_step[at] != 0 ? c : c + name_lower_by[at];
}

`;
