import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { completionShells } from '../../../src/completion/shells.js';
import { defaultSeed, startEmulator } from '../../../src/testing.js';
import type { Answer, Lies, RecordedRequest } from '../../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../../support/lying-provider.js';
import { type RunningProgram, startProgram } from '../../support/program.js';
import { dotsOf, scanned } from '../../support/scanned-code.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { Canary, copiedIn, secrets } from './canary.js';

let provider: LyingProvider;
let canary: Canary;
let connection: readonly string[];
beforeEach(async () => {
  provider = await startLyingProvider({}, { issuerPath: '/oidc' });
  canary = new Canary(await temporaryDirectory(), provider);
  connection = ['--endpoint', provider.origin, '--app-id', provider.clientId];
});
afterEach(() => provider.close());

/** Types an answer to a question, which has to be asked first. */
async function answer(program: RunningProgram, question: RegExp, text = ''): Promise<void> {
  await program.says('stdout', question);
  program.type(text);
}

/** What the last QR code on a terminal leads to. */
function scannedFrom(terminal: string): string {
  const lines = terminal.replaceAll('\r', '').split('\n');
  const drawn = lines
    .map((line) => line.replace('\u001b[2K', ''))
    .filter((line) => /^[ ▀▄█]{25,}$/.test(line));
  return scanned(dotsOf(drawn, { hasMarks: true }));
}

const page = () => `${provider.origin}/activate`;
const userCode = 'WDJB-MJHT';

/** A provider with a device flow, whose token endpoint answers this. */
function onDevice(token: (request: RecordedRequest) => Answer): Lies {
  const device = {
    device_code: secrets.device,
    user_code: userCode,
    verification_uri: page(),
    verification_uri_complete: `${page()}?user_code=${userCode}`,
    expires_in: 600,
    interval: 1,
  };
  return {
    discovery: (document) => ({ ...document, device_authorization_endpoint: `${provider.origin}/device` }),
    answers: {
      elsewhere: ({ url }) => (url.pathname === '/device' ? { body: device } : 'honest'),
      token: (request) => (request.form.has('device_code') ? token(request) : 'honest'),
    },
  };
}

function pending(): Answer {
  return { status: 400, body: { error: 'authorization_pending', error_description: secrets.device } };
}

function granted(): Answer {
  const body = {
    access_token: `access-${crypto.randomUUID()}`,
    refresh_token: `refresh-${crypto.randomUUID()}`,
    id_token: provider.sign({}, provider.claims()),
    token_type: 'Bearer',
    expires_in: 3600,
  };
  provider.issued.push(body.access_token, body.refresh_token, body.id_token);
  return { body };
}

describe('no secret is seen, found or handed on', () => {
  it('where one is typed unseen, and kept with a profile', async () => {
    const seed = defaultSeed();
    const applications = seed.applications.map((application) =>
      application.type === 'Traditional' ? { ...application, appSecret: secrets.typed } : application,
    );
    const emulator = await startEmulator({ seed: { ...seed, applications } });
    onTestFinished(() => emulator.close());
    const environment = { LOGTO_APP_SECRET: '' };
    const { stdout } = await canary.run(['init', '--endpoint', emulator.endpoint], {
      terminal: true,
      environment,
      during: async (program) => {
        await answer(program, /or of a page of Logto.*: $/);
        await answer(program, /App ID of the application.*: $/, 'emulator-traditional');
        await answer(program, /Secret of the application, not shown: $/, secrets.password);
        await answer(program, /Copy it again\.\s+Secret of the application, not shown: $/, secrets.typed);
        await answer(program, /✓ The secret is right[\s\S]*Sign in now, in the browser\? \[Y\/n\] $/, 'n');
      },
    });
    expect(stdout).toContain('The profile default is set');
    for (const flags of [[], ['--json']]) {
      await canary.run(['config', 'show', ...flags], { environment });
      await canary.run(['profile', 'show', 'default', ...flags]);
    }
    // A password is asked for in the same way.
    const headless = [
      'sign-in',
      '--endpoint',
      emulator.endpoint,
      '--app-id',
      'emulator-native',
      '--headless',
    ];
    await canary.run([...headless, '--username', 'alice', '--profile', 'alice'], {
      terminal: true,
      environment: {
        ...environment,
        LOGTO_CLI_PASSWORD: '',
        LOGTO_CLI_TOTP_SECRET: '',
        LOGTO_CLI_BACKUP_CODE: '',
      },
      exitCode: 5,
      during: (program) => answer(program, /Password of alice: $/, secrets.password),
    });
    canary.expectNothing();
  });

  it('of a sign-in on another device, whose user code alone is for people', async () => {
    let token: (request: RecordedRequest) => Answer = pending;
    provider.lies = onDevice((request) => token(request));
    const signIn = ['sign-in', ...connection, '--device'];
    const { stdout } = await canary.run(signIn, {
      terminal: true,
      environment: { LOGTO_APP_SECRET: secrets.app },
      during: async (program) => {
        await program.says('stdout', /c copies the address/);
        program.send('c');
        await program.says('stdout', /The address is (copied|handed)/);
        token = granted;
      },
    });
    expect(stdout).toContain(userCode);
    expect(copiedIn(stdout)).toEqual([`${page()}?user_code=${userCode}`]);
    expect(scannedFrom(stdout)).toBe(`${page()}?user_code=${userCode}`);

    const told = await canary.run([...signIn, '--json-events', '--no-browser']);
    expect(JSON.parse(told.stderr.split('\n').find((line) => line.includes('"device_code"')) ?? '')).toEqual({
      event: 'device_code',
      userCode,
      verificationUri: page(),
      verificationUriComplete: `${page()}?user_code=${userCode}`,
      expiresAt: expect.any(String),
    });

    for (const [error, exitCode] of [
      ['access_denied', 5],
      ['invalid_grant', 5],
      ['expired_token', 124],
      ['canary_error', 9],
    ] as const) {
      token = ({ form }) => ({
        status: 400,
        body: { error, error_description: `${form}`, error_uri: `${form}` },
      });
      await canary.run([...signIn, '--no-browser'], { exitCode });
      await canary.run([...signIn, '--no-browser', '--json'], { exitCode });
    }
    token = ({ form }) => ({ body: { ...(granted().body as object), token_type: `mac ${form}` } });
    await canary.run([...signIn, '--no-browser'], { exitCode: 6 });
    expect(provider.requests.some(({ form }) => form.get('device_code') === secrets.device)).toBe(true);
    canary.expectNothing();
  });

  it('where the address is shown, copied, drawn and pasted', async () => {
    let url = '';
    const signIn = ['sign-in', ...connection, '--port', '0', '--no-browser'];
    const { stdout } = await canary.run(signIn, {
      terminal: true,
      environment: { LOGTO_APP_SECRET: secrets.app },
      during: async (program) => {
        url = await program.line('stdout', /^https?:\/\/\S+[?&]code_challenge=/);
        await program.says('stdout', /left · Enter/);
        program.send('c');
        await program.says('stdout', /The address is (copied|handed)/);
        program.send('q');
        await program.says('stdout', /[▀▄█ ]{40,}[\s\S]*left · Enter/);
        const stray = `code=${secrets.oneTime}&state=${secrets.typed}`;
        program.send(`\u001b[200~http://localhost:1/callback?${stray}\u001b[201~\r`);
        await program.says('stdout', /What was pasted is of another port/);
        // As it is typed, sign by sign, it is no more to be seen.
        program.send(`\u001b[200~state=${secrets.typed}\u001b[201~\r`);
        await program.says('stdout', /What was pasted carried another state/);
        program.send(`\u001b[200~code=${secrets.typed}\u001b[201~`);
        await program.says('stdout', /signs pasted, not shown/);
        program.send('\u0015');
        program.send(`${await provider.authorize(url)}\r`);
      },
    });
    const [, short = ''] = /(http:\/\/localhost:\d+\/[a-z]{12})\b/.exec(stdout) ?? [];
    const [copied = ''] = copiedIn(stdout);
    // The whole one only where the browser is not on this machine.
    expect([short, url]).toContain(copied);
    expect(scannedFrom(stdout)).toBe(url);

    const events = await canary.run([...signIn, '--callback-stdin', '--json-events'], {
      during: async (program) => {
        const line = await program.line('stderr', /"event":"authorization_url"/);
        program.send(`nothing of use ${secrets.typed}\ncode=${secrets.typed}&state=${secrets.password}\n`);
        program.send(`${await provider.authorize(JSON.parse(line).url)}\n`);
      },
    });
    expect(events.stderr).toContain('another state than ours');
    canary.expectNothing();
  });

  it('by a shell that completes a line with one in it', async () => {
    const lines = [
      ['sign-in', '--app-secret', secrets.app, ''],
      ['sign-in', `--app-id=${secrets.app}`],
      ['sign-in', '--app-id', secrets.app, '--'],
      ['token', '--decode', secrets.subject],
      ['verify', secrets.subject, '--resource', ''],
      ['profile', 'use', secrets.profile],
      [secrets.profile],
    ];
    for (const shell of completionShells) {
      for (const words of lines) {
        const stdin = [...(shell === 'bash' ? [words.at(-1)] : []), ...words]
          .map((word) => `${word}\0`)
          .join('');
        await canary.run(['completion', '--complete', shell], { stdin, isQuiet: true });
      }
      await canary.run(['completion', shell], { isQuiet: true });
    }
    canary.expectNothing();
  });

  it('where a running emulator is told what to do', async () => {
    const home = join(canary.home, 'home');
    const emulator = startProgram(['emulator', '--port', '0', '--json', '--verbose'], { home });
    const { endpoint, control } = JSON.parse(await emulator.line('stdout', /^\{/));
    const set = ['emulator', 'set', '--endpoint', endpoint];
    const quiet = { isQuiet: true } as const;
    for (const flags of [[], ['--json'], ['--verbose']]) {
      await canary.run([...set, '--fault', 'userinfo=status:503', ...flags], quiet);
      await canary.run([...set, '--clear-faults', '--key-stdin', ...flags], { ...quiet, stdin: control.key });
      await canary.run([...set, '--clear-faults', '--key-stdin', ...flags], {
        ...quiet,
        stdin: secrets.control,
        exitCode: 2,
      });
    }
    const header = { authorization: `Bearer ${secrets.control}` };
    await fetch(`${endpoint}/.emulator?key=${secrets.control}`, { method: 'PATCH', headers: header });
    emulator.kill('SIGTERM');
    const { stderr } = await emulator.ended;
    expect(stderr).toContain('PATCH /.emulator: 403');
    canary.saw('the log of the emulator', stderr);
    provider.issued.push(control.key);
    canary.expectNothing();
  });

  it('by what lists the settings, wherever each of them comes from', async () => {
    const file = join(await temporaryDirectory(), 'variables.env');
    const { writeFile } = await import('node:fs/promises');
    await writeFile(
      file,
      `LOGTO_CLI_SUBJECT_TOKEN=${secrets.subject}\nLOGTO_APP_SECRET=${secrets.machine}\n`,
    );
    await canary.run(['profile', 'set', 'web', ...connection, '--app-secret-stdin'], {
      stdin: secrets.profile,
    });
    const environment = {
      LOGTO_APP_SECRET: secrets.app,
      LOGTO_CLI_ONE_TIME_TOKEN: secrets.oneTime,
      HTTPS_PROXY: `http://user:${secrets.typed}@proxy.example.test`,
      LOGTO_CLI_ISSUER: `https://user:${secrets.password}@id.example.test`,
    };
    for (const flags of [[], ['--json'], ['--profile', 'web'], ['--dotenv', file, '--json']]) {
      await canary.run(['config', 'show', ...flags], { environment });
      await canary.run(['config', 'show', ...flags]);
    }
    await canary.run(['config', 'path', '--json'], { environment });
    canary.expectNothing();
  });

  it('by what an API would say of the tokens of a session, and of one that was changed', async () => {
    const api = 'https://api.example.test';
    const withSecret = { environment: { LOGTO_APP_SECRET: secrets.app } };
    await canary.run(['sign-in', ...connection, '--port', '0', '--resource', api], withSecret);
    await canary.run(['token', '--resource', api], { printsToken: true });
    for (const flags of [[], ['--json']]) {
      await canary.run(['verify', '--resource', api, ...flags], { exitCode: null });
      await canary.run(['verify', '--resource', 'https://other.example.test', ...flags], { exitCode: null });
      for (const token of provider.issued.filter((issued) => issued.split('.').length === 3)) {
        const changed = `${token.slice(0, -8)}AAAAAAAA`;
        provider.issued.push(changed);
        await canary.run(['verify', '-', '--endpoint', provider.origin, ...flags], {
          stdin: changed,
          exitCode: 6,
        });
      }
    }
    canary.expectNothing();
  });

  it('in an exchange with an actor, and in a denial that repeats what was sent', async () => {
    const machine = { LOGTO_APP_SECRET: secrets.machine };
    const exchange = ['token', '--exchange', ...connection, '--actor-token-stdin'];
    const environment = { ...machine, LOGTO_CLI_SUBJECT_TOKEN: secrets.subject, LOGTO_CLI_ACTOR_TOKEN: '' };
    const actor = { environment, stdin: secrets.actor };
    await canary.run(exchange, { ...actor, printsToken: true });
    expect(provider.requestsTo('token').at(-1)?.form.get('actor_token')).toBe(secrets.actor);
    await canary.run(['sign-in', ...connection, '--port', '0'], { environment: machine });
    provider.lies = {
      answers: {
        token: ({ form, headers }) => ({
          status: 400,
          body: { error: 'access_denied', error_description: `${form} ${headers.authorization}` },
        }),
      },
    };
    for (const flags of [[], ['--json']]) {
      await canary.run([...exchange, ...flags], { ...actor, exitCode: 5 });
      await canary.run(['token', '--refresh', ...flags], { exitCode: 5 });
    }
    canary.expectNothing();
  });

  it('in the reports and the baseline of what looks for faults', async () => {
    const environment = { LOGTO_APP_SECRET: secrets.app };
    const baseline = join(canary.home, 'known.json');
    const doctor = ['doctor', ...connection, '--port', '0', '--baseline', baseline];
    const reports = ['junit=doctor.xml', 'sarif=doctor.sarif', 'github'].flatMap((report) => [
      '--reporter',
      report.replace('=', `=${canary.home}/`),
    ]);
    provider.lies = {
      discovery: (document) => ({ ...document, end_session_endpoint: undefined }),
      answers: {
        token: ({ form, headers }) => ({
          status: 401,
          body: { error: 'invalid_client', error_description: `${form} ${headers.authorization}` },
        }),
      },
    };
    const GITHUB_STEP_SUMMARY = join(canary.home, 'summary.md');
    const inJob = { environment: { ...environment, GITHUB_STEP_SUMMARY }, exitCode: null };
    await canary.run([...doctor, '--update-baseline', ...reports], inJob);
    await canary.run([...doctor, ...reports], inJob);
    expect(readFileSync(baseline, 'utf8')).toContain('application.');
    expect(
      ['doctor.xml', 'doctor.sarif', 'summary.md'].filter((name) => !existsSync(join(canary.home, name))),
    ).toEqual([]);
    canary.expectNothing();
  });
});
