"""From a frame that is sent to the alert that a page is told: milliseconds, while other devices send.

alert.py WEB HJ212 REGISTER [--first 800] [--count 100] [--pause 0.1]

WEB and HJ212 are the addresses that `jingce serve` prints, REGISTER the folder that `jingce simulate --register` wrote
and that was imported. Of its devices only those from number --first on are used here, so that the simulator can play
the others meanwhile. Every device says three values above its hourly limit that span ten minutes of its own time: by
the rule gas-realtime-warning the third raises the alert. The clock runs from before that frame is written to the event
on `/api/online/stream`.
"""

import argparse
import csv
import datetime
import http.client
import json
import socket
import threading
import time


def crc(data):
    """HJ 212-2017, annex A."""
    value = 0xFFFF
    for byte in data:
        value = (value >> 8) ^ byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return value


def frame(device, item, value, moment):
    stamp = moment.strftime("%Y%m%d%H%M%S")
    text = f"QN={stamp}000;ST=31;CN=2011;PW={device['password']};MN={device['mn']};Flag=5;CP=&&DataTime={stamp};{item}-Rtd={value:.2f},{item}-ZsRtd={value:.2f},{item}-Flag=N&&".encode()
    return b"##%04d%s%04X\r\n" % (len(text), text, crc(text))


def table(folder, name):
    with open(f"{folder}/{name}.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def chosen(folder, first, count):
    """Devices of 2017 at stacks, each with an item that has an hourly limit."""
    passwords = {row["mn"]: row["password"] for row in table(folder, "secrets")}
    limits = {}
    for row in table(folder, "limits"):
        if row["statistic"] == "hour" and row["high"]:
            limits.setdefault(row["outlet"], (row["code"], float(row["high"])))
    found = []
    for row in table(folder, "devices")[first:]:
        if row["generation"] == "2017" and row["st"] == "31" and row["outlet"] in limits:
            code, high = limits[row["outlet"]]
            found.append({"mn": row["mn"], "password": passwords[row["mn"]], "outlet": row["outlet"], "code": code, "high": high})
    return found[:count]


def listen(web, heard, ready):
    connection = http.client.HTTPConnection(web)
    connection.request("GET", "/api/online/stream")
    answer = connection.getresponse()
    ready.set()
    while True:
        line = answer.readline()
        now = time.perf_counter()
        if not line:
            return
        if line.startswith(b"data:") and b'"kind":"alert"' in line:
            alert = json.loads(line[5:])["alert"]
            heard.setdefault((alert["outlet"]["code"] if isinstance(alert["outlet"], dict) else alert["outlet"], alert["rule"]), now)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("web")
    parser.add_argument("hj212")
    parser.add_argument("register")
    parser.add_argument("--first", type=int, default=800)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--pause", type=float, default=0.1)
    asked = parser.parse_args()
    devices = chosen(asked.register, asked.first, asked.count)
    heard, ready = {}, threading.Event()
    threading.Thread(target=listen, args=(asked.web, heard, ready), daemon=True).start()
    ready.wait()
    host, port = asked.hj212.rsplit(":", 1)
    start = datetime.datetime(2026, 3, 5, 10, 0, 0)
    sent, lines = {}, []
    for device in devices:
        line = socket.create_connection((host, int(port)))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for minutes, factor in ((0, 1.5), (5, 1.53)):
            line.sendall(frame(device, device["code"], device["high"] * factor, start + datetime.timedelta(minutes=minutes)))
        lines.append(line)
    time.sleep(3)
    for device, line in zip(devices, lines):
        last = frame(device, device["code"], device["high"] * 1.51, start + datetime.timedelta(minutes=10))
        sent[device["outlet"]] = time.perf_counter()
        line.sendall(last)
        time.sleep(asked.pause)
    time.sleep(5)
    waits = sorted((heard[(outlet, "gas-realtime-warning")] - moment) * 1e3 for outlet, moment in sent.items() if (outlet, "gas-realtime-warning") in heard)
    at = lambda share: round(waits[min(int(share * len(waits)), len(waits) - 1)], 1) if waits else None
    print(json.dumps({"what": "alert", "devices": len(devices), "alerts": len(waits), "p50_ms": at(0.5), "p99_ms": at(0.99), "most_ms": at(1)}))


if __name__ == "__main__":
    main()
