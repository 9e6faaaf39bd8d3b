"""Says whether two result tables agree: `python compare_year.py A.parquet B.parquet`.

Numbers within 1e-6, counts and flags exactly. Prints the greatest difference; exit code 1 when they disagree.
"""

import sys

import pandas as pd


def main():
    one, two = (pd.read_parquet(path).sort_values(["kind", "id"], ignore_index=True) for path in sys.argv[1:3])
    wrong = 0
    greatest = 0.0
    if list(one["id"]) != list(two["id"]):
        print("not the same stations and cities")
        return 1
    for column in one.columns.drop(["kind", "id"]):
        a, b = one[column], two[column]
        if pd.api.types.is_float_dtype(a):
            gaps = a.isna() != b.isna()
            difference = (a - b).abs().max()
            greatest = max(greatest, difference)
            bad = int(gaps.sum()) + int(((a - b).abs() > 1e-6).sum())
        else:
            bad = int((a.astype("Int64") != b.astype("Int64")).sum())
        if bad:
            print(f"{column}: {bad} of {len(a)} differ")
            wrong += bad
    print(f"{len(one)} rows, {len(one.columns)} columns, greatest difference {greatest:.3g}, {'agree' if not wrong else 'DISAGREE'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
