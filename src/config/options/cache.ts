/** Settings of the result backend on a cache. */
export const cacheOptions = {
  cacheBackend: {
    celeryName: "cache_backend",
    oldName: "CELERY_CACHE_BACKEND",
    type: "text",
    default: null,
    doc: 'URL of the cache, such as "memcached://127.0.0.1:11211/", where `resultBackend` is "cache".',
    env: [],
    effect: "none yet: cache backend",
  },
  cacheBackendOptions: {
    celeryName: "cache_backend_options",
    oldName: "CELERY_CACHE_BACKEND_OPTIONS",
    type: "object",
    default: {},
    doc: "Options for the client of the cache.",
    env: [],
    effect: "none yet: cache backend",
  },
} as const;
