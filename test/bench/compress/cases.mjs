// The compression table: data, and what each file may lose or take.

/** The most bytes that a budget is to take, chosen without test rows. */
export const cases = [
  {
    data: "emails",
    budgets: [
      { budget: { maxAccuracyDrop: 0 }, bytes: 400 },
      { budget: { maxAccuracyDrop: 0.005 }, bytes: 220 },
      { budget: { maxLogLossIncrease: 0.01 }, bytes: 2000 },
      { budget: { maxLogLossIncrease: 0.05 }, bytes: 1400 },
    ],
  },
  {
    data: "digits",
    pooled: 28,
    budgets: [
      { budget: { maxAccuracyDrop: 0.005 }, bytes: 700 },
      { budget: { maxAccuracyDrop: 0.01 }, bytes: 500 },
      { budget: { maxLogLossIncrease: 0.01 }, bytes: 1800 },
    ],
  },
  { data: "flights", budgets: [{ budget: { maxLogLossIncrease: 0.01 }, bytes: 2000 }] },
  { data: "cancer", budgets: [{ budget: { maxAccuracyDrop: 0.01 }, bytes: 20 }] },
];
