"""django-scim2 as its documentation sets it up, over SQLite.

The project's part is what the library leaves to its user: the models (Django's own user with the library's mixin, a
group with members), a middleware that knows one bearer token, the settings. There is one user before any request comes:
the service account that the token stands for. Whatever a request or an answer looks like is the library's.
"""
