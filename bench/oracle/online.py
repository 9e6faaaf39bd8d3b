"""Writes `cases-online-*.csv`: minutes of an outlet and what is to be judged of them.

    python bench/oracle/online.py            # writes the four files beside this script
    python bench/oracle/online.py --check    # recomputes them and says whether anything differs

An independent second reading of the rules, in exact fractions, written from the texts (HJ 212-2017 annex D,
HJ 76 annex B, and what is known of HJ 75 and HJ 356) and not from the product's code:

* minute values are `50.2N`: a number and the instrument's flag; `-` is a minute that never came;
* gas hour: mean of the minutes flagged N, valid with 45; each minute converted by C·(21 − O2s)/(21 − O2) with the
  valid oxygen of the same minute, none at O2 ≥ 21; converted value valid with 45 such minutes; the hour's mean by the
  hour's oxygen beside it; mass C·Qsn·10⁻⁶ (once!) when concentration and flow are both valid;
* flag of the hour: N with 75 % of 60 minutes normal, else the most frequent other flag (F M C S T B D, the first
  prevailing), else D; water: any other flag at all makes it that flag;
* water hour: ΣC·Q·T / ΣQ·T over the minutes that have both, valid with 75 % of 60 minutes; volume Q[L/s]·60 s·10⁻³;
* day: mean of the valid hours, valid with 20 (gas) or 75 % of the hours due (water); mass is the sum of the hours;
  an hour of which most is F is not due;
* missing amounts: largest of the last 180 valid hours (run ≤ 24 h, α ≥ 90 %), 720 (longer), 2160 (75 ≤ α < 90),
  before the run, or before the last passed check when out of control; α of the calendar quarter's known hours.

Every expected number is rounded once, to six places, half to even.
"""

import argparse
import csv
import io
import pathlib
import random
import sys
from datetime import datetime, timedelta
from fractions import Fraction as F

HERE = pathlib.Path(__file__).resolve().parent
ORDER = "FMCSTBD"
DAY = datetime(2025, 6, 10)


def shown(value):
    """Six places, half to even, no superfluous zeros; empty for nothing."""
    if value is None:
        return ""
    millionths = round(value * 10**6)  # Fraction's round is half to even
    sign = "-" if millionths < 0 else ""
    whole, rest = divmod(abs(millionths), 10**6)
    return sign + (f"{whole}.{rest:06d}".rstrip("0").rstrip(".") if rest else str(whole))


def mean(values):
    return sum(values, F(0)) / len(values) if values else None


# --- minutes --------------------------------------------------------------------------------------------------------


def decimal(source, low, high, digits):
    return F(source.randint(int(low * 10**digits), int(high * 10**digits)), 10**digits)


def written(minute):
    return "-" if minute is None else f"{shown(minute[0])}{minute[1]}"


def some_minutes(source, low, high, digits, bad):
    """60 minutes; about a share `bad` of them missing or not normal."""
    minutes = []
    for _ in range(60):
        value = decimal(source, low, high, digits)
        dice = source.random()
        if dice < bad / 3:
            minutes.append(None)
        elif dice < bad:
            minutes.append((value, source.choice("FMCSTBDM")))
        else:
            minutes.append((value, "N"))
    return minutes


def normal(minutes):
    return [minute[0] if minute and minute[1] == "N" else None for minute in minutes]


def flag_of(minutes, water):
    flags = [minute[1] for minute in minutes if minute]
    others = {flag: flags.count(flag) for flag in ORDER if flag in flags}
    if flags.count("N") * 100 >= 75 * 60 and not (water and others):
        return "N"
    return max(ORDER, key=lambda flag: (others.get(flag, 0), -ORDER.index(flag))) if others else "D"


# --- gas ------------------------------------------------------------------------------------------------------------


def gas_hour(conc, oxygen, flow, reference):
    c, o, q = normal(conc), normal(oxygen), normal(flow)
    value = mean([x for x in c if x is not None])
    flow_mean = mean([x for x in q if x is not None])
    oxygen_mean = mean([x for x in o if x is not None])
    kind, number = reference

    def factor(o2):
        if kind == "none":
            return F(1)
        if o2 is None or o2 >= 21:
            return None
        return (21 - number) / (21 - o2) if kind == "o2" else 21 / (21 - o2) / number

    each = [x * factor(o2) for x, o2 in zip(c, o) if x is not None and factor(o2) is not None]
    valid = sum(x is not None for x in c)
    flow_valid = sum(x is not None for x in q) >= 45
    whole = factor(oxygen_mean)
    ok = valid >= 45
    mass = value * flow_mean / 10**6 if ok and flow_valid else None
    return {
        "value": shown(value),
        "converted": shown(mean(each)),
        "converted_alternative": shown(value * whole if value is not None and whole is not None else None),
        "mass": shown(mass),
        "valid_minutes": valid,
        "converted_minutes": len(each),
        "valid": "yes" if ok else "no",
        "converted_valid": "yes" if ok and len(each) >= 45 else "no",
        "flag": flag_of(conc, False),
    }


def gas_cases():
    source = random.Random(75)
    rows = []
    for number in range(400):
        bad = source.choice([0, 0.02, 0.1, 0.2, 0.25, 0.3, 0.6, 1])
        conc = some_minutes(source, 0, source.choice([5, 100, 2000]), source.choice([0, 1, 3]), bad)
        oxygen = some_minutes(source, *source.choice([(3, 12), (9, 9), (0, 20), (18, 23), (21, 21), (20, 21)]), source.choice([0, 1, 2]), source.choice([0, bad]))
        flow = some_minutes(source, 0, source.choice([1000, 500_000, 3_000_000]), source.choice([0, 2]), source.choice([0, bad]))
        reference = source.choice([("o2", F(6)), ("o2", F(11)), ("o2", F(7, 2)), ("air", F(7, 5)), ("air", F(12, 10)), ("none", F(0))])
        rows.append({
            "conc": ";".join(map(written, conc)),
            "oxygen": ";".join(map(written, oxygen)),
            "flow": ";".join(map(written, flow)),
            "reference": f"{reference[0]}={shown(reference[1])}",
            **gas_hour(conc, oxygen, flow, reference),
        })
    return rows


# --- water ----------------------------------------------------------------------------------------------------------


def water_hour(conc, flow):
    c, q = normal(conc), normal(flow)
    pairs = [(x, y * 60 / 1000) for x, y in zip(c, q) if x is not None and y is not None]
    plain = mean([x for x in c if x is not None])
    volume = sum((y for _, y in pairs), F(0))
    mass = sum((x * y / 1000 for x, y in pairs), F(0))
    value = plain if not pairs else (mass / volume * 1000 if volume else None)
    valid = sum(x is not None for x in c)
    ok = value is not None and valid * 100 >= 75 * 60
    every = [y * 60 / 1000 for y in q if y is not None]
    return {
        "value": shown(value),
        "alternative": shown(plain if pairs else None),
        "mass": shown(mass if ok and len(pairs) * 100 >= 75 * 60 else None),
        "volume": shown(sum(every, F(0)) if every else None),
        "valid_minutes": valid,
        "valid": "yes" if ok else "no",
        "flag": flag_of(conc, True),
    }


def water_cases():
    source = random.Random(356)
    rows = []
    for _ in range(400):
        bad = source.choice([0, 0.02, 0.1, 0.2, 0.25, 0.3, 0.6, 1])
        conc = some_minutes(source, 0, source.choice([2, 50, 800]), source.choice([0, 1, 3]), bad)
        # A little above nothing: what flows not at all is another case of the product's own tests.
        flow = some_minutes(source, F(1, 100), source.choice([1, 30, 900]), 2, source.choice([0, bad]))
        rows.append({"conc": ";".join(map(written, conc)), "flow": ";".join(map(written, flow)), **water_hour(conc, flow)})
    return rows


# --- days -----------------------------------------------------------------------------------------------------------


def day_cases():
    """24 hours of constant values, `conc/flow/minutes/rest`: so many N minutes, the rest of another flag or silent."""
    source = random.Random(76)
    rows = []
    for _ in range(300):
        kind = source.choice(["gas", "water"])
        share = source.choice([0, 0.1, 0.2, 0.5])
        hours = []
        for _ in range(24):
            minutes = 60 if source.random() >= share else source.choice([0, 10, 44, 45, 59])
            rest = source.choice("-FMD")
            hours.append((decimal(source, 1, 300, 2), decimal(source, 1, 500, 1), minutes, rest))
        judged = []
        for conc, flow, minutes, rest in hours:
            rest_minute = None if rest == "-" else rest
            c = [(conc, "N")] * minutes + [rest_minute and (conc, rest_minute)] * (60 - minutes)
            valid = minutes >= 45
            flag = flag_of(c, kind == "water")
            judged.append((conc, flow, minutes, valid, flag == "F" and not valid))
        ok = [hour for hour in judged if hour[3]]
        stopped = sum(hour[4] for hour in judged)
        due = 24 - stopped
        if kind == "gas":
            value = mean([hour[0] for hour in ok])
            mass = [hour[0] * hour[1] / 10**6 for hour in ok]
            valid = len(ok) >= 20
        else:
            volumes = [hour[1] * hour[2] * 60 / 1000 for hour in ok]
            mass = [hour[0] * volume / 1000 for hour, volume in zip(ok, volumes)]
            value = sum(mass) / sum(volumes) * 1000 if ok else None
            valid = len(ok) > 0 and len(ok) * 100 >= 75 * due
        rows.append({
            "kind": kind,
            "hours": ";".join(f"{shown(c)}/{shown(q)}/{n}/{rest}" for c, q, n, rest in hours),
            "value": shown(value),
            "mass": shown(sum(mass) if mass else None),
            "valid_hours": len(ok),
            "stopped_hours": stopped,
            "due_hours": due,
            "valid": "yes" if valid else "no",
        })
    return rows


# --- substitution ---------------------------------------------------------------------------------------------------


def runs_of(periods):
    """First and length of every stretch of missing hours that a valid hour or a stop ends."""
    runs, begin = [], None
    for number, period in enumerate([*periods, "F"]):
        missing = period in ("-", "X")
        if missing and begin is None:
            begin = number
        if not missing and begin is not None:
            runs.append((begin, number - begin))
            begin = None
    return runs


def substituted(periods, first_today, checks):
    """`periods`: amounts, `-` missing, `X` out of control, `F` stopped; the last 24 are today."""
    started = DAY - timedelta(hours=first_today)
    stamps = [started + timedelta(hours=number) for number in range(len(periods))]
    quarter = [number for number, stamp in enumerate(stamps) if (stamp.year, (stamp.month - 1) // 3) == (2025, 1)]
    stopped = sum(periods[number] == "F" for number in quarter)
    invalid = sum(periods[number] in ("-", "X") for number in quarter)
    alpha = F(100 * (len(quarter) - invalid - stopped), len(quarter) - stopped) if len(quarter) > stopped else None
    answer = []
    for begin, length in runs_of(periods):
        for number in range(begin, begin + length):
            if number < first_today:
                continue
            out = periods[number] == "X"
            passed = [check for check in checks if check <= begin]
            end = passed[-1] if out and passed else begin
            if alpha is None or alpha < 75:
                answer.append(f"{number - first_today}:none:")
                continue
            wanted = 2160 if alpha < 90 else 180 if length <= 24 else 720
            kind = "poor" if alpha < 90 else "short" if length <= 24 else "long"
            window = [amount for amount in periods[:end] if isinstance(amount, F)][-wanted:]
            name = ("out-of-control-" if out else "failure-") + kind
            answer.append(f"{number - first_today}:{name}:{shown(max(window)) if window else ''}")
    return shown(alpha), " ".join(answer)


def packed(periods):
    """Equal neighbours as `2.5*3`."""
    out = []
    for period in periods:
        text = shown(period) if isinstance(period, F) else period
        if out and out[-1][0] == text:
            out[-1][1] += 1
        else:
            out.append([text, 1])
    return ";".join(text if many == 1 else f"{text}*{many}" for text, many in out)


def substitution_cases():
    source = random.Random(180)
    rows = []
    for case in range(240):
        length = source.choice([0, 30, 200, 800, 1700, 2400])
        bad = source.choice([0.01, 0.03, 0.08, 0.2, 0.3])
        periods = []
        while len(periods) < length:
            dice = source.random()
            stretch = source.choice([1, 1, 2, 5, 12, 30])
            if dice < bad:
                periods += ["-"] * stretch
            elif dice < bad + 0.03:
                periods += ["F"] * stretch
            else:
                periods += [decimal(source, 0, 90, 2)] * stretch
        periods = periods[:length]
        today = []
        while len(today) < 24:
            stretch = source.choice([1, 2, 6, 24])
            what = source.choice(["-", "X", "F", "v", "v", "v"])
            today += [F(source.randint(1, 900), 10) if what == "v" else what] * stretch
        if case >= 200:  # long gaps while nearly everything else is there
            periods = [decimal(source, 0, 90, 2) for _ in range(source.choice([900, 2400]))]
            length = len(periods)
            periods[-source.randint(1, 40):] = []
            periods += ["-"] * (length - len(periods))
            today = [source.choice("-X")] * source.choice([1, 6, 24]) + [F(5)] * 24
        every = periods + today[:24]
        checks = sorted(source.sample(range(1, length), min(3, length - 1))) if length > 1 and source.random() < 0.7 else []
        alpha, answer = substituted(every, length, checks)
        rows.append({
            "past": packed(periods),
            "today": packed(today[:24]),
            "checks": ";".join(str(check - length) for check in checks),
            "alpha": alpha,
            "substituted": answer,
        })
    return rows


def table(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    different = 0
    parts = {"gas": gas_cases, "water": water_cases, "days": day_cases, "substitution": substitution_cases}
    for name, cases in parts.items():
        path = HERE / f"cases-online-{name}.csv"
        now = table(cases())
        if not check:
            path.write_text(now, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != now:
            different += 1
            print(f"{path.name} differs from what the script computes")
        print(f"{path.name}: {now.count(chr(10)) - 1} cases, {len(now) // 1000} kB")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
