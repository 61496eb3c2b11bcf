import { documentOf, runProgram } from '../support/program.js';
import { commandLine } from './run-fault.js';
import type { Setup } from './sound-setup.js';

/** What the built program says of a setup, one command after the other. Nobody comes to sign in where that could be. */
export async function runPrograms(setup: Setup, commands: readonly string[] = ['doctor', 'sign-in']) {
  const { flags, doctorFlags, signInFlags, home, environment } = setup;
  const run = (command: string, more: Setup['flags']) =>
    commands.includes(command)
      ? runProgram([command, '--json', ...commandLine({ ...flags, ...more })], { home, environment })
      : null;
  // Both want the same port.
  const doctor = await run('doctor', doctorFlags);
  const signIn = await run('sign-in', signInFlags);
  return {
    ...(doctor && { doctor: { faults: faultsIn(documentOf(doctor)), exitCode: doctor.exitCode } }),
    ...(signIn && {
      signIn: {
        code: documentOf(signIn).error?.code,
        exitCode: signIn.exitCode,
        isBrowserOpened: signIn.stderr.includes('code_challenge'),
      },
    }),
  };
}

interface Told {
  readonly id: string;
  readonly outcome: string;
  readonly code?: string;
}

function faultsIn({ checks }: { readonly checks: readonly Told[] }): Record<string, string> {
  const faults = checks.filter(({ outcome }) => !['passed', 'skipped'].includes(outcome));
  return Object.fromEntries(faults.map(({ id, outcome, code }) => [id, [outcome, code].join(' ').trim()]));
}
