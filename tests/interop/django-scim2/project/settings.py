"""Settings, by environment: SCIM_TOKEN, SCIM_PORT, SCIM_DATABASE."""

import os

SECRET_KEY = "interop"
ALLOWED_HOSTS = ["127.0.0.1"]
USE_TZ, TIME_ZONE = True, "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django_scim", "project"]
AUTH_USER_MODEL = "project.User"
MIDDLEWARE = ["project.web.Bearer", "django_scim.middleware.SCIMAuthCheckMiddleware"]
ROOT_URLCONF = "project.web"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["SCIM_DATABASE"]}}
SCIM_SERVICE_PROVIDER = {
    "SCHEME": "http",
    "NETLOC": f"127.0.0.1:{os.environ['SCIM_PORT']}",
    "GROUP_MODEL": "project.models.Group",
    "WWW_AUTHENTICATE_HEADER": 'Bearer realm="interop"',
    "AUTHENTICATION_SCHEMES": [{
        "type": "oauthbearertoken",
        "name": "OAuth Bearer Token",
        "description": "A token that was agreed upon",
    }],
}
