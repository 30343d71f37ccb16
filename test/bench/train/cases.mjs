// Every case of the training table. `penalty` is l2 or l1; `C` is scikit-learn's, `ratio` a part of the least lambda
// of L1 that has no weights; `path` is a number of lambdas from that least one down to `ratio` of it.

const l2 = (name, data, more = {}) =>
  [1, 0.01].map((C) => ({ name: `${name}-l2-C${C}`, data, penalty: "l2", link: "binary", C, ...more }));
const l1 = (name, data, more = {}) =>
  [10, 100].map((part) => ({
    name: `${name}-l1-max/${part}`,
    data,
    penalty: "l1",
    link: "binary",
    ratio: 1 / part,
    ...more,
  }));
const path = (name, data) => ({
  name: `${name}-l1-path`,
  data,
  penalty: "l1",
  link: "binary",
  ratio: 1 / 100,
  path: 50,
});

/** The cases that are timed beside the peers; those of `large` last longest and are measured last. */
export const cases = [
  ...l2("cancer", "cancer"),
  ...l1("cancer", "cancer"),
  ...l2("emails", "emails"),
  ...l1("emails", "emails"),
  path("emails", "emails"),
  ...l2("flights240", "flights240"),
  ...l1("flights240", "flights240"),
  path("flights240", "flights240"),
  ...l2("table", "table"),
  ...l1("table", "table"),
  ...l2("digits-softmax", "digits", { link: "softmax" }),
  ...l1("digits-softmax", "digits", { link: "softmax" }),
  ...l2("digits-ovr", "digits", { link: "ovr" }),
  ...l1("digits-ovr", "digits", { link: "ovr" }),
  ...l2("flights", "flights", { large: true }),
  ...l1("flights", "flights", { large: true }),
];

/** What is measured of this library alone. */
export const own = [
  { name: "threads-emails", measure: "threads", case: "emails-l2-C1" },
  { name: "threads-flights", measure: "threads", case: "flights-l2-C1" },
  { name: "threads-digits", measure: "threads", case: "digits-softmax-l2-C1" },
  { name: "memory-emails", measure: "memory", case: "emails-l2-C1" },
  { name: "memory-flights", measure: "memory", case: "flights-l2-C1" },
];

/** The gaps that are timed, relative to the reference's objective. */
export const targets = [1e-4, 1e-6];

/** The lambdas of a case on the mean loss, from the largest. */
export function lambdasOf(one, { rows }, largest) {
  if (one.C !== undefined) return [1 / (rows * one.C)];
  if (one.path === undefined) return [largest * one.ratio];
  return Array.from({ length: one.path }, (_, k) => largest * one.ratio ** (k / (one.path - 1)));
}
