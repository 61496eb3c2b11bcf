import { statSync } from 'node:fs';

/** A program and its arguments, started without a shell. */
export interface BrowserCommand {
  readonly file: string;
  readonly arguments: readonly string[];
}

/**
 * What the value of `BROWSER` means for this address: an executable's path as a whole, spaces included, or else a
 * command whose arguments are split on spaces. The address replaces every `%s`, or comes last.
 *
 * @param browser not blank
 */
export function browserCommand(browser: string, url: string): BrowserCommand {
  const value = browser.trim();
  // A bare name is looked up in PATH, never in the working directory.
  if (/[/\\]/.test(value) && isFile(value)) return { file: value, arguments: [url] };
  const [file = value, ...words] = value.split(/\s+/);
  if (!words.some((word) => word.includes('%s'))) return { file, arguments: [...words, url] };
  return { file, arguments: words.map((word) => word.split('%s').join(url)) };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
