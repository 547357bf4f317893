import { useState, type FormEvent, type ReactNode } from 'react';
import { START_OUTREACH } from '../../api/offers.js';
import { Failure } from '../../components/notice.js';
import { useAction } from '../../components/use-action.js';

const MAX_REMINDERS = 10;

/** The first mail and what follows where nobody answers. */
export function OutreachForm({ application, onEnd }: { application: string; onEnd: () => void }): ReactNode {
  const [reminders, setReminders] = useState(1);
  const { run, isPending, error } = useAction(onEnd);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const texts = form.getAll('reminder').map(String);
    const input = {
      subject: form.get('subject'), text: form.get('text'), businessDays: form.get('businessDays') === 'on',
      reminders: form.getAll('afterDays').map((days, index) => ({ afterDays: Number(days), text: texts[index] })),
    };
    run({ query: START_OUTREACH, variables: { id: application, input }, done: 'The first mail is on its way.' });
  };
  return (
    <form className="form" onSubmit={submit}>
      <p className="quiet">You can write {'{{firstName}}'}, {'{{jobTitle}}'} and {'{{company}}'} where they belong.</p>
      <label>Subject<input name="subject" required maxLength={200} autoFocus defaultValue="{{jobTitle}} at {{company}}" /></label>
      <label>Mail<textarea name="text" required rows={5} maxLength={20_000} defaultValue={'Hello {{firstName}},\n\n'} /></label>
      {Array.from({ length: reminders }, (_, index) => (
        <fieldset key={index}>
          <legend>Reminder {index + 1}</legend>
          <label>Days after the mail before<input name="afterDays" type="number" required min={1} max={90} defaultValue={3} /></label>
          <label>Text<textarea name="reminder" required rows={3} maxLength={20_000} defaultValue={'Hello {{firstName}},\n\n'} /></label>
        </fieldset>
      ))}
      <p className="actions">
        {reminders < MAX_REMINDERS && <button type="button" className="button" onClick={() => setReminders(reminders + 1)}>Add a reminder</button>}
        {reminders > 0 && <button type="button" className="link" onClick={() => setReminders(reminders - 1)}>Remove the last</button>}
      </p>
      <label className="choice"><input type="checkbox" name="businessDays" defaultChecked /> Saturdays and Sundays do not count</label>
      {error && <Failure error={error} />}
      <p className="actions">
        <button type="submit" className="button button-main" disabled={isPending}>Send</button>
        <button type="button" className="link" onClick={onEnd}>Cancel</button>
      </p>
    </form>
  );
}
