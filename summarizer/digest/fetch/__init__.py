"""Fetch feeds and pages from servers that may be slow, broken or hostile.

* failures.py   why something could not be had, in words for people
* urls.py       which URLs may be asked, and when two are the same page
* addresses.py  which network addresses may be asked
* network.py    connects to these and to no other, and never for too long
* body.py       reads no more of an answer than allowed, packed or unpacked
* robots.py     who does not want to be asked
* client.py     asks one server for one page
* rounds.py     asks many hosts at once, and each politely
* feeds.py      reads RSS, Atom and JSON Feed
* choice.py     which entries of a feed are read
* kinds.py      what a server has sent
* web.py        takes what came into the state
"""
