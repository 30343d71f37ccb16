import { fail } from "../base/errors";
import { mostMilliseconds, refuseDate } from "../frame/blocks/dates";
import { listedLevels } from "../frame/missing";
import { firstOf } from "./check-values";
import type { Database } from "./database";
import { levelTable } from "./level-columns";
import type { RowsOrigin } from "./open-source";
import { literal, quoted } from "./source";
import { dateSql } from "./table-fields";

/** Cells that can't be encoded, met where the number of their row is not known: it is looked for by their values. */
export class RowFault extends Error {
  /** The columns with the condition that each meets, of the view `r` of rows. */
  readonly conditions: ReadonlyMap<string, string>;
  readonly refuse: (place: string, text: string) => never;

  /** @param refuse is told the place and the text of the first column there */
  constructor(conditions: ReadonlyMap<string, string>, refuse: (place: string, text: string) => never) {
    super("a cell that can't be encoded");
    this.conditions = conditions;
    this.refuse = refuse;
  }

  /** What is no date. @param type of the column */
  static date(name: string, type: string, cell: string | number): RowFault {
    const condition =
      typeof cell === "string"
        ? `r.${quoted(name)} = ${literal(cell)}`
        : `abs(${dateSql(name, type)}) > ${mostMilliseconds}`;
    return new RowFault(new Map([[name, condition]]), (place, text) => refuseDate(place, name, text));
  }

  /** Levels that have no feature, by the numbers that their tables give them. */
  static unseen(
    cells: readonly { readonly name: string; readonly number: number; readonly value: unknown }[],
    levels: readonly string[],
    remedy: string,
  ): RowFault {
    const conditions = cells.map(({ name, number }): [string, string] => [
      name,
      `r.${quoted(name)} = (SELECT v FROM ${levelTable(name)} WHERE n = ${number})`,
    ]);
    const both = (values: readonly unknown[]): string => values.map(String).join(" & ");
    return new RowFault(new Map(conditions), (place) =>
      fail("invalid-data", {
        thing: `level at ${place}, column "${both(cells.map(({ name }) => name))}"`,
        value: both(cells.map(({ value }) => value)),
        expected: listedLevels(levels),
        remedy,
      }),
    );
  }
}

/** Throws a fault again with the row that it is in, anything else as it is. */
export async function located(error: unknown, database: Database, origin: RowsOrigin): Promise<never> {
  if (!(error instanceof RowFault)) throw error;
  const [name] = error.conditions.keys();
  const condition = [...error.conditions.values()].join(" AND ");
  const { place, text } = await firstOf(database, origin, name, condition);
  return error.refuse(place, String(text));
}
