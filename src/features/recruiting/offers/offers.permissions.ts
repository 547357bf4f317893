import { definePermission, RECRUITERS, RECRUITING_TEAM } from '../../../common/permission.js';

export const readOffers = definePermission('offers.read', RECRUITING_TEAM);
export const writeOffers = definePermission('offers.write', RECRUITERS);
/** Pay and other terms. The approvers of an offer see those that they are asked about without it. */
export const readOfferPay = definePermission('offers.pay.read', RECRUITERS);
