import type { Shape } from './perch.js';

/** Every end-to-end test of the main job runs in each of these. */
export const SHAPES: readonly Shape[] = ['process', 'functions'];
