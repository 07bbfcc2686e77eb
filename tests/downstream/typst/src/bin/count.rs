#[global_allocator]
static ALLOCATOR: measure::alloc::Counting = measure::alloc::Counting;

fn main() {
    measure::count(parse::job);
}
