//! What a benchmark compares.

/// A workload in one of the columns, ready for so many operations.
pub type Run = Box<dyn Fn(usize)>;

/// A row of a table.
pub struct Workload {
    /// On the command line; no other of the benchmark has it.
    pub name: &'static str,
    /// In the tables.
    pub title: &'static str,
    /// How many operations make a sample of some milliseconds.
    pub operations: usize,
    /// The time that we want ours to need at most, relative to the first
    /// column's.
    pub aim: f64,
}

/// A [`Workload`].
pub const fn workload(
    name: &'static str,
    title: &'static str,
    operations: usize,
    aim: f64,
) -> Workload {
    Workload { name, title, operations, aim }
}

/// Some workloads, and who is to do them.
pub struct Table {
    /// Of the files in which it is recorded.
    pub name: &'static str,
    /// Who is compared. Times are relative to the first.
    pub columns: &'static [&'static str],
    /// What is compared.
    pub workloads: &'static [Workload],
    /// The crates whose versions matter.
    pub crates: &'static [&'static str],
    /// The named workload in the named column; `None` where there is none.
    pub find: fn(workload: &str, column: &str) -> Option<Run>,
}
