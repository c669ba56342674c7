"""Secrets that travel in links. Only their hash is kept, so a copy of the database opens nothing."""

import base64
import hashlib
import secrets

from django.utils.crypto import salted_hmac


def new_token() -> str:
    """256 random bits in letters that survive an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token, and what it is found by."""
    return hashlib.sha256(token.encode()).hexdigest()


def derived_token(purpose: str, seed: str) -> str:
    """A token that can be made again from a seed that is kept, but only with the key of this installation.

    For addresses that their owner has to be shown more than once. Whoever has the database alone can't make it.

    Arguments:
        purpose: what the token opens; the same seed gives another token for another purpose.
        seed: random, as from `new_token`.
    """
    made = salted_hmac(f"accounts.tokens.{purpose}", seed, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
