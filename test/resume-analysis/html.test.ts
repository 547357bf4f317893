import { describe, expect, it } from '@jest/globals';
import { detectFormat } from '../../src/infrastructure/documents/detect-format.js';
import { readResume } from '../../src/features/resume-analysis/resume-reader.js';
import { SECRET } from './hiding-files.js';

const STYLE = `<style>
  /* .job { display: none } */ .off { display: none } #far { position: absolute; left: -9999px } .pale { color: #fefefe } .row { display: flex }
  .dark { background: #203040; color: #fff } @media print { .job { display: none } }
</style>`;

const page = (inside: string, head = STYLE): Buffer => Buffer.from(`<!DOCTYPE html>
<html lang="en"><head><title>Resume</title>${head}<script>document.write('Wizard')</script></head><body>
<h1>Zoe Example</h1><p><a href="mailto:zoe@example.com">write to me</a> · <a href="tel:+493012345678">+49 30 12345678</a> · <a href="https://github.com/zoe">github</a></p>
<h2>Experience</h2>
<div class="job"><div class="row"><h3>Backend Engineer</h3><span>January 2019 &ndash; March 2023</span></div><p>Acme Ltd</p><ul><li>Built the payment&nbsp;service</li><li>Led 5 engineers</li></ul></div>
<h2>Education</h2><table><tr><td>BSc Computer Science, University of Leeds</td><td>2015 - 2018</td></tr></table>
<h2>Skills</h2><p>TypeScript, PostgreSQL, Go</p>${inside}</body></html>`);

const outcome = async (file: Buffer): Promise<{ hidden: string; seen: string }> => {
  const { hidden, lines, record } = await readResume(file);
  return { hidden: hidden.map(({ text }) => text).join(' '), seen: lines.join('\n') + JSON.stringify(record) };
};

describe('a resume in HTML', () => {
  it('is read like any other', async () => {
    const { record, hidden, lines } = await readResume(page(''));
    expect(record.basics).toMatchObject({ name: 'Zoe Example', email: 'zoe@example.com' });
    expect(record.basics.phone?.replaceAll(' ', '')).toBe('+493012345678');
    expect(record.work).toMatchObject([{ name: 'Acme Ltd', position: 'Backend Engineer', startDate: '2019-01', endDate: '2023-03' }]);
    expect(record.education).toMatchObject([{ institution: 'University of Leeds', studyType: expect.stringMatching(/B\.?Sc/), area: 'Computer Science', endDate: '2018' }]);
    expect(record.skills.map(({ name }) => name)).toEqual(['TypeScript', 'PostgreSQL', 'Go']);
    expect(JSON.stringify(record.basics.profiles)).toContain('github.com/zoe');
    expect(hidden).toEqual([]);
    expect(lines.join(' ')).not.toMatch(/Wizard|display/);
  });

  it.each([
    ['an element that is not shown', `<p style="display:none">${SECRET}</p>`], ['a class that is not shown', `<div class="off"><p>${SECRET}</p></div>`], ['white text', `<p style="color:#fff">${SECRET}</p>`],
    ['pale text', `<span class="pale">${SECRET}</span>`], ['tiny text', `<p style="font-size:1px">${SECRET}</p>`], ['text beside the page', `<p id="far">${SECRET}</p>`], ['transparent text', `<p style="opacity:0">${SECRET}</p>`],
    ['text of one percent', `<p style="font-size:1%">${SECRET}</p>`], ['white by another name', `<p style="color:hsl(0, 0%, 100%)"><b style="color:#ffffffff">${SECRET}</b></p>`],
    ['the attribute hidden', `<p hidden>${SECRET}</p>`], ['invisible text', `<p style="visibility: hidden">${SECRET}</p>`], ['dark text on its own colour', `<p style="background:#203040;color:rgb(32, 48, 64)">${SECRET}</p>`],
  ])('nobody sees %s', async (_name, inside) => {
    const { hidden, seen } = await outcome(page(inside));
    expect(hidden).toBe(SECRET);
    expect(seen).not.toContain('Kubernetes');
  });

  it.each([
    ['white text on a dark ground', `<div class="dark"><p>${SECRET}</p></div>`], ['white text on a picture', `<div style="background:url(x.png);color:white"><p>${SECRET}</p></div>`], ['small text', `<small style="font-size:7px">${SECRET}</small>`],
    ['what is left out in print', `<p class="job">${SECRET}</p>`], ['what is visible again', `<div style="visibility:hidden"><p style="visibility:visible">${SECRET}</p></div>`], ['text for screens only', `<p aria-hidden="true">${SECRET}</p>`],
  ])('everybody sees %s', async (_name, inside) => {
    const { hidden, seen } = await outcome(page(inside));
    expect(hidden).toBe('');
    expect(seen).toContain(SECRET);
  });

  it.each([['an unseen link', '<p style="display:none"><a href="mailto:sly@example.com">x</a></p>'], ['a template', '<template><a href="mailto:sly@example.com">x</a></template>'], ['a title', '<title>Sly Title</title>']])('believes no %s', async (_name, inside) => {
    const { record } = await readResume(Buffer.from(page('').toString().replace('<body>', `<body>${inside}`).replace('mailto:zoe@example.com', '#')));
    expect(record.basics).toMatchObject({ name: 'Zoe Example' });
    expect(record.basics.email ?? '').not.toContain('sly');
  });

  it('carries its pictures with it', async () => {
    const photo = `<img alt="" src="data:image/png;base64,${'iVBORw0KGgo'.repeat(400_000)}">`;
    expect((await outcome(page(photo))).seen).toContain('Acme Ltd');
  });

  it('is told from pictures and programs', () => {
    expect(detectFormat(page(''))).toBe('html');
    expect(detectFormat(Buffer.from('\uFEFF <?xml version="1.0"?>\n<!-- x --><html xmlns="http://www.w3.org/1999/xhtml"><body>x</body></html>'))).toBe('html');
    for (const other of ['<svg xmlns="http://www.w3.org/2000/svg"/>', '<?xml version="1.0"?><svg/>', '<script>alert(1)</script>', '<!DOCTYPE html>\0', '<!-- x -->', '<!doctype html><svg/>', '<!doctype html>\n<script>alert(1)</script>']) expect(detectFormat(Buffer.from(other))).not.toBe('html');
  });
});
