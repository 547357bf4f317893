import type { ResumeRecord } from '../../src/features/resume-analysis/parser/json-resume.js';
import { SourceFacts, type SourceResume } from '../../src/features/resume-optimization/facts/source-facts.js';

/** The lines of a resume with two jobs, a school and skills. */
export const ADA_LINES: readonly string[] = [
  'Ada Example',
  'ada@example.com | +49 30 1234567 | Berlin, Germany',
  'Experience',
  'Acme Corp',
  'Mar 2019 – Jun 2023',
  'Software Engineer',
  '• Built the payment service in TypeScript and PostgreSQL for 1,200 shops',
  '• Cut hosting costs by 12 % and answered for a budget of €40,000',
  '• Reviewed code of 5 engineers in the Helsinki office and wrote',
  'the style guide that all of them follow',
  'Beta Labs',
  'Jan 2016 – Feb 2019',
  'Junior Developer',
  '• Moved 30 reports from spreadsheets to a Python service',
  '• Helped customers of the hospital division on the phone',
  'Education',
  'University of Oulu',
  '2012 – 2015',
  'Bachelor of Science: Computer Science',
  'Skills',
  'TypeScript, PostgreSQL, Python, React',
];

export const ADA: ResumeRecord = {
  basics: { name: 'Ada Example', email: 'ada@example.com', phone: '+49 30 1234567', label: 'Software Engineer', url: '', profiles: [] },
  work: [
    {
      name: 'Acme Corp', position: 'Software Engineer', startDate: '2019-03', endDate: '2023-06', highlights: [
        'Built the payment service in TypeScript and PostgreSQL for 1,200 shops', 'Cut hosting costs by 12 % and answered for a budget of €40,000',
        'Reviewed code of 5 engineers in the Helsinki office and wrote the style guide that all of them follow',
      ],
    },
    { name: 'Beta Labs', position: 'Junior Developer', startDate: '2016-01', endDate: '2019-02', highlights: ['Moved 30 reports from spreadsheets to a Python service', 'Helped customers of the hospital division on the phone'] },
  ],
  education: [{ institution: 'University of Oulu', studyType: 'Bachelor of Science', area: 'Computer Science', startDate: '2012', endDate: '2015' }],
  skills: ['TypeScript', 'PostgreSQL', 'Python', 'React'].map((name) => ({ name })),
};

export const ADA_RESUME: SourceResume = { lines: ADA_LINES, record: ADA };
export const adaFacts = (): SourceFacts => new SourceFacts(ADA_RESUME);
