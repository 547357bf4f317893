/** What a measured process used until it was asked: CPU time in ms, memory in MB. */
export interface Usage {
  readonly cpu: number;
  readonly memory: number;
}

/** Answers the harness, which asks once, after the first answer is in. */
export function reportUsage(): void {
  process.once('message', () => {
    const { userCPUTime, systemCPUTime } = process.resourceUsage();
    const usage: Usage = { cpu: (userCPUTime + systemCPUTime) / 1_000, memory: process.memoryUsage().rss / 1_048_576 };
    process.send?.(usage, () => process.exit(0));
  });
}
