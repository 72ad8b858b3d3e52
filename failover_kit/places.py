"""Where things are: AWS Regions and client locations, the distance between them, and the lab's address plan.

    "us-west-2" or "JP" or "198.18.2.7"  ->  Place  ->  latency to another place, loopback addresses

Latency is a model: light in fibre over the great circle, plus a fixed cost. Real AWS latency data is not public.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from .errors import ConfigurationError

FIBRE_KM_PER_S = 200_000     # light in glass, about two thirds of c
DETOUR = 1.6                 # cables are longer than great circles
FIXED_ROUND_TRIP = 0.004     # seconds: last mile, queues, the host itself


@dataclass(frozen=True)
class Place:
    """A Region, or a spot where clients live. `number` picks its lab networks."""

    code: str                      # "us-east-1", or a country code such as "JP"
    city: str
    number: int                    # 127.0.<number>.x on loopback, 198.18.<number>.0/24 as client network
    latitude: float
    longitude: float
    continent: str                 # AF AN AS EU OC NA SA
    country: str                   # ISO 3166-1 alpha-2
    subdivision: str | None = None   # US state
    is_region: bool = True
    has_checkers: bool = False     # Route 53 probes from here

    @property
    def network(self) -> ipaddress.IPv4Network:
        """The clients of this place, for EDNS client subnet (198.18.0.0/15 is RFC 2544's test range)."""
        return ipaddress.ip_network(f"198.18.{self.number}.0/24")

    def address(self, host: int) -> str:
        """A loopback address of this place: sites from .10, checkers from .101, resolvers from .53."""
        return f"127.0.{self.number}.{host}"

    def __str__(self) -> str:
        return self.code


# fmt: off
PLACES = (
    Place("us-east-1",      "N. Virginia",    1, 38.9,  -77.4, "NA", "US", "VA", has_checkers=True),
    Place("us-west-2",      "Oregon",         2, 45.8, -119.7, "NA", "US", "OR", has_checkers=True),
    Place("us-west-1",      "N. California",  3, 37.4, -121.9, "NA", "US", "CA", has_checkers=True),
    Place("eu-west-1",      "Ireland",        4, 53.4,   -6.2, "EU", "IE", has_checkers=True),
    Place("ap-southeast-1", "Singapore",      5,  1.4,  103.8, "AS", "SG", has_checkers=True),
    Place("ap-southeast-2", "Sydney",         6, -33.9, 151.2, "OC", "AU", has_checkers=True),
    Place("ap-northeast-1", "Tokyo",          7, 35.7,  139.7, "AS", "JP", has_checkers=True),
    Place("sa-east-1",      "Sao Paulo",      8, -23.5, -46.6, "SA", "BR", has_checkers=True),
    Place("us-east-2",      "Ohio",           9, 40.0,  -83.0, "NA", "US", "OH"),
    Place("ca-central-1",   "Montreal",      10, 45.5,  -73.6, "NA", "CA"),
    Place("eu-central-1",   "Frankfurt",     11, 50.1,    8.7, "EU", "DE"),
    Place("eu-west-2",      "London",        12, 51.5,   -0.1, "EU", "GB"),
    Place("eu-west-3",      "Paris",         13, 48.9,    2.4, "EU", "FR"),
    Place("eu-north-1",     "Stockholm",     14, 59.3,   18.1, "EU", "SE"),
    Place("ap-south-1",     "Mumbai",        15, 19.1,   72.9, "AS", "IN"),
    Place("ap-northeast-2", "Seoul",         16, 37.6,  127.0, "AS", "KR"),
    Place("af-south-1",     "Cape Town",     17, -33.9,  18.4, "AF", "ZA"),
    Place("me-south-1",     "Bahrain",       18, 26.1,   50.6, "AS", "BH"),
    Place("us-gov-east-1",  "Ohio",          25, 40.0,  -83.0, "NA", "US", "OH"),
    Place("us-gov-west-1",  "Oregon",        26, 45.8, -119.7, "NA", "US", "OR"),
    Place("ca-west-1",      "Calgary",       27, 51.0, -114.1, "NA", "CA"),
    Place("mx-central-1",   "Queretaro",     28, 20.6, -100.4, "NA", "MX"),
    Place("eu-central-2",   "Zurich",        29, 47.4,    8.5, "EU", "CH"),
    Place("eu-south-1",     "Milan",         30, 45.5,    9.2, "EU", "IT"),
    Place("eu-south-2",     "Zaragoza",      31, 41.6,   -0.9, "EU", "ES"),
    Place("eusc-de-east-1", "Brandenburg",   32, 52.4,   12.6, "EU", "DE"),
    Place("il-central-1",   "Tel Aviv",      33, 32.1,   34.8, "AS", "IL"),
    Place("me-central-1",   "Dubai",         34, 25.2,   55.3, "AS", "AE"),
    Place("ap-south-2",     "Hyderabad",     35, 17.4,   78.5, "AS", "IN"),
    Place("ap-east-1",      "Hong Kong",     36, 22.3,  114.2, "AS", "HK"),
    Place("ap-east-2",      "Taipei",        37, 25.0,  121.6, "AS", "TW"),
    Place("ap-northeast-3", "Osaka",         38, 34.7,  135.5, "AS", "JP"),
    Place("ap-southeast-3", "Jakarta",       39, -6.2,  106.8, "AS", "ID"),
    Place("ap-southeast-4", "Melbourne",     40, -37.8, 145.0, "OC", "AU"),
    Place("ap-southeast-5", "Kuala Lumpur",  41,  3.1,  101.7, "AS", "MY"),
    Place("ap-southeast-6", "Auckland",      42, -36.8, 174.8, "OC", "NZ"),
    Place("ap-southeast-7", "Bangkok",       43, 13.8,  100.5, "AS", "TH"),
    Place("cn-north-1",     "Beijing",       44, 39.9,  116.4, "AS", "CN"),
    Place("cn-northwest-1", "Ningxia",       45, 37.5,  105.2, "AS", "CN"),
    Place("MX",             "Mexico City",   19, 19.4,  -99.1, "NA", "MX", is_region=False),
    Place("NG",             "Lagos",         20,  6.5,    3.4, "AF", "NG", is_region=False),
    Place("NZ",             "Auckland",      21, -36.8, 174.8, "OC", "NZ", is_region=False),
    Place("US-TX",          "Dallas",        22, 32.8,  -96.8, "NA", "US", "TX", is_region=False),
    Place("US-NY",          "New York",      23, 40.7,  -74.0, "NA", "US", "NY", is_region=False),
    Place("AR",             "Buenos Aires",  24, -34.6, -58.4, "SA", "AR", is_region=False),
)
# fmt: on

BY_CODE = {place.code: place for place in PLACES}
_BY_NUMBER = {place.number: place for place in PLACES}
_BY_COUNTRY = {place.country: place for place in reversed(PLACES)}
CHECKER_REGIONS = tuple(place.code for place in PLACES if place.has_checkers)


def region(code: str) -> Place:
    """The AWS Region with this code. Raises ConfigurationError for one the lab does not know."""
    place = BY_CODE.get(code)
    if place is None or not place.is_region:
        known = ", ".join(p.code for p in PLACES if p.is_region)
        raise ConfigurationError(f"{code!r} is not a Region of the lab. Use one of: {known}.")
    return place


def locate(client: str) -> Place:
    """The place a client asks from: a Region code, a country or US state code, or an address.

    Addresses of the lab's own plan (127.0.N.x, 198.18.N.x) belong to place N; any other
    address counts as us-east-1, where Route 53's own test tool places an unknown resolver.

    >>> locate("JP").code, locate("198.18.4.9").code, locate("192.0.2.1").code
    ('ap-northeast-1', 'eu-west-1', 'us-east-1')
    """
    if client in BY_CODE or client in _BY_COUNTRY:
        return BY_CODE.get(client) or _BY_COUNTRY[client]
    try:
        address = ipaddress.ip_address(client.split("/")[0])
    except ValueError:
        known = ", ".join(BY_CODE)
        raise ConfigurationError(
            f"{client!r} is neither an address nor a place of the lab. Use an IP address or one of: {known}.") from None
    first, second, third, _ = address.packed[:4]
    if (first, second) in ((127, 0), (198, 18)) and address.version == 4:
        return _BY_NUMBER.get(third, PLACES[0])
    return PLACES[0]


def distance_km(a: Place, b: Place) -> float:
    """Great-circle distance (haversine formula)."""
    phi_a, phi_b = radians(a.latitude), radians(b.latitude)
    half = (sin((phi_b - phi_a) / 2) ** 2
            + cos(phi_a) * cos(phi_b) * sin(radians(b.longitude - a.longitude) / 2) ** 2)
    return 2 * 6371.0 * asin(sqrt(half))


def round_trip(a: Place, b: Place) -> float:
    """Seconds for a packet to go from one place to the other and back."""
    return FIXED_ROUND_TRIP + 2 * DETOUR * distance_km(a, b) / FIBRE_KM_PER_S
