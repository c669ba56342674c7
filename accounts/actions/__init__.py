"""What people do to accounts and organisations: one verb, one function, one transaction. Split by noun."""

from accounts.actions.sign_in import (
    LINK_LASTS,
    LinkNotValid,
    ask_for_sign_in_link,
    find_sign_in_link,
    mint_sign_in_link,
    open_sign_in_link,
)

__all__ = [
    "LINK_LASTS",
    "LinkNotValid",
    "ask_for_sign_in_link",
    "find_sign_in_link",
    "mint_sign_in_link",
    "open_sign_in_link",
]
