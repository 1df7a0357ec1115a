//! Services, games and libraries with caches by hand, ported to memo: do they answer as without, and hit where nothing changed?

// The programs are written as they stand in the wild.
#![allow(clippy::pedantic)]

#[path = "support/ports.rs"]
mod ports;

/// A game with moves that are made and unmade in a search.
mod game {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
    enum Cell {
        #[default]
        Free,
        Mine,
        Theirs,
    }

    #[memoize]
    #[derive(Debug, Clone, Default)]
    pub struct Board<const N: usize> {
        cells: Vec<[Cell; N]>,
        history: Vec<(usize, usize)>,
        nodes: u64,
    }

    #[memoize]
    impl<const N: usize> Board<N> {
        pub fn new() -> Self {
            Self { cells: vec![[Cell::Free; N]; N], ..Self::default() }
        }

        #[memoize]
        pub fn evaluate(&self) -> i32 {
            body();
            let line = |cells: &mut dyn Iterator<Item = Cell>| {
                cells.fold(0_i32, |sum, cell| match cell {
                    Cell::Free => sum,
                    Cell::Mine => sum + 1,
                    Cell::Theirs => sum - 1,
                })
            };
            (0..N)
                .map(|i| {
                    let row: i32 = line(&mut self.cells[i].iter().copied());
                    let column: i32 = line(&mut self.cells.iter().map(|row| row[i]));
                    row * row.abs() + column * column.abs()
                })
                .sum()
        }

        #[memoize]
        pub fn moves(&self) -> Vec<(usize, usize)> {
            body();
            let all = (0..N).flat_map(|y| (0..N).map(move |x| (x, y)));
            all.filter(|&(x, y)| self.cells[y][x] == Cell::Free).collect()
        }

        fn make(&mut self, (x, y): (usize, usize), cell: Cell) -> bool {
            if self.cells[y][x] != Cell::Free {
                return false;
            }
            self.cells[y][x] = cell;
            self.history.push((x, y));
            true
        }

        fn unmake(&mut self) {
            if let Some((x, y)) = self.history.pop() {
                self.cells[y][x] = Cell::Free;
            }
        }

        pub fn search(&mut self, depth: u32, mine: bool) -> i32 {
            self.nodes += 1;
            if depth == 0 {
                return self.evaluate();
            }
            let mut best = None;
            for at in self.moves() {
                if !self.make(at, if mine { Cell::Mine } else { Cell::Theirs }) {
                    unreachable!("a move that is free");
                }
                let score = self.search(depth - 1, !mine);
                self.unmake();
                best =
                    Some(best.map_or(
                        score,
                        |best: i32| if mine { best.max(score) } else { best.min(score) },
                    ));
            }
            best.unwrap_or_else(|| self.evaluate())
        }

        pub fn reset_count(&mut self) -> u64 {
            std::mem::take(&mut self.nodes)
        }
    }

    fn naive<const N: usize>(board: &Board<N>, depth: u32, mine: bool) -> i32 {
        let fresh = board.clone();
        let moves = fresh.moves();
        if depth == 0 || moves.is_empty() {
            return fresh.evaluate();
        }
        let scores = moves.into_iter().map(|at| {
            let mut next = fresh.clone();
            next.make(at, if mine { Cell::Mine } else { Cell::Theirs });
            naive(&next, depth - 1, !mine)
        });
        if mine { scores.max().unwrap() } else { scores.min().unwrap() }
    }

    #[test]
    fn search_scores_as_one_that_copies_the_board() {
        let mut random = Random::new(1);
        let mut board = Board::<3>::new();
        for _ in 0..40 {
            match random.below(3) {
                0 => board.unmake(),
                n => {
                    let at = (random.below(3), random.below(3));
                    let _ = board.make(at, [Cell::Mine, Cell::Theirs][n - 1]);
                }
            }
            assert_eq!(board.search(2, true), naive(&board, 2, true));
            board.evaluate();
            assert_eq!(bodies(|| board.reset_count()), 0);
            assert_eq!(bodies(|| board.evaluate()), 0);
        }
    }
}

/// A tax service behind a trait, with named blocks, builders, and rules that are set one by one.
mod pricing {
    #![deny(warnings, missing_docs, clippy::pedantic)]
    #![forbid(unsafe_code)]

    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use serde::{Deserialize, Serialize};
    use std::{collections::HashMap, fmt, sync::Arc};

    /// A country.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub enum Country {
        /// Germany.
        De,
        /// Another, by its code.
        Other([u8; 2]),
    }

    /// What went wrong.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum PriceError {
        /// No such article.
        NoArticle(Arc<str>),
        /// No rate for it.
        NoRate(Country),
    }

    impl fmt::Display for PriceError {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{self:?}")
        }
    }
    impl std::error::Error for PriceError {}

    /// Tells prices.
    pub trait Price {
        /// In cents, with tax.
        ///
        /// # Errors
        /// If there is no such article, or no rate.
        fn gross(&self, article: &str, to: Country) -> Result<u64, PriceError>;
    }

    /// A shop.
    #[memoize(blocks("price"))]
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Shop {
        rates: Vec<(Country, u32)>,
        articles: HashMap<String, u64>,
        #[serde(default)]
        motto: Option<String>,
        #[memoize(untracked)]
        /// Who owns it.
        pub owner: String,
    }

    #[memoize]
    impl Shop {
        /// One without articles.
        #[must_use]
        pub fn new(owner: impl Into<String>) -> Self {
            Self { owner: owner.into(), ..Self::default() }
        }

        /// Adds a rate, in percent.
        #[must_use]
        pub fn rate(mut self, country: Country, percent: u32) -> Self {
            self.set_rate(country, percent);
            self
        }

        /// Sets a rate; returns the old one.
        pub fn set_rate(&mut self, country: Country, percent: u32) -> Option<u32> {
            for (known, rate) in &mut self.rates {
                if *known == country {
                    return Some(std::mem::replace(rate, percent));
                }
            }
            self.rates.push((country, percent));
            None
        }

        /// The factor of a country.
        ///
        /// # Errors
        /// If it has no rate.
        #[memoize]
        pub fn percent(&self, of: Country) -> Result<u32, PriceError> {
            body();
            self.rates
                .iter()
                .find(|(country, _)| *country == of)
                .map(|(_, rate)| *rate)
                .ok_or(PriceError::NoRate(of))
        }

        /// Sets a price; zero removes the article.
        pub fn set_price(&mut self, article: &str, cents: u64) {
            if cents == 0 {
                self.articles.remove(article);
            } else {
                *self.articles.entry(article.into()).or_default() = cents;
            }
        }

        /// Says something else.
        pub fn set_motto(&mut self, motto: Option<&str>) -> Option<String> {
            let old = self.motto.take();
            self.motto = motto.map(str::to_owned);
            old
        }
    }

    #[memoize(block = "price")]
    impl Price for Shop {
        #[memoize(capacity = 32)]
        fn gross(&self, article: &str, to: Country) -> Result<u64, PriceError> {
            body();
            let net =
                self.articles.get(article).ok_or_else(|| PriceError::NoArticle(article.into()))?;
            Ok(net * u64::from(100 + self.percent(to)?) / 100)
        }
    }

    fn total(
        shop: &dyn Price,
        articles: &[&str],
        to: Country,
    ) -> Result<u64, Box<dyn std::error::Error>> {
        articles.iter().try_fold(0, |sum, article| Ok(sum + shop.gross(article, to)?))
    }

    #[test]
    fn shop_has_the_prices_of_one_that_is_read_from_its_text() {
        let mut random = Random::new(2);
        let other = Country::Other(*b"fr");
        let mut shop = Shop::new("o").rate(Country::De, 19);
        for _ in 0..300 {
            let country = [Country::De, other][random.below(2)];
            match random.below(3) {
                0 => drop(shop.set_rate(country, u32::try_from(random.below(30)).unwrap())),
                1 => shop.set_price(["a", "b"][random.below(2)], random.below(9) as u64 * 100),
                _ => drop(shop.set_motto(Some("m"))),
            }
            let text = serde_json::to_string(&shop).unwrap();
            let fresh: Shop = serde_json::from_str(&text).unwrap();
            assert_eq!(shop, fresh);
            let expected =
                total(&fresh, &["a", "b", "a"], country).map_err(|error| error.to_string());
            let found = total(&shop, &["a", "b", "a"], country).map_err(|error| error.to_string());
            assert_eq!(found, expected);
            if found.is_ok() {
                shop.owner.push('o');
                assert_eq!(bodies(|| total(&shop, &["a", "b"], country).unwrap()), 0);
                // A price calls a method of another block, and so counts as of every field; the rate does not.
                shop.set_motto(None);
                assert_eq!(bodies(|| shop.percent(country).unwrap()), 0);
                shop.set_price("c", 7);
                assert_eq!(bodies(|| shop.percent(country).unwrap()), 0);
            }
        }
    }
}

/// A graph of units whose conversion factors are searched for once.
mod units {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use std::collections::{HashMap, HashSet, VecDeque};
    use std::rc::Rc;

    #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub struct Unit(Rc<str>);

    impl<T: AsRef<str>> From<T> for Unit {
        fn from(name: T) -> Self {
            Self(name.as_ref().into())
        }
    }

    #[memoize]
    #[derive(Debug, Clone, Default)]
    pub struct Units {
        edges: HashMap<Unit, Vec<(Unit, f64)>>,
        aliases: HashMap<String, Unit>,
        digits: usize,
    }

    #[memoize]
    impl Units {
        pub fn define(
            &mut self,
            from: impl Into<Unit>,
            to: impl Into<Unit>,
            factor: f64,
        ) -> &mut Self {
            let (from, to) = (from.into(), to.into());
            self.edges.entry(from.clone()).or_default().push((to.clone(), factor));
            self.edges.entry(to).or_default().push((from, 1.0 / factor));
            self
        }

        #[memoize(unsync)]
        pub fn factor(&self, from: &Unit, to: &Unit) -> Option<f64> {
            body();
            let mut seen = HashSet::from([from]);
            let mut open = VecDeque::from([(from, 1.0)]);
            while let Some((unit, so_far)) = open.pop_front() {
                if unit == to {
                    return Some(so_far);
                }
                let edges = self.edges.get(unit).map_or(&[][..], Vec::as_slice);
                open.extend(
                    edges
                        .iter()
                        .filter(|(next, _)| seen.insert(next))
                        .map(|(next, by)| (next, so_far * by)),
                );
            }
            None
        }

        pub fn convert(&self, amount: f64, from: &str, to: &str) -> Option<String> {
            let unit = |name| self.aliases.get(name).cloned().unwrap_or_else(|| Unit::from(name));
            let factor = self.factor(&unit(from), &unit(to))?;
            Some(format!("{:.*}", self.digits, amount * factor))
        }

        pub fn alias(&mut self, name: &str, unit: &str) {
            self.aliases.insert(name.to_owned(), unit.into());
        }

        pub fn set_digits(&mut self, digits: usize) {
            self.digits = digits.min(9);
        }

        pub fn remove(&mut self, unit: &Unit) -> Option<usize> {
            let edges = self.edges.remove(unit)?;
            for others in self.edges.values_mut() {
                others.retain(|(other, _)| other != unit);
            }
            Some(edges.len())
        }
    }

    #[test]
    fn units_convert_as_fresh_ones_and_keep_factors_under_aliases() {
        let mut random = Random::new(3);
        let names = ["m", "ft", "in", "mi", "km"];
        let mut units = Units::default();
        for _ in 0..300 {
            let (a, b) = (names[random.below(5)], names[random.below(5)]);
            match random.below(4) {
                0 => drop(units.define(a, b, 2.0).define(b, a, 0.5)),
                1 => drop(units.remove(&a.into())),
                _ => units.alias("x", b),
            }
            for name in names {
                assert_eq!(units.convert(3.0, a, name), units.clone().convert(3.0, a, name));
            }
            units.set_digits(random.below(5));
            units.alias("y", a);
            assert_eq!(bodies(|| names.map(|name| units.convert(3.0, "y", name))), 0);
        }
    }
}

/// An async geo service: misses ask a client, errors are asked again, a new client forgets.
mod geo {
    use super::ports::{bodies, body};
    use memo_runtime::memoize;
    use std::sync::Arc;

    pub trait Client: Send + Sync + Clone + 'static {
        fn get(&self, host: &str) -> impl Future<Output = Result<Arc<str>, GeoError>> + Send;
    }

    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum GeoError {
        Empty,
        Refused(String),
    }

    #[derive(Clone, Default)]
    pub struct Fixed(Vec<String>);

    impl Client for Fixed {
        async fn get(&self, host: &str) -> Result<Arc<str>, GeoError> {
            tokio::task::yield_now().await;
            self.0
                .iter()
                .find(|known| *known == host)
                .map(|host| host.to_uppercase().into())
                .ok_or_else(|| GeoError::Refused(host.to_owned()))
        }
    }

    #[memoize]
    pub struct Geo<C> {
        client: C,
        retries: u32,
    }

    #[memoize]
    impl<C> Geo<C>
    where
        C: Client,
    {
        pub fn new(client: C) -> Self {
            Self { client, retries: 1 }
        }

        #[memoize(capacity = 100, single_flight)]
        pub async fn country(&self, host: &str) -> Result<Arc<str>, GeoError> {
            body();
            if host.is_empty() {
                return Err(GeoError::Empty);
            }
            let mut result = self.client.get(host).await;
            for _ in 1..self.retries {
                if result.is_ok() {
                    break;
                }
                result = self.client.get(host).await;
            }
            result
        }

        pub async fn warm(&mut self, hosts: &[&str]) -> usize {
            let mut found = 0;
            for host in hosts {
                found += usize::from(self.country(host).await.is_ok());
            }
            found
        }

        pub fn replace(&mut self, client: C) -> C {
            std::mem::replace(&mut self.client, client)
        }
    }

    #[test]
    fn geo_service_asks_again_only_for_errors_and_a_new_client() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let known = |hosts: &[&str]| Fixed(hosts.iter().map(ToString::to_string).collect());
        let mut geo = Geo::new(known(&["a", "b"]));
        let ask = |geo: &Geo<Fixed>, host: &str| runtime.block_on(geo.country(host));
        assert_eq!(bodies(|| runtime.block_on(geo.warm(&["a", "b", "c", ""]))), 4);
        assert_eq!(bodies(|| runtime.block_on(geo.warm(&["a", "b", "c", ""]))), 2);
        geo.replace(known(&["c"]));
        assert_eq!(ask(&geo, "a"), Err(GeoError::Refused("a".into())));
        assert_eq!(ask(&geo, "c").as_deref(), Ok("C"));
        assert_eq!(bodies(|| ask(&geo, "c")), 0);
    }
}
