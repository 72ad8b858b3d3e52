"""CloudFormation's functions: what each comes to, and what cannot be told."""

import pytest

from failover_kit.aws.intrinsics import Template

PARAMETERS = {"Domain": {"Type": "String", "Default": "example.com"}, "Count": {"Type": "Number", "Default": 3},
              "Names": {"Type": "CommaDelimitedList", "Default": "a, b"}, "Free": {"Type": "String"},
              "Zone": {"Type": "AWS::Route53::HostedZone::Id"}, "Secret": {"Type": "AWS::SSM::Parameter::Value<String>",
                                                                          "Default": "/shop/domain"}}
RESOURCES = {"Alb": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer"}, "Ip": {"Type": "AWS::EC2::EIP"},
             "Check": {"Type": "AWS::Route53::HealthCheck"}}
CONDITIONS = {"InEurope": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]},
              "Elsewhere": {"Fn::Not": [{"Condition": "InEurope"}]},
              "Both": {"Fn::And": [{"Condition": "Elsewhere"}, {"Fn::Equals": [{"Ref": "Domain"}, "example.com"]}]},
              "Any": {"Fn::Or": [{"Condition": "InEurope"}, {"Condition": "Both"}]}}
MAPPINGS = {"Sites": {"us-east-1": {"Ip": "192.0.2.1"}}}


def template(**given):
    return Template(RESOURCES, PARAMETERS, MAPPINGS, CONDITIONS, given, known={("Check", ""): "check-1"})


@pytest.mark.parametrize(("value", "expected"), [
    ({"Ref": "Domain"}, "example.com"),
    ({"Ref": "Count"}, 3),
    ({"Ref": "Names"}, ["a", "b"]),
    ({"Ref": "Check"}, "check-1"),
    ({"Ref": "AWS::Region"}, "us-east-1"),
    ({"Fn::Sub": "app.${Domain}."}, "app.example.com."),
    ({"Fn::Sub": "${!Literal} ${AWS::AccountId} ${ Domain }"}, "${Literal} 123456789012 example.com"),
    ({"Fn::Sub": ["${Host}.${Domain}", {"Host": {"Fn::Select": [1, {"Ref": "Names"}]}}]}, "b.example.com"),
    ({"Fn::Sub": "id-${Check}"}, "id-check-1"),
    ({"Fn::Join": [".", ["app", {"Ref": "Domain"}, ""]]}, "app.example.com."),
    ({"Fn::Join": ["-", [1, True]]}, "1-true"),
    ({"Fn::Select": ["0", {"Fn::Split": [".", {"Ref": "Domain"}]}]}, "example"),
    ({"Fn::FindInMap": ["Sites", {"Ref": "AWS::Region"}, "Ip"]}, "192.0.2.1"),
    ({"Fn::If": ["InEurope", "yes", "no"]}, "no"),
    ({"Fn::If": ["Any", {"Ref": "Domain"}, "no"]}, "example.com"),
    ({"a": {"Fn::If": ["InEurope", 1, {"Ref": "AWS::NoValue"}]}, "b": 2}, {"b": 2}),
    ([{"Ref": "AWS::NoValue"}, "x"], ["x"]),
    ({"Ref": "x", "other": 1}, {"Ref": "x", "other": 1}),              # two keys: no function
    ("plain ${Domain}", "plain ${Domain}"),
], ids=str)
def test_values(value, expected):
    subject = template()
    assert subject.resolve(value, "here") == expected
    assert subject.problems == []
    assert subject.stand_ins == {}


@pytest.mark.parametrize(("given", "expected"), [({}, "us"), ({"AWS::Region": "eu-west-1"}, "eu")])
def test_given_values_come_before_defaults(given, expected):
    assert template(**given).resolve({"Fn::If": ["InEurope", "eu", "us"]}, "here") == expected
    assert template(Domain="example.org").resolve({"Ref": "Domain"}, "here") == "example.org"


@pytest.mark.parametrize(("value", "asked", "stand_in"), [
    ({"Fn::GetAtt": ["Alb", "DNSName"]}, "Alb.DNSName", "alb.dnsname.invalid"),
    ({"Fn::GetAtt": "Alb.CanonicalHostedZoneID"}, "Alb.CanonicalHostedZoneID", "Z0STANDINALB"),
    ({"Fn::Sub": "${Alb.DNSName}"}, "Alb.DNSName", "alb.dnsname.invalid"),
    ({"Ref": "Zone"}, "parameter Zone", "Z0STANDINZONE"),
], ids=str)
def test_what_only_aws_knows_gets_a_stand_in(value, asked, stand_in):
    subject = template()
    assert subject.resolve(value, "here") == stand_in
    assert subject.stand_ins == {asked: stand_in}
    assert subject.problems == []


def test_an_address_stands_in_for_an_address():
    subject = template()
    assert subject.resolve({"Ref": "Ip"}, "here").startswith("203.0.113.")
    assert subject.resolve({"Fn::GetAtt": ["Ip", "PublicIp"]}, "here").startswith("203.0.113.")


@pytest.mark.parametrize(("value", "words"), [
    ({"Ref": "Domian"}, "there is no resource or parameter 'Domian'. Did you mean Domain?"),
    ({"Ref": "Free"}, "parameter Free has no value. Give it one: --parameter Free=VALUE."),
    ({"Ref": "Secret"}, "parameter Secret has no value"),
    ({"Fn::ImportValue": "other-stack"}, "Fn::ImportValue cannot be filled in here"),
    ({"Fn::Transform": {}}, "Fn::Transform cannot be filled in here"),
    ({"Fn::If": ["Nope", 1, 2]}, "there is no condition 'Nope'"),
    ({"Fn::Select": [7, ["a"]]}, "Fn::Select has arguments that do not fit"),
    ({"Fn::Select": [-1, ["a"]]}, "Fn::Select has arguments that do not fit"),
    ({"Fn::Join": "x"}, "Fn::Join has arguments that do not fit"),
    ({"Fn::Join": [".", [{"Ref": "Names"}]]}, "Fn::Join has arguments that do not fit"),
    ({"Fn::Sub": [1]}, "Fn::Sub has arguments that do not fit"),
    ({"Fn::FindInMap": ["Sites", "mars", "Ip"]}, "Fn::FindInMap has arguments that do not fit"),
    ({"Fn::GetAtt": "Alb"}, "Fn::GetAtt has arguments that do not fit"),
], ids=str)
def test_what_does_not_fit_is_one_problem(value, words):
    subject = template()
    subject.resolve(value, "App.Name")
    [problem] = subject.problems
    assert problem.where == "App.Name"
    assert words in f"{problem.what}. {problem.fix}"
