/** Whether a username can be registered, as Logto decides it. */
export function validUsername(username: string): boolean {
  return /^[A-Z_a-z]\w*$/.test(username) && username.length <= 128;
}
