//! What a list costs while many guards and readers are alive, and after they are gone.

use std::hint::black_box;
use std::sync::{Barrier, Mutex};
use std::thread;

use arc_swap::ArcSwap;
use cow_collections::CopyOnWriteList;

use crate::Table;

pub fn rows(table: &mut Table) {
    for n in [10, 1_000, 100_000] {
        guards_alive(table, n);
        readers_alive(table, n);
    }
    set_beside_readers(table);
    set_after_guards(table);
    for (n, threads) in [(8, 1), (64, 1), (1_024, 1), (64, 8)] {
        versions_held(table, n, threads);
    }
    after_a_burst(table);
}

/// Returns a list that was read and written, so that it has allocated its slots and a recycled buffer.
fn four() -> CopyOnWriteList<u64> {
    let list = CopyOnWriteList::from([0, 1, 2, 3]);
    for _ in 0..3 {
        black_box(list.load()[1] + list.reader().load()[1] + set(&list).unwrap());
    }
    list
}

fn swap() -> ArcSwap<Vec<u64>> {
    ArcSwap::from_pointee(vec![0, 1, 2, 3])
}

fn load(list: &CopyOnWriteList<u64>) -> u64 {
    black_box(list).load()[black_box(1)]
}

fn load_swap(swap: &ArcSwap<Vec<u64>>) -> u64 {
    black_box(swap).load()[black_box(1)]
}

fn set(list: &CopyOnWriteList<u64>) -> Result<u64, u64> {
    black_box(list).set(1, black_box(7))
}

fn guards_alive(table: &mut Table, n: usize) {
    let (list, swap) = (four(), swap());
    let _guards: Vec<_> = (0..n).map(|_| (list.load(), swap.load())).collect();
    let name = format!("CopyOnWriteList load with {n} guards alive / ArcSwap load with as many");
    table.row(&name, 1.0, 1, || load(&list), || load_swap(&swap));
}

fn readers_alive(table: &mut Table, n: usize) {
    let [list, fresh] = [(); 2].map(|()| four());
    let _readers = readers(&list, n);
    let read = |list: &CopyOnWriteList<u64>| black_box(list).reader().load()[black_box(1)];
    let name = format!("CopyOnWriteList reader and one read with {n} readers alive / with none");
    table.row(&name, 2.0, 1, || read(&list), || read(&fresh));
}

/// Returns readers that have read the list.
fn readers(list: &CopyOnWriteList<u64>, n: usize) -> Vec<cow_collections::list::Reader<'_, u64>> {
    let mut readers: Vec<_> = (0..n).map(|_| list.reader()).collect();
    for reader in &mut readers {
        black_box(reader.load()[1]);
    }
    readers
}

fn set_beside_readers(table: &mut Table) {
    let [list, fresh] = [(); 2].map(|()| four());
    let _readers = readers(&list, 100_000);
    let name = "CopyOnWriteList set of 4 with 100,000 resting readers alive / with none";
    table.row(name, 2.0, 1, || set(&list), || set(&fresh));
}

fn set_after_guards(table: &mut Table) {
    let [list, fresh] = [(); 2].map(|()| four());
    drop((0..100_000).map(|_| list.load()).collect::<Vec<_>>());
    let name = "CopyOnWriteList set of 4 after 100,000 guards came and went / fresh";
    table.row(name, 2.0, 1, || set(&list), || set(&fresh));
}

/// Measures loads beside threads that hold `n` guards of as many versions.
fn versions_held(table: &mut Table, n: u64, threads: usize) {
    let (list, swap, one_at_a_time) = (four(), swap(), Mutex::new(()));
    let (held, over) = (Barrier::new(threads + 1), Barrier::new(threads + 1));
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let _guards: Vec<_> = (0..n / threads as u64)
                    .map(|n| {
                        let _lock = one_at_a_time.lock().unwrap();
                        let guards = (list.load(), swap.load());
                        list.set(0, n).unwrap();
                        swap.store(vec![n, 1, 2, 3].into());
                        guards
                    })
                    .collect();
                held.wait();
                over.wait();
            });
        }
        held.wait();
        let on = if threads == 1 { String::new() } else { format!(" on {threads} threads") };
        let name = format!(
            "CopyOnWriteList load beside {n} guards of as many versions{on} / ArcSwap load beside as many"
        );
        table.row(&name, 1.0, 1, || load(&list), || load_swap(&swap));
        over.wait();
    });
}

/// Measures a load and a `set` after 1,000 threads held a guard at the same time.
fn after_a_burst(table: &mut Table) {
    let [list, fresh] = [(); 2].map(|()| four());
    let held = Barrier::new(1_000);
    thread::scope(|threads| {
        for _ in 0..1_000 {
            threads.spawn(|| {
                let guard = list.load();
                held.wait();
                black_box(guard[1]);
            });
        }
    });
    let name = "CopyOnWriteList load after a burst of 1,000 threads / fresh";
    table.row(name, 1.5, 1, || load(&list), || load(&fresh));
    let name = "CopyOnWriteList set of 4 after a burst of 1,000 threads / fresh";
    table.row(name, 1.5, 1, || set(&list), || set(&fresh));
}
