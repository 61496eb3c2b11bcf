// Lets one reader of text from outside read megabytes of what is hard to read, and says which before each.
// Usage: node linear-readers.js <name>; without a name it lists the names, one a line.

import { CookieJar } from '../../build/headless/cookie-jar.js';
import { findAlert, findLink, readForms } from '../../build/headless/html-form.js';
import { errorFromOAuth, parseOAuthError, presentable } from '../../build/oidc/error/error-from-oauth.js';
import { readErrorPage } from '../../build/oidc/error/error-page.js';
import { pageTitle } from '../../build/oidc/html.js';
import { describeBody, parseJsonObject } from '../../build/oidc/http-answer.js';
import { checkAuthorizationResponse } from '../../build/oidc/validate/authorization-response.js';
import { decodeJwt } from '../../build/oidc/validate/jwt.js';
import { TextWriter } from '../../build/output/text-writer.js';
import { wrapWords } from '../../build/output/wrap-words.js';
import { SecretMask } from '../../build/secret-forms.js';
import { answerMeanings } from '../../build/trace/meanings.js';
import { Redactor } from '../../build/trace/redactor.js';

const size = 1_000_000;

/** Each is repeated until it is long enough; what begins but never ends is hardest. */
const pieces = [
  ...[
    '<',
    '<a ',
    '<a b',
    '<a b="',
    "<a b='",
    '<form ',
    '<form>',
    '<form><input ',
    '</',
    '<!--',
    '<script>',
    '<style ',
  ],
  ...[
    '<p role="alert">',
    '<a href="/x" ',
    '&',
    '&#',
    '&#1',
    '&amp',
    ' ',
    '\t\n',
    '=',
    '"',
    "'",
    '/',
    '//',
    '?',
    '#',
  ],
  ...[
    '.',
    '..',
    '…',
    'e',
    'ee…',
    '%',
    '%4',
    '\\u',
    '\\',
    '[',
    '{"a":',
    '[[',
    ',',
    ';',
    '@',
    ':',
    'http://',
    'a@',
  ],
  ...[
    'redirect_uri',
    'invalid_request ',
    'error=',
    'error_description=',
    'scope ',
    '\u001b[',
    '\u202e',
    'İ',
    '\ud800',
    '\u00ad',
    '#\u00ad',
    '\ufdd01;31\ufdd1',
    '\ufdd01',
  ],
  ...['secret secre', 'ab', 'abab…', 'client not foun', '`', '*', '+', '-', '_', '0', '9', '\r\n'],
];

const longSecret = `${'ab'.repeat(12_000)}c`;

function errorOf(description) {
  const error = parseOAuthError(
    JSON.stringify({ error: 'invalid_grant', error_description: description }),
    400,
    [],
  );
  return errorFromOAuth(error, { kind: 'code', clientId: 'app', hasSecret: true });
}

function trace(text) {
  const redactor = new Redactor();
  redactor.remember(longSecret);
  redactor.remember('secret');
  redactor.fields(
    [
      ['error_description', text],
      ['anything', text],
    ],
    answerMeanings,
  );
  redactor.address(`https://provider.test/${text}`);
  redactor.address(text);
  redactor.contents(text);
}

function store(text) {
  const headers = new Headers();
  headers.append('set-cookie', `a=${text.replace(/[^\x20-\x7e]/g, ' ')}`);
  new CookieJar().store('https://provider.test/', headers);
}

function respond(text) {
  const expected = { state: 'state', issuer: 'https://provider.test', requiresIss: false, clientId: 'app' };
  const query = new URLSearchParams({ state: 'state', error: 'access_denied', error_description: text });
  try {
    checkAuthorizationResponse(`http://localhost:3000/callback?${query}`, expected);
  } catch {
    // It is the refusal that is asked for, as fast as it can be had.
  }
}

const place = { isTerminal: false, hasColors: true, columns: 80, hasMarks: false, isLogRead: true };
const writer = new TextWriter(() => {}, place);

const readers = {
  'error page': (text) => readErrorPage(text, 400, ['secret', longSecret]),
  'title of a page': (text) => pageTitle(`<title>${text}`),
  'forms of a page': readForms,
  'link of a page': (text) => findLink(text, '/other'),
  'alert of a page': findAlert,
  'OAuth error': errorOf,
  'presentable words': (text) => presentable(text, ['secret', longSecret]),
  'mask of secrets': (text) => new SecretMask('***', ['secret', longSecret, 'e'.repeat(500)]).hide(text),
  'kind of a body': describeBody,
  'JSON object': parseJsonObject,
  JWT: (text) => decodeJwt(`${text}.${text}.${text}`),
  trace,
  cookie: store,
  'authorization response': respond,
  'written line': (text) => writer.write([text, `#${text}`, `:${text}`], { limit: Number.POSITIVE_INFINITY }),
  'written JSON': (text) => writer.writeJson({ [text]: text }),
  'written value': (text) => writer.writeValue(`a${text}`.replace(/[^!-~]|#/g, '.')),
  'words in lines': (text) => wrapWords(text, 80),
};

const [name] = process.argv.slice(2);
if (name === undefined) {
  process.stdout.write(`${Object.keys(readers).join('\n')}\n`);
} else {
  for (const piece of pieces) {
    process.stdout.write(`${JSON.stringify(piece)}\n`);
    readers[name](piece.repeat(Math.ceil(size / piece.length)));
  }
  process.stdout.write('read\n');
}
