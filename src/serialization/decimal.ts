const FORM = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf(?:inity)?|s?nan\d*)$/i;

/** A decimal number of any length: Python's `decimal.Decimal`. It only carries the text: compute with a library of your choice. */
export class Decimal {
  /** The digits as they were written, such as `"12.50"`, `"1E+3"` or `"NaN"`. */
  readonly text: string;

  constructor(value: string | number | bigint) {
    const text = String(value).trim();
    if (!FORM.test(text)) throw new RangeError(`expected a decimal number such as "12.50", got: ${JSON.stringify(text)}`);
    this.text = text;
  }

  /** The nearest JavaScript number. */
  toNumber(): number {
    if (/^[+-]?inf/i.test(this.text)) return this.text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    return Number(this.text);
  }

  /** The digits as they were written. */
  toString(): string {
    return this.text;
  }

  /** For JSON that is not ours: the text. */
  toJSON(): string {
    return this.text;
  }

  /** How Python would show it. */
  toPythonRepr(): string {
    return `Decimal('${this.text}')`;
  }
}
