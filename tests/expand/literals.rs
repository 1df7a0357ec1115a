#[memoize]
impl Default for Walker {
    fn default() -> Self {
        let walkers = vec![Self { position: 1 }, Walker { position: 2 }];
        assert!(matches!(walkers[0], Self { position: 1 }));
        let Self { position } = Self { position: 3 };
        Walker { position, ..Self::START }
    }
}
#[memoize]
impl Walker {
    const START: Self = Self { position: 0 };
}
