/** What a browser names its visit in. */
export const visitCookie = 'logto_cli_visit';

/** How the names of the emulator's cookies begin: the engine's, those of Logto's pages, and that of a visit. */
const beginnings = ['_session', '_interaction', '_logto', '_device_flow', visitCookie];

/** Whether a cookie of this name is one of the emulator, which shares the cookies of `localhost` with every other port. */
export function isOwnCookie(name: string): boolean {
  return beginnings.some((beginning) => name.startsWith(beginning));
}
