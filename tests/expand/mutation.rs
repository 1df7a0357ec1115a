#[memoize]
impl Walker {
    #[memoize]
    fn next_step(&self) -> u32 {
        self.position + 1
    }
    fn set(&mut self, position: u32) {
        self.position = position;
    }
    fn step(&mut self) -> u32 {
        self.position = self.next_step();
        self.position
    }
    fn steps(&mut self) -> impl Iterator<Item = u32> + '_ {
        (0..3).map(move |_| {
            self.position = self.next_step();
            self.position
        })
    }
    #[memoize(changes())]
    fn log(&mut self) {
        self.calls += 1;
    }
    fn moved(self, by: u32) -> Self {
        Self { position: self.position + by, ..self }
    }
}
