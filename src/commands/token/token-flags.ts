import { LogtoError } from '../../errors.js';
import type { ConnectionFlags } from '../../session/connection-flags.js';
import { shellWords } from '../../shell-word.js';
import type { OutputFlags } from '../command.js';
import type { ExpectFlags } from '../report/expect-option.js';
import type { TokenChoiceFlags } from '../request-options.js';

/** The flags of `token`. */
export interface TokenFlags extends ConnectionFlags, TokenChoiceFlags, OutputFlags, ExpectFlags {
  readonly idToken?: boolean;
  readonly header?: boolean;
  /** The variable's name, or true for the default one. */
  readonly env?: string | true;
  readonly refresh?: boolean;
  /** The token to decode, or true for the one that is fetched. */
  readonly decode?: string | true;
  readonly clientCredentials?: boolean;
  readonly exchange?: boolean;
  readonly subjectTokenStdin?: boolean;
  readonly subjectTokenType?: string;
  readonly actorTokenStdin?: boolean;
  readonly scope?: readonly string[];
}

/**
 * Refuses two resources: an access token is for one (RFC 8707, section 2.2).
 *
 * @throws LogtoError `config_invalid`
 */
export function checkSingleResource(resources: readonly string[] = []): void {
  if (resources.length < 2) return;
  throw new LogtoError(
    'config_invalid',
    'An access token is for one resource, and --resource is given more than once.',
    'Call it once for each resource.',
  );
}

/**
 * Refuses what cannot go together, so that no flag is accepted and ignored.
 *
 * @throws LogtoError `config_invalid`, `usage_invalid`
 */
export function checkTokenFlags(flags: TokenFlags): void {
  checkSingleResource(flags.resource);
  const given = Object.entries({
    '--header': flags.header,
    '--env': flags.env,
    '--decode': flags.decode,
    '--json': flags.json,
  }).filter(([, value]) => value !== undefined);
  // The decoded token has a JSON form of its own.
  const forms = given
    .map(([name]) => name)
    .filter((name) => !(name === '--json' && flags.decode !== undefined));
  if (forms.length > 1) throw conflict(forms);
  checkVariableName(flags.env);
  const which = [
    ...(flags.resource || flags.organization !== undefined ? ['--resource or --organization'] : []),
    ...(flags.idToken ? ['--id-token'] : []),
  ];
  if (which.length > 1) throw conflict(which);
  const stateless = flags.exchange ? '--exchange' : flags.clientCredentials ? '--client-credentials' : null;
  if (stateless !== null) {
    const other = Object.entries({
      '--id-token': flags.idToken,
      '--refresh': flags.refresh,
      '--min-ttl': flags.minTtl,
      '--client-credentials': flags.exchange && flags.clientCredentials,
    });
    for (const [name, value] of other) if (value !== undefined) throw conflict([stateless, name]);
  } else if (flags.scope !== undefined) {
    throw new LogtoError(
      'usage_invalid',
      '--scope goes with --client-credentials and --exchange: the scopes of a session are chosen at sign-in.',
      `Sign in again with: logto-cli sign-in ${shellWords(flags.scope.flatMap((scope) => ['--scope', scope]))}`,
    );
  }
}

function checkVariableName(env: string | true | undefined): void {
  if (env === undefined || env === true || /^[A-Za-z_][A-Za-z0-9_]*$/.test(env)) return;
  throw new LogtoError(
    'config_invalid',
    `${JSON.stringify(env)} cannot be the name of a variable.`,
    'Use letters, digits and underscores, such as --env API_TOKEN.',
  );
}

/** The failure of flags of which only one can be given. */
export function conflict(flags: readonly string[]): LogtoError {
  return new LogtoError('usage_invalid', `${flags.join(' and ')} do not go together.`, 'Give one of them.');
}
