import { describe, expect, it } from "vitest";
import { Configuration } from "../config/configuration.ts";
import { brokerOptionsOf } from "./broker-options.ts";

const settingsWith = (values: Readonly<Record<string, unknown>>): Configuration["settings"] =>
  new Configuration([{ kind: "given", values }], { env: {} }).settings;

describe("the options of a broker", () => {
  it("are the transport options alone for an embedded broker", () => {
    expect(brokerOptionsOf(settingsWith({ brokerTransportOptions: { synchronous: "full" }, brokerHeartbeat: 7 }), "sqlite://a.db")).toEqual(
      {
        synchronous: "full",
      },
    );
  });

  it("take the settings of AMQP connections, and transport options before them", () => {
    const settings = settingsWith({ brokerHeartbeat: 7, brokerUseSsl: true, brokerTransportOptions: { confirm_publish: false } });
    expect(brokerOptionsOf(settings, "amqp://h")).toMatchObject({
      heartbeat: 7,
      ssl: true,
      confirm_publish: false,
      connect_timeout: 4,
      delay_queue_type: "quorum",
    });
  });

  it("take TLS for Redis", () => {
    expect(brokerOptionsOf(settingsWith({ brokerUseSsl: true }), "redis://h")).toEqual({ ssl: true });
    expect(brokerOptionsOf(settingsWith({}), "redis://h")).toEqual({});
  });
});
