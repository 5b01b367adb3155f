//! One thread owns the database. The askers wait for it with std's channel.

use std::sync::mpsc;
use std::thread;

use rusqlite::Connection;

// ANCHOR: worker
struct Question {
    city: &'static str,
    reply: mpsc::Sender<rusqlite::Result<u32>>,
}

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
        // An error means that the asker has stopped waiting.
        let _ = reply.send(answer);
    }
    Ok(())
}
// ANCHOR_END: worker

// ANCHOR: program
async fn founded(city: &'static str, worker: &mpsc::Sender<Question>) -> u32 {
    let (reply, answer) = mpsc::channel();
    println!("asks about {city}");
    worker.send(Question { city, reply }).expect("the worker listens");
    let answer = answer.recv().expect("the worker answers");
    println!("has the answer about {city}");
    answer.expect("it is in the database")
}

fn main() {
    let (worker, questions) = mpsc::channel();
    let thread = thread::spawn(move || work(questions));
    let (helsinki, canberra, ()) = pollster::block_on(async {
        futures::join!(
            founded("Helsinki", &worker),
            founded("Canberra", &worker),
            async { println!("draws the window") },
        )
    });
    println!("{helsinki}, {canberra}");
    drop(worker);
    let end = thread.join().expect("the worker does not panic");
    end.expect("the database works");
}
// ANCHOR_END: program
