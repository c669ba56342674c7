"""Made-up names as real ones are: many share their words, and none is only a number."""


def _words(text: str) -> list[str]:
    return text.split()


# The lengths of lists that are combined have no common divisor: every combination comes once.
CONDITIONS = _words("""Alzheimer Asthma Autism Bladder Bone Bowel Brain Breast Cancer Coeliac Cystic Dementia Diabetes Epilepsy
    Eye Fabry Gaucher Haemophilia Hearing Heart Hepatitis Huntington Kidney Leukaemia Liver Lung Lupus Lymphoma Melanoma
    Migraine Myeloma Pain Parkinson Psoriasis Rheumatism Sarcoma Sickle Spinal Stroke Thyroid Wilson""")
FORMS = _words("""Alliance Association Carers Federation Friends Network Society""")
PLACES = _words("""Aberdeen Antrim Armagh Bangor Bath Belfast Birmingham Bradford Brighton Bristol Cambridge Canterbury Cardiff
    Carlisle Chelmsford Chester Colchester Cornwall Coventry Cumbria Derby Devon Dorset Dundee Durham Edinburgh Exeter Fife
    Glasgow Gloucester Hampshire Hereford Hull Inverness Kent Lancaster Leeds Leicester Lichfield Lincoln Lisburn London
    Manchester Newcastle Newport Norwich Nottingham Oxford Perth Peterborough Plymouth Preston Ripon Salford Sheffield
    Southampton Stirling Sunderland Swansea Wakefield York""")
MAKERS = _words("""Acel Adon Alvi Amra Anto Aqui Arvo Asto Beli Bior Calyx Cere Cori Dela Dora Elan Enda Epic Evra Fero Gala Hexa
    Ilio Ixel Juno Kala Kine Lume Lyra Mevo Mira Nexa Noor Octa Oria Paxo Pela Quor Rhea Sola Tala Tevo Ulma Vela Vira Xeno
    Zeta""")
TRADES = _words("""bion care cura derm dyne fex gen gard heal hope inn joy kem lab lac lex life line lix logic lux mab mark max med
    mune nova orth path phar plex pro quest ran rex rise san serv sol stem tec thera tis trex val vance vax vive voy wel
    xis zan zyme""")


def company_name(number: int) -> str:
    """The name of a made-up company, another one for each of the first thousands of numbers."""
    return f"{MAKERS[number % len(MAKERS)]}{TRADES[number % len(TRADES)]}"


def group_name(number: int) -> str:
    """The name of a made-up patient group, another one for each of the first thousands of numbers."""
    condition, form, place = (words[number % len(words)] for words in (CONDITIONS, FORMS, PLACES))
    return f"{condition} {form} {place}"
