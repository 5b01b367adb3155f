//! The steps of the chapter `runtimes/reactor`. What they have together is
//! a runtime with sockets, on one thread.

pub mod busy;
pub mod driver;
pub mod net;
pub mod runtime;
pub mod source;
pub mod split;

pub use driver::Reactor;
pub use net::{TcpListener, TcpStream};
pub use runtime::Runtime;
pub use source::{Async, Direction};
pub use split::{ReadHalf, WriteHalf};
