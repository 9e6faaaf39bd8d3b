"""Writes `cases-hj633-2012.csv` and `cases-hj633-2026.csv`: inputs and expected outputs of `evaluate`.

    python bench/oracle/cases.py            # writes the two files beside this script
    python bench/oracle/cases.py --check    # recomputes them and says whether anything differs

Columns: those of `jingce evaluate` – period and seven concentrations (µg/m³, CO mg/m³, empty = missing),
then iaqi_<item>, aqi, level (1 to 6) and primary (codes joined by `;`, in column order).
Sources of the expected values: `aqi_exact.py`, exact fractions from the tables of the two standards.
"""

import argparse
import csv
import io
import pathlib
import random
import sys
from fractions import Fraction

from aqi_exact import COLUMNS, ITEMS, breakpoints, evaluate

HERE = pathlib.Path(__file__).resolve().parent
STANDARDS = ["hj633-2012", "hj633-2026"]


def text(value):
    """A decimal with no superfluous zeros."""
    if value is None:
        return ""
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    whole, rest = divmod(int(value * 10**digits), 10**digits)
    return f"{whole}.{rest:0{digits}d}" if digits else str(whole)


def single_values(standard, item, period):
    """Every breakpoint, and what stands just beside it, in the steps the rules can tell apart."""
    step = Fraction(1, 10) if item == "co" else Fraction(1)
    values = set()
    for point in breakpoints(standard, item, period):
        for offset in [0, step, step / 2, step / 10, step / 100]:
            values |= {point + offset, point - offset}
        # halves around an even and an odd last digit: half to even goes both ways
        values |= {point + step + step / 2, point + 2 * step + step / 2}
    last = breakpoints(standard, item, period)[-1]
    values |= {Fraction(last + 1), Fraction(last) * 2, Fraction(last) * 10}
    if item == "co":
        values |= {Fraction(n, 10) for n in range(0, 61)}
        values |= {Fraction(n, 100) for n in (205, 215, 225, 395, 405, 415, 1395, 1405)}
    return sorted(value for value in values if value >= 0)


def rows(standard):
    """(period, {column: value}) in a fixed order."""
    random_source = random.Random(20120229 if standard.endswith("2012") else 20260301)
    low = {c: Fraction(1) for c in COLUMNS}
    for period in ["day", "hour"]:
        for item in ITEMS[(standard, period)]:
            for value in single_values(standard, item, period):
                yield period, low | {item: value}  # all present: the AQI is always published
        for item in ITEMS[(standard, period)]:  # one alone: 2026 publishes only above 100
            for point in breakpoints(standard, item, period)[1:]:
                for value in [Fraction(point), Fraction(point + 1)]:
                    yield period, {item: value}
        yield period, {}
        yield period, {c: Fraction(0) for c in COLUMNS}
        yield from ((period, case) for case in ties(standard, period))
        yield from ((period, case) for case in anywhere(standard, period, random_source))


def ties(standard, period):
    """Several items at the same breakpoint of the index."""
    items = ITEMS[(standard, period)]
    for step in range(1, 8):
        at = {i: Fraction(breakpoints(standard, i, period)[step]) for i in items if len(breakpoints(standard, i, period)) > step}
        yield at
        names = list(at)
        for first, second in zip(names, names[1:]):
            low = {c: Fraction(0) for c in items}
            yield low | {first: at[first], second: at[second]}


def anywhere(standard, period, source):
    """Random rows: decimals, gaps, and the whole range."""
    for _ in range(500):
        row = {}
        for item in COLUMNS:
            top = breakpoints(standard, item, period)[source.choice([2, 3, 3, 4, -1])] * Fraction(11, 10)
            digits = source.choice([0, 0, 1, 2]) + (1 if item == "co" else 0)
            value = Fraction(source.randint(0, int(top * 10**digits)), 10**digits)
            row[item] = None if source.random() < 0.06 else value
        yield row


def table(standard):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["period", *COLUMNS, *[f"iaqi_{c}" for c in COLUMNS], "aqi", "level", "primary"])
    seen = set()
    for period, values in rows(standard):
        key = (period, *(text(values.get(c)) for c in COLUMNS))
        if key in seen:
            continue
        seen.add(key)
        answer = evaluate(standard, period, values)
        indices = ["" if answer.iaqi[c] is None else answer.iaqi[c] for c in COLUMNS]
        end = ["" if answer.aqi is None else answer.aqi, answer.level or "", ";".join(answer.primary)]
        writer.writerow([*key, *indices, *end])
    return out.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    different = 0
    for standard in STANDARDS:
        path = HERE / f"cases-{standard}.csv"
        now = table(standard)
        if not check:
            path.write_text(now, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != now:
            different += 1
            print(f"{path.name} differs from what the script computes")
        print(f"{path.name}: {now.count(chr(10)) - 1} cases, {len(now) // 1000} kB")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
