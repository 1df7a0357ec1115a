impl Default for Walker {
    fn default() -> Self {
        let walkers = vec![
            Self { position : 1, memo : ::core::default::Default::default() }, Walker {
            position : 2, memo : ::core::default::Default::default() }
        ];
        assert!(matches!(walkers[0], Self { position : 1, memo : _ }));
        let Self { position, memo: _ } = Self {
            position: 3,
            memo: ::core::default::Default::default(),
        };
        Walker {
            position,
            memo: ::core::default::Default::default(),
            ..Self::START
        }
    }
}
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
impl Walker {
    const START: Self = Self {
        position: 0,
        memo: ::memo_runtime::__private::InstanceCaches::new(),
    };
}
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
