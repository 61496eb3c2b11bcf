import type { CompletionShell } from './shells.js';

const endings = { bash: 'bash', zsh: 'zsh', fish: 'fish', powershell: 'ps1' } as const satisfies Record<
  CompletionShell,
  string
>;

/** The script of a shell, line by line. It lies in a file of this package. */
export function scriptLines(shell: CompletionShell): readonly string[] {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  // By the name of one of them, and from the folder above: the bundle is known to have them where this module is put.
  const scripts = new URL('../completion/logto-cli.bash', import.meta.url);
  return readFileSync(new URL(`logto-cli.${endings[shell]}`, scripts), 'utf8')
    .replace(/\n$/, '')
    .split('\n');
}
