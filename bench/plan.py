"""A ten-year city of made-up data (模拟): how long all of a plan's rows take from cold, and after one value changed.

plan.py JINGCE [--years 10] [--auto 5] [--repeat 20] [--keep FOLDER]

JINGCE is the binary. Seventeen sections have monthly sheets of 24 items; --auto of them also send nine items every four
hours; the counties state their facts once a year; sixty projects cut emissions. Cold: a fresh process is asked for the
plan of one year over HTTP; the clock runs from the request to the whole answer. Changed: one month's value of one section
is imported by another process, and then the plan's status is asked for over HTTP: that answer holds the reading of what
changed and the recomputation of everything that depends on it. After it the page with forecasts and parts is asked for.
"""

import argparse
import csv
import http.client
import json
import os
import random
import subprocess
import tempfile
import time
import urllib.parse
import uuid

ITEMS = ["水温", "pH", "溶解氧", "高锰酸盐指数", "化学需氧量", "五日生化需氧量", "氨氮", "总磷", "总氮", "铜", "锌", "氟化物", "硒", "砷", "汞", "镉", "六价铬", "铅", "氰化物", "挥发酚", "石油类", "阴离子表面活性剂", "硫化物", "粪大肠菌群"]
LEVELS = [18, 7.8, 8, 3, 12, 2, 0.4, 0.1, 1.5, 0.002, 0.02, 0.3, 0.0004, 0.002, 0.00004, 0.0001, 0.004, 0.001, 0.001, 0.0003, 0.01, 0.05, 0.005, 2000]
AUTO = {"水温": 18, "pH": 7.8, "溶解氧": 8, "电导率": 400, "浊度": 12, "高锰酸盐指数": 3, "氨氮": 0.4, "总磷": 0.1, "总氮": 1.5}


def write(folder, name, header, rows):
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def make(folder, years, auto):
    chance = random.Random(4)
    write(folder, "areas.csv", ["area", "name_zh", "name_en", "parent", "plan", "map", "note", "note_en"], [["512000", "资阳市", "Ziyang", "", "ziyang-145", "", "模拟", ""], ["512002", "雁江区", "Yanjiang", "512000", "", "", "", ""], ["512021", "安岳县", "Anyue", "512000", "", "", "", ""], ["512022", "乐至县", "Lezhi", "512000", "", "", "", ""]])
    sections = [f"S{number:02}" for number in range(1, 18)]
    write(folder, "points.csv", ["point", "name_zh", "medium", "kind", "area", "water_body", "networks", "simulated"], [[code, f"模拟断面{code}", "surface-water", "river", "512002", f"河{number % 6}", "assessment", "true"] for number, code in enumerate(sections)])
    first = 2026 - years
    sheet = []
    for year in range(first, 2026):
        for month in range(1, 13):
            for code in sections:
                values = [f"{level * chance.uniform(0.6, 1.2):.5f}" for level in LEVELS]
                sheet.append([code, f"{year}-{month:02}-05 10:00"] + values)
    write(folder, "sheet.csv", ["断面", "采样时间"] + ITEMS, sheet)
    hours = []
    for year in range(first, 2026):
        for day in range(365):
            moment = time.gmtime(time.mktime((year, 1, 1, 0, 0, 0, 0, 0, 0)) + day * 86400)
            for hour in range(0, 24, 4):
                stamp = f"{moment.tm_year}-{moment.tm_mon:02}-{moment.tm_mday:02} {hour:02}:00"
                for code in sections[:auto]:
                    hours.append([code, stamp] + [f"{level * chance.uniform(0.8, 1.1):.4f}" for level in AUTO.values()])
    write(folder, "auto.csv", ["断面编码", "监测时间"] + list(AUTO), hours)
    facts = []
    with open(os.path.join(os.path.dirname(__file__), "../crates/indicators/catalog/facts/items/items.csv"), encoding="utf-8") as file:
        for item in csv.DictReader(file):
            if item.get("about", item.get("feature", "area")) in ("area", "") and item.get("period", "year") == "year":
                for year in range(first, 2026):
                    for area in ("512002", "512021", "512022"):
                        facts.append([area, item["item"], year, f"{chance.uniform(10, 100):.2f}", item["unit"], "true"])
    write(folder, "facts.csv", ["feature", "item", "period", "value", "unit", "simulated"], facts)


class Server:
    def __init__(self, binary, data):
        self.process = subprocess.Popen([binary, "serve", "--data", data, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            if "http://" in line:
                self.address = urllib.parse.urlparse(line[line.index("http://"):].split()[0]).netloc
                return
        raise SystemExit("the server did not start")

    def get(self, path):
        connection = http.client.HTTPConnection(self.address)
        start = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        took = time.perf_counter() - start
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {body[:300]}")
        return took, json.loads(body)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def imported(binary, data, file, mapping):
    done = subprocess.run([binary, "import", file, "--mapping", mapping, "--data", data], capture_output=True, text=True)
    if done.returncode == 2:
        raise SystemExit(done.stdout + done.stderr)


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("jingce")
    asked.add_argument("--years", type=int, default=10)
    asked.add_argument("--auto", type=int, default=5)
    asked.add_argument("--repeat", type=int, default=20)
    asked.add_argument("--keep")
    own = asked.parse_args()
    folder = own.keep or tempfile.mkdtemp(prefix="jingce-plan-")
    data = os.path.join(folder, "data")
    if not os.path.isdir(data):
        os.makedirs(folder, exist_ok=True)
        make(folder, own.years, own.auto)
        for file, mapping in [("areas", "areas"), ("points", "points"), ("sheet", "lab-sheet-water"), ("auto", "water-auto-hourly"), ("facts", "facts")]:
            imported(own.jingce, data, os.path.join(folder, f"{file}.csv"), mapping)
    path = "/api/plans/ziyang-145/full?area=512000&year=2025"
    status = "/api/plans/ziyang-145/status?area=512000&year=2025"
    cold, process = [], None
    for _ in range(3):
        if process:
            process.stop()
        process = Server(own.jingce, data)
        took, full = process.get(path)
        cold.append(took)
    warm = [process.get(path)[0] for _ in range(5)]
    after, page = [], []
    for number in range(own.repeat):
        change = os.path.join(folder, f"change-{uuid.uuid4().hex}.csv")
        write(folder, os.path.basename(change), ["断面", "采样时间", "总磷"], [["S10", "2025-06-05 10:00", f"{0.1 + 0.5 * (number % 2) + number / 1000:.4f}"]])
        imported(own.jingce, data, change, "lab-sheet-water")
        after.append(process.get(status)[0])
        page.append(process.get(path)[0])
        os.remove(change)
    process.stop()
    rows = sum(1 for row in full["rows"] if row["row"]["value"] is not None)
    milliseconds = lambda values: [round(value * 1000, 1) for value in sorted(values)]
    print(json.dumps({"rows_with_value": rows, "cold_ms": milliseconds(cold), "warm_ms": milliseconds(warm), "status_after_one_change_ms": milliseconds(after), "full_page_after_ms": milliseconds(page)}))


if __name__ == "__main__":
    main()
