// Generated from src/config/options/ by scripts/write-settings-interface.ts. Change a row there and run the script.
/* oxlint-disable max-lines -- two interfaces with every setting in them, written by a program */
import type { Given, Resolved } from "./kinds.ts";

/** The settings that a user may give; whatever is absent or undefined has its default. */
export interface Settings {
  /**
   * Serializer names and MIME types that are accepted when a message is received; anything else is refused.
   * Celery's name: `accept_content`.
   * @default ["json"]
   */
  readonly acceptContent?: Given["texts"] | undefined;
  /**
   * The same list for results; null means that `acceptContent` holds for results too.
   * Celery's name: `result_accept_content`.
   * @default null
   */
  readonly resultAcceptContent?: Given["texts"] | null | undefined;
  /**
   * Whether dates in messages are UTC; where false they are in the zone of `timezone`.
   * Celery's name: `enable_utc`.
   * No effect yet: other time zones on the wire.
   * @default true
   */
  readonly enableUtc?: boolean | undefined;
  /**
   * Modules that a worker imports when it starts.
   * Celery's name: `imports`.
   * @default []
   */
  readonly imports?: Given["texts"] | undefined;
  /**
   * Further modules that a worker imports when it starts, after those of `imports`.
   * Celery's name: `include`.
   * @default []
   */
  readonly include?: Given["texts"] | undefined;
  /**
   * Name of the IANA time zone in which schedules are read, such as "Europe/Berlin"; null means UTC, or the machine's own zone where `enableUtc` is false.
   * Celery's name: `timezone`.
   * No effect yet: schedules.
   * @default null
   */
  readonly timezone?: string | null | undefined;
  /**
   * Whether every default that differs from Celery's is Celery's again.
   * @default false
   */
  readonly celeryDefaults?: boolean | undefined;
  /**
   * URL of the broker, or several as a list or separated by ";", of which the first that answers is used; null means the embedded default.
   * Celery's name: `broker_url`.
   * @default null
   */
  readonly brokerUrl?: Given["urls"] | null | undefined;
  /**
   * URL of the broker from which workers consume; null means `brokerUrl`.
   * Celery's name: `broker_read_url`.
   * @default null
   */
  readonly brokerReadUrl?: Given["urls"] | null | undefined;
  /**
   * URL of the broker to which messages are published; null means `brokerUrl`.
   * Celery's name: `broker_write_url`.
   * @default null
   */
  readonly brokerWriteUrl?: Given["urls"] | null | undefined;
  /**
   * Scheme of the broker URL, such as "redis", where the URL is made of `brokerHost` and its companions.
   * Celery's name: `broker_transport`.
   * @default null
   */
  readonly brokerTransport?: string | null | undefined;
  /**
   * Options that are passed to the broker's driver as they are, such as `visibilityTimeout`.
   * Celery's name: `broker_transport_options`.
   * @default {}
   */
  readonly brokerTransportOptions?: Given["object"] | undefined;
  /**
   * Longest wait in seconds for a connection to be made; null waits as long as the operating system does.
   * Celery's name: `broker_connection_timeout`.
   * @default 4
   */
  readonly brokerConnectionTimeout?: Given["seconds"] | null | undefined;
  /**
   * Whether a lost connection is made again by itself.
   * Celery's name: `broker_connection_retry`.
   * @default true
   */
  readonly brokerConnectionRetry?: boolean | undefined;
  /**
   * Whether the first connection is tried again too; null means what `brokerConnectionRetry` says.
   * Celery's name: `broker_connection_retry_on_startup`.
   * @default null
   */
  readonly brokerConnectionRetryOnStartup?: boolean | null | undefined;
  /**
   * How many times a connection is tried again before the worker gives up; 0 or null never gives up.
   * Celery's name: `broker_connection_max_retries`.
   * @default 100
   */
  readonly brokerConnectionMaxRetries?: number | null | undefined;
  /**
   * Whether an error of a channel is answered with a new connection, as a lost connection is.
   * Celery's name: `broker_channel_error_retry`.
   * No effect yet: network brokers.
   * @default false
   */
  readonly brokerChannelErrorRetry?: boolean | undefined;
  /**
   * How the next of several broker URLs is chosen: "round-robin", "shuffle", or a function that turns the list into an endless sequence; null means "round-robin".
   * Celery's name: `broker_failover_strategy`.
   * @default null
   */
  readonly brokerFailoverStrategy?: Given["failover"] | null | undefined;
  /**
   * Seconds between the heartbeats of an AMQP connection; 0 or null turns them off.
   * Celery's name: `broker_heartbeat`.
   * @default 120
   */
  readonly brokerHeartbeat?: Given["seconds"] | null | undefined;
  /**
   * How many times in each heartbeat interval the peer's heartbeat is looked for.
   * Celery's name: `broker_heartbeat_checkrate`.
   * No effect yet: RabbitMQ.
   * @default 3
   */
  readonly brokerHeartbeatCheckrate?: number | undefined;
  /**
   * Name of the AMQP login mechanism; null means the client's own choice.
   * Celery's name: `broker_login_method`.
   * @default null
   */
  readonly brokerLoginMethod?: string | null | undefined;
  /**
   * Type of the queues that hold delayed messages on RabbitMQ.
   * Celery's name: `broker_native_delayed_delivery_queue_type`.
   * @default "quorum"
   */
  readonly brokerNativeDelayedDeliveryQueueType?: "quorum" | "classic" | undefined;
  /**
   * How many connections for publishing are kept open and shared; 0 or null keeps none.
   * Celery's name: `broker_pool_limit`.
   * No effect yet: network brokers.
   * @default 10
   */
  readonly brokerPoolLimit?: number | null | undefined;
  /**
   * Longest wait in seconds for a shared connection; null waits for ever.
   * Celery's name: `broker_pool_acquire_timeout`.
   * No effect yet: network brokers.
   * @default null
   */
  readonly brokerPoolAcquireTimeout?: Given["seconds"] | null | undefined;
  /**
   * Whether connections to the broker use TLS, or the options for it.
   * Celery's name: `broker_use_ssl`.
   * @default false
   */
  readonly brokerUseSsl?: Given["tls"] | undefined;
  /**
   * Whether a message counts as sent only when the broker has confirmed it; the transport option `confirmPublish` decides for one broker.
   * @default true
   */
  readonly brokerConfirmPublish?: boolean | undefined;
  /**
   * Largest body in bytes that is sent; a larger one is refused before it is sent, and null sets no limit.
   * @default null
   */
  readonly maxMessageBytes?: number | null | undefined;
  /**
   * Host of the broker, where there is no `brokerUrl`.
   * Celery's name: `broker_host`.
   * @default null
   * @deprecated Set `brokerUrl`.
   */
  readonly brokerHost?: string | null | undefined;
  /**
   * Port of the broker, where there is no `brokerUrl`.
   * Celery's name: `broker_port`.
   * @default null
   * @deprecated Set `brokerUrl`.
   */
  readonly brokerPort?: number | null | undefined;
  /**
   * User name at the broker, where there is no `brokerUrl`.
   * Celery's name: `broker_user`.
   * @default null
   * @deprecated Set `brokerUrl`.
   */
  readonly brokerUser?: string | null | undefined;
  /**
   * Password at the broker, where there is no `brokerUrl`.
   * Celery's name: `broker_password`.
   * @default null
   * @deprecated Set `brokerUrl`.
   */
  readonly brokerPassword?: string | null | undefined;
  /**
   * Virtual host or database of the broker, where there is no `brokerUrl`.
   * Celery's name: `broker_vhost`.
   * @default null
   * @deprecated Set `brokerUrl`.
   */
  readonly brokerVhost?: string | null | undefined;
  /**
   * Whether a message is acknowledged when its task has ended, and not before it starts.
   * Celery's name: `task_acks_late`.
   * @default true
   */
  readonly taskAcksLate?: boolean | undefined;
  /**
   * Whether late acknowledgement holds for tasks that failed or ran out of time; where false their messages are rejected.
   * Celery's name: `task_acks_on_failure_or_timeout`.
   * @default true
   * @deprecated Set `taskAcksOnFailure` and `taskAcksOnTimeout`.
   */
  readonly taskAcksOnFailureOrTimeout?: boolean | undefined;
  /**
   * Whether late acknowledgement holds for tasks that failed; null means what `taskAcksOnFailureOrTimeout` says.
   * Celery's name: `task_acks_on_failure`.
   * @default null
   */
  readonly taskAcksOnFailure?: boolean | null | undefined;
  /**
   * Whether late acknowledgement holds for tasks that ran out of time; null means what `taskAcksOnFailureOrTimeout` says.
   * Celery's name: `task_acks_on_timeout`.
   * @default null
   */
  readonly taskAcksOnTimeout?: boolean | null | undefined;
  /**
   * Whether a task that is sent runs at once in the caller, and no message is sent.
   * Celery's name: `task_always_eager`.
   * @default false
   */
  readonly taskAlwaysEager?: boolean | undefined;
  /**
   * Options that replace those of tasks, by the task's name or "*" for all.
   * Celery's name: `task_annotations`.
   * @default null
   */
  readonly taskAnnotations?: Given["annotations"] | null | undefined;
  /**
   * Name of the compression of task messages; null sends them as they are.
   * Celery's name: `task_compression`.
   * @default null
   */
  readonly taskCompression?: string | null | undefined;
  /**
   * Whether a queue that `taskQueues` does not have is made when it is first used.
   * Celery's name: `task_create_missing_queues`.
   * @default true
   */
  readonly taskCreateMissingQueues?: boolean | undefined;
  /**
   * Type of the queues that are made when first used.
   * Celery's name: `task_create_missing_queue_type`.
   * No effect yet: RabbitMQ.
   * @default "classic"
   */
  readonly taskCreateMissingQueueType?: "classic" | "quorum" | undefined;
  /**
   * Type of the exchange of a queue that is made when first used; null means "direct".
   * Celery's name: `task_create_missing_queue_exchange_type`.
   * @default null
   */
  readonly taskCreateMissingQueueExchangeType?: "direct" | "topic" | "fanout" | "headers" | null | undefined;
  /**
   * Whether a task that is sent by a running task has the priority of that task.
   * Celery's name: `task_inherit_parent_priority`.
   * @default false
   */
  readonly taskInheritParentPriority?: boolean | undefined;
  /**
   * Whether messages survive a restart of the broker: 2 or "persistent", or 1 or "transient".
   * Celery's name: `task_default_delivery_mode`.
   * @default 2
   */
  readonly taskDefaultDeliveryMode?: Given["deliveryMode"] | undefined;
  /**
   * Queue of tasks that nothing else routes.
   * Celery's name: `task_default_queue`.
   * @default "celery"
   */
  readonly taskDefaultQueue?: string | undefined;
  /**
   * Type of the default queue.
   * Celery's name: `task_default_queue_type`.
   * No effect yet: RabbitMQ.
   * @default "classic"
   */
  readonly taskDefaultQueueType?: "classic" | "quorum" | undefined;
  /**
   * Exchange of a queue that names none; null means one with the name of the default queue.
   * Celery's name: `task_default_exchange`.
   * @default null
   */
  readonly taskDefaultExchange?: string | null | undefined;
  /**
   * Type of the exchange of a queue that names none.
   * Celery's name: `task_default_exchange_type`.
   * @default "direct"
   */
  readonly taskDefaultExchangeType?: "direct" | "topic" | "fanout" | "headers" | undefined;
  /**
   * Routing key of a queue that names none; null means the name of the default queue.
   * Celery's name: `task_default_routing_key`.
   * @default null
   */
  readonly taskDefaultRoutingKey?: string | null | undefined;
  /**
   * How often a worker starts a task that has no limit of its own, such as "10/s", "5/m" or "100/h"; a number is per second, and null sets no limit.
   * Celery's name: `task_default_rate_limit`.
   * No effect yet: rate limits.
   * @default null
   */
  readonly taskDefaultRateLimit?: Given["rateLimit"] | null | undefined;
  /**
   * Priority of tasks that have none of their own.
   * Celery's name: `task_default_priority`.
   * @default null
   */
  readonly taskDefaultPriority?: number | null | undefined;
  /**
   * Whether the error of a task that runs at once in the caller is thrown there.
   * Celery's name: `task_eager_propagates`.
   * @default false
   */
  readonly taskEagerPropagates?: boolean | undefined;
  /**
   * Whether results of tasks are not stored, for tasks that do not say it themselves.
   * Celery's name: `task_ignore_result`.
   * @default false
   */
  readonly taskIgnoreResult?: boolean | undefined;
  /**
   * Whether the result of a task that runs at once in the caller is stored in the backend.
   * Celery's name: `task_store_eager_result`.
   * @default false
   */
  readonly taskStoreEagerResult?: boolean | undefined;
  /**
   * Version of the protocol in which task messages are sent.
   * Celery's name: `task_protocol`.
   * No effect yet: sending protocol 1.
   * @default 2
   */
  readonly taskProtocol?: 1 | 2 | undefined;
  /**
   * Whether a message that could not be sent is sent again.
   * Celery's name: `task_publish_retry`.
   * @default true
   */
  readonly taskPublishRetry?: boolean | undefined;
  /**
   * How a message that could not be sent is sent again; the intervals are in seconds.
   * Celery's name: `task_publish_retry_policy`.
   * @default {"maxRetries":3,"intervalStart":0,"intervalMax":1,"intervalStep":0.2}
   */
  readonly taskPublishRetryPolicy?: Given["retryPolicy"] | undefined;
  /**
   * Queues from which a worker consumes, as a list or as a map of names and options; null means the default queue alone.
   * Celery's name: `task_queues`.
   * @default null
   */
  readonly taskQueues?: Given["queues"] | null | undefined;
  /**
   * Highest priority of the queues that set none themselves.
   * Celery's name: `task_queue_max_priority`.
   * No effect yet: RabbitMQ.
   * @default null
   */
  readonly taskQueueMaxPriority?: number | null | undefined;
  /**
   * Whether a task whose process died is delivered again, where it is acknowledged late.
   * Celery's name: `task_reject_on_worker_lost`.
   * @default true
   */
  readonly taskRejectOnWorkerLost?: boolean | null | undefined;
  /**
   * Whether an error from another process is thrown with the stack that it had there.
   * Celery's name: `task_remote_tracebacks`.
   * No effect yet: remote tracebacks.
   * @default false
   */
  readonly taskRemoteTracebacks?: boolean | undefined;
  /**
   * Where tasks go: a map of names, globs or regular expressions to queues or options, a function, or a list of these of which the first that answers decides.
   * Celery's name: `task_routes`.
   * @default null
   */
  readonly taskRoutes?: Given["routes"] | null | undefined;
  /**
   * Whether an event is sent for each task that is sent.
   * Celery's name: `task_send_sent_event`.
   * No effect yet: events.
   * @default false
   */
  readonly taskSendSentEvent?: boolean | undefined;
  /**
   * Name of the serializer of task messages.
   * Celery's name: `task_serializer`.
   * @default "json"
   */
  readonly taskSerializer?: string | undefined;
  /**
   * Seconds after which a running task is told to stop; null sets no limit.
   * Celery's name: `task_soft_time_limit`.
   * @default null
   */
  readonly taskSoftTimeLimit?: Given["seconds"] | null | undefined;
  /**
   * Seconds after which the process of a running task is killed; null sets no limit.
   * Celery's name: `task_time_limit`.
   * @default null
   */
  readonly taskTimeLimit?: Given["seconds"] | null | undefined;
  /**
   * Whether errors of tasks are stored where results are not.
   * Celery's name: `task_store_errors_even_if_ignored`.
   * @default false
   */
  readonly taskStoreErrorsEvenIfIgnored?: boolean | undefined;
  /**
   * Whether the state STARTED is stored when a task starts.
   * Celery's name: `task_track_started`.
   * @default false
   */
  readonly taskTrackStarted?: boolean | undefined;
  /**
   * Whether an error callback of a chord is called for errors of its header's members too.
   * Celery's name: `task_allow_error_cb_on_chord_header`.
   * No effect yet: chords.
   * @default false
   */
  readonly taskAllowErrorCbOnChordHeader?: boolean | undefined;
  /**
   * How many child processes may die with a task that a worker saw die; at this many it fails with WorkerLostError and is dead-lettered. 0 is the same as 1.
   * @default 5
   */
  readonly taskMaxChildDeaths?: number | undefined;
  /**
   * How many whole workers may vanish with a task in their hands; at this many it fails with WorkerLostError and is dead-lettered. 0 is the same as 1.
   * @default 20
   */
  readonly taskMaxWorkerDeaths?: number | undefined;
  /**
   * What a worker does with a task that it does not know: "reject" dead-letters its message, "park" keeps it for a worker that knows it.
   * @default "reject"
   */
  readonly taskUnknown?: "reject" | "park" | undefined;
  /**
   * URL or short name of the result backend; null means the broker's own where it can hold results, and none elsewhere.
   * Celery's name: `result_backend`.
   * @default null
   */
  readonly resultBackend?: string | null | undefined;
  /**
   * How many results a client remembers; -1 remembers none, and 0 or null sets no limit.
   * Celery's name: `result_cache_max`.
   * @default -1
   */
  readonly resultCacheMax?: number | null | undefined;
  /**
   * Name of the compression of results that are sent as messages; null sends them as they are. Results that a backend stores are not compressed.
   * Celery's name: `result_compression`.
   * @default null
   */
  readonly resultCompression?: string | null | undefined;
  /**
   * Name of the exchange to which results go as messages.
   * Celery's name: `result_exchange`.
   * No effect yet: an exchange for results (they go straight to the queue of the caller).
   * @default "celeryresults"
   */
  readonly resultExchange?: string | undefined;
  /**
   * Type of the exchange to which results go as messages.
   * Celery's name: `result_exchange_type`.
   * No effect yet: an exchange for results (they go straight to the queue of the caller).
   * @default "direct"
   */
  readonly resultExchangeType?: "direct" | "topic" | "fanout" | "headers" | undefined;
  /**
   * Seconds that a result is kept; 0 or null keeps it for ever.
   * Celery's name: `result_expires`.
   * @default 86400
   */
  readonly resultExpires?: Given["seconds"] | null | undefined;
  /**
   * Whether results that go as messages survive a restart of the broker; null leaves it to the backend.
   * Celery's name: `result_persistent`.
   * @default null
   */
  readonly resultPersistent?: boolean | null | undefined;
  /**
   * Whether a result is stored with the task's name, arguments, worker, retries and queue.
   * Celery's name: `result_extended`.
   * @default false
   */
  readonly resultExtended?: boolean | undefined;
  /**
   * Name of the serializer of results.
   * Celery's name: `result_serializer`.
   * @default "json"
   */
  readonly resultSerializer?: string | undefined;
  /**
   * Options that are passed to the result backend's driver as they are.
   * Celery's name: `result_backend_transport_options`.
   * @default {}
   */
  readonly resultBackendTransportOptions?: Given["object"] | undefined;
  /**
   * Seconds between two looks at whether a chord is complete, on a backend that cannot count.
   * Celery's name: `result_chord_retry_interval`.
   * No effect yet: chords.
   * @default 1
   */
  readonly resultChordRetryInterval?: Given["seconds"] | undefined;
  /**
   * Longest wait in seconds for the results of a chord's header once all its members have ended.
   * Celery's name: `result_chord_join_timeout`.
   * No effect yet: chords.
   * @default 3
   */
  readonly resultChordJoinTimeout?: Given["seconds"] | undefined;
  /**
   * Longest wait in milliseconds before an operation of the backend is tried again.
   * Celery's name: `result_backend_max_sleep_between_retries_ms`.
   * @default 10000
   */
  readonly resultBackendMaxSleepBetweenRetriesMs?: number | undefined;
  /**
   * How many times an operation of the backend is tried again.
   * Celery's name: `result_backend_max_retries`.
   * @default "inf"
   */
  readonly resultBackendMaxRetries?: number | undefined;
  /**
   * First wait in milliseconds before an operation of the backend is tried again; it grows from there.
   * Celery's name: `result_backend_base_sleep_between_retries_ms`.
   * @default 10
   */
  readonly resultBackendBaseSleepBetweenRetriesMs?: number | undefined;
  /**
   * Whether an operation of the backend that failed for a passing reason is tried again in place of raising the error.
   * Celery's name: `result_backend_always_retry`.
   * @default false
   */
  readonly resultBackendAlwaysRetry?: boolean | undefined;
  /**
   * Whether all threads share one connection to the backend.
   * Celery's name: `result_backend_thread_safe`.
   * No effect yet: sharing backends between threads.
   * @default false
   */
  readonly resultBackendThreadSafe?: boolean | undefined;
  /**
   * Names for result backends, each with the module that makes it.
   * Celery's name: `override_backends`.
   * No effect yet: backends of other packages.
   * @default {}
   */
  readonly overrideBackends?: Given["object"] | undefined;
  /**
   * Module of an agent that runs beside the worker.
   * Celery's name: `worker_agent`.
   * No effect yet: worker agents.
   * @default null
   */
  readonly workerAgent?: string | null | undefined;
  /**
   * Module of the autoscaler; null means the built-in one.
   * Celery's name: `worker_autoscaler`.
   * No effect yet: autoscaling.
   * @default null
   */
  readonly workerAutoscaler?: string | null | undefined;
  /**
   * Module of the automatic reloader; null means the built-in one.
   * Celery's name: `worker_autoreloader`.
   * No effect yet: automatic reloading.
   * @default null
   */
  readonly workerAutoreloader?: string | null | undefined;
  /**
   * Whether running tasks that are acknowledged late are stopped when the connection to the broker is lost.
   * Celery's name: `worker_cancel_long_running_tasks_on_connection_loss`.
   * No effect yet: network brokers.
   * @default false
   */
  readonly workerCancelLongRunningTasksOnConnectionLoss?: boolean | undefined;
  /**
   * Seconds that running tasks have to end before a cold shutdown; 0 gives none.
   * Celery's name: `worker_soft_shutdown_timeout`.
   * @default 0
   */
  readonly workerSoftShutdownTimeout?: Given["seconds"] | undefined;
  /**
   * Whether a soft shutdown waits even where no task runs.
   * Celery's name: `worker_enable_soft_shutdown_on_idle`.
   * @default false
   */
  readonly workerEnableSoftShutdownOnIdle?: boolean | undefined;
  /**
   * How many tasks, or child processes, run at the same time; null means the number of processors.
   * Celery's name: `worker_concurrency`.
   * @default null
   */
  readonly workerConcurrency?: number | null | undefined;
  /**
   * Module of the consumer; null means the built-in one.
   * Celery's name: `worker_consumer`.
   * No effect yet: consumers of other packages.
   * @default null
   */
  readonly workerConsumer?: string | null | undefined;
  /**
   * Whether each worker also has a queue of its own, to which tasks can be sent by the worker's name.
   * Celery's name: `worker_direct`.
   * @default false
   */
  readonly workerDirect?: boolean | undefined;
  /**
   * Whether all rate limits are passed over.
   * Celery's name: `worker_disable_rate_limits`.
   * No effect yet: rate limits.
   * @default false
   */
  readonly workerDisableRateLimits?: boolean | undefined;
  /**
   * Whether a task that is delivered again is skipped where its result says that it has succeeded.
   * Celery's name: `worker_deduplicate_successful_tasks`.
   * No effect yet: skipping what has succeeded.
   * @default false
   */
  readonly workerDeduplicateSuccessfulTasks?: boolean | undefined;
  /**
   * Whether a worker listens to remote commands.
   * Celery's name: `worker_enable_remote_control`.
   * No effect yet: remote control.
   * @default true
   */
  readonly workerEnableRemoteControl?: boolean | undefined;
  /**
   * Whether the worker takes over the log lines of other loggers.
   * Celery's name: `worker_hijack_root_logger`.
   * No effect yet: capture of other loggers.
   * @default true
   */
  readonly workerHijackRootLogger?: boolean | undefined;
  /**
   * Whether log lines are coloured; null means where the output is a terminal.
   * Celery's name: `worker_log_color`.
   * No effect yet: log formats.
   * @default null
   */
  readonly workerLogColor?: boolean | null | undefined;
  /**
   * Format of the worker's log lines.
   * Celery's name: `worker_log_format`.
   * No effect yet: log formats.
   * @default "[%(asctime)s: %(levelname)s/%(processName)s] %(message)s"
   */
  readonly workerLogFormat?: string | undefined;
  /**
   * Seconds to wait after a child ended for a result that may still be on its way, before its task counts as lost.
   * Celery's name: `worker_lost_wait`.
   * No effect yet: supervision of children.
   * @default 10
   */
  readonly workerLostWait?: Given["seconds"] | undefined;
  /**
   * Memory in KiB after which a child is replaced when its task has ended; null sets no limit.
   * Celery's name: `worker_max_memory_per_child`.
   * @default null
   */
  readonly workerMaxMemoryPerChild?: number | null | undefined;
  /**
   * How many tasks a child runs before it is replaced; null sets no limit.
   * Celery's name: `worker_max_tasks_per_child`.
   * @default null
   */
  readonly workerMaxTasksPerChild?: number | null | undefined;
  /**
   * How tasks are executed: "prefork" in child processes, "threads" in threads, "async" many in one event loop, "solo" one after another in the worker itself.
   * Celery's name: `worker_pool`.
   * @default "prefork"
   */
  readonly workerPool?: Given["pool"] | undefined;
  /**
   * Whether a task is given to the pool only when a slot is free.
   * Celery's name: `worker_pool_putlocks`.
   * No effect yet: locks of the pool.
   * @default true
   */
  readonly workerPoolPutlocks?: boolean | undefined;
  /**
   * Whether the remote command `pool_restart` is allowed.
   * Celery's name: `worker_pool_restarts`.
   * No effect yet: remote control.
   * @default false
   */
  readonly workerPoolRestarts?: boolean | undefined;
  /**
   * Seconds that a new child has to say that it is up: a Node.js process that imports an app takes longer than a fork of Python's.
   * Celery's name: `worker_proc_alive_timeout`.
   * @default 30
   */
  readonly workerProcAliveTimeout?: Given["seconds"] | undefined;
  /**
   * How many messages are fetched ahead for each slot; 0 sets no limit. Where nobody sets it, a worker with children fetches up to eight times as many while its tasks take under two milliseconds.
   * Celery's name: `worker_prefetch_multiplier`.
   * @default 4
   */
  readonly workerPrefetchMultiplier?: number | undefined;
  /**
   * How many delayed tasks a worker holds at most; null sets no limit.
   * Celery's name: `worker_eta_task_limit`.
   * No effect yet: limits on delayed tasks.
   * @default null
   */
  readonly workerEtaTaskLimit?: number | null | undefined;
  /**
   * Whether fewer messages are fetched ahead after a reconnect while earlier tasks still run.
   * Celery's name: `worker_enable_prefetch_count_reduction`.
   * No effect yet: network brokers.
   * @default true
   */
  readonly workerEnablePrefetchCountReduction?: boolean | undefined;
  /**
   * Whether a message is fetched only when a slot is free.
   * Celery's name: `worker_disable_prefetch`.
   * No effect yet: fetching without prefetch.
   * @default false
   */
  readonly workerDisablePrefetch?: boolean | undefined;
  /**
   * Whether what tasks write to stdout and stderr goes to the log.
   * Celery's name: `worker_redirect_stdouts`.
   * No effect yet: capture of output.
   * @default true
   */
  readonly workerRedirectStdouts?: boolean | undefined;
  /**
   * Level of the log lines that tasks' output becomes.
   * Celery's name: `worker_redirect_stdouts_level`.
   * No effect yet: capture of output.
   * @default "WARNING"
   */
  readonly workerRedirectStdoutsLevel?: "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL" | undefined;
  /**
   * Whether a worker sends events about its tasks.
   * Celery's name: `worker_send_task_events`.
   * No effect yet: events.
   * @default false
   */
  readonly workerSendTaskEvents?: boolean | undefined;
  /**
   * File in which a worker keeps the revoked tasks over a restart.
   * Celery's name: `worker_state_db`.
   * No effect yet: state of revoked tasks.
   * @default null
   */
  readonly workerStateDb?: string | null | undefined;
  /**
   * Format of log lines that are written inside a task.
   * Celery's name: `worker_task_log_format`.
   * No effect yet: log formats.
   * @default "[%(asctime)s: %(levelname)s/%(processName)s] %(task_name)s[%(task_id)s]: %(message)s"
   */
  readonly workerTaskLogFormat?: string | undefined;
  /**
   * Module of the timer; null means the built-in one.
   * Celery's name: `worker_timer`.
   * No effect yet: timers of other packages.
   * @default null
   */
  readonly workerTimer?: string | null | undefined;
  /**
   * Longest sleep in seconds between two looks at the timer.
   * Celery's name: `worker_timer_precision`.
   * No effect yet: timers of other packages.
   * @default 1
   */
  readonly workerTimerPrecision?: Given["seconds"] | undefined;
  /**
   * Whether quorum queues are found out and consumed in the way that they need.
   * Celery's name: `worker_detect_quorum_queues`.
   * No effect yet: RabbitMQ.
   * @default true
   */
  readonly workerDetectQuorumQueues?: boolean | undefined;
  /**
   * File to which the worker writes its log.
   * Celery's name: `worker_logfile`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly workerLogfile?: string | null | undefined;
  /**
   * File in which the worker writes its process id.
   * Celery's name: `worker_pidfile`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly workerPidfile?: string | null | undefined;
  /**
   * User, by name or number, as whom the worker runs.
   * Celery's name: `worker_uid`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly workerUid?: string | null | undefined;
  /**
   * Group, by name or number, as which the worker runs.
   * Celery's name: `worker_gid`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly workerGid?: string | null | undefined;
  /**
   * File mode mask of the worker, in octal, such as "022".
   * Celery's name: `worker_umask`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly workerUmask?: string | null | undefined;
  /**
   * Program that runs the worker in the background; null means the Node that runs now.
   * Celery's name: `worker_executable`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly workerExecutable?: string | null | undefined;
  /**
   * How many tasks each child process or thread runs at the same time.
   * @default 1
   */
  readonly childConcurrency?: number | undefined;
  /**
   * Longest sleep in seconds between two looks at the schedule; 0 leaves it to the scheduler.
   * Celery's name: `beat_max_loop_interval`.
   * No effect yet: periodic tasks.
   * @default 0
   */
  readonly beatMaxLoopInterval?: Given["seconds"] | undefined;
  /**
   * Periodic tasks by name, each with its `task`, its `schedule` and its arguments and options.
   * Celery's name: `beat_schedule`.
   * No effect yet: periodic tasks.
   * @default {}
   */
  readonly beatSchedule?: Given["schedule"] | undefined;
  /**
   * Module of the scheduler; null means the built-in one, which remembers its last runs.
   * Celery's name: `beat_scheduler`.
   * No effect yet: periodic tasks.
   * @default null
   */
  readonly beatScheduler?: string | null | undefined;
  /**
   * File in which the scheduler remembers its last runs.
   * Celery's name: `beat_schedule_filename`.
   * No effect yet: periodic tasks.
   * @default "celerybeat-schedule"
   */
  readonly beatScheduleFilename?: string | undefined;
  /**
   * After how many sent tasks the scheduler's memory is written; 0 writes it by time alone.
   * Celery's name: `beat_sync_every`.
   * No effect yet: periodic tasks.
   * @default 0
   */
  readonly beatSyncEvery?: number | undefined;
  /**
   * How many seconds late a crontab's run may still start after a pause; null starts it however late.
   * Celery's name: `beat_cron_starting_deadline`.
   * No effect yet: periodic tasks.
   * @default null
   */
  readonly beatCronStartingDeadline?: Given["seconds"] | null | undefined;
  /**
   * File to which beat writes its log.
   * Celery's name: `beat_logfile`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly beatLogfile?: string | null | undefined;
  /**
   * File in which beat writes its process id.
   * Celery's name: `beat_pidfile`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly beatPidfile?: string | null | undefined;
  /**
   * User, by name or number, as whom beat runs.
   * Celery's name: `beat_uid`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly beatUid?: string | null | undefined;
  /**
   * Group, by name or number, as which beat runs.
   * Celery's name: `beat_gid`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly beatGid?: string | null | undefined;
  /**
   * File mode mask of beat, in octal, such as "022".
   * Celery's name: `beat_umask`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly beatUmask?: string | null | undefined;
  /**
   * Program that runs beat in the background; null means the Node that runs now.
   * Celery's name: `beat_executable`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly beatExecutable?: string | null | undefined;
  /**
   * Seconds that a monitor's queue stays when nobody uses it.
   * Celery's name: `event_queue_expires`.
   * No effect yet: events.
   * @default 60
   */
  readonly eventQueueExpires?: Given["seconds"] | null | undefined;
  /**
   * Seconds that an event waits in a monitor's queue before it is dropped.
   * Celery's name: `event_queue_ttl`.
   * No effect yet: events.
   * @default 5
   */
  readonly eventQueueTtl?: Given["seconds"] | null | undefined;
  /**
   * First part of the names of monitors' queues.
   * Celery's name: `event_queue_prefix`.
   * No effect yet: events.
   * @default "celeryev"
   */
  readonly eventQueuePrefix?: string | undefined;
  /**
   * Whether only the connection that made a monitor's queue may use it.
   * Celery's name: `event_queue_exclusive`.
   * No effect yet: events.
   * @default true
   */
  readonly eventQueueExclusive?: boolean | undefined;
  /**
   * Whether a monitor's queue survives a restart of the broker.
   * Celery's name: `event_queue_durable`.
   * No effect yet: events.
   * @default false
   */
  readonly eventQueueDurable?: boolean | undefined;
  /**
   * Name of the serializer of events.
   * Celery's name: `event_serializer`.
   * No effect yet: events.
   * @default "json"
   */
  readonly eventSerializer?: string | undefined;
  /**
   * Name of the exchange to which events are sent.
   * Celery's name: `event_exchange`.
   * No effect yet: events.
   * @default "celeryev"
   */
  readonly eventExchange?: string | undefined;
  /**
   * File to which `celeriac events` writes its log.
   * Celery's name: `events_logfile`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly eventsLogfile?: string | null | undefined;
  /**
   * File in which `celeriac events` writes its process id.
   * Celery's name: `events_pidfile`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly eventsPidfile?: string | null | undefined;
  /**
   * User, by name or number, as whom `celeriac events` runs.
   * Celery's name: `events_uid`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly eventsUid?: string | null | undefined;
  /**
   * Group, by name or number, as which `celeriac events` runs.
   * Celery's name: `events_gid`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly eventsGid?: string | null | undefined;
  /**
   * File mode mask of `celeriac events`, in octal, such as "022".
   * Celery's name: `events_umask`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly eventsUmask?: string | null | undefined;
  /**
   * Program that runs `celeriac events` in the background; null means the Node that runs now.
   * Celery's name: `events_executable`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly eventsExecutable?: string | null | undefined;
  /**
   * Seconds that a command waits in a worker's queue before it is dropped.
   * Celery's name: `control_queue_ttl`.
   * No effect yet: remote control.
   * @default 300
   */
  readonly controlQueueTtl?: Given["seconds"] | null | undefined;
  /**
   * Seconds that a queue for commands or replies stays when nobody uses it.
   * Celery's name: `control_queue_expires`.
   * No effect yet: remote control.
   * @default 10
   */
  readonly controlQueueExpires?: Given["seconds"] | null | undefined;
  /**
   * Whether only the connection that made a queue for commands or replies may use it.
   * Celery's name: `control_queue_exclusive`.
   * No effect yet: remote control.
   * @default true
   */
  readonly controlQueueExclusive?: boolean | undefined;
  /**
   * Whether a queue for commands or replies survives a restart of the broker.
   * Celery's name: `control_queue_durable`.
   * No effect yet: remote control.
   * @default false
   */
  readonly controlQueueDurable?: boolean | undefined;
  /**
   * Name from which the exchanges for commands and replies take theirs.
   * Celery's name: `control_exchange`.
   * No effect yet: remote control.
   * @default "celery"
   */
  readonly controlExchange?: string | undefined;
  /**
   * Path of the PEM certificate that goes with `securityKey`.
   * Celery's name: `security_certificate`.
   * No effect yet: signed messages.
   * @default null
   */
  readonly securityCertificate?: string | null | undefined;
  /**
   * Glob of the certificates whose messages are trusted.
   * Celery's name: `security_cert_store`.
   * No effect yet: signed messages.
   * @default null
   */
  readonly securityCertStore?: string | null | undefined;
  /**
   * Path of the PEM private key that signs messages.
   * Celery's name: `security_key`.
   * No effect yet: signed messages.
   * @default null
   */
  readonly securityKey?: string | null | undefined;
  /**
   * Password of the private key.
   * Celery's name: `security_key_password`.
   * No effect yet: signed messages.
   * @default null
   */
  readonly securityKeyPassword?: Given["secret"] | null | undefined;
  /**
   * Name of the digest that is signed.
   * Celery's name: `security_digest`.
   * No effect yet: signed messages.
   * @default "sha256"
   */
  readonly securityDigest?: string | undefined;
  /**
   * TLS options for connections to the Redis that holds results.
   * Celery's name: `redis_backend_use_ssl`.
   * @default null
   */
  readonly redisBackendUseSsl?: Given["object"] | null | undefined;
  /**
   * Number of the Redis database, where `resultBackend` names none.
   * Celery's name: `redis_db`.
   * @default null
   */
  readonly redisDb?: number | null | undefined;
  /**
   * Host of Redis, where `resultBackend` names none.
   * Celery's name: `redis_host`.
   * @default null
   */
  readonly redisHost?: string | null | undefined;
  /**
   * How many connections are kept for results; null sets no limit.
   * Celery's name: `redis_max_connections`.
   * No effect yet: several connections for results (one carries all of them).
   * @default null
   */
  readonly redisMaxConnections?: number | null | undefined;
  /**
   * User name at Redis, where `resultBackend` names none.
   * Celery's name: `redis_username`.
   * @default null
   */
  readonly redisUsername?: string | null | undefined;
  /**
   * Password at Redis, where `resultBackend` names none.
   * Celery's name: `redis_password`.
   * @default null
   */
  readonly redisPassword?: string | null | undefined;
  /**
   * Port of Redis, where `resultBackend` names none.
   * Celery's name: `redis_port`.
   * @default null
   */
  readonly redisPort?: number | null | undefined;
  /**
   * Longest wait in seconds for Redis to read or answer.
   * Celery's name: `redis_socket_timeout`.
   * No effect yet: a time limit of each command.
   * @default 120
   */
  readonly redisSocketTimeout?: Given["seconds"] | null | undefined;
  /**
   * Longest wait in seconds for a connection to Redis; null means `redisSocketTimeout`.
   * Celery's name: `redis_socket_connect_timeout`.
   * @default null
   */
  readonly redisSocketConnectTimeout?: Given["seconds"] | null | undefined;
  /**
   * Whether an operation that timed out is tried again.
   * Celery's name: `redis_retry_on_timeout`.
   * No effect yet: a time limit of each command.
   * @default false
   */
  readonly redisRetryOnTimeout?: boolean | undefined;
  /**
   * Whether TCP keeps idle connections to Redis alive.
   * Celery's name: `redis_socket_keepalive`.
   * No effect yet: TCP keep-alive (Redis is asked for a sign of life instead).
   * @default false
   */
  readonly redisSocketKeepalive?: boolean | undefined;
  /**
   * Seconds between the checks whether an idle connection for results still answers; null makes none.
   * Celery's name: `redis_backend_health_check_interval`.
   * @default null
   */
  readonly redisBackendHealthCheckInterval?: Given["seconds"] | null | undefined;
  /**
   * Function that gives the user name and the password for Redis, asked before each connection.
   * Celery's name: `redis_backend_credential_provider`.
   * No effect yet: credentials that change.
   * @default null
   */
  readonly redisBackendCredentialProvider?: Given["credentials"] | null | undefined;
  /**
   * Name under which Redis lists the connections for results.
   * Celery's name: `redis_client_name`.
   * @default null
   */
  readonly redisClientName?: string | null | undefined;
  /**
   * URL of the SQL database that holds results, where `resultBackend` is "database".
   * Celery's name: `database_url`.
   * No effect yet: SQL backends.
   * @default null
   */
  readonly databaseUrl?: string | null | undefined;
  /**
   * Options for the client of the SQL database.
   * Celery's name: `database_engine_options`.
   * No effect yet: SQL backends.
   * @default {"pool_pre_ping":true,"pool_recycle":3600}
   */
  readonly databaseEngineOptions?: Given["object"] | undefined;
  /**
   * Function that is called with each connection pool of the SQL database once it is made.
   * Celery's name: `database_engine_callback`.
   * No effect yet: SQL backends.
   * @default null
   */
  readonly databaseEngineCallback?: Given["callback"] | null | undefined;
  /**
   * Whether each operation has a connection of its own.
   * Celery's name: `database_short_lived_sessions`.
   * No effect yet: SQL backends.
   * @default false
   */
  readonly databaseShortLivedSessions?: boolean | undefined;
  /**
   * Schema of the table of tasks as `task` and of that of groups as `group`.
   * Celery's name: `database_table_schemas`.
   * No effect yet: SQL backends.
   * @default null
   */
  readonly databaseTableSchemas?: Given["object"] | null | undefined;
  /**
   * Name of the table of tasks as `task` and of that of groups as `group`.
   * Celery's name: `database_table_names`.
   * No effect yet: SQL backends.
   * @default null
   */
  readonly databaseTableNames?: Given["object"] | null | undefined;
  /**
   * Whether tables are made when the backend starts, and not at their first use.
   * Celery's name: `database_create_tables_at_setup`.
   * No effect yet: SQL backends.
   * @default true
   */
  readonly databaseCreateTablesAtSetup?: boolean | undefined;
  /**
   * URL of the cache, such as "memcached://127.0.0.1:11211/", where `resultBackend` is "cache".
   * Celery's name: `cache_backend`.
   * No effect yet: cache backend.
   * @default null
   */
  readonly cacheBackend?: string | null | undefined;
  /**
   * Options for the client of the cache.
   * Celery's name: `cache_backend_options`.
   * No effect yet: cache backend.
   * @default {}
   */
  readonly cacheBackendOptions?: Given["object"] | undefined;
  /**
   * Seconds that a row lives; null keeps rows for ever.
   * Celery's name: `cassandra_entry_ttl`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraEntryTtl?: Given["seconds"] | null | undefined;
  /**
   * Keyspace that holds the results.
   * Celery's name: `cassandra_keyspace`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraKeyspace?: string | null | undefined;
  /**
   * Port of the servers; null means 9042.
   * Celery's name: `cassandra_port`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraPort?: number | null | undefined;
  /**
   * Consistency level of reads, such as "LOCAL_QUORUM".
   * Celery's name: `cassandra_read_consistency`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraReadConsistency?: string | null | undefined;
  /**
   * Hosts of the cluster that are asked first.
   * Celery's name: `cassandra_servers`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraServers?: Given["texts"] | null | undefined;
  /**
   * Path of the secure connect bundle of DataStax Astra.
   * Celery's name: `cassandra_bundle_path`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraBundlePath?: string | null | undefined;
  /**
   * Path of the secure connect bundle of DataStax Astra, under the name that Celery's handbook has for it.
   * Celery's name: `cassandra_secure_bundle_path`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraSecureBundlePath?: string | null | undefined;
  /**
   * Table that holds the results.
   * Celery's name: `cassandra_table`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraTable?: string | null | undefined;
  /**
   * Consistency level of writes, such as "LOCAL_QUORUM".
   * Celery's name: `cassandra_write_consistency`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraWriteConsistency?: string | null | undefined;
  /**
   * Name of the class that logs in to the cluster.
   * Celery's name: `cassandra_auth_provider`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraAuthProvider?: string | null | undefined;
  /**
   * Options for the class that logs in to the cluster.
   * Celery's name: `cassandra_auth_kwargs`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraAuthKwargs?: Given["object"] | null | undefined;
  /**
   * Further options for the client of the cluster.
   * Celery's name: `cassandra_options`.
   * No effect yet: Cassandra backend.
   * @default {}
   */
  readonly cassandraOptions?: Given["object"] | undefined;
  /**
   * Connection to Couchbase: `host`, `port`, `username`, `password` and `bucket`.
   * Celery's name: `couchbase_backend_settings`.
   * No effect yet: Couchbase backend.
   * @default null
   */
  readonly couchbaseBackendSettings?: Given["object"] | null | undefined;
  /**
   * Connection to ArangoDB: `host`, `port`, `database`, `collection`, `http_protocol`, `username`, `password` and `verify`.
   * Celery's name: `arangodb_backend_settings`.
   * No effect yet: ArangoDB backend.
   * @default null
   */
  readonly arangodbBackendSettings?: Given["object"] | null | undefined;
  /**
   * Connection to MongoDB: `database`, `taskmeta_collection`, `groupmeta_collection`, `max_pool_size` and `options`.
   * Celery's name: `mongodb_backend_settings`.
   * No effect yet: MongoDB backend.
   * @default null
   */
  readonly mongodbBackendSettings?: Given["object"] | null | undefined;
  /**
   * Whether a request that timed out is made again at another node; null leaves it to the client.
   * Celery's name: `elasticsearch_retry_on_timeout`.
   * No effect yet: Elasticsearch backend.
   * @default null
   */
  readonly elasticsearchRetryOnTimeout?: boolean | null | undefined;
  /**
   * How many times a request is tried again; null leaves it to the client.
   * Celery's name: `elasticsearch_max_retries`.
   * No effect yet: Elasticsearch backend.
   * @default null
   */
  readonly elasticsearchMaxRetries?: number | null | undefined;
  /**
   * Longest wait in seconds for an answer; null leaves it to the client.
   * Celery's name: `elasticsearch_timeout`.
   * No effect yet: Elasticsearch backend.
   * @default null
   */
  readonly elasticsearchTimeout?: Given["seconds"] | null | undefined;
  /**
   * Whether results are stored as text in place of native JSON.
   * Celery's name: `elasticsearch_save_meta_as_text`.
   * No effect yet: Elasticsearch backend.
   * @default true
   */
  readonly elasticsearchSaveMetaAsText?: boolean | undefined;
  /**
   * Identifier of the AWS access key.
   * Celery's name: `s3_access_key_id`.
   * No effect yet: S3 backend.
   * @default null
   */
  readonly s3AccessKeyId?: string | null | undefined;
  /**
   * Secret of the AWS access key.
   * Celery's name: `s3_secret_access_key`.
   * No effect yet: S3 backend.
   * @default null
   */
  readonly s3SecretAccessKey?: string | null | undefined;
  /**
   * Bucket that holds the results.
   * Celery's name: `s3_bucket`.
   * No effect yet: S3 backend.
   * @default null
   */
  readonly s3Bucket?: string | null | undefined;
  /**
   * Prefix of the keys in the bucket.
   * Celery's name: `s3_base_path`.
   * No effect yet: S3 backend.
   * @default null
   */
  readonly s3BasePath?: string | null | undefined;
  /**
   * URL of the service, where it is not that of AWS.
   * Celery's name: `s3_endpoint_url`.
   * No effect yet: S3 backend.
   * @default null
   */
  readonly s3EndpointUrl?: string | null | undefined;
  /**
   * AWS region of the bucket.
   * Celery's name: `s3_region`.
   * No effect yet: S3 backend.
   * @default null
   */
  readonly s3Region?: string | null | undefined;
  /**
   * Container that holds the results.
   * Celery's name: `azureblockblob_container_name`.
   * No effect yet: Azure backend.
   * @default "celery"
   */
  readonly azureblockblobContainerName?: string | undefined;
  /**
   * Seconds before an operation that failed is first tried again.
   * Celery's name: `azureblockblob_retry_initial_backoff_sec`.
   * No effect yet: Azure backend.
   * @default 2
   */
  readonly azureblockblobRetryInitialBackoffSec?: Given["seconds"] | undefined;
  /**
   * Base by which the wait between tries grows.
   * Celery's name: `azureblockblob_retry_increment_base`.
   * No effect yet: Azure backend.
   * @default 2
   */
  readonly azureblockblobRetryIncrementBase?: number | undefined;
  /**
   * How many times an operation is tried.
   * Celery's name: `azureblockblob_retry_max_attempts`.
   * No effect yet: Azure backend.
   * @default 3
   */
  readonly azureblockblobRetryMaxAttempts?: number | undefined;
  /**
   * Prefix of the blobs in the container.
   * Celery's name: `azureblockblob_base_path`.
   * No effect yet: Azure backend.
   * @default ""
   */
  readonly azureblockblobBasePath?: string | undefined;
  /**
   * Longest wait in seconds for a connection.
   * Celery's name: `azureblockblob_connection_timeout`.
   * No effect yet: Azure backend.
   * @default 20
   */
  readonly azureblockblobConnectionTimeout?: Given["seconds"] | undefined;
  /**
   * Longest wait in seconds for an answer.
   * Celery's name: `azureblockblob_read_timeout`.
   * No effect yet: Azure backend.
   * @default 120
   */
  readonly azureblockblobReadTimeout?: Given["seconds"] | undefined;
  /**
   * Bucket that holds the results.
   * Celery's name: `gcs_bucket`.
   * No effect yet: Google Cloud Storage backend.
   * @default null
   */
  readonly gcsBucket?: string | null | undefined;
  /**
   * Project that owns the bucket.
   * Celery's name: `gcs_project`.
   * No effect yet: Google Cloud Storage backend.
   * @default null
   */
  readonly gcsProject?: string | null | undefined;
  /**
   * Prefix of the objects in the bucket.
   * Celery's name: `gcs_base_path`.
   * No effect yet: Google Cloud Storage backend.
   * @default ""
   */
  readonly gcsBasePath?: string | undefined;
  /**
   * Seconds that an object lives, for which the bucket needs a lifecycle rule; 0 keeps objects for ever.
   * Celery's name: `gcs_ttl`.
   * No effect yet: Google Cloud Storage backend.
   * @default 0
   */
  readonly gcsTtl?: Given["seconds"] | undefined;
  /**
   * How many requests are made at the same time.
   * Celery's name: `gcs_threadpool_maxsize`.
   * No effect yet: Google Cloud Storage backend.
   * @default 10
   */
  readonly gcsThreadpoolMaxsize?: number | undefined;
  /**
   * Project of the Firestore that counts the members of chords; null means that of the bucket.
   * Celery's name: `firestore_project`.
   * No effect yet: Google Cloud Storage backend.
   * @default null
   */
  readonly firestoreProject?: string | null | undefined;
  /**
   * Database that holds the results.
   * Celery's name: `cosmosdbsql_database_name`.
   * No effect yet: Cosmos DB backend.
   * @default "celerydb"
   */
  readonly cosmosdbsqlDatabaseName?: string | undefined;
  /**
   * Collection that holds the results.
   * Celery's name: `cosmosdbsql_collection_name`.
   * No effect yet: Cosmos DB backend.
   * @default "celerycol"
   */
  readonly cosmosdbsqlCollectionName?: string | undefined;
  /**
   * Consistency level of the account.
   * Celery's name: `cosmosdbsql_consistency_level`.
   * No effect yet: Cosmos DB backend.
   * @default "Session"
   */
  readonly cosmosdbsqlConsistencyLevel?: "Strong" | "BoundedStaleness" | "Session" | "ConsistentPrefix" | "Eventual" | undefined;
  /**
   * How many times a throttled request is tried again.
   * Celery's name: `cosmosdbsql_max_retry_attempts`.
   * No effect yet: Cosmos DB backend.
   * @default 9
   */
  readonly cosmosdbsqlMaxRetryAttempts?: number | undefined;
  /**
   * Longest wait in seconds over all tries of a throttled request.
   * Celery's name: `cosmosdbsql_max_retry_wait_time`.
   * No effect yet: Cosmos DB backend.
   * @default 30
   */
  readonly cosmosdbsqlMaxRetryWaitTime?: Given["seconds"] | undefined;
  /**
   * URL of the service, where it is not that of AWS.
   * Celery's name: `dynamodb_endpoint_url`.
   * No effect yet: DynamoDB backend.
   * @default null
   */
  readonly dynamodbEndpointUrl?: string | null | undefined;
}

/** All settings with their values in final form: durations in seconds, lists as lists. Frozen. */
export interface ResolvedSettings {
  /**
   * Serializer names and MIME types that are accepted when a message is received; anything else is refused.
   * Celery's name: `accept_content`.
   * @default ["json"]
   */
  readonly acceptContent: Resolved["texts"];
  /**
   * The same list for results; null means that `acceptContent` holds for results too.
   * Celery's name: `result_accept_content`.
   * @default null
   */
  readonly resultAcceptContent: Resolved["texts"] | null;
  /**
   * Whether dates in messages are UTC; where false they are in the zone of `timezone`.
   * Celery's name: `enable_utc`.
   * No effect yet: other time zones on the wire.
   * @default true
   */
  readonly enableUtc: boolean;
  /**
   * Modules that a worker imports when it starts.
   * Celery's name: `imports`.
   * @default []
   */
  readonly imports: Resolved["texts"];
  /**
   * Further modules that a worker imports when it starts, after those of `imports`.
   * Celery's name: `include`.
   * @default []
   */
  readonly include: Resolved["texts"];
  /**
   * Name of the IANA time zone in which schedules are read, such as "Europe/Berlin"; null means UTC, or the machine's own zone where `enableUtc` is false.
   * Celery's name: `timezone`.
   * No effect yet: schedules.
   * @default null
   */
  readonly timezone: string | null;
  /**
   * Whether every default that differs from Celery's is Celery's again.
   * @default false
   */
  readonly celeryDefaults: boolean;
  /**
   * URL of the broker, or several as a list or separated by ";", of which the first that answers is used; null means the embedded default.
   * Celery's name: `broker_url`.
   * @default null
   */
  readonly brokerUrl: Resolved["urls"] | null;
  /**
   * URL of the broker from which workers consume; null means `brokerUrl`.
   * Celery's name: `broker_read_url`.
   * @default null
   */
  readonly brokerReadUrl: Resolved["urls"] | null;
  /**
   * URL of the broker to which messages are published; null means `brokerUrl`.
   * Celery's name: `broker_write_url`.
   * @default null
   */
  readonly brokerWriteUrl: Resolved["urls"] | null;
  /**
   * Scheme of the broker URL, such as "redis", where the URL is made of `brokerHost` and its companions.
   * Celery's name: `broker_transport`.
   * @default null
   */
  readonly brokerTransport: string | null;
  /**
   * Options that are passed to the broker's driver as they are, such as `visibilityTimeout`.
   * Celery's name: `broker_transport_options`.
   * @default {}
   */
  readonly brokerTransportOptions: Resolved["object"];
  /**
   * Longest wait in seconds for a connection to be made; null waits as long as the operating system does.
   * Celery's name: `broker_connection_timeout`.
   * @default 4
   */
  readonly brokerConnectionTimeout: number | null;
  /**
   * Whether a lost connection is made again by itself.
   * Celery's name: `broker_connection_retry`.
   * @default true
   */
  readonly brokerConnectionRetry: boolean;
  /**
   * Whether the first connection is tried again too; null means what `brokerConnectionRetry` says.
   * Celery's name: `broker_connection_retry_on_startup`.
   * @default null
   */
  readonly brokerConnectionRetryOnStartup: boolean | null;
  /**
   * How many times a connection is tried again before the worker gives up; 0 or null never gives up.
   * Celery's name: `broker_connection_max_retries`.
   * @default 100
   */
  readonly brokerConnectionMaxRetries: number | null;
  /**
   * Whether an error of a channel is answered with a new connection, as a lost connection is.
   * Celery's name: `broker_channel_error_retry`.
   * No effect yet: network brokers.
   * @default false
   */
  readonly brokerChannelErrorRetry: boolean;
  /**
   * How the next of several broker URLs is chosen: "round-robin", "shuffle", or a function that turns the list into an endless sequence; null means "round-robin".
   * Celery's name: `broker_failover_strategy`.
   * @default null
   */
  readonly brokerFailoverStrategy: Resolved["failover"] | null;
  /**
   * Seconds between the heartbeats of an AMQP connection; 0 or null turns them off.
   * Celery's name: `broker_heartbeat`.
   * @default 120
   */
  readonly brokerHeartbeat: number | null;
  /**
   * How many times in each heartbeat interval the peer's heartbeat is looked for.
   * Celery's name: `broker_heartbeat_checkrate`.
   * No effect yet: RabbitMQ.
   * @default 3
   */
  readonly brokerHeartbeatCheckrate: number;
  /**
   * Name of the AMQP login mechanism; null means the client's own choice.
   * Celery's name: `broker_login_method`.
   * @default null
   */
  readonly brokerLoginMethod: string | null;
  /**
   * Type of the queues that hold delayed messages on RabbitMQ.
   * Celery's name: `broker_native_delayed_delivery_queue_type`.
   * @default "quorum"
   */
  readonly brokerNativeDelayedDeliveryQueueType: "quorum" | "classic";
  /**
   * How many connections for publishing are kept open and shared; 0 or null keeps none.
   * Celery's name: `broker_pool_limit`.
   * No effect yet: network brokers.
   * @default 10
   */
  readonly brokerPoolLimit: number | null;
  /**
   * Longest wait in seconds for a shared connection; null waits for ever.
   * Celery's name: `broker_pool_acquire_timeout`.
   * No effect yet: network brokers.
   * @default null
   */
  readonly brokerPoolAcquireTimeout: number | null;
  /**
   * Whether connections to the broker use TLS, or the options for it.
   * Celery's name: `broker_use_ssl`.
   * @default false
   */
  readonly brokerUseSsl: Resolved["tls"];
  /**
   * Whether a message counts as sent only when the broker has confirmed it; the transport option `confirmPublish` decides for one broker.
   * @default true
   */
  readonly brokerConfirmPublish: boolean;
  /**
   * Largest body in bytes that is sent; a larger one is refused before it is sent, and null sets no limit.
   * @default null
   */
  readonly maxMessageBytes: number | null;
  /**
   * Host of the broker, where there is no `brokerUrl`.
   * Celery's name: `broker_host`.
   * @default null
   * @deprecated Set `brokerUrl`.
   */
  readonly brokerHost: string | null;
  /**
   * Port of the broker, where there is no `brokerUrl`.
   * Celery's name: `broker_port`.
   * @default null
   * @deprecated Set `brokerUrl`.
   */
  readonly brokerPort: number | null;
  /**
   * User name at the broker, where there is no `brokerUrl`.
   * Celery's name: `broker_user`.
   * @default null
   * @deprecated Set `brokerUrl`.
   */
  readonly brokerUser: string | null;
  /**
   * Password at the broker, where there is no `brokerUrl`.
   * Celery's name: `broker_password`.
   * @default null
   * @deprecated Set `brokerUrl`.
   */
  readonly brokerPassword: string | null;
  /**
   * Virtual host or database of the broker, where there is no `brokerUrl`.
   * Celery's name: `broker_vhost`.
   * @default null
   * @deprecated Set `brokerUrl`.
   */
  readonly brokerVhost: string | null;
  /**
   * Whether a message is acknowledged when its task has ended, and not before it starts.
   * Celery's name: `task_acks_late`.
   * @default true
   */
  readonly taskAcksLate: boolean;
  /**
   * Whether late acknowledgement holds for tasks that failed or ran out of time; where false their messages are rejected.
   * Celery's name: `task_acks_on_failure_or_timeout`.
   * @default true
   * @deprecated Set `taskAcksOnFailure` and `taskAcksOnTimeout`.
   */
  readonly taskAcksOnFailureOrTimeout: boolean;
  /**
   * Whether late acknowledgement holds for tasks that failed; null means what `taskAcksOnFailureOrTimeout` says.
   * Celery's name: `task_acks_on_failure`.
   * @default null
   */
  readonly taskAcksOnFailure: boolean | null;
  /**
   * Whether late acknowledgement holds for tasks that ran out of time; null means what `taskAcksOnFailureOrTimeout` says.
   * Celery's name: `task_acks_on_timeout`.
   * @default null
   */
  readonly taskAcksOnTimeout: boolean | null;
  /**
   * Whether a task that is sent runs at once in the caller, and no message is sent.
   * Celery's name: `task_always_eager`.
   * @default false
   */
  readonly taskAlwaysEager: boolean;
  /**
   * Options that replace those of tasks, by the task's name or "*" for all.
   * Celery's name: `task_annotations`.
   * @default null
   */
  readonly taskAnnotations: Resolved["annotations"] | null;
  /**
   * Name of the compression of task messages; null sends them as they are.
   * Celery's name: `task_compression`.
   * @default null
   */
  readonly taskCompression: string | null;
  /**
   * Whether a queue that `taskQueues` does not have is made when it is first used.
   * Celery's name: `task_create_missing_queues`.
   * @default true
   */
  readonly taskCreateMissingQueues: boolean;
  /**
   * Type of the queues that are made when first used.
   * Celery's name: `task_create_missing_queue_type`.
   * No effect yet: RabbitMQ.
   * @default "classic"
   */
  readonly taskCreateMissingQueueType: "classic" | "quorum";
  /**
   * Type of the exchange of a queue that is made when first used; null means "direct".
   * Celery's name: `task_create_missing_queue_exchange_type`.
   * @default null
   */
  readonly taskCreateMissingQueueExchangeType: "direct" | "topic" | "fanout" | "headers" | null;
  /**
   * Whether a task that is sent by a running task has the priority of that task.
   * Celery's name: `task_inherit_parent_priority`.
   * @default false
   */
  readonly taskInheritParentPriority: boolean;
  /**
   * Whether messages survive a restart of the broker: 2 or "persistent", or 1 or "transient".
   * Celery's name: `task_default_delivery_mode`.
   * @default 2
   */
  readonly taskDefaultDeliveryMode: Resolved["deliveryMode"];
  /**
   * Queue of tasks that nothing else routes.
   * Celery's name: `task_default_queue`.
   * @default "celery"
   */
  readonly taskDefaultQueue: string;
  /**
   * Type of the default queue.
   * Celery's name: `task_default_queue_type`.
   * No effect yet: RabbitMQ.
   * @default "classic"
   */
  readonly taskDefaultQueueType: "classic" | "quorum";
  /**
   * Exchange of a queue that names none; null means one with the name of the default queue.
   * Celery's name: `task_default_exchange`.
   * @default null
   */
  readonly taskDefaultExchange: string | null;
  /**
   * Type of the exchange of a queue that names none.
   * Celery's name: `task_default_exchange_type`.
   * @default "direct"
   */
  readonly taskDefaultExchangeType: "direct" | "topic" | "fanout" | "headers";
  /**
   * Routing key of a queue that names none; null means the name of the default queue.
   * Celery's name: `task_default_routing_key`.
   * @default null
   */
  readonly taskDefaultRoutingKey: string | null;
  /**
   * How often a worker starts a task that has no limit of its own, such as "10/s", "5/m" or "100/h"; a number is per second, and null sets no limit.
   * Celery's name: `task_default_rate_limit`.
   * No effect yet: rate limits.
   * @default null
   */
  readonly taskDefaultRateLimit: Resolved["rateLimit"] | null;
  /**
   * Priority of tasks that have none of their own.
   * Celery's name: `task_default_priority`.
   * @default null
   */
  readonly taskDefaultPriority: number | null;
  /**
   * Whether the error of a task that runs at once in the caller is thrown there.
   * Celery's name: `task_eager_propagates`.
   * @default false
   */
  readonly taskEagerPropagates: boolean;
  /**
   * Whether results of tasks are not stored, for tasks that do not say it themselves.
   * Celery's name: `task_ignore_result`.
   * @default false
   */
  readonly taskIgnoreResult: boolean;
  /**
   * Whether the result of a task that runs at once in the caller is stored in the backend.
   * Celery's name: `task_store_eager_result`.
   * @default false
   */
  readonly taskStoreEagerResult: boolean;
  /**
   * Version of the protocol in which task messages are sent.
   * Celery's name: `task_protocol`.
   * No effect yet: sending protocol 1.
   * @default 2
   */
  readonly taskProtocol: 1 | 2;
  /**
   * Whether a message that could not be sent is sent again.
   * Celery's name: `task_publish_retry`.
   * @default true
   */
  readonly taskPublishRetry: boolean;
  /**
   * How a message that could not be sent is sent again; the intervals are in seconds.
   * Celery's name: `task_publish_retry_policy`.
   * @default {"maxRetries":3,"intervalStart":0,"intervalMax":1,"intervalStep":0.2}
   */
  readonly taskPublishRetryPolicy: Resolved["retryPolicy"];
  /**
   * Queues from which a worker consumes, as a list or as a map of names and options; null means the default queue alone.
   * Celery's name: `task_queues`.
   * @default null
   */
  readonly taskQueues: Resolved["queues"] | null;
  /**
   * Highest priority of the queues that set none themselves.
   * Celery's name: `task_queue_max_priority`.
   * No effect yet: RabbitMQ.
   * @default null
   */
  readonly taskQueueMaxPriority: number | null;
  /**
   * Whether a task whose process died is delivered again, where it is acknowledged late.
   * Celery's name: `task_reject_on_worker_lost`.
   * @default true
   */
  readonly taskRejectOnWorkerLost: boolean | null;
  /**
   * Whether an error from another process is thrown with the stack that it had there.
   * Celery's name: `task_remote_tracebacks`.
   * No effect yet: remote tracebacks.
   * @default false
   */
  readonly taskRemoteTracebacks: boolean;
  /**
   * Where tasks go: a map of names, globs or regular expressions to queues or options, a function, or a list of these of which the first that answers decides.
   * Celery's name: `task_routes`.
   * @default null
   */
  readonly taskRoutes: Resolved["routes"] | null;
  /**
   * Whether an event is sent for each task that is sent.
   * Celery's name: `task_send_sent_event`.
   * No effect yet: events.
   * @default false
   */
  readonly taskSendSentEvent: boolean;
  /**
   * Name of the serializer of task messages.
   * Celery's name: `task_serializer`.
   * @default "json"
   */
  readonly taskSerializer: string;
  /**
   * Seconds after which a running task is told to stop; null sets no limit.
   * Celery's name: `task_soft_time_limit`.
   * @default null
   */
  readonly taskSoftTimeLimit: number | null;
  /**
   * Seconds after which the process of a running task is killed; null sets no limit.
   * Celery's name: `task_time_limit`.
   * @default null
   */
  readonly taskTimeLimit: number | null;
  /**
   * Whether errors of tasks are stored where results are not.
   * Celery's name: `task_store_errors_even_if_ignored`.
   * @default false
   */
  readonly taskStoreErrorsEvenIfIgnored: boolean;
  /**
   * Whether the state STARTED is stored when a task starts.
   * Celery's name: `task_track_started`.
   * @default false
   */
  readonly taskTrackStarted: boolean;
  /**
   * Whether an error callback of a chord is called for errors of its header's members too.
   * Celery's name: `task_allow_error_cb_on_chord_header`.
   * No effect yet: chords.
   * @default false
   */
  readonly taskAllowErrorCbOnChordHeader: boolean;
  /**
   * How many child processes may die with a task that a worker saw die; at this many it fails with WorkerLostError and is dead-lettered. 0 is the same as 1.
   * @default 5
   */
  readonly taskMaxChildDeaths: number;
  /**
   * How many whole workers may vanish with a task in their hands; at this many it fails with WorkerLostError and is dead-lettered. 0 is the same as 1.
   * @default 20
   */
  readonly taskMaxWorkerDeaths: number;
  /**
   * What a worker does with a task that it does not know: "reject" dead-letters its message, "park" keeps it for a worker that knows it.
   * @default "reject"
   */
  readonly taskUnknown: "reject" | "park";
  /**
   * URL or short name of the result backend; null means the broker's own where it can hold results, and none elsewhere.
   * Celery's name: `result_backend`.
   * @default null
   */
  readonly resultBackend: string | null;
  /**
   * How many results a client remembers; -1 remembers none, and 0 or null sets no limit.
   * Celery's name: `result_cache_max`.
   * @default -1
   */
  readonly resultCacheMax: number | null;
  /**
   * Name of the compression of results that are sent as messages; null sends them as they are. Results that a backend stores are not compressed.
   * Celery's name: `result_compression`.
   * @default null
   */
  readonly resultCompression: string | null;
  /**
   * Name of the exchange to which results go as messages.
   * Celery's name: `result_exchange`.
   * No effect yet: an exchange for results (they go straight to the queue of the caller).
   * @default "celeryresults"
   */
  readonly resultExchange: string;
  /**
   * Type of the exchange to which results go as messages.
   * Celery's name: `result_exchange_type`.
   * No effect yet: an exchange for results (they go straight to the queue of the caller).
   * @default "direct"
   */
  readonly resultExchangeType: "direct" | "topic" | "fanout" | "headers";
  /**
   * Seconds that a result is kept; 0 or null keeps it for ever.
   * Celery's name: `result_expires`.
   * @default 86400
   */
  readonly resultExpires: number | null;
  /**
   * Whether results that go as messages survive a restart of the broker; null leaves it to the backend.
   * Celery's name: `result_persistent`.
   * @default null
   */
  readonly resultPersistent: boolean | null;
  /**
   * Whether a result is stored with the task's name, arguments, worker, retries and queue.
   * Celery's name: `result_extended`.
   * @default false
   */
  readonly resultExtended: boolean;
  /**
   * Name of the serializer of results.
   * Celery's name: `result_serializer`.
   * @default "json"
   */
  readonly resultSerializer: string;
  /**
   * Options that are passed to the result backend's driver as they are.
   * Celery's name: `result_backend_transport_options`.
   * @default {}
   */
  readonly resultBackendTransportOptions: Resolved["object"];
  /**
   * Seconds between two looks at whether a chord is complete, on a backend that cannot count.
   * Celery's name: `result_chord_retry_interval`.
   * No effect yet: chords.
   * @default 1
   */
  readonly resultChordRetryInterval: number;
  /**
   * Longest wait in seconds for the results of a chord's header once all its members have ended.
   * Celery's name: `result_chord_join_timeout`.
   * No effect yet: chords.
   * @default 3
   */
  readonly resultChordJoinTimeout: number;
  /**
   * Longest wait in milliseconds before an operation of the backend is tried again.
   * Celery's name: `result_backend_max_sleep_between_retries_ms`.
   * @default 10000
   */
  readonly resultBackendMaxSleepBetweenRetriesMs: number;
  /**
   * How many times an operation of the backend is tried again.
   * Celery's name: `result_backend_max_retries`.
   * @default "inf"
   */
  readonly resultBackendMaxRetries: number;
  /**
   * First wait in milliseconds before an operation of the backend is tried again; it grows from there.
   * Celery's name: `result_backend_base_sleep_between_retries_ms`.
   * @default 10
   */
  readonly resultBackendBaseSleepBetweenRetriesMs: number;
  /**
   * Whether an operation of the backend that failed for a passing reason is tried again in place of raising the error.
   * Celery's name: `result_backend_always_retry`.
   * @default false
   */
  readonly resultBackendAlwaysRetry: boolean;
  /**
   * Whether all threads share one connection to the backend.
   * Celery's name: `result_backend_thread_safe`.
   * No effect yet: sharing backends between threads.
   * @default false
   */
  readonly resultBackendThreadSafe: boolean;
  /**
   * Names for result backends, each with the module that makes it.
   * Celery's name: `override_backends`.
   * No effect yet: backends of other packages.
   * @default {}
   */
  readonly overrideBackends: Resolved["object"];
  /**
   * Module of an agent that runs beside the worker.
   * Celery's name: `worker_agent`.
   * No effect yet: worker agents.
   * @default null
   */
  readonly workerAgent: string | null;
  /**
   * Module of the autoscaler; null means the built-in one.
   * Celery's name: `worker_autoscaler`.
   * No effect yet: autoscaling.
   * @default null
   */
  readonly workerAutoscaler: string | null;
  /**
   * Module of the automatic reloader; null means the built-in one.
   * Celery's name: `worker_autoreloader`.
   * No effect yet: automatic reloading.
   * @default null
   */
  readonly workerAutoreloader: string | null;
  /**
   * Whether running tasks that are acknowledged late are stopped when the connection to the broker is lost.
   * Celery's name: `worker_cancel_long_running_tasks_on_connection_loss`.
   * No effect yet: network brokers.
   * @default false
   */
  readonly workerCancelLongRunningTasksOnConnectionLoss: boolean;
  /**
   * Seconds that running tasks have to end before a cold shutdown; 0 gives none.
   * Celery's name: `worker_soft_shutdown_timeout`.
   * @default 0
   */
  readonly workerSoftShutdownTimeout: number;
  /**
   * Whether a soft shutdown waits even where no task runs.
   * Celery's name: `worker_enable_soft_shutdown_on_idle`.
   * @default false
   */
  readonly workerEnableSoftShutdownOnIdle: boolean;
  /**
   * How many tasks, or child processes, run at the same time; null means the number of processors.
   * Celery's name: `worker_concurrency`.
   * @default null
   */
  readonly workerConcurrency: number | null;
  /**
   * Module of the consumer; null means the built-in one.
   * Celery's name: `worker_consumer`.
   * No effect yet: consumers of other packages.
   * @default null
   */
  readonly workerConsumer: string | null;
  /**
   * Whether each worker also has a queue of its own, to which tasks can be sent by the worker's name.
   * Celery's name: `worker_direct`.
   * @default false
   */
  readonly workerDirect: boolean;
  /**
   * Whether all rate limits are passed over.
   * Celery's name: `worker_disable_rate_limits`.
   * No effect yet: rate limits.
   * @default false
   */
  readonly workerDisableRateLimits: boolean;
  /**
   * Whether a task that is delivered again is skipped where its result says that it has succeeded.
   * Celery's name: `worker_deduplicate_successful_tasks`.
   * No effect yet: skipping what has succeeded.
   * @default false
   */
  readonly workerDeduplicateSuccessfulTasks: boolean;
  /**
   * Whether a worker listens to remote commands.
   * Celery's name: `worker_enable_remote_control`.
   * No effect yet: remote control.
   * @default true
   */
  readonly workerEnableRemoteControl: boolean;
  /**
   * Whether the worker takes over the log lines of other loggers.
   * Celery's name: `worker_hijack_root_logger`.
   * No effect yet: capture of other loggers.
   * @default true
   */
  readonly workerHijackRootLogger: boolean;
  /**
   * Whether log lines are coloured; null means where the output is a terminal.
   * Celery's name: `worker_log_color`.
   * No effect yet: log formats.
   * @default null
   */
  readonly workerLogColor: boolean | null;
  /**
   * Format of the worker's log lines.
   * Celery's name: `worker_log_format`.
   * No effect yet: log formats.
   * @default "[%(asctime)s: %(levelname)s/%(processName)s] %(message)s"
   */
  readonly workerLogFormat: string;
  /**
   * Seconds to wait after a child ended for a result that may still be on its way, before its task counts as lost.
   * Celery's name: `worker_lost_wait`.
   * No effect yet: supervision of children.
   * @default 10
   */
  readonly workerLostWait: number;
  /**
   * Memory in KiB after which a child is replaced when its task has ended; null sets no limit.
   * Celery's name: `worker_max_memory_per_child`.
   * @default null
   */
  readonly workerMaxMemoryPerChild: number | null;
  /**
   * How many tasks a child runs before it is replaced; null sets no limit.
   * Celery's name: `worker_max_tasks_per_child`.
   * @default null
   */
  readonly workerMaxTasksPerChild: number | null;
  /**
   * How tasks are executed: "prefork" in child processes, "threads" in threads, "async" many in one event loop, "solo" one after another in the worker itself.
   * Celery's name: `worker_pool`.
   * @default "prefork"
   */
  readonly workerPool: Resolved["pool"];
  /**
   * Whether a task is given to the pool only when a slot is free.
   * Celery's name: `worker_pool_putlocks`.
   * No effect yet: locks of the pool.
   * @default true
   */
  readonly workerPoolPutlocks: boolean;
  /**
   * Whether the remote command `pool_restart` is allowed.
   * Celery's name: `worker_pool_restarts`.
   * No effect yet: remote control.
   * @default false
   */
  readonly workerPoolRestarts: boolean;
  /**
   * Seconds that a new child has to say that it is up: a Node.js process that imports an app takes longer than a fork of Python's.
   * Celery's name: `worker_proc_alive_timeout`.
   * @default 30
   */
  readonly workerProcAliveTimeout: number;
  /**
   * How many messages are fetched ahead for each slot; 0 sets no limit. Where nobody sets it, a worker with children fetches up to eight times as many while its tasks take under two milliseconds.
   * Celery's name: `worker_prefetch_multiplier`.
   * @default 4
   */
  readonly workerPrefetchMultiplier: number;
  /**
   * How many delayed tasks a worker holds at most; null sets no limit.
   * Celery's name: `worker_eta_task_limit`.
   * No effect yet: limits on delayed tasks.
   * @default null
   */
  readonly workerEtaTaskLimit: number | null;
  /**
   * Whether fewer messages are fetched ahead after a reconnect while earlier tasks still run.
   * Celery's name: `worker_enable_prefetch_count_reduction`.
   * No effect yet: network brokers.
   * @default true
   */
  readonly workerEnablePrefetchCountReduction: boolean;
  /**
   * Whether a message is fetched only when a slot is free.
   * Celery's name: `worker_disable_prefetch`.
   * No effect yet: fetching without prefetch.
   * @default false
   */
  readonly workerDisablePrefetch: boolean;
  /**
   * Whether what tasks write to stdout and stderr goes to the log.
   * Celery's name: `worker_redirect_stdouts`.
   * No effect yet: capture of output.
   * @default true
   */
  readonly workerRedirectStdouts: boolean;
  /**
   * Level of the log lines that tasks' output becomes.
   * Celery's name: `worker_redirect_stdouts_level`.
   * No effect yet: capture of output.
   * @default "WARNING"
   */
  readonly workerRedirectStdoutsLevel: "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";
  /**
   * Whether a worker sends events about its tasks.
   * Celery's name: `worker_send_task_events`.
   * No effect yet: events.
   * @default false
   */
  readonly workerSendTaskEvents: boolean;
  /**
   * File in which a worker keeps the revoked tasks over a restart.
   * Celery's name: `worker_state_db`.
   * No effect yet: state of revoked tasks.
   * @default null
   */
  readonly workerStateDb: string | null;
  /**
   * Format of log lines that are written inside a task.
   * Celery's name: `worker_task_log_format`.
   * No effect yet: log formats.
   * @default "[%(asctime)s: %(levelname)s/%(processName)s] %(task_name)s[%(task_id)s]: %(message)s"
   */
  readonly workerTaskLogFormat: string;
  /**
   * Module of the timer; null means the built-in one.
   * Celery's name: `worker_timer`.
   * No effect yet: timers of other packages.
   * @default null
   */
  readonly workerTimer: string | null;
  /**
   * Longest sleep in seconds between two looks at the timer.
   * Celery's name: `worker_timer_precision`.
   * No effect yet: timers of other packages.
   * @default 1
   */
  readonly workerTimerPrecision: number;
  /**
   * Whether quorum queues are found out and consumed in the way that they need.
   * Celery's name: `worker_detect_quorum_queues`.
   * No effect yet: RabbitMQ.
   * @default true
   */
  readonly workerDetectQuorumQueues: boolean;
  /**
   * File to which the worker writes its log.
   * Celery's name: `worker_logfile`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly workerLogfile: string | null;
  /**
   * File in which the worker writes its process id.
   * Celery's name: `worker_pidfile`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly workerPidfile: string | null;
  /**
   * User, by name or number, as whom the worker runs.
   * Celery's name: `worker_uid`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly workerUid: string | null;
  /**
   * Group, by name or number, as which the worker runs.
   * Celery's name: `worker_gid`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly workerGid: string | null;
  /**
   * File mode mask of the worker, in octal, such as "022".
   * Celery's name: `worker_umask`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly workerUmask: string | null;
  /**
   * Program that runs the worker in the background; null means the Node that runs now.
   * Celery's name: `worker_executable`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly workerExecutable: string | null;
  /**
   * How many tasks each child process or thread runs at the same time.
   * @default 1
   */
  readonly childConcurrency: number;
  /**
   * Longest sleep in seconds between two looks at the schedule; 0 leaves it to the scheduler.
   * Celery's name: `beat_max_loop_interval`.
   * No effect yet: periodic tasks.
   * @default 0
   */
  readonly beatMaxLoopInterval: number;
  /**
   * Periodic tasks by name, each with its `task`, its `schedule` and its arguments and options.
   * Celery's name: `beat_schedule`.
   * No effect yet: periodic tasks.
   * @default {}
   */
  readonly beatSchedule: Resolved["schedule"];
  /**
   * Module of the scheduler; null means the built-in one, which remembers its last runs.
   * Celery's name: `beat_scheduler`.
   * No effect yet: periodic tasks.
   * @default null
   */
  readonly beatScheduler: string | null;
  /**
   * File in which the scheduler remembers its last runs.
   * Celery's name: `beat_schedule_filename`.
   * No effect yet: periodic tasks.
   * @default "celerybeat-schedule"
   */
  readonly beatScheduleFilename: string;
  /**
   * After how many sent tasks the scheduler's memory is written; 0 writes it by time alone.
   * Celery's name: `beat_sync_every`.
   * No effect yet: periodic tasks.
   * @default 0
   */
  readonly beatSyncEvery: number;
  /**
   * How many seconds late a crontab's run may still start after a pause; null starts it however late.
   * Celery's name: `beat_cron_starting_deadline`.
   * No effect yet: periodic tasks.
   * @default null
   */
  readonly beatCronStartingDeadline: number | null;
  /**
   * File to which beat writes its log.
   * Celery's name: `beat_logfile`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly beatLogfile: string | null;
  /**
   * File in which beat writes its process id.
   * Celery's name: `beat_pidfile`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly beatPidfile: string | null;
  /**
   * User, by name or number, as whom beat runs.
   * Celery's name: `beat_uid`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly beatUid: string | null;
  /**
   * Group, by name or number, as which beat runs.
   * Celery's name: `beat_gid`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly beatGid: string | null;
  /**
   * File mode mask of beat, in octal, such as "022".
   * Celery's name: `beat_umask`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly beatUmask: string | null;
  /**
   * Program that runs beat in the background; null means the Node that runs now.
   * Celery's name: `beat_executable`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly beatExecutable: string | null;
  /**
   * Seconds that a monitor's queue stays when nobody uses it.
   * Celery's name: `event_queue_expires`.
   * No effect yet: events.
   * @default 60
   */
  readonly eventQueueExpires: number | null;
  /**
   * Seconds that an event waits in a monitor's queue before it is dropped.
   * Celery's name: `event_queue_ttl`.
   * No effect yet: events.
   * @default 5
   */
  readonly eventQueueTtl: number | null;
  /**
   * First part of the names of monitors' queues.
   * Celery's name: `event_queue_prefix`.
   * No effect yet: events.
   * @default "celeryev"
   */
  readonly eventQueuePrefix: string;
  /**
   * Whether only the connection that made a monitor's queue may use it.
   * Celery's name: `event_queue_exclusive`.
   * No effect yet: events.
   * @default true
   */
  readonly eventQueueExclusive: boolean;
  /**
   * Whether a monitor's queue survives a restart of the broker.
   * Celery's name: `event_queue_durable`.
   * No effect yet: events.
   * @default false
   */
  readonly eventQueueDurable: boolean;
  /**
   * Name of the serializer of events.
   * Celery's name: `event_serializer`.
   * No effect yet: events.
   * @default "json"
   */
  readonly eventSerializer: string;
  /**
   * Name of the exchange to which events are sent.
   * Celery's name: `event_exchange`.
   * No effect yet: events.
   * @default "celeryev"
   */
  readonly eventExchange: string;
  /**
   * File to which `celeriac events` writes its log.
   * Celery's name: `events_logfile`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly eventsLogfile: string | null;
  /**
   * File in which `celeriac events` writes its process id.
   * Celery's name: `events_pidfile`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly eventsPidfile: string | null;
  /**
   * User, by name or number, as whom `celeriac events` runs.
   * Celery's name: `events_uid`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly eventsUid: string | null;
  /**
   * Group, by name or number, as which `celeriac events` runs.
   * Celery's name: `events_gid`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly eventsGid: string | null;
  /**
   * File mode mask of `celeriac events`, in octal, such as "022".
   * Celery's name: `events_umask`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly eventsUmask: string | null;
  /**
   * Program that runs `celeriac events` in the background; null means the Node that runs now.
   * Celery's name: `events_executable`.
   * No effect yet: running as a daemon.
   * @default null
   */
  readonly eventsExecutable: string | null;
  /**
   * Seconds that a command waits in a worker's queue before it is dropped.
   * Celery's name: `control_queue_ttl`.
   * No effect yet: remote control.
   * @default 300
   */
  readonly controlQueueTtl: number | null;
  /**
   * Seconds that a queue for commands or replies stays when nobody uses it.
   * Celery's name: `control_queue_expires`.
   * No effect yet: remote control.
   * @default 10
   */
  readonly controlQueueExpires: number | null;
  /**
   * Whether only the connection that made a queue for commands or replies may use it.
   * Celery's name: `control_queue_exclusive`.
   * No effect yet: remote control.
   * @default true
   */
  readonly controlQueueExclusive: boolean;
  /**
   * Whether a queue for commands or replies survives a restart of the broker.
   * Celery's name: `control_queue_durable`.
   * No effect yet: remote control.
   * @default false
   */
  readonly controlQueueDurable: boolean;
  /**
   * Name from which the exchanges for commands and replies take theirs.
   * Celery's name: `control_exchange`.
   * No effect yet: remote control.
   * @default "celery"
   */
  readonly controlExchange: string;
  /**
   * Path of the PEM certificate that goes with `securityKey`.
   * Celery's name: `security_certificate`.
   * No effect yet: signed messages.
   * @default null
   */
  readonly securityCertificate: string | null;
  /**
   * Glob of the certificates whose messages are trusted.
   * Celery's name: `security_cert_store`.
   * No effect yet: signed messages.
   * @default null
   */
  readonly securityCertStore: string | null;
  /**
   * Path of the PEM private key that signs messages.
   * Celery's name: `security_key`.
   * No effect yet: signed messages.
   * @default null
   */
  readonly securityKey: string | null;
  /**
   * Password of the private key.
   * Celery's name: `security_key_password`.
   * No effect yet: signed messages.
   * @default null
   */
  readonly securityKeyPassword: Resolved["secret"] | null;
  /**
   * Name of the digest that is signed.
   * Celery's name: `security_digest`.
   * No effect yet: signed messages.
   * @default "sha256"
   */
  readonly securityDigest: string;
  /**
   * TLS options for connections to the Redis that holds results.
   * Celery's name: `redis_backend_use_ssl`.
   * @default null
   */
  readonly redisBackendUseSsl: Resolved["object"] | null;
  /**
   * Number of the Redis database, where `resultBackend` names none.
   * Celery's name: `redis_db`.
   * @default null
   */
  readonly redisDb: number | null;
  /**
   * Host of Redis, where `resultBackend` names none.
   * Celery's name: `redis_host`.
   * @default null
   */
  readonly redisHost: string | null;
  /**
   * How many connections are kept for results; null sets no limit.
   * Celery's name: `redis_max_connections`.
   * No effect yet: several connections for results (one carries all of them).
   * @default null
   */
  readonly redisMaxConnections: number | null;
  /**
   * User name at Redis, where `resultBackend` names none.
   * Celery's name: `redis_username`.
   * @default null
   */
  readonly redisUsername: string | null;
  /**
   * Password at Redis, where `resultBackend` names none.
   * Celery's name: `redis_password`.
   * @default null
   */
  readonly redisPassword: string | null;
  /**
   * Port of Redis, where `resultBackend` names none.
   * Celery's name: `redis_port`.
   * @default null
   */
  readonly redisPort: number | null;
  /**
   * Longest wait in seconds for Redis to read or answer.
   * Celery's name: `redis_socket_timeout`.
   * No effect yet: a time limit of each command.
   * @default 120
   */
  readonly redisSocketTimeout: number | null;
  /**
   * Longest wait in seconds for a connection to Redis; null means `redisSocketTimeout`.
   * Celery's name: `redis_socket_connect_timeout`.
   * @default null
   */
  readonly redisSocketConnectTimeout: number | null;
  /**
   * Whether an operation that timed out is tried again.
   * Celery's name: `redis_retry_on_timeout`.
   * No effect yet: a time limit of each command.
   * @default false
   */
  readonly redisRetryOnTimeout: boolean;
  /**
   * Whether TCP keeps idle connections to Redis alive.
   * Celery's name: `redis_socket_keepalive`.
   * No effect yet: TCP keep-alive (Redis is asked for a sign of life instead).
   * @default false
   */
  readonly redisSocketKeepalive: boolean;
  /**
   * Seconds between the checks whether an idle connection for results still answers; null makes none.
   * Celery's name: `redis_backend_health_check_interval`.
   * @default null
   */
  readonly redisBackendHealthCheckInterval: number | null;
  /**
   * Function that gives the user name and the password for Redis, asked before each connection.
   * Celery's name: `redis_backend_credential_provider`.
   * No effect yet: credentials that change.
   * @default null
   */
  readonly redisBackendCredentialProvider: Resolved["credentials"] | null;
  /**
   * Name under which Redis lists the connections for results.
   * Celery's name: `redis_client_name`.
   * @default null
   */
  readonly redisClientName: string | null;
  /**
   * URL of the SQL database that holds results, where `resultBackend` is "database".
   * Celery's name: `database_url`.
   * No effect yet: SQL backends.
   * @default null
   */
  readonly databaseUrl: string | null;
  /**
   * Options for the client of the SQL database.
   * Celery's name: `database_engine_options`.
   * No effect yet: SQL backends.
   * @default {"pool_pre_ping":true,"pool_recycle":3600}
   */
  readonly databaseEngineOptions: Resolved["object"];
  /**
   * Function that is called with each connection pool of the SQL database once it is made.
   * Celery's name: `database_engine_callback`.
   * No effect yet: SQL backends.
   * @default null
   */
  readonly databaseEngineCallback: Resolved["callback"] | null;
  /**
   * Whether each operation has a connection of its own.
   * Celery's name: `database_short_lived_sessions`.
   * No effect yet: SQL backends.
   * @default false
   */
  readonly databaseShortLivedSessions: boolean;
  /**
   * Schema of the table of tasks as `task` and of that of groups as `group`.
   * Celery's name: `database_table_schemas`.
   * No effect yet: SQL backends.
   * @default null
   */
  readonly databaseTableSchemas: Resolved["object"] | null;
  /**
   * Name of the table of tasks as `task` and of that of groups as `group`.
   * Celery's name: `database_table_names`.
   * No effect yet: SQL backends.
   * @default null
   */
  readonly databaseTableNames: Resolved["object"] | null;
  /**
   * Whether tables are made when the backend starts, and not at their first use.
   * Celery's name: `database_create_tables_at_setup`.
   * No effect yet: SQL backends.
   * @default true
   */
  readonly databaseCreateTablesAtSetup: boolean;
  /**
   * URL of the cache, such as "memcached://127.0.0.1:11211/", where `resultBackend` is "cache".
   * Celery's name: `cache_backend`.
   * No effect yet: cache backend.
   * @default null
   */
  readonly cacheBackend: string | null;
  /**
   * Options for the client of the cache.
   * Celery's name: `cache_backend_options`.
   * No effect yet: cache backend.
   * @default {}
   */
  readonly cacheBackendOptions: Resolved["object"];
  /**
   * Seconds that a row lives; null keeps rows for ever.
   * Celery's name: `cassandra_entry_ttl`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraEntryTtl: number | null;
  /**
   * Keyspace that holds the results.
   * Celery's name: `cassandra_keyspace`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraKeyspace: string | null;
  /**
   * Port of the servers; null means 9042.
   * Celery's name: `cassandra_port`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraPort: number | null;
  /**
   * Consistency level of reads, such as "LOCAL_QUORUM".
   * Celery's name: `cassandra_read_consistency`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraReadConsistency: string | null;
  /**
   * Hosts of the cluster that are asked first.
   * Celery's name: `cassandra_servers`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraServers: Resolved["texts"] | null;
  /**
   * Path of the secure connect bundle of DataStax Astra.
   * Celery's name: `cassandra_bundle_path`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraBundlePath: string | null;
  /**
   * Path of the secure connect bundle of DataStax Astra, under the name that Celery's handbook has for it.
   * Celery's name: `cassandra_secure_bundle_path`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraSecureBundlePath: string | null;
  /**
   * Table that holds the results.
   * Celery's name: `cassandra_table`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraTable: string | null;
  /**
   * Consistency level of writes, such as "LOCAL_QUORUM".
   * Celery's name: `cassandra_write_consistency`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraWriteConsistency: string | null;
  /**
   * Name of the class that logs in to the cluster.
   * Celery's name: `cassandra_auth_provider`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraAuthProvider: string | null;
  /**
   * Options for the class that logs in to the cluster.
   * Celery's name: `cassandra_auth_kwargs`.
   * No effect yet: Cassandra backend.
   * @default null
   */
  readonly cassandraAuthKwargs: Resolved["object"] | null;
  /**
   * Further options for the client of the cluster.
   * Celery's name: `cassandra_options`.
   * No effect yet: Cassandra backend.
   * @default {}
   */
  readonly cassandraOptions: Resolved["object"];
  /**
   * Connection to Couchbase: `host`, `port`, `username`, `password` and `bucket`.
   * Celery's name: `couchbase_backend_settings`.
   * No effect yet: Couchbase backend.
   * @default null
   */
  readonly couchbaseBackendSettings: Resolved["object"] | null;
  /**
   * Connection to ArangoDB: `host`, `port`, `database`, `collection`, `http_protocol`, `username`, `password` and `verify`.
   * Celery's name: `arangodb_backend_settings`.
   * No effect yet: ArangoDB backend.
   * @default null
   */
  readonly arangodbBackendSettings: Resolved["object"] | null;
  /**
   * Connection to MongoDB: `database`, `taskmeta_collection`, `groupmeta_collection`, `max_pool_size` and `options`.
   * Celery's name: `mongodb_backend_settings`.
   * No effect yet: MongoDB backend.
   * @default null
   */
  readonly mongodbBackendSettings: Resolved["object"] | null;
  /**
   * Whether a request that timed out is made again at another node; null leaves it to the client.
   * Celery's name: `elasticsearch_retry_on_timeout`.
   * No effect yet: Elasticsearch backend.
   * @default null
   */
  readonly elasticsearchRetryOnTimeout: boolean | null;
  /**
   * How many times a request is tried again; null leaves it to the client.
   * Celery's name: `elasticsearch_max_retries`.
   * No effect yet: Elasticsearch backend.
   * @default null
   */
  readonly elasticsearchMaxRetries: number | null;
  /**
   * Longest wait in seconds for an answer; null leaves it to the client.
   * Celery's name: `elasticsearch_timeout`.
   * No effect yet: Elasticsearch backend.
   * @default null
   */
  readonly elasticsearchTimeout: number | null;
  /**
   * Whether results are stored as text in place of native JSON.
   * Celery's name: `elasticsearch_save_meta_as_text`.
   * No effect yet: Elasticsearch backend.
   * @default true
   */
  readonly elasticsearchSaveMetaAsText: boolean;
  /**
   * Identifier of the AWS access key.
   * Celery's name: `s3_access_key_id`.
   * No effect yet: S3 backend.
   * @default null
   */
  readonly s3AccessKeyId: string | null;
  /**
   * Secret of the AWS access key.
   * Celery's name: `s3_secret_access_key`.
   * No effect yet: S3 backend.
   * @default null
   */
  readonly s3SecretAccessKey: string | null;
  /**
   * Bucket that holds the results.
   * Celery's name: `s3_bucket`.
   * No effect yet: S3 backend.
   * @default null
   */
  readonly s3Bucket: string | null;
  /**
   * Prefix of the keys in the bucket.
   * Celery's name: `s3_base_path`.
   * No effect yet: S3 backend.
   * @default null
   */
  readonly s3BasePath: string | null;
  /**
   * URL of the service, where it is not that of AWS.
   * Celery's name: `s3_endpoint_url`.
   * No effect yet: S3 backend.
   * @default null
   */
  readonly s3EndpointUrl: string | null;
  /**
   * AWS region of the bucket.
   * Celery's name: `s3_region`.
   * No effect yet: S3 backend.
   * @default null
   */
  readonly s3Region: string | null;
  /**
   * Container that holds the results.
   * Celery's name: `azureblockblob_container_name`.
   * No effect yet: Azure backend.
   * @default "celery"
   */
  readonly azureblockblobContainerName: string;
  /**
   * Seconds before an operation that failed is first tried again.
   * Celery's name: `azureblockblob_retry_initial_backoff_sec`.
   * No effect yet: Azure backend.
   * @default 2
   */
  readonly azureblockblobRetryInitialBackoffSec: number;
  /**
   * Base by which the wait between tries grows.
   * Celery's name: `azureblockblob_retry_increment_base`.
   * No effect yet: Azure backend.
   * @default 2
   */
  readonly azureblockblobRetryIncrementBase: number;
  /**
   * How many times an operation is tried.
   * Celery's name: `azureblockblob_retry_max_attempts`.
   * No effect yet: Azure backend.
   * @default 3
   */
  readonly azureblockblobRetryMaxAttempts: number;
  /**
   * Prefix of the blobs in the container.
   * Celery's name: `azureblockblob_base_path`.
   * No effect yet: Azure backend.
   * @default ""
   */
  readonly azureblockblobBasePath: string;
  /**
   * Longest wait in seconds for a connection.
   * Celery's name: `azureblockblob_connection_timeout`.
   * No effect yet: Azure backend.
   * @default 20
   */
  readonly azureblockblobConnectionTimeout: number;
  /**
   * Longest wait in seconds for an answer.
   * Celery's name: `azureblockblob_read_timeout`.
   * No effect yet: Azure backend.
   * @default 120
   */
  readonly azureblockblobReadTimeout: number;
  /**
   * Bucket that holds the results.
   * Celery's name: `gcs_bucket`.
   * No effect yet: Google Cloud Storage backend.
   * @default null
   */
  readonly gcsBucket: string | null;
  /**
   * Project that owns the bucket.
   * Celery's name: `gcs_project`.
   * No effect yet: Google Cloud Storage backend.
   * @default null
   */
  readonly gcsProject: string | null;
  /**
   * Prefix of the objects in the bucket.
   * Celery's name: `gcs_base_path`.
   * No effect yet: Google Cloud Storage backend.
   * @default ""
   */
  readonly gcsBasePath: string;
  /**
   * Seconds that an object lives, for which the bucket needs a lifecycle rule; 0 keeps objects for ever.
   * Celery's name: `gcs_ttl`.
   * No effect yet: Google Cloud Storage backend.
   * @default 0
   */
  readonly gcsTtl: number;
  /**
   * How many requests are made at the same time.
   * Celery's name: `gcs_threadpool_maxsize`.
   * No effect yet: Google Cloud Storage backend.
   * @default 10
   */
  readonly gcsThreadpoolMaxsize: number;
  /**
   * Project of the Firestore that counts the members of chords; null means that of the bucket.
   * Celery's name: `firestore_project`.
   * No effect yet: Google Cloud Storage backend.
   * @default null
   */
  readonly firestoreProject: string | null;
  /**
   * Database that holds the results.
   * Celery's name: `cosmosdbsql_database_name`.
   * No effect yet: Cosmos DB backend.
   * @default "celerydb"
   */
  readonly cosmosdbsqlDatabaseName: string;
  /**
   * Collection that holds the results.
   * Celery's name: `cosmosdbsql_collection_name`.
   * No effect yet: Cosmos DB backend.
   * @default "celerycol"
   */
  readonly cosmosdbsqlCollectionName: string;
  /**
   * Consistency level of the account.
   * Celery's name: `cosmosdbsql_consistency_level`.
   * No effect yet: Cosmos DB backend.
   * @default "Session"
   */
  readonly cosmosdbsqlConsistencyLevel: "Strong" | "BoundedStaleness" | "Session" | "ConsistentPrefix" | "Eventual";
  /**
   * How many times a throttled request is tried again.
   * Celery's name: `cosmosdbsql_max_retry_attempts`.
   * No effect yet: Cosmos DB backend.
   * @default 9
   */
  readonly cosmosdbsqlMaxRetryAttempts: number;
  /**
   * Longest wait in seconds over all tries of a throttled request.
   * Celery's name: `cosmosdbsql_max_retry_wait_time`.
   * No effect yet: Cosmos DB backend.
   * @default 30
   */
  readonly cosmosdbsqlMaxRetryWaitTime: number;
  /**
   * URL of the service, where it is not that of AWS.
   * Celery's name: `dynamodb_endpoint_url`.
   * No effect yet: DynamoDB backend.
   * @default null
   */
  readonly dynamodbEndpointUrl: string | null;
}
