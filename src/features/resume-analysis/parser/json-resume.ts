/** The parts of a JSON Resume record (jsonresume.org, schema 1.x) that Perch fills. Dates are YYYY, YYYY-MM; an absent end means "until now". */
export interface ResumeRecord {
  readonly basics: {
    readonly name: string;
    readonly email: string;
    readonly phone: string;
    readonly label: string;
    readonly url: string;
    readonly profiles: readonly { readonly url: string }[];
  };
  readonly work: readonly ResumeWork[];
  readonly education: readonly ResumeEducation[];
  readonly skills: readonly { readonly name: string }[];
}

export interface ResumeWork {
  readonly name: string;
  readonly position: string;
  readonly startDate?: string;
  readonly endDate?: string;
}

export interface ResumeEducation {
  readonly institution: string;
  readonly studyType: string;
  readonly area: string;
  readonly startDate?: string;
  readonly endDate?: string;
}
