import { invalidAnswer, type JsonObject, type Subject } from '../http-answer.js';
import { isLoopbackHost } from '../issuer-url.js';
import { verifying } from '../provider-event.js';
import type { DeviceAuthorization } from '../request.js';
import { quoted } from './value-kind.js';

/** Seconds between two polls where the provider does not say (RFC 8628, section 3.2). */
const defaultInterval = 5;

/** More is no code that anybody types. */
const longestUserCode = 100;

/** What a device authorization response is read with. */
export interface DeviceAuthorizationContext {
  readonly subject: Subject;
  /** The provider's issuer: where it is http: on loopback, its pages may be so too. */
  readonly issuer: string;
  /** Milliseconds since 1970, when it was asked for. */
  readonly askedAt: number;
}

/**
 * Checks a device authorization response (RFC 8628, section 3.2). Its addresses are opened in a browser, so that they
 * have to be of the web: https, or http on this machine where the provider itself is there.
 *
 * @throws LogtoError the subject's code
 */
export function checkDeviceAuthorization(
  body: JsonObject,
  { subject, issuer, askedAt }: DeviceAuthorizationContext,
): DeviceAuthorization {
  const verify = verifying(subject.observe, 'device authorization response');
  const allowHttp = new URL(issuer).protocol === 'http:';
  const deviceCode = text(body['device_code']);
  const userCode = text(body['user_code']);
  const areCodes = deviceCode !== null && userCode !== null && userCode.length <= longestUserCode;
  if (!verify('device_code and user_code are there', 'RFC 8628, 3.2', areCodes))
    throw invalidAnswer(subject, `gave no usable ${deviceCode === null ? 'device_code' : 'user_code'}`);
  // The name that it had in drafts is still Google's.
  const address = body['verification_uri'] ?? body['verification_url'];
  const complete = text(body['verification_uri_complete'] ?? body['verification_url_complete']);
  const arePages = isPage(address, allowHttp) && (complete === null || isPage(complete, allowHttp));
  if (!verify('its pages are https, or http on this machine', 'RFC 8628, 3.2', arePages)) {
    const isFirst = !isPage(address, allowHttp);
    const name = isFirst ? 'verification_uri' : 'verification_uri_complete';
    throw invalidAnswer(
      subject,
      `gave an unusable ${name}: ${quoted(isFirst ? (address ?? '') : complete, 200)} is no https address`,
    );
  }
  const lifetime = seconds(body['expires_in']);
  const hasEnd = lifetime !== null && lifetime > 0;
  if (!verify('expires_in says how long they last', 'RFC 8628, 3.2', hasEnd))
    throw invalidAnswer(subject, 'gave no usable expires_in');
  return {
    deviceCode: deviceCode as string,
    userCode: userCode as string,
    verificationUri: address as string,
    verificationUriComplete: complete,
    expiresAt: askedAt + (lifetime as number) * 1000,
    interval: Math.max(1, seconds(body['interval']) ?? defaultInterval),
  };
}

function isPage(value: unknown, allowHttp: boolean): boolean {
  if (typeof value !== 'string' || value.length > 2000 || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (allowHttp && protocol === 'http:' && isLoopbackHost(hostname));
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** A number of seconds, which some providers quote; at most a day. */
function seconds(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && number >= 0 ? Math.min(number, 86_400) : null;
}
