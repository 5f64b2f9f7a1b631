"""The gateway's own command line with a fault planted in it: `launch.py FAULT STORE LEASE_S serve --port 8080`.

`none` plants nothing: leases as short as asked, and a store whose answers get lost, which every good gateway survives.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))


def main() -> None:
    """Shorten the leases, plant the fault, run the command."""
    from gateway.stores import bounds

    fault, store, lease_s = sys.argv[1], sys.argv[2], float(sys.argv[3])
    sys.argv[1:] = sys.argv[4:]
    bounds.LEASE_S = lease_s  # before anybody reads it

    from gateway import worker
    from gateway.cli.main import run
    from tests.chaos.rig import faults

    worker.HEARTBEAT_S = lease_s / 4
    faults.plant(fault, store)
    run()


if __name__ == "__main__":
    main()
