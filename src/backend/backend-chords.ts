import { BackendError } from "../errors/celeriac-error.ts";
import type { BackendAccess } from "./backend-access.ts";
import type { BackendLink } from "./backend-link.ts";
import type { ChordPart, ChordProgress } from "./contract.ts";

/** Counting the members of chords. Results stay serialised: whoever runs the body reads them. */
export class BackendChords {
  readonly #access: BackendAccess;

  constructor(access: BackendAccess) {
    this.#access = access;
  }

  /** Says how many members a chord has; a larger size that is already there is kept. */
  async setSize(groupId: string, size: number): Promise<void> {
    await this.#link("starting a chord").run("chord", 1, (connection) => connection.setChordSize(groupId, size, this.#access.expiresMs));
  }

  /** Adds the end of a member and tells how far the chord is. A member that ends twice counts once. */
  async addPart(part: ChordPart): Promise<ChordProgress> {
    return this.#link("counting a chord's member").run("chord", 1, (connection) => connection.addChordPart(part, this.#access.expiresMs));
  }

  /** The members that have ended, in the order of their index. */
  async parts(groupId: string): Promise<readonly ChordPart[]> {
    return this.#link("reading a chord").run("chord", 1, (connection) => connection.chordParts(groupId));
  }

  /** Removes what is known of a chord. */
  async forget(groupId: string): Promise<void> {
    await this.#link("forgetting a chord").run("chord", 1, (connection) => connection.forgetChord(groupId));
  }

  #link(operation: string): BackendLink {
    const link = this.#access.require(operation);
    if (link.driver.capabilities.chords) return link;
    throw new BackendError("CELERIAC_BACKEND_UNSUPPORTED", {
      backend: link.driver.name,
      operation,
      ability: "count the members of a chord",
      instead: "set the setting resultBackend to one that can, such as sqlite:// or redis://",
    });
  }
}
