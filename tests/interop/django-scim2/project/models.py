"""The models that the library's adapters read and write."""

import unicodedata

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django_scim.models import AbstractSCIMGroupMixin, AbstractSCIMUserMixin


@receiver(connection_created)
def collate(connection, **_):
    """The comparison of user names that RFC 7644 §5 asks for: width, letter case and composition make no difference."""
    def prepared(name):
        return unicodedata.normalize("NFKC", name).casefold()

    def order(one, other):
        one, other = prepared(one), prepared(other)
        return (one > other) - (one < other)

    connection.connection.create_collation("username", order)


class User(AbstractSCIMUserMixin, AbstractUser):
    # How userName is compared is the model's to say.
    username = models.CharField(max_length=254, unique=True, db_collation="username")

    # The group adapter calls the reverse of this `user_set`, the user adapter wants it as `scim_groups`.
    scim_groups = models.ManyToManyField("project.Group", related_name="user_set")


class Group(AbstractSCIMGroupMixin):
    name = models.CharField(max_length=254)
