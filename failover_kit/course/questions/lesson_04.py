"""Questions of lesson 4."""

from failover_kit.course.predictions import Prediction


def _who_noticed(red, checks, **others):
    """How many of the checks on one broken application turned unhealthy?"""
    return {0: "uptime", checks: "application"}.get(red, "asked")


QUESTIONS = (
    Prediction(
        id="4.up-or-working",
        question="A release breaks the shop: its start page is an error. The server runs, and its page /health still "
                 "says OK. Three health checks watch this server: one opens a TCP connection, one asks for /health, "
                 "one looks for a sentence on the start page. Which of them notice?",
        choices={"uptime": "None: a health check watches whether the server is up.",
                 "asked": "Only the one that asks for what users ask for.",
                 "application": "All of them: the application behind the server is broken."},
        answer="asked",
        shown="{red} of {checks} checks turned unhealthy: {names}. Meanwhile a user got {user}.",
        why="A health check knows nothing of servers or applications. It knows one answer to one request. You choose "
            "the request, so you choose what it can see.",
        misconceptions={"application": "tcp-sees-the-application"},
        outcome=_who_noticed),
    Prediction(
        id="4.redirect",
        question="By mistake, the start page answers every request with 302 Found: a redirect to a page that does not "
                 "exist. What does an HTTP check of the start page say?",
        choices={"follows": "Unhealthy: it follows the redirect and finds nothing there.",
                 "fails": "Unhealthy: 302 is not 200.",
                 "passes": "Healthy: 302 is a pass."},
        answer="passes",
        shown="with every answer a 302 the check was {status}, and a user got {user}.",
        why="Any code from 200 to 399 passes. Checkers do not follow redirects. A redirect shows that a web server is "
            "alive, which is all that a plain HTTP check asks.",
        misconceptions={"fails": "redirect-fails"},
        outcome=lambda status, **others: "passes" if status == "healthy" else "fails"),
    Prediction(
        id="4.lost-packets",
        question="On the way to the primary, 5 % of all requests get lost. The check is as nervous as it can be: an "
                 "interval of 10 s, and a failure threshold of 1. How often does it turn unhealthy within an hour?",
        choices={"dozens": "Dozens of times: 16 checkers lose a probe every few seconds.",
                 "few": "A few times: when several checkers have bad luck together.",
                 "never": "Not once."},
        answer="never",
        shown="{flips} times a checker changed its mind, and {alarms} times the check did. At the worst moment "
              "{fewest} of 16 checkers still said healthy.",
        why="Single checkers are wrong all the time. For the check to be wrong, 14 of 16 would have to be wrong at the "
            "same moment, each for a reason of its own. That they need not agree is what makes them reliable together.",
        misconceptions={"dozens": "one-failing-checker-is-enough"},
        outcome=lambda alarms, **others: "never" if alarms == 0 else "few" if alarms < 12 else "dozens"),
    Prediction(
        id="4.unlinked",
        question="You create a failover pair, and a health check that watches the primary. But you forget to write the "
                 "check's id into the primary record. The primary crashes, and the check turns unhealthy. What is "
                 "answered?",
        choices={"secondary": "The secondary: Route 53 knows that the primary is down.",
                 "primary": "The primary.",
                 "none": "Nothing, until the record names a check."},
        answer="primary",
        shown="the check on {watched} was {status}, and the answer was the {role}.",
        why="A record knows of a health check only by its HealthCheckId. Without one it always counts as healthy, so "
            "the primary always answers, and the secondary is never needed.",
        outcome=lambda role, **others: role),
    Prediction(
        id="4.shared-payments",
        question="The deep health page of both sites asks the same payment provider. The provider has an outage, and "
                 "soon after the primary crashes. The shop of the secondary runs; only card payments fail there. Where "
                 "are users sent?",
        choices={"primary": "To the crashed primary.",
                 "secondary": "To the secondary: it is the one that runs.",
                 "none": "Nowhere: no site is healthy."},
        answer="primary",
        shown="{red} of 2 checks were unhealthy, the answer was {site}, and a user got {user}.",
        why="The provider's outage turned both checks red, so they had nothing left to say when the crash came. With "
            "everything unhealthy, Route 53 treats everything as healthy and answers the primary. A check on "
            "something that the sites share can never choose between them; it can only make them look alike.",
        misconceptions={"none": "both-unhealthy-means-no-answer", "secondary": "both-unhealthy-means-secondary"},
        outcome=lambda site, **others: {"us-east-1": "primary", "us-west-2": "secondary"}.get(site, "none")),
    Prediction(
        id="4.certificate",
        question="Read the code above again. The shop's certificate expired last night, so every browser refuses the "
                 "page. What does an HTTPS check with a string match say?",
        choices={"healthy": "Healthy.",
                 "unhealthy": "Unhealthy: the encrypted connection cannot be trusted.",
                 "warned": "Healthy until the next renewal date, then unhealthy."},
        answer="healthy",
        shown="the words certificate and expired occur {mentions} times in the code that judges. Given a good page, it "
              "says: {verdict}.",
        why="The checkers encrypt, but they do not validate. Watch the expiry date of certificates with another tool.",
        misconceptions={"unhealthy": "expired-certificate-fails"},
        outcome=lambda mentions, **others: "unhealthy" if mentions else "healthy"),
    Prediction(
        id="4.sees-everything",
        question="True or false? A good health check detects every kind of failure that users notice.",
        choices={"true": "True, if it is deep enough.",
                 "false": "False: some failures that users feel leave it green."},
        answer="false",
        shown="the best check stayed green under {missed}. At the same time up to {worst} % of the users' requests "
              "failed.",
        why="A check asks for one page, from a few places, and only a long row of failures counts. A failure that hits "
            "one request in three, or one part of the world, does not look like that from where the checkers stand.",
        outcome=lambda missed, **others: "false" if missed else "true"),
    Prediction(
        id="4.fixes-bugs",
        question="True or false? With a check that sees the application, failover protects your users from a bad "
                 "release.",
        choices={"true": "True: the check turns red and users move to a site that works.",
                 "false": "False: it depends on where that release is running."},
        answer="false",
        shown="with the bad release on the primary alone, {alone} % of the requests in the last minute failed; with "
              "the same release on both sites, {both} %.",
        why="Failover moves users; it mends nothing. If the standby runs the same code on the same data, it has the "
            "same bug. Release to one site first, watch its check, and only then go on.",
        outcome=lambda alone, both: "false" if both > alone else "true"),
)
