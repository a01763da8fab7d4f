import type { ResultTuple } from "../protocol/result-meta.ts";
import { parseSavedGroup, savedGroupDocument } from "../protocol/result-tuple.ts";
import type { BackendAccess } from "./backend-access.ts";

/** Saved groups: the results that belong together, by the group's id, in Celery's form `{"result": <tuple>}`. */
export class BackendGroups {
  readonly #access: BackendAccess;

  constructor(access: BackendAccess) {
    this.#access = access;
  }

  /** Saves a group. */
  async save(groupId: string, tuple: ResultTuple): Promise<void> {
    const link = this.#access.require("saving a group");
    const document = this.#access.codec.encodeValue(savedGroupDocument(tuple));
    await link.run("group", 1, (connection) => connection.saveGroup(groupId, document, this.#access.expiresMs));
  }

  /** The group as it was saved; undefined where there is none. */
  async restore(groupId: string): Promise<ResultTuple | undefined> {
    const link = this.#access.require("restoring a group");
    const document = await link.run("group", 1, (connection) => connection.getGroup(groupId));
    return document === undefined ? undefined : parseSavedGroup(this.#access.codec.decodeValue(document));
  }

  /** Deletes a saved group. */
  async delete(groupId: string): Promise<void> {
    await this.#access.require("deleting a group").run("group", 1, (connection) => connection.deleteGroup(groupId));
  }
}
