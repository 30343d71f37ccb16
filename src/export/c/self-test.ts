import type { GoldenRow } from "../golden";
import type { Portable } from "../portable";
import { lines } from "./literals";
import { type Fields, mostDense } from "./row";

/** How the rows of a self-test are written. */
interface TestForm {
  readonly number: string;
  valueOf(x: number, column: number): string;
  probability(p: number): string;
  readonly probabilityType: string;
  readonly output: string;
  readonly wrong: string;
  readonly tolerance: string;
}

/** `name_self_test`: 0, or the number from 1 of the first row that differs from what the model said. */
export function testSource(p: Portable, fields: Fields, rows: readonly GoldenRow[], form: TestForm): string {
  const { matrix } = p;
  const blocks = rows.map((row, i) => {
    const set: string[] = [];
    const arrays: string[] = [];
    if (matrix !== null && matrix.features <= mostDense) {
      const values = new Float64Array(matrix.features);
      for (const [j, x] of row.features) values[j] = x;
      arrays.push(
        `    static const ${form.number} row[] = {\n${lines(Array.from(values, form.valueOf))}\n    };\n`,
      );
    } else if (matrix !== null) {
      arrays.push(
        `    static const uint32_t indices[] = {\n${lines(listed(row.features.map(([j]) => String(j))))}\n    };\n`,
        `    static const ${form.number} values[] = {\n${lines(listed(row.features.map(([j, x]) => form.valueOf(x, j))))}\n    };\n`,
        "    name_row row[1];\n",
      );
      set.push(
        "    row->indices = indices;",
        "    row->values = values;",
        `    row->count = ${row.features.length}u;`,
      );
    } else {
      arrays.push("    name_row row[1];\n");
      row.numeric.forEach((x, j) => {
        set.push(`    row->${fields.numeric[j]} = ${form.valueOf(x, j)};`);
      });
      const strings = [
        ...row.categorical.map((value, j) => [fields.categorical[j], value] as const),
        ...row.text.map((value, j) => [fields.text[j], value] as const),
      ];
      for (const [field, value] of strings) {
        if (value === null) {
          set.push(`    row->${field}.bytes = 0;`, `    row->${field}.length = 0;`);
          continue;
        }
        const bytes = new TextEncoder().encode(value);
        arrays.push(
          `    static const uint8_t text_${field}[] = {\n${lines(listed(Array.from(bytes, String)))}\n    };\n`,
        );
        set.push(
          `    row->${field}.bytes = (const char *)text_${field};`,
          `    row->${field}.length = ${bytes.length}u;`,
        );
      }
      if (set.length === 0) set.push("    row->none = 0;");
    }
    return `  {
${arrays.sort((a, b) => Number(a.includes("name_row row[")) - Number(b.includes("name_row row["))).join("")}    static const ${form.probabilityType} expected[] = {${row.probabilities.map(form.probability).join(", ")}};
    ${form.output} found[NAME_CLASSES];
${set.length === 0 ? "" : `${set.join("\n")}\n`}    if (name_probabilities(row, found) < 0 || name_predict(row) != ${row.label}) return ${i + 1};
    for (k = 0; k < NAME_CLASSES; k++)
      if (${form.wrong}) return ${i + 1};
  }
`;
  });
  return `
/* Runs the model on ${rows.length} rows: 0, or the number of the first that gives something else than it should. */
static inline int name_self_test(void) {
${form.tolerance}  int k;
${blocks.join("")}  return 0;
}
`;
}

function listed(items: readonly string[]): readonly string[] {
  return items.length === 0 ? ["0"] : items;
}
