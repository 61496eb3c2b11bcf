import * as z from 'zod/mini';
import { exitCodes } from '../../errors.js';
import { exactlyOneOf, needs, notBoth, withMemberRules } from '../../schema/member-rules.js';
import { jsonSchemaOf } from '../../schema/schema-fault.js';
import { flag, list, oneOf, record, text } from '../../schema/vocabulary.js';

/** A scenario does not end with these: they are the program's own. */
const internalCodes: readonly string[] = ['assertion_failed', 'internal_error', 'interrupted'];

/** The schema of a file of scenarios, as a document for editors. What it cannot say is checked beside it. */
export function scenarioSchema() {
  return jsonSchemaOf(scenarioFileSchema(), 'Sign-in scenarios of logto-cli test');
}

/** The schema of a file of scenarios, for the program itself. */
export function scenarioFileSchema() {
  return record({
    $schema: z.exactOptional(z.string().check(z.describe('Where this schema is, for editors.'))),
    defaults: z.exactOptional(
      withMemberRules(
        record(
          connectionMembers(),
          'For scenarios that do not say otherwise. Flags and LOGTO_* variables are stronger.',
        ),
        notBoth('endpoint', 'issuer'),
        notBoth('endpoint', 'discoveryUrl'),
      ),
    ),
    scenarios: list(scenario(), 'The sign-ins.', z.minLength(1, 'is empty')),
  });
}

function scenario() {
  return withMemberRules(
    record(
      {
        name: text('What it shows, such as: the admin sees the role.'),
        user: user(),
        signUp: z.exactOptional(flag('Registers the user instead.')),
        ...connectionMembers(),
        expect: z.exactOptional(
          list(
            text(
              'claim=value, claim~regex, claim, !claim, list[]=value, ttl>=600, access_token.…, userinfo.…',
            ),
            'What must hold, as with --expect.',
          ),
        ),
        expectError: z.exactOptional(
          oneOf(
            (Object.keys(exitCodes) as (keyof typeof exitCodes)[]).filter(
              (code) => !internalCodes.includes(code),
            ),
            'The code of the failure that must come.',
          ),
        ),
      },
      'One sign-in.',
    ),
    notBoth('endpoint', 'issuer'),
    notBoth('endpoint', 'discoveryUrl'),
    notBoth('expect', 'expectError'),
  );
}

function connectionMembers() {
  return {
    profile: z.exactOptional(
      text('The profile that the connection comes from. Its session is neither used nor changed.'),
    ),
    endpoint: z.exactOptional(address('The Logto endpoint, such as https://tenant.logto.app.')),
    issuer: z.exactOptional(address('The issuer, instead of the endpoint.')),
    discoveryUrl: z.exactOptional(
      address('Where the discovery document of that issuer is, if not behind it; the issuer stands beside.'),
    ),
    appId: z.exactOptional(text("The application's ID.")),
    appSecretVariable: z.exactOptional(variable("the application's secret")),
    redirectUri: z.exactOptional(
      absoluteUri('An absolute URI that is registered for the application. Nobody listens there.'),
    ),
    scopes: z.exactOptional(
      list(looking(/^[^\s]+$/, 'One scope, without spaces.'), 'Scopes to ask for beside the default ones.'),
    ),
    resources: z.exactOptional(
      list(
        absoluteUri('A resource indicator (API identifier), an absolute URI.'),
        'APIs to get an access token for.',
      ),
    ),
    organization: z.exactOptional(text('The ID of the organization to get a token for.')),
  };
}

function user() {
  const named = 'With signUp, {random} in it is replaced by characters that are new in every run.';
  return withMemberRules(
    record(
      {
        username: z.exactOptional(text(named)),
        email: z.exactOptional(text(named)),
        phone: z.exactOptional(looking(/^[0-9]+$/, 'Digits with the country code, without +.')),
        passwordVariable: z.exactOptional(variable('the password')),
        oneTimeTokenVariable: z.exactOptional(variable("a magic link's token for this e-mail address")),
        totpSecretVariable: z.exactOptional(variable("the base32 secret of the user's authenticator")),
        backupCodeVariable: z.exactOptional(variable("one of the user's backup codes")),
      },
      'Who signs in, and the names of the variables that hold what proves it.',
    ),
    exactlyOneOf('username', 'email', 'phone'),
    exactlyOneOf('passwordVariable', 'oneTimeTokenVariable'),
    needs('oneTimeTokenVariable', 'email'),
  );
}

/** A text of a certain look, which its description tells. */
function looking(pattern: RegExp, description: string) {
  return text(description, z.regex(pattern, `does not look like one: ${description}`));
}

function address(description: string) {
  return looking(/^https?:\/\/[^\s]+$/, description);
}

function absoluteUri(description: string) {
  return looking(/^[A-Za-z][A-Za-z0-9+.-]*:[^\s#]+$/, description);
}

/** A password would hardly pass for one: what is taken for a name may be printed. */
function variable(what: string) {
  return looking(
    /^[A-Z_][A-Z0-9_]*$/,
    `The name of the environment variable that holds ${what}: capital letters, digits and _.`,
  );
}
