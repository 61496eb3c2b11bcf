// passport-openidconnect, as its README and its example (passport/todos-express-openidconnect) set it up.
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import OpenIDConnectStrategy from 'passport-openidconnect';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, SESSION_SECRET, PORT } = process.env;

passport.use(
  new OpenIDConnectStrategy(
    {
      issuer: ISSUER,
      authorizationURL: `${ISSUER}/auth`,
      tokenURL: `${ISSUER}/token`,
      userInfoURL: `${ISSUER}/me`,
      clientID: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      callbackURL: '/oauth2/redirect',
      scope: ['profile'],
    },
    (_issuer, profile, done) => done(null, profile),
  ),
);
passport.serializeUser((user, done) => {
  process.nextTick(() => done(null, { id: user.id, username: user.username, name: user.displayName }));
});
passport.deserializeUser((user, done) => {
  process.nextTick(() => done(null, user));
});

const app = express();
app.use(session({ secret: SESSION_SECRET, resave: false, saveUninitialized: false }));
app.use(passport.authenticate('session'));

app.get('/', (request, response) => {
  response.send(
    request.user
      ? `<p>${request.user.name}</p><form action="/logout" method="post"><button type="submit">Sign out</button></form>`
      : '<p><a href="/login">Sign in</a></p>',
  );
});
app.get('/login', passport.authenticate('openidconnect'));
app.get(
  '/oauth2/redirect',
  passport.authenticate('openidconnect', { successReturnToOrRedirect: '/', failureRedirect: '/login' }),
);
app.post('/logout', (request, response, next) => {
  request.logout((error) => (error ? next(error) : response.redirect('/')));
});

app.listen(PORT);
