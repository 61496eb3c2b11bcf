import type { IncomingMessage } from 'node:http';

/** Bytes of a form that an authorization response can need. */
const sizeLimit = 65_536;

/** How long a form may take to come, in milliseconds. */
const timeLimit = 2000;

/**
 * The form that a POST carries (OAuth 2.0 Form Post Response Mode), empty where it is too slow; `null` where it carries
 * none, or a larger one than any response needs. Never rejects.
 */
export function postedForm(request: IncomingMessage): Promise<URLSearchParams> | null {
  const length = Number(request.headers['content-length'] ?? 0);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
  if (request.method !== 'POST' || !isForm || !(length > 0 && length <= sizeLimit)) {
    return null;
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => done(), timeLimit).unref();
    const done = (text = '') => {
      clearTimeout(timer);
      resolve(new URLSearchParams(text));
    };
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => done(Buffer.concat(chunks).toString()));
    request.once('close', () => done());
  });
}
