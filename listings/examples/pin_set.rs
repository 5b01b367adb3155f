//! One pinned place, in which one future follows another.

use std::pin::pin;
use std::time::Duration;

use tokio::time::sleep;

async fn chapter(number: u32) -> u32 {
    sleep(Duration::from_secs(1)).await;
    number
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let mut patience = pin!(sleep(Duration::from_millis(3_500)));
    let mut reading = pin!(chapter(1));
    loop {
        tokio::select! {
            read = &mut reading => {
                println!("chapter {read}");
                reading.set(chapter(read + 1));
            }
            () = &mut patience => break,
        }
    }
    println!("bedtime");
}
