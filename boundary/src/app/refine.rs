//! The work: round after round on the GPU, until the picture is done.

use std::sync::Arc;

use tokio::task::spawn_blocking;
use wgpu::{Buffer, Device, PollType, SubmissionIndex};

use super::failure::Failure;
use super::state::{Picture, State};
use super::tasks::{Message, Outbox};
use crate::map_async::mapping::map;
use crate::map_async::squares::numbers;

/// How many rounds a picture has at the most.
pub const ROUNDS: u32 = 16;

// ANCHOR: refine
/// Refines `picture` and tells of each round.
///
/// # Errors
/// When the GPU does not give back how many cells are inside.
///
/// # Cancel safety
/// Dropped at its `.await`, it leaves the picture after a round that the GPU
/// still ends. Nothing else is changed.
pub async fn refine(
    run: u64,
    state: Arc<State>,
    picture: Arc<Picture>,
    outbox: Outbox,
) -> Result<Message, Failure> {
    for rounds in 1.. {
        let (buffer, index) = state.refine(&picture);
        let bytes = read(&state.gpu.device, &buffer, index).await?;
        let all_outside = numbers(&bytes) == [0];
        let done = rounds == ROUNDS || all_outside;
        // Work that ends early has no more rounds to come.
        let of = if done { rounds } else { ROUNDS };
        let message = Message::Refined { run, rounds, of };
        if done {
            return Ok(message);
        }
        outbox.send(message);
    }
    unreachable!("the last round returns")
}
// ANCHOR_END: refine

// ANCHOR: read
/// The bytes of `buffer` once the submission `index` is done. A thread for
/// blocking calls waits for the GPU.
///
/// # Errors
/// When the buffer cannot be mapped.
pub async fn read(
    device: &Device,
    buffer: &Buffer,
    index: SubmissionIndex,
) -> Result<Vec<u8>, Failure> {
    let mapping = map(buffer);
    let device = device.clone();
    let wait = PollType::Wait { submission_index: Some(index), timeout: None };
    let polled = spawn_blocking(move || device.poll(wait)).await;
    polled.map_err(Failure::Panicked)?.map_err(Failure::Poll)?;
    let mapped = mapping.await.map_err(Failure::Read)?;
    mapped.bytes().map_err(Failure::Read)
}
// ANCHOR_END: read
