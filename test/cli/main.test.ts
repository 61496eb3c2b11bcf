import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.js';
import { secretVariables } from '../../src/secret-variables.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { writtenBy } from '../support/text-encodings.js';

let home: string;
let stdout: string;
let stderr: string;
beforeEach(async () => {
  home = await temporaryDirectory();
  [stdout, stderr] = ['', ''];
  vi.stubEnv('LOGTO_CLI_HOME', home);
  // A process runs the program once, and this one often: its listeners would pile up.
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'on').mockReturnThis();
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('the program', () => {
  it('prints its version', async () => {
    for (const flag of ['--version', '-V']) {
      stdout = '';
      expect(await main([flag])).toBe(0);
      expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    }
  });

  it('prints its help when it is given nothing, and when it is asked for it', async () => {
    for (const argv of [[], ['--help'], ['-h'], ['help']]) {
      stdout = '';
      expect(await main(argv)).toBe(0);
      expect(stdout).toContain('sign-in');
      expect(stderr).toBe('');
    }
  });

  it('takes our secret variables out of the environment that its children inherit', async () => {
    const names = [...secretVariables, 'LOGTO_CLI_ALICE_PASSWORD'];
    for (const name of names) vi.stubEnv(name, 'a-secret');
    await main(['whoami', '--storage', 'file']);
    for (const name of names) expect(process.env[name]).toBeUndefined();
  });
});

describe('a usage error', () => {
  it.each([
    [['sing-in'], 'sign-in'],
    [['sign-in', '--bogus'], '--bogus'],
    [['sign-in', '--port', 'x'], '--port'],
    [['sign-in', '--first-screen', 'bogus'], 'identifier:register'],
    [['whoami', 'x'], 'whoami'],
    [['profile'], 'profile'],
    [['profile', 'bogus'], 'bogus'],
    [['help', 'bogus'], 'There is no such command or topic (usage_invalid)\nhint: Topics: flags, '],
  ])('exits 2 and says what is wrong, without a stack: %j', async (argv, named) => {
    expect(await main(argv)).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('(usage_invalid)');
    expect(stderr).toContain(named);
    expect(stderr).toContain('hint: ');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each([
    [['whoami', '--jsn'], 'Did you mean --json? See: logto-cli whoami --help'],
    [['whoami', '-json'], 'Did you mean --json? See: logto-cli whoami --help'],
    [['whoami', '--APP_ID', 'x'], 'Did you mean --app-id? See: logto-cli whoami --help'],
    [['token', '--org=x'], 'Did you mean --organization? See: logto-cli token --help'],
    [['token', '--audience=x'], 'Did you mean --resource? See: logto-cli token --help'],
    [['verify', '--aud=x'], 'Did you mean --audience? See: logto-cli verify --help'],
    [['whoami', '--client=x'], 'Did you mean --client-id or --client-key? See: logto-cli whoami --help'],
    [['whoami', '--clientid=x'], 'Did you mean --client-id? See: logto-cli whoami --help'],
    [
      ['profile', 'set', 'web', '--endpont', 'x'],
      'Did you mean --endpoint? See: logto-cli profile set --help',
    ],
    [['whoami', '--json=true'], '--json takes no value. (usage_invalid)\nhint: Give --json alone.'],
    [['--quiet=1', 'token'], '--quiet takes no value. (usage_invalid)\nhint: Give --quiet alone.'],
    [['profile', 'list', '--frobnicate'], 'hint: See: logto-cli profile list --help'],
    [['whoami', '--version'], 'hint: See: logto-cli whoami --help'],
    [['sign-up'], 'Did you mean logto-cli sign-in --sign-up?'],
    [['profile', 'delete', 'web'], 'Did you mean logto-cli profile remove?'],
  ])('says what may have been meant, and where the right words are: %j', async (argv, hint) => {
    expect(await main(argv)).toBe(2);
    expect(stderr).toContain(hint);
  });

  it('is one JSON document wherever --json stands, unless that is for another program', async () => {
    for (const argv of [
      ['--json', 'bogus'],
      ['--json', 'whoami', '--bogus'],
      ['profile', '--json', 'bogus'],
    ]) {
      stdout = '';
      expect(await main(argv)).toBe(2);
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'usage_invalid' } });
    }
    [stdout, stderr] = ['', ''];
    expect(await main(['exec', '--storage', 'file', 'npm', '--json'])).toBe(4);
    expect([stdout, stderr]).toEqual(['', expect.stringContaining('(not_signed_in)')]);
  });

  it('is one JSON document with --json', async () => {
    expect(await main(['sign-in', '--json', '--bogus'])).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'usage_invalid', message: expect.stringContaining('--bogus'), hint: expect.any(String) },
    });
    expect(stderr).toBe('');
  });

  it.each([
    [['sign-in', '--anything=hunter2']],
    [['sign-in', "--anything=it's hunter2"]],
    [['sign-in', '--secret=a=hunter2']],
    [['sign-in', '--secret=a\nhunter2']],
    [['sign-in', '--app-secret=hunter2']],
    [['sign-in', '--app-secret', 'hunter2']],
    [['sign-in', '--password', 'hunter2']],
    [['sign-in', '--pasword', 'hunter2']],
    [['whoami', '--client-secret', 'hunter2']],
    [['sign-out', '--password=hunter2']],
    [['profile', 'set', 'web', '--app-secret', 'hunter2']],
    [['profile', 'list', '--app-secret', 'hunter2']],
    [['emulator', '--password', 'hunter2']],
    [['demo', '--app-secret=hunter2']],
    [['--app-secret', 'hunter2', 'sign-in']],
    [['--app-secret=hunter2', 'sign-in']],
    [['-phunter2']],
    [['sign-in', '-phunter2']],
    [['sign-in', '-p=hunter2']],
  ])('does not repeat a value that may be a secret: %j', async (argv) => {
    for (const format of [[], ['--json'], ['--verbose']]) {
      [stdout, stderr] = ['', ''];
      expect(await main([...argv, ...format])).toBe(2);
      expect(stdout + stderr).not.toContain('hunter2');
      expect(stdout + stderr).toContain('usage_invalid');
    }
  });
});

describe('a failure', () => {
  it('ends with its own exit code', async () => {
    expect(await main(['whoami', '--storage', 'file'])).toBe(4);
    expect(stderr).toContain('(not_signed_in)');
    expect(await main(['sign-in'])).toBe(2);
    expect(stderr).toContain('(config_missing)');
    expect(await main(['whoami', '--profile', 'nobody', '--storage', 'file'])).toBe(2);
    expect(stderr).toContain('(profile_unknown)');
  });

  it('is one JSON document on stdout, and nothing on stderr, with --json', async () => {
    expect(await main(['whoami', '--storage', 'file', '--json'])).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'not_signed_in' } });
    expect(stderr).toBe('');
  });

  it('of a damaged configuration is config_invalid, for every command that reads it', async () => {
    await writeFile(join(home, 'config.json'), '{');
    for (const argv of [['whoami'], ['sign-in'], ['sign-out'], ['profile', 'list']]) {
      stderr = '';
      expect(await main(argv)).toBe(2);
      expect(stderr).toContain('(config_invalid)');
      expect(stderr).toContain('config.json');
    }
  });

  it('of the configuration does not keep the help from coming', async () => {
    await writeFile(join(home, 'config.json'), '{');
    expect(await main(['sign-in', '--help'])).toBe(0);
    expect(await main(['--version'])).toBe(0);
  });
});

describe('--trace', () => {
  it('takes its file after = only: no word that follows it is overwritten', async () => {
    const file = join(home, 'scenarios.json');
    await writeFile(file, 'precious');
    expect(await main(['whoami', '--storage', 'file', '--trace', file])).toBe(2);
    expect(stderr).toContain('usage_invalid');
    expect(await readFile(file, 'utf8')).toBe('precious');

    stderr = '';
    expect(await main(['profile', 'show', '--trace', 'nobody'])).toBe(2);
    expect(stderr).toMatch(/Trace of profile.*"nobody"/s);

    expect(await main(['whoami', '--storage', 'file', `--trace=${file}`])).toBe(4);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ exitCode: 4 });
  });

  it("behind -- is the other program's", async () => {
    const argv = ['exec', '--storage', 'file', '--', 'true', '--trace', 'x'];
    expect(await main(argv)).toBe(4);
    expect(stderr).not.toContain('Trace of');
  });
});

describe('the file of --dotenv', () => {
  const whoami = ['whoami', '--json', '--storage', 'file', '--dotenv'];

  /** Which profile a run is about, by its failure. */
  async function profileOf(argv: readonly string[]): Promise<string> {
    stdout = '';
    await main(argv);
    return /profile ["]?([\w-]+)/.exec(JSON.parse(stdout).error.message)?.[1] ?? '';
  }

  it('is weaker than the environment, and stronger than nothing', async () => {
    const file = join(home, 'variables');
    await writeFile(file, 'LOGTO_CLI_PROFILE=from-file\n');
    expect(await profileOf([...whoami, file])).toBe('from-file');
    vi.stubEnv('LOGTO_CLI_PROFILE', 'from-environment');
    expect(await profileOf([...whoami, file])).toBe('from-environment');
    vi.stubEnv('LOGTO_CLI_PROFILE', '');
    expect(await profileOf([...whoami, file])).toBe('from-file');
  });

  it('lends no home: what is kept there would be believed', async () => {
    const [other, file] = [join(home, 'other'), join(home, 'variables')];
    await mkdir(other);
    await writeFile(
      join(other, 'config.json'),
      '{"version":1,"current":"from-home","profiles":{"from-home":{}}}',
    );
    await writeFile(file, `LOGTO_CLI_HOME=${other}\n`);
    vi.stubEnv('LOGTO_CLI_HOME', '');
    for (const name of ['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME'])
      vi.stubEnv(name, home);
    expect(await profileOf([...whoami, file])).toBe('default');
    expect(stderr).toMatch(/LOGTO_CLI_HOME in the file of --dotenv has no effect/);
  });

  it.each([
    ['$env:LOGTO_CLI_PROFILE = "from-file"', 'LOGTO_CLI_PROFILE', 'PowerShell'],
    ['$Env:LOGTO_APP_SECRET="sesame"', 'LOGTO_APP_SECRET', 'PowerShell'],
    ['set LOGTO_CLI_PROFILE=from-file', 'LOGTO_CLI_PROFILE', 'cmd'],
    ['SET "LOGTO_CLI_PROFILE=from-file"', 'LOGTO_CLI_PROFILE', 'cmd'],
  ])('says which lines are of another shell: %s', async (line, name, shell) => {
    const file = join(home, 'variables');
    await writeFile(file, `# remarks\n${line}\nNO_COLOR=1\n`);
    stderr = '';
    expect(await profileOf([...whoami, file])).toBe('default');
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(`sets ${name} as in`);
    expect(stderr).toContain(shell);
    expect(stderr).not.toContain('sesame');
    await writeFile(file, 'LOGTO_CLI_PROFILE=from-file\n  export NO_COLOR=1\nA="set B=c"\n');
    stderr = '';
    expect(await profileOf([...whoami, file])).toBe('from-file');
    expect(stderr).toBe('');
  });

  it('leaves the environment as it is', async () => {
    const file = join(home, 'variables');
    await writeFile(file, 'LOGTO_APP_SECRET=a-secret\nLOGTO_APP_ID=from-file\n');
    await main([...whoami, file]);
    expect(process.env['LOGTO_APP_SECRET']).toBeUndefined();
    expect(process.env['LOGTO_APP_ID']).toBeUndefined();
  });

  it.each(Object.entries(writtenBy))('is read when it was written as %s', async (_, write) => {
    const file = join(home, 'variables');
    await writeFile(file, write('LOGTO_CLI_PROFILE=from-file\n# remarks\nLOGTO_APP_ID = app\n'));
    expect(await profileOf([...whoami, file])).toBe('from-file');
  });

  it('that is not there is config_invalid', async () => {
    expect(await main([...whoami, join(home, 'missing')])).toBe(2);
    expect(stdout).toContain('config_invalid');
  });

  it('is never read unasked', async () => {
    const before = process.cwd();
    await writeFile(join(home, '.env'), 'LOGTO_CLI_PROFILE=from-file\n');
    process.chdir(home);
    try {
      expect(await profileOf(['whoami', '--json', '--storage', 'file'])).toBe('default');
    } finally {
      process.chdir(before);
    }
  });
});
