#[memoize]
impl Client {
    #[memoize]
    pub async fn fetch(&self, url: &str) -> Result<String, Error> {
        self.get(url).await?.text().await
    }
}
