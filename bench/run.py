"""Runs our programs and their peers in turn and writes RESULTS.md.

    bash bench/run [--only aqi,site,qc,nation,growth,import] [--rounds 5] [--stations 1500] [--values 1e8]
                   [--site FILE.csv] [--data target/bench-data] [--bin target/release] [--no-results]

Every measurement is alternated: ours, peer, ours, peer …, each in a fresh process that does the work twice and
reports the second time, so that the files are in the cache and no start-up is counted. What is written down is
the median over the rounds, in wall and in processor seconds: on a busy machine the latter is the fairer one.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parent
PARTS = ["aqi", "site", "qc", "nation", "growth", "import"]


class Runner:
    def __init__(self, asked):
        self.asked = asked
        self.data = pathlib.Path(asked.data)
        self.data.mkdir(parents=True, exist_ok=True)
        self.rows = []
        self.notes = []

    def ours(self, program, *arguments):
        return [f"{self.asked.bin}/{program}", *map(str, arguments)]

    def peer(self, script, *arguments):
        return [sys.executable, str(HERE / "peers" / script), *map(str, arguments)]

    def make(self, target, *arguments):
        """Makes an input unless it is there."""
        if not target.exists():
            subprocess.run([sys.executable, str(HERE / "make.py"), *map(str, arguments)], check=True)
        return target

    def alternate(self, commands, runs=2, rounds=None):
        """{name: {what: {"seconds": median, "cpu_seconds": median, …}}} of commands run in turn."""
        samples = {name: {} for name in commands}
        for _ in range(rounds or self.asked.rounds):
            for name, command in commands.items():
                last = {}
                for line in lines([*command, "--runs", str(runs)]):
                    last[line["what"]] = line
                for what, line in last.items():
                    samples[name].setdefault(what, []).append(line)
        return {name: {what: median(own) for what, own in kinds.items()} for name, kinds in samples.items()}

    def row(self, benchmark, who, measured, more=""):
        self.rows.append((benchmark, who, measured.get("seconds"), measured.get("cpu_seconds"), more))
        print(f"  {benchmark} | {who} | {measured.get('seconds')} s | {measured.get('cpu_seconds')} cpu s | {more}", flush=True)

    def note(self, text):
        self.notes.append(text)
        print(f"  {text}", flush=True)


def lines(command):
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def median(samples):
    first = samples[0]
    numeric = [key for key, value in first.items() if isinstance(value, (int, float))]
    return first | {key: round(statistics.median(own[key] for own in samples), 4) for key in numeric}


def ratio(peer, own, key):
    return peer[key] / own[key] if own.get(key) else float("nan")


def aqi(run):
    folder = run.make(run.data / "aqi", "aqi", run.data / "aqi")
    out = run.data / "aqi.u16"
    got = run.alternate({"ours": run.ours("bench-aqi", folder), "peer": run.peer("aqihub_rows.py", folder)})
    own, peer = got["ours"]["aqi"], got["peer"]["aqi"]
    speed = own["rows"] / own["cpu_seconds"] if own["cpu_seconds"] else own["rows_per_second"]
    peer_speed = peer["rows"] / peer["cpu_seconds"]
    run.row("AQI, six pollutants, one core", "jingce", own, f"{speed / 1e6:.1f} M station-hours a processor second")
    run.row("AQI, six pollutants, one core", peer["peer"], peer, f"{peer_speed / 1e6:.3f} M station-hours a processor second")
    run.note(f"AQI: {speed / peer_speed:.0f} times the peer; target 10 M station-hours/s {reached(speed >= 10e6)}.")
    subprocess.run([*run.ours("bench-aqi", folder), "--runs", "1", "--out", str(out)], check=True, stdout=subprocess.DEVNULL)
    agreement = lines([*run.peer("aqihub_rows.py", folder, "--runs", 1, "--ours", out)])[-1]
    run.note(f"AQI: of {agreement['rows']} complete rows {agreement['different']} differ from the peer's.")


def site(run):
    file = pathlib.Path(run.asked.site) if run.asked.site else run.make(run.data / "site.csv", "site", run.data / "site.csv")
    items = ["--items", "no2,o3_8h,pm10"]
    ours, peer = run.ours("bench-site", file, *items), run.peer("site_pandas.py", file, *items)
    got = run.alternate({"ours": ours, "peer": peer}, runs=5)
    for what, name in [("site", "values in memory"), ("site-from-file", "from the CSV file")]:
        own, other = got["ours"][what], got["peer"][what]
        run.row(f"one site, eight years, three pollutants, {name}", "jingce", own, f"{own['hours']:.0f} hours")
        run.row(f"one site, eight years, three pollutants, {name}", other["peer"], other, f"{ratio(other, own, 'seconds'):.1f} times ours")
    own = got["ours"]["site"]
    run.note(f"Site: target 50 ms {reached(own['seconds'] <= 0.05)}. openair's aqStats (R, not run here) takes about 50 s by issue 2.")
    for name, command in [("ours", ours), ("peer", peer)]:
        subprocess.run([*command, "--runs", "1", "--out", str(run.data / f"site-{name}.json")], check=True, stdout=subprocess.DEVNULL)
    run.note(f"Site: {same_site(run.data / 'site-ours.json', run.data / 'site-peer.json')}.")


def qc(run):
    file = run.make(run.data / "qc.i64", "qc", run.data / "qc.i64")
    got = run.alternate({"ours": run.ours("bench-qc", file), "peer": run.peer("qc_ioos.py", file)})
    own, plan, peer = got["ours"]["qc"], got["ours"]["plan"], got["peer"]["qc"]
    speed, peer_speed = own["rows"] / own["seconds"], peer["rows"] / peer["seconds"]
    run.row("four QARTOD tests, one core", "jingce", own, f"{speed / 1e6:.1f} M points/s")
    run.row("four QARTOD tests, one core", peer["peer"], peer, f"{peer_speed / 1e6:.3f} M points/s")
    run.row(f"the plan of PM2.5 in the catalog, {plan['tests']:.0f} tests", "jingce", plan, f"{plan['rows'] / plan['seconds'] / 1e6:.1f} M points/s")
    by_cpu = (own["rows"] / own["cpu_seconds"]) / (peer["rows"] / peer["cpu_seconds"]) if own["cpu_seconds"] else float("nan")
    run.note(f"QC: {speed / peer_speed:.0f} times the peer, {by_cpu:.0f} by processor; target 20 M points/s {reached(speed >= 20e6)}.")
    out = run.data / "qc.u8"
    subprocess.run([*run.ours("bench-qc", file), "--runs", "1", "--out", str(out)], check=True, stdout=subprocess.DEVNULL)
    agreement = lines([*run.peer("qc_ioos.py", file, "--runs", 1, "--ours", out)])[-1]
    run.note(f"QC: of {agreement['rows']} flags {agreement['different']} differ from the peer's.")


def same_site(ours, peer):
    a, b = ({(d["year"], d["id"]): d for d in map(json.loads, path.read_text().splitlines())} for path in (ours, peer))
    different = [key for key in a.keys() | b.keys() if key not in a or key not in b or not close(a[key], b[key])]
    return f"{len(a)} statistics, {len(different)} differ from the peer's" + (f": {sorted(different)[:3]}" if different else "")


def close(a, b):
    if a["n"] != b["n"] or a["valid"] != b["valid"] or (a["exact"] is None) != (b["exact"] is None):
        return False
    return a["exact"] is None or abs(a["exact"] - b["exact"]) < 1e-6


def filled(run, stations):
    """A made-up nation and the lake that holds it."""
    cities = max(1, round(stations * 340 / 1500))
    folder = run.make(run.data / f"nation-{stations}", "nation", run.data / f"nation-{stations}", "--stations", stations, "--cities", cities)
    lake = run.data / f"lake-{stations}"
    if not (lake / "done").exists():
        shutil.rmtree(lake, ignore_errors=True)
        for line in lines(run.ours("bench-fill", folder, lake)):
            if line["what"] == "fill":
                run.note(f"Lake of {stations} stations: {line['values'] / line['seconds'] / 1e6:.2f} M values/s written, sorted and committed.")
        (lake / "done").touch()
    return folder, lake


def nation(run):
    folder, lake = filled(run, run.asked.stations)
    ours = run.ours("bench-nation", lake, "--stations", folder / "stations.csv")
    peers = {
        "polars, wide files": run.peer("polars_year.py", folder, "--variant", "grid"),
        "duckdb, wide files": run.peer("duckdb_year.py", folder, "--variant", "pivot"),
        "polars, our files": run.peer("polars_year.py", folder, "--variant", "lake", "--lake", lake),
        "duckdb, our files": run.peer("duckdb_year.py", folder, "--variant", "lake", "--lake", lake),
    }
    scans = {
        "scan, ours": [*ours, "--what", "scan"],
        "scan, polars": run.peer("polars_year.py", folder, "--scan", "lake", "--lake", lake),
        "scan, duckdb": run.peer("duckdb_year.py", folder, "--scan", "lake", "--lake", lake),
    }
    got = {name: next(iter(kinds.values())) for name, kinds in run.alternate({"ours": ours} | peers | scans).items()}
    title = f"nation's year, {run.asked.stations} stations"
    own = got["ours"]
    run.row(title, "jingce", own, f"of it reading {own['read_seconds']} s")
    for name in peers:
        run.row(title, name, got[name], f"{ratio(got[name], own, 'seconds'):.2f} times ours, {ratio(got[name], own, 'cpu_seconds'):.2f} by processor")
    for name in scans:
        run.row(f"{title}, bare sum of the lake's values", name, got[name], f"{ratio(got[name], own, 'seconds'):.0%} of our evaluation")
    fastest = min((got[name] for name in peers), key=lambda line: line["seconds"])
    same = min((got[name] for name in peers if "our files" in name), key=lambda line: line["seconds"])
    for what, peer in [("whatever its layout", fastest), ("on the same files", same)]:
        times = ratio(peer, own, "seconds")
        run.note(f"Nation: {times:.2f} times the faster peer {what}; target 1.5 {reached(times >= 1.5)}.")
    out, table = run.data / "nation-peer.parquet", run.data / "nation-ours.csv"
    subprocess.run([*peers["polars, wide files"], "--runs", "1", "--out", str(out)], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*ours, "--runs", "1", "--out", str(table)], check=True, stdout=subprocess.DEVNULL)
    run.note(f"Nation: {same_nation(table, out)}.")


def same_nation(ours, peer):
    import pandas as pd

    a = pd.read_csv(ours, dtype={"id": str})
    b = pd.read_parquet(peer).set_index(["kind", "id"])
    values = a.pivot(index=["kind", "id"], columns="indicator", values="value")
    names = {f"air.{item}.{which}": f"{item}_{which}" for item, which in (c.rsplit("_", 1) for c in b.columns if c.split("_")[-1][0] in "mp" and c.split("_")[0] in ("so2", "no2", "co", "o3", "pm10", "pm25"))}
    names |= {f"air.{name}": name for name in ("valid_days", "good_days", "heavy_days")} | {"air.composite_index": "composite"}
    different = 0
    for own, other in names.items():
        left, right = values[own], b[other].astype(float).reindex(values.index)
        different += int(((left - right).abs() > 1e-6).sum() + (left.isna() != right.isna()).sum())
    return f"{len(names)} statistics of {len(b)} stations and cities, {different} values differ from the peer's"


def growth(run):
    """The same work on a hundredth, a tenth and all of the stations."""
    for stations in [run.asked.stations // 100, run.asked.stations // 10, run.asked.stations]:
        folder, lake = filled(run, max(1, stations))
        ours = run.ours("bench-nation", lake, "--stations", folder / "stations.csv")
        own = run.alternate({"ours": ours})["ours"]["nation"]
        run.row("growth", f"{stations} stations, {own['hours'] / 1e6:.2f} M hours", own, f"{own['hours'] / own['seconds'] / 1e6:.1f} M hours/s")


def imports(run):
    """The command as a user runs it, from CSV to a committed import, with its largest memory."""
    for values in [v for v in (1e6, 1e7, 1e8, 1e9) if v <= run.asked.values]:
        file = run.make(run.data / f"{values:.0e}.csv", "csv", run.data / f"{values:.0e}.csv", "--values", values)
        size = file.stat().st_size
        samples = []
        for _ in range(run.asked.rounds if values <= 1e7 else 1):
            folder = run.data / "import"
            shutil.rmtree(folder, ignore_errors=True)
            samples.append(watched(run.ours("jingce", "import", file, "--mapping", "jingce-wide-hourly", "--data", folder)))
            shutil.rmtree(folder, ignore_errors=True)
        own = median(samples)
        speed = 0.955 * values / own["seconds"]  # the made-up files have 4.5 % gaps
        more = f"{speed / 1e6:.2f} M values/s, at most {own['rss_mb']:.0f} MB of memory"
        run.row(f"import of {values:.0e} values, {size / 1e6:.0f} MB of CSV", "jingce", own, more)
        if values <= 1e7:
            bare = run.alternate({"bare": run.peer("import_polars.py", file, run.data / "bare.parquet")})["bare"]["import"]
            run.row(f"import of {values:.0e} values, {size / 1e6:.0f} MB of CSV", "polars, CSV to Parquet, no checks", bare, f"{ratio(bare, own, 'seconds'):.2f} times ours")
        run.note(f"Import of {values:.0e}: target 1 M values/s {reached(speed >= 1e6)}.")


def watched(command):
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "cpu_seconds": used.ru_utime + used.ru_stime, "rss_mb": used.ru_maxrss / 1024}


def reached(yes):
    return "reached" if yes else "NOT reached"


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.processor())
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemTotal")) / 1024**2
    return f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release().split('-')[0]}"


def write(run, load_before):
    rust = subprocess.run(["rustc", "--version"], stdout=subprocess.PIPE, text=True).stdout.strip()
    commit = subprocess.run(["git", "-C", str(TREE), "rev-parse", "--short", "HEAD"], stdout=subprocess.PIPE, text=True).stdout.strip()
    peers = ", ".join(line.strip() for line in (HERE / "requirements.txt").read_text().splitlines() if "==" in line)
    text = ["# Results", "", "Written by `bash bench/run`; what is measured and how is in README.md.", ""]
    text += [f"- machine: {machine()}; load {load_before:.1f} before, {os.getloadavg()[0]:.1f} after"]
    text += [f"- {datetime.date.today()}, commit {commit}, {rust}, Python {platform.python_version()}, {peers}"]
    # Folders of this machine say nothing to a reader: only their names are kept.
    asked = " ".join(pathlib.Path(word).name if word.startswith("/") else word for word in sys.argv[1:])
    text += [f"- `bash bench/run {asked}`: medians of {run.asked.rounds} alternating rounds", ""]
    text += ["| benchmark | who | wall s | processor s | |", "|---|---|---:|---:|---|"]
    text += [f"| {what} | {who} | {wall:.3f} | {cpu:.3f} | {more} |" for what, who, wall, cpu, more in run.rows]
    text += ["", *[f"- {note}" for note in run.notes], ""]
    (HERE / "RESULTS.md").write_text("\n".join(text), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=",".join(PARTS), help="parts, joined by commas")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stations", type=int, default=1500)
    parser.add_argument("--values", type=float, default=1e8, help="largest import")
    parser.add_argument("--site", help="a CSV file of one site, such as openair's mydata")
    parser.add_argument("--data", default=str(TREE / "target" / "bench-data"))
    parser.add_argument("--bin", default=str(TREE / "target" / "release"))
    parser.add_argument("--no-results", action="store_true", help="print only")
    asked = parser.parse_args()
    unknown = set(asked.only.split(",")) - set(PARTS)
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    run = Runner(asked)
    load_before = os.getloadavg()[0]
    parts = {"aqi": aqi, "site": site, "qc": qc, "nation": nation, "growth": growth, "import": imports}
    for name in PARTS:
        if name in asked.only.split(","):
            print(name, flush=True)
            parts[name](run)
    if not asked.no_results:
        write(run, load_before)


if __name__ == "__main__":
    main()
