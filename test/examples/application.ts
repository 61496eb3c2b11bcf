import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LogtoClient, LogtoError } from 'logto-cli';

/** Where the application under test is. */
export interface Application {
  readonly url: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status?: number;
  readonly text?: string;
  readonly location?: string;
}

/** An application as small as one can be that signs one person in and has an API for everybody with a token. */
export async function startApplication(provider: {
  readonly endpoint: string;
  readonly appId: string;
}): Promise<Application> {
  const client = new LogtoClient(provider);
  const server = createServer(async (req, res) => {
    const { status = 200, text = '', location } = await answer(req).catch(failed);
    if (location !== undefined) res.writeHead(303, { location }).end();
    else res.writeHead(status, { 'content-type': 'text/html' }).end(text);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, close };

  async function answer(req: IncomingMessage): Promise<Answer> {
    const { pathname } = new URL(req.url ?? '/', url);
    if (pathname === '/sign-in') return { location: await client.signIn({ redirectUri: `${url}/callback` }) };
    if (pathname === '/callback') {
      await client.handleSignInCallback(`${url}${req.url}`);
      return { location: '/' };
    }
    if (pathname === '/api/hello') return answerApi(req.headers.authorization ?? '');
    if (pathname !== '/') return { status: 404 };
    if (!(await client.isAuthenticated())) return { text: '<a href="/sign-in">Sign in</a>' };
    return { text: `Hello ${(await client.getIdTokenClaims())['username']}` };
  }

  async function answerApi(authorization: string): Promise<Answer> {
    const response = await fetch(`${provider.endpoint}/oidc/me`, { headers: { authorization } });
    if (!response.ok) return { status: response.status === 401 ? 401 : 503 };
    return { text: `Hello ${(await response.json()).username}` };
  }
}

function failed(error: unknown): Answer {
  const code = error instanceof LogtoError ? error.code : 'internal_error';
  return { status: 401, text: `Nobody is signed in: ${code}` };
}
