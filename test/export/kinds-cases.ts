import { type ColumnFrame, columnsOf } from "../../src/frame/columns";
import { datasets } from "../../src/frame/datasets";
import { TableEncoder } from "../../src/frame/encoder";
import type { EncoderSpec } from "../../src/frame/encoder-spec";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { type Case, hostileTexts } from "./cases";

async function fitted(
  name: string,
  frame: ColumnFrame,
  tested: ColumnFrame,
  spec: EncoderSpec,
): Promise<Case> {
  const { encoder, data } = TableEncoder.fitTransform(frame, spec as never);
  const model = await new LogisticRegression({ lambda: 1e-3, tolerance: 1e-3 }).fit(data);
  return { name, model, encoder, frame: tested, features: encoder.features(tested) };
}

/** Flights by all kinds of columns but dates and hashes, with gaps, and in the rows that are asked levels that no fit met. */
export async function flightCases(): Promise<Case[]> {
  const columns = columnsOf(await datasets.flights({ rows: 2500, seed: 3 }));
  const plain = Object.fromEntries([...columns].map(([name, column]) => [name, Array.from(column)]));
  const gappy = Object.fromEntries(
    Object.entries(plain).map(([name, column], j) => [
      name,
      column.map((x, i) => (name !== "late" && name !== "delay" && (i * 7 + j * 3) % 29 === 0 ? null : x)),
    ]),
  );
  const odd = ["no such", "", "\u{1f680}", null, "Mon'; --", 12, true];
  const tested = Object.fromEntries(
    Object.entries(gappy).map(([name, column], j) => {
      const numeric = name === "hour" || name === "distance";
      const strange = (x: unknown, i: number): unknown => {
        if ((i + j) % 3 !== 0) return x;
        return numeric ? [-5, null, 1e6, Number.NaN][i % 4] : odd[(i + j) % odd.length];
      };
      return [name, [...column, ...column.slice(0, 120).map(strange)]];
    }),
  );
  const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const spec: EncoderSpec = {
    label: "late",
    numeric: [
      { column: "distance", bins: 7 },
      { column: "hour", scale: "robust" },
    ],
    categorical: { column: "origin", rare: 15 },
    ordinal: { column: "weekday", levels: days },
    crosses: [{ columns: ["weekday", "month"] }],
    target: "destination",
    missing: "indicator",
  };
  const kinds = plain.delay.map((x) => ((x as number) > 15 ? "late" : (x as number) < -5 ? "early" : "well"));
  const three = { ...gappy, kind: kinds };
  return [
    await fitted("flights of all kinds", gappy, tested, spec),
    await fitted("flights of three classes", three, tested, {
      ...spec,
      label: "kind",
      crosses: [{ columns: ["origin", "weekday", "month"], rare: 4 }],
      missing: "mean",
      unseen: "level",
    }),
    await fitted("flights, strict", plain, plain, {
      label: "late",
      numeric: { column: "distance", bins: 4 },
      categorical: "month",
      ordinal: { column: "weekday", levels: days },
      target: "destination",
      unseen: "error",
    }),
  ];
}

/** E-mails by the words of a vocabulary without stop words, and their beginnings by runs of characters. */
export async function termCases(): Promise<Case[]> {
  const frame = await datasets.spam();
  const text = (frame.column("text").values as string[]).filter((_, i) => i % 4 === 0);
  const label = (frame.column("label").values as string[]).filter((_, i) => i % 4 === 0);
  const start = text.map((t) => t.slice(0, 80));
  const spec: EncoderSpec = {
    label: "label",
    text: [
      { column: "text", vocabulary: { minRows: 5, most: 1500 }, stopWords: "english", ngrams: [1, 2] },
      { column: "start", unit: "character", bits: 11, ngrams: [2, 3], stopWords: ["the", "re"] },
    ],
  };
  const tested = { text: [...text, ...hostileTexts], start: [...start, ...hostileTexts] };
  return [await fitted("mails by terms", { text, start, label }, tested, spec)];
}
