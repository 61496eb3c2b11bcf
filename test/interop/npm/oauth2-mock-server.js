// node oauth2-mock-server.js <port>: oauth2-mock-server on http://localhost:<port>. It takes any application, secret
// and redirect URI, and signs johndoe in without asking. An application that is named for a fault gets it.
import { OAuth2Server } from 'oauth2-mock-server';

const server = new OAuth2Server();
await server.issuer.keys.generate('RS256');

const inTheToken = {
  'other-audience': ({ payload }) => Object.assign(payload, { aud: 'somebody-else' }),
  'other-issuer': ({ payload }) => Object.assign(payload, { iss: 'https://other.example.test' }),
  'other-nonce': ({ payload }) => Object.assign(payload, { nonce: 'of-another-sign-in' }),
  expired: ({ payload }) => Object.assign(payload, { exp: payload.iat - 3600, iat: payload.iat - 7200 }),
  'unknown-key': ({ header }) => Object.assign(header, { kid: 'nobody-has-it' }),
};
const inTheAnswer = {
  'code-refused': (answer) => Object.assign(answer, { statusCode: 400, body: { error: 'invalid_grant' } }),
  'server-error': (answer) => Object.assign(answer, { statusCode: 503, body: 'not now' }),
};
server.service.on('beforeTokenSigning', (token, { body }) => inTheToken[body.client_id]?.(token));
server.service.on('beforeResponse', (answer, { body }) => inTheAnswer[body.client_id]?.(answer));
// UserInfo knows nobody but the token: that of one application is told by what was put into it.
server.service.on('beforeTokenSigning', ({ payload }, { body }) => {
  if (body.client_id === 'other-subject') payload.jti = 'other-subject';
});
server.service.on('beforeUserinfo', (answer, { headers }) => {
  const [, claims = ''] = (headers.authorization ?? '').split('.');
  if (Buffer.from(claims, 'base64url').includes('other-subject')) answer.body = { sub: 'somebody-else' };
});
await server.start(Number(process.argv[2]), 'localhost');
