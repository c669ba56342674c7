"""Currencies to choose from (ISO 4217), and the one that people of a country most likely mean."""

from django.utils.translation import gettext_lazy as _

CURRENCIES = [
    ("GBP", _("British pounds (GBP)")),
    ("EUR", _("Euro (EUR)")),
    ("USD", _("US dollars (USD)")),
    ("CHF", _("Swiss francs (CHF)")),
    ("AUD", _("Australian dollars (AUD)")),
    ("BRL", _("Brazilian reals (BRL)")),
    ("BGN", _("Bulgarian leva (BGN)")),
    ("CAD", _("Canadian dollars (CAD)")),
    ("CNY", _("Chinese yuan (CNY)")),
    ("CZK", _("Czech koruna (CZK)")),
    ("DKK", _("Danish kroner (DKK)")),
    ("HUF", _("Hungarian forints (HUF)")),
    ("ISK", _("Icelandic krónur (ISK)")),
    ("INR", _("Indian rupees (INR)")),
    ("ILS", _("Israeli shekels (ILS)")),
    ("JPY", _("Japanese yen (JPY)")),
    ("KRW", _("Korean won (KRW)")),
    ("MXN", _("Mexican pesos (MXN)")),
    ("NZD", _("New Zealand dollars (NZD)")),
    ("NOK", _("Norwegian kroner (NOK)")),
    ("PLN", _("Polish złoty (PLN)")),
    ("RON", _("Romanian lei (RON)")),
    ("RSD", _("Serbian dinars (RSD)")),
    ("SGD", _("Singapore dollars (SGD)")),
    ("ZAR", _("South African rand (ZAR)")),
    ("SEK", _("Swedish kronor (SEK)")),
    ("TRY", _("Turkish lira (TRY)")),
    ("UAH", _("Ukrainian hryvnias (UAH)")),
]

_BY_COUNTRY = {
    "AU": "AUD", "BR": "BRL", "BG": "BGN", "CA": "CAD", "CH": "CHF", "CN": "CNY", "CZ": "CZK", "DK": "DKK",
    "GB": "GBP", "HU": "HUF", "IL": "ILS", "IN": "INR", "IS": "ISK", "JP": "JPY", "KR": "KRW", "LI": "CHF",
    "MX": "MXN", "NO": "NOK", "NZ": "NZD", "PL": "PLN", "RO": "RON", "RS": "RSD", "SE": "SEK", "SG": "SGD",
    "TR": "TRY", "UA": "UAH", "US": "USD", "ZA": "ZAR",
}  # fmt: skip
_EURO = frozenset(
    [
        "AT",
        "BE",
        "CY",
        "DE",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PT",
        "SI",
        "SK",
    ]
)


def likely_currency(country: str) -> str:
    """The currency of a country, by its two-letter code; euro where we know no better than that, pounds otherwise."""
    return _BY_COUNTRY.get(country, "EUR" if country in _EURO else "GBP")
