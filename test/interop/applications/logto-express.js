// @logto/express, as https://docs.logto.io/quick-starts/express sets it up.
import { handleAuthRoutes, withLogto } from '@logto/express';
import cookieParser from 'cookie-parser';
import express from 'express';
import session from 'express-session';

const { LOGTO_APP_ID, LOGTO_APP_SECRET, LOGTO_ENDPOINT, BASE_URL, SESSION_SECRET } = process.env;
const config = {
  appId: LOGTO_APP_ID,
  appSecret: LOGTO_APP_SECRET,
  endpoint: LOGTO_ENDPOINT,
  baseUrl: BASE_URL,
};

const app = express();
app.use(cookieParser());
app.use(session({ secret: SESSION_SECRET, cookie: { maxAge: 14 * 24 * 60 * 60 * 1000 } }));
app.use(handleAuthRoutes(config));

app.get('/', withLogto(config), (request, response) => {
  response.setHeader('content-type', 'text/html');
  response.end(
    request.user.isAuthenticated
      ? `<div>Hello ${request.user.claims?.sub}, <a href="/logto/sign-out">Sign Out</a></div>`
      : '<div><a href="/logto/sign-in">Sign In</a></div>',
  );
});

app.listen(new URL(BASE_URL).port);
