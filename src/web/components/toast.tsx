import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';

interface Message {
  readonly id: number;
  readonly text: string;
  readonly undo: (() => void) | null;
}

type Tell = (text: string, undo?: () => void) => void;

const SHOWN_MS = 7_000;
const ToastContext = createContext<Tell>(() => undefined);
let lastId = 0;

/** Says what has happened, at the lower edge and to screen readers, with a way back where there is one. */
export const useToast = (): Tell => useContext(ToastContext);

function Toast({ message, onEnd }: { message: Message; onEnd: () => void }): ReactNode {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(onEnd, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held, onEnd]);
  return (
    <div className="toast" onMouseEnter={() => setHeld(true)} onMouseLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      <span>{message.text}</span>
      {message.undo && <button type="button" className="link" onClick={() => { message.undo?.(); onEnd(); }}>Undo</button>}
    </div>
  );
}

export function ToastProvider({ children }: { children: ReactNode }): ReactNode {
  const [message, setMessage] = useState<Message | null>(null);
  const tell = useCallback<Tell>((text, undo) => setMessage({ id: ++lastId, text, undo: undo ?? null }), []);
  const end = useCallback(() => setMessage(null), []);
  const value = useMemo(() => tell, [tell]);
  return (
    <ToastContext.Provider value={value}>
      {children}
      <div className="toasts" role="status" aria-live="polite">{message && <Toast key={message.id} message={message} onEnd={end} />}</div>
    </ToastContext.Provider>
  );
}
