"""How gunicorn serves in production: `gunicorn config.wsgi --config config/gunicorn.py`."""

import os

bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
# One process each: two per core answer more requests a second here than threads, at half the slowest times.
workers = int(os.environ.get("WEB_PROCESSES", 2 * (os.cpu_count() or 1)))
timeout = 60
# A heartbeat on a slow disk makes healthy processes look hung.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# What leaks anywhere below us is given back.
max_requests = 5000
max_requests_jitter = 500
# Addresses in mails carry tokens, so no access log here: let the proxy write one without the path, if at all.
accesslog = None
# Nobody talks to it while it runs, and its socket would lie in a home that a container's user has not.
control_socket_disable = True
