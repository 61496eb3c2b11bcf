/** What came of one fault. */
export interface MatrixRow {
  readonly name: string;
  readonly expected: Verdicts;
  readonly found: Verdicts;
  /** Of `doctor`. */
  readonly milliseconds: number;
}

/** What the two commands say, in words. */
export interface Verdicts {
  readonly doctor: string;
  readonly signIn: string;
}

/** Faults as they are written in the matrix. */
export function inWords(faults: Readonly<Record<string, string>>): string {
  const words = Object.entries(faults).map(([id, verdict]) => `${id} ${verdict}`);
  return words.length === 0 ? 'nothing' : words.sort().join(', ');
}

/** Whether both commands said what is true, and nothing else. */
export function isNamed({ expected, found }: MatrixRow): boolean {
  return expected.doctor === found.doctor && expected.signIn === found.signIn;
}

/** The matrix for a person: a line for each fault, and how many of them were named. */
export function matrixText(rows: readonly MatrixRow[]): string {
  const heads = ['fault', 'expected of doctor', 'doctor', 'expected of sign-in', 'sign-in', 'doctor, ms'];
  const lines = rows.map((row) => {
    const { name, expected, found, milliseconds } = row;
    const same = (wanted: string, got: string) => (wanted === got ? 'the same' : got);
    return [
      name,
      expected.doctor,
      same(expected.doctor, found.doctor),
      expected.signIn,
      same(expected.signIn, found.signIn),
      milliseconds.toFixed(0),
    ];
  });
  const all = [heads, ...lines];
  const widths = heads.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const table = all.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return [
    ...table.map((line) => line.trimEnd()),
    `${rows.filter(isNamed).length} of ${rows.length} faults named`,
  ].join('\n');
}
