/** The words of a line as a shell divides it: at spaces outside of quotes, which are taken away. */
export function words(line: string): string[] {
  const found = line.matchAll(/(?:[^\s"']+|"(?:[^"\\]|\\.)*"|'[^']*')+/g);
  return [...found].map(([word]) =>
    word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double?: string, single?: string) =>
      double === undefined ? single! : double.replace(/\\(["\\])/g, "$1"),
    ),
  );
}
