// An application as beginners write it, without a library: it looks at no signature and at no state, asks for the discovery
// document when somebody first signs in, and catches nothing.

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, PORT } = process.env;
const url = `http://localhost:${PORT}/`;
const redirectUri = `${url}callback`;
const sessions = new Map();
let provider;

async function discovered() {
  provider ??= await (await fetch(`${OIDC_ISSUER}/.well-known/openid-configuration`)).json();
  return provider;
}

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, url);
  const id = /sid=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
  if (pathname === '/') {
    const user = sessions.get(id);
    response.setHeader('content-type', 'text/html');
    return response.end(user === undefined ? '<a href="/sign-in">Sign in</a>' : `Hello ${user.sub}`);
  }
  if (pathname === '/sign-in') {
    const { authorization_endpoint: endpoint } = await discovered();
    const parameters = {
      client_id: OIDC_CLIENT_ID,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid',
      state: 'always-the-same',
    };
    return response.writeHead(302, { location: `${endpoint}?${new URLSearchParams(parameters)}` }).end();
  }
  if (pathname !== '/callback') return response.writeHead(404).end();
  const code = searchParams.get('code');
  const answer = await fetch((await discovered()).token_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${OIDC_CLIENT_ID}:${OIDC_CLIENT_SECRET}`)}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri }),
  });
  const { id_token: idToken } = await answer.json();
  const own = randomBytes(16).toString('hex');
  sessions.set(own, JSON.parse(Buffer.from(idToken.split('.')[1], 'base64url').toString()));
  response.writeHead(302, { location: '/', 'set-cookie': `sid=${own}; HttpOnly; SameSite=Lax` }).end();
}).listen(PORT, 'localhost');
