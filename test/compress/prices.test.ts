import assert from "node:assert/strict";
import { test } from "node:test";
import { pricesOf } from "../../src/compress/prices";
import { randomData } from "../train/data";

test("prices rise, in units of the loss of no features, and lie close where a budget of some per cent is met", () => {
  for (const classes of [2, 5]) {
    const data = randomData("dense", 400, 2, classes, 4);
    const entropy = data.counts.reduce((sum, c) => sum - (c / 400) * Math.log(c / 400), 0);
    const prices = pricesOf(data, { ratio: 1.5, fine: 1.25 }).map((mu) => mu / entropy);
    assert.ok(prices[0] < 1e-6 && prices[prices.length - 1] > 5e-2);
    prices.slice(1).forEach((mu, i) => {
      const wanted = prices[i] >= 1.5e-6 && prices[i] < 1e-4 ? 1.25 : 1.5;
      assert.ok(Math.abs(mu / prices[i] - wanted) < 1e-9, `${prices[i]} to ${mu}`);
    });
  }
});
