import { describe, expect, it } from 'vitest';
import { makeCommandTable } from '../../src/cli/make-command-table.js';
import type { CommandTable, TableCommand } from '../../src/completion/command-table.js';
import { type Completion, complete } from '../../src/completion/complete.js';
import { listenAddress } from '../../src/loopback/listen-address.js';

const table = await makeCommandTable();

function completionOf(line: string, profiles: readonly string[] = []): Completion {
  const words = line.split(' ');
  const current = words.pop() ?? '';
  return complete(table, words, current, () => profiles);
}

/** The whole words that are offered, whatever has been typed of them. */
function offered(line: string, profiles?: readonly string[]): readonly string[] {
  const found = completionOf(line, profiles);
  return found.kind === 'values' ? found.values.map(({ value }) => found.prefix + value) : [found.kind];
}

/** Every command with its words, those inside of others too. */
function commandsOf(command: TableCommand, path: readonly string[] = []): [string, TableCommand][] {
  return command.commands.flatMap((inner) => {
    const own = [...path, inner.names[0] ?? ''];
    return [[own.join(' '), inner] as [string, TableCommand], ...commandsOf(inner, own)];
  });
}

describe('the first word', () => {
  it('is a command, an alias or help', () => {
    expect(offered('')).toEqual(expect.arrayContaining(['sign-in', 'login', 'sign-out', 'logout', 'help']));
    expect(offered('--json --profile x ')).toContain('whoami');
  });

  it('is a flag where a dash is typed: one that every command takes, or the version', () => {
    expect(offered('-')).toEqual(
      expect.arrayContaining(['--profile', '--json', '-q', '--version', '-V', '--help']),
    );
    expect(offered('--')).not.toContain('-q');
    expect(offered('-')).not.toContain('--headless');
  });

  it('means nothing where there is no such command', () => {
    expect(offered('nothing ')).toEqual([]);
    expect(offered('-- ')).toEqual([]);
    expect(offered('profile nothing ')).toEqual([]);
  });
});

describe('a flag', () => {
  it.each(commandsOf(table.program))(
    'of %s is offered, but for one that is refused',
    (path, { flags, commands }) => {
      const all = flags.flatMap((place) => table.flags[place] ?? []);
      const long = all
        .filter(({ isHidden }) => !isHidden)
        .flatMap(({ names }) => names.filter((name) => name.startsWith('--')));
      expect(offered(`${path} --`)).toEqual(expect.arrayContaining(long));
      const refused = all.filter(({ isHidden }) => isHidden).flatMap(({ names }) => names);
      expect(offered(`${path} -`).filter((name) => refused.includes(name))).toEqual([]);
      expect(commands.length === 0 || offered(`${path} `).length > 0).toBe(true);
    },
  );

  it('is offered once, unless it may be given several times', () => {
    expect(offered('whoami --json --')).not.toContain('--json');
    expect(offered('--json whoami --')).not.toContain('--json');
    expect(offered('whoami -q --')).not.toContain('--quiet');
    expect(offered('sign-in --app-id=x --')).not.toContain('--client-id');
    expect(offered('sign-in --scope x --')).toContain('--scope');
    expect(offered('sign-in --expect x --')).toContain('--expect');
    expect(offered('emulator --fault token=down --')).toContain('--fault');
  });

  it('comes after a value, whatever that looks like', () => {
    expect(offered('sign-in --app-id --json --')).toContain('--json');
    expect(offered('sign-in --app-id=--json --')).toContain('--json');
  });

  it('is offered for a word that cannot be anything else', () => {
    expect(offered('whoami ')).toContain('--remote');
    expect(offered('token --decode ')).toContain('--json');
    expect(offered('token --decode x --no-i')).toContain('--no-input');
    expect(offered('token --decode --json --')).not.toContain('--json');
  });

  it('is none behind --', () => {
    expect(offered('whoami -- --')).toEqual([]);
  });

  it('has its value behind =, where it may stand alone, too', () => {
    expect(offered('whoami --trace')).toEqual(expect.arrayContaining(['--trace', '--trace=']));
    expect(offered('whoami --trace=')).toEqual(['files']);
    expect(offered('whoami --trace ')).toContain('--remote');
  });
});

describe('a value', () => {
  it.each([
    ['sign-in --storage ', ['keychain', 'file', 'memory']],
    ['--storage ', ['keychain', 'file', 'memory']],
    ['sign-in --storage=', ['--storage=keychain', '--storage=file', '--storage=memory']],
    ['emulator --id-token-algorithm ', ['ES384', 'ES256', 'RS256', 'PS256']],
    ['completion ', ['bash', 'zsh', 'fish', 'powershell']],
    ['sign-in --identifier username,', ['username,email', 'username,phone']],
    ['sign-in --listen ', ['localhost', '127.0.0.1', '::1', '0.0.0.0', '::']],
    ['sign-out --listen=', ['localhost', '127.0.0.1', '::1', '0.0.0.0', '::'].map((a) => `--listen=${a}`)],
    ['sign-in --direct-sign-in ', ['social:', 'sso:']],
    ['sign-in --direct-sign-in social:', []],
    ['sign-in --app-id ', []],
    ['sign-in --app-id=', []],
    ['test --reporter ', ['junit=', 'sarif=', 'github']],
    ['test --reporter=', ['--reporter=junit=', '--reporter=sarif=', '--reporter=github']],
    ['doctor --fix-hints ', ['console']],
    ['emulator --fault code=', ['code=reusable']],
    ['emulator --fault=code=', ['--fault=code=reusable']],
    ['sign-in --password ', offered('sign-in ')],
    ['sign-in --password=', []],
  ])('behind "%s" is %j', (line, values) => {
    expect(offered(line)).toEqual(values);
  });

  it('of --listen is one that it takes', () => {
    for (const address of offered('sign-in --listen ')) expect(listenAddress(address)).toBe(address);
  });

  it.each([
    '--ca-file ',
    'sign-in --ca-file=',
    'sign-in --client-key ',
    '--dotenv x',
    'emulator --seed ',
    'emulator --tls-key ',
    'test ',
    'test sc',
    'test --baseline ',
    'test --reporter junit=',
    'doctor --reporter=sarif=x',
  ])('behind "%s" is a file', (line) => {
    expect(completionOf(line).kind).toBe('files');
  });

  it('says what stands in the word before a file', () => {
    expect(completionOf('test --reporter=junit=a/b')).toEqual({ kind: 'files', prefix: '--reporter=junit=' });
  });

  it('is a profile', () => {
    const profiles = ['default', 'web'];
    expect(offered('profile use ', profiles)).toEqual(profiles);
    expect(offered('profile show ', profiles)).toEqual(profiles);
    expect(offered('profile remove d', profiles)).toEqual(profiles);
    expect(offered('whoami --profile ', profiles)).toEqual(profiles);
    expect(offered('--profile=', profiles)).toEqual(['--profile=default', '--profile=web']);
  });

  it('asks for the profiles only where one may stand', () => {
    const never = () => expect.unreachable();
    expect(complete(table, ['sign-in'], '--', never).kind).toBe('values');
    expect(complete(table, ['profile', 'use', 'web'], '', never).kind).toBe('values');
  });

  it('is a check, of those that there are with a user or without', () => {
    expect(offered('test --only ')).toEqual(expect.arrayContaining(['pkce', 'pkce.plain']));
    expect(offered('test --only pkce,')).toContain('pkce,pkce.plain');
    expect(offered('test --only pkce,')).not.toContain('pkce,pkce');
    expect(offered('test --as alice --only ')).not.toContain('pkce.plain');
    expect(offered('test-app --only ')).toContain('callback');
  });
});

describe('help', () => {
  it('is of a command or a page, each once', () => {
    const names = offered('help ');
    expect(names).toEqual(expect.arrayContaining(['whoami', 'login', 'exit-codes', 'emulator']));
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain('help');
  });

  it('is of a command inside of another', () => {
    expect(offered('help profile ')).toEqual(['list', 'show', 'set', 'use', 'remove']);
    expect(offered('profile help ')).toEqual(['list', 'show', 'set', 'use', 'remove']);
    expect(offered('profile ')).toContain('help');
    expect(offered('help whoami ')).toEqual([]);
  });
});

describe("another program's command line", () => {
  it.each([
    ['exec ', 1],
    ['exec --json ', 2],
    ['exec --json -- ', 3],
    ['exec --profile web npm st', 3],
    ['exec -- npm --', 2],
    ['test-app http://localhost:8080 -- npm ', 3],
  ])('begins in "%s" with word %i', (line, from) => {
    expect(completionOf(line)).toEqual({ kind: 'program', from });
  });

  it('does not begin before that', () => {
    expect(offered('exec --res')).toContain('--resource');
    expect(offered('exec --storage ')).toContain('file');
    expect(offered('test-app http://localhost:8080 ')).toContain('--list');
  });
});

it('is found in a table of any shape, and never fails', () => {
  const empty: CommandTable = {
    flags: [],
    program: { names: [], about: '', flags: [7], words: [], commands: [] },
    topics: [],
  };
  for (const words of [[], ['--'], ['-x', 'y'], ['help', 'help'], ['']])
    expect(() => complete(empty, words, '-', () => [])).not.toThrow();
});
