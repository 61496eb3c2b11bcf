import type { ErrorCode } from '../errors.js';
import { applicationErrors } from './application-under-test.js';
import { configurationErrors } from './configuration.js';
import { endings } from './ending.js';
import type { Explanation } from './explanation.js';
import { headlessErrors } from './headless-sign-in.js';
import { networkErrors } from './network.js';
import { refusals } from './refusal.js';
import { rejectedApplications } from './rejected-application.js';
import { rejectedRequests } from './rejected-request.js';
import { sessionErrors } from './session.js';
import { storageErrors } from './token-storage.js';
import { untrustedAnswers } from './untrusted-answer.js';

/** The page of every error code. */
export const explanations: Readonly<Record<ErrorCode, Explanation>> = {
  ...configurationErrors,
  ...applicationErrors,
  ...sessionErrors,
  ...refusals,
  ...headlessErrors,
  ...untrustedAnswers,
  ...networkErrors,
  ...storageErrors,
  ...rejectedApplications,
  ...rejectedRequests,
  ...endings,
};

/** What every exit code of the program means, in its order. */
export const exitMeanings: ReadonlyMap<number, string> = new Map([
  [0, 'done'],
  [1, 'a check or an assertion failed, or something unexpected happened'],
  [2, 'usage or configuration'],
  [3, 'incomplete: a check could not be run, and nothing failed'],
  [4, 'not signed in, or the session has ended: sign in'],
  [5, 'the person or the provider refused'],
  [6, "the provider's answer failed validation and was not trusted"],
  [7, 'the network, or a provider that is down'],
  [8, 'token storage'],
  [9, 'the provider rejects this configuration'],
  [124, 'nobody finished the sign-in in time'],
  [126, 'the command of exec cannot be started'],
  [127, 'the command of exec is not found'],
  [130, 'interrupted (Ctrl-C)'],
  [143, 'terminated (SIGTERM)'],
]);
