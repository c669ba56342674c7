"""Secrets that travel in links. Only their hash is kept, so a copy of the database opens nothing."""

import hashlib
import secrets


def new_token() -> str:
    """256 random bits in letters that survive an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token, and what it is found by."""
    return hashlib.sha256(token.encode()).hexdigest()
