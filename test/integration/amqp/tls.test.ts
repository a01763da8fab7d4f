import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Broker } from "../../../src/broker/broker.ts";
import { createBrokerDriver } from "../../../src/brokers/amqp/index.ts";
import { textOf, toQueue } from "../../support/amqp-rig.ts";
import { createPrivateRabbit, type PrivateRabbit } from "../../support/private-rabbitmq.ts";
import { freePort } from "../../support/services/free-port.ts";
import { until } from "../../support/until.ts";

let rabbit: PrivateRabbit;
let url: string;
let certificate: string;

beforeAll(async () => {
  const port = await freePort();
  url = `amqps://guest:guest@localhost:${port}`;
  rabbit = await createPrivateRabbit(async (folder) => {
    certificate = join(folder, "certificate.pem");
    const key = join(folder, "key.pem");
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    await promisify(execFile)("openssl", [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "2",
      "-keyout",
      key,
      "-out",
      certificate,
      ...subject,
    ]);
    const options = [
      `cacertfile = ${certificate}`,
      `certfile = ${certificate}`,
      `keyfile = ${key}`,
      "verify = verify_none",
      "fail_if_no_peer_cert = false",
    ];
    return `listeners.ssl.1 = 127.0.0.1:${port}\n${options.map((option) => `ssl_options.${option}\n`).join("")}`;
  });
  await rabbit.start();
}, 90_000);
afterAll(() => rabbit.remove(), 60_000);

const open = (ssl?: unknown, at: string = url): Broker =>
  new Broker(createBrokerDriver(), { url: at, transportOptions: ssl === undefined ? {} : { ssl }, publishRetryPolicy: false });

describe("amqps://", () => {
  it("carries messages of every size to a server whose certificate is known, as broker_use_ssl names it", async () => {
    await using broker = open({ ca_certs: certificate });
    await until("the encrypted port", () =>
      broker.connect().then(
        () => true,
        () => false,
      ),
    );
    await broker.declare({ name: "q" });
    const large = "é".repeat(1_000_000);
    await broker.publishMany([toQueue("q", "small", { headers: { n: 2 ** 40 } }), toQueue("q", large)]);
    const small = await broker.get("q");
    expect([textOf(small), small?.headers["n"]]).toEqual(["small", 2 ** 40]);
    expect(textOf(await broker.get("q", { noAck: true })) === large).toBe(true);
  });
  it("refuses a server whose certificate nobody vouches for, unless it is told not to look", async () => {
    await using strict = open();
    await expect(strict.connect()).rejects.toThrow(/cannot be reached: self-signed certificate/);
    await using careless = open({ cert_reqs: "CERT_NONE" });
    await careless.connect();
    expect(careless.connected).toBe(true);
  });
  it("is told from a server that does not speak it", async () => {
    await using broker = open({ cert_reqs: 0 }, rabbit.url.replace("amqp://", "amqps://"));
    await expect(broker.connect()).rejects.toMatchObject({ code: "CELERIAC_BROKER_UNAVAILABLE" });
  });
});
