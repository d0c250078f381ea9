"""The middleware that signs the service account in, and the mount of the library's URLs."""

import os

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.urls import include, path

SERVICE_ACCOUNT = "service-account"

urlpatterns = [path("scim/v2/", include("django_scim.urls", namespace="scim"))]


class Bearer:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        known = request.headers.get("Authorization") == f"Bearer {os.environ['SCIM_TOKEN']}"
        request.user = get_user_model().objects.get(username=SERVICE_ACCOUNT) if known else AnonymousUser()
        return self.get_response(request)
