"""Writes `cases-water.csv`, and compares published classes of stations with the rules (`PUBLISHED-WATER.md`).

    python bench/oracle/water.py                         # writes the cases beside this script
    python bench/oracle/water.py --published FILE.csv    # and the comparison, from a snapshot of national stations
    python bench/oracle/water.py --check                 # recomputes the cases and says whether anything differs

An independent second reading of GB 3838-2002 table 1 and of the rules of 环办〔2011〕22号 for a section, in exact
fractions, written from the texts and not from the product's code or tables:

* the class of an item is the first whose limit it meets, 6 (劣Ⅴ) when it meets none; a limit met exactly is met;
* DO: lower is worse, and class Ⅰ also at a saturation of 90 %; pH outside 6 to 9 is 劣Ⅴ; TP of lakes has its own row;
* TN, faecal coliforms and water temperature make no class; items without a value are not judged;
* `0.01L` is judged by half of 0.01; the multiple is (C − S)/S against class Ⅲ, none of pH and DO;
* main pollutants: items worse than Ⅲ, metals, arsenic and cyanide first, then by class, then by multiple, then in the
  order of the table, three at most.

A multiple is rounded once, half to even, to two places.
"""

import argparse
import csv
import io
import pathlib
import random
import sys
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

HERE = pathlib.Path(__file__).parent
ROMAN = ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"]
# GB 3838-2002 table 1: classes Ⅰ to Ⅴ.
TABLE = {
    "do": "7.5 6 5 3 2",
    "codmn": "2 4 6 10 15",
    "cod": "15 15 20 30 40",
    "bod5": "3 3 4 6 10",
    "nh3n": "0.15 0.5 1.0 1.5 2.0",
    "tp": "0.02 0.1 0.2 0.3 0.4",
    "tn": "0.2 0.5 1.0 1.5 2.0",
    "cu": "0.01 1.0 1.0 1.0 1.0",
    "zn": "0.05 1.0 1.0 2.0 2.0",
    "f": "1.0 1.0 1.0 1.5 1.5",
    "se": "0.01 0.01 0.01 0.02 0.02",
    "as": "0.05 0.05 0.05 0.1 0.1",
    "hg": "0.00005 0.00005 0.0001 0.001 0.001",
    "cd": "0.001 0.005 0.005 0.005 0.01",
    "cr6": "0.01 0.05 0.05 0.05 0.1",
    "pb": "0.01 0.01 0.05 0.05 0.1",
    "cn": "0.005 0.05 0.2 0.2 0.2",
    "phenol": "0.002 0.002 0.005 0.01 0.1",
    "oil": "0.05 0.05 0.05 0.5 1.0",
    "las": "0.2 0.2 0.2 0.3 0.3",
    "s": "0.05 0.1 0.2 0.5 1.0",
    "fecal": "200 2000 10000 20000 40000",
}
LAKE_TP = "0.01 0.025 0.05 0.1 0.2"
ORDER = ["ph"] + list(TABLE)
NO_CLASS = {"tn", "fecal"}
FIRST = {"cu", "zn", "as", "hg", "cd", "cr6", "pb", "cn"}


def limits(item, kind):
    text = LAKE_TP if item == "tp" and kind == "lake" else TABLE[item]
    return [Fraction(part) for part in text.split()]


def value_of(text):
    return Fraction(text[:-1]) / 2 if text.endswith("L") else Fraction(text)


def class_of(item, kind, text, saturation):
    value = value_of(text)
    if item == "ph":
        return 1 if 6 <= value <= 9 else 6
    own = limits(item, kind)
    if item == "do":
        if saturation and Fraction(saturation) >= 90:
            return 1
        return next((at + 1 for at, limit in enumerate(own) if value >= limit), 6)
    return next((at + 1 for at, limit in enumerate(own) if value <= limit), 6)


def rounded(value, places=2):
    step = Fraction(1, 10**places)
    down, rest = divmod(value, step)
    up = rest * 2 > step or (rest * 2 == step and down % 2 == 1)
    number = Decimal(int(down) + int(up)) / Decimal(10**places)
    text = format(number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def judge(kind, given, saturation=""):
    """Class, main pollutants and multiples of a section; `given` maps items to texts."""
    judged = {}
    for item in ORDER:
        if given.get(item) and item not in NO_CLASS:
            judged[item] = class_of(item, kind, given[item], saturation)
    if not judged:
        return "", "", ""
    worst = max(judged.values())
    over = [item for item in ORDER if judged.get(item, 0) > 3]
    multiple = {}
    for item in over:
        if item not in ("ph", "do"):
            standard = limits(item, kind)[2]
            multiple[item] = (value_of(given[item]) - standard) / standard
    key = lambda item: (item not in FIRST, -judged[item], -multiple.get(item, Fraction(-10**9)))
    main = sorted(over, key=key)[:3]
    exceed = ";".join(f"{item}:{rounded(multiple[item])}" for item in over if item in multiple)
    return ROMAN[worst - 1], ";".join(main), exceed


def sample(rng):
    """Values near and on the limits, and anywhere."""
    kind = rng.choice(["river", "lake"])
    given = {}
    for item in ORDER:
        if rng.random() < 0.55:
            continue
        if item == "ph":
            given[item] = rng.choice(["5.99", "6", "6.5", "7.21", "8.88", "9", "9.01"])
            continue
        own = limits(item, kind)
        limit = rng.choice(own[: rng.choice([1, 3, 5])])
        step = Fraction(1, 100000 if limit < 1 else 100)
        kinds = [limit, limit + step, limit - step, limit * rng.randint(1, 180) / 100]
        value = rng.choice(kinds)
        if value < 0:
            value = limit
        text = rounded(value, 6)
        if item != "do" and rng.random() < 0.05:
            text += "L"
        given[item] = text
    saturation = rng.choice(["", "", "89.99", "90", "101.5"]) if "do" in given else ""
    return kind, given, saturation


def cases():
    rng = random.Random(3838)
    out = io.StringIO()
    columns = ["kind", "do_sat"] + ORDER + ["class", "main_pollutants", "exceed"]
    write = csv.writer(out, lineterminator="\n")
    write.writerow(columns)
    for _ in range(1500):
        kind, given, saturation = sample(rng)
        result = judge(kind, given, saturation)
        write.writerow([kind, saturation] + [given.get(item, "") for item in ORDER] + list(result))
    return out.getvalue()


FIVE = {"ph": "ph", "do": "do_mgl", "codmn": "codmn_mgl", "nh3n": "nh3n_mgl", "tp": "tp_mgl"}


def usable(text):
    try:
        return text if Fraction(text) >= 0 else ""
    except ValueError:
        return ""


def on_a_limit(kind, given):
    found = []
    for item, text in given.items():
        if item == "ph" and value_of(text) in (6, 9):
            found.append(item)
        elif item != "ph" and value_of(text) in limits(item, kind):
            found.append(item)
    return found


def published(path):
    """The comparison as a page."""
    rows = list(csv.DictReader(open(path, encoding="utf-8")))
    same, judged, table = 0, 0, []
    lakes = 0
    for row in rows:
        given = {item: usable(row[column]) for item, column in FIVE.items()}
        given = {item: text for item, text in given.items() if text}
        if row["water_class"] not in ROMAN or not given:
            continue
        judged += 1
        river = judge("river", given)[0]
        if river == row["water_class"]:
            same += 1
            continue
        lake = judge("lake", given)[0]
        edge = on_a_limit("river", given)
        if lake == row["water_class"] and edge:
            lakes += 1
            reason = f"{', '.join(edge)} exactly on a river limit (rounded after the class was taken), or a lake: its limits agree too"
        elif lake == row["water_class"]:
            lakes += 1
            reason = "agrees with the lake and reservoir limits of TP"
        elif edge:
            reason = f"{', '.join(edge)} exactly on a limit: the published value was rounded after the class was taken"
        else:
            reason = "unexplained"
        values = ", ".join(f"{item} {text}" for item, text in given.items())
        table.append((row["province"], row["section"], row["water_class"], river, lake, values, reason))
    return page(len(rows), judged, same, lakes, table)


def page(rows, judged, same, lakes, table):
    lines = [
        "# Published classes of national stations, and what the rules give",
        "",
        "National surface-water automatic stations, one snapshot of 2026-02-04 (mostly 10–11 h): the published class beside",
        "the one of GB 3838-2002 table 1, single factor, from pH, DO, CODMn, NH3-N and TP. Computed by `water.py`; the product",
        "must give the same (`crates/standards`, test of the published stations). TN is not in the class, values are not rounded.",
        "",
        f"* {rows} stations, {judged} with a published class and at least one value.",
        f"* With river limits {same} of {judged} agree: {100 * same / judged:.2f} %.",
        f"* Of the other {len(table)}, {lakes} agree with the lake and reservoir limits of TP. Which stations are lakes is not in",
        "  the snapshot, so the kind cannot be given; a section list with the kind removes them.",
        "",
        "| province | section | published | river | lake | values | reason |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [f"| {' | '.join(row)} |" for row in sorted(table)]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="recompute and compare, write nothing")
    parser.add_argument("--published", type=pathlib.Path, help="CSV snapshot of the national stations")
    args = parser.parse_args()
    outputs = {"cases-water.csv": cases()}
    if args.published:
        outputs["PUBLISHED-WATER.md"] = published(args.published)
    for name, text in outputs.items():
        path = HERE / name
        if args.check:
            if path.read_text(encoding="utf-8") != text:
                sys.exit(f"{name} differs: run without --check and look at the difference")
        else:
            path.write_text(text, encoding="utf-8")
    print("the same" if args.check else "written: " + ", ".join(outputs))


if __name__ == "__main__":
    main()
