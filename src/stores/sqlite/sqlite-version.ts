// Which versions of SQLite may keep a WAL database that several processes write. Those from 3.7.0 to 3.51.2 have a race between a
// checkpoint and a WAL reset that can corrupt the file; the fix was carried back to 3.50.7 and 3.44.6.

/** Whether this version of SQLite keeps a WAL database safe under several processes, as far as is known. */
export function isSafeForWal(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  if (major !== 3) return major > 3;
  if (minor < 7) return true;
  if (minor === 44) return patch >= 6;
  if (minor === 50) return patch >= 7;
  return minor > 51 || (minor === 51 && patch > 2);
}
