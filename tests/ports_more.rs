//! Smaller programs with caches by hand, ported to memo: do they answer as without, and hit where nothing changed?

// The programs are written as they stand in the wild.
#![allow(clippy::pedantic)]

#[path = "support/ports.rs"]
mod ports;

/// A tokenizer with merges, which a builder takes by value.
mod tokenizer {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use std::{collections::BTreeMap, sync::Arc};

    #[memoize]
    #[derive(Debug, Clone, Default)]
    pub struct Tokenizer {
        merges: BTreeMap<(char, char), char>,
        lowercase: bool,
        added: Vec<Arc<str>>,
    }

    #[memoize]
    impl Tokenizer {
        pub fn merge(mut self, a: char, b: char, into: char) -> Self {
            self.merges.insert((a, b), into);
            self
        }

        pub fn lowercase(self, lowercase: bool) -> Self {
            Self { lowercase, ..self }
        }

        #[memoize]
        fn encode_word(&self, word: &str) -> Vec<char> {
            body();
            let mut chars: Vec<char> = word.chars().collect();
            while let Some((at, &into)) = (1..chars.len())
                .find_map(|i| Some((i, self.merges.get(&(chars[i - 1], chars[i]))?)))
            {
                chars[at - 1] = into;
                chars.remove(at);
            }
            chars
        }

        pub fn encode(&self, text: &str) -> Vec<char> {
            let word = |word: &str| match self.lowercase {
                true => self.encode_word(&word.to_lowercase()),
                false => self.encode_word(word),
            };
            text.split(' ').flat_map(word).collect()
        }

        pub fn add_token(&mut self, token: &Arc<str>) -> usize {
            if let Some(index) = self.added.iter().position(|known| known == token) {
                return index;
            }
            self.added.push(token.clone());
            self.added.len() - 1
        }

        pub fn train(&mut self, text: &str) {
            let pairs = text.chars().zip(text.chars().skip(1));
            for (pair, into) in pairs.zip('A'..) {
                self.merges.entry(pair).or_insert(into);
            }
        }
    }

    #[test]
    fn tokenizer_encodes_as_a_fresh_one_and_added_tokens_keep_words() {
        let mut random = Random::new(1);
        let mut tokenizer = Tokenizer::default().merge('a', 'b', 'X').lowercase(true);
        for _ in 0..100 {
            let text: String = (0..9).map(|_| ['a', 'b', 'c', ' ', 'B'][random.below(5)]).collect();
            match random.below(4) {
                0 => tokenizer.train(&text),
                1 => tokenizer = tokenizer.lowercase(random.below(2) == 0).merge('a', 'c', 'Y'),
                _ => drop(tokenizer.encode(&text)),
            }
            assert_eq!(tokenizer.encode(&text), tokenizer.clone().encode(&text));
            tokenizer.add_token(&text.as_str().into());
            assert_eq!(bodies(|| tokenizer.encode(&text)), 0);
        }
    }
}

/// A schedule that walks itself as an iterator, and state machines whose step calls what is memoized.
mod schedule {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Phase {
        Idle,
        Work(u8),
        Rest,
    }

    #[memoize]
    #[derive(Debug, Clone)]
    pub struct Schedule {
        lengths: [u32; 3],
        phase: Phase,
        clock: u32,
    }

    #[memoize]
    impl Schedule {
        pub fn new(lengths: [u32; 3]) -> Self {
            Self { lengths, phase: Phase::Idle, clock: 0 }
        }

        #[memoize]
        pub fn length(&self, phase: Phase) -> u32 {
            use Phase::*;
            body();
            let index = match phase {
                Idle => 0,
                Work(n) => return self.lengths[1] + u32::from(n),
                Rest => 2,
            };
            self.lengths[index]
        }

        #[memoize]
        pub fn round(&self) -> u32 {
            use Phase::{Idle, Rest, Work};
            body();
            [Idle, Work(0), Work(1), Rest].map(|phase| self.length(phase)).iter().sum()
        }

        pub fn set_length(&mut self, index: usize, length: u32) -> Option<u32> {
            let slot = self.lengths.get_mut(index)?;
            Some(std::mem::replace(slot, length))
        }

        pub fn restart(&mut self) {
            (self.phase, self.clock) = (Phase::Idle, 0);
        }
    }

    #[memoize]
    impl Iterator for Schedule {
        type Item = (Phase, u32);
        fn next(&mut self) -> Option<Self::Item> {
            let now = (self.phase, self.clock);
            let length = self.lengths[0];
            self.phase = match self.phase {
                Phase::Idle => Phase::Work(0),
                Phase::Work(n) if n < 1 => Phase::Work(n + 1),
                Phase::Work(_) => Phase::Rest,
                Phase::Rest => return None,
            };
            self.clock += length;
            Some(now)
        }
    }

    #[test]
    fn schedule_is_as_long_as_a_fresh_one_and_walks_without_forgetting() {
        let mut random = Random::new(2);
        let mut schedule = Schedule::new([1, 2, 3]);
        for _ in 0..200 {
            schedule.set_length(random.below(4), random.below(9) as u32);
            assert_eq!(schedule.round(), schedule.clone().round());
            assert_eq!(schedule.by_ref().count(), 3);
            assert_eq!(bodies(|| schedule.round()), 0);
            schedule.restart();
            assert_eq!(bodies(|| schedule.length(Phase::Work(1))), 0);
        }
    }
}

/// Shapes behind a trait, of which a generic store keeps boxes, with a macro that writes the impls.
mod shapes {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;

    pub trait Shape {
        fn area(&self) -> f64;
        fn scale(&mut self, by: f64);
        fn rename(&mut self, name: &str);
    }

    macro_rules! shapes {
        ($($name:ident { $($side:ident),+ } => $area:expr;)+) => { $(
            #[memoize]
            #[derive(Debug, Clone, Default)]
            pub struct $name { $($side: f64,)+ name: String }

            #[memoize]
            impl $name {
                pub fn new($($side: f64),+) -> Self {
                    Self { $($side,)+ name: stringify!($name).to_lowercase() }
                }
            }

            #[memoize]
            impl Shape for $name {
                #[memoize]
                fn area(&self) -> f64 {
                    body();
                    let area: fn(&Self) -> f64 = $area;
                    area(self)
                }
                fn scale(&mut self, by: f64) {
                    $(self.$side *= by;)+
                }
                fn rename(&mut self, name: &str) {
                    self.name = format!("{}/{name}", self.name.len());
                }
            }
        )+ };
    }
    shapes! {
        Square { side } => |square| square.side.powi(2);
        Ellipse { a, b } => |ellipse| std::f64::consts::PI * ellipse.a * ellipse.b;
    }

    fn total(shapes: &[Box<dyn Shape>]) -> f64 {
        shapes.iter().map(|shape| shape.area()).sum()
    }

    #[test]
    fn shapes_behind_a_trait_have_the_area_that_they_were_scaled_to() {
        let mut random = Random::new(3);
        let mut shapes: Vec<Box<dyn Shape>> =
            vec![Box::new(Square::new(1.0)), Box::new(Ellipse::new(1.0, 2.0))];
        let mut plain = [(1.0, 1.0), (1.0, 2.0)];
        for _ in 0..100 {
            let (n, by) = (random.below(2), 0.5 + random.float() / 10.0);
            shapes[n].scale(by);
            plain[n] = (plain[n].0 * by, plain[n].1 * by);
            let expected =
                f64::powi(plain[0].0, 2) + std::f64::consts::PI * plain[1].0 * plain[1].1;
            assert_eq!(total(&shapes), expected);
            assert_eq!(bodies(|| total(&shapes)), 0);
        }
        shapes.iter_mut().for_each(|shape| shape.rename("x"));
        // A body that hands `self` on reads every field, by the rules.
        assert_eq!(bodies(|| total(&shapes)), 2);
    }
}

/// A polynomial over a generic ring, with a remainder of a prime.
mod polynomial {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use std::{
        hash::Hash,
        ops::{Add, Mul},
    };

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
    pub struct Mod<const P: u64>(u64);
    impl<const P: u64> Add for Mod<P> {
        type Output = Self;
        fn add(self, Self(other): Self) -> Self {
            Self((self.0 + other) % P)
        }
    }
    impl<const P: u64> Mul for Mod<P> {
        type Output = Self;
        fn mul(self, Self(other): Self) -> Self {
            Self(self.0 * other % P)
        }
    }

    #[memoize]
    #[derive(Debug, Clone)]
    pub struct Polynomial<T> {
        coefficients: Vec<T>,
        symbol: char,
    }

    #[memoize]
    impl<T> Polynomial<T>
    where
        T: Add<Output = T> + Mul<Output = T> + Copy + Default + Hash + Eq,
    {
        pub fn new(coefficients: impl Into<Vec<T>>) -> Self {
            Self { coefficients: coefficients.into(), symbol: 'x' }
        }

        #[memoize]
        pub fn at(&self, x: T) -> T {
            body();
            self.coefficients.iter().rev().fold(T::default(), |sum, c| sum * x + *c)
        }

        #[memoize]
        pub fn degree(&self) -> Option<usize> {
            body();
            self.coefficients.iter().rposition(|c| *c != T::default())
        }

        pub fn shrink(&mut self) -> usize {
            let keep = self.degree().map_or(0, |degree| degree + 1);
            self.coefficients.truncate(keep);
            self.coefficients.len()
        }

        pub fn add_assign(&mut self, other: &Self) {
            let length = self.coefficients.len().max(other.coefficients.len());
            self.coefficients.resize(length, T::default());
            for (mine, theirs) in self.coefficients.iter_mut().zip(&other.coefficients) {
                *mine = *mine + *theirs;
            }
        }

        pub fn swap(&mut self, other: &mut Self) {
            std::mem::swap(&mut self.coefficients, &mut other.coefficients);
        }

        pub fn with_symbol(&mut self, symbol: char) -> &mut Self {
            self.symbol = symbol;
            self
        }
    }

    #[test]
    fn polynomial_has_the_values_of_a_fresh_one_also_when_swapped() {
        let mut random = Random::new(4);
        let any = |random: &mut Random| {
            Polynomial::new(
                (0..random.below(4)).map(|_| Mod::<7>(random.below(7) as u64)).collect::<Vec<_>>(),
            )
        };
        let (mut p, mut q) = (any(&mut random), any(&mut random));
        for _ in 0..300 {
            match random.below(4) {
                0 => p.swap(&mut q),
                1 => p.add_assign(&q),
                2 => q = any(&mut random),
                _ => drop(p.shrink()),
            }
            for x in (0..7).map(Mod) {
                assert_eq!((p.at(x), q.at(x)), (p.clone().at(x), q.clone().at(x)));
                assert_eq!(p.degree(), p.clone().degree());
                p.with_symbol('y').with_symbol('z');
                assert_eq!(bodies(|| (p.at(x), q.at(x), p.degree())), 0);
            }
        }
    }
}

/// An inventory whose filter is a closure that is passed in, and whose order is by what is memoized.
mod inventory {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use std::collections::VecDeque;

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub struct ItemId(u16);

    #[derive(Debug, Clone)]
    struct Item {
        id: ItemId,
        price: u32,
    }

    #[memoize]
    #[derive(Debug, Clone, Default)]
    pub struct Inventory {
        items: Vec<Item>,
        queue: VecDeque<ItemId>,
        discount: u32,
    }

    #[memoize]
    impl Inventory {
        #[memoize]
        pub fn price(&self, id: ItemId) -> Option<u32> {
            body();
            let item = self.items.iter().find(|item| item.id == id)?;
            Some(item.price * (100 - self.discount) / 100)
        }

        pub fn update(&mut self, mut f: impl FnMut(ItemId, u32) -> Option<u32>) -> usize {
            let mut changed = 0;
            for Item { id, price } in &mut self.items {
                let Some(new) = f(*id, *price) else { continue };
                *price = new;
                changed += 1;
            }
            changed
        }

        pub fn add(&mut self, price: u32) -> ItemId {
            let id = ItemId(self.items.len() as u16);
            self.items.push(Item { id, price });
            self.queue.push_back(id);
            id
        }

        pub fn sort_queue(&mut self) {
            let mut queue: Vec<_> = self.queue.drain(..).collect();
            queue.sort_by_key(|id| (self.price(*id), *id));
            self.queue.extend(queue);
        }

        pub fn next(&mut self) -> Option<(ItemId, u32)> {
            let id = self.queue.pop_front()?;
            self.queue.push_back(id);
            self.price(id).map(|price| (id, price))
        }

        pub fn set_discount(&mut self, discount: u32) -> Result<(), String> {
            if discount > 100 {
                return Err(format!("{discount}% is more than all"));
            }
            self.discount = discount;
            Ok(())
        }
    }

    #[test]
    fn inventory_serves_the_prices_of_a_fresh_one_and_its_queue_keeps_them() {
        let mut random = Random::new(5);
        let mut inventory = Inventory::default();
        for _ in 0..200 {
            match random.below(4) {
                0 => drop(inventory.add(random.below(900) as u32)),
                1 => drop(inventory.set_discount(random.below(150) as u32)),
                2 => drop(inventory.update(|id, price| (id.0 % 2 == 0).then_some(price + 1))),
                _ => inventory.sort_queue(),
            }
            assert_eq!(inventory.clone().next(), inventory.next());
            inventory.sort_queue();
            assert_eq!(bodies(|| inventory.sort_queue()), 0);
            assert_eq!(bodies(|| inventory.next()), 0);
            assert_eq!(bodies(|| inventory.set_discount(101)), 0);
        }
    }
}
