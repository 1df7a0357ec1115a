#[memoize]
impl Node {
    #[memoize]
    fn by_arc(self: Arc<Self>, n: u32) -> u32 {
        self.weight + n
    }
    #[memoize]
    fn by_pin(self: Pin<&Self>, n: u32) -> u32 {
        self.weight + n
    }
}
