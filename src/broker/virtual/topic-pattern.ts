// AMQP's patterns of topic exchanges: words between dots, `*` for exactly one word, `#` for any number of words, none included.
// An empty key has no words. Matching goes back only to the last `#`, so that no pattern makes it slow.

/** Tells whether a routing key matches a pattern. */
export type TopicMatcher = (routingKey: string) => boolean;

/** Compiled patterns are kept: bindings are few, publications many. The bound is for programs that bind names they make up. */
const MAX_CACHED = 10_000;
const compiled = new Map<string, TopicMatcher>();

/** Compiles the pattern of a topic exchange's binding. The matcher of a pattern is made once. */
export function compileTopicPattern(pattern: string): TopicMatcher {
  let matcher = compiled.get(pattern);
  if (matcher === undefined) {
    matcher = makeMatcher(pattern);
    if (compiled.size >= MAX_CACHED) compiled.clear();
    compiled.set(pattern, matcher);
  }
  return matcher;
}

function makeMatcher(pattern: string): TopicMatcher {
  const words = splitWords(pattern);
  if (words.length === 1 && words[0] === "#") return () => true;
  if (!words.includes("*") && !words.includes("#")) return (routingKey) => routingKey === pattern;
  return (routingKey) => matches(words, splitWords(routingKey));
}

function splitWords(key: string): readonly string[] {
  return key === "" ? [] : key.split(".");
}

function matches(pattern: readonly string[], key: readonly string[]): boolean {
  let at = 0;
  let word = 0;
  let lastHash = -1;
  let hashTook = 0;
  while (word < key.length) {
    if (pattern[at] === "#") {
      lastHash = at++;
      hashTook = word;
    } else if (at < pattern.length && (pattern[at] === "*" || pattern[at] === key[word])) {
      at++;
      word++;
    } else if (lastHash >= 0) {
      at = lastHash + 1;
      word = ++hashTook;
    } else {
      return false;
    }
  }
  while (pattern[at] === "#") at++;
  return at === pattern.length;
}
