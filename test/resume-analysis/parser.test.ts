import { describe, expect, it } from '@jest/globals';
import { headingOf } from '../../src/features/resume-analysis/parser/headings.js';
import { parseResume } from '../../src/features/resume-analysis/parser/parse-resume.js';
import { pageSegments } from '../../src/infrastructure/documents/pdf-segments.js';
import type { TextLine } from '../../src/infrastructure/documents/text-line.js';
import { documentOf, line } from './lines.js';

const work = (...lines: readonly TextLine[]) => parseResume(documentOf(line('Work Experience', { height: 14 }), ...lines)).work;
const education = (...lines: readonly TextLine[]) => parseResume(documentOf(line('Education', { height: 14 }), ...lines)).education;
const drawn = (text: string, x: number, y: number, width: number, font = 'plain', height = 10) => ({ text, x, y, width, height, font });

describe('headings', () => {
  it.each([
    ['Beruflicher Werdegang', 'work'], ['Expérience professionnelle', 'work'], ['Formação acadêmica', 'education'], ['Education & Qualifications', 'education'], ['Core Competencies', 'skills'],
    ['WORKEXPERIENCE', 'work'], ['E D U C AT I O N', 'education'], ['Volunteer Experience', 'volunteer'],
  ])('are known by their words, %s', (text, kind) => expect(headingOf(text)).toBe(kind));

  it.each(['Senior Consultant', 'Data Science', 'Research', 'experience with trucks'])('are not seen in %s', (text) => expect(headingOf(text)).toBeNull());

  it('differ in size from labels', () => {
    const { skills } = parseResume(documentOf(
      line('Profile', { height: 14 }), line('Experience', { height: 14 }), line('Skills', { height: 14 }), line('Languages', { height: 11 }), line('Python, Scala'),
    ));
    expect(skills.map(({ name }) => name)).toEqual(['Languages', 'Python', 'Scala']);
  });
});

describe('education', () => {
  it('joins what a narrow column broke', () => {
    const narrow = { column: 1, edge: 175 };
    expect(parseResume(documentOf(
      line('Education', { ...narrow, height: 14 }), line('Bachelor of Arts in English', narrow), line('Literature', narrow), line('University of Hull', narrow), line('2009 – 2012', narrow),
      line('Postgraduate Certificate in', narrow), line('Primary Education', narrow), line('University of York', narrow), line('2014 – 2015', narrow),
    )).education).toMatchObject([
      { institution: 'University of Hull', area: 'English Literature', endDate: '2012' }, { institution: 'University of York', area: 'Primary Education', endDate: '2015' },
    ]);
  });

  it('reads a table with a head row', () => {
    const at = [140, 260, 460];
    expect(education(line('Degree | Subject | Institution | Year', { at }), line('MSc | Robotics | University of Leeds | 2015', { at }), line('Abitur | Mathematik | Goethe-Gymnasium | 2010', { at }))).toMatchObject([
      { institution: 'University of Leeds', studyType: 'MSc', area: 'Robotics', endDate: '2015' }, { institution: 'Goethe-Gymnasium', studyType: 'Abitur', area: 'Mathematik', endDate: '2010' },
    ]);
  });

  it('reads entries that stand side by side', () => {
    const at = [300];
    expect(education(line('University of Hull | Xavier College', { at }), line('2005 – 2009 | 2012 – 2014', { at }), line('BSc Physics | MBA Finance', { at }))).toMatchObject([
      { institution: 'University of Hull', area: 'Physics', startDate: '2005' }, { institution: 'Xavier College', area: 'Finance', startDate: '2012' },
    ]);
  });

  it('knows a school by its looks', () => {
    expect(education(
      line('BSc Physics'), line('University of Hull, 2005 – 2009', { font: 'bold' }), line('Mode'), line('Esmod Paris, 2010 – 2012', { font: 'bold' }),
    )).toMatchObject([{ institution: 'University of Hull' }, { institution: 'Esmod Paris' }]);
  });

  it.each([
    ['BA (Hons) English Literature', 'BA (Hons)', 'English Literature'], ['Licence professionnelle, Métiers du livre', 'Licence professionnelle', 'Métiers du livre'],
    ['Bachelor of Science in Business, Marketing', 'Bachelor of Science in Business', 'Marketing'], ['Postgraduate Diploma, Nursing', 'Postgraduate Diploma', 'Nursing'], ['MBBS, Medicine', 'MBBS', 'Medicine'],
  ])('parts degree and subject of %s', (text, studyType, area) => {
    expect(education(line('University of Hull'), line(text), line('2005 – 2009'))).toMatchObject([{ institution: 'University of Hull', studyType, area }]);
  });
});

describe('work', () => {
  it('begins entries at lines that look alike', () => {
    const [bold, inner] = [{ font: 'bold' }, { x: 52 }];
    expect(work(
      line('Sales Director – Stryker', bold), line('2020 – Present'), line('Grew revenue', inner), line('District Manager – Zimmer', bold), line('2014 – 2020'),
      line("President's Club 2016, 2017", inner), line('Opened hospital accounts', inner), line('Account Executive – Medline', bold), line('2010 – 2014'),
    )).toMatchObject([{ name: 'Stryker' }, { name: 'Zimmer', position: 'District Manager' }, { name: 'Medline', position: 'Account Executive' }]);
  });

  it('lets all entries decide the order', () => {
    expect(work(
      line('Teacher Training Trust'), line('Course planning'), line('2018 – heute'), line('Voith GmbH'), line('Entwicklungsingenieurin'), line('2011 – 2018'),
    )).toMatchObject([{ name: 'Teacher Training Trust', position: 'Course planning' }, { name: 'Voith GmbH', position: 'Entwicklungsingenieurin' }]);
  });

  it('leaves out the town of the employer', () => {
    expect(work(line('Electrician | 2018 – Present'), line('Rosendin, Atlanta'))).toMatchObject([{ name: 'Rosendin', position: 'Electrician' }]);
  });

  it('goes on in the next column', () => {
    const at = (column: number) => ({ column });
    expect(parseResume(documentOf(
      line('Work Experience', { height: 14, column: 1 }), line('Driver, Acme Ltd', at(1)), line('2018 – 2020', at(1)), line('Cook, Brown Ltd', { column: 2, gap: 99 }), line('2010 – 2018', at(2)),
    )).work).toMatchObject([{ name: 'Acme Ltd' }, { name: 'Brown Ltd' }]);
  });
});

describe('scripts other than Latin', () => {
  it.each([
    ['Greek', 'Τράπεζα Αιγαίου', 'Προγραμματίστρια', 'Εθνικό Πολυτεχνείο'], ['Cyrillic', 'Завод Ґердан', 'Бухгалтерка', 'Київський університет'], ['Hebrew', 'נמל התעופה', 'מפתחת', 'הטכניון בחיפה'],
    ['Arabic', 'بلدية العين', 'مهندسة كهرباء', 'جامعة الإمارات'], ['Hangul', '푸른 출판사', '그래픽 디자이너', '한국 대학교'],
  ])('are words and no marks, %s', (_script, name, position, institution) => {
    expect(work(line(`${name} | Jan 2020 – Present`), line(position))).toEqual([{ name, position, startDate: '2020-01', endDate: undefined }]);
    expect(education(line(`${institution} | 2011 – 2015`), line(position))).toMatchObject([{ institution, area: position, startDate: '2011', endDate: '2015' }]);
  });

  it.each([['BSc, Économie', 'Économie'], ['MBA, Финансы', 'Финансы'], ['PhD – Φυσική', 'Φυσική']])('are subjects behind a degree, %s', (text, area) => {
    expect(education(line('University of Hull'), line(text), line('2005 – 2009'))).toMatchObject([{ area }]);
  });
});

describe('name and address', () => {
  it('may take several lines', () => {
    const large = { height: 20, gap: 25, column: 1 };
    const { basics } = parseResume(documentOf(
      line('Grace', large), line('Abernathy-', large), line('Cole', large), line('g.abernathy-', { column: 1 }), line('cole@mail.example', { column: 1, gap: 13 }), line('Profile'), line('Engineer of storage systems and of much else'), line('who teaches'),
    ));
    expect(basics).toMatchObject({ name: 'Grace Abernathy-Cole', email: 'g.abernathy-cole@mail.example' });
  });
});

describe('drawn text', () => {
  const texts = (...pieces: readonly ReturnType<typeof drawn>[]) => pageSegments(pieces).map(({ text }) => text);

  it('closes spaced letters', () => {
    expect(texts(drawn('T A N', 40, 700, 60), drawn('W E I', 115, 700, 60), drawn('L I', 190, 700, 20))).toEqual(['TAN WEI LI']);
  });

  it('counts what is drawn twice once', () => {
    expect(texts(drawn('Grace', 40, 700, 50), drawn('Grace', 40, 700, 50, 'shadow'))).toEqual(['Grace']);
  });

  it('puts a date on its own column', () => {
    const [side, job, date] = [drawn('Skills', 40, 502, 50), drawn('Acme', 200, 498, 30), drawn('2014 – 2019', 480, 502, 60)];
    const segments = pageSegments([side, job, date]);
    expect(segments.find(({ text }) => text === '2014 – 2019')!.row).toBe(segments.find(({ text }) => text === 'Acme')!.row);
  });

  it('is read from the right in Hebrew', () => {
    const segments = pageSegments([drawn('יחד עם', 300, 700, 60), drawn('Acme', 270, 700, 28), drawn('בחיפה', 220, 700, 46), drawn('2019', 40, 700, 20)]);
    expect(segments.map(({ text }) => text).sort()).toEqual(['2019', 'יחד עם Acme בחיפה']);
    const [phrase, year] = ['י', '2'].map((letter) => segments.find(({ text }) => text.startsWith(letter))!);
    expect(phrase!.x).toBe(0);
    expect(year!.x).toBe(300);
  });
});
