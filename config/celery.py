"""The Celery application. The schedule is in settings, so that it is reviewed with the code."""

import logging.config
import os

from celery import Celery
from celery.signals import setup_logging
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# By name, because the embedded default has no Redis and need not load it.
TRANSPORT_ALIASES["redis"] = TRANSPORT_ALIASES["rediss"] = "config.broker:Transport"
app = Celery("counterpart")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_as_django_does(**kwargs):
    """One format for web and worker, scrubbed alike. Celery leaves logging alone when somebody answers this signal."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
