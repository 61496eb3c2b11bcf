import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  fishOffers,
  installCompletion,
  type ShellPlace,
  shellMissing,
  shellPlace,
  startShell,
  writeProfiles,
} from '../support/completing-shell.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** What is typed, and what stands on the line after a Tab at its end (or where the `\t` is). */
const lines: readonly (readonly [what: string, typed: string, line: string])[] = [
  ['a command', 'logto-cli who', 'logto-cli whoami '],
  ['an alias', 'logto-cli logi', 'logto-cli login '],
  ['an inner command', 'logto-cli profile u', 'logto-cli profile use '],
  ['a flag', 'logto-cli sign-in --sto', 'logto-cli sign-in --storage '],
  ['a value behind =', 'logto-cli sign-in --storage=f', 'logto-cli sign-in --storage=file '],
  ['a value in the next word', 'logto-cli sign-in --storage f', 'logto-cli sign-in --storage file '],
  ['a value between quotes', 'logto-cli sign-in --storage "f', 'logto-cli sign-in --storage "file" '],
  ['a global flag before the command', 'logto-cli --profile wo', 'logto-cli --profile work.staging '],
  [
    'a command behind global flags',
    'logto-cli --profile web --json who',
    'logto-cli --profile web --json whoami ',
  ],
  ['a profile', 'logto-cli profile use wo', 'logto-cli profile use work.staging '],
  [
    'a profile whose name begins in quotes',
    "logto-cli profile use 'wo",
    "logto-cli profile use 'work.staging' ",
  ],
  ['an error code', 'logto-cli explain redirect_u', 'logto-cli explain redirect_uri_not_registered '],
  ['a check', 'logto-cli test --only pkce.pl', 'logto-cli test --only pkce.plain '],
  ['a second check', 'logto-cli test --only keys,pkce.pl', 'logto-cli test --only keys,pkce.plain '],
  ['the name of a fault', 'logto-cli emulator --fault tok', 'logto-cli emulator --fault token='],
  ['its value', 'logto-cli emulator --fault token=inv', 'logto-cli emulator --fault token=invalid-json '],
  ['both behind =', 'logto-cli emulator --fault=token=inv', 'logto-cli emulator --fault=token=invalid-json '],
  [
    'a value with a colon',
    'logto-cli sign-in --first-screen identifier:s',
    'logto-cli sign-in --first-screen identifier:sign_in ',
  ],
  ['an address with colons', 'logto-cli sign-in --listen ::1', 'logto-cli sign-in --listen ::1 '],
  ['an address', 'logto-cli sign-out --listen 12', 'logto-cli sign-out --listen 127.0.0.1 '],
  ['a page of the help', 'logto-cli help exit', 'logto-cli help exit-codes '],
  ['a command of the help', 'logto-cli help whoa', 'logto-cli help whoami '],
  ['a shell', 'logto-cli completion pow', 'logto-cli completion powershell '],
  [
    'an authentication method',
    'logto-cli doctor --auth-method private',
    'logto-cli doctor --auth-method private_key_jwt ',
  ],
  ['a reporter', 'logto-cli test --reporter sar', 'logto-cli test --reporter sarif='],
  [
    'the file of a reporter',
    'logto-cli test --reporter sarif=al',
    'logto-cli test --reporter sarif=alpha.json ',
  ],
  ['a file behind =', 'logto-cli test --baseline=al', 'logto-cli test --baseline=alpha.json '],
  ['a file in the next word', 'logto-cli --dotenv al', 'logto-cli --dotenv alpha.json '],
  ['the file of the trace', 'logto-cli whoami --trace=al', 'logto-cli whoami --trace=alpha.json '],
  ['a file with a blank', 'logto-cli test tw', 'logto-cli test two\\ words.json '],
  ['the file of a redirection', 'logto-cli whoami > al', 'logto-cli whoami > alpha.json '],
  [
    'the file of a command that is run',
    'logto-cli exec --json -- cat al',
    'logto-cli exec --json -- cat alpha.json ',
  ],
  ['in a pipe', 'true | logto-cli who', 'true | logto-cli whoami '],
  ['behind a variable', 'A=b logto-cli who', 'A=b logto-cli whoami '],
  ['behind another command', 'true; logto-cli who', 'true; logto-cli whoami '],
  ['nothing where anything may stand', 'logto-cli sign-in --app-id al', 'logto-cli sign-in --app-id al'],
  ['nothing of a command that there is not', 'logto-cli nothing al', 'logto-cli nothing al'],
  [
    'a flag behind a secret',
    'logto-cli sign-in --password hunter2 --usern',
    'logto-cli sign-in --password hunter2 --username ',
  ],
];

async function place(): Promise<ShellPlace> {
  const found = shellPlace(await temporaryDirectory());
  writeProfiles(found, ['default', 'web', 'work.staging']);
  mkdirSync(join(found.work, 'below'));
  for (const name of ['alpha.json', 'two words.json']) writeFileSync(join(found.work, name), '');
  return found;
}

describe.each(['bash', 'zsh'] as const)('%s', (name) => {
  describe.skipIf(shellMissing(name) !== null)('with the line of the help in its start-up file', () => {
    it('completes each of these, and shows no word of them to others', async () => {
      const here = await place();
      installCompletion(here, name);
      const shell = await startShell(name, here);

      const found: [string, string, string][] = [];
      for (const [what, typed] of lines) found.push([what, typed, (await shell.type(`${typed}\t`)).line]);

      expect(found).toEqual(lines);
      expect(here.heard()).toContain(`completion --complete ${name}`);
      expect(here.heard()).not.toContain('hunter2');
    });

    it('completes a word in the middle of the line', async () => {
      const here = await place();
      installCompletion(here, name);
      const shell = await startShell(name, here);
      const back = '\u001b[D'.repeat(' --json'.length);
      expect((await shell.type(`logto-cli whoa --json${back}\t`)).line).toMatch(/^logto-cli whoami +--json$/);
    });

    it('lists what is left, and no flag that hides a secret', async () => {
      const here = await place();
      installCompletion(here, name);
      const shell = await startShell(name, here);
      const { shown } = await shell.type('logto-cli whoami --json --\t\t');
      expect(shown).toContain('--remote');
      expect(shown).toContain('--profile');
      expect(shown.replace(/whoami --json/g, '')).not.toMatch(/--json/);
      expect((await shell.type('logto-cli sign-in --\t\t')).shown).not.toMatch(
        /--(password|app-secret|totp-secret)\s/,
      );
    });

    it('runs nothing that stands in the line, or in the configuration', async () => {
      const here = await place();
      const hostile = [
        '$(touch pwned)',
        '`touch pwned`',
        "a'; touch pwned; '",
        'a b',
        '\u001b]0;pwned\u0007',
        '--storage',
        'ev\nil',
      ];
      writeProfiles(here, [...hostile, 'evident']);
      installCompletion(here, name);
      const shell = await startShell(name, here);
      expect((await shell.type('logto-cli profile use \t')).line).toBe('logto-cli profile use evident ');
      for (const word of hostile.slice(0, 3)) {
        await shell.type(`logto-cli whoami --profile ${word} --\t\t`);
        // zsh itself runs what stands in the word that Tab is pressed on.
        if (name === 'bash') await shell.type(`logto-cli whoami --profile "${word}\t\t`);
        await shell.type(`logto-cli whoami --profile "${word}" --\t\t`);
      }
      expect(readdirSync(here.work).toSorted()).toEqual(['alpha.json', 'below', 'two words.json']);
    });
  });
});

describe.skipIf(shellMissing('fish') !== null)('fish', () => {
  it('completes each of these with the line of the help in its start-up file, and shows no word of them to others', async () => {
    const here = await place();
    installCompletion(here, 'fish');
    for (const [what, typed, line] of lines) {
      const offers = fishOffers(here, typed).map((offer) => offer.split('\t')[0]);
      // fish says the last word as a whole, and quotes it itself when it puts it there.
      const word = /(?:two\\ words\.json|\S*) ?$/
        .exec(line)?.[0]
        .trim()
        .replace(/["'\\]/g, '');
      if (what.startsWith('nothing')) expect(offers, what).toEqual([]);
      else expect(offers, what).toEqual([word]);
    }
    expect(here.heard()).not.toContain('hunter2');
  });

  it('says what each of them is', async () => {
    const here = await place();
    installCompletion(here, 'fish');
    expect(fishOffers(here, 'logto-cli whoa')).toEqual([
      'whoami\ttell who is signed in, from the stored ID token',
    ]);
  });

  it('runs nothing that stands in the line, or in the configuration', async () => {
    const here = await place();
    writeProfiles(here, ['(touch pwned)', '$(touch pwned)', 'a;touch pwned', 'evident']);
    installCompletion(here, 'fish');
    expect(fishOffers(here, 'logto-cli profile use ')).toEqual(['evident\tprofile']);
    fishOffers(here, 'logto-cli whoami --profile (touch pwned) --');
    fishOffers(here, 'logto-cli exec -- cat "(touch pwned)" al');
    expect(readdirSync(here.work).toSorted()).toEqual(['alpha.json', 'below', 'two words.json']);
  });
});
