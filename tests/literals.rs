//! Literals and patterns of the type are completed with the injected field, wherever they stand in the block.

use memo_runtime::memoize;

mod shapes {
    use memo_runtime::memoize;

    #[memoize]
    #[derive(Debug, Clone, PartialEq, Default)]
    pub(super) struct Circle {
        radius: u32,
        name: String,
    }

    #[memoize]
    impl Circle {
        pub(super) const UNIT: Self = Self { radius: 1, name: String::new() };

        #[memoize]
        pub(super) fn area(&self) -> u32 {
            3 * self.radius * self.radius
        }
        pub(super) fn new(radius: u32) -> Self {
            let name = String::from("c");
            Self { radius, name }
        }
        pub(super) fn by_name(radius: u32) -> Self {
            Circle { radius, name: String::new() }
        }
        pub(super) fn by_path(radius: u32) -> Self {
            crate::shapes::Circle { radius, name: String::new() }
        }
        pub(super) fn with_base(&self, radius: u32) -> Self {
            Self { radius, ..self.clone() }
        }
        pub(super) fn rebased(self, radius: u32) -> Self {
            Circle { radius, ..self }
        }
        pub(super) fn in_macros(radius: u32) -> Vec<Option<Self>> {
            let one = Some(Self { radius, name: String::new() });
            assert_eq!(one, Some(Circle { radius, name: String::new() }));
            assert!(matches!(&one, Some(Self { radius: 1..=9, name }) if name.is_empty()));
            let many = vec![one, Some(Self { radius: 2, name: String::new() })];
            let repeated = vec![Self { radius: 3, name: String::new() }; 2];
            println!("{:?} {many:?}", Self { radius, name: String::new() });
            many.into_iter().chain(repeated.into_iter().map(Some)).collect()
        }
        pub(super) fn parts(self) -> (u32, String) {
            let Self { radius, name } = self;
            (radius, name)
        }
        pub(super) fn radius_of(&self) -> u32 {
            match self {
                Circle { radius, name } if !name.is_empty() => *radius,
                Self { radius, .. } => radius + 100,
            }
        }
        pub(super) fn closure() -> impl Fn(u32) -> Self {
            |radius| Self { radius, name: String::new() }
        }
        pub(super) fn nested(radius: u32) -> (Self, [Self; 1]) {
            fn helper(radius: u32) -> Circle {
                Circle { radius, name: String::new() }
            }
            (
                helper(radius),
                [if radius > 1 { Self { radius, name: "x".into() } } else { helper(1) }],
            )
        }
        pub(super) fn assigned(&self) -> u32 {
            let radius;
            let name;
            Self { radius, name } = self.clone();
            assert_eq!(name, self.name);
            radius
        }
    }

    #[memoize]
    impl From<u32> for Circle {
        fn from(radius: u32) -> Self {
            Self { radius, name: String::new() }
        }
    }
}

use shapes::Circle;

#[test]
fn literals_are_completed_in_every_form() {
    assert_eq!(Circle::new(2).area(), 12);
    assert_eq!(Circle::by_name(2), Circle::by_path(2));
    assert_eq!(Circle::UNIT.area(), 3);
    assert_eq!(Circle::closure()(4), Circle::from(4));
    assert_eq!(Circle::nested(1).0, Circle::nested(1).1[0]);
    assert_eq!(Circle::in_macros(1).len(), 4);
}

#[test]
fn patterns_are_completed() {
    assert_eq!(Circle::new(2).parts(), (2, "c".into()));
    assert_eq!((Circle::new(2).radius_of(), Circle::UNIT.radius_of()), (2, 101));
    assert_eq!(Circle::new(7).assigned(), 7);
}

#[test]
fn a_base_gives_no_caches() {
    let circle = Circle::new(2);
    assert_eq!(circle.area(), 12);
    let other = circle.with_base(3);
    assert!(other.area_cache().is_empty());
    assert_eq!(other.area(), 27);
    let moved = circle.rebased(4);
    assert!(moved.area_cache().is_empty());
    assert_eq!(moved.area(), 48);
}

#[test]
fn generic_literals_are_completed() {
    #[memoize]
    #[derive(Debug, PartialEq)]
    struct Pair<'a, T> {
        left: &'a str,
        right: T,
    }
    #[memoize]
    impl<'a, T: Clone> Pair<'a, T> {
        #[memoize]
        fn doubled(&self) -> (T, T) {
            (self.right.clone(), self.right.clone())
        }
        fn new(left: &'a str, right: T) -> Self {
            let pair = Pair::<'a, T> { left, right };
            let Pair { left, right } = pair;
            Self { left, right }
        }
    }
    assert_eq!(Pair::new("a", 1).doubled(), (1, 1));
    assert_eq!(Pair { left: "a", right: 1, memo: Default::default() }, Pair::new("a", 1));
}
