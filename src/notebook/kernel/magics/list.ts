/** A magic as documentation, `%lsmagic` and completion know it. */
export interface Magic {
  /** Without percent signs. */
  readonly name: string;
  readonly usage: string;
  readonly about: string;
}

/** What stands in a line of its own, its name in the first column: `%name argument`. */
export const lineMagics: readonly Magic[] = [
  {
    name: "time",
    usage: "%time STATEMENT",
    about: "runs a statement, shows its value, and tells how long it took",
  },
  {
    name: "timeit",
    usage: "%timeit EXPRESSION",
    about: "runs an expression many times and tells how long one run takes",
  },
  {
    name: "env",
    usage: "%env [NAME[=VALUE]]",
    about: "shows the environment's variables or one of them, or sets one",
  },
  {
    name: "cd",
    usage: "%cd [FOLDER]",
    about: "changes the working folder: home without an argument, back with -",
  },
  { name: "pwd", usage: "%pwd", about: "shows the working folder" },
  {
    name: "npm",
    usage: "%npm ARGUMENTS",
    about: "runs npm in the notebook's folder; what it installs can be imported at once",
  },
  { name: "who", usage: "%who", about: "lists the variables of the session" },
  { name: "whos", usage: "%whos", about: "lists the variables of the session with their kinds and values" },
  { name: "lsmagic", usage: "%lsmagic", about: "lists the magics" },
];

/** What stands in the first line of a cell and takes the rest of it: `%%name argument`. */
export const cellMagics: readonly Magic[] = [
  { name: "time", usage: "%%time", about: "runs the cell and tells how long it took" },
  {
    name: "timeit",
    usage: "%%timeit",
    about: "runs the cell many times and tells how long one run takes; what it declares is gone",
  },
  { name: "bash", usage: "%%bash [ARGUMENTS]", about: "runs the cell by bash" },
  { name: "sh", usage: "%%sh [ARGUMENTS]", about: "runs the cell by sh" },
  { name: "html", usage: "%%html", about: "shows the cell as HTML" },
  { name: "markdown", usage: "%%markdown", about: "shows the cell as Markdown" },
  { name: "latex", usage: "%%latex", about: "shows the cell as LaTeX" },
  { name: "svg", usage: "%%svg", about: "shows the cell as a picture in SVG" },
  {
    name: "writefile",
    usage: "%%writefile [-a] FILE",
    about: "writes the cell to a file, or with -a to its end",
  },
];

/** The magic of `list` with this name. */
export function magicNamed(list: readonly Magic[], name: string): Magic | undefined {
  return list.find((magic) => magic.name === name);
}

/** The line and cell magics whose names begin with `begun`, e.g. `%ti`; for completion. */
export function magicsBeginning(begun: string): string[] {
  const all = [...lineMagics.map(({ name }) => `%${name}`), ...cellMagics.map(({ name }) => `%%${name}`)];
  return all.filter((name) => name.startsWith(begun));
}

/** The help on a magic, e.g. `%time` or `%%bash`. */
export function magicHelp(name: string): string | undefined {
  const list = name.startsWith("%%") ? cellMagics : lineMagics;
  const magic = magicNamed(list, name.replace(/^%+/, ""));
  return magic && `${magic.usage}\n\n${magic.about}`;
}
