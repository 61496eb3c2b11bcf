import type { Command } from 'commander';
import { organizationResource, organizationScope } from '../client/access-token.js';
import { LogtoError } from '../errors.js';
import { callbackUri, defaultPort, isLoopbackAddress, signedOutUri } from '../local-address.js';
import type { SecureCallback } from '../loopback/callback-tls.js';
import type { ServerTls, TlsFlags } from '../loopback/server-tls.js';
import { shellWord } from '../shell-word.js';
import { collectWords, redirectUri, wholeNumber } from './options.js';
import { collectResource } from './resource-option.js';

/** The flags that say which tokens a sign-in asks for. */
export interface GrantFlags {
  readonly scope?: readonly string[];
  readonly resource?: readonly string[];
  readonly organization?: string;
}

/** The flags that shape an authorization request. */
export interface RequestFlags extends GrantFlags {
  /** False with `--no-default-scopes`. */
  readonly defaultScopes: boolean;
  /** False with `--no-prompt`. */
  readonly prompt?: string | boolean;
}

/** The flags that say where the browser comes back to after a sign-in, and whether over https. */
export interface RedirectFlags extends TlsFlags {
  readonly port?: number;
  readonly redirectUri?: string;
}

/** The flags that choose one of a session's access tokens. */
export interface TokenChoiceFlags {
  /** A list, so that two can be refused instead of one being ignored. */
  readonly resource?: readonly string[];
  readonly organization?: string;
  /** Seconds. */
  readonly minTtl?: number;
}

const options = {
  scope: ['--scope <scope>', 'scopes beside the default ones (repeatable)', collectWords],
  resource: ['--resource <uri>', 'API resource to get tokens for (repeatable)', collectResource],
  organization: ['--organization <id>', 'organization to get tokens for'],
  redirectUri: ['--redirect-uri <uri>', `default: ${callbackUri('<port>')}`, redirectUri],
} as const;

/** Adds the flags that say which tokens a sign-in asks for. */
export function addGrantOptions(command: Command): Command {
  return command
    .option(...options.scope)
    .option(...options.resource)
    .option(...options.organization);
}

/** Adds the flags that shape an authorization request, those of its tokens among them. */
export function addRequestOptions(command: Command): Command {
  return command
    .option(...options.scope)
    .option('--no-default-scopes', 'ask only for the scopes given (and openid)')
    .option(...options.resource)
    .option(...options.organization)
    .option('--prompt <prompt>', 'consent (default with --endpoint), login, none…')
    .option('--no-prompt', 'send no prompt');
}

/** Adds the flags that say where the browser comes back to, and where this program waits for it. */
export function addCallbackOptions(command: Command): Command {
  return command
    .option(
      '--port <number>',
      `port to listen on; 0: any free one (default: ${defaultPort})`,
      wholeNumber(0, 65_535),
    )
    .option(...options.redirectUri);
}

/** Adds the flag that says on which address this program waits for the browser. */
export function addListenOption(command: Command): Command {
  return command.option('--listen <address>', "listen there, for a container's published port");
}

/** Adds the flags that say how a person is sent to the provider, and how long they have. */
export function addPersonOptions(command: Command): Command {
  return command
    .option('--timeout <seconds>', 'how long to wait for the person (default: 300)', wholeNumber(1, 86_400))
    .option('--no-browser', 'print the address instead of opening it');
}

/** Adds the flags that say where the browser comes back to, for who only tells the provider. */
export function addRedirectOptions(command: Command): Command {
  return command
    .option(...options.redirectUri)
    .option('--port <number>', `port of the redirect URI (default: ${defaultPort})`, wholeNumber(1, 65_535));
}

/** Adds the flag that says where the browser comes back to after a sign-out. */
export function addSignedOutOption(command: Command, mayBeNone = false): Command {
  return command.option(
    '--post-logout-redirect-uri <uri>',
    `default: ${signedOutUri('<port>')}${mayBeNone ? '; none asks for no way back' : ''}`,
    mayBeNone ? (value) => (value === 'none' ? value : redirectUri(value)) : redirectUri,
  );
}

/**
 * A value of `--param`.
 *
 * @throws LogtoError `config_invalid`
 */
export function nameAndValue(parameter: string): [name: string, value: string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(parameter) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new LogtoError(
    'config_invalid',
    '--param takes name=value.',
    'For example: --param audience=https://api.example.com',
  );
}

/** Adds the flags that choose an access token. */
export function addTokenChoiceOptions(command: Command): Command {
  return command
    .option('--resource <uri>', 'access token for this API resource', collectResource)
    .option(
      '--organization <id>',
      'access token for this organization; with --resource, for the resource within it',
    )
    .option(
      '--min-ttl <seconds>',
      'refresh when less than this is left (default: 30)',
      wholeNumber(0, 31_536_000),
    );
}

/** Everything that these flags ask for: an organization needs a scope and a resource of its own. */
export function requestedGrant({ scope = [], resource = [], organization }: GrantFlags): {
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
} {
  const ofOrganization = organization !== undefined;
  return {
    scopes: [...scope, ...(ofOrganization ? [organizationScope] : [])],
    resources: [...resource, ...(ofOrganization ? [organizationResource] : [])],
  };
}

/** The prompt that these flags ask for: `null` sends none, and nothing at all is the default. */
export function requestedPrompt({ prompt }: Pick<RequestFlags, 'prompt'>): {
  readonly prompt?: string | null;
} {
  return prompt === undefined || prompt === true ? {} : { prompt: prompt === false ? null : prompt };
}

/** Where the browser comes back to by these flags; `undefined` where they do not say. */
export function givenRedirectUri({ redirectUri, port, ...flags }: RedirectFlags): string | undefined {
  const isSaid = port !== undefined || hasTls(flags);
  return redirectUri ?? (isSaid ? callbackUri(port, hasTls(flags) ? 'https' : 'http') : undefined);
}

/** The variable that allows a callback to be open to other machines. */
const allowingVariable = 'LOGTO_CLI_ALLOW_NON_LOOPBACK';

/** Where to listen by `--listen`, as far as that was said. */
export interface ListenChoice {
  readonly listen?: string | undefined;
  /** The flag of the address that the browser comes back to, and what it says. */
  readonly flag: '--redirect-uri' | '--post-logout-redirect-uri';
  readonly uri: string | undefined;
  /** The other flags that say where the browser comes back to. */
  readonly flags: Omit<RedirectFlags, 'redirectUri'>;
}

/**
 * The address to listen on; nothing where none was chosen. One that other machines reach has to be allowed by the
 * environment itself, which no file of a project is, and the redirect URI has to be named beside it.
 *
 * @param environment of this process
 * @throws LogtoError `config_invalid`
 */
export async function chosenAddress(
  { listen, flag, uri, flags }: ListenChoice,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly address?: string }> {
  if (listen === undefined) return {};
  const { listenAddress } = await import('../loopback/listen-address.js');
  const address = listenAddress(listen);
  if (isLoopbackAddress(address)) return { address };
  const example = exampleUri(flag, flags);
  const allowed = `Set ${allowingVariable}=1 in the environment (the file of --dotenv does not count)`;
  if (environment[allowingVariable] !== '1') {
    throw new LogtoError(
      'config_invalid',
      `--listen ${shellWord(address)} would open the callback to other machines, which ${allowingVariable}=1 has to allow.`,
      uri === undefined
        ? `${allowed}, and name the address that the browser comes back to, such as ${flag} ${example}`
        : `${allowed}.`,
    );
  }
  if (uri === undefined) {
    throw new LogtoError(
      'config_invalid',
      `With --listen ${shellWord(address)} the address that the browser comes back to has to be named.`,
      `Add one on loopback with the port that is published, such as ${flag} ${example}`,
    );
  }
  return { address };
}

/**
 * Where the browser would come back to by these flags. The port of a sign-out is the one of its session, which is not
 * known yet, and that of a container is whatever is published.
 */
function exampleUri(flag: ListenChoice['flag'], { port, ...tls }: ListenChoice['flags']): string {
  const isSignIn = flag === '--redirect-uri';
  const named = port === 0 ? undefined : port;
  const isUnknown = named === undefined && (port === 0 || !isSignIn);
  return (isSignIn ? callbackUri : signedOutUri)(
    isUnknown ? '<port>' : named,
    hasTls(tls) ? 'https' : 'http',
  );
}

/** Whether a callback is to be answered over https. */
export function hasTls({ tlsCert, tlsKey }: TlsFlags): boolean {
  return (tlsCert ?? tlsKey) !== undefined;
}

/**
 * What a callback is answered over https with, by these flags; nothing where they do not ask for that.
 *
 * @param now milliseconds since 1970
 * @throws LogtoError `usage_invalid`, `config_invalid`
 */
export async function callbackTls(
  flags: TlsFlags,
  callback: SecureCallback,
  now: number,
): Promise<{ readonly tls?: ServerTls }> {
  if (!hasTls(flags)) return {};
  const { readCallbackTls } = await import('../loopback/callback-tls.js');
  const tls = await readCallbackTls(flags, callback, now);
  return tls === null ? {} : { tls };
}

/** Where to listen, where a flag says so and it is not the address that the provider is told. */
export function ownPort(flags: RedirectFlags): { readonly port?: number } {
  return flags.redirectUri !== undefined && flags.port !== undefined ? { port: flags.port } : {};
}
