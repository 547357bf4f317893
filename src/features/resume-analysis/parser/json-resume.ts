/**
 * The parts of a JSON Resume record (jsonresume.org, schema 1.x) that Perch fills or writes. Dates are YYYY, YYYY-MM or
 * YYYY-MM-DD; an absent end means "until now". What is optional the parser does not read; people and other programs give it.
 */
export interface ResumeRecord {
  readonly basics: {
    readonly name: string;
    readonly email: string;
    readonly phone: string;
    readonly label: string;
    readonly url: string;
    readonly profiles: readonly { readonly url: string }[];
    readonly summary?: string;
    readonly location?: { readonly city?: string; readonly region?: string; readonly countryCode?: string };
  };
  readonly work: readonly ResumeWork[];
  readonly education: readonly ResumeEducation[];
  readonly skills: readonly ResumeSkill[];
  readonly projects?: readonly ResumeProject[];
  readonly volunteer?: readonly ResumeVolunteer[];
  readonly certificates?: readonly { readonly name: string; readonly issuer?: string; readonly date?: string; readonly url?: string }[];
  readonly awards?: readonly { readonly title: string; readonly awarder?: string; readonly date?: string }[];
  readonly publications?: readonly { readonly name: string; readonly publisher?: string; readonly releaseDate?: string; readonly url?: string }[];
  readonly languages?: readonly { readonly language: string; readonly fluency?: string }[];
}

export interface ResumeWork {
  readonly name: string;
  readonly position: string;
  readonly startDate?: string;
  readonly endDate?: string;
  readonly location?: string;
  readonly summary?: string;
  readonly highlights?: readonly string[];
}

export interface ResumeVolunteer extends Omit<ResumeWork, 'name'> {
  readonly organization: string;
}

export interface ResumeEducation {
  readonly institution: string;
  readonly studyType: string;
  readonly area: string;
  readonly startDate?: string;
  readonly endDate?: string;
  readonly score?: string;
  readonly courses?: readonly string[];
}

/** A skill, or a group of skills under its name. */
export interface ResumeSkill {
  readonly name: string;
  readonly keywords?: readonly string[];
}

export interface ResumeProject {
  readonly name: string;
  readonly description?: string;
  readonly highlights?: readonly string[];
  readonly keywords?: readonly string[];
  readonly startDate?: string;
  readonly endDate?: string;
  readonly url?: string;
}
