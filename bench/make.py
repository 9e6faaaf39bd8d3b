"""Makes the inputs of the benchmarks: a nation's year of hours, big CSV files, bad files.

    python bench/make.py nation OUT_DIR [--stations 1500] [--cities 340] [--year 2020] [--seed 1]
    python bench/make.py aqi OUT_DIR [--rows 4e6] [--seed 1]
    python bench/make.py site OUT_FILE [--seed 1]
    python bench/make.py qc OUT_FILE [--rows 4e6] [--seed 1]
    python bench/make.py csv OUT_FILE --values 10e6 [--form wide|long] [--seed 1]
    python bench/make.py bad OUT_DIR

Everything is made up, and the same for the same seed. `nation` writes

* `wide.parquet`     station (UInt16), time (timestamp[ms], local, end of the hour), so2 no2 co o3 pm10 pm25
                     (double, null = missing); every hour of every station, sorted by station and time;
* `long.parquet`     station, parameter (UInt8 in the order above), time, value; only what is there, same order;
* `stations.parquet` station, code, city, name; the same as `stations.csv`, and `parameters.csv`.

`wide` suits the peers best, `long` is the same in the shape in which the lake keeps it.
The forms of `csv` are those of the import mappings jingce-wide-hourly and jingce-long.
`aqi` writes `<item>.i64`, hourly concentrations in millionths with gaps; `site` eight years of one site;
`qc` one long hourly series in millionths with everything that quality control looks for.
"""

import argparse
import datetime
import pathlib

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

PARAMETERS = ["so2", "no2", "co", "o3", "pm10", "pm25"]
#             base, season (winter +), morning and evening peak, afternoon, spread of weather, digits
SHAPE = {
    "so2": (9.0, 0.30, 0.10, 0.20, 0.45, 0),
    "no2": (28.0, 0.30, 0.35, -0.35, 0.40, 0),
    "co": (0.70, 0.25, 0.15, -0.10, 0.35, 1),
    "o3": (62.0, -0.45, -0.30, 0.75, 0.40, 0),
    "pm10": (58.0, 0.35, 0.10, -0.10, 0.60, 0),
    "pm25": (33.0, 0.45, 0.08, -0.10, 0.60, 0),
}
BATCH = 50  # stations generated and written at a time


def hours_of(year):
    first = datetime.datetime(year, 1, 1)
    count = int((datetime.datetime(year + 1, 1, 1) - first).total_seconds() // 3600)
    return np.datetime64(first, "ms") + (np.arange(count) + 1).astype("timedelta64[h]").astype("timedelta64[ms]")


def autocorrelated(source, rows, hours, memory_hours):
    """Unit-variance noise with a memory, one row a place."""
    keep = np.exp(-1 / memory_hours)
    noise = source.standard_normal((hours, rows)) * np.sqrt(1 - keep * keep)
    out = np.empty((hours, rows), dtype=np.float32)
    state = source.standard_normal(rows)
    for hour in range(hours):
        state = keep * state + noise[hour]
        out[hour] = state
    return out.T


def cities_of(source, stations, cities):
    """City number of each station: at least one station a city, the others where chance puts them."""
    cities = min(cities, stations)
    weights = source.gamma(1.5, size=cities)
    rest = source.choice(cities, size=stations - cities, p=weights / weights.sum())
    return np.sort(np.concatenate([np.arange(cities), rest]))


class Nation:
    """Deterministic hourly values of any number of stations."""

    def __init__(self, stations, cities, year, seed):
        self.seed = seed
        self.time = hours_of(year)
        source = np.random.default_rng([seed, 0])
        self.city = cities_of(source, stations, cities)
        count = int(self.city.max()) + 1
        self.level = source.lognormal(0, 0.30, (count, len(PARAMETERS)))
        self.stagnation = autocorrelated(source, count, len(self.time), 36)
        self.sun = autocorrelated(source, count, len(self.time), 48)
        day = (self.time.astype("datetime64[h]").astype(int) - 1) // 24
        self.hour = (self.time.astype("datetime64[h]").astype(int) - 1) % 24 + 1
        self.season = np.cos(2 * np.pi * ((day - day[0]) - 10) / 365.25)
        self.rush = np.exp(-((self.hour - 8.5) ** 2) / 6) + np.exp(-((self.hour - 20) ** 2) / 10) - 0.4
        self.noon = np.exp(-((self.hour - 15.5) ** 2) / 18) - 0.35

    def station(self, station):
        """(6, hours) float64 with NaN for gaps."""
        source = np.random.default_rng([self.seed, 1, station])
        city = self.city[station]
        hours = len(self.time)
        out = np.empty((len(PARAMETERS), hours))
        for row, name in enumerate(PARAMETERS):
            base, season, rush, noon, spread, digits = SHAPE[name]
            weather = (self.sun if name == "o3" else self.stagnation)[city] * spread
            own = source.lognormal(0, 0.10) * self.level[city, row] * base
            value = own * (1 + season * self.season) * np.maximum(1 + rush * self.rush + noon * self.noon, 0.05)
            value = value * np.exp(weather - spread * spread / 2 + 0.12 * source.standard_normal(hours))
            out[row] = np.maximum(np.round(value, digits), 10.0**-digits)
        self.gaps(source, out)
        return out

    def gaps(self, source, values):
        """Outages of a station and of an instrument, calibrations of the gases, lost single hours: about 4 %."""
        hours = values.shape[1]
        for rows, often, mean_hours in [(slice(None), 9, 14)] + [(row, 6, 18) for row in range(len(PARAMETERS))]:
            for start in source.integers(0, hours, source.poisson(often)):
                values[rows, start : start + source.geometric(1 / mean_hours)] = np.nan
        if source.random() < 0.03:  # some stations start late
            values[:, : source.integers(200, hours // 2)] = np.nan
        calibrated = np.flatnonzero((self.hour == source.integers(1, 6)) & (source.random(hours) < 0.25))
        values[:4, calibrated] = np.nan
        values[source.random(values.shape) < 0.006] = np.nan


def nation(asked):
    out = pathlib.Path(asked.out)
    out.mkdir(parents=True, exist_ok=True)
    made = Nation(asked.stations, asked.cities, asked.year, asked.seed)
    hours = len(made.time)
    wide_schema = pa.schema([("station", pa.uint16()), ("time", pa.timestamp("ms")), *[(p, pa.float64()) for p in PARAMETERS]])
    long_schema = pa.schema([("station", pa.uint16()), ("parameter", pa.uint8()), ("time", pa.timestamp("ms")), ("value", pa.float64())])
    options = {"compression": "zstd", "compression_level": 3}
    count = 0
    with pq.ParquetWriter(out / "wide.parquet", wide_schema, **options) as wide, pq.ParquetWriter(out / "long.parquet", long_schema, **options) as long:
        for first in range(0, asked.stations, BATCH):
            stations = range(first, min(first + BATCH, asked.stations))
            values = [made.station(station) for station in stations]
            columns = [np.repeat(np.array(stations, dtype=np.uint16), hours), np.tile(made.time, len(stations))]
            for row in range(len(PARAMETERS)):
                column = np.concatenate([own[row] for own in values])
                columns.append(pa.array(column, mask=np.isnan(column)))
            wide.write_table(pa.table(columns, schema=wide_schema), row_group_size=len(stations) * hours)
            all_values = np.stack(values)
            station, parameter, hour = np.nonzero(~np.isnan(all_values))
            count += len(hour)
            table = [(station + first).astype(np.uint16), parameter.astype(np.uint8), made.time[hour], all_values[station, parameter, hour]]
            long.write_table(pa.table(table, schema=long_schema), row_group_size=1 << 20)
    names = [f"{1001 + station}A" for station in range(asked.stations)]
    cities = [f"{110000 + 100 * city}" for city in made.city]
    table = {"station": pa.array(range(asked.stations), pa.uint16()), "code": names, "city": cities, "name": [f"{c}/{n}" for c, n in zip(cities, names)]}
    pq.write_table(pa.table(table), out / "stations.parquet")
    pa.csv.write_csv(pa.table(table), out / "stations.csv", write_options=pa.csv.WriteOptions(quoting_style="none"))
    (out / "parameters.csv").write_text("\n".join(["code", *PARAMETERS]) + "\n")
    print(f"{asked.stations} stations, {len(set(cities))} cities, {hours} hours, {count} values ({100 * count / (asked.stations * hours * 6):.1f} %)")


def aqi(asked):
    """Hourly concentrations of six pollutants as a station reports them: whole µg/m³, CO to 0.1 mg/m³, 4 % gaps."""
    out = pathlib.Path(asked.out)
    out.mkdir(parents=True, exist_ok=True)
    source = np.random.default_rng([asked.seed, 2])
    rows = int(asked.rows)
    level = source.lognormal(0, 0.6, rows)
    for name in PARAMETERS:
        base, _, _, _, spread, digits = SHAPE[name]
        own = base * 1.5 * level * source.lognormal(0, spread, rows)
        value = np.rint(own * 10**digits).astype(np.int64) * 10 ** (6 - digits)
        value[source.random(rows) < 0.04] = np.iinfo(np.int64).min
        value.tofile(out / f"{'o3_1h' if name == 'o3' else name}.i64")
    print(f"{rows} station-hours in {out}")


def site(asked):
    """Eight years of one site, the size of openair's `mydata`, for where that file is not at hand."""
    made = [Nation(1, 1, year, asked.seed) for year in range(1998, 2006)]
    with open(asked.out, "w", encoding="utf-8", newline="") as file:
        file.write("date," + ",".join(PARAMETERS) + "\n")
        for year in made:
            values = year.station(0)
            begins = np.datetime_as_string(year.time - np.timedelta64(1, "h"), unit="s")
            for hour, text in enumerate(np.char.replace(begins, "T", " ")):
                cells = ["" if np.isnan(own) else f"{own:g}" for own in values[:, hour]]
                file.write(f"{text},{','.join(cells)}\n")
    print(f"eight years in {asked.out}")


def qc(asked):
    """Hours of one series to 0.1: a daily swing, weather, 4 % gaps, spikes, and readings that stand still."""
    source = np.random.default_rng([asked.seed, 3])
    rows = int(asked.rows)
    day = np.sin(np.arange(rows) * (2 * np.pi / 24))
    block = 8784
    weather = autocorrelated(source, -(-rows // block), block, 36).reshape(-1)[:rows]
    value = np.maximum(40 * np.exp(0.5 * weather) + 8 * day + 1.5 * source.standard_normal(rows), 0.1)
    spikes = source.random(rows) < 0.002
    value[spikes] += source.lognormal(4, 1, int(spikes.sum()))
    tenths = np.rint(value * 10).astype(np.int64)
    for start in source.integers(0, rows, rows // 2000):
        tenths[start : start + source.integers(3, 24)] = tenths[start]
    millionths = tenths * 100_000
    for start in source.integers(0, rows, rows // 500):
        millionths[start : start + source.geometric(1 / 18)] = np.iinfo(np.int64).min
    millionths.tofile(asked.out)
    print(f"{rows} hours in {asked.out}")


def big_csv(asked):
    """Streams: memory does not grow with the size."""
    per_station = 8784 * len(PARAMETERS)
    stations = max(1, round(asked.values / per_station))
    made = Nation(stations, max(1, stations // 4), 2020, asked.seed)
    count = 0
    header = ["station", "time", *PARAMETERS] if asked.form == "wide" else ["station", "parameter", "time", "value", "unit"]
    text_time = np.char.replace(np.datetime_as_string(made.time, unit="m"), "T", " ")
    options = pa.csv.WriteOptions(include_header=False, quoting_style="none")
    with open(asked.out, "wb") as file:
        file.write((",".join(header) + "\n").encode())
        for station in range(stations):
            values = made.station(station)
            code = f"{1001 + station}A"
            count += int((~np.isnan(values)).sum())
            if asked.form == "wide":
                columns = [pa.array([code] * len(text_time)), pa.array(text_time)]
                columns += [decimals(values[row], SHAPE[p][5]) for row, p in enumerate(PARAMETERS)]
            else:
                parts = [(p, ~np.isnan(values[row]), row) for row, p in enumerate(PARAMETERS)]
                columns = [
                    pa.array([code] * sum(int(there.sum()) for _, there, _ in parts)),
                    pa.concat_arrays([pa.array([p] * int(there.sum())) for p, there, _ in parts]),
                    pa.array(np.concatenate([text_time[there] for _, there, _ in parts])),
                    pa.concat_arrays([decimals(values[row][there], SHAPE[p][5]).cast(pa.string()) for p, there, row in parts]),
                    pa.concat_arrays([pa.array(["mg/m³" if p == "co" else "µg/m³"] * int(there.sum())) for p, there, _ in parts]),
                ]
            pa.csv.write_csv(pa.table(columns, names=header), file, write_options=options)
    size = pathlib.Path(asked.out).stat().st_size
    print(f"{asked.out}: {count} values, {size / 1e6:.0f} MB, {stations} stations")


def decimals(values, digits):
    missing = np.isnan(values)
    whole = np.where(missing, 0, np.round(np.nan_to_num(values) * 10**digits)).astype(np.int64)
    if digits == 0:
        return pa.array(whole, mask=missing)
    return pa.array(whole / 10**digits, mask=missing)


HEAD = "station,time,so2,no2,co,o3,pm10,pm25\n"
GOOD = "1001A,2020-01-01 01:00,8,30,0.7,41,60,35\n"


def bad(asked):
    """One file a fault; each says in `expected.csv` what a reader must be told."""
    out = pathlib.Path(asked.out)
    out.mkdir(parents=True, exist_ok=True)
    small = {
        "empty.csv": (b"", "empty file"),
        "header-only.csv": (HEAD.encode(), "no rows"),
        "semicolons.csv": ((HEAD + GOOD).replace(",", ";").encode(), "semicolons: read, or the delimiter named"),
        "gbk.csv": (("站点,时间,二氧化硫,备注\n1001A,2020-01-01 01:00,8,正常\n").encode("gbk"), "GBK text: read, or its encoding named"),
        "february-31.csv": ((HEAD + GOOD + GOOD.replace("2020-01-01", "2020-02-31")).encode(), "row 3, column time: no such day"),
        "hour-25.csv": ((HEAD + GOOD.replace("01:00", "25:00")).encode(), "row 2, column time: no such hour"),
        "1e9.csv": ((HEAD + GOOD.replace(",8,", ",1e9,")).encode(), "row 2, column so2: above what is possible"),
        "negative.csv": ((HEAD + GOOD.replace(",8,", ",-8,")).encode(), "row 2, column so2: negative"),
        "text-in-number.csv": ((HEAD + GOOD.replace(",8,", ",8mg,") + GOOD.replace(",41,", ",O3,")).encode(), "rows 2 and 3: not a number"),
        "no-such-column.csv": ((HEAD.replace("pm25", "dust") + GOOD).encode(), "column pm25 missing, column dust unknown"),
        "short-row.csv": ((HEAD + "1001A,2020-01-01 01:00,8\n" + GOOD).encode(), "row 2: too few cells"),
        "long-row.csv": ((HEAD + GOOD.strip() + ",99,98\n").encode(), "row 2: too many cells"),
        "twice.csv": ((HEAD + GOOD + GOOD.replace(",8,", ",9,")).encode(), "row 3: the hour stands twice with different values"),
        "nul-and-bom.csv": (b"\xef\xbb\xbf" + HEAD.encode() + b"1001A\x00,2020-01-01 01:00,8,30,0.7,41,60,35\n", "a NUL in a cell: named, nothing taken for text"),
        "invalid-utf8.csv": (HEAD.encode() + b"1001A,2020-01-01 01:00,\xff\xfe,30,0.7,41,60,35\n", "row 2, column so2: not text"),
        "open-quote.csv": ((HEAD + '"1001A,2020-01-01 01:00,8,30,0.7,41,60,35\n').encode(), "a quote that is never closed"),
        "not-a-table.parquet": (b"PAR1" + bytes(64), "broken Parquet"),
        "not-a-book.xlsx": (b"PK\x03\x04" + bytes(64), "broken XLSX"),
        "cut.csv.gz": (bytes.fromhex("1f8b08000000000000ff4b4c4a"), "broken gzip"),
    }
    expected = ["file,expected"]
    for name, (content, what) in small.items():
        (out / name).write_bytes(content)
        expected.append(f'{name},"{what}"')
    with open(out / "two-million-rows.csv", "w", encoding="utf-8", newline="") as file:
        file.write(HEAD)
        times = np.char.replace(np.datetime_as_string(hours_of(2020), unit="m"), "T", " ")
        row = 1
        for station in range(2_000_000 // len(times) + 1):
            for time in times:
                row += 1
                if row > 2_000_001:
                    break
                so2 = "x" if row % 100_000 == 0 else "8"  # twenty dirty cells
                file.write(f"{1001 + station}A,{time},{so2},30,0.7,41,60,35\n")
    expected.append('two-million-rows.csv,"20 dirty cells in column so2, rows 100000, 200000 … 2000000; all else imported"')
    (out / "expected.csv").write_text("\n".join(expected) + "\n", encoding="utf-8")
    print(f"{len(small) + 1} files in {out}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    kinds = parser.add_subparsers(required=True)
    one = kinds.add_parser("nation")
    one.add_argument("out")
    one.add_argument("--stations", type=int, default=1500)
    one.add_argument("--cities", type=int, default=340)
    one.add_argument("--year", type=int, default=2020)
    one.set_defaults(make=nation)
    two = kinds.add_parser("csv")
    two.add_argument("out")
    two.add_argument("--values", type=float, default=10e6)
    two.add_argument("--form", choices=["wide", "long"], default="wide")
    two.set_defaults(make=big_csv)
    three = kinds.add_parser("bad")
    three.add_argument("out")
    three.set_defaults(make=bad)
    four = kinds.add_parser("aqi")
    four.add_argument("out")
    four.add_argument("--rows", type=float, default=4e6)
    four.set_defaults(make=aqi)
    five = kinds.add_parser("site")
    five.add_argument("out")
    five.set_defaults(make=site)
    six = kinds.add_parser("qc")
    six.add_argument("out")
    six.add_argument("--rows", type=float, default=4e6)
    six.set_defaults(make=qc)
    for kind in (one, two, three, four, five, six):
        kind.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    asked.make(asked)


if __name__ == "__main__":
    main()
