"""Bad input: the corpus, the forms of the site as a browser sees them, and what an answer did."""
