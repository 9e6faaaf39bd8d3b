"""Eight years of one site in pandas: `python site_pandas.py FILE.csv --items no2,o3_8h,pm10 [--runs 5] [--out F]`.

The same yearly statistics as `bench-site`: HJ 663-2013 on the site's own days. A sanity peer: openair's
`aqStats` (R), which does this kind of thing, is not run here; issue 2 gives about 50 s for it.
"""

import argparse
import json

import numpy as np
import pandas as pd

from clock import Clock
from spec import EXCEED_O3, STATISTICS


def read(path, items):
    table = pd.read_csv(path, usecols=["date", *[item.replace("_8h", "") for item in items]], parse_dates=["date"])
    return table.set_index("date").asfreq("h")


def day_values(values, item):
    if item != "o3_8h":
        days = values.resample("D").agg(["mean", "count"])
        return days["mean"].where(days["count"] >= 20)
    running = values.rolling(8, min_periods=6).mean()
    running = running[running.index.hour >= 7]  # the hour that begins at 7 ends the first window
    days = running.resample("D").agg(["max", "count"])
    return days["max"].where((days["count"] >= 14) | (days["max"] > EXCEED_O3))


def statistics(table, items):
    lines = []
    for item in items:
        days = day_values(table[item.replace("_8h", "")], item)
        for year, own in days.groupby(days.index.year):
            own = own.dropna()
            months = own.groupby(own.index.month).count().reindex(range(1, 13), fill_value=0)
            complete = len(own) >= 324 and all(n >= (25 if m == 2 else 27) for m, n in months.items())
            for which in [which for name, which in STATISTICS if name == item.replace("_8h", "")]:
                value = own.mean() if which == "mean" else np.percentile(own, which) if len(own) else np.nan
                kind = "mean" if which == "mean" else f"p{which}"
                known = None if np.isnan(value) else float(value)
                lines.append({"year": int(year), "id": f"air.{item.replace('_8h', '')}.{kind}", "exact": known, "n": len(own), "valid": bool(complete)})
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--items", default="no2,o3_8h,pm10")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--out")
    asked = parser.parse_args()
    items = asked.items.split(",")
    for _ in range(asked.runs):
        from_file = Clock()
        table = read(asked.file, items)
        in_memory = Clock()
        lines = statistics(table, items)
        print(in_memory.line(f"pandas {pd.__version__}", "site", hours=len(table)), flush=True)
        print(from_file.line(f"pandas {pd.__version__}", "site-from-file", hours=len(table)), flush=True)
    if asked.out:
        with open(asked.out, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)


if __name__ == "__main__":
    main()
