"""Forms that arrive whole or not at all."""


class WholeBody:
    """What a browser sends, read to the promised end. A connection that ends before it is an error.

    gunicorn answers the end of a broken connection like the end of a form: half a text would be saved as all of it.

    Arguments:
        stream: `wsgi.input` of the server.
        promised: how many bytes the browser said that it sends.
    """

    def __init__(self, stream, promised: int):
        self.stream, self.missing = stream, promised

    def read(self, size=-1):
        wanted = self._wanted(size)
        parts = []
        while wanted:
            parts.append(self._counted(self.stream.read(wanted)))
            wanted -= len(parts[-1])
        return b"".join(parts)

    def readline(self, size=-1):
        wanted = self._wanted(size)
        return self._counted(self.stream.readline(wanted)) if wanted else b""

    def _wanted(self, size):
        return self.missing if size is None or size < 0 else min(size, self.missing)

    def _counted(self, data):
        if not data:
            raise OSError("The connection ended in the middle of a form.")
        self.missing -= len(data)
        return data


def whole(application):
    """A WSGI application that is given no half form: what it reads of one raises OSError."""

    def with_whole_forms(environ, start_response):
        promised = environ.get("CONTENT_LENGTH") or ""
        if promised.isascii() and promised.isdigit():
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(promised[:18]))
        return application(environ, start_response)

    return with_whole_forms
