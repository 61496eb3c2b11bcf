import { randomBytes } from 'node:crypto';

/** Milliseconds that a sign-in may take, and that a session lasts. */
const pendingLifetime = 600_000;
const sessionLifetime = 3_600_000;

/** Things of one browser, kept here by a random name that only its cookie has. */
class Kept {
  #entries = new Map();

  constructor(cookieName, lifetime) {
    this.cookieName = cookieName;
    this.lifetime = lifetime;
  }

  /** @returns the name to put into the cookie */
  keep(value) {
    const id = randomBytes(32).toString('base64url');
    this.#entries.set(id, { value, endsAt: Date.now() + this.lifetime });
    return id;
  }

  get(id) {
    const entry = this.#entries.get(id);
    return entry !== undefined && entry.endsAt > Date.now() ? entry.value : undefined;
  }

  forget(id) {
    this.#entries.delete(id);
  }

  values() {
    return [...this.#entries].map(([id, { value }]) => [id, value]);
  }

  /** The header that puts a name into the browser; an empty one takes it out. */
  cookie(id, isSecure, attributes = 'HttpOnly; SameSite=Lax') {
    const age = id === '' ? '; Max-Age=0' : '';
    return `${this.cookieName}=${id}; Path=/; ${attributes}${isSecure ? '; Secure' : ''}${age}`;
  }
}

/** What the application knows of browsers: sign-ins that have begun, and sessions. */
export function createSessions() {
  return {
    pending: new Kept('sample_sign_in', pendingLifetime),
    sessions: new Kept('sample_session', sessionLifetime),
  };
}

/** The value of a cookie of this request; empty without one. */
export function cookieOf(request, name) {
  const pairs = (request.headers.cookie ?? '').split('; ').map((pair) => pair.split('='));
  return pairs.find(([own]) => own === name)?.[1] ?? '';
}
