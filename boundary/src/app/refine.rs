//! The work: round after round on the GPU, until the picture is done.

use std::sync::Arc;

use tokio::sync::oneshot;
use tokio::task::spawn_blocking;
use wgpu::{Buffer, Device, MapMode, PollType};
use winit::event_loop::EventLoopProxy;

use super::state::{Picture, State};
use super::tasks::{Failure, GpuError, Message};

/// How many rounds a picture has at the most.
pub const ROUNDS: u32 = 16;

// ANCHOR: refine
/// Refines `picture` and tells of each round.
///
/// # Errors
/// [`Failure::Gpu`] when the GPU of the number `gpu` does not give back the
/// count.
///
/// # Cancel safety
/// Dropped at its `.await`, it starts no other round. The GPU still ends the
/// round that it has. Nothing else is changed.
pub async fn refine(
    run: u64,
    gpu: u64,
    state: Arc<State>,
    picture: Arc<Picture>,
    proxy: EventLoopProxy<Message>,
) -> Result<(), Failure> {
    let mut rounds = 0;
    while rounds < ROUNDS {
        let count = state.refine(&picture);
        let count = read(state.gpu.device.clone(), &count).await;
        let count = count.map_err(|why| Failure::Gpu(gpu, why))?;
        // When the count is zero, the other rounds would find nothing to do.
        rounds = if count == [0; 4] { ROUNDS } else { rounds + 1 };
        let picture = picture.clone();
        let _ = proxy.send_event(Message::Refined { run, picture, rounds });
    }
    Ok(())
}
// ANCHOR_END: refine

// ANCHOR: read
/// The bytes of `buffer` once the GPU has done all that it has got. A thread
/// for blocking calls waits for the GPU.
///
/// # Errors
/// When the buffer cannot be mapped, and when `poll` panics, as it does when
/// the driver loses the device meanwhile.
async fn read(device: Device, buffer: &Buffer) -> Result<Vec<u8>, GpuError> {
    let (sender, mapped) = oneshot::channel();
    buffer.map_async(MapMode::Read, .., move |result| {
        // An error says that nobody waits any more.
        let _ = sender.send(result);
    });
    let wait = move || device.poll(PollType::wait_indefinitely());
    spawn_blocking(wait).await??;
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
            queue.submit([]);
            queue.on_submitted_work_done(|| panic!("on purpose"));
            let runtime = Builder::new_current_thread().build().unwrap();
            runtime.block_on(read(device, &buffer)).unwrap_err()
        });
        let why = why.unwrap().to_string();
        assert!(why.contains("on purpose"), "{why}");
    }
}
