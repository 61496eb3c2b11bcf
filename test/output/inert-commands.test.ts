import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { LogtoError } from '../../src/errors.js';
import { portHolder } from '../../src/loopback/port-holder.js';
import { errorDocument, reportError } from '../../src/output/error-report.js';
import { jsonFileText } from '../../src/output/json-file.js';
import { paintWith } from '../../src/output/paint.js';
import { plainJson } from '../../src/output/plain-text.js';
import { harReport } from '../../src/trace/har-report.js';
import { htmlReport } from '../../src/trace/html-report.js';
import { textReport } from '../../src/trace/text-report.js';
import { connect, prepare } from '../oidc/protocol-fixture.js';
import { countedProcesses } from '../support/counted-processes.js';
import { callbackOf, HttpBrowser } from '../support/http-browser.js';
import type { Lies } from '../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { runInProcess } from '../support/run-in-process.js';
import { type Json, jwtWithSignature } from '../support/signed-jwt.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { Recorder, type TestMachine, type TestRuntime, testRuntime } from '../support/test-runtime.js';
import { beginTrace } from '../trace/traced-provider.js';

/** Clears the screen, sets the title, links, colours, reverses, and breaks the line in every way there is. */
const evil =
  'a\u001b[2J\u001b]0;t\u0007\u001b]8;;https://evil.test\u001b\\\u009b31m\u009d0;t\u009c\u202eb\u2066\u061c\u007f\0' +
  '\r\nFORGED\u0085FORGED\u2028FORGED\u2029FORGED\u000bFORGED\u000cFORGED\rFORGED';
const evilValues: Json = {
  [evil]: evil,
  nested: { [evil]: [evil] },
  name: evil,
  email: evil,
  username: evil,
};

/** Nothing is written that a terminal obeys, and nothing from outside begins a line. */
function expectInert(text: string, isRepeated = true): void {
  if (isRepeated) expect(text).toContain('FORGED');
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
  expect(text).not.toMatch(/^\s*FORGED/m);
}

/** What was written to a terminal, which breaks lines at words of anybody, without the line that is redrawn there. */
function onTerminal(text: string): string {
  return text.replaceAll('\r\u001b[2K', '').replaceAll('\n', ' ');
}

/** What a person and a program are told of a failure. */
function toldOf(error: unknown): string {
  if (!(error instanceof LogtoError)) throw error;
  const stderr = new Recorder();
  reportError(error, stderr, { verbose: true });
  return `${stderr.text}${plainJson({ error: errorDocument(error) }, 2)}\n`;
}

let provider: LyingProvider;
let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
  provider = await startLyingProvider();
});
afterEach(() => provider.close());

const fetchOnce: HttpBrowser['fetch'] = (url, init = {}) =>
  fetch(url, { ...init, redirect: 'manual', signal: init.signal ?? null, body: init.body ?? null });

/** A browser whose user is signed in at the provider, or that is sent back with these parameters. */
function browser(sentBack?: Readonly<Record<string, string>>): HttpBrowser {
  return new HttpBrowser(fetchOnce, async (url, it) => {
    await it.show(sentBack === undefined ? await provider.authorize(url) : callbackOf(url, sentBack));
  });
}

function run(args: readonly string[], machine: Partial<TestMachine> = {}) {
  const runtime: TestRuntime = testRuntime({ home, browser: browser(), ...machine });
  const connection = ['--issuer', provider.issuer, '--app-id', provider.clientId];
  const isSignIn = args[0] === 'sign-in';
  const port = args.includes('--device') ? [] : ['--port', '0'];
  return {
    runtime,
    ended: runInProcess(runtime, isSignIn ? ['sign-in', ...port, ...connection, ...args.slice(1)] : args),
  };
}

describe('hostile text is inert', () => {
  it.each([[[]], [['--json']], [['--verbose']]])(
    'in the result of sign-in, whoami and UserInfo (%s)',
    async (flags) => {
      provider.lies = {
        idToken: (_, claims) => ({ claims: { ...claims, ...evilValues } }),
        userInfo: (claims) => ({ ...claims, ...evilValues }),
        tokenResponse: (body) => ({ ...body, scope: `openid ${evil}` }),
      };
      const pages = browser();
      const signIn = run(['sign-in', ...flags], { browser: pages });
      expect(await signIn.ended).toBe(0);
      expectInert(signIn.runtime.stdout.text);
      await pages.finished();
      expect(pages.pages[0]?.text).toContain('You are signed in');
      expectInert(pages.pages[0]?.text ?? '');
      const keychain = await signIn.runtime.storage('keychain', 'default');
      for (const command of [['whoami'], ['whoami', '--remote'], ['token', '--id-token', '--decode']]) {
        const next = run([...command, ...flags], { keychain });
        expect(await next.ended).toBe(0);
        expectInert(next.runtime.stdout.text);
      }
    },
  );

  it('as a name that is no text at all', async () => {
    provider.lies = {
      idToken: (_, claims) => ({ claims: { ...claims, name: { toString: 1, valueOf: evil } } }),
    };
    const pages = browser();
    const { ended, runtime } = run(['sign-in'], { browser: pages });
    expect(await ended).toBe(0);
    await pages.finished();
    expect(pages.pages[0]?.text).toContain('You are signed in');
    expectInert(runtime.stdout.text);
  });

  const failures: readonly [where: string, lies: (provider: LyingProvider) => Lies, isRepeated?: boolean][] =
    [
      [
        'the answer of the token endpoint',
        () => ({ answers: { token: { status: 400, body: { error: evil, error_description: evil } } } }),
      ],
      [
        'the issuer of discovery',
        () => ({ discovery: (document) => ({ ...document, issuer: `https://${evil}` }) }),
      ],
      [
        'the issuer of the ID token',
        () => ({ idToken: (_, claims) => ({ claims: { ...claims, iss: evil } }) }),
      ],
      ['the algorithm of the ID token', () => ({ idToken: () => ({ header: { alg: evil } }) }), false],
      ['the issuer of the callback', () => ({ authorizationResponse: (query) => query.set('iss', evil) })],
      [
        'an endpoint of discovery',
        () => ({ discovery: (document) => ({ ...document, token_endpoint: `http://x.test/${evil}` }) }),
        false,
      ],
      [
        'where the token endpoint redirects to',
        () => ({
          answers: { token: { status: 302, headers: { Location: 'https://evil.test/%1b[2J\u00e9' } } },
        }),
        false,
      ],
    ];

  it.each(failures)(
    'in the report of a failure, and on its page: %s',
    async (_where, lies, isRepeated = true) => {
      provider.lies = lies(provider);
      const pages = browser();
      const { ended, runtime } = run(['sign-in'], { browser: pages });
      const told = toldOf(await ended.catch((error: unknown) => error));
      await pages.finished();
      for (const text of [told, ...pages.pages.map((page) => page.text)]) {
        if (isRepeated) expectInert(text);
        else expectInert(text, false);
      }
      expectInert(runtime.stderr.text, false);
    },
  );

  it('in an error that comes to the callback', async () => {
    const sentBack = { error: evil, error_description: evil, error_uri: evil, iss: provider.issuer };
    const pages = browser(sentBack);
    const { ended } = run(['sign-in'], { browser: pages });
    expectInert(toldOf(await ended.catch((error: unknown) => error)));
    await pages.finished();
    expectInert(pages.pages[0]?.text ?? '');
  });

  it('in the address that is shown, which stays one line', async () => {
    provider.lies = {
      discovery: (document) => ({
        ...document,
        authorization_endpoint: `${provider.origin}/authorize?x=${evil}`,
        end_session_endpoint: `${provider.origin}/end-session?x=${evil}`,
      }),
    };
    const signIn = run(['sign-in']);
    await signIn.ended;
    const keychain = await signIn.runtime.storage('keychain', 'default');
    const signOut = run(['sign-out', '--no-browser', '--timeout', '0'], { keychain });
    await signOut.ended;
    for (const { runtime } of [signIn, signOut]) {
      expectInert(runtime.stderr.text);
      expect(runtime.stderr.lines.filter((line) => /^http\S+$/.test(line))).toHaveLength(1);
    }
  });

  it.each([[[]], [['--json']]])('in a JWT that is decoded (%s)', async (flags) => {
    const token = jwtWithSignature(
      { alg: evil, [evil]: evil },
      { ...evilValues, scope: `${evil} ${evil}`, exp: evil },
      Buffer.from('of nobody'),
    );
    const { ended, runtime } = run(['token', '--decode', token, ...flags]);
    await ended;
    expectInert(runtime.stdout.text);
    const piped = run(['token', '--decode', '-', ...flags], { input: token });
    await piped.ended;
    expect(piped.runtime.stdout.text).toBe(runtime.stdout.text);
  });

  it('in the profiles of a configuration file', async () => {
    const evilProfile = { endpoint: evil, appId: evil, caFile: evil };
    const file = {
      version: 1,
      profiles: { [evil]: evilProfile, p: { ...evilProfile, endpoint: 'https://t.test' } },
    };
    await writeFile(join(home, 'config.json'), JSON.stringify(file));
    for (const args of [
      ['profile', 'list'],
      ['profile', 'show', 'p'],
    ]) {
      for (const flags of [[], ['--json']]) {
        const { ended, runtime } = run([...args, ...flags]);
        await ended;
        expectInert(runtime.stdout.text);
      }
    }
    for (const args of [
      ['whoami', '--profile', evil],
      ['profile', 'show', evil],
      ['whoami', '--storage', evil],
    ]) {
      expectInert(toldOf(await run(args).ended.catch((error: unknown) => error)));
    }
  });

  it('in the organization and resource that a token was asked for', async () => {
    provider.lies = {
      answers: { token: { status: 400, body: { error: 'access_denied', error_description: evil } } },
    };
    const organization = `org${evil}`;
    const signIn = run(['sign-in', '--organization', organization]);
    expectInert(toldOf(await signIn.ended.catch((error: unknown) => error)));
    provider.lies = {};
    const granted = run(['sign-in', '--organization', organization]);
    await granted.ended;
    expectInert(granted.runtime.stdout.text);
    expectInert(granted.runtime.stderr.text.replace(/^http.*$/m, ''), false);
  });

  it.each([[[]], [['--json']], [['--json-events']]])(
    'in the code and the page of a sign-in on another device (%s)',
    async (flags) => {
      // More is no user code.
      const code = evil.slice(evil.indexOf('\u202e'));
      const page = `${provider.origin}/activate?x=${evil}`;
      provider.lies = {
        discovery: (document) => ({
          ...document,
          device_authorization_endpoint: `${provider.origin}/device`,
        }),
        answers: {
          elsewhere: {
            body: {
              device_code: 'of-nobody',
              user_code: code,
              verification_uri: page,
              verification_uri_complete: page,
              expires_in: 60,
            },
          },
          token: { status: 400, body: { error: 'access_denied', error_description: evil } },
        },
      };
      for (const isTerminal of [false, true]) {
        const { ended, runtime } = run(['sign-in', '--device', ...flags], {
          isTerminal,
          sleep: async () => {},
        });
        expectInert(toldOf(await ended.catch((error: unknown) => error)));
        expectInert(onTerminal(runtime.stderr.text));
      }
      provider.lies.answers = {
        elsewhere: { body: { device_code: 'x', user_code: code, verification_uri: evil, expires_in: 60 } },
      };
      expectInert(
        toldOf(await run(['sign-in', '--device', ...flags]).ended.catch((error: unknown) => error)),
      );
    },
  );

  it('in what init finds out and asks', async () => {
    await provider.close();
    provider = await startLyingProvider({}, { issuerPath: '/oidc' });
    const asked = async (answers: readonly string[]) => {
      const { ended, runtime } = run(['init'], { isTerminal: true, answers });
      expect(toldOf(await ended.catch((error: unknown) => error))).toContain('The input ended');
      // As the terminal's input writes them.
      const questions = new Recorder(true);
      for (const question of runtime.questions) questions.write([question]);
      return `${onTerminal(runtime.stderr.text)}${questions.text}`;
    };
    const pasted = `${provider.origin}/oidc/auth?client_id=${encodeURIComponent(evil)}`;
    expectInert(await asked([pasted, '']));
    provider.lies = {
      answers: {
        token: { status: 400, body: { error: 'invalid_client', error_description: evil } },
        authorize: { status: 400, body: { error: 'invalid_client', error_description: evil } },
      },
    };
    expectInert(await asked([provider.issuer, 'app', 'secret', 'secret']));
    provider.lies = { discovery: (document) => ({ ...document, issuer: `https://${evil}` }) };
    expectInert(await asked([provider.issuer]));
  });

  it.each([[[]], [['--json']]])('in what an API would say of a token (%s)', async (flags) => {
    const claims = {
      ...provider.claims(),
      ...evilValues,
      aud: [evil],
      scope: evil,
      jti: evil,
      client_id: evil,
    };
    for (const token of [
      provider.sign({ typ: evil, [evil]: evil }, claims),
      provider.sign({ typ: 'at+jwt' }, { ...claims, iss: evil, exp: evil, nbf: evil }),
      jwtWithSignature({ alg: evil, kid: evil }, claims, Buffer.from('of nobody')),
    ]) {
      const expected = ['--audience', evil, '--scope', evil];
      const { ended, runtime } = run(['verify', '-', '--issuer', provider.issuer, ...expected, ...flags], {
        input: token,
      });
      expect(await ended).toBe(6);
      expectInert(runtime.stdout.text);
      expectInert(runtime.stderr.text, false);
    }
  });

  it('in the reports of checks, and in the reasons of a baseline', async () => {
    provider.lies = {
      answers: { token: { status: 401, body: { error: 'invalid_client', error_description: evil } } },
    };
    const baseline = join(home, 'known.json');
    const doctor = ['doctor', '--port', '0', '--issuer', provider.issuer, '--app-id', provider.clientId];
    const files = ['junit=report.xml', 'sarif=report.sarif'].flatMap((report) => [
      '--reporter',
      report.replace('=', `=${home}/`),
    ]);
    const summary = join(home, 'summary.md');
    const environment = { GITHUB_STEP_SUMMARY: summary };
    const report = async (...flags: string[]) => {
      const args = [...doctor, '--baseline', baseline, ...files, '--reporter', 'github', ...flags];
      const { ended, runtime } = run(args, { environment });
      await ended;
      const written = ['report.xml', 'report.sarif', 'summary.md', 'known.json'].map((name) =>
        readFileSync(join(home, name), 'utf8'),
      );
      for (const text of [onTerminal(runtime.stdout.text), ...written]) expectInert(text);
      expectInert(runtime.stderr.text, false);
    };
    const known = [
      { check: 'application.exists', outcome: 'failed', reason: evil },
      { check: 'machine.browser', outcome: 'failed', reason: evil },
    ];
    await writeFile(baseline, plainJson({ version: 1, known }));
    await report();
    await report('--json');
  });

  it('in what a trace says, in each of its files', async () => {
    provider.lies = {
      headers: { token: { 'X-Evil': 'é', 'WWW-Authenticate': 'Bearer error="x"' } },
      answers: {
        token: { status: 400, body: { error: evil, error_description: evil, error_uri: evil, [evil]: evil } },
      },
    };
    const traced = await beginTrace();
    const client = await connect(provider, traced.options);
    await client.exchangeCode(await prepare(provider, client)).catch(() => {});
    const trace = traced.finish();
    expect(JSON.stringify(trace)).toContain('FORGED');
    const text = new Recorder();
    text.write(textReport(trace, paintWith(null), 80));
    for (const file of [jsonFileText(harReport(trace), {}), jsonFileText(trace, {}), htmlReport(trace)])
      expectInert(file);
    expectInert(onTerminal(text.text));
    expect(text.text).not.toMatch(/^FORGED/m);
  });

  it.each([[[]], [['--json']]])('in the settings, whoever said them (%s)', async (flags) => {
    const others = { BROWSER: evil, NO_PROXY: evil, HTTPS_PROXY: evil };
    const shown = async (appId: string) => {
      const profile = { endpoint: `https://t.test/${appId}`, appId, caFile: evil };
      await writeFile(join(home, 'config.json'), JSON.stringify({ version: 1, profiles: { p: profile } }));
      return [
        ['config', 'show', '--profile', 'p'],
        ['config', 'show', '--app-id', appId, '--ca-file', evil],
      ].map((args) => run([...args, ...flags], { environment: { LOGTO_APP_ID: appId, ...others } }));
    };
    // What is an ID or an address has nothing in it that nobody sees, and is not repeated then.
    for (const { ended } of await shown(evil))
      expectInert(toldOf(await ended.catch((error: unknown) => error)), false);
    for (const { ended, runtime } of await shown(evil.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ''))) {
      await ended;
      expectInert(runtime.stdout.text);
      expectInert(runtime.stderr.text, false);
    }
  });

  it('in the seed of an emulator', async () => {
    const seed = {
      users: [{ username: evil, password: evil, name: evil }],
      resources: [],
      organizations: [{ name: evil, members: [evil] }],
    };
    const path = join(home, 'seed.json');
    await writeFile(path, JSON.stringify(seed));
    for (const flags of [[], ['--json']]) {
      const over = new AbortController();
      const runtime = testRuntime({ home, interruption: over.signal });
      const ended = runInProcess(runtime, ['emulator', '--port', '0', '--seed', path, ...flags]);
      await expect.poll(() => runtime.stdout.text, { timeout: 20_000 }).not.toBe('');
      over.abort();
      await ended;
      expectInert(runtime.stdout.text);
    }
  });

  it.runIf(process.platform === 'linux')('in the name of the process that has our port', async () => {
    const script = `process.title = 'x\\u001b[2J\\nFORGED';
      const server = require('net').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port));`;
    const child = await countedProcesses.start(() =>
      spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    const port = await new Promise<number>((resolve) =>
      child.stdout.once('data', (line) => resolve(Number(line))),
    );
    expect(portHolder('127.0.0.1', port)?.command).toContain('\u001b');
    const { ended } = run(['sign-in', '--port', String(port)]);
    expectInert(toldOf(await ended.catch((error: unknown) => error)));
  });
});
