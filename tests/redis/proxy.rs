//! A server's address at which answers can be held back, and connections counted.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    thread,
};

/// Ends with the test: its threads end when the connections or the process do.
pub struct Proxy {
    port: u16,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    inner: Mutex<Inner>,
    changed: Condvar,
}

#[derive(Default)]
struct Inner {
    connections: usize,
    /// The next answer will be held.
    armed: bool,
    /// An answer is held.
    holding: bool,
    /// The answers of as many connections, the first ones, get lost.
    lost: usize,
}

impl Proxy {
    pub fn before(server: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there are ports");
        let port = listener.local_addr().expect("it is bound").port();
        let state = Arc::<State>::default();
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming() {
                let (Ok(client), Ok(server)) = (client, TcpStream::connect(("127.0.0.1", server)))
                else {
                    continue;
                };
                let number = shared.connected();
                let (questions, answers) = (clone(&client), clone(&server));
                thread::spawn(move || pump(questions, server, || true));
                let shared = Arc::clone(&shared);
                thread::spawn(move || pump(answers, client, || shared.lets_through(number)));
            }
        });
        Self { port, state }
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.state.inner.lock().expect("nobody panics").connections
    }

    /// From now on nothing comes back on the connections that there are, as if a firewall had forgotten them.
    pub fn lose_connections(&self) {
        let mut inner = self.state.inner.lock().expect("nobody panics");
        inner.lost = inner.connections;
    }

    /// The next answer of the server is held back until [`release`](Self::release).
    pub fn hold_next(&self) {
        self.state.inner.lock().expect("nobody panics").armed = true;
    }

    /// Waits until there is an answer that is held.
    pub fn wait_until_held(&self) {
        let inner = self.state.inner.lock().expect("nobody panics");
        drop(self.state.changed.wait_while(inner, |inner| !inner.holding));
    }

    pub fn release(&self) {
        let mut inner = self.state.inner.lock().expect("nobody panics");
        inner.armed = false;
        inner.holding = false;
        self.state.changed.notify_all();
    }
}

impl State {
    fn connected(&self) -> usize {
        let mut inner = self.inner.lock().expect("nobody panics");
        inner.connections += 1;
        inner.connections
    }

    /// Whether an answer on this connection arrives, now or when it is released.
    fn lets_through(&self, connection: usize) -> bool {
        let mut inner = self.inner.lock().expect("nobody panics");
        if inner.armed {
            inner.armed = false;
            inner.holding = true;
            self.changed.notify_all();
            inner = self.changed.wait_while(inner, |inner| inner.holding).expect("nobody panics");
        }
        connection > inner.lost
    }
}

fn clone(stream: &TcpStream) -> TcpStream {
    stream.try_clone().expect("a second handle")
}

fn pump(mut from: TcpStream, mut to: TcpStream, lets_through: impl Fn() -> bool) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if lets_through() && to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
