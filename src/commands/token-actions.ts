import type { AccessToken } from '../client/access-token.js';
import { decodeJwt } from '../client/jwt.js';
import { LogtoError } from '../errors.js';
import { isoTime } from '../output/moments.js';
import type { CommandContext } from './command.js';
import { decodedDocument, decodedLines } from './decoded-token.js';
import { warnOfEmptyScope } from './empty-scope.js';
import { obtainClientCredentials, obtainIdToken, obtainSessionToken } from './obtain-token.js';
import type { TokenFlags } from './token-flags.js';

/** Gets the token that the flags name, and prints it in the form that they name. */
export async function printToken(context: CommandContext, flags: TokenFlags): Promise<undefined> {
  const { runtime, output } = context;
  if (typeof flags.decode === 'string') {
    const given = flags.decode === '-' ? await runtime.stdin.readAll() : flags.decode;
    if (given.trim() === '') {
      throw new LogtoError(
        'usage_invalid',
        'There is no token to decode.',
        'Give it after --decode, or pipe it in with --decode -.',
      );
    }
    printDecoded(context, given.trim());
    return undefined;
  }
  if (flags.idToken) {
    const idToken = await obtainIdToken(context, flags);
    if (flags.decode) printDecoded(context, idToken);
    else output.result(idTokenDocument(idToken), [formatted(idToken, flags, 'LOGTO_ID_TOKEN')]);
    return undefined;
  }
  const token = await (flags.clientCredentials ? obtainClientCredentials : obtainSessionToken)(
    context,
    flags,
  );
  warnOfEmptyScope(output, token, flags.clientCredentials ? 'application' : 'user');
  if (flags.decode) printDecoded(context, token.accessToken);
  else output.result(accessTokenDocument(token), [formatted(token.accessToken, flags, 'LOGTO_ACCESS_TOKEN')]);
  return undefined;
}

function formatted(token: string, { header, env }: TokenFlags, defaultName: string): string {
  if (header) return `Authorization: Bearer ${token}`;
  if (env === undefined) return token;
  return `export ${env === true ? defaultName : env}='${token.replaceAll("'", "'\\''")}'`;
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

function printDecoded({ runtime, output }: CommandContext, token: string): void {
  const decoded = decodeJwt(token);
  output.result(decodedDocument(decoded), decodedLines(decoded, runtime.now(), output.paint));
}
