// Flights by a generator: 9,395 one-hot columns of the sizes of the real ones, a late share of a fifth, all by DuckDB.
import { DuckDBInstance } from "@duckdb/node-api";

const origins = 345;
const pairs = 8700;
const days = 350;

/** Writes `rows` flights to a Parquet file; with `distinct` a numeric column makes all rows differ. */
export async function generate(path, rows, distinct) {
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: "2GB", threads: "2" });
  const connection = await instance.connect();
  const uniform = (salt) => `((hash(i * 2654435761 + ${salt}) % 1000003) / 1000003.0)`;
  const place = (salt, count) => `CAST(floor(${count} * pow(${uniform(salt)}, 2.5)) AS INTEGER)`;
  const pull = "1.2 * sin(origin) + 0.8 * cos(route) + 0.5 * sin(day / 7.0) - 1.6";
  await connection.run(`COPY (
    SELECT origin, route, day${distinct ? ", i / 1e6 AS age" : ""},
      ${uniform(4)} < 1 / (1 + exp(-(${pull}))) AS late
    FROM (SELECT i, ${place(1, origins)} AS origin, ${place(2, pairs)} AS route, ${place(3, days)} AS day
      FROM range(${rows}) t(i)))
    TO '${path}' (FORMAT parquet, COMPRESSION zstd)`);
  connection.closeSync();
  instance.closeSync();
}
