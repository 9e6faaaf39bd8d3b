"""Annual statistics of a city by HJ 663-2013 from hourly stations, exactly (integers and fractions).

    python bench/oracle/annual.py beijing data/demo/beijing-2013-2017.parquet
    python bench/oracle/annual.py chengdu PATH/hourly.csv.gz

Writes `annual-<city>.json` (statistics by year, for both readings of the hour label) and, for the set that
is bundled, `days-<city>.csv` (every city day). `--check` compares instead of writing.

An independent second reading of the rules, written from the standards and not from the product's code:

* hour: a day has the hours 01:00 to 24:00, named by their end. A row labelled `h:00` is the hour that
  begins (`start`) or ends (`end`) then; both are computed, because neither source says which it is. The
  import mappings `uci-beijing` and `dmgenet-hourly` say `end`, with their reason, and so does days-<city>.csv.
* station day (GB 3095, table 4): mean of the hourly values, valid with 20 of 24.
* station MDA8 (HJ 663-2013, 6.1.2): largest of the 8 h means ending 08:00 to 24:00, each with 6 of 8 hours;
  valid with 14 of the 17, or with fewer when the largest exceeds 160 µg/m³ (grade 2).
* city day: mean of the stations that have a valid day value, where 75 % of the city's stations have one (50 %
  where it has fewer than four), rounded up to whole stations; `--min-station-percent` asks for another share.
* AQI of a city day: `aqi_exact.py` on the city's day values. HJ 633-2012 takes them unrounded and ignores
  missing items; HJ 633-2026 rounds them first and gives no AQI ≤ 100 when an item is missing.
* percentile (HJ 663-2013, annex A): k = 1 + (n−1)·p/100, linear between neighbours.
* composite index (ranking rule 2018): Σ Cᵢ/Sᵢ with Sᵢ 60, 40, 4 (p95), 160 (p90), 70, 35.
* complete year: 324 valid days and 27 in each month, 25 in February.
"""

import argparse
import calendar
import csv
import datetime
import io
import json
import pathlib
import sys
from collections import defaultdict
from fractions import Fraction

import numpy as np
import pandas as pd

from aqi_exact import evaluate, round_half_even

HERE = pathlib.Path(__file__).resolve().parent
GAP = np.iinfo(np.int64).min
ITEMS = ["so2", "no2", "co", "o3_8h", "pm10", "pm25"]
PARAMETER = {item: item.replace("_8h", "") for item in ITEMS}
ANNUAL = {  # HJ 663-2013: annual evaluation items
    "so2": ["mean", "p98"],
    "no2": ["mean", "p98"],
    "co": ["p95"],
    "o3_8h": ["p90"],
    "pm10": ["mean", "p95"],
    "pm25": ["mean", "p95"],
}
COMPOSITE = {"so2": ("mean", 60), "no2": ("mean", 40), "co": ("p95", 4), "o3_8h": ("p90", 160), "pm10": ("mean", 70), "pm25": ("mean", 35)}
SETS = {
    "beijing": {
        "source": "UCI machine learning repository, set 501 (CC BY 4.0), 12 national stations",
        "co_divisor": 1000,  # the set gives CO in µg/m³
        "days_file": True,
    },
    "chengdu": {
        "source": "8 national stations 2020-2021 from public hourly files (no licence stated; only these statistics are kept)",
        "co_divisor": 1,
        "days_file": False,
    },
}


def read(path):
    """Columns station, time (naive, as labelled) and the six parameters as the file has them."""
    if path.endswith(".parquet"):
        table = pd.read_parquet(path)
    else:
        table = pd.read_csv(path)
    if "datetime" in table:
        time = pd.to_datetime(table["datetime"])
    else:
        time = pd.to_datetime(table[["year", "month", "day", "hour"]])
    names = {"so2": "SO2", "no2": "NO2", "co": "CO", "o3": "O3", "pm10": "PM10", "pm25": "PM2.5"}
    station = table["station"] if "station" in table else table["station_code"]
    return pd.DataFrame({"station": station, "time": time} | {own: table[name] for own, name in names.items()})


def station_days(table, label, co_divisor):
    """{(station, parameter): (first day ordinal, int64 array days × 24 in millionths)}."""
    end = table["time"] + (pd.Timedelta(hours=1) if label == "start" else pd.Timedelta(0))
    # the hour that ends at 00:00 is the 24th of the day before
    slot = ((end - pd.Timestamp(1970, 1, 1)) // pd.Timedelta(hours=1) - 1).to_numpy()
    day, hour = slot // 24, slot % 24
    first, last = day.min(), day.max()
    out = {}
    for station, index in table.groupby("station").indices.items():
        for parameter in ["so2", "no2", "co", "o3", "pm10", "pm25"]:
            values = table[parameter].to_numpy(dtype=float)[index]
            scale = 1_000_000 / (co_divisor if parameter == "co" else 1)
            whole = np.full((last - first + 1, 24), GAP, dtype=np.int64)
            there = ~np.isnan(values)
            whole[day[index][there] - first, hour[index][there]] = np.rint(values[there] * scale).astype(np.int64)
            out[station, parameter] = whole
    return int(first), out


def day_mean(hours):
    present = [int(value) for value in hours if value != GAP]
    if len(present) < 20:
        return None
    return Fraction(sum(present), len(present) * 1_000_000)


def mda8(hours):
    means = []
    for end in range(8, 25):
        window = [int(value) for value in hours[end - 8 : end] if value != GAP]
        if len(window) >= 6:
            means.append(Fraction(sum(window), len(window) * 1_000_000))
    if not means:
        return None
    return max(means) if len(means) >= 14 or max(means) > 160 else None


def max_hour(hours):
    present = [int(value) for value in hours if value != GAP]
    return Fraction(max(present), 1_000_000) if len(present) >= 20 else None


def values_of_days(first, series, rule, parameter):
    """{station: {date: Fraction}} of the valid days."""
    out = {}
    for (station, own), hours in series.items():
        if own == parameter:
            days = ((datetime.date(1970, 1, 1) + datetime.timedelta(first + n), rule(row)) for n, row in enumerate(hours))
            out[station] = {date: value for date, value in days if value is not None}
    return out


def city_values(stations, min_percent):
    """{date: (mean over stations, number of stations)}."""
    by_date = defaultdict(list)
    for days in stations.values():
        for date, value in days.items():
            by_date[date].append(value)
    percent = min(min_percent, 50) if len(stations) < 4 else min_percent
    enough = {date: own for date, own in by_date.items() if len(own) * 100 >= percent * len(stations)}
    return {date: (sum(own) / len(own), len(own)) for date, own in enough.items()}


def percentile(ascending, p):
    k = 1 + Fraction((len(ascending) - 1) * p, 100)
    s = k.numerator // k.denominator
    low = ascending[s - 1]
    return low if s == len(ascending) else low + (ascending[s] - low) * (k - s)


def statistic(values, which):
    if not values:
        return None
    if which == "mean":
        return sum(values) / len(values)
    return percentile(sorted(values), int(which[1:]))


def shown(value, digits):
    """Exact fraction, what it is about, and rounded half to even at the digits of the rule and one more."""
    if value is None:
        return None
    return {
        "exact": f"{value.numerator}/{value.denominator}",
        "about": round(float(value), 9),
        "rounded": decimal(round_half_even(value, digits), digits),
        "rounded_one_more": decimal(round_half_even(value, digits + 1), digits + 1),
    }


def decimal(value, digits):
    if value is None:
        return ""
    whole, rest = divmod(int(value * 10**digits), 10**digits)
    return f"{whole}.{rest:0{digits}d}" if digits else str(whole)


def complete(year, dates):
    months = [sum(1 for date in dates if date.month == month) for month in range(1, 13)]
    needed = [25 if month == 2 else 27 for month in range(1, 13)]
    return {"days": len(dates), "months": months, "complete": len(dates) >= 324 and all(a >= b for a, b in zip(months, needed))}


def annual(year, by_item):
    """The statistics of one city or station; `by_item`: {item: {date: Fraction}}."""
    out = {}
    exact = {}
    for item, statistics in ANNUAL.items():
        own = {date: value for date, value in by_item[item].items() if date.year == year}
        out[item] = complete(year, list(own))
        for which in statistics:
            value = statistic(list(own.values()), which)
            exact[item, which] = value
            out[item][which] = shown(value, 1 if item == "co" else 0)
    parts = [(exact[item, which], limit, 1 if item == "co" else 0) for item, (which, limit) in COMPOSITE.items()]
    if all(value is not None for value, _, _ in parts):
        out["composite_index"] = shown(sum(value / limit for value, limit, _ in parts), 2)
        rounded = sum(round_half_even(value, digits) / limit for value, limit, digits in parts)
        out["composite_index_of_rounded_concentrations"] = shown(rounded, 2)
    return out


def brief(statistics):
    """`statistics` without the fractions and the months, on few lines: {item: "days complete stat=value …"}."""
    out = {}
    for item in ITEMS:
        own = statistics[item]
        parts = [f"{which}={own[which]['rounded_one_more'] if own[which] else ''}" for which in ANNUAL[item]]
        out[item] = " ".join([str(own["days"]), "complete" if own["complete"] else "incomplete", *parts])
    return out


def aqi_days(year, by_item, standard):
    """{date: Answer} of the days that have any value."""
    dates = sorted({date for item in by_item for date in by_item[item] if date.year == year})
    return {date: evaluate(standard, "day", {item: by_item[item].get(date) for item in by_item}) for date in dates}


def rounded_values(by_item):
    return {item: {d: round_half_even(v, 1 if item == "co" else 0) for d, v in days.items()} for item, days in by_item.items()}


def counts(answers):
    aqi = [answer.aqi for answer in answers.values() if answer.aqi is not None]
    good = sum(1 for value in aqi if value <= 100)
    levels = [sum(1 for answer in answers.values() if answer.level == level) for level in range(1, 7)]
    return {
        "valid_days": len(aqi),
        "good_days": good,
        "polluted_days": len(aqi) - good,
        "heavy_days": sum(1 for value in aqi if value > 200),
        "days_by_level": levels,
        "good_ratio_percent": decimal(round_half_even(Fraction(100 * good, len(aqi)), 1), 1) if aqi else None,
    }


def of_label(table, name, label, min_percent):
    first, series = station_days(table, label, SETS[name]["co_divisor"])
    stations = {i: values_of_days(first, series, mda8 if i == "o3_8h" else day_mean, PARAMETER[i]) for i in ITEMS}
    city = {item: city_values(stations[item], min_percent) for item in ITEMS}
    values = {item: {date: value for date, (value, _) in city[item].items()} for item in ITEMS}
    hourly_max = city_values(values_of_days(first, series, max_hour, "o3"), min_percent)
    with_o3_1h = values | {"o3_1h": {date: value for date, (value, _) in hourly_max.items()}}
    out = {}
    for year in sorted({date.year for item in values for date in values[item]}):
        out[str(year)] = annual(year, values) | {
            "days_hj633_2012": counts(aqi_days(year, values, "hj633-2012")),
            "days_hj633_2012_of_rounded_concentrations": counts(aqi_days(year, rounded_values(values), "hj633-2012")),
            "days_hj633_2012_with_o3_1h": counts(aqi_days(year, with_o3_1h, "hj633-2012")),
            "days_hj633_2026": counts(aqi_days(year, values, "hj633-2026")),
            "stations": {
                station: brief(annual(year, {item: stations[item][station] for item in ITEMS})) for station in sorted(stations["so2"])
            },
        }
    return out, city, values


def day_table(city, values):
    """Every city day: value of each item to 6 decimals with its number of stations, AQI by both standards."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    ends = [f"{what}_{year}" for year in ["2012", "2026"] for what in ["aqi", "primary"]]
    writer.writerow(["date", *ITEMS, "stations", *ends])
    for date in sorted({date for item in ITEMS for date in values[item]}):
        today = {item: values[item].get(date) for item in ITEMS}
        answers = [evaluate(standard, "day", today) for standard in ["hj633-2012", "hj633-2026"]]
        row = [decimal(value if value is None else round_half_even(value, 4), 4) for value in today.values()]
        row.append(";".join(str(city[item][date][1]) if date in city[item] else "0" for item in ITEMS))
        for answer in answers:
            row += ["" if answer.aqi is None else answer.aqi, ";".join(answer.primary)]
        writer.writerow([date.isoformat(), *row])
    return out.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("city", choices=sorted(SETS))
    parser.add_argument("file")
    parser.add_argument("--min-station-percent", type=int, default=75)
    parser.add_argument("--days-label", choices=["start", "end"], default="end", help="reading used for days-<city>.csv")
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    table = read(asked.file)
    result = {
        "source": SETS[asked.city]["source"],
        "conventions": [line.strip() for line in __doc__.split("code:\n")[1].strip().splitlines()],
        "min_station_percent": asked.min_station_percent,
        "hour_label": {},
    }
    files = {}
    for label in ["start", "end"]:
        years, city, values = of_label(table, asked.city, label, asked.min_station_percent)
        result["hour_label"][label] = years
        if label == asked.days_label and SETS[asked.city]["days_file"]:
            files[f"days-{asked.city}.csv"] = day_table(city, values)
    if not SETS[asked.city]["days_file"]:
        for years in result["hour_label"].values():
            for year in years.values():
                del year["stations"]
    files[f"annual-{asked.city}.json"] = json.dumps(result, ensure_ascii=False, indent=1) + "\n"
    different = 0
    for name, text in files.items():
        if not asked.check:
            (HERE / name).write_text(text, encoding="utf-8")
        elif (HERE / name).read_text(encoding="utf-8") != text:
            different += 1
            print(f"{name} differs from what the script computes")
        print(f"{name}: {len(text) // 1000} kB")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
