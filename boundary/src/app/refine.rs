//! The work: round after round on the GPU, until the picture is done.

use std::sync::Arc;

use tokio::sync::oneshot;
use tokio::task::spawn_blocking;
use wgpu::{Buffer, Device, MapMode, PollType, SubmissionIndex};

use super::state::{Picture, State};
use super::tasks::{GpuError, Message, Outbox};
use crate::map_async::squares::numbers;

/// How many rounds a picture has at the most.
pub const ROUNDS: u32 = 16;

// ANCHOR: refine
/// Refines `picture` and tells of each round.
///
/// # Errors
/// When the GPU does not give back the count.
///
/// # Cancel safety
/// Dropped at its `.await`, it starts no other round. The GPU still ends the
/// round that it has. Nothing else is changed.
pub async fn refine(
    run: u64,
    state: Arc<State>,
    picture: Arc<Picture>,
    outbox: Outbox,
) -> Result<(), GpuError> {
    let mut rounds = 0;
    while rounds < ROUNDS {
        let (buffer, index) = state.refine(&picture);
        let bytes = read(&state.gpu.device, &buffer, index).await?;
        rounds += 1;
        if numbers(&bytes) == [0] {
            // The rounds that are left would find nothing to do.
            rounds = ROUNDS;
        }
        let picture = picture.clone();
        outbox.send(Message::Refined { run, picture, rounds });
    }
    Ok(())
}
// ANCHOR_END: refine

// ANCHOR: read
/// The bytes of `buffer` once the submission `index` is done. A thread for
/// blocking calls waits for the GPU.
///
/// # Errors
/// When the buffer cannot be mapped, and when `poll` panics, as it does when
/// the driver loses the device meanwhile.
pub async fn read(
    device: &Device,
    buffer: &Buffer,
    index: SubmissionIndex,
) -> Result<Vec<u8>, GpuError> {
    let (sender, mapped) = oneshot::channel();
    buffer.map_async(MapMode::Read, .., move |result| {
        // An error says that nobody waits any more.
        let _ = sender.send(result);
    });
    let device = device.clone();
    let wait = PollType::Wait { submission_index: Some(index), timeout: None };
    spawn_blocking(move || device.poll(wait)).await??;
    mapped.await??;
    Ok(buffer.get_mapped_range(..)?.to_vec())
}
// ANCHOR_END: read

#[cfg(test)]
mod tests {
    use listings::proof::watchdog;
    use std::time::Duration;
    use tokio::runtime::Builder;
    use wgpu::{BufferDescriptor, BufferUsages};

    use super::*;

    #[test]
    fn a_panic_inside_poll_is_an_error_of_the_gpu() {
        let why = watchdog(Duration::from_secs(30), || {
            let (device, queue) = Device::noop(&Default::default());
            let buffer = device.create_buffer(&BufferDescriptor {
                label: None,
                size: 4,
                usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
                mapped_at_creation: false,
            });
            let index = queue.submit([]);
            queue.on_submitted_work_done(|| panic!("on purpose"));
            let runtime = Builder::new_current_thread().build().unwrap();
            runtime.block_on(read(&device, &buffer, index)).unwrap_err()
        });
        let why = why.unwrap().to_string();
        assert!(why.contains("on purpose"), "{why}");
    }
}
