import { type CompletionShell, completionShells } from '../../completion/shells.js';
import { LogtoError } from '../../errors.js';
import type { ConfigureCommand } from '../command.js';
import { Argument } from '../commander.js';

/** `completion`: the script that makes a shell complete the words of this program. */
export const configureCompletion: ConfigureCommand = (command, run) => {
  command.explainedBy({
    examples: [
      `echo 'eval "$(logto-cli completion bash)"' >> ~/.bashrc`,
      `echo 'eval "$(logto-cli completion zsh)"' >> ~/.zshrc`,
      "echo 'logto-cli completion fish | source' >> ~/.config/fish/config.fish",
      "Add-Content $PROFILE 'logto-cli completion powershell | Out-String | iex'",
    ],
    notes: [
      'Prints the script. These are the one line that each shell needs: Bash, zsh, fish and PowerShell. It works in shells that are started from then on.',
      'What is completed, and how: logto-cli help completion.',
    ],
  });
  command
    .addArgument(new Argument('[shell]', completionShells.join(', ')).choices(completionShells))
    .action((shell: CompletionShell | undefined) =>
      run({}, async ({ runtime }) => {
        if (shell === undefined) throw noShell();
        const { scriptLines } = await import('../../completion/script-lines.js');
        runtime.stdout.write(scriptLines(shell));
        return undefined;
      }),
    );
};

function noShell(): LogtoError {
  return new LogtoError(
    'usage_invalid',
    `completion needs the name of a shell: ${completionShells.join(', ')}.`,
    'For example: logto-cli completion bash',
  );
}
