"""Lesson 5 in JupyterLab: each of its widgets by mouse and by keyboard."""

from lesson_tests import LessonInLab
from lesson_widgets import Cards, Pick, Predict, Slide, Switch


class TestLesson5(LessonInLab):
    lesson = "05_routing_policies"
    widgets = [
        Predict("predict-share", "5.standby-share", opens="explain-share", shown="the secondary served 0"),
        Switch("truth-controls", "Primary's check", before="the primary",
               mouse=("", "unhealthy", "Say who answers"), keys=("Space", "healthy", "Say who answers")),
        Switch("truth-controls", "Secondary's check", before="the primary",
               mouse=("", "unhealthy", "Say who answers"), keys=("Space", "healthy", "Say who answers")),
        Pick("truth-controls", "I say", mouse=("the secondary", "the secondary", "You said the secondary"),
             keys=("ArrowUp", "the primary", "You are right: the answer is the primary")),
        Predict("predict-dead", "5.dead-standby", opens="explain-dead", shown="the answer was us-west-2"),
        Predict("predict-lost", "5.lost-weight", opens="explain-lost", shown="share was 1/3 exactly"),
        Predict("predict-default", "5.no-default", opens="explain-default", shown="NOERROR with 0 addresses"),
        Pick("places-play", "Policy", mouse=("multivalue", "multivalue", "3 of 3 record sets answer together"),
             keys=("ArrowDown", "simple", "is the only record set")),
        Pick("places-play", "User in", mouse=("Japan", "Japan", "ap-northeast-1: 127.0.7.10"),
             keys=("ArrowUp", "Britain", "eu-west-1: 127.0.4.10")),
        Switch("places-play", "us-east-1",
               mouse=("", "unhealthy", "From near.example.com to eu-west-1: users' requests (all)"),
               keys=("Space", "healthy", "From near.example.com to us-east-1: users' requests (all)")),
        Switch("places-play", "eu-west-1", mouse=("", "unhealthy", "health check eu-west-1 is unhealthy"),
               keys=("Space", "healthy", "eu-west-1 is healthy")),
        Switch("places-play", "ap-northeast-1", mouse=("", "unhealthy", "health check ap-northeast-1 is unhealthy"),
               keys=("Space", "healthy", "ap-northeast-1 is healthy")),
        Predict("predict-branch", "5.branch", opens="explain-branch",
                shown="with east-1 unhealthy, every answer was east-2"),
        Pick("tree-two-panel", "User in", mouse=("France", "France", "From eu-west-1 to eu-1: users' requests (all)"),
             keys=("ArrowUp", "Texas", "From us-east-1 to us-1: users' requests (all)")),
        Switch("tree-two-panel", "us-1", mouse=("", "unhealthy", "From us-east-1 to us-2: users' requests (all)"),
               keys=("Space", "healthy", "From us-east-1 to us-1: users' requests (all)")),
        Switch("tree-two-panel", "us-2", mouse=("", "unhealthy", "us-2, secondary, is unhealthy"),
               keys=("Space", "healthy", "us-2, secondary, is healthy")),
        Switch("tree-two-panel", "eu-1", mouse=("", "unhealthy", "eu-1, primary, is unhealthy"),
               keys=("Space", "healthy", "eu-1, primary, is healthy")),
        Switch("tree-two-panel", "eu-2", mouse=("", "unhealthy", "eu-2, secondary, is unhealthy"),
               keys=("Space", "healthy", "eu-2, secondary, is healthy")),
        # Weights 10, 20 and 20.
        Slide("play-panel", "Weight of us-east-1", mouse=(1, "50", "us-west-2 gets 2/9"),
              keys=("Home", "0", "us-west-2 gets 1/2")),
        Slide("play-panel", "Weight of us-east-2", mouse=(1, "50", "us-west-2 gets 1/4"),
              keys=("Home", "0", "us-west-2 gets 2/3")),
        Slide("play-panel", "Weight of us-west-2", mouse=(1, "50", "us-west-2 gets 5/8"),
              keys=("Home", "0", "us-west-2 gets 0")),
        Switch("play-panel", "us-east-2 is", mouse=("", "unhealthy", "us-west-2 gets 2/3"),
               keys=("Space", "healthy", "us-west-2 gets 2/5")),
        Predict("predict-zero", "5.zero-weight", opens="explain-zero", shown="the record of weight 0"),
        Predict("predict-myth", "5.load-balancing", opens="explain-myth", shown="served 0 % of all requests under failover"),
        Predict("predict-leaf", "5.unchecked-leaf", opens="explain-leaf", shown="0 of 40 users"),
        Predict("predict-notices", "5.who-notices", opens="explain-notices", shown="the check turned unhealthy 0 times"),
        Cards("recall", count=4),
        Cards("recall-earlier", count=2),
    ]
