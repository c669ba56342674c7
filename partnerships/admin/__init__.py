from partnerships.admin import contract, funding, how_we_work, project, transfer  # noqa: F401
