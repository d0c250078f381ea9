"""Makes the tables and the service account: run once on a new database, before the server starts."""

import django
from django.core.management import call_command

django.setup()
call_command("migrate", run_syncdb=True, verbosity=0)

from django.contrib.auth import get_user_model  # noqa: E402 (models load after the set-up)

from project.web import SERVICE_ACCOUNT  # noqa: E402

get_user_model().objects.create_user(SERVICE_ACCOUNT)
