import { type AccessTokenRequest, organizationResource } from '../../client/access-token.js';
import { LogtoClient } from '../../client/logto-client.js';
import { issuerOf, type LogtoConfig } from '../../client/logto-config.js';
import type { SignInChoices } from '../../client/logto-parameters.js';
import { type Session, summaryOf } from '../../client/session.js';
import { checkSignIn } from '../../client/sign-in.js';
import { LogtoError } from '../../errors.js';
import type { Expectation } from '../../expectation/expectation.js';
import { browserSignIn } from '../../flow/browser-sign-in.js';
import { headlessSignIn } from '../../flow/headless-sign-in.js';
import type { JourneyProgress } from '../../flow/journey-event.js';
import type { WaitingAid } from '../../flow/waiting-aid.js';
import { credentialOrigins } from '../../headless/credential-origins.js';
import type { ExperienceUser } from '../../headless/experience-user.js';
import { inConsole } from '../../logto-console.js';
import { loopbackRedirect } from '../../loopback/loopback-redirect.js';
import type { ServerTls } from '../../loopback/server-tls.js';
import type { Fetch } from '../../network/fetch.js';
import type { Output } from '../../output/output.js';
import type { Settings } from '../../profile/settings.js';
import { chooseStorage } from '../../session/choose-storage.js';
import type { CommandContext } from '../../session/command-context.js';
import { tellSetAside } from '../../session/connection.js';
import type { ConnectionFlags } from '../../session/connection-flags.js';
import { findApplication } from '../../session/find-application.js';
import { withSecret } from '../../session/with-secret.js';
import { shellWord } from '../../shell-word.js';
import { MemoryStorage } from '../../storage/memory-storage.js';
import { namedBy, worded } from '../../wording.js';
import type { OutputFlags } from '../command.js';
import { journeyProgress } from '../report/journey-words.js';
import { sessionDocument, sessionLines } from '../report/session-report.js';
import { sessionFacts, tellAsserted } from '../report/told-assertions.js';
import { refreshTokenWords } from './refresh-token-words.js';
import { type AnsweredProfile, rememberSignIn } from './remember-sign-in.js';

/** Seconds that a person has to come back from the browser, unless `--timeout` says otherwise. */
const patience = 300;

/** What a sign-in asks for, whatever flags said so. */
export interface SignInRequest {
  readonly options: SignInChoices;
  readonly scopes: readonly string[];
  readonly defaultScopes: boolean;
  readonly resources: readonly string[];
  /** The organization to get a token for. */
  readonly organization?: string;
  readonly redirectUri: string;
  readonly port?: number;
  /** The address to listen on, where somebody chose one. */
  readonly address?: string;
  /** What the callback is answered over https with. */
  readonly tls?: ServerTls;
  /** Seconds to wait for the person. */
  readonly timeout?: number;
  /** Finished on another device (RFC 8628): no callback comes here. */
  readonly device: boolean;
  readonly useBrowser: boolean;
  /** How a person may bring the response by hand. */
  readonly aid?: WaitingAid;
  /** Asks the provider first whether it can succeed. */
  readonly preflight: boolean;
  /** What must hold of the result. */
  readonly expectations: readonly Expectation[];
  /** Who signs in, or registers, without a browser. Nothing is asked before the storage has proved usable. */
  readonly headlessUser?: () => Promise<ExperienceUser>;
  /** Origins that credentials may be sent to beside the provider's, without a browser. */
  readonly allowedOrigins?: readonly string[];
  /** Somebody answered for the profile, which is kept with the session. */
  readonly answered?: AnsweredProfile;
  /** Told of the session as soon as it is stored, and before the result is. */
  readonly onSignedIn?: (session: Session, profile: string) => void | Promise<void>;
  /** What is said of tokens that memory alone had. Default: that it was asked for. */
  readonly lostWith?: string;
}

/**
 * Signs in to a profile and tells the result: settings, storage proved writable, the journey, what is remembered.
 *
 * @returns the exit code when that is not 0: an assertion failed
 * @throws LogtoError whatever stopped it; the profile's session before it stays as it was
 */
export async function signInToProfile(
  context: CommandContext,
  settings: Settings,
  flags: ConnectionFlags & OutputFlags,
  request: SignInRequest,
): Promise<number | undefined> {
  const { runtime, output } = context;
  const application = await findApplication(runtime, settings, flags);
  knowEmulator(output, application);
  checkSignIn({ ...application, resources: request.resources }, request.options);
  // A wrong address is told before a keychain may open a prompt.
  if (request.headlessUser === undefined && !request.device)
    loopbackRedirect({ kind: 'sign-in', ...request });
  const { kind, storage } = await chooseStorage(context, settings, flags.input !== false);
  const user = await request.headlessUser?.();
  const fetch = await runtime.fetch(settings);
  const client = new LogtoClient(
    {
      ...(await withSecret(runtime, settings, application, kind, (line) => tellSetAside(output, line))),
      scopes: request.scopes,
      defaultScopes: request.defaultScopes,
      resources: request.resources,
    },
    {
      storage,
      // The process that starts this sign-in is the one that ends it: the verifier need not outlive it.
      signInStorage: new MemoryStorage(),
      lock: runtime.lock(settings.profile, kind),
      fetch,
      now: runtime.now,
      observe: runtime.observe,
      cache: await runtime.cache(),
    },
  );
  const { answered } = request;
  const onStored = () =>
    rememberSignIn(context, { settings, application, kind, storage, ...(answered && { answered }) });
  // Not read again: another process may end it at any moment.
  const signedIn = await signIn(context, request, { client, application, user, fetch, onStored });
  const session = await withWantedTokens(output, client, request, signedIn);
  await request.onSignedIn?.(session, settings.profile);
  const place = { profile: settings.profile, storage: kind };
  if (!session.hasRefreshToken) {
    output.note(
      `No refresh token came: the session ends with its access token. ${await refreshTokenWords(context, settings, request)}`,
    );
  }
  const result = {
    document: sessionDocument(session, place),
    lines: sessionLines(session, place, runtime.now(), output.paint),
  };
  const facts = await sessionFacts(request.expectations, session, runtime.now(), {
    accessToken: () => client.obtainAccessToken(wantedTokens(request)[0] ?? {}),
    userInfo: () => client.fetchUserInfo(),
  });
  const { lostWith = 'The tokens were kept in memory only and are gone now (--storage memory).' } = request;
  if (kind === 'memory') output.note(lostWith);
  return tellAsserted(context, flags, result, request.expectations, facts);
}

/** An emulator that does not answer has probably not been started. */
function knowEmulator(output: Output, { endpoint = '', appId }: LogtoConfig): void {
  if (!appId.startsWith('emulator-') || !URL.canParse(endpoint)) return;
  const { protocol, hostname, port } = new URL(endpoint);
  // Where it listens when nobody says otherwise.
  if (protocol !== 'http:' || !['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return;
  output.know(
    ['that the provider runs'],
    `The emulator is started with: logto-cli emulator --port ${shellWord(port || '80')}`,
  );
}

/** The person's way to sign in, and what it needs. */
interface SignInWay {
  readonly client: LogtoClient;
  readonly application: LogtoConfig;
  readonly user: ExperienceUser | undefined;
  readonly fetch: Fetch;
  readonly onStored: () => Promise<void>;
}

async function signIn(
  { runtime, output }: CommandContext,
  request: SignInRequest,
  { client, application, user, fetch, onStored }: SignInWay,
): Promise<Session> {
  const { timeout = patience } = request;
  if (user !== undefined) {
    const origins = credentialOrigins(issuerOf(application), request.allowedOrigins);
    const named = { namedBy: namedBy(application), origins };
    const session = await headlessSignIn(runtime, { ...request, ...named, client, user, fetch });
    await onStored();
    return session;
  }
  if (request.device) {
    const [{ deviceSignIn }, { deviceProgress }] = await Promise.all([
      import('../../flow/device-sign-in.js'),
      import('../report/device-words.js'),
    ]);
    const hasKeys = request.aid === 'keys';
    const progress = await withKeys(deviceProgress(output), output, request);
    return deviceSignIn(runtime, { ...request, client, hasKeys, progress, onStored });
  }
  return browserSignIn(runtime, {
    ...request,
    timeout,
    client,
    isLogto: application.endpoint !== undefined,
    progress: await withKeys(journeyProgress(output), output, request),
    onStored,
  });
}

/** What keys ask for is loaded where there are some. */
async function withKeys(
  progress: JourneyProgress,
  output: Output,
  { aid }: SignInRequest,
): Promise<JourneyProgress> {
  if (aid !== 'keys') return progress;
  const { keysProgress } = await import('../report/keys-words.js');
  return keysProgress(progress, output);
}

/** The access tokens that the sign-in is for. */
function wantedTokens({ resources, organization }: SignInRequest): AccessTokenRequest[] {
  return [
    ...resources.filter((resource) => resource !== organizationResource).map((resource) => ({ resource })),
    ...(organization === undefined ? [] : [{ organization }]),
  ];
}

/** One of them within a sentence. */
function named({ resource, organization }: AccessTokenRequest): string {
  return organization === undefined
    ? `the resource ${JSON.stringify(resource)}`
    : `the organization ${JSON.stringify(organization)}`;
}

/**
 * Gets the tokens that were asked for, and says what was not granted: a provider may leave out scopes silently. The
 * sign-in itself stands, whatever comes of it.
 *
 * @returns the session with the tokens that came
 */
async function withWantedTokens(
  output: Output,
  client: LogtoClient,
  request: SignInRequest,
  session: Session,
): Promise<Session> {
  const { scopes } = request;
  const accessTokens = [...session.accessTokens];
  for (const token of wantedTokens(request)) {
    try {
      accessTokens.push(summaryOf(await client.obtainAccessToken(token)));
    } catch (error) {
      if (!(error instanceof LogtoError)) throw error;
      output.warn(
        `Signed in, but without a token for ${named(token)}: ${error.message} ${error.hint} (${error.code})`,
      );
    }
  }
  const granted = new Set([session, ...accessTokens].flatMap((found) => found.scopes));
  const missing = scopes.filter((scope) => !granted.has(scope));
  if (missing.length > 0) {
    output.warn(
      `Not granted: ${missing.join(' ')}. The provider does not know the scope, or the user has no such permission ` +
        `(${rightsAt(session)}); a scope of an API needs its --resource.`,
    );
  }
  return { ...session, accessTokens };
}

/** Where it is set what a user may do. */
function rightsAt(session: Session): string {
  const logto = `${inConsole('Roles')}, ${inConsole('API resources')}, ${inConsole('Organizations')}`;
  return worded({ general: 'its roles and groups at the provider', logto }, namedBy(session));
}
