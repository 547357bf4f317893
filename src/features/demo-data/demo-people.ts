/** Invented people for the demo workspace; each resume is read and scored like any other. */
export interface DemoPerson {
  readonly name: string;
  readonly email: string;
  readonly title: string;
  readonly employer: string;
  readonly since: string;
  readonly skills: readonly string[];
  /** Which of the demo jobs they apply for, and how many stages they have come since. */
  readonly job: number;
  readonly stage: number;
}

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { name: 'Amara Lindqvist', email: 'amara.lindqvist@example.com', title: 'Senior Backend Engineer', employer: 'Northlight Systems', since: '2018', skills: ['TypeScript', 'PostgreSQL', 'Node.js', 'Kubernetes'], job: 0, stage: 2 },
  { name: 'Tomas Okafor', email: 'tomas.okafor@example.com', title: 'Software Engineer', employer: 'Harbour Freight Tools', since: '2020', skills: ['TypeScript', 'GraphQL', 'React'], job: 0, stage: 1 },
  { name: 'Ingrid Castellanos', email: 'ingrid.castellanos@example.com', title: 'Platform Engineer', employer: 'Blue Fjord Energy', since: '2016', skills: ['PostgreSQL', 'Terraform', 'Go', 'Node.js'], job: 0, stage: 3 },
  { name: 'Rafael Nakamura', email: 'rafael.nakamura@example.com', title: 'Junior Developer', employer: 'Studio Papaya', since: '2024', skills: ['JavaScript', 'CSS', 'Vue'], job: 0, stage: 0 },
  { name: 'Leila Brandt', email: 'leila.brandt@example.com', title: 'Backend Developer', employer: 'Kestrel Payments', since: '2019', skills: ['Node.js', 'PostgreSQL', 'TypeScript', 'Redis'], job: 0, stage: 0 },
  { name: 'Mateo Virtanen', email: 'mateo.virtanen@example.com', title: 'Product Designer', employer: 'Meadow Health', since: '2017', skills: ['Figma', 'User research', 'Accessibility'], job: 1, stage: 1 },
  { name: 'Noor Whitfield', email: 'noor.whitfield@example.com', title: 'UX Designer', employer: 'Lantern Learning', since: '2021', skills: ['Figma', 'Prototyping'], job: 1, stage: 0 },
  { name: 'Sofia Abernathy', email: 'sofia.abernathy@example.com', title: 'Customer Success Manager', employer: 'Tally Cloud', since: '2015', skills: ['Onboarding', 'Salesforce', 'German'], job: 2, stage: 0 },
];

export const DEMO_JOBS = [
  {
    title: 'Senior Backend Engineer', department: 'Engineering', location: 'Berlin or remote', minimumYears: 5,
    description: 'You build the services that recruiting teams rely on every day: clear interfaces, careful data models and software that recovers by itself.\n\nYou will work in a team of six, review each other\'s work and own what you ship.',
    criteria: [{ label: 'TypeScript', necessity: 'must' }, { label: 'PostgreSQL', necessity: 'must' }, { label: 'Node.js', necessity: 'must' }, { label: 'GraphQL', necessity: 'nice' }, { label: 'Kubernetes', necessity: 'nice' }],
  },
  {
    title: 'Product Designer', department: 'Design', location: 'Lisbon', minimumYears: 3,
    description: 'You turn what recruiters tell us into screens that need no manual, from the first sketch to the last pixel.',
    criteria: [{ label: 'Figma', necessity: 'must' }, { label: 'User research', necessity: 'must' }, { label: 'Accessibility', necessity: 'nice' }],
  },
  {
    title: 'Customer Success Manager', department: 'Customer Success', location: 'Remote', minimumYears: 2,
    description: 'You make sure that new customers reach their first hire with us, and stay for the second.',
    criteria: [{ label: 'Onboarding', necessity: 'must' }, { label: 'German', necessity: 'nice' }],
  },
] as const;

/** The person's resume as a text file. */
export const resumeOf = (person: DemoPerson): Buffer => Buffer.from([
  person.name, person.email, '', 'EXPERIENCE', '', `${person.title}, ${person.employer}`, `January ${person.since} - Present`,
  `- Worked with ${person.skills.slice(0, 2).join(' and ')} every day`, '- Led a project from the first talk to its release', '',
  'SKILLS', '', person.skills.join(', '), '', 'EDUCATION', '', 'Bachelor of Science, University of Example', `${Number(person.since) - 4} - ${Number(person.since) - 1}`, '',
].join('\n'));
