#[memoize]
impl<'a, T> Parser<'a, T>
where
    T: Clone + Hash + Eq,
{
    #[memoize]
    fn parse(&self, token: T) -> &'a str {
        self.text
    }
    fn push(&mut self, token: T) {
        self.advance(token);
    }
}
