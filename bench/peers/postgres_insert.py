"""Durable single inserts into PostgreSQL by pgbench, beside the journal: frames a second at some numbers of clients.

postgres_insert.py FOLDER [--clients 1,16,64] [--seconds 10] [--bytes 470]

A server of its own is made in FOLDER on a loopback port, run as the user `postgres` when root runs this, and stopped
at the end. Every insert is a transaction of its own with the settings that PostgreSQL comes with, so it is on the disk
before it is answered. The table has what the journal has of a frame, with the index by device, cadence and time.
"""

import argparse
import glob
import json
import os
import re
import shutil
import socket
import subprocess

TABLE = """
CREATE TABLE frames (id bigserial PRIMARY KEY, received timestamptz NOT NULL, mn text NOT NULL, cn text NOT NULL,
                     qn text NOT NULL, cadence smallint, data_time timestamptz, verdict smallint, raw bytea NOT NULL);
CREATE INDEX frames_by_device ON frames (mn, cadence, data_time);
"""
INSERT = """
\\set mn random(1, 500)
\\set second random(0, 86399)
INSERT INTO frames (received, mn, cn, qn, cadence, data_time, verdict, raw)
VALUES (now(), lpad(:mn::text, 24, '8'), '2051', :second::text, 1, now() + :second * interval '1 second', 0, '{raw}');
"""


def cpu_s(pid):
    """Processor seconds of a process, its living children and those that have ended."""
    ticks, children = 0, f"/proc/{pid}/task/{pid}/children"
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            ticks += sum(map(int, file.read().rsplit(")", 1)[1].split()[11:15]))
        with open(children, encoding="utf-8") as file:
            own = sum(cpu_s(child) for child in file.read().split())
    except FileNotFoundError:
        return 0  # It ended meanwhile: its parent has what it spent.
    return ticks / os.sysconf("SC_CLK_TCK") + own


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--clients", default="1,16,64")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--bytes", type=int, default=470)
    asked = parser.parse_args()
    folder = os.path.abspath(asked.folder)
    os.makedirs(folder)
    programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []

    def run(program, *arguments, **more):
        return subprocess.run([*as_user, f"{programs}/{program}", *arguments], check=True, cwd=folder, capture_output=True, text=True, **more).stdout

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    data = f"{folder}/data"
    run("initdb", "-D", data, "-A", "trust", "-U", "bench", "--no-instructions")
    options = f"-p {port} -h 127.0.0.1 -k {folder}"
    # Its output goes to a file: a server that holds a pipe would keep it open.
    subprocess.run([*as_user, f"{programs}/pg_ctl", "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start"], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        to = ["-h", "127.0.0.1", "-p", port, "-U", "bench"]
        run("psql", *to, "-q", "-d", "postgres", "-c", TABLE)
        version = run("psql", *to, "-At", "-d", "postgres", "-c", "SHOW server_version").split()[0]
        script = f"{folder}/insert.sql"
        with open(script, "w", encoding="utf-8") as file:
            file.write(INSERT.format(raw="#" * asked.bytes))
        os.chmod(script, 0o644)
        with open(f"{data}/postmaster.pid", encoding="utf-8") as file:
            postmaster = int(file.readline())
        for clients in asked.clients.split(","):
            before = cpu_s(postmaster) + sum(os.times()[2:4])
            said = run("pgbench", *to, "-n", "-M", "prepared", "-f", script, "-c", clients, "-j", "2", "-T", str(asked.seconds), "--log", "--log-prefix", f"{folder}/log{clients}", "postgres")
            rate = float(re.search(r"tps = ([\d.]+)", said).group(1))
            spent = cpu_s(postmaster) + sum(os.times()[2:4]) - before
            waits = []
            for path in glob.glob(f"{folder}/log{clients}.*"):
                with open(path, encoding="utf-8") as file:
                    waits += [int(line.split()[2]) for line in file]
            waits.sort()
            print(json.dumps({"peer": f"PostgreSQL {version}", "what": "insert", "clients": int(clients), "frames": len(waits), "cpu_seconds": round(spent, 2), "frames_per_second": round(rate), "p50_ms": waits[len(waits) // 2] / 1e3, "p99_ms": waits[len(waits) * 99 // 100] / 1e3}), flush=True)
    finally:
        run("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
