from partnerships.admin import contract, project, transfer  # noqa: F401
