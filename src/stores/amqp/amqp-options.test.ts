import { describe, expect, it } from "vitest";
import { readAmqpOptions } from "./amqp-options.ts";

const read = (url: string, options: Readonly<Record<string, unknown>> = {}) => readAmqpOptions(url, options);

describe("AMQP URLs", () => {
  it("have defaults for everything", () => {
    expect(read("amqp://")).toMatchObject({
      host: "localhost",
      port: 5672,
      username: "guest",
      password: "guest",
      vhost: "/",
      tls: undefined,
      loginMethod: "PLAIN",
      heartbeat: 120,
      connectTimeoutMs: 4000,
      confirms: true,
      consumerTimeoutMs: 1_800_000,
      delayQueueType: "quorum",
    });
    expect(read("amqps://h")).toMatchObject({ host: "h", port: 5671, tls: { rejectUnauthorized: true } });
  });
  it("name virtual hosts as kombu does", () => {
    const vhosts = {
      "amqp://h": "/",
      "amqp://h/": "/",
      "amqp://h//": "/",
      "amqp://h/a": "a",
      "amqp://h//a": "/a",
      "amqp://h/%2F": "/",
      "amqp://h/a%2Fb?x": "a/b",
    };
    for (const [url, vhost] of Object.entries(vhosts)) expect(read(url).vhost, url).toBe(vhost);
  });
  it("keep encoded characters of the user and the password, IPv6 addresses and any port", () => {
    expect(read("pyamqp://us%40er:p%3A%2F@[::1]:80/v")).toMatchObject({
      username: "us@er",
      password: "p:/",
      host: "::1",
      port: 80,
      vhost: "v",
    });
    expect(read("amqp://user@h")).toMatchObject({ username: "user", password: "" });
  });
  it("are refused with a sentence, and without their password", () => {
    expect(() => read("http://h")).toThrow(/expected amqp:\/\/user:password@host:port\/vhost/);
    expect(() => read("amqp://u:secret@h:port")).toThrow(/amqp:\/\/u:\*\*@h:port cannot be used: its host or port cannot be read/);
    expect(() => read("amqp://h/%zz")).toThrow(/write %25 for a % itself/);
  });
});

describe("options of AMQP brokers", () => {
  it("are known by Celery's names and ours, as texts of a query too", () => {
    expect(
      read("amqp://h", {
        confirm_publish: "false",
        heartbeat: "30",
        consumer_timeout: 60,
        connect_timeout: "500ms",
        login_method: "amqplain",
      }),
    ).toMatchObject({
      confirms: false,
      heartbeat: 30,
      consumerTimeoutMs: 60_000,
      connectTimeoutMs: 500,
      loginMethod: "AMQPLAIN",
    });
    expect(read("amqp://h", { heartbeat: null, connectTimeout: 0, qos_global: false, delay_queue_type: "classic" })).toMatchObject({
      heartbeat: 0,
      connectTimeoutMs: 0,
      globalPrefetch: false,
      delayQueueType: "classic",
    });
    expect(read("amqp://h", { max_retries: 3, interval_start: 0, read_timeout: 5 }).heartbeat).toBe(120);
  });
  it("make TLS from Celery's broker_use_ssl", () => {
    expect(read("amqp://h", { ssl: true })).toMatchObject({ port: 5671, tls: { rejectUnauthorized: true } });
    expect(read("amqps://h", { ssl: { cert_reqs: 0, server_hostname: "x" } }).tls).toEqual({ rejectUnauthorized: false, servername: "x" });
    expect(read("amqps://h", { ssl: { ca: "pem", cert: "c", key: "k", passphrase: "p" } }).tls).toEqual({
      ca: "pem",
      cert: "c",
      key: "k",
      passphrase: "p",
      rejectUnauthorized: true,
    });
    expect(() => read("amqps://h", { ssl: { keyfile: "/no/such/file" } })).toThrow(
      /the file \/no\/such\/file, which keyfile of the TLS options names, cannot be read/,
    );
  });
  it("that are unknown or wrong are refused, naming them", () => {
    expect(() => read("amqp://h", { confirm_publsh: true })).toThrow(
      /no option of an AMQP broker is called "confirm_publsh"; did you mean "confirmPublish"/,
    );
    expect(() => read("amqp://h", { heartbeat: "often" })).toThrow(/the option heartbeat of the AMQP broker/);
    expect(() => read("amqp://h", { confirmPublish: "maybe" })).toThrow(
      /expected the option confirmPublish of the AMQP broker to be true or false, got: "maybe"/,
    );
    expect(() => read("amqp://h", { delayQueueType: "stream" })).toThrow(/one of quorum, classic, got: "stream"/);
  });
});
