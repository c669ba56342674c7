"""Names of files as people gave them: shown, and suggested when handed out. Never a path on our disk."""

import re
import unicodedata

MOST_BYTES = 150
# Names that Windows keeps for devices, with whatever ending.
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?\Z", re.I)


def safe_name(name: str, extension: str) -> str:
    """A name that every system can store, with the ending that fits the content. Good names keep their look.

    Arguments:
        extension: the right ending, without the point.
    """
    name = unicodedata.normalize("NFC", str(name)).replace("\\", "/").rpartition("/")[2]
    kept = "".join(character for character in name if character == " " or character.isprintable())
    stem = re.sub(r'[<>:"|?*;%]', "_", kept)
    endings = (extension, "jpeg") if extension == "jpg" else (extension,)
    for ending in endings:
        if stem.lower().endswith(f".{ending}"):
            stem = stem[: -len(ending) - 1]
            break
    stem = stem.encode()[:MOST_BYTES].decode(errors="ignore").strip(" .")
    if DEVICES.match(stem):
        stem = f"_{stem}"
    return f"{stem or 'file'}.{extension}"
