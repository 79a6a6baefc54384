"""Faults of redirects on one host: what goes on is another request, or goes on for ever."""

from __future__ import annotations

from dataclasses import replace

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, Incoming, Outgoing


@CLIENTS.fault_in(IdealClient.redirected, "client-sends-cursor-as-given")
def redirects_lose_the_query(self: IdealClient, call: Call, outgoing: Outgoing, incoming: Incoming) -> Outgoing | None:
    """Of the location of a redirect only the path is taken."""
    redirected = IdealClient.redirected(self, call, outgoing, incoming)
    return None if redirected is None else replace(redirected, target=redirected.target.partition("?")[0])


@CLIENTS.fault_in(IdealClient.redirected, "client-sends-its-credential")
def redirects_lose_the_headers(
    self: IdealClient, call: Call, outgoing: Outgoing, incoming: Incoming
) -> Outgoing | None:
    """What a redirect leads to is asked for without any header of the request before."""
    redirected = IdealClient.redirected(self, call, outgoing, incoming)
    return None if redirected is None else replace(redirected, headers=(("accept", "*/*"),))


@CLIENTS.fault("client-retries-come-to-an-end")
class FollowsRedirectsForEver(IdealClient):
    """Redirects are followed as long as there are any."""

    most_redirects = 10**6
