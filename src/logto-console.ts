/** Where things are in Logto's Console, with the labels that it has today. */

/** A place in the Console. */
export function inConsole(...path: readonly [string, ...string[]]): string {
  return `Logto's Console (${path.join(' > ')})`;
}

/** A place on the page of an application. */
export function onApplication(...path: readonly string[]): string {
  return inConsole('Applications', 'your application', ...path);
}
