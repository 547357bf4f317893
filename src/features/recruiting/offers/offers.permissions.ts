import { definePermission, EVERYONE, RECRUITERS, RECRUITING_TEAM } from '../../../common/permission.js';

export const readOffers = definePermission('offers.read', RECRUITING_TEAM);
export const writeOffers = definePermission('offers.write', RECRUITERS);
/** Pay and other terms. The approvers of an offer see those that they are asked about without it. */
export const readOfferPay = definePermission('offers.pay.read', RECRUITERS);

/** Whoever is asked may answer; who that is, the approval says. */
export const decideOffers = definePermission('offers.decide', EVERYONE);
