from partnerships.admin import contract, funding, how_we_work, project, transfer, words  # noqa: F401
