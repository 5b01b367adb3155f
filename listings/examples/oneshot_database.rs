//! One thread owns the database. The askers wait for it with our oneshot.

use std::sync::mpsc;
use std::thread;

use rusqlite::Connection;

use listings::wakers::block_on::flag::block_on;
use listings::wakers::oneshot::closed::{Sender, channel};

// ANCHOR: program
struct Question {
    city: &'static str,
    reply: Sender<rusqlite::Result<u32>>,
}

async fn founded(
    city: &'static str,
    worker: &mpsc::Sender<Question>,
) -> rusqlite::Result<u32> {
    let (reply, answer) = channel();
    println!("asks about {city}");
    worker.send(Question { city, reply }).expect("the worker listens");
    answer.await.expect("the worker answers")
}

fn main() {
    let (worker, questions) = mpsc::channel();
    let thread = thread::spawn(move || work(questions));
    let (helsinki, canberra, atlantis, ()) = block_on(async {
        futures::join!(
            founded("Helsinki", &worker),
            founded("Canberra", &worker),
            founded("Atlantis", &worker),
            async { println!("draws the window") },
        )
    });
    println!("Helsinki: {helsinki:?}, Canberra: {canberra:?}");
    println!("Atlantis: {}", atlantis.expect_err("it is not in the table"));
    drop(worker);
    let end = thread.join().expect("the worker does not panic");
    end.expect("the database works");
}
// ANCHOR_END: program

/// Makes the database and answers until nobody can ask any more.
fn work(questions: mpsc::Receiver<Question>) -> rusqlite::Result<()> {
    let db = Connection::open_in_memory()?;
    db.execute_batch(
        "CREATE TABLE city (name TEXT PRIMARY KEY, founded INTEGER);
         INSERT INTO city VALUES ('Helsinki', 1550), ('Canberra', 1913);",
    )?;
    let mut query = db.prepare("SELECT founded FROM city WHERE name = ?1")?;
    for Question { city, reply } in questions {
        let answer = query.query_row([city], |row| row.get(0));
        // An error means that nobody waits for it any more.
        let _ = reply.send(answer);
    }
    Ok(())
}
