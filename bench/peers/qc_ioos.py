"""Four QARTOD tests by ioos-qc: `python qc_ioos.py FILE.i64 [--rows 1e6] [--runs 3] [--ours flags.u8]`.

Reads the first rows of the series of `make.py qc` and calls the package's four functions on it, whole columns at a
time, which is how it is used. With `--ours`, its flags are compared with those of `bench-qc --out`, point for point.
"""

import argparse
import importlib.metadata
import json
import warnings

import numpy as np
from ioos_qc import qartod

from clock import Clock

GAP = np.iinfo(np.int64).min
HOUR_S = 3600


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--rows", type=float, default=1e6)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--ours")
    asked = parser.parse_args()
    millionths = np.fromfile(asked.file, dtype=np.int64)
    total, millionths = len(millionths), millionths[: int(asked.rows)]
    values = np.where(millionths == GAP, np.nan, millionths / 1e6)
    times = (np.arange(len(values)) * HOUR_S).astype("datetime64[s]").astype("datetime64[ns]")
    warnings.simplefilter("ignore")
    peer = f"ioos-qc {importlib.metadata.version('ioos-qc')}"
    for _ in range(asked.runs):
        clock = Clock()
        flags = tests(values, times)
        seconds = clock.seconds()
        print(clock.line(peer, "qc", rows=len(values), rows_per_second=round(len(values) / seconds)), flush=True)
    if asked.ours:
        ours = np.fromfile(asked.ours, dtype=np.uint8).reshape(4, total)[:, : len(values)]
        # The last value has no successor here, and has one in ours: its spike flag is left out.
        same = np.array(ours)
        same[1, -1] = flags[1][-1]
        different = sum(int((np.asarray(theirs) != own).sum()) for theirs, own in zip(flags, same))
        print(json.dumps({"peer": peer, "what": "agreement", "rows": 4 * len(values), "different": different}))


def tests(values, times):
    return [
        qartod.gross_range_test(values, (0, 1000), (0, 500)),
        qartod.spike_test(values, 15, 40, method="average"),
        qartod.rate_of_change_test(values, times, 20 / HOUR_S, 60 / HOUR_S),
        qartod.flat_line_test(values, times, 3 * HOUR_S, 6 * HOUR_S, 0.05),
    ]


if __name__ == "__main__":
    main()
