"""Questions of lesson 3."""

from failover_kit.course.predictions import Prediction

QUESTIONS = (
    Prediction(
        id="3.who-switches",
        question="In a moment you crash the primary and take your hands off the keyboard. Who sends the users to the "
                 "standby?",
        choices={"operator": "Nobody yet: somebody has to change the record by hand.",
                 "check": "The health check and the name servers, by themselves.",
                 "browser": "The browsers: they try the next server when one fails."},
        answer="check",
        shown="{seconds} s after the fault the answer changed to {site}. The reason on record: {reason}. "
              "Changes made by hand: {edits}.",
        why="The checkers probe all the time. When they agree that the primary is down, the name servers choose the "
            "other record set for their very next answer. You did nothing, and nobody's browser knew of two servers.",
        outcome=lambda reason, edits, **others:
            "operator" if edits else "check" if reason.startswith("health check") else "browser"),
    Prediction(
        id="3.last-user",
        question="TTL 60 s. At one moment the health check turns unhealthy, and from then on the name servers answer "
                 "the standby. When are the users served again?",
        choices={"at-once": "All of them at that moment.",
                 "interval": "All of them one request interval (30 s) later.",
                 "spread": "One after the other, the last of them about a TTL later.",
                 "ttl": "All of them exactly one TTL later."},
        answer="spread",
        shown="the first user was served {first:.0f} s after the switch, the last one {last:.0f} s after it. The TTL "
              "is {ttl} s.",
        why="A resolver that asked one second before the switch keeps the dead address for 59 s more. One whose answer "
            "was about to run out asks at once. Users move as their resolvers' answers run out, each at a moment "
            "of its own.",
        misconceptions={"at-once": "switch-ends-the-outage", "ttl": "everybody-waits-a-full-ttl"},
        outcome=lambda first, last, ttl: (
            "at-once" if last < ttl / 4 else "spread" if last - first > ttl / 4 else "ttl" if first > 0.9 * ttl
            else "interval")),
    Prediction(
        id="3.way-back",
        question="The primary is repaired. What brings the users back to it?",
        choices={"human": "Somebody has to switch back: failover works in one direction.",
                 "slower": "The same checks, and it takes longer than the way out did.",
                 "sooner": "The same checks, and it takes less time than the way out did."},
        answer="sooner",
        shown="the answer moved away {out:.0f} s after the crash, and back {back:.0f} s after the repair. "
              "Changes made by hand: {edits}.",
        why="The threshold counts both ways, so each checker needs three passes in a row. But it takes only 3 of 16 "
            "checkers to call the endpoint healthy, and 14 of 16 to call it unhealthy. The third checker to change "
            "its mind comes before the fourteenth.",
        misconceptions={"human": "failback-needs-a-human"},
        outcome=lambda out, back, edits: "human" if edits else "sooner" if back < out else "slower"),
    Prediction(
        id="3.api-down",
        question="Route 53's API is impaired: no record can be changed. Now the primary crashes. What happens to the "
                 "users?",
        choices={"stuck": "They stay with the dead site until the API is back.",
                 "moved": "They move to the standby, as they would on any other day.",
                 "empty": "They get no answer: the name servers are down as well."},
        answer="moved",
        shown="the attempt to change the record ended in {error}. The name servers answered {site}, and {unserved} of "
              "{users} users were without service at the end.",
        why="Changing a record is the work of the control plane. Probing, deciding and answering are the work of the "
            "data plane, which reads what was set up beforehand. A failover that was set up beforehand needs no API.",
        misconceptions={"stuck": "control-plane-outage-stops-failover"},
        outcome=lambda site, unserved, **others:
            "empty" if not site else "moved" if not unserved else "stuck"),
    Prediction(
        id="3.both-down",
        question="Now the standby fails too. Both record sets have a health check, and both checks are unhealthy. What "
                 "do the name servers answer?",
        choices={"secondary": "The standby: that is where traffic was.",
                 "none": "Nothing: an empty answer, since no site works.",
                 "primary": "The primary, though its check is unhealthy."},
        answer="primary",
        shown="with {unhealthy} unhealthy checks, the name servers answered {site}.",
        why="With nothing healthy, everything counts as healthy again, and then the primary comes first. A check can be "
            "wrong about all sites at once; an answer that may work is better than none. This is called failing open.",
        misconceptions={"none": "both-unhealthy-means-no-answer", "secondary": "both-unhealthy-means-secondary"},
        outcome=lambda site, **others: {"us-east-1": "primary", "us-west-2": "secondary"}.get(site, "none")),
    Prediction(
        id="3.record-rewritten",
        question="True or false: to fail over, Route 53 changes your record to the address of the standby.",
        choices={"true": "True: the record holds another address afterwards.",
                 "false": "False: the record stays as it is."},
        answer="false",
        shown="before the crash the API listed {before} record sets, during the failover {during}. Were they the same? "
              "{same}. The answer meanwhile: {site}.",
        why="What changed is which of the two record sets the name servers choose. That is why failback needs no undo, and "
            "why no API call is involved.",
        misconceptions={"true": "failover-edits-the-record"},
        outcome=lambda same, **others: "false" if same == "yes" else "true"),
)
