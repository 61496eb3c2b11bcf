"""A site that is nothing but an OpenID Provider. SITE_FOLDER holds its database and its signing key."""
import os
from pathlib import Path

FOLDER = Path(os.environ['SITE_FOLDER'])
SECRET_KEY = 'for a site that lives as long as a test ' * 2
ALLOWED_HOSTS = ['localhost', '127.0.0.1']
ROOT_URLCONF = 'site_urls'
USE_TZ = True
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': FOLDER / 'site.sqlite3'}}
INSTALLED_APPS = [
    'django.contrib.auth',
    'django.contrib.contenttypes',
    'django.contrib.sessions',
    'django.contrib.messages',
    'oauth2_provider',
]
MIDDLEWARE = [
    'django.contrib.sessions.middleware.SessionMiddleware',
    'django.middleware.common.CommonMiddleware',
    'django.contrib.auth.middleware.AuthenticationMiddleware',
    'django.contrib.messages.middleware.MessageMiddleware',
]
TEMPLATES = [{
    'BACKEND': 'django.template.backends.django.DjangoTemplates',
    'DIRS': [Path(__file__).parent / 'templates'],
    'APP_DIRS': True,
    'OPTIONS': {'context_processors': [
        'django.template.context_processors.request',
        'django.contrib.auth.context_processors.auth',
        'django.contrib.messages.context_processors.messages',
    ]},
}]
LOGIN_URL = '/accounts/login/'
OAUTH2_PROVIDER = {
    'OIDC_ENABLED': True,
    'OIDC_RSA_PRIVATE_KEY': (FOLDER / 'signing.key').read_text(),
    'SCOPES': {'openid': 'OpenID', 'profile': 'Profile'},
    'PKCE_REQUIRED': True,
    'ALLOWED_REDIRECT_URI_SCHEMES': ['http', 'https'],
}
