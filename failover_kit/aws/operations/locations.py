"""The locations that geolocation records can name.

Source: Route 53 API Reference, ListGeoLocations, GetGeoLocation.
"""

from __future__ import annotations

from typing import Any

from ..account import Account
from ..locations import every_location
from ..paging import page
from ..protocol import AwsError

CODES = ("ContinentCode", "CountryCode", "SubdivisionCode")
MOST_LISTED = 100


def list_geo_locations(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    start = {code: asked[f"Start{code}"] for code in CODES if f"Start{code}" in asked}
    if start:
        _found(start)
    found = page(every_location(), asked, MOST_LISTED, lambda each: not start or _codes(each) == start)
    described = {"IsTruncated": found.is_truncated, "MaxItems": found.max_items}
    if found.is_truncated:
        described |= {f"Next{code}": value for code, value in _codes(found.after).items()}
    return {"GeoLocationDetailsList": list(found.items), **described}


def get_geo_location(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    return {"GeoLocationDetails": _found(asked or {"CountryCode": "*"})}


def _found(codes: dict[str, str]) -> dict[str, str]:
    """The location with these codes. Raises AwsError."""
    if "ContinentCode" in codes and len(codes) > 1:
        raise AwsError("InvalidInput", "Give ContinentCode alone, or CountryCode with or without SubdivisionCode.")
    if "SubdivisionCode" in codes and "CountryCode" not in codes:
        raise AwsError("InvalidInput", "SubdivisionCode needs CountryCode beside it.")
    for location in every_location():
        if _codes(location) == codes:
            return location
    raise AwsError("NoSuchGeoLocation", f"No location has the codes {', '.join(codes.values())}.")


def _codes(location: dict[str, str]) -> dict[str, str]:
    return {code: location[code] for code in CODES if code in location}


OPERATIONS = {"ListGeoLocations": list_geo_locations, "GetGeoLocation": get_geo_location}
