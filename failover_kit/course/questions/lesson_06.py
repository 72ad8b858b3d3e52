"""Questions of lesson 6."""

from failover_kit.course.predictions import Prediction


def _pattern(first, last, detection, ttl):
    """How the users of a failover come back: when the first and the last of them do."""
    if last < detection / 2:
        return "instant"
    if first < detection / 2:
        return "ttl"
    return "both" if last - first > ttl / 4 else "together"


QUESTIONS = (
    Prediction(
        id="6.instant",
        question="The primary crashes. Is a DNS failover instant, or does it take its time? Say when users are served "
                 "again.",
        choices={"instant": "At once: everybody's next request goes to the standby.",
                 "together": "All together, at the moment when the health check turns unhealthy.",
                 "ttl": "One after the other, from the crash on, and all of them within one TTL of it.",
                 "both": "Nobody until the health check turns; then one after the other, for about one more TTL."},
        answer="both",
        shown="the check turned {detection:.0f} s after the crash. The first user was served {first:.0f} s after the "
              "crash, the last one {last:.0f} s after it. The TTL is {ttl} s.",
        why="Two delays stand in line. While checkers count failures, the zone still hands out the dead address. After "
            "that each cache goes on with it until its own answer runs out, and those answers are of all ages.",
        misconceptions={"instant": "failover-is-instant", "together": "detection-is-the-downtime",
                        "ttl": "ttl-is-the-downtime"},
        outcome=_pattern),
    Prediction(
        id="6.mean-wait",
        question="TTL 60 s, and a million busy resolvers. The answer has just changed. How long does the average user "
                 "go on with the dead address?",
        choices={"sixty": "About 60 s: a TTL is a TTL.",
                 "thirty": "About 30 s.",
                 "none": "Hardly at all: among so many resolvers, most have just asked."},
        answer="thirty",
        shown="after the change the average user waited {mean:.1f} s more, the unluckiest {worst:.0f} s.",
        why="Nobody knew that the change would come, so it finds answers of all ages, from fresh to nearly over. On "
            "average half of the TTL is left. The size of the fleet plays no part in it.",
        misconceptions={"sixty": "everybody-waits-a-full-ttl"},
        outcome=lambda mean, worst: "sixty" if mean > 0.75 * worst else "none" if mean < 0.1 * worst else "thirty"),
    Prediction(
        id="6.tenth",
        question="You cut the TTL to a tenth, from 60 s to 6 s. What becomes of the worst downtime, and of the "
                 "questions that the name servers have to answer?",
        choices={"free": "A tenth of the downtime, and about as many questions as before.",
                 "fair": "A tenth of the downtime, and ten times as many questions.",
                 "dear": "Two thirds of the downtime, and nine times as many questions."},
        answer="dear",
        shown="the worst downtime went from {before:.0f} to {after:.0f} s, and the questions grew {times:.1f}-fold.",
        why="A busy resolver comes back once for each TTL, so questions grow as the TTL shrinks. The downtime does not "
            "shrink along: the {detection:.0f} s of detection are in it at any TTL. The shorter the TTL already is, "
            "the less the next cut buys.",
        misconceptions={"free": "short-ttl-costs-nothing"},
        outcome=lambda before, after, times, detection: (
            "free" if times < 2 else "fair" if after < before / 5 else "dear")),
    Prediction(
        id="6.last-back",
        question="The primary answers every request with status 500. Twenty users each of six kinds; the TTL is 60 s. "
                 "Who is back last?",
        choices={"same": "All kinds at about the same time: the TTL says when.",
                 "minimum": "Those whose resolver keeps every answer for at least 300 s.",
                 "browser": "Those whose browser has a cache of its own.",
                 "connection": "Those whose connection is kept open for ten minutes.",
                 "jvm": "Those whose program looks up a name once, when it starts."},
        answer="jvm",
        shown="the last to be back were: {kind}. After {minutes:.0f} minutes {still} of these {users} users were "
              "without service, and honest resolvers' users were back after {honest:.0f} s at most.",
        why="A TTL is a request, and each cache on the way decides for itself. A program that never looks again does "
            "not learn of any failover, however short the TTL. Somebody has to restart it.",
        misconceptions={"same": "resolvers-obey-the-ttl"},
        outcome=lambda kind, **others: {"minimum 300 s": "minimum", "browser": "browser", "old JVM": "jvm",
                                        "open connection": "connection"}.get(kind, "same")),
    Prediction(
        id="6.stale",
        question="Some resolvers serve stale answers: they hand out an answer although its TTL is over. The primary's "
                 "site crashes and the name servers answer the standby. Until when do these resolvers give the dead "
                 "address?",
        choices={"long": "Until long after the TTL: that is what serving stale means.",
                 "ttl": "Until the TTL is over, as any other resolver.",
                 "never": "Not at all: they notice the crash."},
        answer="ttl",
        shown="their users were back after {stale:.0f} s at most, those of honest resolvers after {honest:.0f} s.",
        why="An expired answer is used only if nobody replies. Here the site is down, but the name servers are up: the "
            "resolver asks, gets the new answer, and forgets the old one.",
        misconceptions={"long": "stale-beats-new"},
        outcome=lambda stale, honest: "long" if stale > honest + 60 else "never" if stale < honest / 2 else "ttl"),
    Prediction(
        id="6.lower-now",
        question="The record was shipped with a TTL of 86400 s, a day. Ten minutes into the outage somebody lowers it "
                 "to 60 s. When is half of the users back?",
        choices={"minute": "A minute or two after that change.",
                 "hours": "About half a day after the crash.",
                 "failover": "They were back before: the failover had moved them."},
        answer="hours",
        shown="half of the users were back {half:.1f} hours after the crash, all of them after {all:.1f} hours.",
        why="Each answer that is out there keeps the TTL with which it left. What you change now, resolvers learn only "
            "when they come back, and they come back when the old TTL is over.",
        misconceptions={"minute": "lowering-ttl-now-helps", "failover": "failover-is-instant"},
        outcome=lambda half, **others: "hours" if half > 1 else "minute" if half > 0.15 else "failover"),
    Prediction(
        id="6.alternatives",
        question="One Region goes dark. Four shops differ in how users find a site that works. Whose users wait "
                 "longest for a page?",
        choices={"failover": "A failover pair with a TTL of 60 s.",
                 "active-active": "Two sites that both serve all the time (active-active).",
                 "retry": "Both addresses in each answer, and clients that try the next one.",
                 "anycast": "One address that the network itself moves to the next site."},
        answer="failover",
        shown="the longest median wait was that of: {slowest}. In seconds: {waits}.",
        why="With a failover pair everybody is on the dead site, and everybody waits for two things in a row: "
            "detection, and a cache. The others leave one of the two out, or half of the users.",
        outcome=lambda slowest, waits: slowest),
    Prediction(
        id="6.zero-downtime",
        question="True or false: with fast enough checks and a short enough TTL, failover routing means zero downtime.",
        choices={"true": "True: it is a matter of settings.",
                 "false": "False: with any settings, users lose service for a while."},
        answer="false",
        shown="with your settings every user was down for {mine:.0f} s or more. With the fastest settings there are, "
              "every user was down for {fastest:.0f} s or more, and the questions would cost ${dollars:,.0f} a month.",
        why="No setting takes detection away: something has to fail before anybody can notice. Failover makes an "
            "outage short. If you need one that nobody notices, users must not depend on a single site in the first "
            "place.",
        misconceptions={"true": "failover-is-instant"},
        outcome=lambda mine, fastest, dollars: "false" if min(mine, fastest) > 0 else "true"),
)
