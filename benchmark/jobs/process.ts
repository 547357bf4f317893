import type { MeasuredSystem } from './measurement.js';

/** Measures the system whose module the first argument names and tells the parent what it did. */
const { measure } = (await import(`./${process.argv[2]!}.js`)) as MeasuredSystem;
const measured = await measure();
process.send!(measured, () => process.exit(0));
