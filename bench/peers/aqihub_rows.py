"""Real-time AQI by aqi-hub: `python aqihub_rows.py FOLDER [--rows 100000] [--runs 3] [--ours aqi.u16]`.

Reads the first rows of the columns of `make.py aqi` and calls the package once a row, which is how it is used.
With `--ours`, the AQI of `bench-aqi --out` is compared on the rows that have all six values; the package rounds
up in floating point, so CO may differ by one (2.2 mg/m³ by day gives 56 there and 55 exactly).
"""

import argparse
import importlib.metadata
import warnings

import numpy as np
from aqi_hub.aqi_cn import cal_aqi_cn

from clock import Clock

ITEMS = ["pm25", "pm10", "so2", "no2", "co", "o3_1h"]  # the order of its arguments
GAP = np.iinfo(np.int64).min


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--ours")
    asked = parser.parse_args()
    columns = [np.fromfile(f"{asked.folder}/{item}.i64", dtype=np.int64, count=asked.rows) for item in ITEMS]
    rows = [tuple(None if value == GAP else value / 1e6 for value in row) for row in zip(*(own.tolist() for own in columns))]
    warnings.simplefilter("ignore")
    peer = f"aqi-hub {importlib.metadata.version('aqi-hub')}"
    for _ in range(asked.runs):
        clock = Clock()
        results = [cal_aqi_cn(*row, data_type="hourly")[0] for row in rows]
        seconds = clock.seconds()
        print(clock.line(peer, "aqi", rows=len(rows), rows_per_second=round(len(rows) / seconds)), flush=True)
    if asked.ours:
        ours = np.fromfile(asked.ours, dtype=np.uint16, count=asked.rows)
        complete = [place for place, row in enumerate(rows) if None not in row]
        different = [place for place in complete if ours[place] != results[place]]
        by_one = sum(1 for place in different if results[place] - int(ours[place]) == 1)
        print(f'{{"peer": "{peer}", "what": "agreement", "rows": {len(complete)}, "different": {len(different)}, "higher_by_one": {by_one}}}')


if __name__ == "__main__":
    main()
