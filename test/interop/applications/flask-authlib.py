"""Flask with Authlib, as Authlib's documentation of its Flask client and its example (flask-google-login) set it up."""

import os

from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, render_template_string, session, url_for

app = Flask(__name__)
app.secret_key = os.environ["SESSION_SECRET"]
app.config["LOGTO_CLIENT_ID"] = os.environ["OIDC_CLIENT_ID"]
app.config["LOGTO_CLIENT_SECRET"] = os.environ["OIDC_CLIENT_SECRET"]

oauth = OAuth(app)
oauth.register(
    name="logto",
    server_metadata_url=os.environ["OIDC_ISSUER"] + "/.well-known/openid-configuration",
    client_kwargs={"scope": "openid email profile"},
)

page = """
{% if user %}<pre>{{ user|tojson }}</pre><a href="/logout">logout</a>{% else %}<a href="/login">login</a>{% endif %}
"""


@app.route("/")
def homepage():
    return render_template_string(page, user=session.get("user"))


@app.route("/login")
def login():
    return oauth.logto.authorize_redirect(url_for("auth", _external=True))


@app.route("/auth")
def auth():
    token = oauth.logto.authorize_access_token()
    user = token.get("userinfo")
    if user:
        session["user"] = user
    return redirect("/")


@app.route("/logout")
def logout():
    session.pop("user", None)
    return redirect("/")


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
