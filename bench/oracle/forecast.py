"""Holds `models::forecast` against a second reading of it in plain Python, and looks back over real series.

    cargo build -p models --example forecast_lines
    python bench/oracle/forecast.py target/debug/examples/forecast_lines                     # 2000 made-up cases
    python bench/oracle/forecast.py target/debug/examples/forecast_lines --look-back A.csv … # columns date,value

Made-up years have a season, a level of their own, gaps, whole years that are too thin, and shares that are 0 or 1.
Looking back, each year of each file is foretold after 1, 3, 6, 9 and 11 months from the years before it only; the mean
relative misses over all files stand beside those of last year's figure and of the ratio believed wholly (pull 1).
"""

import argparse
import collections
import csv
import json
import math
import random
import subprocess
import sys

COVER, PULL, YEARS, LEAST_SHARE = 0.8, 0.5, 5, 0.75


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("program")
    arguments.add_argument("--cases", type=int, default=2000)
    arguments.add_argument("--seed", type=int, default=20261125)
    arguments.add_argument("--look-back", nargs="*")
    asked = arguments.parse_args()
    sys.exit(look_back(asked) if asked.look_back else second_reading(asked))


def ask(program, cases):
    lines = "\n".join(json.dumps(case) for case in cases)
    done = subprocess.run([program], input=lines + "\n", capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def second_reading(asked):
    dice = random.Random(asked.seed)
    cases = [made_up(dice) for _ in range(asked.cases)]
    wrong, answers = 0, collections.Counter()
    for case, ours in zip(cases, ask(asked.program, cases)):
        theirs = foretell(case)
        same = "error" in ours if theirs is None else "error" not in ours and near([ours["value"], ours["interval"], ours["rows"]], theirs)
        answers["refused" if theirs is None else "with interval" if theirs[1] else "without interval"] += 1
        if not same:
            wrong += 1
            if wrong < 4:
                print(json.dumps(case), "\n  ours  ", ours, "\n  theirs", theirs)
    print(f"{len(cases)} cases ({dict(answers)}), {wrong} differ")
    return 1 if wrong else 0


def near(a, b):
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(near(x, y) for x, y in zip(a, b))
    if a is None or b is None or isinstance(a, bool):
        return a == b
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


def made_up(dice):
    grid = dice.choice(["months", "months", "days"])
    kind = dice.choice(["mean", "share"])
    first, count = dice.randint(1995, 2020), dice.choice([0, 1, 2, 3, 5, 8])
    years = [[first + at, slots(dice, first + at, grid, kind)] for at in range(count + 1)]
    return {"grid": grid, "kind": kind, "reached": dice.randint(0, size(grid)), "past": years[:-1], "this": years[-1]}


def size(grid):
    return 12 if grid == "months" else 366


def slots(dice, year, grid, kind):
    level, gaps = dice.uniform(0.5, 1.5), dice.choice([0, 0.05, 0.1, 0.4])
    bad = dice.choice([0, 0.05, 0.3, 1])
    made = []
    for slot in range(size(grid)):
        if dice.random() < gaps or not has(grid, slot, year):
            made.append(None)
        elif kind == "mean":
            season = 40 + 20 * math.cos(2 * math.pi * slot / size(grid))
            made.append(round(level * season * dice.uniform(0.7, 1.3), 1))
        else:
            of = 1 if grid == "days" else dice.randint(5, 31)
            made.append([sum(dice.random() > bad for _ in range(of)), of])
    return made


def has(grid, slot, year):
    return grid == "months" or slot != 59 or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def foretell(case):
    """[value, [low, high, level] or None, rows], or None where nothing can be said."""
    grid, kind, reached = case["grid"], case["kind"], case["reached"]
    past = [(year, held) for year, held in case["past"] if full_enough(year, held, grid)]
    said = say(kind, grid, reached, past, case["this"])
    if said is None:
        return None
    rows, misses = [], []
    for at, (year, held) in enumerate(past):
        told, came = say(kind, grid, reached, past[:at], (year, held)) if at else None, figure(kind, held)
        ends = told and interval(kind, told, misses)
        naive = figure(kind, past[at - 1][1]) if at else None
        rows.append([year, told and told[0], naive, came, ends, ends and ends[0] <= came <= ends[1]])
        misses = misses + [miss(kind, told[0], came)] if told else misses
    return [said[0], interval(kind, said, misses) if len(past) >= 3 else None, rows]


def full_enough(year, held, grid):
    all_slots = sum(has(grid, slot, year) for slot in range(size(grid)))
    return sum(slot is not None for slot in held) / all_slots >= LEAST_SHARE


def figure(kind, held):
    held = [slot for slot in held if slot is not None]
    return sum(held) / len(held) if kind == "mean" else sum(met for met, _ in held) / sum(of for _, of in held)


def miss(kind, told, came):
    return abs(came - told) if kind == "share" else 0 if came == told else abs(came / told - 1)


def interval(kind, said, misses):
    if len(misses) < 2:
        return None
    value, least, most = said
    k = min(len(misses), math.ceil((len(misses) + 1) * COVER - 1e-9))
    far = sorted(misses)[k - 1] * (1 if kind == "share" else value)
    clip = lambda end: min(max(end, least), most)
    return [clip(value - far), clip(value + far), k / (len(misses) + 1)]


def say(kind, grid, reached, past, this):
    year, held = this
    recent = [slots for _, slots in past[-YEARS:]]
    over = [(slot, held[slot]) for slot in range(reached) if held[slot] is not None]
    to_come = [slot for slot in range(reached, size(grid)) if has(grid, slot, year)]
    return (mean if kind == "mean" else share)(recent, over, to_come, reached)


def usual(recent, slot, number=lambda held: held):
    held = [number(slots[slot]) for slots in recent if slots[slot] is not None]
    return sum(held) / len(held) if held else None


def mean(recent, over, to_come, _):
    both = [(value, usual(recent, slot)) for slot, value in over if usual(recent, slot) is not None]
    ratio = sum(value for value, _ in both) / sum(c for _, c in both) if both else 1
    rest = [usual(recent, slot) for slot in to_come if usual(recent, slot) is not None]
    number = len(over) + len(rest)
    if not recent or (to_come and not rest) or not number:
        return None
    certain = sum(value for _, value in over) / number
    value = certain + ratio**PULL * sum(rest) / number
    return value, min(certain, value), math.inf if rest else value


def share(recent, over, to_come, reached):
    met, of = sum(t[0] for _, t in over), sum(t[1] for _, t in over)
    same = [slots[slot] for slots in recent for slot in range(reached) if slots[slot] is not None]
    rest = [slots[slot] for slots in recent for slot in range(reached, len(slots)) if slots[slot] is not None]
    odds = lambda m, n: math.log((m + 0.5) / (n - m + 0.5))
    added = lambda list: (sum(m for m, _ in list), sum(n for _, n in list))
    shift = PULL * (odds(met, of) - odds(*added(same))) if of and same else 0
    number = sum(usual(recent, slot, lambda t: t[1]) or 0 for slot in to_come)
    if not recent or (to_come and not rest) or of + number == 0:
        return None
    p = 1 / (1 + math.exp(-(odds(*added(rest)) + shift)))
    return (met + p * number) / (of + number), met / (of + number), (met + number) / (of + number)


def look_back(asked):
    series = [read(file) for file in asked.look_back]
    for pull in [PULL, 1]:
        for reached in [1, 3, 6, 9, 11]:
            method, naive, within, tried = [], [], 0, 0
            for years in series:
                case = {"grid": "months", "kind": "mean", "reached": reached, "pull": pull, "past": years[:-1], "this": years[-1]}
                # This year, too, as if it were a past one: its row is what counts.
                case["past"], case["this"] = years, [years[-1][0] + 1, [None] * 12]
                rows = [row for row in ask(asked.program, [case])[0]["rows"] if row[1] is not None]
                method.append(sum(abs(row[1] / row[3] - 1) for row in rows) / len(rows))
                naive.append(sum(abs(row[2] / row[3] - 1) for row in rows) / len(rows))
                within += sum(row[5] is True for row in rows)
                tried += sum(row[5] is not None for row in rows)
            average = lambda list: f"{100 * sum(list) / len(list):.1f} %"
            print(f"pull {pull}, {reached} months: method {average(method)}, last year's {average(naive)}, {within} of {tried} within")
    return 0


def read(file):
    """Monthly means of a file with date and value, by year."""
    days = collections.defaultdict(list)
    for row in csv.DictReader(open(file, encoding="utf-8")):
        if row["value"]:
            days[int(row["date"][:4]), int(row["date"][5:7])].append(float(row["value"]))
    years = sorted({year for year, _ in days})
    monthly = lambda year, month: sum(days[year, month]) / len(days[year, month]) if (year, month) in days else None
    made = [[year, [monthly(year, month) for month in range(1, 13)]] for year in years]
    return [year for year in made if sum(value is not None for value in year[1]) >= 9]


if __name__ == "__main__":
    main()
