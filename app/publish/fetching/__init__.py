"""Tables that lie on other servers.

addresses  which addresses may be asked for, and which machines they may lead to
transfer   one bounded request over http(s)
copies     the kept copies, asked for again only when they have changed
"""
