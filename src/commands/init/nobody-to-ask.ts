/** What is told where something is missing and nobody can be asked for it. */
export function nobodyToAsk(missing: readonly string[]): string {
  return `Nobody can be asked here (--no-input, CI, or no terminal), and this is missing: ${missing.join('; ')}.`;
}
