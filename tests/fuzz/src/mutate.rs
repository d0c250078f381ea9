//! How inputs are changed and made small: by bytes, by words of the language, by parts of one another.

use scimitar_fuzz::Target;

/// Random numbers that follow from a seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// SplitMix64.
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below another; 0 where there is none.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 {
            return 0;
        }
        usize::try_from(self.roll() % end as u64).unwrap_or(0)
    }

    fn of<'t, T: ?Sized>(&mut self, all: &'t [&'t T]) -> Option<&'t T> {
        all.get(self.below(all.len())).copied()
    }

    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let most = (length - start).min(1 << self.below(7));
        start..start + self.below(most + 1)
    }
}

/// A new input, made of a known one.
pub fn next(dice: &mut Dice, known: &[Vec<u8>], target: &Target) -> Vec<u8> {
    // What was found last is mutated most.
    let at = if dice.below(2) == 0 {
        dice.below(known.len())
    } else {
        known.len() - 1 - dice.below(known.len().min(64))
    };
    let mut input = known[at].clone();
    for _ in 0..=dice.below(4) {
        change(dice, &mut input, known, target);
    }
    input.truncate(target.longest);
    input
}

fn change(dice: &mut Dice, input: &mut Vec<u8>, known: &[Vec<u8>], target: &Target) {
    let at = dice.below(input.len() + 1);
    match dice.below(11) {
        0 | 1 => {
            let word = dice.of(target.words).unwrap_or("");
            input.splice(at..at, word.bytes());
        }
        2 => {
            let word = dice.of(target.words).unwrap_or("");
            let gone = dice.range(input.len());
            input.splice(gone, word.bytes());
        }
        3 => drop(input.drain(dice.range(input.len()))),
        4 => {
            let part = input[dice.range(input.len())].to_vec();
            let most = 1 << dice.below(6);
            let times = 1 + dice.below(most);
            let much = part.repeat(times.min(target.longest / part.len().max(1) + 1));
            input.splice(at..at, much);
        }
        5 => {
            let other = &known[dice.below(known.len())];
            let part = other[dice.range(other.len())].to_vec();
            input.splice(at..at, part);
        }
        6 => {
            let other = &known[dice.below(known.len())];
            let from = dice.below(other.len() + 1);
            input.truncate(at);
            input.extend_from_slice(&other[from..]);
        }
        7 => {
            let part = input[dice.range(input.len())].to_vec();
            let gone = dice.range(input.len());
            input.splice(gone, part);
        }
        8 => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
        9 => {
            if let Some(byte) = input.get_mut(at) {
                *byte = u8::try_from(32 + dice.below(95)).unwrap_or(b' ');
            }
        }
        _ => {
            if let Some(byte) = input.get_mut(at).filter(|byte| byte.is_ascii_alphabetic()) {
                *byte ^= 0x20;
            }
        }
    }
}

/// A part of an input that still breaks the law.
pub fn shrink(input: &[u8], mut breaks: impl FnMut(&[u8]) -> bool) -> Vec<u8> {
    let mut small = input.to_vec();
    let mut length = small.len().div_ceil(2);
    let mut left = 2_000;
    while length > 0 && left > 0 {
        let mut at = 0;
        let mut gone = false;
        while at < small.len() && left > 0 {
            left -= 1;
            let mut part = small.clone();
            part.drain(at..(at + length).min(small.len()));
            if breaks(&part) {
                small = part;
                gone = true;
            } else {
                at += length;
            }
        }
        if !gone || length > 1 {
            length /= 2;
        }
    }
    small
}
