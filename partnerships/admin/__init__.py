from partnerships.admin import contract, how_we_work, project, transfer  # noqa: F401
