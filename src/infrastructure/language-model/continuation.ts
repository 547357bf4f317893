/**
 * Makes what a model writes after a prefill fit on to it. Some repeat the prefill before they go on, and as no prefill is sent
 * with blanks at its end, some begin with blanks: both are dropped.
 */
export class Continuation {
  /** The prefill as it is sent. */
  readonly sent: string;
  private held = '';
  private matching: boolean;
  private readonly endsBlank: boolean;
  private begun = false;

  constructor(prefill: string) {
    this.sent = prefill.trimEnd();
    this.endsBlank = this.sent !== prefill;
    this.matching = this.sent !== '';
  }

  /** What is new in the piece; empty while it may still be a repetition. */
  take(piece: string): string {
    if (!this.matching) return this.fit(piece);
    this.held += piece;
    if (this.held.length < this.sent.length && this.sent.startsWith(this.held)) return '';
    this.matching = false;
    return this.fit(this.held.startsWith(this.sent) ? this.held.slice(this.sent.length) : this.held);
  }

  /** What was held back until the end. */
  rest(): string {
    if (!this.matching) return '';
    this.matching = false;
    return this.fit(this.held);
  }

  private fit(text: string): string {
    const fitting = this.endsBlank && !this.begun ? text.trimStart() : text;
    this.begun ||= fitting !== '';
    return fitting;
  }
}
