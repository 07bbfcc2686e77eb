//! Code that several benchmarks use.

/// Returns `count` indices below `n`, the same each time, in an order that no prefetcher guesses (xorshift).
pub fn random_indices(n: usize, count: usize) -> Vec<usize> {
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize % n
    };
    (0..count).map(|_| next()).collect()
}
