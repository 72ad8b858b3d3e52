"""Questions of lesson 5."""

from failover_kit.course.predictions import Prediction

QUESTIONS = (
    Prediction(
        id="5.standby-share",
        question="A failover pair, both checks healthy, forty users. What does the secondary serve: everything, a "
                 "share, or only what comes when the primary fails?",
        choices={"half": "Half of the requests: that is what two servers are for.",
                 "some": "A small share, so that it stays warm.",
                 "none": "Nothing, as long as the primary is healthy."},
        answer="none",
        shown="of {requests} requests the secondary served {secondary}.",
        why="The rule of a failover pair looks at health alone. The primary is healthy, so it is the answer to every "
            "question, from everybody. The secondary gets its first request on the worst day: until you drill, nobody "
            "knows whether it works.",
        misconceptions={"half": "failover-shares-the-load"},
        outcome=lambda requests, secondary: (
            "none" if not secondary else "some" if secondary < requests / 4 else "half")),
    Prediction(
        id="5.dead-standby",
        question="The shop on the primary works, but its check asks for a page that was moved, so it is unhealthy. The "
                 "standby crashed last week. It has no check. What do the name servers answer?",
        choices={"primary": "The primary: it is the only one that works.",
                 "secondary": "The secondary, though it is dead.",
                 "none": "Nothing, since no record is healthy."},
        answer="secondary",
        shown="the answer was {site}; a user who went there got: {result}.",
        why="The name servers do not look at servers, they look at checks. A record without a check counts as healthy, "
            "for ever. So here one record is unhealthy and one is healthy, and the healthy one answers.",
        misconceptions={"primary": "unchecked-secondary-is-not-used", "none": "both-unhealthy-means-no-answer"},
        outcome=lambda site, **others: {"us-east-1": "primary", "us-west-2": "secondary"}.get(site, "none")),
    Prediction(
        id="5.lost-weight",
        question="Three records with the weights 10, 20 and 20. The third one is unhealthy. Which share of all answers "
                 "does the first one get?",
        choices={"tenth": "10 %, as its weight says.",
                 "fifth": "10 of 50, one in five.",
                 "third": "10 of 30, one in three.",
                 "half": "One in two: two records are left."},
        answer="third",
        shown="the first record's share was {share} exactly, and {hits} of {asked} real answers.",
        why="A weight is a share of the sum, and the sum is taken over the records that are left. Every question gets "
            "an answer, so what the third record would have had goes to the other two, 10 to 20.",
        misconceptions={"tenth": "weights-are-percent", "fifth": "lost-weight-stays-lost"},
        outcome=lambda share, **others: {0.1: "tenth", 0.2: "fifth", 0.5: "half"}.get(float(share), "third")),
    Prediction(
        id="5.no-default",
        question="One record is for the United States, one is for Europe. Somebody in Japan asks. What comes back?",
        choices={"near": "The record whose servers are nearer to Japan.",
                 "any": "Either of the two, by chance.",
                 "nothing": "Nothing: an empty answer.",
                 "us": "The first one of the group."},
        answer="nothing",
        shown="the reply to Japan was {rcode} with {count} addresses; for Texas the answer was {texas}.",
        why="Geolocation measures no distance. It asks whose area holds the client, and no area here holds Japan. This "
            "is the one case in which a group with records yields no answer. A default record, for location `*`, "
            "closes the gap.",
        misconceptions={"near": "geolocation-picks-the-nearest"},
        outcome=lambda rcode, count, texas: "nothing" if rcode == "NOERROR" and not count else "any"),
    Prediction(
        id="5.branch",
        question="The primary is an alias for a group of two servers. One of the two dies, and its check says so. "
                 "Where do the users go?",
        choices={"secondary": "To the secondary: the primary is not whole any more.",
                 "split": "Half of them to the secondary, half to the server that is left.",
                 "left": "All of them to the server that is left."},
        answer="left",
        shown="with {dead} unhealthy, every answer was {answers}.",
        why="An alias that evaluates its target is healthy while at least one record behind it is. So the primary "
            "stays in service, and inside its group the dead server is dropped, as in any weighted group.",
        misconceptions={"secondary": "one-dead-member-kills-the-branch"},
        outcome=lambda dead, answers: {"east-2": "left", "us-west-2": "secondary"}.get(answers, "split")),
    Prediction(
        id="5.zero-weight",
        question="Two records, weights 100 and 0. The one of weight 100 is unhealthy, the other one is healthy. What "
                 "is answered?",
        choices={"hundred": "The record of weight 100: a weight of 0 never answers.",
                 "zero": "The record of weight 0.",
                 "none": "Nothing is left to answer with."},
        answer="zero",
        shown="the record of weight 100 is unhealthy, and the answer was the record of weight {weight}.",
        why="The code you just read keeps records above 0 as long as there is one in the pool, and the pool holds "
            "healthy records only. When it holds none of them, the zeros take over. And when nothing at all is "
            "healthy, the pool is the whole group again, so weight 100 answers.",
        misconceptions={"hundred": "zero-weight-never-answers"},
        outcome=lambda weight: "zero" if weight == 0 else "hundred"),
    Prediction(
        id="5.load-balancing",
        question="True or false: a failover pair is a load balancer with two servers.",
        choices={"true": "True: both of them spread users over healthy servers.",
                 "false": "False: they do different things with the same two servers."},
        answer="false",
        shown="before the crash the secondary served {failover:.0f} % of all requests under failover, {weighted:.0f} % "
              "under equal weights. In the whole run {failover_lost} requests failed under failover, {weighted_lost} "
              "under weights.",
        why="Failover chooses one site for everybody and changes its mind when health changes. Load balancing spreads "
            "everybody, all the time. They fail differently too: under weights fewer requests fail, and each site has "
            "to carry the whole load when the other is gone.",
        misconceptions={"true": "failover-shares-the-load"},
        outcome=lambda failover, weighted, **others: "false" if failover < 1 < weighted else "true"),
    Prediction(
        id="5.unchecked-leaf",
        question="A failover pair. The primary is an alias for two servers; one has a check, somebody forgot the "
                 "other's. Then the whole Region goes dark. When do users move to the secondary?",
        choices={"soon": "When the check that is there turns unhealthy.",
                 "never": "Never.",
                 "half": "Those at the checked server move, the others stay."},
        answer="never",
        shown="ten minutes after the blackout {moved} of {users} users were served by the secondary; the answer was "
              "still {answer}.",
        why="A record without a check counts as healthy. One healthy record keeps its branch healthy. So the branch "
            "cannot turn unhealthy, whatever happens, and it drops the one record that knew better.",
        misconceptions={"soon": "one-dead-member-kills-the-branch"},
        outcome=lambda moved, users, answer: "never" if not moved else "soon" if moved == users else "half"),
    Prediction(
        id="5.who-notices",
        question="The primary is repaired, but not quite: it loses one request in five. It is checked every 30 s with "
                 "a threshold of 3. Does the health check keep users away from it?",
        choices={"yes": "Yes: it turns unhealthy again as soon as users come.",
                 "no": "No: it stays healthy.",
                 "flaps": "In part: it goes up and down all the time."},
        answer="no",
        shown="in {minutes:.0f} minutes the check turned unhealthy {turns} times, while {failed} of the {asked} "
              "requests at the primary failed.",
        why="A checker changes its mind after three failures in a row. With one loss in five that is a matter of one "
            "in 125, and 14 of 16 checkers would have to see it at about the same time. The users' error rate tells "
            "what the check cannot.",
        outcome=lambda minutes, turns, **others: "no" if not turns else "yes" if turns == 1 else "flaps"),
)
