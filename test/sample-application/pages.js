/** Text as it stands in a page. */
export function escaped(text) {
  return String(text).replace(
    /[&<>"']/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign],
  );
}

/** Answers with a page. @param {string} body its markup */
export function answerPage(response, status, body, headers = {}) {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    ...headers,
  });
  response.end(`<!doctype html><html lang="en"><title>Sample</title><main>${body}</main></html>`);
}

/** What everybody may do who is not signed in. */
export const signInLink = '<a href="/sign-in">Sign in</a>';
