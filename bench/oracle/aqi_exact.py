"""AQI by HJ 633-2012 and HJ 633-2026 in exact fractions.

An independent second reading of the two standards, written from their tables and clauses and not from
the product's code. It is slow and plain on purpose. Used by `cases.py` and `annual.py`.

Concentrations are `fractions.Fraction` in µg/m³ (CO in mg/m³); `None` is a missing value.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

COLUMNS = ["so2", "no2", "co", "o3_8h", "o3_1h", "pm10", "pm25"]
INDEX = [0, 50, 100, 150, 200, 300, 400, 500]

# Table 1 of HJ 633-2012, table 3 of HJ 633-2026; a short row has no breakpoint above its last one.
_COMMON = {
    ("so2", "day"): [0, 50, 150, 475, 800, 1600, 2100, 2620],
    ("so2", "hour"): [0, 150, 500, 650, 800],
    ("no2", "day"): [0, 40, 80, 180, 280, 565, 750, 940],
    ("no2", "hour"): [0, 100, 200, 700, 1200, 2340, 3090, 3840],
    ("co", "day"): [0, 2, 4, 14, 24, 36, 48, 60],
    ("co", "hour"): [0, 5, 10, 35, 60, 90, 120, 150],
    ("o3_8h", "any"): [0, 100, 160, 215, 265, 800],
    ("o3_1h", "any"): [0, 160, 200, 300, 400, 800, 1000, 1200],
}
_PM = {
    "hj633-2012": {"pm10": [0, 50, 150, 250, 350, 420, 500, 600], "pm25": [0, 35, 75, 115, 150, 250, 350, 500]},
    "hj633-2026": {"pm10": [0, 50, 120, 250, 350, 420, 500, 600], "pm25": [0, 35, 60, 115, 150, 250, 350, 500]},
}
# Which items a daily and a real-time report have. HJ 633-2012, 5.1 and 5.2: seven by day (both ozone
# values), and by the hour the ozone of one and of eight hours, with PM10 and PM2.5 as moving 24 h means.
# HJ 633-2026, 4.2.2 and 4.2.3: six each.
ITEMS = {
    ("hj633-2012", "day"): COLUMNS,
    ("hj633-2012", "hour"): COLUMNS,
    ("hj633-2026", "day"): [c for c in COLUMNS if c != "o3_1h"],
    ("hj633-2026", "hour"): [c for c in COLUMNS if c != "o3_8h"],
}
# Above the last breakpoint of a short row. 2012, notes 2 and 3: no index of this item (the SO2 day mean
# resp. the O3 1 h value speak for it). 2026, notes b and c: a constant.
ABOVE_SHORT = {
    "hj633-2012": {"so2": None, "o3_8h": None},
    "hj633-2026": {"so2": 200, "o3_8h": 300},
}


@dataclass
class Answer:
    iaqi: dict
    aqi: int | None
    level: int | None
    primary: list


def breakpoints(standard, item, period):
    if item in _PM[standard]:
        return _PM[standard][item]
    return _COMMON.get((item, period)) or _COMMON[(item, "any")]


def round_half_even(value, digits):
    """GB/T 8170: once, on the exact value, half to even."""
    scaled = value * 10**digits
    low = floor(scaled)
    rest = scaled - low
    if rest > Fraction(1, 2) or (rest == Fraction(1, 2) and low % 2):
        low += 1
    return Fraction(low, 10**digits)


def rounded_input(standard, item, value):
    """HJ 633-2026, 4.2.2: integers, CO with one decimal. HJ 633-2012 has no such clause."""
    if standard == "hj633-2012":
        return value
    return round_half_even(value, 1 if item == "co" else 0)


def iaqi(standard, item, period, value):
    """Formula (1), rounded up (2012: 6.2; 2026: 4.2.6); 500 above the last breakpoint."""
    value = rounded_input(standard, item, value)
    points = breakpoints(standard, item, period)
    for hi in range(1, len(points)):
        if value <= points[hi]:
            low, high = points[hi - 1], points[hi]
            index = Fraction(INDEX[hi] - INDEX[hi - 1], high - low) * (value - low) + INDEX[hi - 1]
            return ceil(index)
    if len(points) < len(INDEX):
        return ABOVE_SHORT[standard][item]
    return INDEX[-1]


def level_of(aqi):
    for level, top in enumerate([50, 100, 150, 200, 300], start=1):
        if aqi <= top:
            return level
    return 6


def evaluate(standard, period, values):
    """`values`: {column: Fraction | None}."""
    items = ITEMS[(standard, period)]
    index = {c: None for c in COLUMNS}
    for item in items:
        if values.get(item) is not None:
            index[item] = iaqi(standard, item, period, values[item])
    present = [index[item] for item in items if index[item] is not None]
    aqi = max(present) if present else None
    # HJ 633-2026, 5.3.1: with an item missing the AQI is published only when it exceeds 100.
    missing = any(values.get(item) is None for item in items)
    if standard == "hj633-2026" and missing and aqi is not None and aqi <= 100:
        aqi = None
    if aqi is None:
        return Answer(index, None, None, [])
    primary = [item for item in items if index[item] == aqi] if aqi > 50 else []
    return Answer(index, aqi, level_of(aqi), primary)
