/** A point of a chart: a bucket, and the line that is meant; null for all of them together. */
export type ChartPoint = { readonly place: number; readonly line: string | null };
