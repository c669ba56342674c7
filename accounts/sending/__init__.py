"""Sending what is owed: claim a batch, commit, write each message, hand it over, record. Never inside a transaction."""

from accounts.sending.delivery import Delivered, send_due

__all__ = ["Delivered", "send_due"]
