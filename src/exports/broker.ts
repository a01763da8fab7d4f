/// <reference lib="esnext.disposable" preserve="true" />
// `celeriac/broker`: what the writer of a broker driver needs, and the facade over it.
export type {
  Binding,
  BrokerCapabilities,
  BrokerDriver,
  ConsumeParams,
  Deaths,
  Delivery,
  DeliveryTag,
  DriverConnection,
  DriverConsumer,
  Exchange,
  ExchangeType,
  MessageProperties,
  OpenParams,
  OutgoingMessage,
  Publication,
  Queue,
  QueueInfo,
  Settlement,
} from "../broker/contract.ts";
export { Broker, type BrokerOptions, type PublishOptions } from "../broker/broker.ts";
export { deadLetter, type DeadLetterParams, listDead, purgeDead, redriveDead, showDead } from "../broker/dead-letter.ts";
export { type DeadLetter, type DeathEntry, deadQueueOf, isDeadQueue } from "../broker/dead-letter-record.ts";
export { noQueueTakes, untakenBy } from "../broker/no-queue-takes.ts";
export { route } from "../broker/virtual/route.ts";
export {
  bindQueue,
  createTopology,
  declareExchange,
  declareQueue,
  deleteExchange,
  deleteQueue,
  type Topology,
  unbindQueue,
} from "../broker/virtual/topology.ts";
