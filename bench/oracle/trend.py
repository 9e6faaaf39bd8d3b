"""Writes `trend-cases.json`: series of our own making with what pymannkendall 1.4.3 and scipy 1.17.1 say of them.

    pip install pymannkendall==1.4.3 scipy==1.17.1 numpy==2.4.6
    python bench/oracle/trend.py            # writes the file beside this script
    python bench/oracle/trend.py --check    # recomputes it and says whether anything differs
    python bench/oracle/trend.py --against target/debug/examples/trend_family --series 1000 [--seed 7]
    python bench/oracle/trend.py --against … --file cases.json   # {"cases": {name: {"series", "expected"}}}

The series are random with a fixed seed: with and without trend, season, dependence on the value before, values on a
coarse grid so that many are equal, values cut off below, gaps alone and in runs and at both ends, lengths from 3.
A test of crates/models holds the file against our own functions; `--against` asks the example program of that crate
(`cargo build -p models --example trend_family`) about as many random series as wanted, without a file.

Where the package gives a NaN or raises, nothing is expected but that we refuse, too. Where the answer of the package
hangs on the last bit (a tie of whitened values that another order of adding breaks), the case is counted apart.
"""

import argparse
import importlib.metadata
import json
import math
import pathlib
import subprocess
import sys
import time
import warnings

import numpy as np
import pymannkendall as mk
from scipy.stats import theilslopes

HERE = pathlib.Path(__file__).resolve().parent
FILE = HERE / "trend-cases.json"
SERIES = 60
LENGTHS = [3, 4, 5, 7, 8, 10, 12, 15, 20, 24, 30, 36, 40, 60, 84, 120]
FIELDS = ["trend", "h", "p", "z", "Tau", "s", "var_s", "slope", "intercept"]
SIGN = {"increasing": 1, "decreasing": -1, "no trend": 0}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="compare with the file instead of writing it")
    arguments.add_argument("--against", help="the example program trend_family")
    arguments.add_argument("--file", help="compare the expected values of this file")
    arguments.add_argument("--time", type=int, help="seconds of both sides, the best of so many rounds")
    arguments.add_argument("--seed", type=int, default=20261125)
    arguments.add_argument("--series", type=int, default=SERIES)
    asked = arguments.parse_args()
    warnings.simplefilter("ignore")
    if asked.time:
        sys.exit(clock(asked))
    if asked.against:
        sys.exit(against(asked))
    text = document(asked.seed, asked.series)
    if not asked.check:
        FILE.write_text(text, encoding="utf-8")
        print(f"{FILE}: {len(text)} bytes")
    elif FILE.read_text(encoding="utf-8") != text:
        sys.exit(f"{FILE.name} differs from what is computed now")
    else:
        print(f"{FILE.name}: as computed now")


def document(seed, count):
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ["pymannkendall", "scipy", "numpy"])
    head = json.dumps({"source": f"{versions}; series by bench/oracle/trend.py, seed {seed}"})[1:-1]
    random = np.random.default_rng(seed)
    lines = []
    for number in range(count):
        case = series(random, number)
        expected = answers(case)
        case["expected"] = {name: said for name, said in expected.items() if name not in shaky(case)}
        lines.append(json.dumps(case, separators=(",", ":"), allow_nan=False))
    return "{" + head + ',"cases":[\n' + ",\n".join(lines) + "\n]}\n"


def series(random, number):
    """One made-up series with the period and lag that it is asked with."""
    n = int(random.choice(LENGTHS)) if number % 4 else int(random.integers(3, 150))
    noise = random.normal(0, 1, n)
    for i in range(1, n):
        noise[i] += random.choice([0, 0.3, 0.7]) * noise[i - 1] if number % 3 else 0
    period = int(random.choice([2, 4, 12]))
    steps = np.arange(n)
    values = 10 + noise + random.choice([0, 0, 0.02, -0.05, 0.3]) * steps
    values += random.choice([0, 2]) * np.sin(2 * np.pi * steps / period)
    grid = random.choice([0.01, 0.1, 0.5, 1, 2])
    values = np.round(values / grid) * grid
    if number % 7 == 0:
        values = np.maximum(values, np.median(values))
    values = [round(float(value), 6) for value in values]
    for i in range(n):
        if number % 2 and random.random() < random.choice([0.02, 0.2]):
            values[i] = None
    if number % 10 == 3:
        start = int(random.integers(0, n))
        values[start:start + 5] = [None] * len(values[start:start + 5])
    return {"series": values, "period": period, "lag": int(random.choice([1, 2, 3]))}


def answers(case):
    """What the package says, by name; None where it says NaN or raises."""
    x = np.array([math.nan if value is None else value for value in case["series"]])
    table = x[: len(x) // 3 * 3].reshape(-1, 3)
    period, lag = case["period"], case["lag"]
    asked = {
        "original_test": lambda: mk.original_test(x),
        "hamed_rao_modification_test": lambda: mk.hamed_rao_modification_test(x),
        "hamed_rao_modification_test/lag": lambda: mk.hamed_rao_modification_test(x, lag=lag),
        "yue_wang_modification_test": lambda: mk.yue_wang_modification_test(x),
        "yue_wang_modification_test/lag": lambda: mk.yue_wang_modification_test(x, lag=lag),
        "pre_whitening_modification_test": lambda: mk.pre_whitening_modification_test(x),
        "trend_free_pre_whitening_modification_test": lambda: mk.trend_free_pre_whitening_modification_test(x),
        "seasonal_test": lambda: mk.seasonal_test(x, period=period),
        "correlated_seasonal_test": lambda: mk.correlated_seasonal_test(x, period=period),
        "multivariate_test": lambda: mk.multivariate_test(table),
        "regional_test": lambda: mk.regional_test(table),
        "correlated_multivariate_test": lambda: mk.correlated_multivariate_test(table),
        "partial_test": lambda: mk.partial_test(table[:, :2]),
        "sens_slope": lambda: mk.sens_slope(x),
        "seasonal_sens_slope": lambda: mk.seasonal_sens_slope(x, period=period),
        "scipy theilslopes": lambda: sen(x),
    }
    expected = {name: plain(call) for name, call in asked.items()}
    if len(set(x[~np.isnan(x)])) == 1:
        # The package corrects a variance of 0 by NaN, or counts NaNs: what it says of the variance is no answer.
        expected = {name: said and {field: value for field, value in said.items() if field != "var_s"} for name, said in expected.items()}
    present = x[~np.isnan(x)]
    if len(present) > 2 and np.ptp(present - np.arange(1, len(present) + 1) * mk.sens_slope(x).slope) == 0 and np.ptp(present) > 0:
        # Values on a line leave no rest: the package whitens by NaN and finds no trend.
        expected["trend_free_pre_whitening_modification_test"] = None
    return expected


def sen(x):
    present = ~np.isnan(x)
    got = theilslopes(x[present], np.arange(len(x))[present], alpha=0.95)
    return {"slope": got.slope, "low": got.low_slope, "high": got.high_slope}


def plain(call):
    try:
        got = call()
    except (ValueError, ZeroDivisionError, IndexError):
        return None
    got = got if isinstance(got, dict) else got._asdict()
    got = {name: SIGN[value] if name == "trend" else float(value) for name, value in got.items()}
    nothing = [name for name, value in got.items() if math.isnan(value)]
    if nothing == ["var_s"]:
        del got["var_s"]
    return got if nothing in [[], ["var_s"]] else None


def shaky(case):
    """Functions whose score hangs on the last bit: whitened values that are nearly equal, so that the order of adding
    in an autocorrelation (another one on another processor) decides whether they are a tie."""
    x = np.array([value for value in case["series"] if value is not None])
    steps = np.arange(1, len(x) + 1)
    if len(x) < 3:
        return set()
    slope = mk.sens_slope([math.nan if value is None else value for value in case["series"]]).slope
    rest = x - steps * slope
    found = set()
    for factor in 1 + 1e-14 * np.arange(-8, 9):
        asked = {
            "pre_whitening_modification_test": whitened(x, factor),
            "trend_free_pre_whitening_modification_test": whitened(rest, factor) + steps[:-1] * slope,
        }
        gaps = {name: np.diff(np.sort(values)) for name, values in asked.items()}
        found |= {name for name, gap in gaps.items() if ((gap > 0) & (gap < 1e-10)).any()}
    return found


def whitened(x, factor):
    y = x - x.mean()
    return x[1:] - x[:-1] * (factor * np.dot(y[1:], y[:-1]) / np.dot(y, y))


def differs(ours, theirs):
    return not math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-12)


def ask(program, cases, *more):
    lines = "\n".join(json.dumps({key: case[key] for key in ["series", "period", "lag"]}) for case in cases)
    done = subprocess.run([program, *more], input=lines + "\n", capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def against(asked):
    random = np.random.default_rng(asked.seed)
    cases = [series(random, number) for number in range(asked.series)]
    expected = None
    if asked.file:
        known = json.loads(pathlib.Path(asked.file).read_text(encoding="utf-8"))["cases"]
        known = known.values() if isinstance(known, dict) else known
        cases = [{"period": 12, "lag": 1, **case} for case in known]
        for case in cases:
            case["series"] = [None if value is None or value != value else value for value in case["series"]]
        expected = [{name: dict(said, trend=SIGN.get(said.get("trend"), said.get("trend"))) for name, said in case["expected"].items()} for case in cases]
    counts, worst, wrong = {}, {}, []
    for number, (case, ours) in enumerate(zip(cases, ask(asked.against, cases))):
        theirs = expected[number] if expected else answers(case)
        unsure = set() if expected else shaky(case)
        for name, said in theirs.items():
            state = judge(name, said, ours[name], worst)
            if state == "differs" and name in unsure:
                state = "last bit"
            if state == "differs":
                wrong.append((number, name, said, ours[name], case))
            counts.setdefault(name, {}).setdefault(state, 0)
            counts[name][state] += 1
    for name, states in counts.items():
        print(f"{name:45} {states}  largest difference {worst.get(name, 0):.1e}")
    for number, name, said, got, case in wrong[:5]:
        print(f"series {number}, {name}:\n  theirs {said}\n  ours   {got}\n  {case}")
    print(f"{len(cases)} series, {sum(sum(states.values()) for states in counts.values())} answers, {len(wrong)} differ")
    return 1 if wrong else 0


def judge(name, said, got, worst):
    if said is None:
        return "both refuse" if "error" in got else "only we answer"
    if "error" in got:
        return "differs"
    for field, value in said.items():
        if value is None:
            continue
        size = abs(got[field] - value) / max(abs(value), 1e-3)
        worst[name] = max(worst.get(name, 0), size)
        if differs(got[field], float(value)):
            return "differs"
    return "equal"


def clock(asked):
    """Both sides in one run, in turn: seconds of one call, the best of the rounds."""
    random = np.random.default_rng(asked.seed)
    for n in [60, 120, 600, 3000]:
        values = 10 + np.cumsum(random.normal(0, 0.1, n)) + random.normal(0, 1, n)
        case = {"series": [round(float(value), 2) for value in values], "period": 12, "lag": 1}
        ours = ask(asked.against, [case], "--time", str(asked.time))[0]
        x = np.array(case["series"])
        for name, mine in ours.items():
            call = getattr(mk, name)
            best = math.inf
            for _ in range(asked.time):
                start = time.perf_counter()
                call(x)
                best = min(best, time.perf_counter() - start)
            print(f"| {name}, {n} values | {mine * 1e3:.4f} | {best * 1e3:.3f} | {best / mine:.0f} |")
    return 0


if __name__ == "__main__":
    main()
