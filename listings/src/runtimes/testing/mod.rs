//! The steps of the chapter `runtimes/testing`.

pub mod reload;
pub mod seeded;

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::time::Duration;

    use tokio::time::timeout;

    #[tokio::test(start_paused = true)]
    async fn a_paused_timeout_of_an_hour_takes_an_hour_of_tokios_clock_only() {
        let hour = Duration::from_secs(3600);
        let paused = tokio::time::Instant::now();
        let real = std::time::Instant::now();
        assert!(timeout(hour, pending::<()>()).await.is_err());
        assert_eq!(format!("{:?}", paused.elapsed()), "3600s");
        assert!(real.elapsed() < hour);
    }
}
