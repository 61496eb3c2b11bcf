import { runChecks } from '../../check/run/run-checks.js';
import { TestedProvider } from '../../check/tested-provider.js';
import { checksWithUser } from '../../check/with-user/checks-with-user.js';
import { cleanUpId, refuseRemote, runChecksWithUser } from '../../check/with-user/run-checks-with-user.js';
import type { TestedUser } from '../../check/with-user/tested-user.js';
import { checksWithoutUser } from '../../check/without-user/checks-without-user.js';
import { placeOf } from '../../client/logto-config.js';
import { LogtoError } from '../../errors.js';
import { credentialOrigins } from '../../headless/credential-origins.js';
import type { ExperienceUser } from '../../headless/experience-user.js';
import { waitingForCode } from '../../headless/totp-turns.js';
import { signedOutUriOf } from '../../local-address.js';
import type { Settings } from '../../profile/settings.js';
import type { CommandContext } from '../../session/command-context.js';
import { knowableChecks } from '../report/knowable-checks.js';
import { checkHeadlessFlags, type HeadlessFlags, readHeadlessUser } from '../sign-in/headless-flags.js';
import type { TestFlags } from './test-flags.js';
import type { Battery } from './test-run.js';

/** The checks that need no user. */
export const batteryWithoutUser: Battery<TestedProvider> = {
  checks: checksWithoutUser,
  knowable: knowableChecks('logto-cli test', checksWithoutUser),
  limits: { check: 30_000, all: 60_000 },
  prepare: async ({ runtime }, { device }) => {
    return async (application, run) => {
      const requests = new AbortController();
      const signal = AbortSignal.any([runtime.interruption, requests.signal]);
      const subject = new TestedProvider({ ...application, device: device === true, signal });
      try {
        return await runChecks({ ...run, namedBy: () => application.namedBy, subject });
      } finally {
        requests.abort();
      }
    };
  },
};

/** The checks that sign a user in (`--as`). */
export const batteryWithUser: Battery<TestedUser> = {
  checks: checksWithUser,
  knowable: knowableChecks('logto-cli test', [...checksWithUser, { id: cleanUpId }], '--as <user>'),
  // One sign-in comes after the other.
  limits: { check: 30_000, all: 180_000 },
  prepare: async (context, flags, settings) => {
    const { allowRemote = false, organization, postLogoutRedirectUri } = flags;
    // Before a password is asked for.
    if (!allowRemote) refuseRemote(placeOf(settings));
    const user = await userOf(context, settings, flags);
    return (application, { interruption, sleep, ...run }) => {
      const options = {
        ...application,
        postLogoutRedirectUri: postLogoutRedirectUri ?? signedOutUriOf(application.redirectUri),
        user,
        origins: credentialOrigins(application.issuer, flags.allowOrigin),
        scopes: flags.scope ?? [],
        resources: flags.resource ?? [],
        ...(organization !== undefined && { organization }),
        signal: interruption,
        sleep,
        onWait: (seconds: number) => context.output.note(waitingForCode(seconds)),
      };
      return runChecksWithUser(options, { ...run, allowRemote });
    };
  },
};

/** Flags of where real users may be signed in: they mean nothing where nobody is. */
const ofPlace = ['allowRemote', 'allowOrigin'] as const;
const ofUser = [
  'passwordStdin',
  'totpSecretStdin',
  'scope',
  'resource',
  'organization',
  'postLogoutRedirectUri',
] as const;

/**
 * Refuses flags of the one battery at the other.
 *
 * @param file of scenarios, where one is named
 * @throws LogtoError `usage_invalid`
 */
export function checkTestFlags(flags: TestFlags, file: string | undefined): void {
  if (flags.as !== undefined && file !== undefined) {
    throw new LogtoError(
      'usage_invalid',
      'A file names its users itself, and --as is for the checks that are built in.',
      'Leave out --as, or the file.',
    );
  }
  if (flags.as !== undefined && flags.device) {
    throw new LogtoError(
      'usage_invalid',
      'With --device nobody is sent back to the application, and so nobody signs in (--as).',
      'Leave out --device, or --as.',
    );
  }
  if (flags.allowVariable !== undefined && file === undefined) {
    throw new LogtoError(
      'usage_invalid',
      '--allow-variable is for a file of scenarios, and none is given.',
      'Leave it out, or give a file: logto-cli test <file.json> --allow-variable <NAME>',
    );
  }
  const strays = file === undefined ? [...ofPlace, ...ofUser] : ofUser;
  const stray = strays.find((name) => flags[name] !== undefined);
  if (flags.as !== undefined || stray === undefined) return;
  const flag = `--${stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new LogtoError(
    'usage_invalid',
    `${flag} is for the checks that sign a user in (--as).`,
    `Add --as <user>, or leave out ${flag}.`,
  );
}

async function userOf(
  context: CommandContext,
  settings: Settings,
  flags: TestFlags,
): Promise<ExperienceUser> {
  const { as: name = '' } = flags;
  const type = name.includes('@') ? 'email' : name.startsWith('+') ? 'phone' : 'username';
  const headless: HeadlessFlags = { ...flags, headless: true, repeated: true, [type]: name };
  checkHeadlessFlags(headless);
  return readHeadlessUser(context, settings, headless);
}
