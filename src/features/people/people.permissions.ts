import { definePermission, EVERYONE, RECRUITERS, RECRUITING_TEAM } from '../../common/permission.js';

export const readPeople = definePermission('people.read', EVERYONE);
/** E-mail addresses and phone numbers; interviewers see names only. */
export const readContactDetails = definePermission('people.contact.read', RECRUITING_TEAM);
export const writePeople = definePermission('people.write', RECRUITERS);
