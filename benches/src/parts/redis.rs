//! What does it cost to have entries in a Redis server? Beside a bare `GET` on a connection that is open, which nobody can do without.

use std::{hint::black_box, time::Instant};

use memo_runtime::{ByteStore, Redis};

use crate::{
    harness::{Effort, median},
    report::{Report, Table, nanos, times},
    server::Server,
};

/// About what an entry of a few fields takes.
const VALUE: [u8; 100] = [b'x'; 100];

/// What is measured: one look-up.
type Call<'a> = (&'a str, Box<dyn FnMut() + 'a>);

pub fn report(effort: &Effort, report: &mut Report) {
    let Some(server) = Server::start() else {
        return;
    };
    eprintln!("measuring: Redis");
    hits(effort, report, &server);
}

fn hits(effort: &Effort, report: &mut Report, server: &Server) {
    let store = Redis::open(&server.url()).expect("a URL");
    store.set(b"key", &VALUE, None).expect("the server runs");
    let client = redis::Client::open(server.url()).expect("a URL");
    let mut connection = client.get_connection().expect("the server runs");
    let get = redis::Cmd::get("key");
    let bare = move || {
        let value: Vec<u8> = get.query(&mut connection).expect("the server runs");
        assert_eq!(black_box(value).len(), VALUE.len());
    };
    let through_the_adapter = || {
        let value = store.get(b"key").expect("the server runs").expect("it is there");
        assert_eq!(black_box(value).len(), VALUE.len());
    };
    let mut calls: [Call<'_>; 2] =
        [("bare `GET`", Box::new(bare)), ("`Redis::get`", Box::new(through_the_adapter))];
    let rounds = if effort.quick { 3 } else { 201 };
    let mut samples = calls.each_ref().map(|_| Vec::new());
    for _ in 0..rounds {
        for ((_, call), samples) in calls.iter_mut().zip(&mut samples) {
            let start = Instant::now();
            (0..50).for_each(|_| call());
            samples.push(start.elapsed().as_secs_f64() * 1e9 / 50.0);
        }
    }
    let mut table =
        Table::new(["100 bytes from a server on this machine", "ns", "of a bare `GET`"]);
    for ((name, _), own) in calls.iter().zip(&samples) {
        let ratio = median(own.iter().zip(&samples[0]).map(|(own, bare)| own / bare));
        table.row(vec![(*name).to_owned(), nanos(median(own.iter().copied())), times(ratio)]);
    }
    report.add("redis", "Entries in Redis", &table);
}
