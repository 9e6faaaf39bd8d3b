"""The nation's year in polars: `python polars_year.py DIR [--out result.parquet] [--runs 1] [--variant grid|group|long|lake] [--lake DIR]`.

Prints one JSON line a run: wall and processor seconds from opening the Parquet file to the finished table.

Four ways to the day values, because any might be thought the better polars or the fairer comparison:
* `grid`: every station has every hour, sorted, so a day is 24 neighbouring rows; rolling sums over the whole
  column and one group-by on a run-length number (no hashing of dates);
* `group`: no such knowledge used beyond the sort order for the running means;
* `long`: from one row a value, the shape that a store of observations has: each parameter is laid out on the
  grid of hours with numpy, then as `grid`;
* `lake`: the same from the very files that our side reads.
"""

import argparse

import numpy as np
import polars as pl

from clock import Clock
from spec import BREAKPOINTS, COMPOSITE, EXCEED_O3, FEW, GOOD, HEAVY, INDEX, ITEMS, MEANS, SHARE, SHARE_OF_FEW, STATISTICS, name, result_columns


def eight_hours(hour):
    """Mean of the last eight hours where six are there and all eight lie in the day."""
    running = pl.col("o3").rolling_mean(8, min_samples=6)
    return pl.when(hour >= 8).then(running).alias("o3_8h")


def day_values(hours, variant):
    """Valid day values of every station."""
    if variant != "group":
        row = pl.int_range(pl.len(), dtype=pl.UInt32)
        hours = hours.with_columns(eight_hours(row % 24 + 1), slot=(row // 24).set_sorted())
        keys = ["slot"]
    else:
        hour_end = pl.col("time")
        hours = hours.with_columns(
            eight_hours((hour_end.dt.hour() + 23) % 24 + 1), day=(hour_end - pl.duration(milliseconds=1)).dt.date()
        )
        keys = ["station", "day"]
    made = [pl.col(item).mean() for item in MEANS]
    made += [pl.col(item).count().alias(f"{item}_n") for item in MEANS]
    made += [pl.col("o3_8h").max(), pl.col("o3_8h").count().alias("o3_n")]
    if variant != "group":
        made += [pl.col("station").first(), (pl.col("time").first() - pl.duration(hours=1)).dt.date().alias("day")]
    days = hours.group_by(keys, maintain_order=variant != "group").agg(made)
    valid = [pl.when(pl.col(f"{item}_n") >= 20).then(pl.col(item)).alias(item) for item in MEANS]
    o3_valid = (pl.col("o3_n") >= 14) | (pl.col("o3_8h") > EXCEED_O3)
    return days.select("station", "day", *valid, pl.when(o3_valid).then(pl.col("o3_8h")).alias("o3"))


UTC_OFFSET_MS = 8 * 3_600_000


def source(folder, lake):
    """Lazy columns station (number), parameter, end (ms, local), value; and the number of stations."""
    codes = pl.read_parquet(f"{folder}/stations.parquet")["code"]
    if lake is None:
        file = pl.scan_parquet(f"{folder}/long.parquet")
        return file.select("station", "parameter", "value", end=pl.col("time").dt.epoch("ms")), len(codes)
    file = pl.scan_parquet(f"{lake}/observations/span=hour/**/*.parquet", hive_partitioning=False)
    return file.select(
        station=pl.col("station").cast(pl.Enum(codes)).to_physical(),
        parameter=pl.col("parameter"),
        end=pl.col("time").dt.epoch("ms") + UTC_OFFSET_MS,
        value=pl.col("value").cast(pl.Float64),
    ), len(codes)


def laid_out(folder, lake):
    """One row a value as the wide file: a dense column a parameter, first to last hour of whole days."""
    file, stations = source(folder, lake)
    hour_of = pl.col("end") // 3_600_000  # label of the end of the hour
    first, last = file.select(hour_of.min().alias("first"), hour_of.max().alias("last")).collect().row(0)
    first = (first - 1) // 24 * 24 + 1
    hours = -(-(last - first + 1) // 24) * 24
    columns = {}
    for number, item in enumerate(ITEMS):
        place = pl.col("station").cast(pl.Int64) * hours + hour_of - first
        wanted = number if lake is None else item
        own = file.filter(pl.col("parameter") == wanted).select(place.alias("place"), "value").collect()
        dense = np.full(stations * hours, np.nan)
        dense[own["place"].to_numpy()] = own["value"].to_numpy()
        columns[item] = pl.Series(item, dense, nan_to_null=True)
    row = pl.int_range(pl.len(), dtype=pl.Int64)
    time = ((row % hours + first) * 3_600_000).cast(pl.Datetime("ms"))
    return pl.DataFrame(columns).lazy().with_columns(station=(row // hours).cast(pl.UInt16), time=time)


def index(item):
    points = BREAKPOINTS[item]
    value = pl.col(item)
    above = INDEX[-1] if len(points) == len(INDEX) else None
    out = pl.when(value > points[-1]).then(pl.lit(above, dtype=pl.Float64))
    for high in range(len(points) - 1, 0, -1):
        slope = (INDEX[high] - INDEX[high - 1]) / (points[high] - points[high - 1])
        out = out.when(value > points[high - 1]).then((value - points[high - 1]) * slope + INDEX[high - 1])
    return (out.otherwise(value * 0) - 1e-9).ceil()


def statistics(days, key):
    """One row a station or city."""
    days = days.with_columns(aqi=pl.max_horizontal(*[index(item) for item in ITEMS]), month=pl.col("day").dt.month())
    made = []
    for item, which in STATISTICS:
        value = pl.col(item).mean() if which == "mean" else pl.col(item).quantile(which / 100, "linear")
        made.append(value.alias(name(item, which)))
    made += [pl.col(item).count().alias(f"{item}_days") for item in ITEMS]
    made.append(pl.col("aqi").count().alias("valid_days"))
    made.append((pl.col("aqi") <= GOOD).sum().alias("good_days"))
    made.append((pl.col("aqi") > HEAVY).sum().alias("heavy_days"))
    months = days.group_by(key, "month").agg(pl.col(ITEMS).count())
    enough = pl.col(ITEMS) >= pl.when(pl.col("month") == 2).then(25).otherwise(27)
    every_month = months.group_by(key).agg(((enough.sum() == 12)).name.suffix("_complete"))
    complete = [(pl.col(f"{item}_complete") & (pl.col(f"{item}_days") >= 324)).alias(f"{item}_complete") for item in ITEMS]
    composite = sum(pl.col(column) / limit for column, limit in COMPOSITE.items())
    years = days.group_by(key).agg(made).join(every_month, on=key).with_columns(*complete, composite=composite)
    return years.rename({key: "id"})


def run(folder, variant, lake):
    hours = laid_out(folder, lake) if variant in ("long", "lake") else pl.scan_parquet(f"{folder}/wide.parquet")
    stations = pl.read_parquet(f"{folder}/stations.parquet", columns=["station", "code", "city"])
    days = day_values(hours, variant).collect()
    total = stations.group_by("city").agg(total=pl.len())
    share = pl.when(pl.col("total") < FEW).then(SHARE_OF_FEW).otherwise(SHARE)
    stations = stations.join(total.select("city", needed=pl.col("total") * share), on="city")
    days = days.join(stations, on="station")
    enough = pl.col(ITEMS).count() * 100 >= pl.col("needed").first()
    city_days = days.lazy().group_by("city", "day").agg(pl.when(enough).then(pl.col(ITEMS).mean()))
    results = pl.collect_all([statistics(days.lazy(), "code"), statistics(city_days, "city")])
    tables = [own.with_columns(kind=pl.lit(kind)).select(result_columns()) for kind, own in zip(["station", "city"], results)]
    return pl.concat(tables).sort("kind", "id")


def scan(folder, layout, lake):
    """The bare reading of every value: what no evaluation can be faster than."""
    if layout == "wide":
        return pl.scan_parquet(f"{folder}/wide.parquet").select(pl.col(ITEMS).sum()).collect()
    path = f"{folder}/long.parquet" if layout == "long" else f"{lake}/observations/span=hour/**/*.parquet"
    return pl.scan_parquet(path).select(pl.col("value").sum()).collect()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--out")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--variant", choices=["grid", "group", "long", "lake"], default="grid")
    parser.add_argument("--lake", help="folder of the lake, for `lake`")
    parser.add_argument("--scan", choices=["wide", "long", "lake"])
    asked = parser.parse_args()
    if "lake" in (asked.variant, asked.scan) and asked.lake is None:
        parser.error("--lake is needed")
    if asked.variant != "lake" and asked.scan != "lake":
        asked.lake = None
    for _ in range(asked.runs):
        clock = Clock()
        result = scan(asked.folder, asked.scan, asked.lake) if asked.scan else run(asked.folder, asked.variant, asked.lake)
        what = f"scan-{asked.scan}" if asked.scan else asked.variant
        print(clock.line(f"polars {pl.__version__}", what), flush=True)
    if asked.out:
        result.write_parquet(asked.out)


if __name__ == "__main__":
    main()
