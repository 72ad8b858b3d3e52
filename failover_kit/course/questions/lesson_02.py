"""Questions of lesson 2."""

from failover_kit.course.predictions import Prediction

QUESTIONS = (
    Prediction(
        id="2.second-site",
        question="Five failures strike the shop, one at a time: a server dies, the building goes dark, a service of "
                 "the "
                 "Region dies, a bad version is deployed everywhere, somebody deletes the record. Against which of "
                 "them is a "
                 "second site no help?",
        choices={"none": "It helps against all five: that is what it is for.",
                 "region": "The Region's: a second site falls with it.",
                 "people": "The bad deploy and the deleted record.",
                 "deploy": "The bad deploy alone."},
        answer="people",
        shown="a working standby was left, to send users to, after: {helped}. It was no help after: {others}.",
        why="The standby stands somewhere else, so it survives what strikes one place. A deploy goes to both sites "
            "and takes "
            "both down. A deleted record takes neither down: it takes away the way to both.",
        outcome=lambda others, **_: {
            frozenset(): "none", frozenset({"Region"}): "region", frozenset({"bad deploy", "human error"}): "people",
            frozenset({"bad deploy"}): "deploy"}[frozenset(others)]),
    Prediction(
        id="2.parallel",
        question="Two sites, each up 99 % of the time, each by itself. One of them is enough. How often can the shop "
                 "serve?",
        choices={"same": "99 %: no site is better than that.",
                 "half": "99.5 %: half as much downtime.",
                 "square": "99.99 %: both would have to be down at once.",
                 "always": "100 %: one of them is always up."},
        answer="square",
        shown="at least one was up in {up:.2f} % of the hours. One site alone is down for {alone} a year, both at "
              "once for {both}.",
        why="One site is down in 1 of 100 hours. The other one is down in 1 of 100 of *those*. So it is 1 hour in "
            "10,000.",
        misconceptions={"same": "parallel-is-the-better-one", "always": "parallel-adds-up"},
        outcome=lambda up, **_: min((("same", 99.0), ("half", 99.5), ("square", 99.99), ("always", 100.0)),
                                    key=lambda choice: abs(up - choice[1]))[0]),
    Prediction(
        id="2.shared",
        question="Two independent sites of 99 % were down together for less than an hour a year. Now both need one "
                 "shared "
                 "part that is up 99.9 % of the time. What becomes of the downtime?",
        choices={"little": "It grows a little, by a tenth or so.",
                 "double": "It doubles.",
                 "tenfold": "It is about ten times as long.",
                 "hundredfold": "It is as long as that of one site again."},
        answer="tenfold",
        shown="down for {independent} a year without the shared part, {real} with it: {factor:.0f} times as long.",
        why="The shared part stands in series with the pair. Its own downtime, almost nine hours a year, comes on "
            "top of the pair's, "
            "and is ten times as much. The second site cannot help with it.",
        outcome=lambda factor, **_: ("little" if factor < 1.5 else "double" if factor < 4 else "tenfold" if factor < 40
                                     else "hundredfold")),
    Prediction(
        id="2.data-age",
        question="A backup is made at every full hour. At 10:40 the disk is lost. At 12:00 the shop is back, from "
                 "the newest "
                 "backup. How many minutes of orders are gone?",
        choices={"outage": "80 minutes: as long as the shop was away.",
                 "age": "40 minutes: from the backup to the fault.",
                 "both": "120 minutes: from the backup until the shop was back."},
        answer="age",
        shown="the newest order that survived was {age:.0f} minutes older than the fault, and {lost} orders were "
              "lost. The shop "
              "was away for {outage:.0f} minutes.",
        why="What is lost was written after the copy and before the fault. While the shop was away nobody could "
            "order, so "
            "nothing of that time can be lost. That time is the other distance.",
        misconceptions={"outage": "rpo-is-the-outage", "both": "rpo-runs-until-restored"},
        outcome=lambda age, outage, **_: ("age" if age < outage - 1 else "outage" if age < outage + 1 else "both")),
    Prediction(
        id="2.longest-part",
        question="A site crashes at night. An alarm wakes somebody, they decide to switch, they edit the record, and "
                 "then the "
                 "resolvers' kept answers run out (TTL 5 minutes). Which part takes longest?",
        choices={"notice": "To notice, wake up and get to a keyboard.",
                 "decide": "To find out what is wrong, and to decide.",
                 "edit": "To edit the record and have it on all name servers.",
                 "cache": "To wait until the kept answers run out."},
        answer="decide",
        shown="of {total:.0f} minutes the longest part took {minutes:.0f}. The kept answers took {cache:.0f}.",
        why="Machines are quick, and a TTL is a number that you chose. To be sure enough to move everybody, at "
            "night, with "
            "half of the facts, takes a person a quarter of an hour even when all goes well.",
        misconceptions={"cache": "ttl-is-the-downtime"},
        outcome=lambda longest, **_: {"notice and wake up": "notice", "decide": "decide", "edit the record": "edit",
                                      "wait for kept answers": "cache"}[longest]),
    Prediction(
        id="2.pilot-light",
        question="us-east-1 is gone. Users are sent at once to a pilot light in one case, to a warm standby in the "
                 "other. What "
                 "do the first users get?",
        choices={"both": "A page from both; from the pilot light it only takes longer.",
                 "warm": "A page from the warm standby; from the pilot light nothing.",
                 "neither": "Nothing from either: both must be started first."},
        answer="warm",
        shown="the pilot light gave: {pilot}. The warm standby gave: {warm}.",
        why="In a pilot light the data is live and the servers are off, so there is no process to accept a "
            "connection. A warm "
            "standby runs. It is small, so it needs more servers soon, but not before the first page.",
        misconceptions={"both": "pilot-light-serves-at-once"},
        outcome=lambda pilot, warm: ("both" if pilot.startswith("200")
                                     else "warm" if warm.startswith("200") else "neither")),
    Prediction(
        id="2.replica-is-no-backup",
        question="True or false: with a live replica in another Region, backups are no longer needed.",
        choices={"true": "True: the replica is a copy, and a much newer one.",
                 "false": "False: a replica does not replace a backup."},
        answer="false",
        shown="ten seconds after the mistake the replica says that apples cost {replica}, the backup of midnight "
              "says {backup}.",
        why="A replica repeats everything, mistakes included, within seconds. It is for the loss of a place. To go "
            "back to before "
            "a mistake you need a copy that does not follow.",
        outcome=lambda replica, backup: "false" if replica == "0.00" and backup != "0.00" else "true"),
)
