//! Edits an observed list of messages. Two subscribers apply each change to a copy of theirs, one of them to a sorted
//! view.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use eyeball_im::{ObservableVector, Vector, VectorDiff};
use eyeball_im_util::vector::{VectorObserverExt, VectorSubscriberExt};
use futures_core::Stream;
use measure::Parts;

const MESSAGES: usize = 50_000;
const EDITS: usize = 20_000;
/// The number of edits between two looks of the subscribers. An observed vector keeps 16 changes.
const EDITS_PER_LOOK: usize = 8;

type Message = (u32, Arc<str>);

/// Returns the next of a sequence of numbers that look random.
fn random(state: &mut u32) -> usize {
    *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    (*state >> 8) as usize
}

fn message(state: &mut u32) -> Message {
    let stamp = random(state) as u32;
    (stamp, format!("message {stamp}").into())
}

/// Applies the changes that have arrived.
fn look(
    stream: &mut (impl Stream<Item = Vec<VectorDiff<Message>>> + Unpin),
    copy: &mut Vector<Message>,
) {
    let mut context = Context::from_waker(Waker::noop());
    while let Poll::Ready(Some(changes)) = Pin::new(&mut *stream).poll_next(&mut context) {
        changes.into_iter().for_each(|change| change.apply(copy));
    }
}

/// Returns a hash of the messages at the end.
pub fn job(parts: &mut Parts) -> usize {
    let state = &mut 1;
    let mut list = ObservableVector::new();
    // Made before, because page faults of their allocations take longer than the pushes.
    let messages: Vec<Message> = (0..MESSAGES).map(|_| message(state)).collect();
    parts.run("50,000 pushes, no subscriber", || {
        messages.into_iter().for_each(|message| list.push_back(message))
    });
    let (mut copy, mut stream) = list.subscribe().into_values_and_batched_stream();
    parts.run("20,000 pushes, one subscriber", || {
        for i in 0..EDITS {
            list.push_back(message(state));
            if i % EDITS_PER_LOOK == 0 {
                look(&mut stream, &mut copy);
            }
        }
    });
    parts.run("20,000 edits at random, one subscriber", || {
        for i in 0..EDITS {
            let at = random(state) % list.len();
            match i % 4 {
                0 => list.insert(at, message(state)),
                1 => drop(list.remove(at)),
                _ => drop(list.set(at, message(state))),
            }
            if i % EDITS_PER_LOOK == 0 {
                look(&mut stream, &mut copy);
            }
        }
    });
    let (mut sorted, mut changes) =
        parts.run("sort of a view", || list.subscribe().batched().sort_by(|a, b| a.cmp(b)));
    parts.run("2,000 edits at random, also seen sorted", || {
        for i in 0..EDITS / 10 {
            let at = random(state) % list.len();
            list.set(at, message(state));
            if i % EDITS_PER_LOOK == 0 {
                look(&mut stream, &mut copy);
                look(&mut changes, &mut sorted);
            }
        }
    });
    look(&mut stream, &mut copy);
    look(&mut changes, &mut sorted);
    assert!(copy == *list, "the copy has all changes");
    assert!(sorted.len() == list.len() && sorted.iter().is_sorted(), "the view is sorted");
    let hash =
        |hash: usize, message: &Message| hash.wrapping_mul(31).wrapping_add(message.0 as usize);
    sorted.iter().chain(list.iter()).fold(0, hash) >> 32
}
