import { readFileSync } from "node:fs";
import { displaySymbol, type MimeBundle } from "../base/display";
import { fail } from "../base/errors";
import { escapeHtml } from "../chart/escape";
import { bytes } from "../chart/format";
import { htmlText } from "../frame/html-text";
import { soundJson } from "./sound";

/** Ready content of one MIME type, which a notebook draws as a cell's last value or by `display`. */
export class Content {
  /**
   * @param type the MIME type, e.g. `text/html`
   * @param source the content: text, bytes of a picture, or a value of JSON
   * @param plain what stands for it where only text is shown
   */
  constructor(
    /** The MIME type. */
    readonly type: string,
    /** What is shown: text, or what JSON takes. */
    readonly source: unknown,
    /** What stands for it in plain text. */
    readonly plain: string,
  ) {}

  /** What a notebook shows of it. */
  toBundle(): MimeBundle {
    return { ...this.picture(), [this.type]: this.source, "text/plain": this.plain };
  }

  /** The source of text, and what stands for it of anything else. */
  toString(): string {
    return typeof this.source === "string" ? this.source : this.plain;
  }

  // JupyterLab draws SVG by itself only in notebooks that it trusts, but a picture in HTML in all.
  private picture(): MimeBundle {
    if (this.type !== "image/svg+xml") return {};
    const data = Buffer.from(String(this.source)).toString("base64");
    return { "text/html": `<img alt="${escapeHtml(this.plain)}" src="data:image/svg+xml;base64,${data}">` };
  }
}

Object.defineProperty(Content.prototype, displaySymbol, { value: Content.prototype.toBundle });

/** Makes content of a string, or as the tag of a template. */
export interface ContentTag {
  /** As a function of a text. */
  (source: string): Content;
  /** As a tag of a template. */
  (parts: TemplateStringsArray, ...values: readonly unknown[]): Content;
}

/**
 * HTML to show: html("<b>1</b>") takes the string as it is; as a tag, html`<b>${x}</b>`, it escapes each value
 * put in, so that data never become markup in elements and quoted attributes. Values made by `html` and `svg` stay as
 * they are, arrays are joined, `null` and `undefined` are empty.
 */
export const html: ContentTag = tag("html", (source) => new Content("text/html", source, htmlText(source)));

/** A picture to show, in SVG; as a tag it escapes the values put in as {@link html} does. */
export const svg: ContentTag = tag("svg", (source) => {
  if (!/<svg[\s>]/.test(source)) {
    fail("invalid-data", { thing: "source of svg", value: source, expected: "a text with an <svg> element" });
  }
  const spaced = /<svg[^>]*\sxmlns=/.test(source)
    ? source
    : source.replace(/<svg/, '<svg xmlns="http://www.w3.org/2000/svg"');
  return new Content("image/svg+xml", spaced, `SVG picture, ${bytes(Buffer.byteLength(spaced))}`);
});

/** Markdown to show, formulas between dollar signs included. As a tag it keeps backslashes and escapes nothing. */
export const markdown: ContentTag = rawTag(
  "markdown",
  (source) => new Content("text/markdown", source, source),
);

/**
 * A formula to show, in LaTeX. As a tag it keeps backslashes: latex`\frac{1}{2}`. Without delimiters such as
 * `$`, `\[` or `\begin` it is set as a formula of its own line.
 */
export const latex: ContentTag = rawTag("latex", (source) => {
  const delimited = /\$|\\\(|\\\[|\\begin\{/.test(source) ? source : `$\\displaystyle ${source.trim()}$`;
  return new Content("text/latex", delimited, source);
});

/**
 * A PNG picture to show, of its bytes or of the path of a file, which is read at once.
 * @throws `invalid-data` where it is no PNG; `failed` where the file can't be read
 */
export function png(source: Uint8Array | string): Content {
  const data = pictureBytes("png", source, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const size = data.length < 24 ? "" : `, ${view.getUint32(16)} x ${view.getUint32(20)}`;
  return new Content("image/png", data, `PNG picture${size}, ${bytes(data.length)}`);
}

/**
 * A JPEG picture to show, of its bytes or of the path of a file, which is read at once.
 * @throws `invalid-data` where it is no JPEG; `failed` where the file can't be read
 */
export function jpeg(source: Uint8Array | string): Content {
  const data = pictureBytes("jpeg", source, [0xff, 0xd8, 0xff]);
  return new Content("image/jpeg", data, `JPEG picture, ${bytes(data.length)}`);
}

/**
 * A value to show as a tree that can be opened and closed, as it is written in JSON.
 * @throws `invalid-data` where JSON can't hold it (a circle, a bigint, a function)
 */
export function json(value: unknown): Content {
  try {
    const text = JSON.stringify(value, null, 2);
    return new Content("application/json", soundJson(JSON.parse(text)), text);
  } catch (cause) {
    const remedy = "Leave out circles, functions and symbols, and write bigints as text.";
    return fail(
      "invalid-data",
      { thing: "value of json", value, expected: "a value of JSON", remedy },
      { cause },
    );
  }
}

/** A constructor whose template escapes what is put in. */
function tag(name: string, make: (source: string) => Content): ContentTag {
  return (source: string | TemplateStringsArray, ...values: readonly unknown[]) => {
    if (typeof source === "string") return make(source);
    checkParts(name, source);
    return make(
      source
        .map((part, i) => (part ?? source.raw[i]) + (i < values.length ? markup(values[i]) : ""))
        .join(""),
    );
  };
}

/** A constructor whose template takes everything as it is typed, backslashes too, but for \` and \${. */
function rawTag(name: string, make: (source: string) => Content): ContentTag {
  return (source: string | TemplateStringsArray, ...values: readonly unknown[]) => {
    if (typeof source === "string") return make(source);
    checkParts(name, source);
    const typed = source.raw.map((part) => part.replace(/\\(`|\$\{)/g, "$1"));
    return make(typed.map((part, i) => part + (i < values.length ? textOf(values[i]) : "")).join(""));
  };
}

function checkParts(name: string, source: unknown): void {
  if (Array.isArray(source) && "raw" in source) return;
  fail("invalid-data", { thing: `source of ${name}`, value: source, expected: "a string or a template" });
}

function markup(value: unknown): string {
  if (Array.isArray(value)) return value.map(markup).join("");
  if (value instanceof Content && ["text/html", "image/svg+xml"].includes(value.type))
    return String(value.source);
  return escapeHtml(textOf(value));
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}

function pictureBytes(name: string, source: Uint8Array | string, signature: readonly number[]): Uint8Array {
  const data = typeof source === "string" ? fileBytes(name, source) : source;
  if (!(data instanceof Uint8Array) || !signature.every((byte, i) => data[i] === byte)) {
    const expected = `bytes or the path of a file, with the signature of ${name.toUpperCase()}`;
    fail("invalid-data", { thing: `picture of ${name}`, value: source, expected });
  }
  return data;
}

function fileBytes(name: string, path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const remedy = "Check the path; it starts from the notebook's folder.";
    return fail("failed", { thing: `reading the picture of ${name}`, value: path, remedy }, { cause });
  }
}
