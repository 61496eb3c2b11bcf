import { isLoopbackHost } from './issuer-url.js';

/** Domains below which everybody can have a name, so that two names there are no one's site in particular. */
const sharedDomains: readonly string[] = [
  'amazoncognito.com',
  'auth0.com',
  'azurewebsites.net',
  'b2clogin.com',
  'ciamlogin.com',
  'cloudfront.net',
  'firebaseapp.com',
  'fly.dev',
  'github.io',
  'herokuapp.com',
  'kinde.com',
  'logto.app',
  'netlify.app',
  'ngrok.app',
  'ngrok.io',
  'okta.com',
  'oktapreview.com',
  'onelogin.com',
  'onrender.com',
  'pages.dev',
  'run.app',
  'trycloudflare.com',
  'vercel.app',
  'web.app',
  'workers.dev',
  'zitadel.cloud',
];

/**
 * Whether two hosts are one site, in so far as their names tell: they are the same, one is below the other, or both are
 * below a name that one registrant has. Which names are registered to one is known to the Public Suffix List alone: what
 * looks like a suffix for many (`co.uk`) is taken for one, so that a doubt means two sites.
 */
export function isSameSite(one: string, other: string): boolean {
  const [first, second] = [one, other].map((host) => host.toLowerCase().replace(/\.$/, '')) as [
    string,
    string,
  ];
  if (first === second || (isLoopbackHost(first) && isLoopbackHost(second))) return true;
  if (!isName(first) || !isName(second)) return false;
  const shared = commonEnd(first.split('.'), second.split('.'));
  return (
    isRegistrable(shared) &&
    (isWithin(first, second) || isWithin(second, first) || !isShared(shared.join('.')))
  );
}

function isWithin(host: string, domain: string): boolean {
  return host.endsWith(`.${domain}`);
}

/** Not an address: what its digits end with says nothing. */
function isName(host: string): boolean {
  return !host.startsWith('[') && !/\.\d+$/.test(host) && host.includes('.');
}

function commonEnd(one: readonly string[], other: readonly string[]): readonly string[] {
  let length = 0;
  while (length < Math.min(one.length, other.length) && one.at(-1 - length) === other.at(-1 - length))
    length += 1;
  return length === 0 ? [] : one.slice(-length);
}

/** Two labels that are no suffix by their looks, or more. */
function isRegistrable(labels: readonly string[]): boolean {
  const [second = '', top = ''] = labels.slice(-2);
  if (labels.length !== 2) return labels.length > 2;
  return !(top.length === 2 && second.length <= 3);
}

function isShared(domain: string): boolean {
  return sharedDomains.some((shared) => domain === shared || isWithin(domain, shared));
}
