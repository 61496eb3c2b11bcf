import type { AccessToken } from '../../client/access-token.js';
import { type DecodedJwt, decodeJwt } from '../../oidc/validate/jwt.js';
import { isoTime } from '../../output/moments.js';
import type { ResultValue } from '../../output/output.js';
import type { CommandContext } from '../../session/command-context.js';
import { quotedWord } from '../../shell-word.js';
import type { Facts } from '../report/told-assertions.js';
import { obtainIdToken, obtainSessionToken } from './obtain-token.js';
import type { TokenFlags } from './token-flags.js';

/** A command's result: the document, and the lines for everybody else. */
interface TokenResult {
  readonly document: object;
  readonly lines: readonly string[] | ResultValue;
}

/**
 * Gets the token that the flags name, and prints it in the form that they name. A token of which an assertion does not
 * hold is for `--json` alone: whoever pipes it on would use it.
 *
 * @returns the exit code when that is not 0
 */
export async function printToken(context: CommandContext, flags: TokenFlags): Promise<number | undefined> {
  const { runtime, output } = context;
  if (typeof flags.decode === 'string') {
    const given = flags.decode === '-' ? await runtime.stdin.readAll() : flags.decode;
    const { decodeGivenToken } = await import('./given-token.js');
    const { document, lines } = await shown(context, decodeGivenToken(given));
    output.result(document, lines);
    return undefined;
  }
  if (flags.idToken) {
    const idToken = await obtainIdToken(context, flags);
    const result = flags.decode
      ? await decodedResult(context, idToken)
      : { document: idTokenDocument(idToken), lines: { value: formatted(idToken, flags, 'LOGTO_ID_TOKEN') } };
    return tell(context, flags, result, ({ idTokenFacts }) => idTokenFacts(idToken, runtime.now()));
  }
  const token = await obtain(context, flags);
  if (token.scopes.length === 0) {
    const { warnOfEmptyScope } = await import('./empty-scope.js');
    const holder = flags.exchange ? 'subject' : flags.clientCredentials ? 'application' : 'user';
    warnOfEmptyScope(output, token, holder);
  }
  const { accessToken } = token;
  const result = flags.decode
    ? await decodedResult(context, accessToken)
    : {
        document: accessTokenDocument(token),
        lines: { value: formatted(accessToken, flags, 'LOGTO_ACCESS_TOKEN') },
      };
  return tell(
    context,
    flags,
    result,
    ({ accessTokenFacts }) => {
      const facts = accessTokenFacts(token, runtime.now());
      return { ...facts, access_token: facts };
    },
    ({ adviceOnOpaque }) => adviceOnOpaque(token),
  );
}

async function obtain(context: CommandContext, flags: TokenFlags): Promise<AccessToken> {
  if (!flags.exchange && !flags.clientCredentials) return obtainSessionToken(context, flags);
  const { obtainClientCredentials, obtainExchanged } = await import('./obtain-stateless.js');
  return (flags.exchange ? obtainExchanged : obtainClientCredentials)(context, flags);
}

async function tell(
  context: CommandContext,
  flags: TokenFlags,
  result: TokenResult,
  factsOf: (expectations: typeof import('../report/told-assertions.js')) => Facts,
  adviceOf: (expectations: typeof import('../report/told-assertions.js')) => string | undefined = () =>
    undefined,
): Promise<number | undefined> {
  if (flags.expect === undefined) {
    context.output.result(result.document, result.lines);
    return undefined;
  }
  const expectations = await import('../report/told-assertions.js');
  const shown = {
    ...result,
    advice: adviceOf(expectations),
    ...(flags.decode === undefined && { linesOfFailure: [] }),
  };
  return expectations.tellAsserted(context, flags, shown, flags.expect, factsOf(expectations));
}

function formatted(token: string, { header, env }: TokenFlags, defaultName: string): string {
  if (header) return `Authorization: Bearer ${token}`;
  if (env === undefined) return token;
  return `export ${env === true ? defaultName : env}=${quotedWord(token)}`;
}

function accessTokenDocument({
  accessToken,
  tokenType,
  expiresAt,
  scopes,
  resource,
  organization,
}: AccessToken): object {
  return {
    accessToken,
    tokenType,
    expiresAt: expiresAt === null ? null : isoTime(expiresAt),
    scopes,
    resource,
    organization,
    claims: decodeJwt(accessToken)?.claims ?? null,
  };
}

function idTokenDocument(idToken: string): object {
  const claims = decodeJwt(idToken)?.claims ?? null;
  return { idToken, expiresAt: isoTime(Number(claims?.['exp']) * 1000), claims };
}

function decodedResult(context: CommandContext, token: string): Promise<TokenResult> {
  return shown(context, decodeJwt(token));
}

async function shown({ runtime, output }: CommandContext, decoded: DecodedJwt | null): Promise<TokenResult> {
  const { decodedDocument, decodedLines } = await import('./decoded-token.js');
  return {
    document: decodedDocument(decoded),
    lines: decodedLines(decoded, runtime.now(), output.paint),
  };
}
