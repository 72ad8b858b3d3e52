"""`failover-kit serve`: the DNS server with live health checks, and the Route 53 API beside it."""

from __future__ import annotations

import sys
import threading
import warnings
from pathlib import Path
from typing import Annotated

import typer

from ..errors import ConfigurationError, FailoverKitError
from .options import AsJson, HealthCheckFile, Seed, Speed, ZoneName, load

HELP = """  status              sites, health checks and answers now
  fail SITE [FAULT]   break a site (crash if no fault is named)
  repair SITE         mend it
  help                this list; Ctrl-C ends"""


def serve(zone_file: Annotated[Path | None, typer.Argument(metavar="[ZONE.json]", help="A zone to start with; none is "
                               "fine.")] = None,
          health_checks: HealthCheckFile = None, zone_name: ZoneName = None,
          dns_port: Annotated[int, typer.Option(min=0, max=65535, help="UDP and TCP port; 0 picks a free one.")] = 0,
          api_port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the AWS API; 0 picks a free one.")] = 0,
          propagation: Annotated[float, typer.Option(min=0, max=3600, help="Lab seconds until a change through the API "
                                                     "has reached the DNS server.")] = 2.0,
          host: Annotated[str, typer.Option(help="Address to bind; all but loopback is open to others.")] = "127.0.0.1",
          speed: Speed = 1.0, seed: Seed = 0,
          sites: Annotated[bool, typer.Option(help="Run a web server for every endpoint. With --no-sites your own "
                           "servers on loopback are probed.")] = True,
          json: AsJson = False) -> None:
    """Serve zones over real DNS with live health checks, and the Route 53 API for boto3, the AWS CLI and the like.

    Break and repair sites by typing commands.
    """
    from ..lab import Lab
    from ..network.addresses import OpenToOthers, is_loopback

    loaded = load(zone_file, health_checks, zone_name) if zone_file else None
    if not is_loopback(host):
        print(f"warning: {host} is not loopback: everybody who reaches this machine can ask this server, and change "
              "its zones.", file=sys.stderr)
        warnings.simplefilter("ignore", OpenToOthers)          # it is said
    with Lab.live(speed, seed=seed, host=host, dns_port=dns_port) as lab:
        if loaded:
            lab.load(loaded.zone, loaded.health_checks, open_sites=sites)
        else:
            lab.service.remove_zone(lab.zone.id, lab.now)
        if sites:
            _open_sites_on_demand(lab)
        lab.api.propagation = propagation
        lab.api.start(host, api_port)
        _announce(lab, as_json=json)
        reader = threading.Thread(target=_obey, args=(lab,), daemon=True)
        reader.start()
        try:
            while True:
                lab.run(3600, progress=lambda now: None)
        except KeyboardInterrupt:
            print("stopped", file=sys.stderr)


def _open_sites_on_demand(lab) -> None:
    """Run a web server for the endpoint of every check that comes through the API, as for those in a file."""
    from ..faults import Site
    from ..network.addresses import is_loopback
    from ..places import locate

    start_checkers = lab.service.on_check

    def on_check(check) -> None:
        address = check.ip_address
        if address and not is_loopback(address) and address not in lab.world.sites:
            lab.open_site(Site(check.name or address, locate(address), (address,)))
        start_checkers(check)
    lab.service.on_check = on_check


def _announce(lab, as_json: bool) -> None:
    """One line that says where everything is, for people or for programs."""
    where = {site.name: site.url for site in lab.sites}
    zones = [*lab.service.zones.values()]
    if as_json:
        import json

        ready = {"ready": True, "dns": lab.dns_address, "api": lab.api.url, "sites": where,
                 "zones": {zone.id: zone.name for zone in zones}}
        print(json.dumps(ready), flush=True)
        return
    print(f"ready: dns {lab.dns_address} api {lab.api.url}", flush=True)
    for name, url in where.items():
        print(f"  site {name:<20} {url}")
    names = [name for zone in zones for (name, type_) in zone.groups if type_ == "A"]
    print(f"  try: {lab.dig(names[0])}" if names else "  no zone yet: create one through the API")
    print(f"  try: aws route53 list-hosted-zones --endpoint-url {lab.api.url} --region us-east-1")
    print("  type help for commands", flush=True)


def _obey(lab) -> None:
    """Read commands from standard input until it ends."""
    for text in sys.stdin:
        if words := text.split():
            try:
                print(_command(lab, *words), flush=True)
            except (FailoverKitError, TypeError) as error:
                print(f"  {error}", flush=True)


def _command(lab, verb: str, *arguments: str) -> str:
    by_name = {site.name: site for site in lab.sites}
    match verb, arguments:
        case "status", ():
            return status_text(lab)
        case ("fail" | "repair"), (name, *rest) if name in by_name:
            site = by_name[name]
            site.fail(*rest[:1]) if verb == "fail" else site.repair(*rest[:1])
            return f"  {site!r}"
        case ("fail" | "repair"), _:
            raise ConfigurationError(f"{verb} needs a site. Sites: {', '.join(by_name) or 'none'}.")
        case _:
            return HELP


def status_text(lab) -> str:
    """Sites, checks and answers at this moment."""
    lines = [f"  lab time {lab.now:.0f} s"] + [f"  {site!r}" for site in lab.sites]
    for check in lab.service.monitor.checks:
        views = [view.phase.status.value for view in lab.service.monitor.views(check.id).values()]
        share = f", {views.count('healthy')} of {len(views)} checkers healthy" if views else ""
        lines.append(f"  health check {check.id}: {lab.status(check).value}{share}")
    names = [name for zone in lab.service.zones.values() for (name, type_) in zone.groups if type_ == "A"]
    lines += [f"  {name} A: {', '.join(lab.explain(name).labels)}" for name in names[:20]]
    return "\n".join(lines)
