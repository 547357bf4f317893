/** The value below which the given share of the values lies. */
export const quantile = (values: readonly number[], share: number): number => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The lower and the upper quartile. */
export const spread = (values: readonly number[]): readonly [number, number] => [quantile(values, 0.25), quantile(values, 0.75)];
