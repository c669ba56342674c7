from partnerships.admin import project  # noqa: F401
