"""Questions of lesson 1."""

from failover_kit.course.predictions import Prediction


def _who_decided(first, second, after):
    """Same zone, two resolvers; then the same kind of resolver, another zone: which change moved the user?"""
    if first != second:
        return "resolver"
    return "authority" if after != first else "browser"


QUESTIONS = (
    Prediction(
        id="1.who-decides",
        question="The shop has two web servers. A user opens app.example.com. Who decides to which of the two servers "
                 "the request goes?",
        choices={"browser": "The browser: it tries the servers.",
                 "resolver": "The user's resolver: it knows both servers.",
                 "authority": "The name server: it chooses the answer."},
        answer="authority",
        shown="two different resolvers led their users to {first} and {second}. After one change in the zone, and none "
              "in any browser or resolver, a third user was led to {after}.",
        why="The browser connects to what it is given, and the resolver passes on what it was told. Whoever writes the "
            "answer at the source decides where users go. All failover in this course happens there.",
        outcome=_who_decided),
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
        id="1.root-says",
        question="A resolver that knows nothing yet asks a root server for the address of app.example.com. What does "
                 "the root server say?",
        choices={"address": "The address: the root knows every name.",
                 "fetched": "The address, after the root has asked the servers of com.",
                 "referral": "No address, but who runs com."},
        answer="referral",
        shown="the root's reply held {answers} addresses, and told the resolver to ask {referred_to} instead. "
              "It took {asked} servers to reach the address.",
        why="A root server holds one short list: who runs com, org, uk and so on. It asks nobody for you. It refers "
            "the resolver to the next server, and the resolver does the walking.",
        misconceptions={"address": "root-knows-every-address"},
        outcome=lambda answers, **others: "address" if answers else "referral"),
    Prediction(
        id="1.change-seen",
        question="The shop moves: the record for app.example.com now holds another address. A resolver looked the name "
                 "up 20 s ago, with a TTL of 60 s. What does its user get if they look it up again right away?",
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
        id="1.propagation",
        question="True or false? When you change a record, your name servers send the change out to the resolvers of "
                 "the world, and that takes a while. (People call it DNS propagation.)",
        choices={"true": "True: the change travels outwards, first to resolvers nearby.",
                 "false": "False: nothing is sent to any resolver."},
        answer="false",
        shown="the record changed at {changed_at} s. The four resolvers had the new address {delays} s later, and of "
              "these four answers, {fetched} came from a question that the resolver itself had just asked.",
        why="A name server speaks only when it is asked. Each resolver goes on with its old answer and asks again when "
            "its own TTL is over. What looks like a wave is many clocks that were started at different moments.",
        outcome=lambda fetched, **others: "false" if fetched == 4 else "true"),
)
