from partnerships.admin import contract, funding, how_we_work, project, talk, transfer, words  # noqa: F401
