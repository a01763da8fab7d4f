import { describe, expect, it } from "vitest";
import { brokerUrlsOf } from "./broker-urls.ts";
import { resolveSettings } from "./resolve-settings.ts";
import type { Settings } from "./settings.ts";

function urls(values: Settings): readonly (readonly string[] | null)[] {
  const { settings } = resolveSettings([{ kind: "given", values }]);
  return [brokerUrlsOf(settings, "read"), brokerUrlsOf(settings, "write")];
}

describe("the broker URLs of a direction", () => {
  it("are its own where it has some, and otherwise those of both", () => {
    expect(urls({ brokerUrl: "redis://a", brokerReadUrl: "redis://r" })).toEqual([["redis://r"], ["redis://a"]]);
    expect(urls({ brokerUrl: ["redis://a", "redis://b"], brokerWriteUrl: "redis://w" })).toEqual([
      ["redis://a", "redis://b"],
      ["redis://w"],
    ]);
  });

  it("are made of the parts where there is no URL", () => {
    const made = ["redis://me:p%40ss@host:6380/3"];
    expect(
      urls({ brokerTransport: "redis", brokerHost: "host", brokerPort: 6380, brokerUser: "me", brokerPassword: "p@ss", brokerVhost: "3" }),
    ).toEqual([made, made]);
    expect(urls({ brokerHost: "host" })[0]).toEqual(["amqp://host"]);
    expect(urls({ brokerHost: "host", brokerUrl: "sqlite://x" })[0]).toEqual(["sqlite://x"]);
  });

  it("are none where nothing is set", () => {
    expect(urls({})).toEqual([null, null]);
  });
});
