import { type BackendSuite, rejection } from "./backend-suite.ts";

/** Chapter: a driver that cannot count refuses chords instead of losing them. */
export function chordsMissingChapter(suite: BackendSuite): void {
  suite.describe("chords on a store that cannot count", () => {
    suite.itWhere("chords", false, "it counts the members of chords", "refuses every chord operation", async () => {
      const connection = suite.connection();
      const part = { groupId: "g", taskId: "t", groupIndex: 0, status: "SUCCESS", result: "1" };
      await rejection(() => connection.setChordSize("g", 2, null), "setChordSize");
      await rejection(() => connection.addChordPart(part, null), "addChordPart");
      await rejection(() => connection.chordParts("g"), "chordParts");
    });
  });
}
