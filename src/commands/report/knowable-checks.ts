import type { KnowableChecks } from '../../check/run/baseline-file.js';

/**
 * What a baseline of a battery may name.
 *
 * @param command what runs the battery, and lists it with `--list`
 */
export function knowableChecks(command: string, checks: readonly { readonly id: string }[]): KnowableChecks {
  return {
    ids: checks.map(({ id }) => id),
    kind: `check of ${command}`,
    hint: `See them with: ${command} --list`,
  };
}
