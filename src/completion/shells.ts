/** The shells that words are completed in. */
export const completionShells = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** One of these shells. */
export type CompletionShell = (typeof completionShells)[number];
