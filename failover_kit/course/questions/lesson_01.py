"""Questions of lesson 1."""

from failover_kit.course.predictions import Prediction

QUESTIONS = (
    Prediction(
        id="1.change-seen",
        question="The shop moves: the record for app.example.com now holds another address. Somebody looked the name "
                 "up 20 s ago, with a TTL of 60 s. What do they get if they look it up again right away?",
        choices={"new": "The new address, because the zone has changed.",
                 "old": "The old address, until its TTL is over.",
                 "none": "An error, because the old answer is no longer valid."},
        answer="old",
        shown="asked right after the change, the resolver answered {address}, the {which} address, with {ttl} s left.",
        why="The resolver did not ask anybody. It kept the answer, and it counts the TTL from the moment it stored it. "
            "Nothing in DNS tells a cache that a record has changed.",
        misconceptions={"new": "change-is-immediate"},
        outcome=lambda which, **others: which),
    Prediction(
        id="1.missing-type",
        question="app.example.com has an A record and no other. You ask for its AAAA record. What comes back?",
        choices={"nxdomain": "NXDOMAIN: no such name.",
                 "nodata": "NOERROR with an empty answer.",
                 "a": "The A record instead."},
        answer="nodata",
        shown="the reply's status was {rcode}, with {answers} records in its answer section.",
        why="The name exists, so NXDOMAIN would be a lie, and a harmful one: a resolver would take it as news about "
            "every type at this name.",
        misconceptions={"nxdomain": "missing-type-means-no-name"},
        outcome=lambda rcode, answers: "nxdomain" if rcode == "NXDOMAIN" else "a" if answers else "nodata"),
    Prediction(
        id="1.who-decides",
        question="A user opens app.example.com. Who decides to which of your two servers the request goes?",
        choices={"browser": "The browser: it tries the servers.",
                 "resolver": "The user's resolver: it knows both servers.",
                 "authority": "The zone's own name server: it chooses the answer."},
        answer="authority",
        shown="the address {address} in the resolver's answer came from {source}.",
        why="The resolver passes on what it was told, and the browser connects to what it is given. Whoever writes the "
            "authoritative answer decides where users go. All failover in this course happens there.",
        outcome=lambda source, **others: "authority" if "authoritative" in source else "resolver"),
)
