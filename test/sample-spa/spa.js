// A single-page application as it should be: it signs in by script, checks the ID token by hand, and keeps who is signed
// in for its tab. Each of its defects is there only where it is named.

const { issuer, clientId, defects } = JSON.parse(document.getElementById('settings').textContent);
const has = (name) => defects.includes(name);
const main = document.querySelector('main');
const redirectUri = `${location.origin}/callback`;
/** Seconds that clocks may differ. */
const tolerance = 60;

const bytesOf = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
const textOf = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const random = () => textOf(crypto.getRandomValues(new Uint8Array(32)));

/** Asks the provider, and takes no answer but a sound one. */
async function ask(url, init = {}) {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(3000), ...init });
  if (!response.ok) throw new Error(`the provider answered ${response.status}`);
  return response.json();
}

async function discover() {
  const metadata = await ask(`${issuer}/.well-known/openid-configuration`);
  if (metadata.issuer !== issuer) throw new Error('another issuer');
  return metadata;
}

async function beginSignIn() {
  const { authorization_endpoint: endpoint } = await discover();
  const begun = {
    state: random(),
    nonce: random(),
    verifier: has('verifier-constant') ? 'v'.repeat(50) : random(),
  };
  sessionStorage.setItem('begun', JSON.stringify(begun));
  const challenge = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(begun.verifier));
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid profile email',
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: textOf(challenge),
    code_challenge_method: 'S256',
  });
  location.assign(`${endpoint}?${query}`);
}

async function finishSignIn(sent) {
  const begun = JSON.parse(sessionStorage.getItem('begun') ?? 'null');
  sessionStorage.removeItem('begun');
  const names = [...sent.keys()];
  if (new Set(names).size < names.length) throw new Error('a parameter that is there twice');
  if (begun === null) throw new Error('this sign-in was not begun here');
  if (sent.get('state') !== begun.state) throw new Error('another state');
  if (sent.get('iss') !== issuer) throw new Error('another issuer');
  if (sent.has('error')) throw new Error(sent.get('error_description') ?? sent.get('error'));
  const metadata = await discover();
  const tokens = await ask(metadata.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: sent.get('code') ?? '',
      redirect_uri: redirectUri,
      client_id: clientId,
      code_verifier: begun.verifier,
    }),
  });
  if (typeof tokens.access_token !== 'string') throw new Error('no access token');
  const { sub } = await claimsOf(tokens.id_token, metadata, begun.nonce);
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  const user = await ask(metadata.userinfo_endpoint, { headers });
  if (user.sub !== sub && !has('userinfo-of-other-taken')) throw new Error('UserInfo of somebody else');
  return { sub, name: user.username ?? user.name ?? sub, token: tokens.access_token };
}

async function claimsOf(idToken, metadata, nonce) {
  const [head = '', body = '', signature = ''] = String(idToken).split('.');
  const read = (part) => JSON.parse(new TextDecoder().decode(bytesOf(part)));
  const { alg, kid } = read(head);
  if (alg !== 'ES384') throw new Error('another algorithm');
  const { keys } = await ask(metadata.jwks_uri);
  const fitting = keys.filter((one) => one.kty === 'EC' && one.crv === 'P-384');
  // One that names no key means the only one that there is.
  const key = kid === undefined && fitting.length === 1 ? fitting[0] : fitting.find((one) => one.kid === kid);
  if (key === undefined) throw new Error('no such key');
  const curve = { name: 'ECDSA', namedCurve: 'P-384' };
  const { kty, crv, x, y } = key;
  const imported = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, curve, false, ['verify']);
  const data = new TextEncoder().encode(`${head}.${body}`);
  const isSigned = await crypto.subtle.verify(
    { name: 'ECDSA', hash: 'SHA-384' },
    imported,
    bytesOf(signature),
    data,
  );
  const claims = read(body);
  const audiences = [claims.aud].flat();
  const now = Date.now() / 1000;
  const demands = {
    signature: isSigned,
    iss: claims.iss === issuer,
    aud: audiences.length === 1 && (has('audience-unchecked') || audiences[0] === clientId),
    exp: claims.exp > now - tolerance,
    iat: claims.iat < now + tolerance,
    sub: typeof claims.sub === 'string' && claims.sub !== '',
    nonce: has('nonce-unchecked') || claims.nonce === nonce,
  };
  const broken = Object.keys(demands).find((name) => !demands[name]);
  if (broken !== undefined) throw new Error(`the ID token has a wrong ${broken}`);
  return claims;
}

async function signOut() {
  sessionStorage.removeItem('user');
  const { end_session_endpoint: endpoint } = await discover();
  const back = `${location.origin}/`;
  location.assign(
    `${endpoint}?${new URLSearchParams({ client_id: clientId, post_logout_redirect_uri: back })}`,
  );
}

/** Shows words, and a button for what can be done. */
function show(words, label, work) {
  const text = document.createElement('p');
  if (has('markup-echoed')) text.innerHTML = words;
  else text.textContent = words;
  const button = document.createElement('button');
  button.textContent = label;
  button.addEventListener('click', () => work().catch(refuse));
  main.replaceChildren(text, button);
}

function refuse({ message }) {
  show(`The sign-in was refused: ${message}`, 'Sign in', beginSignIn);
}

function showStart() {
  const user = JSON.parse(sessionStorage.getItem('user') ?? 'null');
  if (user === null) return show('Nobody is signed in.', 'Sign in', beginSignIn);
  show(`Signed in as ${user.name} (${user.sub})`, 'Sign out', signOut);
  if (has('token-shown')) main.dataset.token = user.token;
}

if (location.pathname === '/callback') {
  const sent = new URLSearchParams(location.search);
  history.replaceState(null, '', '/');
  finishSignIn(sent).then((user) => {
    sessionStorage.setItem('user', JSON.stringify(user));
    showStart();
  }, refuse);
} else showStart();
