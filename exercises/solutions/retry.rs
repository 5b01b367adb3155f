//! Calls an async closure until it succeeds.

/// Calls `attempt` with 1, then with 2, and so on, until it is `Ok` or was
/// called `times` times, and returns the last answer. At least one call is
/// made.
pub async fn retry<T, E, F>(times: u32, mut attempt: F) -> Result<T, E>
where
    F: AsyncFnMut(u32) -> Result<T, E>,
{
    let mut number = 1;
    loop {
        match attempt(number).await {
            Err(_) if number < times => number += 1,
            answer => return answer,
        }
    }
}
