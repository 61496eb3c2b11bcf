import { changeRecord, expire, signInAt } from '../support/session-home.js';
import { type Fault, works } from './fault.js';
import type { Setup } from './sound-setup.js';

/** Leaves the session of an earlier sign-in to the emulator, changed since then. */
function session(
  // biome-ignore lint/suspicious/noExplicitAny: the record's shape is the program's own business
  change: (record: any) => void,
  appId = 'emulator-native',
) {
  return async ({ providers: { emulator }, home }: Setup) => {
    await signInAt(emulator, home, { appId });
    await changeRecord(home, change);
  };
}

const otherOwner = { doctor: { 'session.owner': 'warning not_signed_in' }, signIn: works };

/** Something is wrong with what an earlier sign-in has left behind. A new sign-in replaces it. */
export const sessionFaults: readonly Fault[] = [
  {
    name: 'the stored session is of another application',
    at: 'Native',
    inject: session(() => {}, 'emulator-spa'),
    ...otherOwner,
  },
  {
    name: 'the stored session is of another provider',
    at: 'plain public',
    inject: session(() => {}),
    ...otherOwner,
  },
  {
    name: 'the stored session has no refresh token',
    at: 'Native',
    inject: session((record) => {
      record.refreshToken = null;
    }),
    doctor: { 'session.refresh-token': 'warning' },
    signIn: works,
  },
  {
    name: 'the stored session has ended',
    at: 'Native',
    inject: async (setup) => {
      await session((record) => {
        record.refreshToken = null;
      })(setup);
      await expire(setup.home);
    },
    // Nothing could have kept it alive.
    doctor: { 'session.expiry': 'failed session_expired', 'session.refresh-token': 'warning' },
    signIn: works,
  },
  {
    name: 'the stored session is damaged',
    at: 'Native',
    inject: session((record) => {
      record.idToken = 7;
    }),
    doctor: { 'session.stored': 'failed storage_corrupt' },
    signIn: works,
  },
  {
    name: 'the stored session is of a newer version of this program',
    at: 'Native',
    inject: session((record) => {
      record.version = 1_000;
    }),
    doctor: { 'session.stored': 'failed storage_corrupt' },
    signIn: works,
  },
];
