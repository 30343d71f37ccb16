// npm run docs: writes the pages of the API reference (docs/api) from the docstrings of what index.ts exports.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ts = createRequire(import.meta.url)("@tslab/typescript-for-tslab");
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const declared = join(root, "dist/src");

const chapters = {
  base: "Errors, progress and display",
  frame: "Read and encode tables",
  matrix: "Matrices and data sets",
  model: "Models and prediction",
  train: "Train",
  prune: "Prune",
  quantize: "Quantize",
  pack: "Pack",
  evaluate: "Evaluate and compare",
  compress: "Compress to a budget",
  export: "Export and import",
  engine: "Data beyond memory",
  chart: "Charts",
  notebook: "In the notebook",
};

/** The pages, by file name. What has no words is told in `undocumented`. */
export function referencePages() {
  const exported = exportsOf(parsed("index"));
  const undocumented = [];
  const known = new Map();
  for (const { name, file } of exported) {
    const folder = file.split("/")[0];
    const same = [...known.values()].filter(
      (one) => one.folder === folder && one.word === name.toLowerCase(),
    ).length;
    const word = name.toLowerCase();
    // Headings that differ in case alone are numbered by what renders Markdown.
    known.set(name, { folder, word, anchor: same === 0 ? word : `${word}-${same}` });
  }
  const anchor = (name) => known.get(name).anchor;
  const pages = new Map();
  const order = Object.keys(chapters).filter((folder) =>
    exported.some(({ file }) => file.startsWith(`${folder}/`)),
  );
  for (const folder of order) {
    const own = exported.filter(({ file }) => file.startsWith(`${folder}/`));
    const texts = own.map((one) => entry(one, exported, undocumented));
    const head = `# ${chapters[folder]}\n\n${note}\n\n${own.map(({ name }) => `[\`${name}\`](#${anchor(name)})`).join(" · ")}\n`;
    pages.set(`${folder}.md`, linked(`${head}\n${texts.join("\n")}`, folder, known));
  }
  const lost = exported.filter(({ file }) => !order.includes(file.split("/")[0]));
  if (lost.length > 0) throw new Error(`no chapter for ${lost.map(({ name }) => name).join(", ")}`);
  pages.set("README.md", contents(exported, order, anchor));
  return { pages, undocumented };
}

const note = "Generated from the docstrings by `npm run docs`.";

function contents(exported, order, anchor) {
  const lines = order.map((folder) => {
    const names = exported.filter(({ file, type }) => file.startsWith(`${folder}/`) && !type);
    return `| [${chapters[folder]}](${folder}.md) | ${names.map(({ name }) => `[\`${name}\`](${folder}.md#${anchor(name)})`).join(", ")} |`;
  });
  return `# API reference\n\n${note} Types alone are on the pages, not in this table.\n\n| step | functions and classes |\n| --- | --- |\n${lines.join("\n")}\n`;
}

function parsed(file) {
  const path = join(declared, `${file}.d.ts`);
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
}

/** What the index exports, in its order: name, file below src/, whether it is a type alone. */
function exportsOf(index) {
  return index.statements.filter(ts.isExportDeclaration).flatMap((statement) =>
    statement.exportClause.elements.map((element) => ({
      name: element.name.text,
      own: (element.propertyName ?? element.name).text,
      file: statement.moduleSpecifier.text.slice(2),
      type: statement.isTypeOnly || element.isTypeOnly,
    })),
  );
}

function declarationsOf({ own, file }) {
  const source = parsed(file);
  return { source, declarations: source.statements.filter((statement) => namesOf(statement).includes(own)) };
}

function entry(one, exported, undocumented) {
  const { name, own, file } = one;
  const { source, declarations } = declarationsOf(one);
  if (declarations.length === 0) throw new Error(`no declaration of ${own} in ${file}`);
  const parts = [`## ${name}\n`];
  const words = declarations.map(wordsOf).find((text) => text !== "") ?? "";
  if (words === "") undocumented.push(name);
  parts.push(`${words}\n`);
  for (const declaration of declarations) {
    parts.push(`\`\`\`ts\n${signature(declaration, source)}\n\`\`\`\n`);
  }
  const members = declarations.flatMap((declaration) => membersOf(declaration));
  const told = members.map((member) => {
    const words = wordsOf(member) || inherited(member, declarations, exported);
    if (words === "") undocumented.push(`${name}.${member.name?.getText(source) ?? member.getText(source)}`);
    return memberLine(member, source, words);
  });
  if (told.length > 0) parts.push(`${told.join("\n")}\n`);
  return parts.join("\n");
}

function namesOf(statement) {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.text);
  return statement.name === undefined ? [] : [statement.name.text];
}

/** The members that a reader may use: those of classes and interfaces, and of an object type that stands alone. */
function membersOf(declaration) {
  const all = ts.isTypeAliasDeclaration(declaration)
    ? ts.isTypeLiteralNode(declaration.type)
      ? declaration.type.members
      : []
    : (declaration.members ?? []);
  return all.filter(
    (member) =>
      !ts.isConstructorDeclaration(member) &&
      !(ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) &&
      !(member.name !== undefined && ts.isPrivateIdentifier(member.name)) &&
      !(member.name !== undefined && ts.isComputedPropertyName(member.name)),
  );
}

function memberLine(member, source, words) {
  const text = squeezed(bare(member, source))
    .replace(/;$/, "")
    .replace(/^readonly /, "");
  return words === "" ? `- \`${text}\`` : `- \`${text}\`  \n  ${words.replace(/\n/g, "\n  ")}`;
}

/** The words of the member of the same name in what a declaration implements or extends, the nearest first. */
function inherited(member, declarations, exported) {
  const wanted = member.name?.getText();
  const parents = declarations
    .flatMap(({ heritageClauses = [] }) => heritageClauses.flatMap(({ types }) => types))
    .flatMap(({ expression }) => exported.filter(({ name }) => name === expression.getText()));
  for (const parent of parents) {
    const { declarations: above } = declarationsOf(parent);
    const found = above
      .flatMap((one) => [...(one.members ?? [])])
      .filter(({ name }) => name?.getText() === wanted);
    const words = found.map(wordsOf).find((text) => text !== "") ?? inherited(member, above, exported);
    if (words !== "") return words;
  }
  return "";
}

function signature(declaration, source) {
  const text = bare(declaration, source).replace(/^export (?:declare )?/, "");
  if (ts.isClassDeclaration(declaration)) {
    const head = text.slice(0, text.indexOf("{")).trim();
    const making = declaration.members
      .filter(ts.isConstructorDeclaration)
      .map((one) => squeezed(bare(one, source)));
    return making.length === 0 ? head : `${head} {\n${making.map((line) => `  ${line}`).join("\n")}\n}`;
  }
  if (ts.isInterfaceDeclaration(declaration)) return text.slice(0, text.indexOf("{")).trim();
  return text;
}

/** A declaration's text without any of its comments. */
function bare(node, source) {
  const text = node.getText(source);
  return text
    .replace(/\/\*\*[\s\S]*?\*\/\s*/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .join("\n");
}

function squeezed(text) {
  return text.replace(/\s+/g, " ");
}

/** A docstring as Markdown: its text, then what it throws. */
function wordsOf(node) {
  const docs = node.jsDoc ?? [];
  const last = docs[docs.length - 1];
  if (last === undefined) return "";
  const text = plain(ts.getTextOfJSDocComment(last.comment));
  const tags = (last.tags ?? []).map((tag) => {
    const words = plain(ts.getTextOfJSDocComment(tag.comment)).trim();
    const type = tag.tagName.text;
    if (type === "param") return `- \`${tag.name.getText()}\`: ${words.replace(/^-\s*/, "")}`;
    if (type === "throws") return `**Throws** ${words}`;
    if (type === "returns") return `**Returns** ${words}`;
    return `**${type}** ${words}`;
  });
  return [text, ...tags]
    .filter((part) => part !== "")
    .join("\n\n")
    .replace(/\n{3,}/g, "\n\n");
}

/** Links within docstrings as code, which `linked` makes links again; tags that stand in a line as words. */
function plain(text = "") {
  return text.replace(/\{@link ([\w.]+) ?\}/g, "`$1`").replace(/ ?@throws /g, " **Throws** ");
}

/** Names of other exports in code become links where they stand alone in prose. */
function linked(text, folder, known) {
  return text
    .split(/(```[\s\S]*?```|^#.*$|\[`[^\]]*\]\([^)]*\))/m)
    .map((part, i) =>
      i % 2 === 1
        ? part
        : part.replace(/`([A-Za-z]\w*)`/g, (whole, name) => {
            const found = known.get(name);
            // A lower-case word of another page may as well be a method's name.
            const to = found?.folder === folder || /[A-Z]/.test(name) ? found : undefined;
            const page = to?.folder === folder ? "" : `${to?.folder}.md`;
            return to === undefined ? whole : `[${whole}](${page}#${to.anchor})`;
          }),
    )
    .join("");
}

function write() {
  const { pages, undocumented } = referencePages();
  const folder = join(root, "docs/api");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of pages) writeFileSync(join(folder, file), text);
  console.log(`docs/api: ${pages.size} pages; without words: ${undocumented.length}`);
  for (const name of undocumented) console.log(`  ${name}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) write();
