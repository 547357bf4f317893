export type Meter = 'jobs' | 'mails' | 'storage' | 'modelTokens';

export interface MeterUse {
  readonly meter: Meter;
  readonly amount: number;
  readonly limit: number | null;
  readonly forecast: number | null;
  readonly cost: number;
  readonly days: readonly { readonly day: string; readonly amount: number }[];
}

export interface UsageData {
  readonly usage: { readonly month: string; readonly complete: boolean; readonly cost: number; readonly forecastCost: number | null; readonly meters: readonly MeterUse[] };
}

export const USAGE = 'query ($month: String) { usage(month: $month) { month complete cost forecastCost meters { meter amount limit forecast cost days { day amount } } } }';
