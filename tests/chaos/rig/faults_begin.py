"""Before a gateway with a planted fault begins: leases as short as asked, then the fault.

`none` plants nothing: short leases, and a store whose answers get lost, which every good gateway survives.
"""

from __future__ import annotations


def begin(fault: str, store: str, lease_s: float) -> None:
    """Shorten the leases, plant the fault."""
    from gateway.stores import bounds

    bounds.LEASE_S = lease_s  # before anybody reads it

    from gateway import worker
    from tests.chaos.rig import faults

    worker.HEARTBEAT_S = lease_s / 4
    faults.plant(fault, store)
