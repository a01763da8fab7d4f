// A lease is one number in one column: the owner in its high part, a count of that owner's claims in the low one. So each claim has an
// identity of its own, and all leases of an owner are one range of the index.

/** Claims that one owner can number; after these a process registers again. */
export const CLAIMS_PER_OWNER: number = 2 ** 28;

/** The lease of an owner's claim number `claim`. Exact up to 2^25 owners. */
export function leaseOf(owner: number, claim: number): number {
  return owner * CLAIMS_PER_OWNER + claim;
}

/** The first and the last lease that an owner can have. */
export function leaseRange(owner: number): readonly [first: number, last: number] {
  return [owner * CLAIMS_PER_OWNER, (owner + 1) * CLAIMS_PER_OWNER - 1];
}
