import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../src/cli/command-line.js';
import { readPlainLine } from '../../src/cli/plain-line.js';

type Flags = Readonly<Record<string, unknown>>;

/** Collects the flags that commands are run with; their work is not done. */
function collector() {
  const seen: Flags[] = [];
  return { seen, run: async (flags: object) => void seen.push(flags as Flags) };
}

/** The flags as they are read without the argument parser; `null` where it is needed. */
async function plainFlags(argv: readonly string[]): Promise<Flags | null> {
  const { seen, run } = collector();
  await readPlainLine(argv)?.execute(run);
  return seen[0] ?? null;
}

/** The flags as the argument parser reads them. */
async function parsedFlags(argv: readonly string[]): Promise<Flags | undefined> {
  const { seen, run } = collector();
  const line = await readCommandLine(argv, run);
  await line.program.parseAsync(line.argv, { from: 'user' });
  return seen[0];
}

/** What may stand in such a command line, value and all. */
const parts = {
  whoami: [['--json'], ['-q'], ['--quiet'], ['--profile', 'a'], ['--profile=b'], ['--storage', 'file']],
  token: [
    ['--json'],
    ['--header'],
    ['--id-token'],
    ['--organization', 'org_1'],
    ['--organization=a=b'],
    ['--resource', 'https://a.example'],
    ['--resource', '"https://b.example"'],
    ['--storage=memory'],
    ['--profile', 'c d'],
  ],
};

const lines = Object.entries(parts).flatMap(([name, all]) => [
  [name],
  ...all.map((first) => [name, ...first]),
  ...all.flatMap((first) => all.map((second) => [name, ...first, ...second])),
]);

describe('a plain command line', () => {
  it('means to its command what it means to the argument parser', async () => {
    for (const argv of lines) {
      const plain = await plainFlags(argv);
      expect(plain, argv.join(' ')).not.toBeNull();
      expect(plain, argv.join(' ')).toEqual(await parsedFlags(argv));
    }
  });

  it('is carried on in hints as that of the parser is', async () => {
    for (const argv of lines) {
      const [plain, parsed] = [readPlainLine(argv), await readCommandLine(argv, async () => {})];
      expect(plain).toMatchObject({ path: parsed.path, argv: parsed.argv });
      for (const { long, short, required } of plain?.options ?? []) {
        const known = parsed.options.find((option) => option.long === long);
        expect({ short: known?.short, required: known?.required }).toEqual({ short, required });
      }
    }
  });

  it.each([
    ['sign-in'],
    ['constructor'],
    ['--version'],
    ['--json', 'whoami'],
    ['--help', 'whoami'],
    ['help', 'whoami'],
    ['whoami', '--help'],
    ['whoami', 'more'],
    ['whoami', '-'],
    ['whoami', '--'],
    ['whoami', '--json=yes'],
    ['whoami', '-qv'],
    ['whoami', '--verbose'],
    ['whoami', '--trace'],
    ['whoami', '--no-input'],
    ['whoami', '--remote'],
    ['whoami', '--profile'],
    ['whoami', '--profile', ''],
    ['whoami', '--profile='],
    ['whoami', '--profile', ' '],
    ['token', '--resource', '""'],
    ['whoami', '--profile', '--json'],
    ['whoami', '--jsonx'],
    ['whoami', '--app-secret', 'x'],
    ['token', '--env'],
    ['token', '--refresh'],
    ['completion'],
    ['completion', 'tcsh'],
    ['completion', 'bash', '--help'],
    ['completion', '--complete', 'bash'],
  ])('is not %s %s %s: that is for the parser', (...argv) => {
    expect(readPlainLine(argv)).toBeNull();
  });

  it('refuses a resource that can be none as the parser does', async () => {
    const argv = ['token', '--resource', 'no uri'];
    const refusal = (failing: Promise<unknown>) => failing.then(() => null, String);
    expect(await refusal(plainFlags(argv))).toContain('--resource');
    expect(await refusal(plainFlags(argv))).toBe(await refusal(parsedFlags(argv)));
  });
});
