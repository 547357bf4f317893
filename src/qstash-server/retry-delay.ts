import { ContractError } from './contract-error.js';

const MAX_LENGTH = 200;
const MAX_DEPTH = 20;
const DAY_MS = 86_400_000;

const FUNCTIONS: Readonly<Record<string, readonly [parameters: number, compute: (...values: number[]) => number]>> = {
  pow: [2, Math.pow], sqrt: [1, Math.sqrt], abs: [1, Math.abs], exp: [1, Math.exp], floor: [1, Math.floor], ceil: [1, Math.ceil],
  round: [1, Math.round], min: [2, Math.min], max: [2, Math.max],
};

/** Computes one expression from left to right, by the usual precedence. Knows numbers, `retried`, four operators and nine functions. */
class Parser {
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(text: string, private readonly retried: number) {
    this.tokens = text.match(/\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+|[A-Za-z_]\w*|\S/gi) ?? [];
  }

  whole(): number {
    const value = this.sum(0);
    if (this.at < this.tokens.length) throw new SyntaxError(`"${this.tokens[this.at]}" was not expected`);
    return value;
  }

  private sum(depth: number): number {
    let value = this.product(depth);
    for (let sign = this.accept('+', '-'); sign; sign = this.accept('+', '-')) value = sign === '+' ? value + this.product(depth) : value - this.product(depth);
    return value;
  }

  private product(depth: number): number {
    let value = this.factor(depth);
    for (let sign = this.accept('*', '/'); sign; sign = this.accept('*', '/')) value = sign === '*' ? value * this.factor(depth) : value / this.factor(depth);
    return value;
  }

  private factor(depth: number): number {
    if (depth > MAX_DEPTH) throw new SyntaxError('it is nested too deeply');
    const token = this.tokens[this.at++];
    if (token === undefined) throw new SyntaxError('it ends too early');
    if (token === '-') return -this.factor(depth + 1);
    if (token === '+') return this.factor(depth + 1);
    if (token === '(') {
      const value = this.sum(depth + 1);
      this.expect(')');
      return value;
    }
    if (/^[\d.]/.test(token)) return this.number(token);
    if (token === 'retried') return this.retried;
    return this.call(token, depth);
  }

  private number(token: string): number {
    const value = Number(token);
    if (Number.isNaN(value)) throw new SyntaxError(`"${token}" is not a number`);
    return value;
  }

  private call(name: string, depth: number): number {
    const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (!known) throw new SyntaxError(`"${name}" is not known`);
    this.expect('(');
    const values = [this.sum(depth + 1)];
    while (this.accept(',')) values.push(this.sum(depth + 1));
    this.expect(')');
    const [parameters, compute] = known;
    const many = name === 'min' || name === 'max';
    if (many ? values.length < parameters : values.length !== parameters) throw new SyntaxError(`"${name}" takes ${parameters} values`);
    return compute(...values);
  }

  private accept(...signs: readonly string[]): string | null {
    const token = this.tokens[this.at];
    if (token === undefined || !signs.includes(token)) return null;
    this.at++;
    return token;
  }

  private expect(sign: string): void {
    if (!this.accept(sign)) throw new SyntaxError(`"${sign}" is missing`);
  }
}

/** Milliseconds before the next try after `retried` retries, from 0 to a day. Throws SyntaxError. */
export function evaluateRetryDelay(expression: string, retried: number): number {
  const value = new Parser(expression, retried).whole();
  return Number.isNaN(value) ? 0 : Math.min(DAY_MS, Math.max(0, value));
}

/** The expression, if it can be computed. Throws 400. */
export function checkRetryDelay(expression: string): string {
  if (expression.length > MAX_LENGTH) throw new ContractError(400, `Upstash-Retry-Delay may have at most ${MAX_LENGTH} characters`);
  try {
    evaluateRetryDelay(expression, 0);
  } catch (error) {
    throw new ContractError(400, `invalid Upstash-Retry-Delay: ${(error as Error).message}`);
  }
  return expression;
}
