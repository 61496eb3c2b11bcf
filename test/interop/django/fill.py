"""One user, and three applications: native (public), web (confidential), and one whose ID tokens its secret signs."""
import os

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from oauth2_provider.models import get_application_model  # noqa: E402

User.objects.create_user(os.environ['USER_NAME'], password=os.environ['USER_PASSWORD'])
Application = get_application_model()


def register(client_id, **more):
    Application.objects.create(
        client_id=client_id,
        name=client_id,
        authorization_grant_type='authorization-code',
        redirect_uris=os.environ['REDIRECT_URI'],
        **{'algorithm': 'RS256', **more},
    )


register('native', client_type='public', client_secret='')
register('web', client_type='confidential', client_secret=os.environ['APP_SECRET'])
register('web-hs256', client_type='confidential', client_secret=os.environ['APP_SECRET'], algorithm='HS256')
