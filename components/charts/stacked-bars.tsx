"use client";

import { Bar } from "recharts";

import type { ChartLine } from "@/lib/core/charts/chart";

type StackedBarsProps = { lines: readonly ChartLine[]; barWidth: number; highlighted: string | null };

/**
 * The parts of a chart one upon the other, the first at the bottom. The marked one is the one that is looked for, the others
 * are what it is held against.
 */
export function StackedBars({ lines, barWidth, highlighted }: StackedBarsProps) {
  return lines.map(({ key, role }, at) => {
    if (role === "total") return null;
    const isMarked = key === highlighted && role === "part";
    return (
      <Bar
        key={at}
        dataKey={`line${at}`}
        stackId="parts"
        barSize={barWidth}
        isAnimationActive={false}
        legendType="none"
        fill={isMarked ? "var(--add)" : "var(--hair)"}
        stroke={isMarked ? "none" : "var(--edge)"}
      />
    );
  });
}
