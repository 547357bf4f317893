import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ResumeRecord } from '../../../src/features/resume-analysis/parser/json-resume.js';
import type { JobRequirements, ResumeText } from '../../../src/features/resume-analysis/scoring/score.js';
import { randomNumbers } from '../../chaos/random.js';

/** A resume as the scorer takes it. */
export interface Resume {
  readonly record: ResumeRecord;
  readonly text: ResumeText;
}

export interface Pair {
  readonly resume: Resume;
  readonly requirements: JobRequirements;
}

export const NOW = new Date('2026-06-15T12:00:00Z');
const SKILLS = ['TypeScript', 'JavaScript', 'Python', 'PostgreSQL', 'Kubernetes', 'Node.js', 'GraphQL', 'React', 'Figma', 'User research', 'Accessibility', 'German', 'Onboarding', 'Salesforce', 'Excel',
  'Machine learning', 'Terraform', 'AWS', 'C#', '.NET', 'Go', 'Scrum', 'Project management', 'Patient care', 'Accounting', 'SQL', 'SEO', 'Redis', 'Docker', 'Linux'] as const;
const TITLES = ['Senior Backend Engineer', 'Product Designer', 'Customer Success Manager', 'Registered Nurse', 'Data Scientist', 'Saleswoman', 'Frontend Developer', 'Accountant', 'Project Manager'] as const;
const NAMES = ['Amara Lindqvist', 'Ruby Go', 'Kofi German', 'Jürgen Müller', 'Mei Lin', 'Sofía Álvarez'] as const;
const FILLER = ['Led a team of six people through a change of systems', 'Wrote reports for the board every month', 'Cut the time to answer by a third', 'Looked after the budget of the department', 'Trained new colleagues'] as const;

export const pick = <T>(random: () => number, values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
const some = <T>(random: () => number, values: readonly T[], share: number): T[] => values.filter(() => random() < share);
const shuffled = <T>(random: () => number, values: readonly T[]): T[] => values.map((value) => [random(), value] as const).sort((a, b) => a[0] - b[0]).map(([, value]) => value);

/** An invented resume with an identity block. */
export function inventedResume(random: () => number): Resume {
  const name = pick(random, NAMES);
  const email = `${name.split(' ')[0]!.toLowerCase()}@mail.example`;
  const skills = shuffled(random, some(random, SKILLS, 0.3));
  const work = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => ({
    name: `Company ${index + 1} Ltd`, position: pick(random, TITLES), startDate: `${2018 - 4 * index}-03`, ...(index === 0 ? {} : { endDate: `${2022 - 4 * index}-02` }),
  }));
  const lines = [
    name, `${email} | +49 30 1234567`, 'Date of birth: 12 March 1985', 'Gender: female', '12 Kubernetes Street, Berlin', 'Photo: go.jpg', 'Experience',
    ...work.flatMap(({ name: employer, position, startDate, endDate }) => [`${position}, ${employer}`, `${startDate} – ${endDate ?? 'Present'}`, pick(random, FILLER), `Worked with ${pick(random, SKILLS)} every day`]),
    'Skills', ...skills.map((skill) => (random() < 0.5 ? skill : `${skill}, ${pick(random, SKILLS)}`)),
  ];
  return { record: { basics: { name, email, phone: '', label: '', url: '', profiles: [] }, work, education: [], skills: skills.map((skill) => ({ name: skill })) }, text: { lines } };
}

export function inventedJob(random: () => number): JobRequirements {
  const wanted = shuffled(random, SKILLS).slice(0, 1 + Math.floor(random() * 9));
  return {
    title: pick(random, TITLES), minimumYears: random() < 0.5 ? null : 1 + Math.floor(random() * 10),
    description: `You join a friendly team that builds the tools which hospitals rely on every single day of the year.\nYou bring a good command of ${wanted.join(' and ')} and like to talk to people who use what you make.`,
    criteria: wanted.map((label, index) => ({ label, necessity: index < 5 ? 'must' : 'nice' })),
  };
}

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..', '..', 'shared', 'resumes');

/** The known resumes beside a checkout; none where they are not there. */
function knownResumes(): Resume[] {
  if (!existsSync(folder)) return [];
  return readdirSync(join(folder, 'visible-text')).map((file) => {
    const truth = JSON.parse(readFileSync(join(folder, 'truth', `${file.split('--')[0]!}.json`), 'utf8')) as ResumeRecord;
    const { name = '', email = '', phone = '', label = '', url = '', profiles = [] } = truth.basics;
    return { record: { ...truth, basics: { name, email, phone, label, url, profiles }, work: truth.work ?? [] }, text: { lines: readFileSync(join(folder, 'visible-text', file), 'utf8').split('\n') } };
  });
}

const known = knownResumes();

/** So many pairs: every second resume is a known one where there are any. */
export function pairs(seed: number, count: number): Pair[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, (_, index) => ({ resume: known.length > 0 && index % 2 === 0 ? pick(random, known) : inventedResume(random), requirements: inventedJob(random) }));
}
