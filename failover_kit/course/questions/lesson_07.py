"""Questions of lesson 7."""

from failover_kit.course.predictions import Prediction

QUESTIONS = (
    Prediction(
        id="7.alone",
        question="The shop has a failover pair, a deep check and a short TTL. In us-west-2 the same shop runs, with a "
                 "database of its own that nobody fills. The primary crashes and the failover works. Is the shop "
                 "recovered?",
        choices={"yes": "Yes: its users reach a site that works, and that is what recovery means.",
                 "ttl": "Yes, as soon as the last resolver has asked again.",
                 "no": "No: the users arrive, and what they had ordered is not there."},
        answer="no",
        shown="{served} writes were taken after the failover, so the users had arrived. {lost} confirmed writes were "
              "gone, the "
              "first of them made {first:.1f} s after the shop had opened.",
        why="Failover routing moves questions and answers. It moves no data. Recovery needs the data at the other site "
            "before "
            "the fault, a site with room for everybody, and somebody who decides who may write.",
        outcome=lambda served, lost, first: "no" if lost else "yes" if served else "ttl"),
    Prediction(
        id="7.lost",
        question="Now every write is copied to us-west-2. A batch leaves every second, and arrives 2 s later. Users "
                 "make 5 "
                 "writes a second, and DNS needs about two minutes to move them all. How many confirmed writes are "
                 "gone?",
        choices={"none": "None: every write is copied.",
                 "lag": "Those of the last few seconds before the crash: between 5 and 50.",
                 "outage": "Those of the two minutes until the users have moved: some 600."},
        answer="lag",
        shown="{lost} confirmed writes are missing, the oldest of them {seconds:.1f} s older than the crash.",
        why="A write is confirmed when it is on the primary's disk, and copied afterwards. What had not left, or was "
            "on its way, "
            "is gone: at most the interval plus the lag. During the outage nothing was confirmed, so nothing of it can "
            "be lost.",
        misconceptions={"none": "replication-loses-nothing", "outage": "rpo-is-the-outage"},
        outcome=lambda lost, seconds: "none" if not lost else "lag" if seconds < 10 else "outage"),
    Prediction(
        id="7.late-write",
        question="A cut cable: us-east-1 runs on and serves its users, but neither checkers nor us-west-2 can reach "
                 "it. DNS "
                 "answers us-west-2, which was promoted. Half a minute later a user whose resolver still keeps the old "
                 "answer "
                 "sends an order. What becomes of it?",
        choices={"refused": "It is refused: us-east-1 is primary no longer.",
                 "moved": "It ends up in us-west-2: the failover takes care of that.",
                 "stranded": "us-east-1 confirms it, and us-west-2 never hears of it."},
        answer="stranded",
        shown="us-east-1 confirmed {stranded} writes after us-west-2 had been promoted. {conflicts} keys now have two "
              "values.",
        why="us-east-1 does not know that it was replaced: nobody who could tell it can reach it. Two sites that both "
            "believe to be "
            "primary are called a split brain.",
        misconceptions={"refused": "dns-fences-the-old-primary"},
        outcome=lambda stranded, conflicts: "stranded" if stranded else "refused"),
    Prediction(
        id="7.return",
        question="us-east-1 crashed, us-west-2 took over. Three minutes later us-east-1 is repaired: its pages load, "
                 "its check "
                 "passes. It has none of the writes that us-west-2 took meanwhile. Which site does DNS answer?",
        choices={"waits": "us-west-2, until us-east-1 has caught up.",
                 "back": "us-east-1, as soon as its check passes.",
                 "stays": "us-west-2 for good: going back takes a decision."},
        answer="back",
        shown="DNS answered us-east-1 again {after:.0f} s after the repair. It lacked {missing} confirmed writes then "
              "and "
              "for the rest of the day.",
        why="A health check asks for a page. Nothing in it knows how far replication has come. If the way back has to "
            "wait for the "
            "data, something that the check looks at must say so.",
        misconceptions={"waits": "failback-waits-for-data", "stays": "failback-needs-a-human"},
        outcome=lambda after, missing: "stays" if after is None else "back" if missing else "waits"),
    Prediction(
        id="7.all-off",
        question="Two switches for people, one for each site. Somebody in a hurry turns both Off. What do the name "
                 "servers answer?",
        choices={"none": "Nothing: there is no site left to answer.",
                 "last": "The site that was on last.",
                 "primary": "The primary, as if nothing had happened."},
        answer="primary",
        shown="with both switches Off, a real question to the lab's name server was answered with {site}.",
        why="Off means unhealthy. When nothing is healthy, everything counts as healthy (fail open, lesson 3), and the "
            "primary "
            "comes first. A switch is no way to close the shop.",
        misconceptions={"none": "all-off-stops-traffic"},
        outcome=lambda site: {"us-east-1": "primary", "us-west-2": "last"}.get(site, "none")),
    Prediction(
        id="7.eighty",
        question="All users arrive at a standby that can carry 80 % of their requests. Each waits 2 s for an answer, "
                 "then asks "
                 "again. How many of the requests that the users need are answered in time, two minutes later?",
        choices={"eighty": "About 80 %: the others have to wait.",
                 "half": "About half.",
                 "none": "Almost none."},
        answer="none",
        shown="from the third minute on, {share:.0%} of the requests were answered in time. The server was busy all "
              "the while: it "
              "sent {wasted:.0f} answers a second to users who had left.",
        why="The line grows until an answer takes longer than 2 s. From then on every answer comes too late, for "
            "somebody who has "
            "already asked again. The server works at full speed, for nobody.",
        outcome=lambda share, wasted: "none" if share < 0.2 else "half" if share < 0.65 else "eighty"),
    Prediction(
        id="7.bug",
        question="True or false: a bug overwrites stock numbers with nonsense. The data is replicated, so failing over "
                 "to us-west-2 "
                 "brings the good numbers back.",
        choices={"true": "True: us-west-2 is another site with its own copy.",
                 "false": "False: the nonsense is there as well."},
        answer="false",
        shown="{seconds:.0f} s after the bug had written, us-west-2 said {standby!r} too.",
        why="Replication copies what is written, and does not ask whether it makes sense. Against bugs and wrong hands "
            "you need a "
            "copy that is old on purpose: a backup, or a log that can be played up to a moment.",
        outcome=lambda seconds, standby: "false" if standby == "NaN" else "true"),
)
