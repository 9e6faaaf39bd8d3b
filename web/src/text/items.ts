// How the item codes of an answer are printed. An unknown code is printed as it is.
const PRINTED: Record<string, string> = {
  so2: "SO2",
  no2: "NO2",
  co: "CO",
  o3: "O3",
  o3_8h: "O3",
  o3_1h: "O3 1h",
  pm10: "PM10",
  pm25: "PM2.5",
};

/** The head of a column of values; ozone's averaging time is said, since two of them may stand side by side. */
export function column(item: string): string {
  return item === "o3_8h" ? "O3 8h" : printed(item);
}

export function printed(item: string): string {
  return PRINTED[item] ?? item;
}
