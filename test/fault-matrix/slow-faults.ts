import type { Answering } from '../support/lies.js';
import { before, type Fault, later, works } from './fault.js';
import { lie, type Setup } from './sound-setup.js';

const never: Answering = () => 'handled';

/** Sends a byte from time to time. */
const trickle: Answering = (_request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 100);
  response.once('close', () => clearInterval(timer));
  return 'handled';
};

const silence = () => new Promise<never>(() => {});

/** The time that `sign-in` gives a provider is another contract's. */
const soon = (setup: Setup) => {
  setup.signInPatience = 500;
};

/** What takes all the time that `doctor` has. */
export const slowFaults: readonly Fault[] = [
  {
    name: 'the provider does not answer',
    at: 'liar',
    inject: (setup) => {
      lie(setup, { answers: { discovery: never } });
      soon(setup);
    },
    doctor: { 'provider.reachable': 'incomplete request_timeout' },
    signIn: before('request_timeout', 7),
  },
  {
    name: 'the provider does not come to an end',
    at: 'liar',
    inject: (setup) => {
      lie(setup, { answers: { discovery: trickle } });
      soon(setup);
    },
    doctor: { 'provider.reachable': 'incomplete request_timeout' },
    signIn: before('request_timeout', 7),
  },
  {
    name: 'the token endpoint does not answer',
    at: 'liar',
    inject: (setup) => {
      lie(setup, { answers: { token: never } });
      soon(setup);
    },
    doctor: { 'application.type': 'incomplete request_timeout' },
    signIn: later('request_timeout', 7),
  },
  {
    name: 'the key set does not answer',
    at: 'liar',
    inject: (setup) => {
      lie(setup, { answers: { jwks: never } });
      soon(setup);
    },
    doctor: { 'provider.keys': 'incomplete request_timeout' },
    signIn: later('request_timeout', 7),
  },
  {
    name: 'the preflight is not answered, and the browser is',
    at: 'liar',
    inject: (setup) =>
      lie(setup, {
        answers: {
          authorize: ({ url }) => (url.searchParams.get('prompt') === 'none' ? 'handled' : 'honest'),
        },
      }),
    doctor: { 'application.redirect-uri': 'incomplete request_timeout' },
    signIn: works,
  },
  {
    name: 'the keyring does not answer',
    at: 'liar',
    inject: ({ flags, machine }) => {
      flags['--storage'] = 'keychain';
      machine.keychain = { get: silence, set: silence, delete: silence };
    },
    // The application's secret may be in it: that was not looked for in time either.
    doctor: {
      'machine.storage': 'incomplete storage_unavailable',
      'application.type': 'incomplete storage_unavailable',
    },
    // The real keychain ends the wait itself.
    signIn: null,
  },
];
