import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callbackOf } from '../support/http-browser.js';
import { commandsInLog, logCommands } from '../support/log-reader.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { documentOf, type ProgramOutcome, runProgram, startProgram } from '../support/program.js';
import { changeRecord, signInAtLiar } from '../support/session-home.js';
import { jwtWithSignature } from '../support/signed-jwt.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Commands at the start of a text, behind every kind of line break, and anywhere. */
const forged = `::error::FORGED\u001b[2J\u009b31m\u202e\r\n${logCommands.join('\n')}\u2028 ${logCommands.join('\u0085')}\r${logCommands.join(' ')}`;

let home: string;
let provider: LyingProvider;
beforeEach(async () => {
  home = await temporaryDirectory();
  provider = await startLyingProvider();
});
afterEach(() => provider.close());

const environment = { CI: 'true', GITHUB_ACTIONS: 'true', LOGTO_CLI_STORAGE: 'file' };
const options = (more: Record<string, string> = {}) => ({ home, environment: { ...environment, ...more } });
const connection = () => ['--issuer', provider.issuer, '--app-id', provider.clientId];

/** Nothing that was said is a command, nor anything that a terminal obeys, though it tells of what was forged. */
function expectNoCommand({ stdout, stderr }: ProgramOutcome, isRepeated = true): void {
  if (isRepeated) expect(stdout + stderr).toContain('FORGED');
  for (const text of [stdout, stderr]) {
    expect(commandsInLog(text)).toEqual([]);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
  }
}

async function signIn(args: readonly string[] = []): Promise<ProgramOutcome> {
  const program = startProgram(
    ['sign-in', ...connection(), '--port', '0', '--no-browser', ...args],
    options(),
  );
  const isEvents = args.includes('--json-events');
  const url = isEvents
    ? (JSON.parse(await program.line('stderr', /authorization_url/)) as { url: string }).url
    : await program.address();
  await fetch(await provider.authorize(url));
  return program.ended;
}

describe('in a job whose log is read, nothing from a provider is a command:', () => {
  const evilClaims = { name: forged, username: forged, [forged]: forged, nested: { [forged]: [forged] } };

  it.each([[[]], [['--json']], [['--verbose']], [['--trace']], [['--json-events']]])(
    'a user who signs in with claims of their own (%s)',
    async (flags) => {
      provider.lies = {
        idToken: (_, claims) => ({ claims: { ...claims, ...evilClaims } }),
        userInfo: (claims) => ({ ...claims, ...evilClaims }),
        tokenResponse: (body) => ({ ...body, scope: `openid ${forged}`, [forged]: forged }),
        headers: { token: { 'Content-Type': 'application/json;a=##[error]FORGED' } },
      };
      expectNoCommand(await signIn(flags));
      const others = flags.filter((flag) => flag !== '--json-events');
      for (const command of [
        ['whoami', '--remote'],
        ['token', '--id-token', '--decode'],
      ]) {
        const outcome = await runProgram([...command, ...others], options());
        expectNoCommand(outcome);
        expect(outcome.exitCode).toBe(0);
      }
      const whoami = documentOf(await runProgram(['whoami', '--json'], options()));
      expect(whoami.claims).toMatchObject(evilClaims);
      const expected = await runProgram(['whoami', '--expect', 'name=x', ...others], options());
      expectNoCommand(expected);
      expect(expected.exitCode).toBe(1);
      const noted = ['--no-browser', '--timeout', '0', ...others];
      expectNoCommand(await runProgram(['sign-out', ...noted], options()), false);
    },
  );

  it.each([[[]], [['--json']], [['--json-events']], [['--trace', '--verbose']]])(
    'an answer that ends a sign-in (%s)',
    async (flags) => {
      provider.lies = {
        answers: { token: { status: 400, body: { error: forged, error_description: forged } } },
      };
      expectNoCommand(await signIn(flags));
    },
  );

  it('an error that comes to the callback', async () => {
    const program = startProgram(
      ['sign-in', ...connection(), '--port', '0', '--no-browser', '--no-preflight'],
      options(),
    );
    const url = await program.address();
    await fetch(callbackOf(url, { error: forged, error_description: forged, iss: provider.issuer }));
    expectNoCommand(await program.ended);
  });

  it('an address to open, which stays an address', async () => {
    provider.lies = {
      discovery: (document) => ({
        ...document,
        end_session_endpoint: `${provider.origin}/end-session?a=##[error]FORGED`,
        authorization_endpoint: `${provider.origin}/authorize?a=%3A%3Aerror::FORGED&b=##vso[a.b]FORGED`,
      }),
    };
    const outcome = await runProgram(
      ['sign-in', ...connection(), '--port', '0', '--no-browser', '--timeout', '1', '--no-preflight'],
      options(),
    );
    expectNoCommand(outcome);
  });

  it.each([[[]], [['--json']], [['--verbose']], [['--trace']]])(
    'what doctor and test find (%s)',
    async (flags) => {
      provider.lies = {
        discovery: (document) => ({
          ...document,
          issuer: `${provider.issuer}/${forged}`,
          scopes_supported: [forged],
          code_challenge_methods_supported: [forged],
          [forged]: forged,
        }),
        answers: { authorize: { status: 400, body: `<title>${forged}</title><p role=alert>${forged}` } },
      };
      expectNoCommand(await runProgram(['doctor', ...connection(), ...flags], options()));
      expectNoCommand(await runProgram(['test', ...connection(), ...flags], options()));
    },
  );

  it.each([[[]], [['--json']], [['--update-baseline']]])(
    'nor from a baseline that came with a pull request (%s)',
    async (flags) => {
      const [file, xml, sarif] = ['known.json', 'report.xml', 'report.sarif'].map((name) => join(home, name));
      const entry = { outcome: 'incomplete', reason: forged };
      const known = ['authorization.request', 'discovery.endpoints'].map((check) => ({ check, ...entry }));
      await writeFile(file ?? '', JSON.stringify({ version: 1, known }));
      provider.lies = { answers: { authorize: { status: 400, body: '<title>no</title>' } } };
      const reports = ['--reporter', `junit=${xml}`, '--reporter', `sarif=${sarif}`, '--baseline', `${file}`];
      const args = ['test', ...connection(), '--only', 'authorization,discovery', ...reports, ...flags];
      expectNoCommand(await runProgram(args, options()));
      for (const path of [xml, sarif]) expect(commandsInLog(await readFile(path ?? '', 'utf8'))).toEqual([]);
      await writeFile(file ?? '', JSON.stringify({ version: 1, known: [{ ...entry, check: forged }] }));
      expectNoCommand(await runProgram(args, options()));
    },
  );

  it('but the annotations that were asked for, and the summary has no markup of theirs', async () => {
    provider.lies = { discovery: (document) => ({ ...document, issuer: `${provider.issuer}/${forged}` }) };
    const [summary, xml] = [join(home, 'summary.md'), join(home, 'report.xml')];
    const [sarif, har] = [join(home, 'report.sarif'), join(home, 'trace.har')];
    const outcome = await runProgram(
      [
        ...['test', ...connection(), `--trace=${har}`, '--reporter', 'github', '--reporter', `junit=${xml}`],
        ...['--reporter', `sarif=${sarif}`],
      ],
      options({ GITHUB_STEP_SUMMARY: summary, TF_BUILD: 'True' }),
    );
    const commands = commandsInLog(outcome.stderr);
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.join('\n')).toContain('FORGED');
    for (const line of commands) {
      expect(line).toMatch(/^::(error|warning) title=[a-z-]+\.[a-z-]+%3A [^:]*::/);
      expect(commandsInLog(line.replace(/^::(error|warning)/, ''))).toEqual([]);
    }
    expectNoCommand({ ...outcome, stderr: '' });
    for (const file of [xml, sarif, har]) {
      const written = await readFile(file, 'utf8');
      expect(written).toContain('FORGED');
      expect(commandsInLog(written)).toEqual([]);
    }
    const text = await readFile(summary, 'utf8');
    expect(text).toContain('FORGED');
    for (const line of text.split('\n').filter((line) => line.includes('FORGED'))) {
      expect(line.replace(/<code>[^<>`]*<\/code>/g, '')).toMatch(/^<tr>(<td><\/td>)+<\/tr>$/);
    }
  });

  it.each(logCommands)('a token is not printed that is one: %s', async (command) => {
    await signInAtLiar(provider, home);
    await changeRecord(home, (record) => {
      record.accessTokens[0].token = `${command} FORGED`;
    });
    const plain = await runProgram(['token'], options());
    expectNoCommand(plain, false);
    expect(plain).toMatchObject({ exitCode: 6, stdout: '' });
    expect(plain.stderr).toContain('token_response_invalid');
    const json = await runProgram(['token', '--json'], options());
    expectNoCommand(json);
    expect(documentOf(json).accessToken).toBe(`${command} FORGED`);
    const child = 'process.exitCode = process.env.LOGTO_ACCESS_TOKEN === process.argv[1] ? 0 : 1';
    const exec = ['exec', '--', process.execPath, '-e', child, `${command} FORGED`];
    expect(await runProgram(exec, options())).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    const elsewhere = await runProgram(['token'], { home, environment: { LOGTO_CLI_STORAGE: 'file' } });
    expect(elsewhere.stdout).toBe(`${command} FORGED\n`);
  });
});

describe('in a job whose log is read, nothing of a project or its people is a command:', () => {
  it.each([[[]], [['--json']], [['--verbose']]])('a JWT that is decoded (%s)', async (flags) => {
    const token = jwtWithSignature(
      { alg: forged, [forged]: forged },
      { [forged]: forged, scope: forged },
      Buffer.from('a'),
    );
    expectNoCommand(await runProgram(['token', '--decode', token, ...flags], options()));
  });

  it.each([[[]], [['--json']], [['--verbose']]])('a file of scenarios (%s)', async (flags) => {
    const file = join(home, 'scenarios.json');
    const scenario = (name: string, more: object) => ({
      name,
      user: { username: forged, passwordVariable: 'LOGTO_CLI_A' },
      ...more,
    });
    const scenarios = [scenario(forged, {}), scenario(`b ${forged}`, { expect: ['name=x'] })];
    await writeFile(file, JSON.stringify({ scenarios }));
    const listed = await runProgram(['test', file, '--list', ...flags], options());
    expectNoCommand(listed);
    const flag = ['--endpoint', provider.origin, '--app-id', 'app'];
    const ran = await runProgram(['test', file, ...flag, ...flags], options({ LOGTO_CLI_A: 'a' }));
    expectNoCommand(ran);
    await writeFile(file, JSON.stringify({ scenarios: [scenario('c', { '##[error]FORGED': 1 })] }));
    expectNoCommand(await runProgram(['test', file, ...flag, ...flags], options()));
  });

  it.each([[[]], [['--json']]])('a file of profiles (%s)', async (flags) => {
    const name = 'a\r\n::error::FORGED\u001b[2J ##[error]b';
    const profile = { endpoint: 'https://t.test', appId: forged, caFile: forged };
    await mkdir(home, { recursive: true });
    const file = join(home, 'config.json');
    await writeFile(file, JSON.stringify({ version: 1, profiles: { [name]: profile, p: profile } }), {
      mode: 0o600,
    });
    for (const args of [['list'], ['show', 'p'], ['use', name], ['remove', name], ['show', name]]) {
      expectNoCommand(await runProgram(['profile', ...args, ...flags], options()));
    }
  });

  it.each([[[]], [['--json']]])('words, names of files and variables (%s)', async (flags) => {
    const evilFile = join(home, '##[error]FORGED');
    const runs: readonly (readonly [args: readonly string[], more?: Record<string, string>])[] = [
      [['whoami', '--profile', forged]],
      [['whoami', '--storage', forged]],
      [[forged]],
      [['whoami', `--${forged}`]],
      [['explain', forged]],
      [['whoami', '--dotenv', evilFile]],
      [['test', evilFile, ...connection()]],
      [['sign-in', '--direct-sign-in', forged, ...connection()]],
      [['doctor', '--app-id', 'app'], { LOGTO_ENDPOINT: forged }],
      [['doctor', ...connection(), '--ca-file', evilFile]],
      [['whoami'], { LOGTO_CLI_PROFILE: forged }],
    ];
    for (const [args, more] of runs) {
      expectNoCommand(await runProgram([...args, ...flags], options(more)), false);
    }
    expectNoCommand(await runProgram(['exec', '--', evilFile], options()), false);
  });

  it('an emulator and whoever asks it', async () => {
    const seed = join(home, 'seed.json');
    await writeFile(
      seed,
      JSON.stringify({ users: [{ username: forged, password: forged, name: forged }], organizations: [] }),
    );
    for (const flags of [['--verbose'], ['--json']]) {
      const emulator = startProgram(['emulator', '--port', '0', '--seed', seed, ...flags], options());
      const line = await emulator.line('stdout', /http:\/\/localhost:\d+/);
      const [origin = ''] = /http:\/\/localhost:\d+/.exec(line) ?? [];
      await fetch(`${origin}/%23%23[error]FORGED?##vso[a.b]c`);
      await fetch(`${origin}/oidc/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: forged }),
      });
      if (flags.includes('--verbose')) await emulator.says('stderr', /POST.*\n/);
      emulator.kill('SIGTERM');
      expectNoCommand(await emulator.ended);
    }
  });

  it('a demo', async () => {
    const outcome = await runProgram(['demo', '--verbose', '--trace'], options({ LOGTO_APP_ID: forged }));
    expectNoCommand(outcome, false);
    expect(outcome.exitCode).toBe(0);
  });
});
