"""What every answer says to the browser, whichever page it is."""

from django.conf import settings


def permissions_policy(get_response):
    """Middleware: which of the device's abilities pages may use. Nearly none (settings.PERMISSIONS_POLICY)."""
    policy = ", ".join(f"{feature}=({who})" for feature, who in settings.PERMISSIONS_POLICY.items())

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", policy)
        return response

    return middleware
