"""Route 53's REST-XML protocol against botocore, for every operation of the model."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from random import Random

import pytest
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from botocore_oracle import botocore_answer, botocore_request, offline_client, plain, sample

from failover_kit.aws import rest_xml
from failover_kit.aws.model import service_model
from failover_kit.aws.protocol import AwsError, Request
from failover_kit.errors import LabError

MODEL = service_model("route53")
OPERATIONS = [MODEL.operation_model(name) for name in MODEL.operation_names]
CASES = 40                     # random cases for each operation and direction
V = "/2013-04-01"
by_name = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)


def parse(request):
    return rest_xml.parse_request(rest_xml.route(request), request)


# --- botocore as the oracle -------------------------------------------------------------------------------------

@by_name
def test_what_boto3_sends_is_read_back(operation):
    rng = Random(f"request {operation.name}")
    for _ in range(CASES):
        params = sample(operation.input_shape, rng) if operation.input_shape else {}
        request = botocore_request(operation, params, "rest-xml")
        target = rest_xml.route(request)
        assert target.operation.name == operation.name
        assert plain(rest_xml.parse_request(target, request)) == plain(params)


@by_name
def test_what_is_answered_boto3_reads_back(operation):
    rng = Random(f"response {operation.name}")
    for number in range(CASES):
        values = sample(operation.output_shape, rng) if operation.output_shape else {}
        response = rest_xml.serialise_response(operation, values, f"request-{number}")
        parsed, metadata = botocore_answer(response, operation.output_shape, "rest-xml")
        assert plain(parsed) == plain(values)
        assert metadata["RequestId"] == f"request-{number}"
        assert metadata["HTTPStatusCode"] == operation.http.get("responseCode", 200)


@by_name
def test_whatever_boto3_itself_would_refuse_is_refused_at_the_same_places(operation):
    """Parameters with required members left out and values below their minimum, past botocore's own validator."""
    rng = Random(f"faults {operation.name}")
    for _ in range(CASES if operation.input_shape else 0):
        params = damage(sample(operation.input_shape, rng), operation.input_shape, rng)
        expected = {aws_path(*error) for error in ParamValidator().validate(params, operation.input_shape)._errors}
        request = botocore_request(operation, params, "rest-xml", validate=False)
        assert refused_at(request) == expected


def refused_at(request):
    try:
        parse(request)
    except AwsError as error:
        return set(re.findall(r" at '([\w.]+)' failed", error.message)) if error.code == "InvalidInput" else error
    return set()


def damage(value, shape, rng):
    """The same value with some required members missing, some texts and lists too short, some numbers too low."""
    low = shape.metadata.get("min")
    match shape.type_name:
        case "structure":
            return {name: damage(item, shape.members[name], rng) for name, item in value.items()
                    if shape.members[name].serialization.get("location") == "uri"
                    or name not in shape.required_members or rng.random() > 0.1}
        case "list" if low and rng.random() < 0.1:
            return []
        case "list":
            return [damage(item, shape.member, rng) for item in value]
        case "string" if low and not shape.serialization.get("location") and rng.random() < 0.1:
            return ""
        case "integer" | "long" if low is not None and rng.random() < 0.1:
            return low - 1
    return value


def aws_path(reason, name, details):
    """botocore's "ChangeBatch.Changes[0]" + missing "Action"  ->  AWS's "changeBatch.changes.1.member.action"."""
    name = f"{name}.{details['required_name']}" if reason == "missing required field" else name
    parts = re.sub(r"\[(\d+)\]", lambda index: f".{int(index[1]) + 1}.member", name.removeprefix(".")).split(".")
    return ".".join(part[:1].lower() + part[1:] for part in parts if part)


# --- routing ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("method", "path", "operation", "labels"), [
    ("GET", "/hostedzone", "ListHostedZones", {}),
    ("POST", "/hostedzone", "CreateHostedZone", {}),
    ("GET", "/hostedzone/Z1", "GetHostedZone", {"Id": "Z1"}),
    ("get", "/hostedzone/Z1", "GetHostedZone", {"Id": "Z1"}),
    ("GET", "/hostedzone/Z1/", "GetHostedZone", {"Id": "Z1"}),
    ("POST", "/hostedzone/Z1/rrset/", "ChangeResourceRecordSets", {"Id": "Z1"}),
    ("POST", "/hostedzone/Z1/rrset", "ChangeResourceRecordSets", {"Id": "Z1"}),
    ("GET", "/hostedzone/Z1/rrset/", "ListResourceRecordSets", {"Id": "Z1"}),
    ("GET", "/trafficpolicyinstances/hostedzone", "ListTrafficPolicyInstancesByHostedZone", {}),
    ("GET", "/hostedzonelimit/Z1/MAX_RRSETS_BY_ZONE", "GetHostedZoneLimit",
     {"Id": "Z1", "Type": "MAX_RRSETS_BY_ZONE"}),
    ("GET", "/change/%2Fchange%2FC1", "GetChange", {"Id": "/change/C1"}),
    ("GET", "/healthcheck/a%20b%C3%A9", "GetHealthCheck", {"HealthCheckId": "a bé"}),
], ids=lambda value: value if isinstance(value, str) else "")
def test_route(method, path, operation, labels):
    target = rest_xml.route(Request(method, V + path))
    assert (target.operation.name, dict(target.labels)) == (operation, labels)


@pytest.mark.parametrize(("method", "path", "code", "status", "allow"), [
    ("PUT", V + "/hostedzone", "MethodNotAllowed", 405, "GET, POST"),
    ("DELETE", V + "/hostedzone", "MethodNotAllowed", 405, "GET, POST"),
    ("POST", V + "/checkeripranges", "MethodNotAllowed", 405, "GET"),
    ("GET", V + "/hostedzone/Z1/nonsense", "UnknownOperationException", 404, None),
    ("GET", "/2012-12-12/hostedzone", "UnknownOperationException", 404, None),
    ("GET", "/", "UnknownOperationException", 404, None),
])
def test_no_such_route(method, path, code, status, allow):
    with pytest.raises(AwsError) as caught:
        rest_xml.route(Request(method, path))
    response = rest_xml.serialise_error(caught.value, "r-1")
    assert (caught.value.code, response.status, response.headers.get("Allow")) == (code, status, allow)
    assert path in caught.value.message


@pytest.mark.parametrize(("path", "given", "expected"), [          # D17
    ("/hostedzone/%2Fhostedzone%2FZ1", "Id", "Z1"),
    ("/hostedzone/Z1", "Id", "Z1"),
    ("/change/%2Fchange%2FC1", "Id", "C1"),
    ("/delegationset/%2Fdelegationset%2FN1", "Id", "N1"),
])
def test_ids_with_and_without_their_prefix(path, given, expected):
    assert parse(Request("GET", V + path)) == {given: expected}


# --- reading a request ------------------------------------------------------------------------------------------

def change(record, action="<Action>CREATE</Action>"):
    body = (f'<ChangeResourceRecordSetsRequest xmlns="{rest_xml.NAMESPACE}"><ChangeBatch><Changes><Change>{action}'
            f"<ResourceRecordSet>{record}</ResourceRecordSet>"
            "</Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>")
    return Request("POST", f"{V}/hostedzone/Z1/rrset/", body=body.encode())


RECORD = "changeBatch.changes.1.member.resourceRecordSet"


@pytest.mark.parametrize(("written", "value", "member", "constraint"), [
    ("<TTL>-1</TTL>", "'-1'", "tTL", "have value greater than or equal to 0"),         # literal from a Route 53 answer
    ("<TTL>2147483648</TTL>", "'2147483648'", "tTL", "have value less than or equal to 2147483647"),
    ("<TTL>9223372036854775808</TTL>", "'9223372036854775808'", "tTL", "be an integer of 64 bits"),
    ("<TTL>sixty</TTL>", "'sixty'", "tTL", "be an integer"),
    ("<TTL>1_0</TTL>", "'1_0'", "tTL", "be an integer"),
    ("<TTL>١</TTL>", "'١'", "tTL", "be an integer"),                          # a digit, but not an ASCII one
    ("<TTL>1<b/></TTL>", "'{...}'", "tTL", "be an integer"),
    ("<TTL/>", "''", "tTL", "be an integer"),
    ("<Weight>256</Weight>", "'256'", "weight", "have value less than or equal to 255"),
    ("<Failover>THIRD</Failover>", "'THIRD'", "failover", "satisfy enum value set: [PRIMARY, SECONDARY]"),
    ("<SetIdentifier/>", "''", "setIdentifier", "have length greater than or equal to 1"),
    (f"<SetIdentifier>{'x' * 129}</SetIdentifier>", f"'{'x' * 120}...'", "setIdentifier",
     "have length less than or equal to 128"),
    ("<MultiValueAnswer>yes</MultiValueAnswer>", "'yes'", "multiValueAnswer", "be true or false"),
    ("<ResourceRecords/>", "'[0 members]'", "resourceRecords", "have length greater than or equal to 1"),
    ("<ResourceRecords><Value>x</Value></ResourceRecords>", "'Value'", "resourceRecords.1.member",
     "be an element ResourceRecord"),
    ("<ResourceRecords>192.0.2.1</ResourceRecords>", "'192.0.2.1'", "resourceRecords", "be a list, made of elements"),
    ("<AliasTarget><HostedZoneId>Z2</HostedZoneId><DNSName>x</DNSName></AliasTarget>", "null",
     "aliasTarget.evaluateTargetHealth", "not be null"),
    ("<CidrRoutingConfig><CollectionId>no</CollectionId><LocationName>x</LocationName></CidrRoutingConfig>", "'no'",
     "cidrRoutingConfig.collectionId",
     "satisfy regular expression pattern: [0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"),
    ("<CidrRoutingConfig><CollectionId>0a1b2c3d-0123-4567-89ab-0123456789abc</CollectionId><LocationName>x</LocationName>"
     "</CidrRoutingConfig>", "'0a1b2c3d-0123-4567-89ab-0123456789abc'", "cidrRoutingConfig.collectionId",
     "satisfy regular expression pattern: "),
    ("<GeoProximityLocation><Coordinates><Latitude>ninety north</Latitude><Longitude>0</Longitude></Coordinates>"
     "</GeoProximityLocation>", "'ninety north'", "geoProximityLocation.coordinates.latitude",
     "have length less than or equal to 6"),             # no pattern is tried on a text that is too long
    ("<Wieght>1</Wieght>", "'1'", "wieght", "be one of those known here: [Name, Type, SetIdentifier, Weight, "),
    ("<Type>AAAA</Type>", "'AAAA'", "type", "be given once"),
], ids=lambda text: text[:40])
def test_one_thing_wrong(written, value, member, constraint):
    with pytest.raises(AwsError) as caught:
        parse(change("<Name>app.example.com</Name><Type>A</Type>" + written))
    assert caught.value.code == "InvalidInput"
    assert caught.value.message.startswith(f"1 validation error detected: Value {value} at '{RECORD}.{member}' "
                                           f"failed to satisfy constraint: Member must {constraint}")


def test_several_things_wrong_are_named_together():
    request = change("<Name>x</Name><Type>AA</Type><TTL>-1</TTL>", action="<Action>MAKE</Action>")
    with pytest.raises(AwsError, match="3 validation errors detected: ") as caught:
        parse(request)
    assert re.findall(r"at '([\w.]+)'", caught.value.message) == [
        "changeBatch.changes.1.member.action", f"{RECORD}.type", f"{RECORD}.tTL"]


@pytest.mark.parametrize("changes", [
    "<Change/>" * 2_000,
    "<Change><ResourceRecordSet/><Action>" + "A" * 1_000_000 + "</Action></Change>",
    "".join(f"<x{number}/>" for number in range(5_000)),
    "<" + "x" * 1_000_000 + "/>",
], ids=["4,000 faults", "a huge value", "5,000 wrong elements", "a huge name"])
def test_an_error_is_never_much_larger_than_its_first_hundred_faults(changes):
    body = ("<ChangeResourceRecordSetsRequest><ChangeBatch><Changes>" + changes +
            "</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>")
    with pytest.raises(AwsError) as caught:
        parse(Request("POST", f"{V}/hostedzone/Z1/rrset", body=body.encode()))
    assert caught.value.code == "InvalidInput"
    assert len(caught.value.message) < 50_000
    found = int(caught.value.message.split()[0])
    assert caught.value.message.endswith(f"; and {found - 100} more") == (found > 100)


@pytest.mark.parametrize(("body", "code", "message"), [
    (b"<ChangeBatch/>", "MalformedInput", "ChangeBatch is not valid, expected ChangeResourceRecordSetsRequest"),
    (b"{}", "MalformedInput", "Invalid XML: not well-formed"),
    (b"<ChangeResourceRecordSetsRequest>", "MalformedInput", "Invalid XML: no element found"),
    (b"", "InvalidInput", "Value null at 'changeBatch' failed"),
    (b" \n ", "InvalidInput", "Value null at 'changeBatch' failed"),
    (b"x" * 3_000_000, "RequestEntityTooLargeException", "3000000 bytes"),
], ids=["another document", "JSON", "cut off", "none", "blank", "3 MB"])
def test_a_body_that_is_not_the_document(body, code, message):
    with pytest.raises(AwsError, match=message) as caught:
        parse(Request("POST", f"{V}/hostedzone/Z1/rrset/", body=body))
    assert caught.value.code == code


def test_what_people_write_by_hand_is_read():
    """No namespace, indented, a comment, CDATA, spaces around a number."""
    request = Request("POST", f"{V}/hostedzone/Z1/rrset", body=b"""<?xml version="1.0"?>
        <ChangeResourceRecordSetsRequest>
          <!-- by hand -->
          <ChangeBatch> <Changes> <Change>
            <Action>UPSERT</Action>
            <ResourceRecordSet>
              <Name><![CDATA[app.example.com]]></Name> <Type>A</Type> <TTL> 60 </TTL>
              <ResourceRecords> <ResourceRecord> <Value>192.0.2.1</Value> </ResourceRecord> </ResourceRecords>
            </ResourceRecordSet>
          </Change> </Changes> </ChangeBatch>
        </ChangeResourceRecordSetsRequest>""")
    assert parse(request)["ChangeBatch"]["Changes"] == [{"Action": "UPSERT", "ResourceRecordSet": {
        "Name": "app.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}}]


def test_query_parameters_that_no_operation_knows_are_read_past():
    assert parse(Request("GET", f"{V}/hostedzone", "marker=a%26b+c&X-Amz-Signature=1")) == {"Marker": "a&b c"}


def test_an_empty_label_is_a_missing_member():
    with pytest.raises(AwsError, match="Value null at 'hostedZoneId'"):
        parse(Request("GET", f"{V}/hostedzone//rrset"))


# --- members that Route 53 has none of: headers in requests, lists in a query, flattened lists, a greedy label --------

TOY = ServiceModel({
    "metadata": {"apiVersion": "2013-04-01", "protocol": "rest-xml", "endpointPrefix": "toy", "serviceId": "Toy"},
    "operations": {"PutThing": {
        "name": "PutThing", "http": {"method": "PUT", "requestUri": "/thing/{Key+}/{Part}", "responseCode": 202},
        "input": {"shape": "Thing", "locationName": "PutThingRequest"}, "output": {"shape": "Answer"}},
        "PutAll": {"name": "PutAll", "http": {"method": "PUT", "requestUri": "/thing/all/{Part}"}},
        "PutAllOfAll": {"name": "PutAllOfAll", "http": {"method": "PUT", "requestUri": "/thing/all/all"}}},
    "shapes": {
        "Thing": {"type": "structure", "required": ["Key", "Part"], "members": {
            "Key": {"shape": "Text", "location": "uri", "locationName": "Key"},
            "Part": {"shape": "Text", "location": "uri", "locationName": "Part"},
            "Count": {"shape": "Number", "location": "header", "locationName": "x-count"},
            "Since": {"shape": "Time", "location": "querystring", "locationName": "since"},
            "Only": {"shape": "Texts", "location": "querystring", "locationName": "only"},
            "Tags": {"shape": "FlatTexts"}, "Aliases": {"shape": "FlatTexts", "locationName": "Alias"},
            "Plain": {"shape": "Texts"},
            "Ratio": {"shape": "Ratio"}, "At": {"shape": "Time"}}},
        "Answer": {"type": "structure", "members": {
            "When": {"shape": "Time", "location": "header", "locationName": "x-when"},
            "Fresh": {"shape": "Flag", "location": "header", "locationName": "x-fresh"},
            "Tags": {"shape": "FlatTexts"}, "Aliases": {"shape": "FlatTexts", "locationName": "Alias"},
            "Plain": {"shape": "Texts"},
            "Ratio": {"shape": "Ratio"}}},
        "Text": {"type": "string", "min": 1}, "Number": {"type": "integer"}, "Ratio": {"type": "double"},
        "Time": {"type": "timestamp"}, "Flag": {"type": "boolean"},
        "Texts": {"type": "list", "member": {"shape": "Text"}, "min": 1},
        "FlatTexts": {"type": "list", "member": {"shape": "Text"}, "flattened": True, "min": 1}}}, "toy")


def test_every_place_that_a_member_can_have():
    operation, rng = TOY.operation_model("PutThing"), Random("toy")
    for _ in range(300):
        params = sample(operation.input_shape, rng)
        request = botocore_request(operation, params, "rest-xml")
        target = rest_xml.route(request, TOY)
        assert plain(rest_xml.parse_request(target, request)) == plain(params)
        values = sample(operation.output_shape, rng)
        if "When" in values:
            values["When"] = values["When"].replace(microsecond=0)          # a header has whole seconds
        response = rest_xml.serialise_response(operation, values | {"Ratio": values.get("Ratio")}, "r-1")
        parsed, metadata = botocore_answer(response, operation.output_shape, "rest-xml")
        assert metadata["HTTPStatusCode"] == 202
        assert plain(parsed) == plain(values)


def test_times_in_headers_are_http_dates():
    values = {"When": datetime(2025, 1, 31, 12, tzinfo=UTC), "Fresh": True}
    headers = rest_xml.serialise_response(TOY.operation_model("PutThing"), values, "r-1").headers
    assert (headers["x-when"], headers["x-fresh"]) == ("Fri, 31 Jan 2025 12:00:00 GMT", "true")    # RFC 7231 7.1.1.1


@pytest.mark.parametrize(("path", "name", "labels"), [
    ("/thing/a/b/c", "PutThing", {"Key": "a/b", "Part": "c"}),
    ("/thing/a%2Fb/c", "PutThing", {"Key": "a/b", "Part": "c"}),
    ("/thing/all/c", "PutAll", {"Part": "c"}),
    ("/thing/all/all", "PutAllOfAll", {}),
])
def test_a_literal_segment_wins_over_a_label(path, name, labels):
    target = rest_xml.route(Request("PUT", path), TOY)
    assert (target.operation.name, dict(target.labels)) == (name, labels)


# --- answers ----------------------------------------------------------------------------------------------------

def test_create_answers_201_with_location():                                                        # D1
    values = {"HostedZone": {"Id": "/hostedzone/Z1", "Name": "example.com.", "CallerReference": "r"},
              "ChangeInfo": {"Id": "/change/C1", "Status": "PENDING",
                             "SubmittedAt": datetime(2025, 1, 31, 12, 0, 0, 250_000, tzinfo=UTC)},
              "DelegationSet": {"NameServers": ["ns-1.awsdns-00.com"]},
              "Location": "https://route53.amazonaws.com/2013-04-01/hostedzone/Z1"}
    response = rest_xml.serialise_response(MODEL.operation_model("CreateHostedZone"), values, "r-1")
    assert response.status == 201
    assert response.headers == {"x-amzn-RequestId": "r-1", "Content-Type": "text/xml", "Location": values["Location"]}
    assert response.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<CreateHostedZoneResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/">'
        "<HostedZone><Id>/hostedzone/Z1</Id><Name>example.com.</Name><CallerReference>r</CallerReference></HostedZone>"
        "<ChangeInfo><Id>/change/C1</Id><Status>PENDING</Status>"
        "<SubmittedAt>2025-01-31T12:00:00.250000Z</SubmittedAt></ChangeInfo>"
        "<DelegationSet><NameServers><NameServer>ns-1.awsdns-00.com</NameServer></NameServers></DelegationSet>"
        "</CreateHostedZoneResponse>")


def test_characters_that_xml_cannot_hold_are_replaced():
    values = {"Nameserver": "a\x00b", "RecordName": "\x1b]0;", "RecordType": "TXT", "RecordData": ["\r\n\ud800 ok"],
              "ResponseCode": "NOERROR", "Protocol": "UDP"}
    operation = MODEL.operation_model("TestDNSAnswer")
    parsed, _ = botocore_answer(rest_xml.serialise_response(operation, values, "r"), operation.output_shape, "rest-xml")
    assert (parsed["Nameserver"], parsed["RecordName"], parsed["RecordData"]) == (
        "a\ufffdb", "\ufffd]0;", ["\r\n\ufffd ok"])


@pytest.mark.parametrize("values", [
    {"ChangeInfo": {"Id": "C1", "Status": "PENDING", "SubmittedAt": datetime(2025, 1, 1, tzinfo=UTC), "Ttl": 1}},
    {"ChangeInfo": {"Id": "C1", "Status": "PENDING"}},
    {"ChangeInfo": {"Id": "C1", "Status": "PENDING", "SubmittedAt": datetime(2025, 1, 1)}},
    {},
], ids=["unknown member", "required member missing", "time without a zone", "nothing"])
def test_an_answer_that_the_model_does_not_have_never_leaves(values):
    with pytest.raises(LabError):
        rest_xml.serialise_response(MODEL.operation_model("GetChange"), values, "r")


# --- errors -----------------------------------------------------------------------------------------------------

ERRORS = sorted({shape.name: shape for operation in OPERATIONS for shape in operation.error_shapes}.items())


@pytest.mark.parametrize("shape", [shape for _, shape in ERRORS], ids=[name for name, _ in ERRORS])
def test_every_error_of_the_model(shape):
    rng = Random(shape.name)
    fields = {name: sample(shape.members[name], rng) for name in shape.required_members}
    error = AwsError(shape.name, "It <went> wrong & so on", fields=fields)
    response = rest_xml.serialise_error(error, "r-1")
    parsed, metadata = botocore_answer(response, None, "rest-xml")
    message = "[It <went> wrong & so on]" if shape.name == "InvalidChangeBatch" else "It <went> wrong & so on"
    assert {name: parsed["Error"][name] for name in ("Code", "Message", "Type")} == {
        "Code": shape.name, "Message": message, "Type": "Sender"}
    assert metadata["RequestId"] == "r-1"
    assert metadata["HTTPStatusCode"] == (shape.metadata.get("error") or {}).get("httpStatusCode", 400)
    modelled, _ = botocore_answer(response, shape, "rest-xml")
    assert plain({name: modelled[name] for name in fields}) == plain(fields)


@pytest.mark.parametrize(("code", "status"), [      # D1, D2, D13, D14, D18
    ("NoSuchHostedZone", 404), ("NoSuchHealthCheck", 404), ("NoSuchChange", 404), ("InvalidInput", 400),
    ("InvalidDomainName", 400), ("TooManyHostedZones", 400), ("HostedZoneAlreadyExists", 409),
    ("HostedZoneNotEmpty", 400), ("HealthCheckAlreadyExists", 409), ("HealthCheckVersionMismatch", 409),
    ("InvalidChangeBatch", 400), ("PriorRequestNotComplete", 400), ("Throttling", 400), ("MalformedInput", 400),
    ("NotImplemented", 501), ("InternalFailure", 500), ("ServiceUnavailable", 503),
])
def test_status_of_an_error(code, status):
    response = rest_xml.serialise_error(AwsError(code, "x"), "r-1")
    assert response.status == status
    assert (b"<Type>Receiver</Type>" in response.body) == (status >= 500)


def test_an_error_may_bring_its_own_status_and_headers():
    error = AwsError("Throttling", "Rate exceeded", status=503, headers={"Retry-After": "1"})
    response = rest_xml.serialise_error(error, "r-1")
    assert (response.status, response.headers["Retry-After"]) == (503, "1")


EXISTS = "Tried to create resource record set [name='www.example.com.', type='A'] but it already exists"      # D9
ABSENT = "Tried to delete resource record set [name='x.example.com.', type='A'] but it was not found"


def test_change_batch_error_as_error_response():
    response = rest_xml.serialise_error(AwsError("InvalidChangeBatch", EXISTS, ABSENT), "r-1")
    assert response.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error><Type>Sender</Type>'
        f"<Code>InvalidChangeBatch</Code><Message>[{EXISTS}, {ABSENT}]</Message></Error>"
        "<RequestId>r-1</RequestId></ErrorResponse>")


def test_change_batch_error_in_its_own_form():
    response = rest_xml.serialise_error(AwsError("InvalidChangeBatch", EXISTS, ABSENT), "r-1", batch_form=True)
    assert response.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<InvalidChangeBatch xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Messages>'
        f"<Message>{EXISTS}</Message><Message>{ABSENT}</Message></Messages>"
        "<RequestId>r-1</RequestId></InvalidChangeBatch>")
    parsed, _ = botocore_answer(response, None, "rest-xml")
    assert parsed["Error"] == {"Code": "", "Message": ""}               # why it is not the form that is answered


# --- boto3 itself, with this protocol in place of the network ---------------------------------------------------------

@pytest.fixture
def route53():
    """(a boto3 client, a list): the client's next call is answered by the function in the list."""
    behaviour = []

    def serve(request):
        try:
            target = rest_xml.route(request)
            params = rest_xml.parse_request(target, request)
            return rest_xml.serialise_response(target.operation, behaviour[0](**params), "r-1")
        except AwsError as error:
            return rest_xml.serialise_error(error, "r-1")

    return offline_client("route53", serve), behaviour


def test_boto3_call(route53):
    client, behaviour = route53
    behaviour.append(lambda Id: {"HostedZone": {"Id": Id, "Name": "example.com.", "CallerReference": "r"}})
    zone = client.get_hosted_zone(Id="/hostedzone/Z1")["HostedZone"]
    assert zone == {"Id": "Z1", "Name": "example.com.", "CallerReference": "r"}


def test_boto3_names_the_exception(route53):
    client, behaviour = route53

    def absent(Id):
        raise AwsError("NoSuchHostedZone", f"No hosted zone found with ID: {Id}")

    behaviour.append(absent)
    with pytest.raises(client.exceptions.NoSuchHostedZone, match="No hosted zone found with ID: Z1") as caught:
        client.get_hosted_zone(Id="Z1")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_boto3_prints_a_change_batch_error_as_it_does_for_aws(route53):
    client, behaviour = route53

    def exists(**_params):
        raise AwsError("InvalidChangeBatch", EXISTS)

    behaviour.append(exists)
    with pytest.raises(client.exceptions.InvalidChangeBatch) as caught:
        client.change_resource_record_sets(HostedZoneId="Z1", ChangeBatch={"Changes": [
            {"Action": "CREATE", "ResourceRecordSet": {"Name": "www.example.com", "Type": "A"}}]})
    assert str(caught.value) == (
        f"An error occurred (InvalidChangeBatch) when calling the ChangeResourceRecordSets operation: [{EXISTS}]")


def test_boto3_shows_what_only_the_server_checks(route53):
    client, _ = route53
    with pytest.raises(client.exceptions.InvalidInput, match=r"1 validation error detected: Value '11' "
                       r"at 'healthCheckConfig\.failureThreshold' failed to satisfy constraint"):
        client.create_health_check(CallerReference="r", HealthCheckConfig={"Type": "TCP", "FailureThreshold": 11})


# --- the package ------------------------------------------------------------------------------------------------------

def test_importing_the_protocols_loads_no_aws_library():
    code = ("import sys, failover_kit.aws.rest_xml, failover_kit.aws.json_rpc, failover_kit.aws.query_rpc;"
            "sys.exit(any(name in sys.modules for name in ('botocore', 'boto3')))")
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
