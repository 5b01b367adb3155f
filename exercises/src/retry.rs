//! Exercise to pinning/async-closures.html: call an async closure again.

// ANCHOR: stub
/// Calls `attempt` with 1, then with 2, and so on, until it is `Ok` or was
/// called `times` times, and returns the last answer. At least one call is
/// made. (With `F: FnMut(u32) -> Fut` the future of a call could not hold a
/// `&mut` to what the closure captured.)
pub async fn retry<T, E, F>(times: u32, mut attempt: F) -> Result<T, E>
where
    F: AsyncFnMut(u32) -> Result<T, E>,
{
    todo!("call it, await it, look at what it says")
}
// ANCHOR_END: stub
