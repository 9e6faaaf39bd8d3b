"""Writes `qc-series.json`: series of our own making with the QARTOD flags that ioos-qc 3.0.0 gives them.

    pip install ioos-qc==3.0.0 numpy==2.4.6 pandas==3.1.1
    python bench/oracle/qc.py            # writes the file beside this script
    python bench/oracle/qc.py --check    # recomputes it and says whether anything differs

The series are random with a fixed seed: values on a coarse grid so that many are equal or exactly at a limit, runs that
repeat, missing values alone and in runs, at both ends too, steps and spikes, even and uneven times, two times at one
moment, and lengths from 1. A test of crates/observe holds them against our own tests, point for point.
"""

import argparse
import importlib.metadata
import json
import pathlib
import sys
import warnings

import numpy as np
from ioos_qc import qartod

HERE = pathlib.Path(__file__).resolve().parent
FILE = HERE / "qc-series.json"
SERIES = 60
FIRST_MS = 1_701_216_000_000  # 2023-11-29T08:00+08:00: a month ends within the series


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="compare with the file instead of writing it")
    arguments.add_argument("--seed", type=int, default=20261125)
    arguments.add_argument("--series", type=int, default=SERIES)
    arguments.add_argument("--out", default=str(FILE))
    asked = arguments.parse_args()
    warnings.simplefilter("ignore")
    text = document(asked.seed, asked.series)
    if not asked.check:
        pathlib.Path(asked.out).write_text(text, encoding="utf-8")
        print(f"{asked.out}: {len(text)} bytes")
    elif FILE.read_text(encoding="utf-8") != text:
        sys.exit(f"{FILE.name} differs from what is computed now")
    else:
        print(f"{FILE.name}: as computed now")


def document(seed, series):
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ["ioos-qc", "numpy", "pandas"])
    random = np.random.default_rng(seed)
    lines = [json.dumps(case(random, number), separators=(",", ":"), allow_nan=False) for number in range(series)]
    head = json.dumps({"source": f"flags by {versions}; series by bench/oracle/qc.py, seed {seed}"})[1:-1]
    return "{" + head + ',"cases":[\n' + ",\n".join(lines) + "\n]}\n"


def case(random, number):
    values, times = series(random, number)
    step = float(random.choice([60, 300, 3600])) if number % 3 else 3600.0
    steps_ms = (times * step * 1000).astype("int64")
    stamps = (FIRST_MS + np.concatenate([[0], np.cumsum(steps_ms)])).astype("datetime64[ms]").astype("datetime64[ns]")
    tests = [said(test, values, stamps) for test in asked(random, step)]
    if np.isnan(values[:2]).any() or len(values) < 2:
        # Without two values to begin with, our gap test calls the first unknown.
        tests = [test for test in tests if test["test"] != "gap"]
    return {
        "first_ms": FIRST_MS,
        "steps_ms": int(steps_ms[0]) if len(set(steps_ms)) == 1 else [int(own) for own in steps_ms],
        "values": [None if np.isnan(value) else float(value) for value in values],
        "tests": tests,
    }


def series(random, number):
    """Values, and the times between them in steps."""
    n = int(random.integers(1, 6)) if number % 10 == 9 else int(random.integers(30, 220))
    grid = random.choice([0.1, 0.5, 1.0])
    walk = np.cumsum(random.normal(0, random.choice([0.2, 1, 4]), n)) + random.choice([0, 40])
    values = np.round(np.round(walk / grid) * grid, 6)
    for _ in range(n // 25):
        at, length = int(random.integers(0, n)), int(random.integers(2, 15))
        kind = random.integers(0, 5)
        if kind == 0:
            values[at : at + length] = values[at]
        elif kind == 1:
            values[at : at + length] = np.nan
        elif kind == 2:
            values[at] += random.choice([-1, 1]) * random.choice([5, 15, 40, 100])
        elif kind == 3:
            values[at:] += random.choice([-10, 10])
        else:
            values[at : at + length] = values[at] + random.choice([0, grid], min(length, n - at))
    values[random.random(n) < random.choice([0, 0.02, 0.1])] = np.nan
    if number % 7 == 0:
        values[0] = values[-1] = np.nan
    values = np.round(values, 6)
    times = np.ones(n - 1)
    if number % 4 == 1:
        times = random.choice([0.5, 1, 1, 1, 2, 7], n - 1)
    if number % 8 == 3:
        times[random.random(n - 1) < 0.05] = 0
    return values, times


def asked(random, step):
    """Tests with limits on the same grid as the values."""
    low, high = sorted(random.choice([-20, -5, 0, 10, 30, 60, 90], 2, replace=False))
    pick = lambda *options: float(random.choice(options))
    yield {"test": "range", "fail": [low - pick(0, 10), high + pick(0, 10)], "suspect": [float(low), float(high)]}
    for method in ["average", "differential"]:
        suspect = pick(0.5, 1, 2, 5)
        yield {"test": "spike", "method": method, "suspect": suspect, "fail": suspect * pick(1, 2, 4)}
    suspect = pick(0.1, 0.5, 1, 5) / step
    yield {"test": "rate", "suspect_per_s": suspect, "fail_per_s": suspect * pick(1, 2, 10)}
    steps = int(random.integers(2, 8))
    yield {
        "test": "flat-line",
        "suspect_s": int(steps * step + pick(0, 0.5) * step),
        "fail_s": int(steps * pick(1, 2, 3) * step),
        "tolerance": pick(0.05, 0.1, 0.5, 1, 1.1),
    }
    for by in ["std", "range"]:
        suspect = pick(0.2, 0.5, 1, 2)
        yield {
            "test": "attenuated",
            "by": by,
            "period_s": int(step * random.integers(3, 13)),
            "least": int(random.integers(1, 5)),
            "suspect": suspect,
            "fail": suspect * pick(0.25, 0.5, 1),
        }
        yield {"test": "attenuated-whole", "by": by, "suspect": suspect * 4, "fail": suspect * 2}
    yield {"test": "gap", "fail_s": 2 * int(step) if step >= 1800 else int(pick(1, 2) * 3600)}
    months = [{"month": month, "fail": [-50.0, 80.0], "suspect": [float(low), float(high)]} for month in (11, 12)]
    yield {"test": "climatology", "months": months}


def said(test, values, stamps):
    """The test with its flags."""
    kind = test["test"]
    if kind == "range":
        flags = qartod.gross_range_test(values, test["fail"], test["suspect"])
    elif kind == "spike":
        flags = qartod.spike_test(values, test["suspect"], test["fail"], method=test["method"])
    elif kind == "rate":
        flags = qartod.rate_of_change_test(values, stamps, test["suspect_per_s"], test["fail_per_s"])
    elif kind == "flat-line":
        flags = qartod.flat_line_test(values, stamps, test["suspect_s"], test["fail_s"], test["tolerance"])
    elif kind == "attenuated":
        limits = (test["suspect"], test["fail"], test["period_s"])
        flags = qartod.attenuated_signal_test(values, stamps, *limits, min_obs=test["least"], check_type=test["by"])
    elif kind == "attenuated-whole":
        flags = qartod.attenuated_signal_test(values, stamps, test["suspect"], test["fail"], check_type=test["by"])
    elif kind == "gap":
        # Here a missing value is a time that is not there.
        there = stamps[~np.isnan(values)]
        flags = np.full(len(values), 9)
        if len(there) > 1:
            flags[~np.isnan(values)] = qartod.time_gap_test(there, test["fail_s"] / 3600)
    else:
        # Our months are those of UTC+8; the peer knows no zone and is given the local time.
        config = qartod.ClimatologyConfig()
        for own in test["months"]:
            config.add(tspan=(own["month"], own["month"]), period="month", vspan=own["suspect"], fspan=own["fail"])
        local = stamps + np.timedelta64(8, "h")
        flags = qartod.climatology_test(config, values, local, np.zeros(len(values)))
        # With a period and no depth 3.0.0 calls a missing value good, against its own documentation: not followed.
        flags[np.isnan(values)] = 9
    return test | {"flags": "".join(str(int(flag)) for flag in np.ma.filled(flags, 9))}


if __name__ == "__main__":
    main()
