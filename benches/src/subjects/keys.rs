//! The keys: the same ones in every run, in no order that a cache could profit from.

use super::body::one;
use crate::harness::Keys;

/// A small generator of random numbers (splitmix64).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number in `0.0..1.0`.
    #[allow(clippy::cast_precision_loss, reason = "that many bits are wanted")]
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn random(seed: u64, keys: usize) -> impl Iterator<Item = u64> {
    let mut random = Random(seed);
    (0..keys).map(move |_| random.next())
}

pub fn numbers(keys: usize) -> Keys<u64> {
    Keys::new(random(1, keys))
}

pub fn pairs(keys: usize) -> Keys<(u64, u64)> {
    Keys::new(random(2, keys).map(|a| (a, one(a))))
}

pub fn triples(keys: usize) -> Keys<(u64, u64, u64)> {
    Keys::new(random(3, keys).map(|a| (a, one(a), a % 7)))
}

/// Texts of 13 bytes.
pub fn texts(keys: usize) -> Keys<String> {
    Keys::new(
        random(4, keys)
            .enumerate()
            .map(|(number, a)| format!("user{number:04}-{:04x}", a & 0xffff)),
    )
}

pub fn texts_and_numbers(keys: usize) -> Keys<(String, u32)> {
    let texts = texts(keys);
    Keys::new(texts.0.iter().cloned().zip(1..))
}

/// Slices of eight numbers.
pub fn slices(keys: usize) -> Keys<[f64; 8]> {
    let mut random = Random(5);
    Keys::new((0..keys).map(|_| std::array::from_fn(|_| random.unit())))
}

/// So many draws from `1..=keys`, of which number `k` is drawn with a probability proportional to `1 / k`.
pub fn zipf(keys: u32, draws: usize) -> Keys<u64> {
    let mut sums = Vec::new();
    let mut sum = 0.0;
    for key in 1..=keys {
        sum += 1.0 / f64::from(key);
        sums.push(sum);
    }
    let mut random = Random(6);
    Keys::new((0..draws).map(|_| {
        let height = random.unit() * sum;
        one(sums.partition_point(|&sum| sum <= height) as u64)
    }))
}

/// [`zipf`] with a scan in between, again and again: as many draws as the scan has keys, each of which comes once.
pub fn zipf_with_scans(keys: u32, draws: usize, scan: usize) -> Keys<u64> {
    let mut scanned = u64::from(keys);
    let draws = zipf(keys, draws);
    let mut mixed = Vec::new();
    for draws in draws.0.chunks(2 * scan).map(|draws| &draws[..draws.len() / 2]) {
        mixed.extend_from_slice(draws);
        for _ in draws {
            scanned += 1;
            mixed.push(one(scanned));
        }
    }
    Keys::new(mixed)
}
