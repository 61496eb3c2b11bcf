// What applications do that do not look at what the provider answered.

/** The defects, and the answers at which they show. `user`: who is signed in then, as far as the application knows. */
const carelessness = {
  'token-refusal-taken': { endpoint: 'token', isMet: ({ status }) => status === 400, user: {} },
  'token-unauthorized-taken': { endpoint: 'token', isMet: ({ status }) => status === 401, user: {} },
  'token-failure-thrown': { endpoint: 'token', isMet: ({ status }) => status === 500 },
  'token-page-taken': { endpoint: 'token', isMet: ({ text }) => text.startsWith('<'), user: {} },
  // Whoever has such a session is shown no page.
  'token-unread': { endpoint: 'token', isMet: ({ text }) => text === '{"half":', user: null },
  'access-token-missing': { endpoint: 'token', isMet: hasIdTokenOnly, user: {} },
  'access-token-not-needed': { endpoint: 'token', isMet: hasIdTokenOnly, userOf: subjectOf },
  'userinfo-refusal-taken': { endpoint: 'userinfo', isMet: ({ status }) => status === 401, user: {} },
  'userinfo-failure-thrown': { endpoint: 'userinfo', isMet: ({ status }) => status === 500 },
  'userinfo-unread': { endpoint: 'userinfo', isMet: ({ text }) => text.startsWith('<'), user: null },
  'keys-unread': { endpoint: 'jwks', isMet: isUnanswered, user: null },
  'connection-failure-thrown': { endpoint: 'token', isMet: isUnanswered },
};

/** Not: late. */
function isUnanswered({ status }, error) {
  return status === 0 && error instanceof TypeError;
}

function hasIdTokenOnly({ text }) {
  return text.includes('"id_token"') && !text.includes('"access_token"');
}

function subjectOf({ text }) {
  const [, claims] = JSON.parse(text).id_token.split('.');
  const { sub } = JSON.parse(Buffer.from(claims, 'base64url'));
  return { sub, name: sub };
}

/** A fetch that keeps what was answered last. */
export function watchingFetch(has, seen) {
  return async (url, sent) => {
    const redirect = has('token-redirect-followed') ? 'follow' : sent.redirect;
    seen.last = { url: String(url), status: 0, text: '' };
    const response = await fetch(url, { ...sent, redirect });
    seen.last = { url: String(url), status: response.status, text: await response.clone().text() };
    return response;
  };
}

/**
 * Who is signed in by an answer that was refused: a user, or undefined where that is nobody.
 *
 * @throws the error, which is for nobody to catch
 */
export function userOfRefused(has, { config, seen }, error) {
  const metadata = config.serverMetadata();
  const isOf = (name) => [metadata[`${name}_endpoint`], metadata[`${name}_uri`]].includes(seen.last.url);
  const met = Object.entries(carelessness).find(
    ([name, { endpoint, isMet }]) => has(name) && isOf(endpoint) && isMet(seen.last, error),
  );
  if (met === undefined) return undefined;
  const [, { userOf, user = userOf?.(seen.last) }] = met;
  if (user === undefined) throw error;
  return user;
}
