/** Why a file can't be read and what to do, where the system says so. */
export function readingRemedy(cause: unknown): { readonly remedy?: string } {
  const { code, path } = (cause ?? {}) as NodeJS.ErrnoException;
  if (code === "ENOENT" && /^[a-z]+:\/\//i.test(path ?? "")) return { remedy: fromNetwork };
  const remedy = remedies[String(code)];
  return remedy === undefined ? {} : { remedy: remedy() };
}

const fromNetwork =
  "Addresses are not read from: await writeFile(name, (await fetch(address)).body!) saves one to a file.";

const remedies: Readonly<Record<string, () => string>> = {
  ENOENT: () => `There is none of that name; a path is taken from ${process.cwd()}.`,
  ENOTDIR: () => "A part of the path is a file, not a folder.",
  EISDIR: () => "It is a folder: name a file in it.",
  EACCES: () => "Its permissions keep this user from reading it.",
  EPERM: () => "Its permissions keep this user from reading it.",
};
