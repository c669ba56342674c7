"""The messages of this app: who they are for by now, what their templates need, where their button leads.

Each module registers its kinds when it is imported; what other apps need for messages about projects is offered here.
"""

from partnerships.messages import (  # noqa: F401
    agencies,
    closing,
    contract,
    funding,
    how_we_work,
    plan,
    questions,
    talk,
    uses,
)
from partnerships.messages.projects import OnProjects, about, key_in, live, shortened

__all__ = ["OnProjects", "about", "key_in", "live", "shortened"]
