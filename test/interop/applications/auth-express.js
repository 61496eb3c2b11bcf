// @auth/express, as https://authjs.dev/reference/express sets it up, with a provider of one's own
// (https://authjs.dev/guides/configuring-oauth-providers).
import { ExpressAuth, getSession } from '@auth/express';
import express from 'express';

const { AUTH_LOGTO_ISSUER, AUTH_LOGTO_ID, AUTH_LOGTO_SECRET, PORT } = process.env;
const config = {
  providers: [
    {
      id: 'logto',
      name: 'Logto',
      type: 'oidc',
      issuer: AUTH_LOGTO_ISSUER,
      clientId: AUTH_LOGTO_ID,
      clientSecret: AUTH_LOGTO_SECRET,
    },
  ],
};

const app = express();
app.set('trust proxy', true);
app.use('/auth/*', ExpressAuth(config));
app.use(async (request, response, next) => {
  response.locals.session = await getSession(request, config);
  next();
});

app.get('/', (_request, response) => {
  const { session } = response.locals;
  response.send(
    session?.user
      ? `<p>Hello ${session.user.name}, <a href="/auth/signout">sign out</a></p>`
      : '<p><a href="/auth/signin">Sign in</a></p>',
  );
});

app.listen(PORT);
