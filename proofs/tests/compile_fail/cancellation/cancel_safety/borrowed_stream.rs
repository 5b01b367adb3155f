use std::pin::pin;

async fn read(stream: &mut Vec<u8>) -> Option<u8> {
    stream.pop()
}

async fn reads_two(stream: &mut Vec<u8>) {
    let mut reading = pin!(read(stream));
    (&mut reading).await;
    reading.set(read(stream));
    (&mut reading).await;
}

fn main() {}
