"""Fetch feeds and pages from servers that may be slow, broken or hostile.

`urls` and `addresses` say what may be asked, `network` connects to nothing else, `body` reads no
more than it should, `client` asks, `robots` knows who does not want to be asked, `rounds` asks many
hosts at once and each politely, `feeds` reads what came, `web` puts it into the state.
"""
