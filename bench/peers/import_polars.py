"""CSV to Parquet by polars: `python import_polars.py FILE.csv OUT.parquet [--runs 1]`.

The least an import can be: parse numbers and times, write columns. No checks, no problems, no units, no
revisions, no index, and the whole file in memory. It shows how much of our import is parsing.
"""

import argparse

import polars as pl

from clock import Clock


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("out")
    parser.add_argument("--runs", type=int, default=1)
    asked = parser.parse_args()
    for _ in range(asked.runs):
        clock = Clock()
        table = pl.read_csv(asked.file).with_columns(pl.col("time").str.to_datetime("%Y-%m-%d %H:%M"))
        table.write_parquet(asked.out)
        values = sum(table[name].count() for name in table.columns if table[name].dtype.is_numeric())
        print(clock.line(f"polars {pl.__version__}", "import", values=values, values_per_second=round(values / clock.seconds())), flush=True)


if __name__ == "__main__":
    main()
