import type { Source } from "./source";
import { unicodeReader } from "./unicode-source";

/** How texts are read: all of Unicode by tables, or ASCII alone, other texts being refused. */
export type TextForm = "unicode" | "ascii";

/** The functions that part a text into words and count the hashed n-grams, as `Words`, `TextHasher` and `murmur3` do. */
export function textSource(form: TextForm): Source {
  const reader = form === "ascii" ? { source: asciiReader, bytes: 0 } : unicodeReader();
  return { source: reader.source + counting, bytes: reader.bytes };
}

const asciiReader = `typedef struct {
  const uint8_t *at, *end;
  uint8_t lower, fault;
} name_reader;

static inline void name_open(name_reader *r, const name_string *text, uint8_t lower) {
  r->at = (const uint8_t *)text->bytes;
  r->end = r->at + (text->bytes ? text->length : 0u);
  r->lower = lower;
  r->fault = 0;
}

static inline int name_is_word(int32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static inline int32_t name_next(name_reader *r) {
  int32_t c;
  if (r->at == r->end) return -1;
  c = *r->at++;
  if (c >= 0x80) r->fault = 1;
  return r->lower && c >= 'A' && c <= 'Z' ? c + 32 : c;
}

`;

const counting = `typedef struct {
  uint32_t seed, mask;
  uint8_t shortest, longest, lower;
} name_ngrams;

/* MurmurHash3 x86 32, a byte at a time. */
typedef struct {
  uint32_t h, k, n;
} name_hash;

static inline uint32_t name_scramble(uint32_t k) {
  k *= 0xcc9e2d51u;
  return ((k << 15) | (k >> 17)) * 0x1b873593u;
}

static inline void name_hash_byte(name_hash *s, uint32_t byte) {
  s->k |= byte << (8 * (s->n & 3u));
  if ((++s->n & 3u) != 0) return;
  s->h ^= name_scramble(s->k);
  s->h = ((s->h << 13) | (s->h >> 19)) * 5u + 0xe6546b64u;
  s->k = 0;
}

static inline uint32_t name_hash_end(const name_hash *s) {
  uint32_t h = s->h ^ name_scramble(s->k) ^ s->n;
  h = (h ^ (h >> 16)) * 0x85ebca6bu;
  h = (h ^ (h >> 13)) * 0xc2b2ae35u;
  return h ^ (h >> 16);
}

static inline void name_hash_point(name_hash *s, uint32_t c) {
  if (c < 0x80) {
    name_hash_byte(s, c);
    return;
  }
  if (c < 0x800) name_hash_byte(s, 0xc0u | (c >> 6));
  else {
    if (c < 0x10000) name_hash_byte(s, 0xe0u | (c >> 12));
    else {
      name_hash_byte(s, 0xf0u | (c >> 18));
      name_hash_byte(s, 0x80u | ((c >> 12) & 0x3fu));
    }
    name_hash_byte(s, 0x80u | ((c >> 6) & 0x3fu));
  }
  name_hash_byte(s, 0x80u | (c & 0x3fu));
}

/* Hashes the next word, after a space where it is not the first; 0 where there is none. */
static inline int name_word(name_reader *r, name_hash *s) {
  int32_t c = name_next(r);
  while (c >= 0 && !name_is_word(c)) c = name_next(r);
  if (c < 0) return 0;
  if (s->n > 0) name_hash_byte(s, 0x20u);
  for (;;) {
    name_hash_point(s, (uint32_t)c);
    c = name_next(r);
    if (c == 0x27) {
      name_reader ahead = *r;
      if (!name_is_word(name_next(&ahead))) return 1;
    } else if (!name_is_word(c)) return 1;
  }
}

typedef struct {
  uint32_t bucket, count;
} name_slot;

/* Counts the n-grams of the buckets from low to high: 1, or 0 where they are more than the slots, -1 at a fault. */
static inline int name_count(const name_string *text, const name_ngrams *how, uint32_t low, uint32_t high,
                             name_slot *slots) {
  name_reader first;
  uint32_t i, filled = 0;
  for (i = 0; i < NAME_SLOTS; i++) slots[i].count = 0;
  name_open(&first, text, how->lower);
  for (;;) {
    name_reader r = first;
    name_hash s = {0, 0, 0};
    uint32_t n;
    s.h = how->seed;
    for (n = 1; n <= how->longest && name_word(&r, &s); n++) {
      uint32_t bucket, at;
      if (n == 1) first = r;
      if (n < how->shortest) continue;
      bucket = name_hash_end(&s) & how->mask;
      if (bucket < low || bucket > high) continue;
      for (at = bucket % NAME_SLOTS; slots[at].count > 0 && slots[at].bucket != bucket;) at = (at + 1) % NAME_SLOTS;
      if (slots[at].count == 0 && ++filled == NAME_SLOTS) return 0;
      slots[at].bucket = bucket;
      slots[at].count++;
    }
    if (r.fault) return -1;
    if (n == 1) return 1;
  }
}

`;
