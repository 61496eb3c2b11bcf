import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { failed, warning } from '../run/claused-check.js';
import type { ApplicationCheck } from './application-check.js';
import { statusOf } from './judge-refused.js';
import type { ProviderRequest } from './misbehaving-provider.js';
import { says } from './signed-in-oracle.js';
import type { ApplicationVisit, TestedApplication } from './tested-application.js';

/** Where an application lets people register. */
export const signUpChecks: readonly ApplicationCheck[] = [
  {
    id: 'sound.sign-up',
    title: 'A sign-up, and the page after it',
    clause: 'Initiating User Registration via OpenID Connect 1.0, 2',
    needs: ['sound.sign-in'],
    missing: ({ signUpUrl }, { signUp }) =>
      signUpUrl === undefined
        ? `Where people sign up is not known, or they do not: name it with ${signUp}.`
        : null,
    run: signsUp,
  },
];

const notLed = (page: string): CheckResult => ({
  outcome: 'incomplete',
  message: `The address of the sign-up does not lead to the provider by itself (${page}).`,
  hint: 'Name with --sign-up the address that sends a browser to the provider.',
});

async function signsUp(application: TestedApplication): Promise<CheckResult> {
  const visit = await application.visit();
  const { visitor } = visit;
  if (visitor.signUp === undefined) return skipped('This visitor cannot sign up.');
  const username = `new_${visit.provided.id.replace(/\W/g, '')}`;
  const user = { username, password: `Of-${username}` };
  const page = await visitor.signUp(application.options.signUpUrl ?? '', user);
  const request = visit.requests.find(({ endpoint }) => endpoint === 'authorization');
  if (request === undefined) return notLed(statusOf(page));
  if (!asksForRegistration(request)) {
    return warning(
      'The sign-up asks the provider for a sign-in: whoever wants to register has to find the way there.',
      'Send first_screen=register to Logto (firstScreen of its SDKs), prompt=create to providers that know it (prompt_values_supported in their discovery document has it).',
    );
  }
  if (application.isProvider(page.url)) {
    return {
      outcome: 'incomplete',
      message: `The provider registered nobody (${statusOf(page)}).`,
      hint: 'Look whether the emulator lets people register with a username and a password (signInExperience in its seed).',
    };
  }
  return judge(application, visit, statusOf(page));
}

function asksForRegistration({ parameters }: ProviderRequest): boolean {
  return parameters.some(
    ([name, value]) =>
      (name === 'first_screen' && /^(identifier:)?register$/.test(value)) ||
      (name === 'interaction_mode' && value === 'signUp') ||
      (name === 'prompt' && value.split(' ').includes('create')),
  );
}

async function judge(
  { options, user }: TestedApplication,
  visit: ApplicationVisit,
  status: string,
): Promise<CheckResult> {
  const who = await visit.isSignedIn();
  if (who === 'nobody' || who === 'stuck') {
    return failed(
      `After a sign-up ${who === 'nobody' ? 'nobody is signed in' : 'that browser is answered with errors'} (${status}): the claims of a new user are a sub and a username, and no name or e-mail.`,
      'Take whoever the provider has registered as a user: add one where sub is not known yet, and ask for what is missing later.',
    );
  }
  const { url, signedInUrl = url } = options;
  const [own, strangers] = [
    await visit.visitor.open(signedInUrl),
    await visit.newVisitor().open(signedInUrl),
  ];
  const names = [user.id, user.username, user.name, user.email].filter(
    (word) => word !== undefined && word !== '' && says(own, word) && !says(strangers, word),
  );
  return names.length > 0
    ? failed(
        `After a sign-up the new user is taken for ${user.username} (${names.join(', ')}).`,
        'Know users by sub and iss together, and by nothing else.',
      )
    : passed('A new user registers, and is signed in.');
}
