import { exitCodeOf } from '../../../errors.js';
import { inConsole } from '../../../logto-console.js';
import type { CheckResult } from '../../run/check.js';
import { passed, resultOf, skipped } from '../../run/check-results.js';
import { undecided } from '../../run/undecided.js';
import type { DoctorCheck } from '../doctor-check.js';
import type { DoctorSubject } from '../doctor-subject.js';

/** The application may sign people in, and is public or confidential as we take it to be. */
export const type: DoctorCheck = {
  id: 'application.type',
  title: 'Application type',
  needs: ['application.exists'],
  run: async (subject) => {
    const client = await subject.client();
    if (client.verdict === 'accepted') return kind(subject);
    if (client.verdict === 'unknown') {
      const isUnasked = 'cause' in client && exitCodeOf(client.cause) === 2;
      return isUnasked ? skipped('Not checked: the application cannot authenticate.') : undecided(client);
    }
    switch (client.error.code) {
      case 'grant_type_not_allowed':
        return withoutCodeGrant(subject);
      case 'client_secret_missing':
      case 'client_secret_unexpected':
        return resultOf(client.error);
      case 'client_secret_invalid':
        return passedAs('confidential', 'Traditional web', ': it needs a secret');
      default:
        return skipped('The provider does not tell a wrong secret from a wrong type.');
    }
  },
};

async function kind(subject: DoctorSubject): Promise<CheckResult> {
  return (await subject.hasSecret())
    ? passedAs('confidential', 'Traditional web', ': its secret is set')
    : passedAs('public', 'Native or single page', ': it needs no secret');
}

/** @param atLogto what Logto calls such a type */
function passedAs(type: 'public' | 'confidential', atLogto: string, words: string): CheckResult {
  return { ...passed(type + words), logto: { message: `${type} (${atLogto})${words}` } };
}

/** Sound for what it is made for, though no sign-in with a browser here. */
async function withoutCodeGrant(subject: DoctorSubject): Promise<CheckResult> {
  const isForDevices = (await subject.deviceFlow()).verdict === 'accepted';
  if (isForDevices && subject.signIn.device)
    return passedAs('public', 'Native', ', made for the device flow');
  return {
    outcome: 'warning',
    code: 'grant_type_not_allowed',
    message: isForDevices
      ? 'The application is made for the device flow: no browser is sent back to it, and sign-in does not work as usual.'
      : 'The application may not sign people in: it seems to be a machine-to-machine one, which gets tokens for itself.',
    hint: isForDevices
      ? 'To sign in with a browser use an application that is made for one: native, single page or web. With this one: logto-cli sign-in --device'
      : 'Get its tokens with: logto-cli token --client-credentials --resource <uri>. ' +
        'To sign people in, use an application that is made for people: native, single page or web.',
    logto: {
      hint: isForDevices
        ? 'To sign in with a browser use a Native, single page or Traditional application. With this one: logto-cli sign-in --device'
        : 'Get its tokens with: logto-cli token --client-credentials --resource <uri>. To sign people in, use a Native, ' +
          `single page or Traditional application: ${inConsole('Applications', 'Create application')}.`,
    },
  };
}
