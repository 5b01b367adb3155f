//! Four tasks that hang for four reasons, for tokio-console to look at.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::task::{Poll, Waker};

use tokio::task::{Builder, yield_now};

#[derive(Default)]
struct Place {
    parcel: Option<&'static str>,
    waker: Option<Waker>,
}

async fn receive(place: Arc<Mutex<Place>>) -> &'static str {
    poll_fn(|cx| {
        let newest = cx.waker().clone();
        let mut place = lock(&place);
        if let Some(parcel) = place.parcel.take() {
            return Poll::Ready(parcel);
        }
        let old = place.waker.replace(newest);
        drop(place);
        drop(old);
        Poll::Pending
    })
    .await
}

// ANCHOR: program
/// Delivers a parcel without a wake.
fn deliver(place: &Mutex<Place>, keeps_waker: bool) {
    let mut place = lock(place);
    place.parcel = Some("a book");
    let waker = place.waker.take_if(|_| !keeps_waker);
    drop(place);
    drop(waker);
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    console_subscriber::init();
    let task = |name| Builder::new().name(name);
    let (one, two) = (Arc::default(), Arc::default());
    task("lost").spawn(receive(Arc::clone(&one)))?;
    task("kept").spawn(receive(Arc::clone(&two)))?;
    task("spins").spawn(poll_fn(|cx| {
        cx.waker().wake_by_ref();
        Poll::<()>::Pending
    }))?;
    yield_now().await;
    deliver(&one, false);
    deliver(&two, true);
    let (_sender, receiver) = mpsc::channel::<()>();
    task("blocks").spawn(async move { receiver.recv() })?;
    yield_now().await;
    Ok(())
}
// ANCHOR_END: program

fn lock(place: &Mutex<Place>) -> MutexGuard<'_, Place> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}
