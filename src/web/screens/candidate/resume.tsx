import type { ReactNode } from 'react';
import type { ResumeRecord } from '../../api/operations.js';

const span = (start?: string, end?: string): string => (start || end ? `${start ?? '?'} to ${end ?? 'now'}` : '');

function Entry({ title, by, from, to, text }: { title?: string; by?: string; from?: string; to?: string; text?: string }): ReactNode {
  return (
    <li>
      <p><strong>{title || 'Untitled'}</strong>{by && `, ${by}`}</p>
      <p className="quiet">{span(from, to)}</p>
      {text && <p>{text}</p>}
    </li>
  );
}

/** Text that is in the file and that nobody sees on its pages: a person should know of it before reading on. */
function HiddenText({ lines }: { lines: readonly string[] | null }): ReactNode {
  if (!lines || lines.length === 0) return null;
  return (
    <details className="flags">
      <summary><span className="badge badge-waiting">{lines.length === 1 ? '1 hidden line' : `${lines.length} hidden lines`}</span><span className="visually-hidden"> in the file</span></summary>
      <p className="quiet">Nobody sees this text on the pages of the file. It is no part of the resume and counts for nothing.</p>
      <ul>{lines.map((line, index) => <li key={index}><blockquote>{line}</blockquote></li>)}</ul>
    </details>
  );
}

/** The record that was read out of the resume, and a word on what the file hides. */
export function Resume({ record, hiddenText, recognizedPages }: { record: ResumeRecord; hiddenText: readonly string[] | null; recognizedPages: number }): ReactNode {
  const { basics, work = [], education = [], skills = [] } = record;
  return (
    <section className="card resume" aria-labelledby="resume-title">
      <h2 id="resume-title">Resume</h2>
      {recognizedPages > 0 && <p className="quiet"><span className="badge">Read from a scan</span> Letters may be misread: compare names, numbers and dates with the file.</p>}
      <HiddenText lines={hiddenText} />
      {basics?.summary && <p className="prose">{basics.summary}</p>}
      <h3>Work</h3>
      {work.length === 0 && <p className="quiet">None was found.</p>}
      <ul className="entries">{work.map((job, index) => <Entry key={index} title={job.position} by={job.name} from={job.startDate} to={job.endDate} text={job.summary} />)}</ul>
      <h3>Education</h3>
      {education.length === 0 && <p className="quiet">None was found.</p>}
      <ul className="entries">
        {education.map((school, index) => <Entry key={index} title={[school.studyType, school.area].filter(Boolean).join(', ')} by={school.institution} from={school.startDate} to={school.endDate} />)}
      </ul>
      <h3>Skills</h3>
      {skills.length === 0 && <p className="quiet">None was found.</p>}
      <ul className="tags">{skills.map((skill, index) => <li key={index}>{skill.name}</li>)}</ul>
    </section>
  );
}
