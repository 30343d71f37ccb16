"""Runs queries of DuckDB on a table stored as Parquet: one JSON object in, one out."""
import json
import os
import sys
import tempfile

import duckdb

asked = json.load(sys.stdin)
db = duckdb.connect()
types = {"number": "DOUBLE", "text": "VARCHAR"}
folder = tempfile.mkdtemp()
path = os.path.join(folder, "rows.parquet")


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


columns = asked["columns"]
listed = ", ".join(f"{quoted(c['name'])} {types[c['type']]}" for c in columns)
db.execute(f"CREATE TABLE given ({listed})")
with open(os.path.join(folder, "rows.json"), "w") as file:
    for row in zip(*(c["values"] for c in columns)):
        file.write(json.dumps(dict(zip((c["name"] for c in columns), row))) + "\n")
schema = ", ".join(f"'{c['name'].replace(chr(39), chr(39) * 2)}': '{types[c['type']]}'" for c in columns)
db.execute(
    f"INSERT INTO given SELECT * FROM read_json('{folder}/rows.json', format = 'newline_delimited', columns = {{{schema}}})"
)
db.execute(f"COPY given TO '{path}' (FORMAT parquet)")
db.execute("DROP TABLE given")
os.chdir(folder)
cursor = db.execute(asked["query"])
names = [d[0] for d in cursor.description]
rows = cursor.fetchall()
wrong = db.execute(asked["test"]).fetchall()
tables = db.execute("SELECT count(*) FROM information_schema.tables").fetchone()[0]
json.dump({"names": names, "rows": [r[len(columns):] for r in rows], "wrong": len(wrong), "tables": tables}, sys.stdout)
