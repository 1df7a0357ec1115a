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

/// Other types of the same name, and the type under other names.
mod same_name {
    use memo_runtime::memoize;

    pub mod dto {
        #[derive(Debug, PartialEq, Clone, Default)]
        pub struct Circle {
            pub diameter: u32,
            pub unit: u32,
        }
    }

    #[derive(Debug, PartialEq)]
    pub enum Shape {
        Circle { diameter: u32 },
        Square { side: u32 },
    }

    #[memoize]
    #[derive(Debug, Clone, PartialEq)]
    pub struct Circle {
        radius: u32,
        unit: u32,
    }

    type Alias = Circle;

    #[memoize]
    impl Circle {
        #[memoize]
        pub fn area(&self) -> u32 {
            3 * self.radius * self.radius
        }
        pub fn new(radius: u32) -> Self {
            self::Circle { radius, unit: 1 }
        }
        pub fn to_dto(&self) -> dto::Circle {
            let dto::Circle { diameter, unit } = dto::Circle { diameter: self.radius, unit: 0 };
            assert!(matches!(dto::Circle { diameter, unit }, dto::Circle { diameter: _, unit: 0 }));
            dto::Circle { diameter: 2 * diameter, ..dto::Circle { diameter, unit } }
        }
        pub fn to_variant(&self) -> Shape {
            match (Shape::Circle { diameter: self.radius }) {
                Shape::Circle { diameter } => Shape::Circle { diameter: 2 * diameter },
                square @ Shape::Square { .. } => square,
            }
        }
        pub fn local_struct(&self) -> (u32, Self) {
            let inner = {
                #[derive(Clone)]
                struct Circle {
                    diameter: u32,
                }
                let circle = Circle { diameter: 2 * self.radius };
                let Circle { diameter } = circle.clone();
                assert_eq!(format!("{}", Circle { diameter }.diameter), diameter.to_string());
                vec![circle][0].diameter
            };
            (inner, Circle { radius: self.radius, unit: 2 })
        }
        pub fn imported(&self) -> Vec<u32> {
            fn variant(shape: &Shape) -> u32 {
                use Shape::{Circle, Square};
                match shape {
                    Circle { diameter } => *diameter,
                    Square { side } => *side,
                }
            }
            fn renamed() -> u32 {
                use dto::Circle;
                let Circle { diameter, unit: _ } = Circle { diameter: 7, ..Default::default() };
                diameter
            }
            fn own() -> Circle {
                use crate::same_name::Circle;
                Circle { radius: 8, unit: 1 }
            }
            fn all() -> Circle {
                #[allow(unused_imports)]
                use Shape::*;
                Self_::new(9)
            }
            type Self_ = Circle;
            let circle = {
                use self::Shape::Circle;
                Circle { diameter: 6 }
            };
            vec![variant(&circle), renamed(), own().radius, all().radius]
        }
        pub fn in_a_module() -> u32 {
            mod inner {
                pub struct Circle {
                    pub diameter: u32,
                }
                pub fn make() -> Circle {
                    Circle { diameter: 5 }
                }
            }
            inner::make().diameter
        }
        pub fn with_alias(self, radius: u32) -> Self {
            Alias { radius, ..self }
        }
        pub fn alias_of_a_borrow(&self, radius: u32) -> Self {
            let new = |radius| Alias { radius, ..self.clone() };
            vec![new(radius)].remove(0)
        }
        pub fn given_whole(self, radius: u32) -> Self {
            Alias { radius, memo: Default::default(), ..self }
        }
    }

    impl Circle {
        pub fn radius(&self) -> u32 {
            self.radius
        }
    }

    #[memoize]
    impl Circle {
        #[memoize(scope = "type", capacity = 4)]
        pub fn pi(digits: u32) -> u32 {
            3 + digits
        }
        pub fn rebased(self, radius: u32) -> Self {
            Self { radius, ..self }
        }
        pub fn rebased_by_name(self, radius: u32) -> Self {
            std::convert::identity(Circle { radius, ..self })
        }
        pub fn rebased_in_macro(self, radius: u32) -> Self {
            vec![Alias { radius, ..self }].remove(0)
        }
    }

    #[memoize]
    impl From<Circle> for (u32, Circle) {
        #[memoize(scope = "type", accessor = false, skip(circle))]
        fn from(circle: Circle) -> Self {
            (circle.radius, Circle { radius: 1, ..circle })
        }
    }
}

#[test]
fn other_types_of_the_same_name_are_left_alone() {
    use same_name::{Circle, Shape, dto};
    let circle = Circle::new(3);
    assert_eq!(circle.area(), 27);
    assert_eq!(circle.to_dto(), dto::Circle { diameter: 6, unit: 0 });
    assert_eq!(circle.to_variant(), Shape::Circle { diameter: 6 });
    assert_eq!(circle.local_struct().0, 6);
    assert_eq!(circle.imported(), [6, 7, 8, 9]);
    assert_eq!(Circle::in_a_module(), 5);
    assert_eq!(Shape::Square { side: 1 }, Shape::Square { side: 1 });
}

#[test]
fn no_base_hands_caches_on() {
    use same_name::Circle;
    let rebased: [fn(Circle, u32) -> Circle; 6] = [
        Circle::with_alias,
        |circle, radius| circle.alias_of_a_borrow(radius),
        Circle::given_whole,
        Circle::rebased,
        Circle::rebased_by_name,
        Circle::rebased_in_macro,
    ];
    for rebased in rebased {
        let circle = Circle::new(2);
        assert_eq!(circle.area(), 12);
        let other = rebased(circle, 3);
        assert!(other.area_cache().is_empty());
        assert_eq!((other.radius(), other.area()), (3, 27));
    }
    let circle = Circle::new(2);
    assert_eq!(circle.area(), 12);
    assert_eq!(<(u32, Circle)>::from(circle).1.area(), 3);
    assert_eq!(Circle::pi(1), 4);
}

#[test]
fn a_literal_with_a_base_of_another_type_means_what_it_meant() {
    #[derive(Clone, Copy, Default)]
    struct Plain<'a> {
        text: &'a str,
        number: u32,
    }
    struct Owned {
        text: String,
        number: u32,
        unit: u32,
    }
    struct Host;
    #[memoize]
    impl Host {
        #[memoize(scope = "type", unbounded)]
        fn length(number: u32) -> usize {
            const CONSTANT: Plain<'static> = Plain { number: 3, ..Plain { text: "", number: 1 } };
            const fn constant() -> Plain<'static> {
                Plain { number: 3, ..CONSTANT }
            }
            // The base is copied from behind a reference, and a temporary lives as long as the statement.
            let base = &Plain { text: "abc", number };
            let owned = Owned { text: "moved".to_owned(), number: 1, unit: 1 };
            let partial = Owned { number: 2, text: "own".into(), ..owned };
            let rest = Owned { text: "x".into(), ..owned };
            Self::len(&Plain { text: &String::from("temporary"), ..*base })
                + Plain { number: 1, ..*base }.text.len()
                + if (Plain { number: 1, ..*base }).number == 1 { 10 } else { 0 }
                + owned.text.len()
                + partial.text.len()
                + (rest.number * rest.unit * partial.unit) as usize
                + constant().number as usize
        }
        fn len(plain: &Plain) -> usize {
            plain.text.len() + plain.number as usize
        }
    }
    assert_eq!(Host::length(5), (9 + 5) + 3 + 10 + 5 + 3 + 1 + 3);
}

/// Operators are implemented for references, too.
#[test]
fn literals_in_a_block_for_a_reference_are_completed() {
    use std::ops::Neg;

    #[memoize]
    #[derive(Debug)]
    struct Vector {
        x: i64,
    }
    #[memoize]
    impl Vector {
        #[memoize]
        fn square(&self) -> i64 {
            self.x * self.x
        }
    }
    #[memoize]
    impl Neg for &Vector {
        type Output = Vector;
        fn neg(self) -> Vector {
            let Vector { x } = self;
            Vector { x: -x }
        }
    }
    #[memoize]
    impl Neg for &mut Vector {
        type Output = Vector;
        fn neg(self) -> Vector {
            Vector { x: -self.x }
        }
    }
    let mut vector = -&Vector { x: 3, memo: Default::default() };
    assert_eq!((vector.x, vector.square()), (-3, 9));
    assert_eq!((-&mut vector).x, 3);
}
