import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../src/cli/command-line.js';
import { givenFlags, withGivenFlags } from '../../src/cli/given-flags.js';
import { createProgram } from '../../src/cli/program.js';
import { issuerOf } from '../../src/client/logto-config.js';
import { LogtoError } from '../../src/errors.js';
import { checkIssuer } from '../../src/oidc/check-provider.js';
import { errorFromOAuth } from '../../src/oidc/error/error-from-oauth.js';
import { issuerMismatch } from '../../src/oidc/issuer-mismatch.js';
import { commandsIn, quotedWordAt } from '../../src/output/command-text.js';
import { reportError } from '../../src/output/error-report.js';
import { createOutput } from '../../src/output/output.js';
import { paste, shellsHere } from '../support/pasting-shell.js';
import { storeSession } from '../support/stored-session.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { Recorder, testRuntime } from '../support/test-runtime.js';

/** Everything that some shell obeys. Whatever runs any of it leaves a file. */
const evil = [
  'https://id.example/$(touch x)',
  'https://id.example/`touch x`?a=b;touch x',
  "x' ; touch x ; ' --endpoint <a> (: $(touch x)",
  'x" & touch x & "%PATH%',
  "\\'; touch x; #!!",
  'x\ntouch x\n',
  // What the reader of an address leaves as it is.
  "https://id.example/$(touch$IFS'x')",
];

/** Commands that start something else, or wait for somebody. */
const waiting = new Set(['emulator', 'demo', 'completion', 'exec']);

/** The lines that a person sees on a terminal. */
async function toldBy(argv: readonly string[], home: string): Promise<readonly string[]> {
  const runtime = testRuntime({
    home,
    environment: { HTTPS_PROXY: 'http://127.0.0.1:9' },
    interruption: AbortSignal.timeout(4000),
    input: 'secret',
  });
  const stderr = new Recorder(true);
  let given: ReturnType<typeof givenFlags> = [];
  const pasteable = (text: string) => withGivenFlags(text, given);
  try {
    const line = await readCommandLine(argv, async (flags, work) => {
      const output = createOutput(stderr, stderr, { ...flags, pasteable });
      await work({ runtime: { ...runtime, stderr }, output, environments: [runtime.environment, {}] });
    });
    given = givenFlags(line.argv, line.options);
    await line.program.parseAsync([...line.argv], { from: 'user' });
  } catch (error) {
    if (error instanceof LogtoError) reportError(error, stderr, { pasteable });
    else if (!(error instanceof Error && 'exitCode' in error)) throw error;
  }
  return stderr.lines;
}

/** What a person copies of a line: its commands, and what stands behind `--flag` elsewhere. */
function copied(line: string): readonly string[] {
  const commands = commandsIn(line).map(({ start, end }) => line.slice(start, end));
  if (commands.length > 0) return commands.filter((command) => command.startsWith('logto-cli '));
  // What is quoted so is a value that a message repeats, and nothing that anybody is told to type.
  const [flag] = /--[a-z-]+ (?=[^\s(<"-])/.exec(line) ?? [];
  if (flag === undefined) return [];
  const start = line.indexOf(flag);
  const begin = start + flag.length;
  const end = Math.max(quotedWordAt(line, begin), begin + line.slice(begin).search(/[?.,;:)]*(\s|$)/));
  return [`logto-cli sign-in ${line.slice(start, end)}`];
}

/** Every command line that names one setting, with a value that is hostile. */
async function everyCommandLine(): Promise<string[][]> {
  const lines: string[][] = [];
  const names = (await createProgram(undefined, async () => {})).commands.map((command) => command.name());
  for (const name of names.filter((name) => !waiting.has(name))) {
    const program = await createProgram(name, async () => {});
    const command = program.commands.find((candidate) => candidate.name() === name);
    for (const inner of command?.commands.length ? command.commands : [command]) {
      const words = inner === command || inner === undefined ? [name] : [name, inner.name()];
      const operand = inner?.registeredArguments.length && name !== 'test' ? ['p'] : [];
      for (const { long, required } of inner?.options ?? [])
        if (required && long && !/stdin|timeout|trace/.test(long)) lines.push([...words, ...operand, long]);
    }
  }
  return lines;
}

/** What is told of words that a provider, or whoever calls the library, chose. */
function toldOfProviders(word: string): readonly LogtoError[] {
  const failures: LogtoError[] = [];
  const attempt = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      if (error instanceof LogtoError) failures.push(error);
    }
  };
  const address = `https://id.example/${word}`;
  attempt(() => checkIssuer(`${address}/authorize?x=y`));
  attempt(() => checkIssuer(`http://$(touch$IFS.x)/`));
  attempt(() => issuerOf({ endpoint: `${address}/.well-known/openid-configuration` }));
  attempt(() => issuerOf({ endpoint: `${address}/oidc` }));
  attempt(() => issuerOf({ endpoint: `${address.replace('?', '')}?x` }));
  for (const found of [word, `https://id.example/$(touch$IFS'x')`, `https://id.example/{tenant}/${word}`])
    for (const discoveryUrl of [undefined, `https://id.example/common?${word}`])
      failures.push(
        issuerMismatch({ issuer: 'https://id.example', discoveryUrl }, found, undefined, { works: true }),
      );
  const gone = { works: false, why: 'nothing is there', isEmpty: true } as const;
  for (const found of [`https://id.example/{tenant}/$(touch$IFS'x')`, `https://id.example/$(touch$IFS'x')`])
    failures.push(issuerMismatch({ issuer: `https://id.example/${word}` }, found, undefined, gone));
  for (const error of [
    'invalid_scope',
    'insufficient_scope',
    'invalid_target',
    'access_denied',
    'invalid_client',
  ])
    for (const kind of ['refresh', 'client-credentials', 'code'] as const)
      for (const more of [{ resource: word }, { organization: word }, {}]) {
        const request = {
          kind,
          clientId: word,
          hasSecret: false,
          scopes: [word],
          redirectUri: word,
          ...more,
        };
        const answer = { error, description: `"${word}"`, status: 400, isLogto: true, scope: word };
        failures.push(errorFromOAuth(answer, request));
      }
  return failures;
}

describe('what is printed to be pasted', () => {
  it('runs nothing but this program, in any shell, whatever the settings and the provider are', async () => {
    const home = await temporaryDirectory();
    await storeSession(testRuntime({ home }), 'default', { kind: 'file' });
    const commands = new Set<string>();
    const lines = await everyCommandLine();
    expect(lines.length).toBeGreaterThan(50);
    for (const [index, line] of lines.entries()) {
      const word = evil[index % evil.length] ?? '';
      for (const shown of await toldBy([...line, word, '--no-input'], home))
        for (const command of copied(shown)) commands.add(command);
    }
    for (const word of evil)
      for (const error of toldOfProviders(word)) {
        const stderr = new Recorder(true);
        reportError(error, stderr);
        for (const shown of stderr.lines) for (const command of copied(shown)) commands.add(command);
      }
    // A placeholder is what a person replaces.
    const pasted = [...commands].map((command) => command.replace(/(?<= )<[\w ]+>/g, 'x'));
    expect(pasted.filter((command) => command.includes('touch')).length).toBeGreaterThan(20);
    for (const shell of shellsHere()) {
      const directory = await temporaryDirectory();
      const heard = await paste(shell, pasted, directory);
      expect([shell.name, readdirSync(directory)]).toEqual([shell.name, ['.bin']]);
      expect([shell.name, heard.length]).toEqual([shell.name, pasted.length]);
    }
  });
});
