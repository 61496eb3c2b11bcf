import { exitCodes } from '../../errors.js';
import type { JsonSchema } from './json-schema.js';

const text = (description: string): JsonSchema => ({
  type: 'string',
  description,
  minLength: 1,
});
const texts = (description: string, items: JsonSchema): JsonSchema => ({
  type: 'array',
  description,
  items,
});
const address = (description: string): JsonSchema => ({
  type: 'string',
  description,
  pattern: '^https?://[^\\s]+$',
});

/** A password would hardly pass for one: what is taken for a name may be printed. */
const variable = (what: string): JsonSchema => ({
  type: 'string',
  description: `The name of the environment variable that holds ${what}: capital letters, digits and _.`,
  pattern: '^[A-Z_][A-Z0-9_]*$',
});

/** A scenario does not end with these: they are the program's own. */
const internalCodes: readonly string[] = ['assertion_failed', 'internal_error', 'interrupted'];

/** The schema of a file of scenarios, for editors and for the program itself. What it cannot say is checked beside it. */
export function scenarioSchema(): JsonSchema {
  const connection: Readonly<Record<string, JsonSchema>> = {
    profile: text('The profile that the connection comes from. Its session is neither used nor changed.'),
    endpoint: address('The Logto endpoint, such as https://tenant.logto.app.'),
    issuer: address('The issuer, instead of the endpoint.'),
    appId: text("The application's ID."),
    appSecretVariable: variable("the application's secret"),
    redirectUri: {
      type: 'string',
      description: 'An absolute URI that is registered for the application. Nobody listens there.',
      pattern: '^[A-Za-z][A-Za-z0-9+.-]*:[^\\s#]+$',
    },
    scopes: texts('Scopes to ask for beside the default ones.', {
      type: 'string',
      description: 'One scope, without spaces.',
      pattern: '^[^\\s]+$',
    }),
    resources: texts('APIs to get an access token for.', {
      type: 'string',
      description: 'A resource indicator (API identifier), an absolute URI.',
      pattern: '^[A-Za-z][A-Za-z0-9+.-]*:[^\\s#]+$',
    }),
    organization: text('The ID of the organization to get a token for.'),
  };
  const onlyOneProvider = { not: { required: ['endpoint', 'issuer'] } };
  const user: JsonSchema = {
    type: 'object',
    description: 'Who signs in, and the names of the variables that hold what proves it.',
    additionalProperties: false,
    properties: {
      username: text('With signUp, {random} in it is replaced by characters that are new in every run.'),
      email: text('With signUp, {random} in it is replaced by characters that are new in every run.'),
      phone: {
        type: 'string',
        description: 'Digits with the country code, without +.',
        pattern: '^[0-9]+$',
      },
      passwordVariable: variable('the password'),
      oneTimeTokenVariable: variable("a magic link's token for this e-mail address"),
      totpSecretVariable: variable("the base32 secret of the user's authenticator"),
      backupCodeVariable: variable("one of the user's backup codes"),
    },
    allOf: [
      {
        oneOf: [{ required: ['username'] }, { required: ['email'] }, { required: ['phone'] }],
      },
      {
        oneOf: [{ required: ['passwordVariable'] }, { required: ['oneTimeTokenVariable'] }],
      },
    ],
    dependencies: { oneTimeTokenVariable: ['email'] },
  };
  const scenario: JsonSchema = {
    type: 'object',
    description: 'One sign-in.',
    additionalProperties: false,
    required: ['name', 'user'],
    properties: {
      name: text('What it shows, such as: the admin sees the role.'),
      user,
      signUp: { type: 'boolean', description: 'Registers the user instead.' },
      ...connection,
      expect: texts(
        'What must hold, as with --expect.',
        text('claim=value, claim~regex, claim, !claim, list[]=value, ttl>=600, access_token.…, userinfo.…'),
      ),
      expectError: {
        type: 'string',
        description: 'The code of the failure that must come.',
        enum: Object.keys(exitCodes).filter((code) => !internalCodes.includes(code)),
      },
    },
    allOf: [onlyOneProvider, { not: { required: ['expect', 'expectError'] } }],
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Sign-in scenarios of logto-cli test',
    type: 'object',
    additionalProperties: false,
    required: ['scenarios'],
    properties: {
      $schema: {
        type: 'string',
        description: 'Where this schema is, for editors.',
      },
      defaults: {
        type: 'object',
        description: 'For scenarios that do not say otherwise. Flags and LOGTO_* variables are stronger.',
        additionalProperties: false,
        properties: connection,
        allOf: [onlyOneProvider],
      },
      scenarios: {
        type: 'array',
        description: 'The sign-ins.',
        minItems: 1,
        items: scenario,
      },
    },
  };
}
