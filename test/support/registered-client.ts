import type { Answer, Answering, RecordedRequest } from './lies.js';

/** Ways in which a provider may read who sends a request. */
export type Reading = 'basic' | 'basic, not decoded' | 'post' | 'none';

/** The one client that a provider knows. */
export interface RegisteredClient {
  readonly clientId: string;
  readonly secret?: string;
  /** The ways that the provider understands. */
  readonly reads: readonly Reading[];
  /** What anybody else is told. Default: 401 `invalid_client`. */
  readonly refusal?: Answer | ((request: RecordedRequest) => Answer);
  /** What is told to the client itself. Default: the honest answer. */
  readonly answer?: Answering;
}

/** Answers nobody but one client, which authenticates in one of these ways. */
export function onlyFor(client: RegisteredClient): Answering {
  const { refusal = { status: 401, body: { error: 'invalid_client' } }, answer } = client;
  return (request, response) => {
    const isKnown = client.reads.some((reading) => isSentBy(client, request, reading));
    if (isKnown) return answer?.(request, response) ?? 'honest';
    return typeof refusal === 'function' ? refusal(request) : refusal;
  };
}

function isSentBy(
  { clientId, secret = '' }: RegisteredClient,
  { headers, form }: RecordedRequest,
  reading: Reading,
): boolean {
  const [scheme, credentials] = headers.authorization?.split(' ') ?? [];
  if (reading === 'none')
    return scheme === undefined && !form.has('client_secret') && form.get('client_id') === clientId;
  if (reading === 'post') {
    const isBare = scheme === undefined;
    return isBare && form.get('client_id') === clientId && form.get('client_secret') === secret;
  }
  if (scheme !== 'Basic') return false;
  const text = Buffer.from(credentials ?? '', 'base64').toString();
  const colon = text.indexOf(':');
  const sent = [text.slice(0, colon), text.slice(colon + 1)];
  const read = reading === 'basic' ? sent.map((part) => new URLSearchParams(`x=${part}`).get('x')) : sent;
  return read[0] === clientId && read[1] === secret;
}
