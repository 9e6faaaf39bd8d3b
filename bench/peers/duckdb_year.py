"""The nation's year in DuckDB: `python duckdb_year.py DIR [--out result.parquet] [--runs 1] [--variant pivot|window|long|lake] [--lake DIR]`.

Prints one JSON line a run: wall and processor seconds from opening the Parquet file to the finished table.

Four ways, because any might be thought the better SQL or the fairer comparison:
* `pivot`: the 24 hours of a day become columns, the 17 means are arithmetic on them;
* `window`: a running frame of eight rows over the hours of each station;
* `long`: as `pivot`, from one row a value, the shape that a store of observations has;
* `lake`: the same from the very files that our side reads.
"""

import argparse

import duckdb

from clock import Clock
from spec import BREAKPOINTS, COMPOSITE, EXCEED_O3, FEW, GOOD, HEAVY, INDEX, ITEMS, MEANS, SHARE, SHARE_OF_FEW, STATISTICS, name, result_columns


def means():
    return ", ".join(f"CASE WHEN count({i}) >= 20 THEN avg({i}) END AS {i}" for i in MEANS)


def day_values(folder, variant, lake):
    """SQL of the valid day values of every station."""
    hours = f"SELECT *, ((epoch_ms(time) // 3600000 - 1) // 24)::INTEGER AS day, ((epoch_ms(time) // 3600000 - 1) % 24 + 1)::UTINYINT AS hour FROM '{folder}/wide.parquet'"
    if variant == "window":
        running = "OVER (PARTITION BY station ORDER BY time ROWS BETWEEN 7 PRECEDING AND CURRENT ROW)"
        return f"""
            WITH hours AS ({hours}),
            running AS (SELECT *, CASE WHEN hour >= 8 AND count(o3) {running} >= 6 THEN avg(o3) {running} END AS o3_8h FROM hours)
            SELECT station, day, {means()},
                   CASE WHEN count(o3_8h) >= 14 OR max(o3_8h) > {EXCEED_O3} THEN max(o3_8h) END AS o3
            FROM running GROUP BY station, day"""
    pivot = ", ".join(f"max(CASE WHEN hour = {hour} THEN o3 END) AS h{hour}" for hour in range(1, 25))
    if variant in ("long", "lake"):
        return long_day_values(source(folder, lake), pivot.replace("o3", "value"))
    return f"""
        WITH hours AS ({hours}),
        days AS (SELECT station, day, {means()}, {pivot} FROM hours GROUP BY station, day),
        {largest_of_days()}
        SELECT station, day, {", ".join(MEANS)}, {VALID_O3} FROM best"""


VALID_O3 = f"CASE WHEN windows >= 14 OR largest > {EXCEED_O3} THEN largest END AS o3"


def largest_of_days():
    """Two CTEs: columns h1 … h24 of `days` → the 17 means w8 … w24 → the largest and their number."""
    windows = []
    for end in range(8, 25):
        inside = range(end - 7, end + 1)
        count = " + ".join(f"(h{hour} IS NOT NULL)::TINYINT" for hour in inside)
        total = " + ".join(f"coalesce(h{hour}, 0)" for hour in inside)
        windows.append(f"CASE WHEN {count} >= 6 THEN ({total}) / ({count}) END AS w{end}")
    hours = ", ".join(f"h{hour}" for hour in range(1, 25))
    every = ", ".join(f"w{end}" for end in range(8, 25))
    there = " + ".join(f"(w{end} IS NOT NULL)::INTEGER" for end in range(8, 25))
    return f"""running AS (SELECT * EXCLUDE ({hours}), {", ".join(windows)} FROM days),
        best AS (SELECT *, greatest({every}) AS largest, {there} AS windows FROM running)"""


UTC_OFFSET_MS = 8 * 3_600_000


def source(folder, lake):
    """SQL of one row a value: station and parameter (number, position in ITEMS), ended (ms, local), value."""
    if lake is None:
        return f"SELECT station, parameter, epoch_ms(time) AS ended, value FROM '{folder}/long.parquet'"
    parameter = "CASE parameter::VARCHAR " + " ".join(f"WHEN '{item}' THEN {n}" for n, item in enumerate(ITEMS)) + " END"
    files = f"read_parquet('{lake}/observations/span=hour/**/*.parquet', hive_partitioning = false)"
    return f"""
        SELECT s.station, {parameter} AS parameter, epoch_ms(o.time) + {UTC_OFFSET_MS} AS ended, o.value::DOUBLE AS value
        FROM {files} o JOIN '{folder}/stations.parquet' s ON s.code = o.station"""


def long_day_values(rows, pivot):
    """As `day_values`, from one row a value."""
    hour = "ended // 3600000 - 1"
    hours = f"SELECT station, parameter, value, (({hour}) // 24)::INTEGER AS day, (({hour}) % 24 + 1)::UTINYINT AS hour FROM ({rows})"
    columns = ", ".join(f"max(CASE WHEN parameter = {ITEMS.index(i)} THEN value END) AS {i}" for i in MEANS)
    return f"""
        WITH hours AS ({hours}),
        item_days AS (SELECT station, day, parameter, CASE WHEN count(*) >= 20 THEN avg(value) END AS value
                      FROM hours WHERE parameter <> {ITEMS.index("o3")} GROUP BY station, day, parameter),
        wide AS (SELECT station, day, {columns} FROM item_days GROUP BY station, day),
        days AS (SELECT station, day, {pivot} FROM hours WHERE parameter = {ITEMS.index("o3")} GROUP BY station, day),
        {largest_of_days()}
        SELECT station, day, {", ".join(MEANS)}, {VALID_O3} FROM wide FULL JOIN best USING (station, day)"""


def index(item):
    points = BREAKPOINTS[item]
    out = f"CASE WHEN {item} IS NULL THEN NULL WHEN {item} > {points[-1]} THEN {INDEX[-1] if len(points) == len(INDEX) else 'NULL'}"
    for high in range(len(points) - 1, 0, -1):
        slope = (INDEX[high] - INDEX[high - 1]) / (points[high] - points[high - 1])
        out += f" WHEN {item} > {points[high - 1]} THEN ceil(({item} - {points[high - 1]}) * {slope!r}::DOUBLE + {INDEX[high - 1]} - 1e-9)"
    return out + " ELSE 0 END"


def statistics(table, key, kind):
    """SQL of one row a station or city."""
    made = []
    for item, which in STATISTICS:
        value = f"avg({item})" if which == "mean" else f"quantile_cont({item}, {which / 100})"
        made.append(f"{value} AS {name(item, which)}")
    made += [f"count({item}) AS {item}_days" for item in ITEMS]
    made += ["count(aqi) AS valid_days", f"count(*) FILTER (aqi <= {GOOD}) AS good_days", f"count(*) FILTER (aqi > {HEAVY}) AS heavy_days"]
    needed = "CASE WHEN month = 2 THEN 25 ELSE 27 END"
    months = ", ".join(f"count({item}) AS {item}" for item in ITEMS)
    complete = ", ".join(f"count(*) FILTER ({item} >= {needed}) = 12 AS {item}_every" for item in ITEMS)
    composite = " + ".join(f"{column} / {limit}" for column, limit in COMPOSITE.items())
    finished = ", ".join(f"({item}_every AND {item}_days >= 324) AS {item}_complete" for item in ITEMS)
    return f"""
        SELECT {", ".join(result_columns())} FROM (
            SELECT '{kind}' AS kind, y.{key} AS id, y.*, {finished}, {composite} AS composite
            FROM (SELECT {key}, {", ".join(made)} FROM (SELECT *, greatest({", ".join(index(i) for i in ITEMS)}) AS aqi FROM {table}) GROUP BY {key}) y
            JOIN (SELECT {key}, {complete} FROM (SELECT {key}, month, {months} FROM {table} GROUP BY {key}, month) GROUP BY {key}) c USING ({key}))"""


def run(folder, variant, lake):
    db = duckdb.connect()
    month = "month(make_date(day)) AS month"
    db.execute(f"CREATE TEMP TABLE days AS SELECT d.*, {month}, s.code, s.city FROM ({day_values(folder, variant, lake)}) d JOIN '{folder}/stations.parquet' s USING (station)")
    db.execute(f"CREATE TEMP TABLE cities AS SELECT city, count(*) * CASE WHEN count(*) < {FEW} THEN {SHARE_OF_FEW} ELSE {SHARE} END AS needed FROM '{folder}/stations.parquet' GROUP BY city")
    cities = ", ".join(f"CASE WHEN count({item}) * 100 >= any_value(needed) THEN avg({item}) END AS {item}" for item in ITEMS)
    db.execute(f"CREATE TEMP TABLE city_days AS SELECT city, day, any_value(month) AS month, {cities} FROM days JOIN cities USING (city) GROUP BY city, day")
    both = f"{statistics('days', 'code', 'station')} UNION ALL {statistics('city_days', 'city', 'city')}"
    return db.sql(f"SELECT * FROM ({both}) ORDER BY kind, id").to_arrow_table()


def scan(folder, layout, lake):
    """The bare reading of every value: what no evaluation can be faster than."""
    what = ", ".join(f"sum({item})" for item in ITEMS) if layout == "wide" else "sum(value)"
    path = f"{lake}/observations/span=hour/**/*.parquet" if layout == "lake" else f"{folder}/{layout}.parquet"
    return duckdb.connect().execute(f"SELECT {what} FROM '{path}'").fetchall()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--out")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--variant", choices=["pivot", "window", "long", "lake"], default="pivot")
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
        print(clock.line(f"duckdb {duckdb.__version__}", what), flush=True)
    if asked.out:
        import pyarrow.parquet as pq

        pq.write_table(result, asked.out)


if __name__ == "__main__":
    main()
