#[memoize]
impl Circle {
    #[memoize(scope = "type", unbounded)]
    pub fn answer(seconds: u64) -> u32 {
        42
    }
    #[memoize(scope = "type", unbounded, unsync, accessor = false)]
    fn local(seconds: u64) -> u32 {
        42
    }
}
