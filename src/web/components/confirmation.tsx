import { useEffect, useRef, type FormEvent, type ReactNode } from 'react';

/** Asks before something that cannot be taken back; the focus goes in and comes back by the browser's own dialog. */
export function Confirmation({ title, action, bad = false, pending, onConfirm, onClose, children }: {
  title: string; action: string; bad?: boolean; pending: boolean; onConfirm: (values: FormData) => void; onClose: () => void; children?: ReactNode;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onConfirm(new FormData(event.currentTarget));
  };
  return (
    <dialog ref={dialog} className="confirmation" aria-labelledby="confirmation-title" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <h2 id="confirmation-title">{title}</h2>
        {children}
        <div className="actions">
          <button type="submit" className={`button ${bad ? 'button-bad' : 'button-main'}`} disabled={pending}>{action}</button>
          <button type="button" className="button" onClick={() => dialog.current?.close()}>Back</button>
        </div>
      </form>
    </dialog>
  );
}
