/** The bands of risk, from the least to the greatest. */
export const BANDS = ["low", "elevated", "high", "critical"] as const;
