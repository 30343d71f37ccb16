import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Axis, type Datum, Figure, type Trace } from "../../src/chart/figure";
import { bundleBudget, byteBudget } from "../../src/chart/shown";
import { axisOf, categoryAxis, layoutOf, linearRange, logRange } from "../../src/chart/theme";
import { largest, usual } from "./figures";

const numbers = fc.oneof(
  fc.double(),
  fc.integer({ min: -1000, max: 1000 }),
  fc.constantFrom(
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0,
    -0,
    1e-300,
    1e300,
    -1e300,
    5e-324,
  ),
);
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(
    `"'><script>alert(1)</script>`,
    "<b>bold</b>",
    "&amp;",
    "]]>",
    "\u0000\ud800",
    "x".repeat(500),
    "",
    "__proto__",
  ),
);
const datum: fc.Arbitrary<Datum> = fc.oneof({ weight: 6, arbitrary: numbers }, text, fc.constant(null));

const axis: fc.Arbitrary<Axis> = fc.oneof(
  fc.array(numbers, { maxLength: 5 }).map((values) => axisOf("linear", "linear", linearRange(values))),
  fc.array(numbers, { maxLength: 5 }).map((values) => axisOf("log", "log", logRange(values))),
  fc.tuple(numbers, numbers).map((range) => axisOf("any", "linear", range)),
  fc
    .tuple(fc.double({ noNaN: true }), fc.integer({ min: -400, max: 400 }))
    .map((range) => axisOf("any", "log", range)),
  fc.array(text, { maxLength: 8 }).map((names) => categoryAxis("names", names)),
);

const values = fc.array(datum, { maxLength: 12 });
const trace: fc.Arbitrary<Trace> = fc.oneof(
  fc.record({
    type: fc.constant("scatter" as const),
    x: values,
    y: values,
    name: text,
    mode: fc.constantFrom("lines" as const, "markers" as const, "lines+markers" as const),
  }),
  fc.record({
    type: fc.constant("bar" as const),
    x: values,
    y: values,
    orientation: fc.constantFrom("h" as const, "v" as const),
    text: fc.array(text, { maxLength: 12 }),
    textposition: fc.constant("outside" as const),
    width: fc.oneof(
      fc.constant(undefined),
      fc.constant(0.5),
      fc.array(fc.double({ min: 0, max: 2, noNaN: true })),
    ),
  }) as fc.Arbitrary<Trace>,
  fc.record({
    type: fc.constant("heatmap" as const),
    x: values,
    y: values,
    z: fc.array(fc.array(fc.oneof(numbers, fc.constant(null)), { maxLength: 6 }), { maxLength: 6 }),
    text: fc.array(fc.array(text, { maxLength: 6 }), { maxLength: 6 }),
    texttemplate: fc.constantFrom("%{text}", undefined),
  }) as fc.Arbitrary<Trace>,
);

const figure: fc.Arbitrary<Figure> = fc
  .record({
    data: fc.array(trace, { maxLength: 4 }),
    title: text,
    subtitle: text,
    xaxis: axis,
    yaxis: axis,
    legend: fc.constantFrom(true, false, "below" as const),
    barmode: fc.constantFrom("group" as const, "overlay" as const),
  })
  .map(({ data, title, subtitle, xaxis, yaxis, legend, barmode }) => {
    const layout = layoutOf({ title, subtitle, legend, barmode, axes: { xaxis, yaxis } });
    return new Figure({ data, layout, summary: title });
  });

test("a picture of any figure is well-formed and has no number that is none", () => {
  fc.assert(
    fc.property(figure, (any) => {
      wellFormed(any.toSvg());
      const bundle = any.toBundle();
      JSON.parse(JSON.stringify(bundle["application/vnd.plotly.v1+json"]));
      assert.ok(Buffer.byteLength(JSON.stringify(bundle)) <= bundleBudget);
    }),
    { numRuns: 500, seed: 4 },
  );
});

test("the check of pictures notices what is not well-formed", () => {
  for (const bad of [
    `<svg><g></svg>`,
    `<svg a="1" a="2"/>`,
    `<svg><text>a & b</text></svg>`,
    `<svg><path d="mNaN 3"/></svg>`,
    `<svg><text>a < b</text></svg>`,
    `<svg/><svg/>`,
    `<svg><text>\u0001</text></svg>`,
  ]) {
    assert.throws(() => wellFormed(bad), bad);
  }
});

/** Throws where `svg` is not one well-formed XML element, or has NaN and the like in an attribute. */
function wellFormed(svg: string): void {
  const open: string[] = [];
  let rest = svg;
  let roots = 0;
  while (rest !== "") {
    const tag = /^<(\/?)([a-z]+)((?: [a-zA-Z-]+(?:="[^"<]*"))*)(?: xmlns="[^"]*")?(\/?)>/.exec(rest);
    const words = tag === null ? /^[^<]+/.exec(rest) : null;
    if (tag === null && words === null) assert.fail(`no element: ${rest.slice(0, 80)}`);
    const [whole] = (tag ?? words) as RegExpExecArray;
    assert.doesNotMatch(whole, /&(?!(?:amp|lt|gt|quot|#39);)/);
    assert.doesNotMatch(whole, /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
    rest = rest.slice(whole.length);
    if (tag === null) {
      assert.ok(open.length > 0, "text outside");
      continue;
    }
    const [, end, name, attributes, empty] = tag;
    const names = [...attributes.matchAll(/ ([a-zA-Z-]+)=/g)].map((m) => m[1]);
    assert.equal(new Set(names).size, names.length, whole);
    assert.doesNotMatch(attributes.replace(/#[0-9a-f]+/g, ""), /NaN|Infinity|undefined|\de[+-]?\d/);
    if (end !== "") assert.equal(open.pop(), name);
    else if (empty === "") open.push(name);
    if (open.length === 0) roots++;
  }
  assert.equal(roots, 1);
  assert.deepEqual(open, []);
}

for (const [name, of] of [
  ...Object.entries(usual),
  ...Object.entries(largest()).map(([key, value]) => [`the largest ${key}`, value] as const),
]) {
  test(`${name}: within the byte budget and the bundle budget, in a well-formed picture`, () => {
    const bundle = of.toBundle();
    assert.ok(Buffer.byteLength(JSON.stringify(of)) <= byteBudget + 100);
    assert.ok(Buffer.byteLength(JSON.stringify(bundle)) <= bundleBudget);
    wellFormed(of.toSvg());
    assert.ok(of.toSvg().length < 100_000);
  });
}

test("pictures of usual charts are small, of paths with dozens of lines less so", () => {
  for (const [name, of] of Object.entries(usual)) {
    const most = /^path|OfMany$|^pruning$/.test(name) ? 26_000 : 7_000;
    assert.ok(of.toSvg().length < most, `${name}: ${of.toSvg().length} bytes`);
  }
});

test("a line breaks at gaps and begins anew behind them", () => {
  const of = (y: Datum[]) => {
    const line: Trace = { type: "scatter", mode: "lines", x: y.map((_, i) => i), y };
    const axes = { xaxis: axisOf("x", "linear", [0, 9]), yaxis: axisOf("y", "linear", [0, 9]) };
    const svg = new Figure({ data: [line], layout: layoutOf({ title: "", axes }), summary: "" }).toSvg();
    return /class="plot".*?<path d="([^"]*)"/.exec(svg)?.[1].match(/m/g)?.length ?? 0;
  };
  assert.equal(of([1, 2, 3, 4]), 1);
  for (const gap of [Number.NaN, null, Number.POSITIVE_INFINITY, ""]) assert.equal(of([1, 2, gap, 3, 4]), 2);
});
