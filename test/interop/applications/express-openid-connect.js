// express-openid-connect, as its README sets it up (everything needs a sign-in), with the response type "code" that its
// EXAMPLES.md asks for where there is a secret: the default is an ID token through the browser.
import express from 'express';
import { auth } from 'express-openid-connect';

const { ISSUER_BASE_URL, CLIENT_ID, CLIENT_SECRET, BASE_URL, SESSION_SECRET } = process.env;

const app = express();
app.use(
  auth({
    issuerBaseURL: ISSUER_BASE_URL,
    baseURL: BASE_URL,
    clientID: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    secret: SESSION_SECRET,
    authorizationParams: { response_type: 'code' },
    idpLogout: true,
  }),
);

app.get('/', (request, response) => {
  response.send(`hello ${request.oidc.user.name}`);
});

app.listen(new URL(BASE_URL).port);
