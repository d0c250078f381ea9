"""The models that the library's adapters read and write."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django_scim.models import AbstractSCIMGroupMixin, AbstractSCIMUserMixin


class User(AbstractSCIMUserMixin, AbstractUser):
    # userName is compared without case, which is the model's to say.
    username = models.CharField(max_length=254, unique=True, db_collation="NOCASE")

    # The group adapter calls the reverse of this `user_set`, the user adapter wants it as `scim_groups`.
    scim_groups = models.ManyToManyField("project.Group", related_name="user_set")


class Group(AbstractSCIMGroupMixin):
    name = models.CharField(max_length=254)
