//! Runs two jobs of different types, from one list, on another thread.

use std::thread;

use listings::pinning::dyn_and_recursion::jobs::{Job, backup, mail, tonight};

fn main() {
    println!("backup: {} bytes", size_of_val(&backup()));
    println!("mail:   {} bytes", size_of_val(&mail("Ada")));
    println!("a job:  {} bytes", size_of::<Job>());

    let jobs = tonight();
    let night = thread::spawn(|| {
        for job in jobs {
            println!("{}", pollster::block_on(job));
        }
    });
    night.join().expect("no job panics");
}
