import type { CsvCell } from "@/lib/core/shared/csv";

import type { Organisation } from "./organisation";
import type { Durations } from "./scorecard";
import type { Share } from "@/lib/core/shared/statistics";
import { isRate } from "./words";

/** What stands where a figure would tell people apart. */
export const WITHHELD = "fewer than 5 people";

/** Columns of the organisation's figures as a file. */
export const ORGANISATION_COLUMNS = [
  "figure",
  "band",
  "count",
  "n",
  "share",
  "low",
  "high",
  "median_seconds",
  "p90_seconds",
  "note",
];

/** The figures that are shown, as rows of a file: what is withheld on screen is withheld here. */
export function organisationRows(shown: Organisation): readonly (readonly CsvCell[])[] {
  const { volume } = shown;
  return [
    volume === null ? withheld("decisions") : ["decisions", "", volume.n, volume.n, "", "", "", "", "", ""],
    shareRow("approved", "", shown.approved),
    shareRow("regretted", "", shown.regretted),
    shareRow("calibration_caught", "", shown.calibration),
    shareRow("expired", "", shown.expired),
    ...shown.bands.flatMap(({ band, approved, waited }) => [
      shareRow("approved", band, approved),
      waited === null ? withheld("time_to_decide", band) : durationsRow(band, waited),
    ]),
  ];
}

function shareRow(figure: string, band: string, share: Share | null): readonly CsvCell[] {
  if (share === null) return withheld(figure, band);
  if (!isRate(share)) return [figure, band, "", share.n, "", "", "", "", "", "too few"];
  const { hits, n, low, high } = share;
  return [figure, band, hits, n, rounded(hits / n), rounded(low), rounded(high), "", "", ""];
}

const durationsRow = (band: string, { n, median, p90 }: Durations): readonly CsvCell[] => [
  "time_to_decide",
  band,
  "",
  n,
  "",
  "",
  "",
  median === null ? null : Math.round(median),
  p90 === null ? null : Math.round(p90),
  "",
];

const withheld = (figure: string, band = ""): readonly CsvCell[] => [
  figure,
  band,
  "",
  "",
  "",
  "",
  "",
  "",
  "",
  WITHHELD,
];

const rounded = (value: number) => Number(value.toFixed(4));
