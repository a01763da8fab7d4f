// Must run on any Node that knows ECMAScript modules.

const OLDEST = [24, 15] as const;

/** What is wrong with this version of Node; undefined where nothing is. */
export function nodeVersionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined;
  return (
    `expected Node ${OLDEST[0]}.${OLDEST[1]} or newer, got: ${version}. Older versions bundle a SQLite that can damage a database which several processes use; ` +
    `install a newer Node, or add one to the project with \`npm install node@${OLDEST[0]}\` and run its programs with \`npx\``
  );
}
