// Chapter: counting the members of a chord. The count decides when the body is sent, so it must be exact whatever comes twice or at once.
import assert from "node:assert/strict";
import type { ChordPart } from "../../../backend/contract.ts";
import { type BackendSuite, bytesOf, textOf } from "./backend-suite.ts";

const REASON = "its store cannot count, so that chords are refused";
const SHORT_MS = 1500;

function part(index: number | null, options: Partial<ChordPart> = {}): ChordPart {
  return { groupId: "g", taskId: `t${index}`, groupIndex: index, status: "SUCCESS", result: JSON.stringify(index), ...options };
}

/** Chapter: chords. */
export function chordChapter(suite: BackendSuite): void {
  suite.describe("chords", () => {
    const test = (title: string, run: () => Promise<void>): void => suite.itWhere("chords", true, REASON, title, run);
    test("counts members and knows the size", async () => {
      await suite.connection().setChordSize("g", 3, null);
      assert.deepEqual(await suite.connection().addChordPart(part(0), null), { count: 1, size: 3 });
      assert.deepEqual(await suite.connection().addChordPart(part(1), null), { count: 2, size: 3 });
      assert.deepEqual(await suite.connection().addChordPart(part(2, { status: "FAILURE" }), null), { count: 3, size: 3 });
    });
    test("counts members that end before the size is known", async () => {
      assert.deepEqual(await suite.connection().addChordPart(part(0), null), { count: 1, size: null });
      await suite.connection().setChordSize("g", 2, null);
      assert.deepEqual(await suite.connection().addChordPart(part(1), null), { count: 2, size: 2 });
    });
    test("keeps the larger of two sizes", async () => {
      await suite.connection().setChordSize("g", 5, null);
      await suite.connection().setChordSize("g", 2, null);
      assert.deepEqual(await suite.connection().addChordPart(part(0), null), { count: 1, size: 5 });
      await suite.connection().setChordSize("g", 7, null);
      assert.deepEqual(await suite.connection().addChordPart(part(1), null), { count: 2, size: 7 });
    });
    test("counts a member once however often it is delivered, whatever its result", async () => {
      await suite.connection().setChordSize("g", 2, null);
      await suite.connection().addChordPart(part(0, { result: "1" }), null);
      assert.deepEqual(await suite.connection().addChordPart(part(0, { result: "1" }), null), { count: 1, size: 2 });
      assert.deepEqual(await suite.connection().addChordPart(part(0, { result: "2", status: "FAILURE" }), null), { count: 1, size: 2 });
      const parts = await suite.connection().chordParts("g");
      assert.equal(parts.length, 1);
      assert.equal(parts[0]?.status, "FAILURE");
      assert.equal(textOf(parts[0]?.result), "2");
    });
    test("counts two members with the same index, and members without one", async () => {
      await suite.connection().addChordPart(part(0, { taskId: "x" }), null);
      await suite.connection().addChordPart(part(0, { taskId: "y" }), null);
      await suite.connection().addChordPart(part(null, { taskId: "z" }), null);
      assert.deepEqual(await suite.connection().addChordPart(part(null, { taskId: "z" }), null), { count: 3, size: null });
    });
    test("gives the parts in the order of their index as numbers, those without one last", async () => {
      for (const index of [10, 9, 2, 0, 1, 100]) await suite.connection().addChordPart(part(index), null);
      await suite.connection().addChordPart(part(null, { taskId: "last" }), null);
      await suite.connection().addChordPart(part(3), null);
      const parts = await suite.connection().chordParts("g");
      assert.deepEqual(
        parts.map((one) => one.groupIndex),
        [0, 1, 2, 3, 9, 10, 100, null],
      );
    });
    test("gives back every field of a part", async () => {
      const bytes = Uint8Array.from([0, 200, 255]);
      await suite.connection().addChordPart(part(0, { taskId: "täsk 🌱", status: "REVOKED", result: '{"é": "🌱"}' }), null);
      await suite.connection().addChordPart(part(1, { result: bytes }), null);
      const [first, second] = await suite.connection().chordParts("g");
      assert.deepEqual(
        { ...first, result: textOf(first?.result) },
        part(0, { taskId: "täsk 🌱", status: "REVOKED", result: '{"é": "🌱"}' }),
      );
      assert.deepEqual(bytesOf(second?.result), Buffer.from(bytes));
    });
    test("keeps chords apart", async () => {
      await suite.connection().setChordSize("g", 2, null);
      await suite.connection().addChordPart(part(0), null);
      assert.deepEqual(await suite.connection().addChordPart(part(0, { groupId: "h" }), null), { count: 1, size: null });
      assert.equal((await suite.connection().chordParts("g")).length, 1);
      assert.equal((await suite.connection().chordParts("unknown")).length, 0);
    });
    test("forgets a chord, its size included, and accepts one that is not there", async () => {
      await suite.connection().setChordSize("g", 2, null);
      await suite.connection().addChordPart(part(0), null);
      await suite.connection().saveGroup("g", "the group", null);
      await suite.connection().forgetChord("g");
      await suite.connection().forgetChord("g");
      assert.equal((await suite.connection().chordParts("g")).length, 0);
      assert.equal(textOf(await suite.connection().getGroup("g")), "the group");
      assert.deepEqual(await suite.connection().addChordPart(part(1), null), { count: 1, size: null });
    });
    test("is exact under 50 members that end at once on several connections", async () => {
      const connections = [suite.connection(), await suite.connect(), await suite.connect(), await suite.connect()];
      for (let round = 0; round < 5; round++) {
        const groupId = `round ${round}`;
        await suite.connection().setChordSize(groupId, 50, null);
        const ended = Array.from({ length: 50 }, (_, i) => {
          const connection = connections[i % connections.length] ?? suite.connection();
          return connection.addChordPart(part(i, { groupId }), null);
        });
        const progress = await Promise.all(ended);
        assert.deepEqual(
          progress.map((one) => one.count).sort((x, y) => x - y),
          Array.from({ length: 50 }, (_, i) => i + 1),
        );
        assert.equal(
          progress.filter((one) => one.count === one.size).length,
          1,
          "exactly one member was expected to find the chord complete",
        );
        assert.equal((await suite.connection().chordParts(groupId)).length, 50);
      }
    });
    test("is exact when each of 50 members is delivered twice at once", async () => {
      const other = await suite.connect();
      await suite.connection().setChordSize("g", 50, null);
      const members = Array.from({ length: 50 }, (_, i) => part(i));
      const progress = await Promise.all(
        members.flatMap((one) => [suite.connection().addChordPart(one, null), other.addChordPart(one, null)]),
      );
      assert.equal(Math.max(...progress.map((one) => one.count)), 50);
      assert.equal((await suite.connection().chordParts("g")).length, 50);
    });
    test("removes an expired chord", async () => {
      await suite.connection().setChordSize("g", 2, SHORT_MS);
      await suite.connection().addChordPart(part(0), SHORT_MS);
      await suite.connection().addChordPart(part(0, { groupId: "ever" }), null);
      assert.equal((await suite.connection().chordParts("g")).length, 1);
      await suite.pass(SHORT_MS + 10);
      await suite.eventually(async () => {
        if (!suite.driver.capabilities.expiry) await suite.connection().cleanup();
        return (await suite.connection().chordParts("g")).length === 0;
      }, "the removal of the expired chord");
      assert.equal((await suite.connection().chordParts("ever")).length, 1);
      assert.deepEqual(await suite.connection().addChordPart(part(1), null), { count: 1, size: null });
    });
    test("keeps a chord for as long as its last member says", async () => {
      await suite.connection().setChordSize("g", 3, SHORT_MS);
      await suite.connection().addChordPart(part(0), SHORT_MS);
      await suite.pass(SHORT_MS / 2);
      await suite.connection().addChordPart(part(1), 3_600_000);
      await suite.pass(SHORT_MS);
      await suite.connection().cleanup();
      assert.deepEqual(await suite.connection().addChordPart(part(2), 3_600_000), { count: 3, size: 3 });
    });
  });
}
