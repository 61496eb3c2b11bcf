import type { CommandContext } from '../session/command-context.js';
import type { ProgramCommand } from './program-command.js';

/** The flags that every command with output understands. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  readonly dotenv?: string;
  /** The file to write the trace to, or true for stderr. */
  readonly trace?: string | true;
}

/**
 * Runs the work of a command with what it needs from the outside.
 *
 * @param flags those that decide about the output and the environment
 * @param work resolves with the exit code when that is not 0
 */
export type RunCommand = (
  flags: OutputFlags,
  work: (context: CommandContext) => Promise<number | undefined>,
) => Promise<void>;

/** What a file of a command exports: it adds options, help and an action to the command that it is given. */
export type ConfigureCommand = (command: ProgramCommand, run: RunCommand) => void;
