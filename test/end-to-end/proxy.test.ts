import { describe, expect, it, onTestFinished } from 'vitest';
import { certificateFile, serverCertificate } from '../support/certificate-files.js';
import { startLocalServer } from '../support/local-server.js';
import { runProgram } from '../support/program.js';
import { startRecordingProxy } from '../support/recording-proxy.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

// A host that is this machine's own is never asked for through a proxy.
const issuer = 'https://elsewhere.test';
const discovery = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
};

describe('a proxy', () => {
  it('is the way to a provider for the program as it is built', async () => {
    const asked: string[] = [];
    const provider = await startLocalServer(
      (request, response) => {
        asked.push(`${request.method} ${request.url}`);
        const answer =
          request.url === '/token' ? { access_token: 'granted', token_type: 'Bearer' } : discovery;
        response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer));
      },
      { tls: serverCertificate('elsewhere') },
    );
    onTestFinished(() => provider.close());
    const proxy = await startRecordingProxy(provider.port);
    onTestFinished(() => proxy.close());
    const connection = ['--issuer', issuer, '--app-id', 'app', '--ca-file', certificateFile('authority')];

    const outcome = await runProgram(['token', '--client-credentials', ...connection], {
      home: await temporaryDirectory(),
      environment: { HTTPS_PROXY: proxy.url, LOGTO_APP_SECRET: 'a-secret-of-the-application' },
    });

    expect(outcome).toMatchObject({ exitCode: 0, stdout: 'granted\n' });
    expect(asked).toEqual(['GET /.well-known/openid-configuration', 'POST /token']);
    expect(proxy.requests).toEqual(['CONNECT elsewhere.test:443']);
  });
});
