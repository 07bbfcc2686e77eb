fn main() {
    measure::time(observe::job);
}
