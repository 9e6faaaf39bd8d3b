"""What both peers compute, stated once: the items, the table of HJ 633-2012 and the layout of the results.

The peers answer the same question as ours on the same hours: for every station and every city of a year,
all annual statistics of HJ 663-2013 with completeness, the days by AQI (HJ 633-2012) and the composite index.
"""

ITEMS = ["so2", "no2", "co", "o3", "pm10", "pm25"]
MEANS = ["so2", "no2", "co", "pm10", "pm25"]  # daily means; o3 is the largest 8 h mean
INDEX = [0, 50, 100, 150, 200, 300, 400, 500]
BREAKPOINTS = {  # HJ 633-2012, table 1, daily columns (o3: 8 h; above 800 it has no index)
    "so2": [0, 50, 150, 475, 800, 1600, 2100, 2620],
    "no2": [0, 40, 80, 180, 280, 565, 750, 940],
    "co": [0, 2, 4, 14, 24, 36, 48, 60],
    "o3": [0, 100, 160, 215, 265, 800],
    "pm10": [0, 50, 150, 250, 350, 420, 500, 600],
    "pm25": [0, 35, 75, 115, 150, 250, 350, 500],
}
STATISTICS = [("so2", "mean"), ("so2", 98), ("no2", "mean"), ("no2", 98), ("co", 95), ("o3", 90), ("pm10", "mean"), ("pm10", 95), ("pm25", "mean"), ("pm25", 95)]
COMPOSITE = {"so2_mean": 60, "no2_mean": 40, "co_p95": 4, "o3_p90": 160, "pm10_mean": 70, "pm25_mean": 35}
EXCEED_O3 = 160
GOOD, HEAVY = 100, 200
# A city's day value needs 75 % of its stations, 50 % where it has fewer than four.
SHARE, SHARE_OF_FEW, FEW = 75, 50, 4


def name(item, which):
    return f"{item}_mean" if which == "mean" else f"{item}_p{which}"


def result_columns():
    columns = ["kind", "id"]
    columns += [name(*statistic) for statistic in STATISTICS]
    columns += [f"{item}_days" for item in ITEMS] + [f"{item}_complete" for item in ITEMS]
    return columns + ["valid_days", "good_days", "heavy_days", "composite"]
