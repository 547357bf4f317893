import { definePermission, RECRUITERS, RECRUITING_TEAM } from '../../common/permission.js';

export const readRanking = definePermission('candidate-ranking.read', RECRUITING_TEAM);
export const startRanking = definePermission('candidate-ranking.start', RECRUITERS);
