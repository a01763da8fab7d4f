const HEX = /^[0-9a-f]{32}$/;

/** A UUID that is one for Python as well (`uuid.UUID`). A plain string is usually enough; ids are strings on the wire. */
export class Uuid {
  /** 32 hexadecimal digits without dashes. */
  readonly hex: string;

  constructor(text: string) {
    const hex = text
      .toLowerCase()
      .replace(/^urn:uuid:/, "")
      .replace(/[{}-]/g, "");
    if (!HEX.test(hex)) throw new RangeError(`expected a UUID, got: ${JSON.stringify(text)}`);
    this.hex = hex;
  }

  /** With dashes. */
  toString(): string {
    return this.hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  /** For JSON that is not ours: the text with dashes. */
  toJSON(): string {
    return this.toString();
  }

  /** How Python would show it. */
  toPythonRepr(): string {
    return `UUID('${this.toString()}')`;
  }
}
