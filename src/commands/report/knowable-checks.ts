import type { KnowableChecks } from '../../check/run/baseline-file.js';

/**
 * What a baseline of a battery may name.
 *
 * @param command what runs the battery, and lists it with `--list`
 * @param flags that it takes for this battery
 */
export function knowableChecks(
  command: string,
  checks: readonly { readonly id: string }[],
  ...flags: readonly string[]
): KnowableChecks {
  const whole = [command, ...flags].join(' ');
  return {
    command,
    ids: checks.map(({ id }) => id),
    kind: `check of ${whole}`,
    hint: `See them with: ${whole} --list`,
  };
}
